"""The report between a check record and its renderings: what is said, in which order, of which place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from truestep.reports.pieces import Text


class Sign(NamedTuple):
    """How a verdict looks: a sign, the same where only ASCII can be shown, the word, and a colour."""

    sign: str
    ascii: str
    word: str
    style: str


READ_AS = "read as"

SIGNS = {
    "right": Sign("✓", "+", "right", "green"),
    "wrong": Sign("✗", "x", "wrong", "bold red"),
    "undecided": Sign("?", "?", "undecided", "yellow"),
    "unreadable": Sign("!", "!", "unreadable", "magenta"),
    "not_checked": Sign("·", "-", "not checked", "dim"),
}


def sign(verdict: str) -> Sign:
    """The sign of a verdict.

    >>> sign("right").word
    'right'
    """
    return SIGNS.get(verdict, SIGNS["undecided"])


class Named(NamedTuple):
    """A value and what it is called."""

    name: Text
    value: object


@dataclass(frozen=True)
class Remark:
    """Something said of a line, and the place in its source that it is about."""

    tone: str
    said: Text
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Case:
    """Small numbers for which a line fails: names with values (numbers, or nested lists of them).

    ``index`` says which entry is compared, ``sides`` are the two sides with what they are called; ``further`` are
    values on which those of the line rest, and which it does not show itself.
    """

    values: tuple[Named, ...]
    index: tuple[Named, ...]
    sides: tuple[Named, ...]
    further: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Advice:
    """What probably happened, and the question to ask oneself; the rest only where a hint is asked for."""

    name: Text = ()
    question: Text = ()
    tempting: Text = ()
    rule: Text = ()

    @property
    def said(self) -> tuple[tuple[str, Text], ...]:
        """What there is to say, each with its label."""
        labelled = (
            ("What probably happened", self.name),
            ("Ask yourself", self.question),
            ("Why it is tempting", self.tempting),
            ("The rule that is needed", self.rule),
        )
        return tuple((label, text) for label, text in labelled if text)


@dataclass(frozen=True)
class Line:
    """One line of the work: its number from 1, its line in the file, the source as written, and what is said of it.

    ``formula`` is the source with the macros of the work expanded.
    """

    number: int
    at: int | None
    source: str
    formula: str
    verdict: str
    is_first_wrong: bool = False
    remarks: tuple[Remark, ...] = ()
    case: Case | None = None
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class Aside:
    """Something said of one or more lines, apart from them; where it is one, its source and the place in it."""

    numbers: tuple[int, ...]
    said: Text
    source: str = ""
    span: tuple[int, int] | None = None


class Seen(NamedTuple):
    """A formula and how it was read: its place in the file, its role, and what was granted, or why it was not read.

    ``is_same`` where it was read as it is written; ``is_plain`` where also nothing else is to be said of it.
    """

    at: str
    role: str
    written: str
    read: str
    note: Text = ()
    is_same: bool = False
    is_plain: bool = False


class Earned(NamedTuple):
    """Marks out of what there is; where a person gives them, ``earned`` is None, and they lie between two bounds."""

    earned: float | None
    of: float | None
    least: float | None = None
    most: float | None = None


class Item(NamedTuple):
    """One entry of the marks: what for, how much, and why."""

    what: Text
    marks: Earned
    why: Text


class Marks(NamedTuple):
    """What the work earns, and item by item."""

    total: Earned
    items: tuple[Item, ...] = ()


class Step(NamedTuple):
    """One row of a solution, in plain mathematics, and its rule in words."""

    left: str
    right: str
    condition: str
    rule: Text


@dataclass(frozen=True)
class Revealed:
    """What was asked to be shown of the solution: names of rules, answers (left and right side), displays of steps."""

    rules: tuple[Text, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[Step, ...], ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Part:
    """The report on one answer: to a problem, or in one box of a homework; ``state`` says it at one glance."""

    name: str
    title: Text
    asked: tuple[str, ...]
    verdict: str
    headline: Text
    summary: tuple[Text, ...]
    lines: tuple[Line, ...] = ()
    left_out: int = 0
    rules: tuple[Aside, ...] = ()
    notes: tuple[Aside, ...] = ()
    for_a_person: tuple[Aside, ...] = ()
    marks: Marks | None = None
    revealed: Revealed | None = None
    state: Text = ()
    is_empty: bool = False
    seen: tuple[Seen, ...] = ()

    @property
    def notable(self) -> tuple[Seen, ...]:
        """The formulas that were read otherwise than they stand there, or not at all, or as no claim."""
        return tuple(one for one in self.seen if not one.is_plain)

    @property
    def first_wrong(self) -> int | None:
        """The number of the line where it first goes wrong."""
        return next((line.number for line in self.lines if line.is_first_wrong), None)


@dataclass(frozen=True)
class Report:
    """One report: the work that was handed in, each part of it that was checked, and the marks of all together."""

    title: Text
    submission: str
    parts: tuple[Part, ...] = ()
    is_homework: bool = False
    marks: Marks | None = None

    @property
    def written(self) -> tuple[Part, ...]:
        """The parts of which there is more to say than that they are empty."""
        return tuple(part for part in self.parts if not (part.is_empty and self.is_homework))
