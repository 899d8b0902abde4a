"""Jupyter notebooks: their Markdown cells, in order; where no formula stands in these, all that is typed in cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from truestep.checkers.documents.collect import collect
from truestep.checkers.documents.formats import markdown
from truestep.checkers.documents.unseen import seen
from truestep.checkers.documents.work import DocumentFault, Passage, Row, Work


def read(text: str) -> Work:
    """The work in a notebook; lines are those of the .ipynb file, columns those of the cell's own line.

    Where several lines of a cell stand on one line of the file, columns are those of the file, escapes apart.

    >>> read('{"cells": [{"cell_type": "markdown", "source": ["$$a = b$$"]}]}').rows
    (Row(text='a = b', line=1, column=3),)
    """
    hidden: list[Row] = []
    work = collect(_passages(text, hidden), asides=True)
    return replace(work, unseen=tuple(hidden))


def _passages(text: str, hidden: list[Row]) -> Iterator[Passage]:
    """The passages of all cells; what is not seen of them is added to ``hidden``."""
    finder = _Finder(text)
    for cell, source in _sources(_load(text)):
        source, unseen = seen(source, "md")
        hidden += [replace(row, cell=cell) for row in unseen]
        lines = source.split("\n")
        places = [finder.place(line) for line in lines]
        own = [place[0] for place, line in zip(places, lines, strict=True) if line.strip()]
        if len({*own}) == len(own):
            places = [(line, 1) for line, _ in places]
        yield from (replace(passage, cell=cell) for passage in markdown.passages(source, places))


def typed(text: str) -> tuple[str, tuple[tuple[int, int, int], ...]]:
    """The lines of all cells of text and code as one plain text, and of each its cell, and its line in the file."""
    finder, lines, places = _Finder(text), list[str](), list[tuple[int, int, int]]()
    for cell, source in _sources(_load(text), ("markdown", "code")):
        for line in (*source.split("\n"), ""):
            lines.append(line)
            places.append((cell, *finder.place(line)))
    return "\n".join(lines), tuple(places)


def placed(work: Work, places: Sequence[tuple[int, int, int]]) -> Work:
    """The work in the plain text of a notebook, at the places of its lines in the file."""

    lines = [line for _, line, _ in places]
    is_own = len({*lines}) == len(lines)

    def moved(row: Row) -> Row:
        cell, line, column = places[row.line - 1]
        shift = 0 if is_own else column - 1
        end = (places[row.end[0] - 1][1], row.end[1] + shift) if row.end[0] else row.end
        return replace(row, line=line, column=row.column + shift, end=end, cell=cell)

    rows, prose, said = (tuple(map(moved, some)) for some in (work.rows, work.prose, work.said))
    return replace(work, rows=rows, prose=prose, said=said)


def stating(text: str) -> tuple[dict[str, Any], str]:
    """Where a notebook may state its problem: its metadata, and the text of its first cell where that is raw.

    Raises DocumentFault where it is no notebook.
    """
    notebook = _load(text)
    metadata, first = notebook.get("metadata"), next(iter(notebook["cells"]), None)
    raw = first if isinstance(first, dict) and first.get("cell_type") == "raw" else {}
    return metadata if isinstance(metadata, dict) else {}, _source(raw)


def _load(text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as fault:
        where = f" (line {fault.lineno})" if isinstance(fault, json.JSONDecodeError) else ""
        raise DocumentFault(f"this notebook is not JSON{where}: save it again from Jupyter and submit that") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise DocumentFault("this notebook has no cells: save it again from Jupyter (notebook format 4)")
    return {**notebook, "cells": cells}


def _sources(notebook: dict[str, Any], kinds: Sequence[str] = ("markdown",)) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(notebook["cells"]):
        if isinstance(cell, dict) and cell.get("cell_type") in kinds:
            yield place, _source(cell)


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    joined = "".join(line for line in lines if isinstance(line, str))
    return joined.replace("\r\n", "\n").replace("\r", "\n")


def sources(text: str) -> Iterator[str]:
    """The text of each Markdown cell of a notebook.

    Raises DocumentFault where it is no notebook.
    """
    return (source for _, source in _sources(_load(text)))


class _Finder:
    """Finds the lines of the cells again in the file, each after the one before."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_ascii = text.isascii()
        self.position = 0
        self.current = (1, 1)
        self.misses = 0

    def place(self, content: str) -> tuple[int, int]:
        """The line and column of the file at which a line of a cell begins; the last one found where it is missing."""
        if content.strip() and self.misses < 20:
            spelling = json.dumps(content, ensure_ascii=self.is_ascii)[1:-1]
            offset = self.text.find(spelling, self.position)
            if offset < 0:
                self.misses += 1
            else:
                lines = self.text.count("\n", self.position, offset)
                self.current = (self.current[0] + lines, offset - self.text.rfind("\n", 0, offset))
                self.position = offset + len(spelling)
        return self.current
