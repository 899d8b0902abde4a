"""The site: every page of the documentation in its place, every link to a heading that is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from sources import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("mkdocs") is None, reason="MkDocs is not installed: pip install 'truestep[docs]'"),
]


def built(root: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """What `mkdocs build` says; where anything is amiss it fails."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def copied(target: Path) -> Path:
    """The sources of the site in a folder of their own."""
    shutil.copytree(ROOT / "docs", target / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "mkdocs.yml"):
        shutil.copy(ROOT / name, target / name)
    return target


def test_the_site_is_built_strictly(tmp_path: Path) -> None:
    made = built(ROOT, tmp_path / "site")
    assert made.returncode == 0, made.stderr
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert 'src="pictures/page.png"' in index
    assert not re.search(r"<(?:script|link|img)[^>]*(?:src|href)=\"http", index)


@pytest.mark.parametrize("line", ["[gone](gone.md)", "[gone](statement.md#gone)", "![gone](pictures/gone.png)"])
def test_a_link_to_nothing_is_refused(line: str, tmp_path: Path) -> None:
    root = copied(tmp_path)
    with (root / "docs" / "limits.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{line}\n")
    assert built(root, tmp_path / "site").returncode != 0


def test_a_page_in_no_chapter_is_refused(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "docs" / "more.md").write_text("# More\n", encoding="utf-8")
    assert built(root, tmp_path / "site").returncode != 0
