"""Reports to hand back: one for each student, without anything of anyone else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from truestep.checkers.handouts import EMPTY, work_of
from truestep.classes.decisions import read_decisions
from truestep.reports.marks_shown import marks_of
from truestep.reports.model import Report
from truestep.reports.pieces import text_of
from truestep.reports.record_part import part_of_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.classes.decisions import Decision
    from truestep.classes.store import Store
    from truestep.classes.totals import Mark, Row
    from truestep.problems.homework.homework import Homework


def reports(
    store: Store, homework: Homework, rows: Sequence[Row], answers: Mapping[str, Answer], reveal: str
) -> Iterator[tuple[Row, Report]]:
    """The report of each student who handed something in."""
    decisions = read_decisions(store)
    for row in rows:
        if row.state == "nothing handed in":
            continue
        parts = []
        for question in homework.questions:
            mark = row.marks.get(question.id)
            if mark is None or question.problem is None:
                continue
            record = _record(store, mark, row)
            made = decisions.of(question.id, mark.text, row.key)
            record = {**record, "marks": _as_decided(record.get("marks"), mark, made)}
            answer = answers.get(mark.text)
            work = work_of(answer, question.problem) if answer is not None else EMPTY
            title = question.title or question.problem.title
            parts.append(part_of_record(record, work, question.problem, title, reveal, question.id))
        whole: dict[str, Any] = {"of": row.of, **_ends(row.low, row.high)}
        title = homework.title + (f" ({row.late})" if row.late else "")
        report = Report(text_of(title), row.name or row.key, tuple(parts), marks=marks_of(whole))
        yield row, replace(report, is_homework=True)


def _record(store: Store, mark: Mark, row: Row) -> dict[str, Any]:
    """What was judged of an answer; where nothing was, that a person reads it."""
    found = store.judged(mark.key) if mark.key else None
    if found is not None:
        record: dict[str, Any] = json.loads(found[1])
        return record
    reason = {"empty": "nothing was handed in here"}.get(row.state, f"this hand-in is {row.state}")
    final = {"line": None, "verdict": "not_checked", "reason": reason}
    return {"id": "", "verdict": "not_checked", "final": final, "first_wrong_line": None, "lines": [], "findings": []}


def _as_decided(marks: Any, mark: Mark, made: Sequence[Decision]) -> dict[str, Any]:
    """The marks of an answer with what people decided of it."""
    if not made:
        return marks if isinstance(marks, dict) else {"of": mark.of, "items": [], **_ends(mark.low, mark.high)}
    why = "; ".join(one.comment for one in made if one.comment) or "a person decided"
    item = {"for": "a person's decision", "of": mark.of, "why": why, **_ends(mark.low, mark.high)}
    return {"of": mark.of, "items": [item], "for_a_person": [], **_ends(mark.low, mark.high)}


def _ends(low: float, high: float) -> dict[str, float | None]:
    return {"earned": low} if low == high else {"earned": None, "at_least": low, "at_most": high}
