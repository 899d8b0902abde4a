"""The card of a mistake: what it looks like, why it is tempting, what to ask oneself, and how it is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from truestep.problems.findings.table import row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from truestep.checkers.mistakes.candidate import Candidate
    from truestep.checkers.mistakes.case import Case

    Undo = Callable[[Case], Iterator[Candidate]]


@dataclass(frozen=True)
class Example:
    """A problem as a statement writes it, and rows of work for it, the last of which is meant."""

    problem: Mapping[str, Any]
    rows: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Card:
    """One named way of going wrong; a student reads all of it but the examples, so none of it gives an answer away.

    ``rows`` are the slips ``right ~ slipped`` that it is (``patterns``), the most plausible first.  ``undo`` yields the
    lines with it undone where no row says how; a mistake with neither is found while a line is judged.  ``telling``
    yields what leaves little doubt and comes before what others could explain too; so do rows that lose a part, which
    are made of the line before, and ``early`` rows, which are undone.  ``rules`` are mistaken rules of differentiation;
    ``plants`` are rows that ``undo`` finds by itself.
    """

    code: str
    name: str
    looks_like: str
    tempting: str
    question: str
    example: Example
    near: Example
    undo: Undo | None = None
    telling: Undo | None = None
    rows: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of its findings, which its row in the table of findings says."""
        return row_of(self.code).kind

    @property
    def ways(self) -> tuple[str, ...]:
        """All rows by which it happens in a line."""
        return (*self.rows, *self.early, *self.plants)

    @property
    def is_searched(self) -> bool:
        """Whether it is looked for in a line that was judged wrong."""
        return bool(self.undo or self.rows or self.rules)
