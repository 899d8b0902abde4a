"""What people decided of answers: for one student, or for all who wrote the same; the last one holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from truestep.classes.store import digest_of
from truestep.classes.totals import neat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.classes.store import Store
    from truestep.classes.totals import Mark

RIGHT, WRONG = "right", "wrong"


class Decision(NamedTuple):
    """One decision: of which text (and of which student alone), or of one ``item`` of the rubric, and by whom."""

    question: str
    answer: str
    student: str
    item: str
    decision: str
    points: float | None
    comment: str
    by: str
    at: str

    @property
    def about(self) -> tuple[str, str, str, str]:
        """What it decides: a later one about the same takes its place."""
        return self.question, self.answer, self.student, self.item

    @property
    def said(self) -> tuple[str, float | None, str]:
        """What it says."""
        return self.decision, self.points, self.comment


def text_of(answer: Answer | None) -> str:
    """What tells the text of an answer from all others; nothing where there is none.

    >>> text_of(None)
    ''
    """
    return "" if answer is None else digest_of(answer.kind, " ".join(answer.text.split()))[:16]


class Decisions:
    """All decisions of a store."""

    def __init__(self, found: Iterable[Decision]) -> None:
        self._by: dict[tuple[str, str, str], dict[str, Decision]] = {}
        for one in found:
            same = self._by.setdefault((one.question, one.answer, one.student), {})
            same.pop(one.item, None)  # in the order in which they were made
            same[one.item] = one

    @property
    def digest(self) -> str:
        """What tells these decisions from others."""
        return digest_of(*(json.dumps(list(one)) for several in self._by.values() for one in several.values()))

    def of(self, question: str, answer: str, student: str) -> list[Decision]:
        """What holds for an answer of a student: decisions for all who wrote the same, and over them the student's own.

        Where there is no text a decision holds for a student alone.
        """
        general = self._by.get((question, answer, ""), {}) if answer else {}
        own = self._by.get((question, answer, student), {})
        return [*(one for item, one in general.items() if item not in own), *own.values()]

    def latest(self, about: tuple[str, str, str, str]) -> Decision | None:
        """The decision that holds about something."""
        return self._by.get(about[:3], {}).get(about[3])


def decided(mark: Mark, several: Sequence[Decision], items: Sequence[dict[str, Any]]) -> Mark:
    """The marks of a question as people decided them; ``items`` are those of the record."""
    if not several:
        return mark
    several = in_force(several)
    whole = next((one for one in several if not one.item), None)
    comments = "; ".join(_said(one) for one in several)
    if whole is not None:
        points = neat(_points(whole, mark.of))
        return structs.replace(mark, low=points, high=points, decided=comments)
    low = high = 0.0
    by_item = {one.item: one for one in several}
    for item in items:
        one = by_item.get(item["for"])
        ends = [item["earned"]] * 2 if item["earned"] is not None else [item["at_least"], item["at_most"]]
        ends = [_points(one, item["of"])] * 2 if one is not None else ends
        low, high = low + ends[0], high + ends[1]
    is_open = low != high
    low, high = neat(max(0.0, low)), neat(max(0.0, high))
    return structs.replace(mark, low=low, high=high, decided="" if is_open else comments)


def in_force(several: Sequence[Decision]) -> Sequence[Decision]:
    """What holds of some decisions in their order: the last about the whole, or what was said of items after it.

    >>> wrong = Decision("1", "a", "", "", "wrong", None, "", "kim", "")
    >>> [one.item for one in in_force([wrong, wrong._replace(item="method", decision="right")])]
    ['method']
    """
    places = [place for place, one in enumerate(several) if not one.item]
    if not places:
        return several
    return several[places[-1] + 1 :] or several[places[-1] : places[-1] + 1]


def _points(one: Decision, of: float) -> float:
    return one.points if one.points is not None else of if one.decision == RIGHT else 0.0


def _said(one: Decision) -> str:
    about = f"{one.item}: " if one.item else ""
    what = f"{one.points:g}" if one.points is not None else one.decision
    return f"{about}{what} by {one.by}" + (f" ({one.comment})" if one.comment else "")


def read_decisions(store: Store) -> Decisions:
    """The decisions of a store."""
    return Decisions(Decision(*row) for row in store.decisions())
