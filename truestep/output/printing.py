"""Printing for a person: text that folds at words, columns, colour at a terminal, no blanks at the ends of lines."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol, TextIO

PAPER = 80
CODES = {"bold": "1", "dim": "2", "underline": "4", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
COLOURS = frozenset(("red", "green", "yellow", "cyan"))
_WORD = re.compile(r"\s*\S+\s*")


class Piece(NamedTuple):
    """A stretch of a line in one style."""

    text: str
    style: str = ""


Row = list[Piece]


class Block(Protocol):
    """What can be printed: its lines at a width, and how wide it would like to be."""

    def lines(self, width: int) -> Iterator[Row]:
        """The lines, none wider than the width."""
        ...

    def widest(self) -> int:
        """The columns of its longest line where there is room for it."""
        ...


@dataclass(frozen=True)
class Styled:
    """A text in a style; where it is ``kept`` its lines are cut and not folded."""

    text: str = ""
    style: str = ""
    kept: bool = False
    before: tuple[Piece, ...] = ()

    def __add__(self, other: Styled) -> Styled:
        return Styled(other.text, other.style, self.kept, (*self.before, Piece(self.text, self.style)))

    def lines(self, width: int) -> Iterator[Row]:
        """The lines, folded at words, and words that are too long for a line within."""
        width = max(width, 1)
        pieces = (*self.before, Piece(self.text, self.style))
        whole, begin = "".join(piece.text for piece in pieces), 0
        for line in whole.split("\n"):
            cuts = [0, *(() if self.kept else _breaks(line, width)), len(line)]
            for first, last in pairwise(cuts):
                end = first + len(cropped(line[first:last].rstrip(), width))
                yield list(_between(pieces, begin + first, begin + end))
            begin += len(line) + 1

    def widest(self) -> int:
        """The columns of its longest line."""
        return max(map(cells, "".join((*(piece.text for piece in self.before), self.text)).split("\n")))


@dataclass(frozen=True)
class Indented:
    """Blocks below each other, further in, with empty lines around them."""

    blocks: tuple[Block, ...]
    left: int
    above: int = 0
    below: int = 0

    def lines(self, width: int) -> Iterator[Row]:
        """The lines of all of them."""
        yield from ([] for _ in range(self.above))
        for block in self.blocks:
            for line in block.lines(max(width - self.left, 1)):
                yield [Piece(" " * self.left), *line]
        yield from ([] for _ in range(self.below))

    def widest(self) -> int:
        """The columns of the widest of them."""
        return self.left + max((block.widest() for block in self.blocks), default=0)


@dataclass(frozen=True)
class Column:
    """How a column looks; one that is ``kept`` gives room to others last of all, and is cut where there is none."""

    kept: bool = False
    style: str = ""
    side: Literal["left", "right"] = "left"
    least: int = 0


KEPT, FOLDED = Column(kept=True), Column()


@dataclass(frozen=True)
class Columns:
    """Rows in columns without rules between them."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Block]]
    gap: int = 2

    def lines(self, width: int) -> Iterator[Row]:
        """The rows, each as high as the highest of its cells."""
        widths = self._widths(width)
        for row in self.rows:
            cells_of = [
                list(_cell(one, column).lines(room))
                for one, column, room in zip(row, self.columns, widths, strict=True)
            ]
            for place in range(max(map(len, cells_of))):
                line: Row = []
                for found, column, room in zip(cells_of, self.columns, widths, strict=True):
                    own = found[place] if place < len(found) else []
                    blank = " " * (room - sum(cells(piece.text) for piece in own))
                    line += [Piece(blank), *own] if column.side == "right" else [*own, Piece(blank)]
                    line.append(Piece(" " * self.gap))
                yield line[:-1]

    def widest(self) -> int:
        """The columns that all of it takes where there is room."""
        return sum(self._wanted()) + self.gap * (len(self.columns) - 1)

    def _wanted(self) -> list[int]:
        several = [[_cell(row[k], column).widest() for row in self.rows] for k, column in enumerate(self.columns)]
        return [max([column.least, *own]) for column, own in zip(self.columns, several, strict=True)]

    def _widths(self, width: int) -> list[int]:
        """The room of each column: the widest of those that fold give way first, then all in equal parts."""
        gaps = [self.gap] * (len(self.columns) - 1) + [0]
        found = [own + gap for own, gap in zip(self._wanted(), gaps, strict=True)]
        least = [min(own, gap + 1) for own, gap in zip(found, gaps, strict=True)]
        folding = [k for k, column in enumerate(self.columns) if not column.kept and found[k] > least[k]]
        while sum(found) > width and folding:
            most = max(found[k] for k in folding)
            widest = [k for k in folding if found[k] == most]
            next_to = max(max(least[k] for k in widest), *(found[k] for k in folding if found[k] < most), 0)
            if next_to == most:
                break
            _narrowed(found, widest, sum(found) - width, most - next_to)
        more = [own - one for own, one in zip(found, least, strict=True)]
        while sum(more) > max(width - sum(least), 0):
            _narrowed(more, [k for k, own in enumerate(more) if own], sum(more) + sum(least) - width, max(more))
        found = [one + own for one, own in zip(least, more, strict=True)]
        return [max(own - gap, 0) for own, gap in zip(found, gaps, strict=True)]


def _narrowed(widths: list[int], which: Sequence[int], excess: int, most: int) -> None:
    """Takes from some widths in equal parts what is too much, from none more than the most."""
    excess = min(excess, most * len(which))
    for left, place in zip(range(len(which), 0, -1), which, strict=True):
        less = min(most, widths[place], round(excess / left))
        widths[place], excess = widths[place] - less, excess - less


def _cell(cell: str | Block, column: Column) -> Block:
    """What stands in a cell, in the way of its column."""
    if isinstance(cell, str):
        return Styled(cell, column.style, column.kept)
    if isinstance(cell, Styled):
        return Styled(cell.text, cell.style or column.style, cell.kept or column.kept, cell.before)
    return cell


def cells(text: str) -> int:
    """How many columns a text takes at a terminal.

    >>> cells("x = 1"), cells("导数"), cells("ŷ"), cells("y\u0302")
    (5, 4, 1, 1)
    """
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def cropped(text: str, width: int) -> str:
    """So much of a text as there is room for."""
    while cells(text) > width:
        text = text[: max(len(text) - max(1, (cells(text) - width) // 2), 0)]
    return text


def _breaks(line: str, width: int) -> Iterator[int]:
    """The places at which a line is folded."""
    taken = 0
    for found in _WORD.finditer(line):
        word, start = found[0], found.start()
        if cells(word.rstrip()) <= width - taken:
            taken += cells(word)
            continue
        if start and taken:
            yield start
        taken = 0
        while cells(word.rstrip()) > width:
            part = cropped(word, width) or word[:1]
            word, start = word[len(part) :], start + len(part)
            yield start
        taken = cells(word)


def _between(pieces: Iterable[Piece], start: int, end: int) -> Iterator[Piece]:
    """The pieces of a stretch."""
    begin = 0
    for text, style in pieces:
        own = text[max(start - begin, 0) : max(end - begin, 0)]
        if own:
            yield Piece(own, style)
        begin += len(text)


def print_parts(parts: Iterable[Block], file: TextIO | None = None, width: int | None = None) -> None:
    """Print the parts of a page; what the terminal cannot show is escaped."""
    stream = file or sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    styled, room = _is_styled(stream), width or _room()
    for part in parts:
        for line in part.lines(room):
            stream.write((_in_colour(line) if styled else "".join(text for text, _ in line)).rstrip() + "\n")
    stream.flush()


def _is_styled(stream: TextIO) -> bool:
    """Whether a person looks at a terminal that knows of styles."""
    is_watched = bool(os.environ.get("FORCE_COLOR")) or (hasattr(stream, "isatty") and stream.isatty())
    return is_watched and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _in_colour(line: Row) -> str:
    """A line with the codes of its styles; without colours where nobody wants any."""
    unwanted = COLOURS if os.environ.get("NO_COLOR") else frozenset[str]()
    out = ""
    for text, style in line:
        codes = [CODES[word] for word in style.split() if word in CODES and word not in unwanted]
        out += f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes and text.strip() else text
    return out


def _room() -> int:
    """The columns of the terminal, also where what is printed goes into a file."""
    told = os.environ.get("COLUMNS", "")
    if told.isdigit() and int(told):
        return int(told)
    for number in (0, 1, 2):
        with suppress(OSError, ValueError):
            if found := os.get_terminal_size(number).columns:
                return found
    return PAPER
