"""Tables as CSV that no spreadsheet takes for formulas, written whole."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from truestep.output.readable import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATORS = ",;\t"  # what spreadsheets write between cells, as the country has it
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no control character for another row.

    >>> cell("=1+1"), cell("1(a)"), cell("mallory\\rvictim.tex"), cell("-")
    ("'=1+1", '1(a)', 'mallory victim.tex', '-')
    """
    is_formula = text.lstrip(" ").startswith(FORMULA) and text.strip() != "-"
    return f"'{visible(text)}" if is_formula else visible(text)


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


def table_in(data: bytes) -> list[list[str]]:
    """The rows of a table that a person or a spreadsheet saved as CSV, with commas, semicolons or tabs.

    Raises ValueError, which says what is at fault.

    >>> table_in(b"id;name\\n1;Doe, Jane\\n"), table_in("id\\tname".encode("utf-16"))
    ([['id', 'name'], ['1', 'Doe, Jane']], [['id', 'name']])
    """
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        header = text.lstrip("\r\n").partition("\n")[0]
        separator = max(SEPARATORS, key=lambda one: (header.count(one), -SEPARATORS.index(one)))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeError, csv.Error) as fault:
        raise ValueError(f"no CSV in UTF-8 ({fault})") from None
