"""Answers that mean the same, in one group each: a person decides once for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from truestep.checkers.workers import Ended
from truestep.classes.program import program
from truestep.classes.store import digest_of
from truestep.classes.totals import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.checkers.workers import Workers
    from truestep.classes.store import Store
    from truestep.classes.totals import Mark, Row
    from truestep.problems.homework.homework import Homework, Question

SAME = "truestep.classes.groups:same"
MOST_COMPARED = 40  # groups of one question that a further answer is compared with


@dataclass
class Group:
    """Answers to one question that mean the same: their texts, and who gave them."""

    question: str
    mark: Mark
    texts: list[str] = field(default_factory=list)
    members: list[tuple[Row, Mark]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """What the group is called: the same as long as its first text is in it."""
        first = min(self.texts) if self.texts else self.members[0][0].key
        return digest_of(self.question, first)[:10]


def same(statement: str, one: str, other: str) -> str:
    """Whether two answers to a problem are proved equal: ``yes`` or ``no``, for a worker."""
    from truestep.checkers.records import check_record

    problem = {**json.loads(statement), "find": [], "answer": [one], "must_show": [], "final_form": [], "only": []}
    found = check_record({"problem": {key: value for key, value in problem.items() if value}, "lines": [other]})
    return "yes" if found.get("verdict") == "right" else "no"


def grouped(
    store: Store, homework: Homework, rows: Sequence[Row], workers: Workers, wants_all: bool = False
) -> list[Group]:
    """The answers that a person has to look at, or all of them, question by question; the largest groups first."""
    out: list[Group] = []
    for question in homework.questions:
        if question.is_answered:
            here = [(row, row.marks[question.id]) for row in rows if question.id in row.marks]
            wanted = [(row, mark) for row, mark in here if mark.is_open or (wants_all and (mark.key or mark.decided))]
            groups = list(_groups(store, question, wanted, workers))
            out += sorted(groups, key=lambda one: (-len(one.members), one.id))
    return out


def _groups(store: Store, question: Question, wanted: Iterable[tuple[Row, Mark]], workers: Workers) -> Iterable[Group]:
    by_key: dict[str, Group] = {}
    for row, mark in wanted:
        key = mark.text or f"file of {row.key}"
        group = by_key.setdefault(key, Group(question.id, mark, [mark.text] if mark.text else []))
        group.members.append((row, mark))
    by_sign: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for key, group in sorted(by_key.items()):
        record = _record(store, group.mark)
        sign, final = _sign(record, key, group.mark)
        rivals = by_sign[sign]
        found = next((one for one in rivals[:MOST_COMPARED] if _is_same(store, question, one, final, workers)), None)
        if found is None:
            rivals.append(group)
        else:
            found.texts += group.texts
            found.members += group.members
    return [group for groups in by_sign.values() for group in groups]


def _record(store: Store, mark: Mark) -> dict[str, Any]:
    found = store.judged(mark.key) if mark.key else None
    record: dict[str, Any] = json.loads(found[1]) if found is not None else {}
    return record


def _sign(record: dict[str, Any], key: str, mark: Mark) -> tuple[tuple[str, ...], str]:
    """What answers of one group have in common, and the final answer where they have to be proved equal.

    The first line that was not read or decided, as it was written; else what they earn; else the text itself.
    """
    lines = record.get("lines", ())
    unread = next((line for line in lines if line["verdict"] in ("unreadable", "undecided")), None)
    if unread is not None and "text" in unread:
        return ("unread", "".join(unread["text"].replace("&", "").split())), ""
    if record.get("final", {}).get("verdict") == "right":
        return ("right", mark.verdict, amount(mark.low, mark.high)), ""  # all of them equal the reference
    final = _final_of(record)
    if not final:
        return ("text", key), ""
    return ("answer", mark.verdict, amount(mark.low, mark.high)), final


def _final_of(record: dict[str, Any]) -> str:
    """The final answers as they were written."""
    return " \\quad ".join(one.get("answer", "") for one in record.get("final", {}).get("answers", ()))


def _is_same(store: Store, question: Question, group: Group, final: str, workers: Workers) -> bool:
    """Whether the final answer is that of a group: as it was written, or proved to be equal; kept in the store."""
    if not final:
        return True  # what they have in common says it all
    other = _final_of(_record(store, group.mark))
    if final == other:
        return True
    assert question.problem is not None
    if question.problem.kind != "expression" or len(question.problem.find) != 1:
        return False
    statement = msgspec.json.encode(question.problem).decode()
    key = digest_of("same", program(), statement, *sorted((final, other)))
    kept = store.brief(key)
    if kept is None:
        try:
            kept = workers.ask(SAME, statement, other, final)
        except Ended:
            kept = "no"
        store.add_judged(key, "same", kept, "")
    return kept == "yes"
