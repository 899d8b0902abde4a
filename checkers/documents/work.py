"""What a submission holds once it is read: located rows of mathematics, macros, prose."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.latex.macros import Macro


class DocumentFault(Exception):
    """A submission that cannot be used; the message tells the student what to change."""


class NothingFound(DocumentFault):
    """A submission without any mathematics that is seen; ``unseen`` is what is not."""

    def __init__(self, message: str, unseen: tuple[Row, ...] = ()) -> None:
        super().__init__(message)
        self.unseen = unseen


@dataclass(frozen=True)
class Row:
    """A formula as written, and where in the file it starts and ends (lines and columns from 1).

    ``cell`` is the place of its cell in a notebook, ``under`` the condition that the words before it put it under.
    ``before`` are the words since the formula before it, ``told`` the role that the words about it give it; it is
    ``inline`` where it stands within a sentence, and beside ``about`` in a table; ``example`` says that its paragraph
    gives one, and ``perhaps`` are conditions before it that may hold yet, ``loosely`` where its sentence says more than
    these. ``after`` are the words behind it, ``said_of`` is what its words equate it with, and ``beside`` the formula
    before it, where they mean that. It is ``returned`` where a function of array code gives it back.
    """

    text: str
    line: int
    column: int
    end: tuple[int, int] = field(default=(0, 0), repr=False)
    cell: int | None = field(default=None, repr=False)
    under: str = field(default="", repr=False)
    before: str = field(default="", repr=False)
    told: str = field(default="", repr=False)
    inline: bool = field(default=False, repr=False)
    about: str = field(default="", repr=False)
    example: bool = field(default=False, repr=False)
    perhaps: tuple[str, ...] = field(default=(), repr=False)
    loosely: bool = field(default=False, repr=False)
    after: str = field(default="", repr=False)
    said_of: str = field(default="", repr=False)
    beside: str = field(default="", repr=False)
    aside: str = field(default="", repr=False)
    returned: bool = field(default=False, repr=False)

    @property
    def apart(self) -> bool:
        """Whether it is a row of a display, whose end in the file is known."""
        return bool(self.end[0])

    @property
    def source(self) -> dict[str, int]:
        """The place in the file, as a record says it."""
        line, column = self.end if self.end[0] else self._end()
        place = {"line": self.line, "column": self.column, "end_line": line, "end_column": column}
        return place if self.cell is None else {**place, "cell": self.cell}

    def moved(self, lines: int) -> Row:
        """The same row so many lines further down in its file."""
        line, column = self.end
        return replace(self, line=self.line + lines, end=(line + lines, column) if line else self.end)

    def _end(self) -> tuple[int, int]:
        """Where the text ends, if it stands in the file as it is."""
        lines = self.text.split("\n")
        return self.line + len(lines) - 1, len(lines[-1]) + (self.column if len(lines) == 1 else 1)


@dataclass(frozen=True)
class Work:
    """The rows of a submission, the macros in force, the prose between, and the formulas within that prose."""

    rows: tuple[Row, ...]
    macros: tuple[Macro, ...]
    prose: tuple[Row, ...]
    said: tuple[Row, ...] = ()
    unseen: tuple[Row, ...] = ()  # what a reader of the page does not see, each with the reason in ``told``
    tail: str = ""  # the words behind the last formula
    code: tuple[Row, ...] = ()  # blocks of code that stand beside formulas

    def moved(self, lines: int) -> Work:
        """The same work so many lines further down in its file."""
        rows, prose, said, unseen = (
            tuple(row.moved(lines) for row in some) for some in (self.rows, self.prose, self.said, self.unseen)
        )
        return replace(self, rows=rows, prose=prose, said=said, unseen=unseen)

    @property
    def formulas(self) -> tuple[Row, ...]:
        """The rows and the formulas within sentences, in the order of the file."""
        return (
            tuple(sorted((*self.rows, *self.said), key=lambda row: (row.cell or 0, row.line, row.column)))
            if self.said
            else self.rows
        )


def typed(lines: Sequence[str]) -> Work:
    """The work that is handed in as rows.

    >>> typed(["a = b"]).rows
    (Row(text='a = b', line=1, column=1),)
    """
    return Work(tuple(Row(line, number, 1) for number, line in enumerate(lines, start=1)), (), ())


@dataclass(frozen=True)
class Passage:
    """A stretch of text with the place in the file at which each of its lines starts.

    >>> Passage("x\\n= y", ((7, 3), (8, 1))).place(4)
    (8, 3)
    """

    text: str
    places: tuple[tuple[int, int], ...]
    display: bool = False
    cell: int | None = None

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
