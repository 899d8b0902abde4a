"""The command line, called in the process itself, and the tables that it writes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from truestep.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object, given: str | bytes | None = None) -> Result:
    """The outcome of a command."""
    return CliRunner().invoke(main, [str(one) for one in arguments], input=given)


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table as CSV."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(store: Path, name: str = "marks.csv") -> list[dict[str, str]]:
    """The rows of a table in a store."""
    return rows((store / name).read_text(encoding="utf-8"))
