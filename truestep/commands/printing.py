"""Printing for a person: columns that fold, no markup, no blanks at the ends of lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType
    from rich.table import Table

KEPT: Mapping[str, Any] = {"no_wrap": True}
FOLDED: Mapping[str, Any] = {"overflow": "fold"}


def print_parts(parts: Iterable[RenderableType], file: TextIO | None = None, width: int | None = None) -> None:
    """Print the parts of a page; what the terminal cannot show is escaped."""
    from rich.console import Console

    stream = file or sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False, force_jupyter=False)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    # cells are filled up with blanks, which nobody needs in a file
    lines = (line if console.is_terminal else line.rstrip() for line in captured.get().split("\n"))
    stream.write("\n".join(lines))
    stream.flush()


def columns(
    kinds: Iterable[Mapping[str, Any]], rows: Iterable[Iterable[RenderableType]], left: int = 0, gap: int = 2
) -> Table:
    """Rows in columns without lines; ``kinds`` says of each column whether it is kept or folded, and how it looks."""
    from rich.table import Table

    table = Table.grid(padding=(0, gap, 0, left))
    for kind in kinds:
        table.add_column(**kind)
    for row in rows:
        table.add_row(*row)
    return table
