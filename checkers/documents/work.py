"""What a submission holds once it is read: located rows of mathematics, macros, prose."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.derivations.language.latex.macros import Macro


class DocumentFault(Exception):
    """A submission that cannot be used; the message tells the student what to change."""


@dataclass(frozen=True)
class Row:
    """One display row, as written, and the place in the file at which it starts (both from 1)."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Work:
    """The rows of a submission in their order, the macros in force, and the prose between (not checked)."""

    rows: tuple[Row, ...]
    macros: tuple[Macro, ...]
    prose: tuple[Row, ...]


@dataclass(frozen=True)
class Passage:
    """A stretch of text with the place in the file at which each of its lines starts.

    >>> Passage("x\\n= y", ((7, 3), (8, 1))).place(4)
    (8, 3)
    """

    text: str
    places: tuple[tuple[int, int], ...]
    display: bool = False

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.split("\n")[:-1]:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of the character at `offset`."""
        index = bisect_right(self._starts, offset) - 1
        line, column = self.places[min(index, len(self.places) - 1)]
        return line, column + offset - self._starts[index]


def whole(text: str) -> Passage:
    """The passage that is a file from its first line to its last.

    >>> whole("a\\nb").place(2)
    (2, 1)
    """
    return Passage(text, tuple((line, 1) for line in range(1, text.count("\n") + 2)))
