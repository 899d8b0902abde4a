"""The card of a mistake: what it looks like, why it is tempting, what to ask oneself, and how it is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from truestep.checkers.mistakes.case import Case
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.faults import Span

    Undo = Callable[[Case], Iterator["Candidate"]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line with one mistake undone, and the place of the mistake in the line as it was written.

    ``slip`` turns it round: the expression is what the mistake makes of the line before, so it must equal the line as
    it was written.  ``left`` is the left side where that is what was mistaken.  ``condition`` is the case in which the
    line holds as it stands.
    """

    expression: Expression
    span: Span
    slip: bool = False
    left: Expression | None = None
    condition: Expression | None = None
    remark: str = ""


@dataclass(frozen=True)
class Example:
    """A problem as a statement writes it, and rows of work for it, the last of which is meant."""

    problem: Mapping[str, Any]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """One named way of going wrong; a student reads all of it but the examples, so none of it gives an answer away.

    ``undo`` yields the lines with the mistake undone, the most plausible first; None where the mistake is found while
    a line is judged and needs no search.  ``telling`` yields what leaves little doubt, such as a part of the line
    before that is gone; it comes before what others could explain too.
    """

    code: str
    kind: str
    name: str
    looks_like: str
    tempting: str
    question: str
    example: Example
    near: Example
    undo: Undo | None = None
    telling: Undo | None = None
