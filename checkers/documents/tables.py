"""Tables of values as rows: ``name = value`` for each value, from Markdown tables and LaTeX tabulars."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.cases import SLOPE
from truestep.checkers.documents.words import left_of, orders
from truestep.checkers.documents.work import Row, Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLUMNS = re.compile(r"[ \t]*(?:\{[^{}\n]{0,80}\}[ \t]*){1,2}")
_LINE = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline\{[^{}]*\})")
_VALUE = re.compile(
    r"\$?\s*+[-−+]?\s*+"
    r"(?:\d+(?:[.,]\d+)?|\.\d+|\\d?frac\{-?\d+\}\{\d+\}|\d+/\d+)\s*+(?:\\times 10\^\{?-?\d+\}?)?\s*+\$?"
)
_FORMULA = re.compile(r"\$[^$]+\$")
_LETTER = re.compile(r"[^\W\d_]|\\[a-z]+")
_SLOPE = re.compile(r"\\partial|\\frac\s*\{?d|\bd\w+\s*/\s*d\w+")
_NAME = re.compile(r"\$?[^=\d\s$][^=$]{0,120}\$?")


def with_cells(work: Work, text: str) -> Work:
    """The work with the rows that its tables make, in the order of the file."""
    made = [*_made(list(_markdown(text))), *_made(list(_tabular(text)))]
    if not made:
        return work
    lines = {row.line for row in made}
    kept = [row for row in work.rows if row.line not in lines]
    said = tuple(row for row in work.said if row.line not in lines)
    return replace(work, rows=tuple(sorted([*kept, *made], key=lambda row: (row.line, row.column))), said=said)


def with_pairs(work: Work, text: str) -> Work:
    """The work in which a formula beside another one in a table is a row that is about that one."""
    if "$" not in text and (typed := tuple(_typed(text))):
        return replace(work, rows=tuple(sorted((*work.rows, *typed), key=lambda row: (row.line, row.column))))
    lines = text.split("\n")
    heads = {k for k, line in enumerate(lines) if "--" in line and not set(line) - set("|:- \t")}  # by the line before
    table, head = list[list[str]](), ""
    for number, cells in _markdown(text):
        head = cells[0] if number in heads else head
        is_side = _FORMULA.fullmatch(head) is not None and left_of(_bare(cells[0])) == ""  # $< 1$ below $x$
        first = f"${_bare(head)} {_bare(cells[0])}$" if is_side else cells[0]
        table += [] if number in heads else [[first, *cells[1:]]]
    table += [cells for _, cells in _tabular(text)]
    pairs = {
        _bare(cells[1]): _bare(cells[0]) for cells in table if len(cells) == 2 and all(map(_FORMULA.fullmatch, cells))
    }
    found = [_beside(row, pairs[text]) for row in work.said if (text := row.text.strip()) in pairs]
    said = tuple(row for row in work.said if row.text.strip() not in pairs)
    rows = sorted((*work.rows, *found), key=lambda row: (row.line, row.column))
    return replace(work, rows=tuple(rows), said=said) if found else work


def _beside(row: Row, first: str) -> Row:
    """A formula as one about the formula in the cell before it, or under the condition that stands there."""
    under, about = (rf"\text{{if }} {first}", "") if orders(first) else ("", first)
    return replace(row, under=under, about=about, inline=False)


def _typed(text: str) -> Iterator[Row]:
    """What stands beside a derivative in a table of plain text, each as a row that is about that."""
    lines = text.split("\n")
    for number, cells in _markdown(text):
        if len(cells) == 2 and SLOPE.match(cells[0]) and _is_mathematics(cells[1]) and "=" not in "".join(cells):
            line = lines[number - 1]
            column = line.index(cells[1], line.index(cells[0]) + len(cells[0]))
            yield Row(cells[1], number, column + 1, about=cells[0])


def _is_mathematics(cell: str) -> bool:
    from truestep.checkers.documents.formats.plain import looks_like_mathematics

    return looks_like_mathematics(cell)


def with_points(work: Work, text: str) -> Work:
    """The work in which a row of numbers below formulas says what these are where the first one has its value.

    One of formulas behind a comparison says what they are where that holds.
    """
    made, header = list[Row](), list[str]()
    for number, cells in (*_markdown(text), *_tabular(text)):
        is_case = len(cells) == len(header) > 2 and all(map(_FORMULA.fullmatch, cells)) and orders(_bare(cells[0]))
        if is_case:
            made += [
                Row(rf"{name} = {_bare(cell)} \quad \text{{if }} {_bare(cells[0])}", number, 1 + k, inline=True)
                for k, (name, cell) in enumerate(zip(header[1:], cells[1:], strict=True))
            ]
        elif all(map(_FORMULA.fullmatch, cells[1:])) and (
            _LETTER.fullmatch(_bare(cells[0])) or not (header or _FORMULA.fullmatch(cells[0]))
        ):
            header = [_bare(cell) for cell in cells]
        elif len(cells) == len(header) > 1 and all(map(_VALUE.fullmatch, cells)):
            where = rf"\quad \text{{if }} {header[0]} = {_bare(cells[0])}"
            made += [
                Row(f"{name} = {_bare(cell)} {where}", number, 1 + k, inline=True)
                for k, (name, cell) in enumerate(zip(header[1:], cells[1:], strict=True))
                if f"({header[0]})" in name or _SLOPE.search(name)
            ]
        elif len(cells) != len(header):
            header = []
    lines = {row.line for row in made}
    said = (*(row for row in work.said if row.line not in lines), *made)
    return replace(work, said=tuple(sorted(said, key=lambda row: (row.line, row.column)))) if made else work


def _markdown(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of every line that is a row of a Markdown table, by its number; rules are rows without cells."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count("|") >= 2 and line.strip().startswith("|") and set(line) - set("|:- \t"):
            yield number, [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _tabular(text: str) -> Iterator[tuple[int, list[str]]]:
    stop, number, counted = 0, 1, 0
    while (begin := text.find(r"\begin{tabular", stop)) >= 0 and (stop := text.find(r"\end{tabular", begin)) >= 0:
        place = text.find("}", begin, stop) + 1 or begin
        columns = _COLUMNS.match(text, place, stop)
        place = columns.end() if columns is not None else place
        inside = text[place:stop]
        for part in re.split(r"\\\\", inside):
            said = _LINE.sub(" ", part)
            if "&" in said:
                lead = len(part) - len(part.lstrip())
                number, counted = number + text.count("\n", counted, place + lead), place + lead
                yield number, [cell.strip() for cell in re.split(r"(?<!\\)&", said)]
            place += len(part) + 2


def _made(table: Sequence[tuple[int, list[str]]]) -> list[Row]:
    """The rows of a table: equations as they stand, names beside values, and names above values."""
    out: list[Row] = []
    header: list[str] = []
    for number, cells in table:
        values = [_VALUE.fullmatch(cell) is not None for cell in cells]
        if any("=" in cell for cell in cells):
            out += [Row(part, number, 1 + k) for k, cell in enumerate(cells) for part in _equations(cell)]
        elif sum(values) == len(cells) and len(header) == len(cells):
            out += [
                Row(f"{_bare(name)} = {_bare(cell)}", number, 1 + k)
                for k, (name, cell) in enumerate(zip(header, cells, strict=True))
            ]
        elif len(cells) == 2 and values[1] and _NAME.fullmatch(cells[0]):
            out.append(Row(f"{_bare(cells[0])} = {_bare(cells[1])}", number, 1))
        elif len(header) == len(cells) and values[1:] and all(values[1:]):
            names = zip(header[1:], cells[1:], strict=True)
            out += [Row(f"{_bare(name)} = {_bare(cell)}", number, 1 + k) for k, (name, cell) in enumerate(names)]
        if not any(values):
            header = cells
    return out


def _equations(cell: str) -> list[str]:
    formulas = [formula for formula in re.findall(r"\$([^$]+)\$", cell) if "=" in formula]
    return formulas or ([cell] if "=" in cell and "$" not in cell else [])


def _bare(cell: str) -> str:
    return cell.replace("$", "").strip()
