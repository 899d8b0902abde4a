"""Tables as CSV that no spreadsheet takes for formulas, written whole."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from truestep.commands.readable import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no control character for another row.

    >>> cell("=1+1"), cell("1(a)"), cell("mallory\\rvictim.tex")
    ("'=1+1", '1(a)', 'mallory victim.tex')
    """
    return f"'{visible(text)}" if text.lstrip(" ").startswith(FORMULA) else visible(text)


def uncelled(text: str) -> str:
    """What a cell says that came back from a spreadsheet.

    >>> uncelled("'=1+1"), uncelled("it's")
    ('=1+1', "it's")
    """
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA) else text


def csv_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV in UTF-8, a line for each row."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([cell(one) for one in header])
    writer.writerows([cell(one) for one in row] for row in rows)
    return made.getvalue().encode("utf-8", "backslashreplace")
