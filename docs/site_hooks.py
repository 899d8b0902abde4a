"""What the site takes from the repository: its first page is the README."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
IN_DOCS = re.compile(r"(?<=\]\()docs/")
OF_README = re.compile(r"(?<=\]\()\.\./README\.md")
CELL = re.compile(r"(?<=<td>).*?(?=</td>)")
OUTSIDE = re.compile(r"\[(?P<text>[^\]]*)\]\(\.\./(?P<path>[^)#]+)\)")


def on_files(files: Any, config: Any) -> Any:
    """The pages, with the README before them."""
    from mkdocs.structure.files import File

    text = IN_DOCS.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    files.append(File.generated(config, "index.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """A page whose links to files of the repository are their paths: the site does not hold them."""
    return OUTSIDE.sub(r"\g<text> (`\g<path>`)", OF_README.sub("index.md", markdown))


def on_page_content(html: str, **_: Any) -> str:
    """A page in whose tables a bar within code is a bar."""
    return CELL.sub(lambda found: found[0].replace(r"\|", "|"), html)
