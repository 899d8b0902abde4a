"""Review by people: what they have to decide as CSV that comes back filled in, and as cases for a page to show."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.classes.decisions import RIGHT, WRONG, Decision, in_force, read_decisions
from truestep.classes.store import COPIES, digest_of
from truestep.classes.tables import csv_of, table_in, uncelled
from truestep.classes.totals import amount, neat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.classes.decisions import Decisions
    from truestep.classes.groups import Group
    from truestep.classes.store import Store
    from truestep.classes.totals import Mark, Row
    from truestep.problems.homework.homework import Homework

COLUMNS = (
    "question",
    "group",
    "student",
    "text",
    "verdict",
    "earned",
    "of",
    "item",
    "decision",
    "points",
    "comment",
    "by",
    "at",
)
LONGEST = 8000


class ReviewFault(Exception):
    """A table that cannot be read back; the message names its row."""


def code_of(store: Store, key: str) -> str:
    """What stands for a student where nobody is to be recognised."""
    return "anonymous-" + digest_of(store.get("salt"), key)[:8]


def review_table(store: Store, groups: Sequence[Group], answers: Mapping[str, Answer], is_anonymous: bool) -> bytes:
    """A row for each group, which decides for all in it, and below it one for each student; kept as it was shown.

    ``answers`` are the texts by what tells them apart.
    """
    store.set_groups([(group.id, group.question, json.dumps(sorted(group.texts))) for group in groups])
    return csv_of(COLUMNS, _rows(store, groups, answers, is_anonymous))


def _rows(
    store: Store, groups: Sequence[Group], answers: Mapping[str, Answer], is_anonymous: bool
) -> Iterator[list[str]]:
    copies = {file.name: f"{COPIES}/{file.digest}" for file in store.files()} if is_anonymous else {}
    for group in groups:
        count = len(group.members)
        if group.texts:
            answer = answers.get(group.mark.text)
            about = "; ".join(group.mark.person)
            text = answer.text.strip()[:LONGEST] if answer is not None else ""
            yield _row(group, "", text, group.mark, f"{count} students: {about}" if count > 1 else about)
        named = [(code_of(store, row.key) if is_anonymous else row.key, row, mark) for row, mark in group.members]
        for name, row, mark in sorted(named, key=lambda one: one[0]) if count > 1 or not group.texts else ():
            place = copies.get(row.file, "") if is_anonymous else row.file  # the name of a file tells whose it is
            other = answers.get(mark.text) if mark.text != group.mark.text else None
            about = other.text.strip()[:LONGEST] if other is not None else "" if mark.text else f"see {place}"
            yield _row(group, name, about, mark, "; ".join(mark.person) if not group.texts else "")


def _row(group: Group, student: str, text: str, mark: Mark, about: str) -> list[str]:
    verdict = f"{mark.verdict or 'not read'}: {about}" if about else mark.verdict
    points = amount(mark.low, mark.high)
    return [group.question, group.id, student, text, verdict, points, f"{neat(mark.of):g}", *[""] * 6]


class _Read(NamedTuple):
    """A row that came back filled in, with its number."""

    number: int
    cells: dict[str, str]


def read_back(store: Store, homework: Homework, rows: Sequence[Row], data: bytes, by: str) -> int:
    """Takes the decisions of a table that was filled in, all of them or none; how many are new.

    Raises ReviewFault.
    """
    groups = {name: (question, json.loads(texts)) for name, (question, texts) in store.groups().items()}
    students = {row.key: row.key for row in rows} | {code_of(store, row.key): row.key for row in rows}
    marks = {row.key: row.marks for row in rows}
    now = time.strftime("%Y-%m-%dT%H:%M:%S")
    known = read_decisions(store)
    new: list[Decision] = []
    for one in _filled_in(data):
        question, group = one.cells["question"], one.cells["group"]
        if groups.get(group, ("",))[0] != question:
            raise ReviewFault(f"row {one.number}: no group of {question} is called {group!r}: write the table anew")
        student = students.get(one.cells["student"], "") if one.cells["student"] else ""
        if one.cells["student"] and not student:
            raise ReviewFault(f"row {one.number}: nobody in the class is called {one.cells['student']!r}")
        mine = marks.get(student, {}).get(question)
        texts = [mine.text if mine is not None else ""] if student else groups[group][1]
        of = homework.worth(homework.question(question)) or 0.0
        if one.cells["item"]:
            of = _worth_of_item(store, rows, one, texts)
        decision, points = _said(one, of)
        for text in texts:
            made = Decision(
                question, text, student, one.cells["item"], decision, points, one.cells["comment"],
                one.cells["by"] or by, one.cells["at"] or now,
            )  # fmt: skip
            before = known.latest(made.about)
            if before is None or before.said != made.said:
                new.append(made)
    if new:
        store.add_decisions([tuple(one) for one in new])
    return len(new)


def _worth_of_item(store: Store, rows: Sequence[Row], one: _Read, texts: Sequence[str]) -> float:
    """What an item of the rubric is worth in an answer.  Raises ReviewFault."""
    question, item = one.cells["question"], one.cells["item"]
    keys = (row.marks[question].key for row in rows if question in row.marks and row.marks[question].text in texts)
    found = store.judged(next(keys, ""))
    items = json.loads(found[1]).get("marks", {}).get("items", []) if found is not None else []
    worth: dict[str, float] = {told["for"]: told["of"] for told in items}
    if item not in worth:
        raise ReviewFault(f"row {one.number}: the item {item!r} is none of {', '.join(worth) or 'any rubric'}")
    return worth[item]


def _filled_in(data: bytes) -> Iterator[_Read]:
    """The rows in which something was decided."""
    try:
        table = table_in(data)
    except ValueError as fault:
        raise ReviewFault(str(fault)) from None
    header = [cell.strip().lower() for cell in table[0]] if table else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ReviewFault(f"the column {missing[0]!r} is missing: fill in the table that `truestep review` writes")
    for number, row in enumerate(table[1:], start=2):
        cells = {name: uncelled(cell) for name, cell in zip(header, row, strict=False)}
        cells = {name: cells.get(name, "").strip() for name in COLUMNS}
        if cells["decision"] or cells["points"]:
            yield _Read(number, cells)
        elif cells["comment"]:
            raise ReviewFault(f"row {number}: a comment, and nothing decided: fill in decision or points")


def _said(one: _Read, of: float) -> tuple[str, float | None]:
    """What a row decides.  Raises ReviewFault."""
    decision, points = one.cells["decision"].lower(), one.cells["points"].replace(",", ".")
    if decision not in ("", RIGHT, WRONG):
        raise ReviewFault(f"row {one.number}: the decision is {RIGHT}, {WRONG} or nothing, not {decision!r}")
    try:
        value = float(points) if points else None
    except ValueError:
        raise ReviewFault(f"row {one.number}: {points!r} is no number of points") from None
    if value is not None and not 0 <= value <= of:
        raise ReviewFault(f"row {one.number}: {value:g} points of {of:g}")
    return decision, value


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
    needs_person: bool
    files: tuple[str, ...]
    record: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it, and nothing was decided yet."""
        return self.needs_person and not self.decided


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
    made = in_force(decisions.of(group.question, mark.text, row.key))
    told = tuple(f"{one.item + ': ' if one.item else ''}{_what(one)} by {one.by}" for one in made)
    items = tuple(
        Item(one["for"], one["of"], one["why"], one["earned"] == one["of"])
        for one in (record.get("marks") or {}).get("items", ())
    )
    said = () if group.texts or is_anonymous else row.said  # what is said of a hand-in may name others
    return Case(
        group.question,
        group.id,
        names,
        answers.get(mark.text),
        (*mark.person, *said),
        mark.verdict,
        amount(mark.low, mark.high),
        mark.of,
        items,
        told,
        any(one.is_open for _, one in group.members),
        _files(group, is_anonymous),
        record,
    )


def _files(group: Group, is_anonymous: bool) -> tuple[str, ...]:
    """What the files of a group without a text are called."""
    names = [one.file for one, _ in group.members] if not group.texts else []
    shown = (PurePath(name).name for name in names if name)
    return tuple(f"hand-in {place}" if is_anonymous else name for place, name in enumerate(shown, 1))


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
    holding = {
        (one.about, one.said) for text, student in places for one in in_force(known.of(group.question, text, student))
    }
    new = [one for one in made if (one.about, one.said) not in holding]
    if new:
        store.add_decisions([tuple(one) for one in new])
        store.note(f"review: {len(new)} decisions by {by}")
    return len(new)
