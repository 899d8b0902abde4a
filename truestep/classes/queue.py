"""What a person has to decide, group by group, and what they decide of it, for a page to show."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from truestep.classes.decisions import RIGHT, WRONG, Decision, read_decisions
from truestep.classes.review import ReviewFault, code_of
from truestep.classes.totals import amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.classes.decisions import Decisions
    from truestep.classes.groups import Group
    from truestep.classes.store import Store
    from truestep.problems.homework.homework import Homework


@dataclass(frozen=True)
class Item:
    """An item of a rubric: what it is for, what it is worth, why it earned what it did, and whether it did."""

    what: str
    of: float
    why: str
    is_earned: bool


@dataclass(frozen=True)
class Case:
    """A group of answers that mean the same: who wrote them, one of them, what was judged, what was decided."""

    question: str
    group: str
    students: tuple[str, ...]
    answer: Answer | None
    about: tuple[str, ...]
    verdict: str
    marks: str
    of: float
    items: tuple[Item, ...]
    decided: tuple[str, ...]
    record: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided yet."""
        return not self.decided


def cases_of(
    store: Store, groups: Sequence[Group], answers: Mapping[str, Answer], is_anonymous: bool
) -> tuple[Case, ...]:
    """The groups as cases, in their order, with what was decided of them up to now."""
    decisions = read_decisions(store)
    return tuple(_case(store, group, answers, decisions, is_anonymous) for group in groups)


def _case(store: Store, group: Group, answers: Mapping[str, Answer], decisions: Decisions, is_anonymous: bool) -> Case:
    row, mark = group.members[0]
    found = store.judged(mark.key) if mark.key else None
    record: dict[str, Any] = json.loads(found[1]) if found is not None else {}
    names = tuple(code_of(store, one.key) if is_anonymous else one.name or one.key for one, _ in group.members)
    made = decisions.of(group.question, mark.text, row.key)
    told = tuple(f"{one.item + ': ' if one.item else ''}{_what(one)} by {one.by}" for one in made)
    items = tuple(
        Item(one["for"], one["of"], one["why"], one["earned"] == one["of"])
        for one in (record.get("marks") or {}).get("items", ())
    )
    return Case(
        group.question,
        group.id,
        names,
        answers.get(mark.text),
        mark.person,
        mark.verdict,
        amount(mark.low, mark.high),
        mark.of,
        items,
        told,
        record,
    )


def _what(one: Decision) -> str:
    what = f"{one.points:g}" if one.points is not None else one.decision
    return f"{what} ({one.comment})" if one.comment else what


def decide(
    store: Store,
    homework: Homework,
    group: Group,
    by: str,
    *,
    decision: str = "",
    points: float | None = None,
    items: Mapping[str, bool] | None = None,
    comment: str = "",
) -> int:
    """Takes a decision for all answers of a group, whole or by its items; how many decisions are new.

    Raises ReviewFault where it decides nothing, or more than the question is worth.
    """
    of = homework.worth(homework.question(group.question)) or 0.0
    if decision not in ("", RIGHT, WRONG) or (points is None and not decision and not items):
        raise ReviewFault("nothing was decided")
    if points is not None and not 0 <= points <= of:
        raise ReviewFault(f"{points:g} points of {of:g}")
    told = [(name, RIGHT if is_earned else WRONG) for name, is_earned in (items or {}).items()]
    said = [(item, what, None if told else points) for item, what in told or [("", decision)]]
    places = [(text, "") for text in group.texts] or [("", row.key) for row, _ in group.members]
    now, known = time.strftime("%Y-%m-%dT%H:%M:%S"), read_decisions(store)
    made = [
        Decision(group.question, text, student, item, what, worth, comment, by, now)
        for text, student in places
        for item, what, worth in said
    ]
    new = [one for one in made if (before := known.latest(one.about)) is None or before.said != one.said]
    if new:
        store.add_decisions([tuple(one) for one in new])
        store.note(f"review: {len(new)} decisions by {by}")
    return len(new)
