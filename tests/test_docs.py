"""What the documentation shows is what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from truestep.cli import main
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import keys_of

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^(?P<fence>```+)\n\$ truestep (?P<command>.*)\n(?P<output>(?:.*\n)*?)(?P=fence)$", re.MULTILINE)
SHOWN = [
    (page.name, found["command"], found["output"])
    for page in PAGES
    for found in BLOCK.finditer(page.read_text("utf-8"))
]


@pytest.mark.parametrize(("page", "command", "output"), SHOWN, ids=lambda text: text.partition("\n")[0][:40])
def test_a_command_prints_what_is_shown(page: str, command: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code in ((0, 1, 3) if command.startswith("check ") else (0,)), result.output
    assert result.output == output, page


def test_the_documentation_shows_commands() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def missing(page: str) -> list[str]:
    """The modules and folders that a page names, with a slash, and that are not there."""
    named = re.findall(r"`((?:derivations|problems|checkers|truestep|tests)/[a-z_/.]+)`", page)
    places = [(ROOT / name, ROOT / f"{name}.py") for name in named]
    return [name for name, tried in zip(named, places, strict=True) if not any(place.exists() for place in tried)]


def undefined(page: str) -> list[str]:
    """The tables and functions that a page names, in capitals or with a bracket, and that no package defines."""
    packages = ("derivations", "problems", "checkers", "truestep", "tests/test_functions.py")
    files = [path for name in packages for path in ((ROOT / name).rglob("*.py") if "." not in name else [ROOT / name])]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    defined = {*re.findall(r"^\s*(?:class |def )?([A-Za-z_]\w*)(?= = |: |\(|, )", source, re.MULTILINE)}
    code = " ".join(re.findall(r"`([^`\n]+)`", page))
    return [name for name in re.findall(r"\b[A-Z_]{4,}\b|\b[a-z_]{4,}(?=\(\.)", code) if name not in defined]


def test_every_key_of_a_problem_is_described() -> None:
    page = (ROOT / "docs" / "statement.md").read_text(encoding="utf-8")
    assert [key for key in keys_of(Problem) if f"`{key}`" not in page] == []


def test_the_architecture_names_what_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert missing(page) == []
    assert missing("`problems/stating` and `problems/statements`") == ["problems/stating"]
    assert undefined(page) == []
    assert undefined("`yield bespoken(...)` and its id in `SHELVES`, with `PAGES`") == ["bespoken", "SHELVES"]
