"""What a student earned: the marks of the questions, a person's decisions, what is late, rounding and caps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from truestep.problems.homework.lateness import lateness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truestep.problems.homework.homework import Homework


class Mark(Struct, frozen=True, omit_defaults=True):
    """The marks of one question: at least, at most, of what; what a person looks at; the judged answer and its text."""

    low: float
    high: float
    of: float
    person: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    verdict: str = ""
    key: str = ""
    text: str = ""
    decided: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it."""
        return bool(self.person) and not self.decided


class Row(Struct, frozen=True, omit_defaults=True):
    """A student's result."""

    key: str
    id: str
    name: str
    email: str
    section: str
    state: str
    file: str
    marks: dict[str, Mark]
    low: float
    high: float
    of: float
    late: str = ""
    at: str = ""
    said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at something."""
        return self.low != self.high or any(mark.is_open for mark in self.marks.values())


class Total(NamedTuple):
    """What was earned in all, at least and at most, of what, and what is to be said of being late."""

    low: float
    high: float
    of: float
    late: str


def neat(value: float) -> float:
    """A number of points as it is shown: hundredths at most."""
    return round(value + 0.0, 2)


def amount(low: float, high: float) -> str:
    """What was earned, or between what and what.

    >>> amount(3, 3), amount(3, 4.5)
    ('3', '3..4.5')
    """
    return f"{neat(low):g}" if neat(low) == neat(high) else f"{neat(low):g}..{neat(high):g}"


def total(marks: Mapping[str, Mark], homework: Homework, at: str, is_late: bool) -> Total:
    """What a student earned in all, in this order: the sum, what being late costs, the cap, rounding."""
    low, high, of = summed(marks, [one.id for one in homework.questions if one.bonus])
    policy = homework.marking
    late = lateness(policy.late, at) if policy.late is not None and at else None
    said = ["late"] if is_late and late is None else []
    if late is not None and late.days:
        low, high = low * late.kept, high * late.kept
        said.append(f"{late.days} day{'s' * (late.days > 1)} late: {late.kept:g} of what was earned")
    most = math.inf if policy.cap is None else policy.cap
    low, high = (rounded(min(value, most), policy.round) for value in (low, high))
    return Total(low, high, of, "; ".join(said))


def summed(marks: Mapping[str, Mark], bonus: Iterable[str] = ()) -> tuple[float, float, float]:
    """The marks of all questions together; a bonus question is left out of what they are worth."""
    extra = set(bonus)
    low = sum(mark.low for mark in marks.values())
    high = sum(mark.high for mark in marks.values())
    return neat(low), neat(high), neat(sum(mark.of for name, mark in marks.items() if name not in extra))


def rounded(value: float, step: float) -> float:
    """A total at the nearest step, half a step up.

    >>> rounded(7.25, 0.5), rounded(7.2, 0.5), rounded(7.2, 0)
    (7.5, 7.0, 7.2)
    """
    return neat(math.floor(value / step + 0.5 + 1e-9) * step) if step else value
