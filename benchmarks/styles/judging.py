"""What is said of a case: right, wrong or open; and of a slip whether it was found at its row."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from benchmarks.guard import OutOfTime, time_limit
from benchmarks.styles.cases import Case
from benchmarks.styles.documents import Place
from truestep.checkers.documents.formats import read_text
from truestep.checkers.works.examine import examine

RIGHT, WRONG, OPEN = "right", "called wrong", "open"
FOUND, ACCEPTED, OTHER = "found", "accepted", "other"


@dataclass(frozen=True)
class Outcome:
    """A case with what became of it, why, and how long that took."""

    case: Case
    outcome: str
    why: str = ""
    milliseconds: float = 0.0


def judged(case: Case, limit: float) -> Outcome:
    """Check a case."""
    start = time.thread_time()
    try:
        with time_limit(limit):
            work = read_text(case.document.text, case.document.kind, case.problem.in_words)
            record = examine(work, case.problem)
    except OutOfTime:
        return Outcome(case, OTHER if case.slip else OPEN, "out of time", 1000 * limit)
    except Exception as fault:
        return Outcome(case, OTHER if case.slip else OPEN, f"{type(fault).__name__}: {fault}")
    outcome, why = _with_slip(record, case) if case.slip else _without_slip(record)
    return Outcome(case, outcome, why, 1000 * (time.thread_time() - start))


def _without_slip(record: dict[str, Any]) -> tuple[str, str]:
    wrong = [line for line in record["lines"] if line["verdict"] == "wrong"]
    if wrong or record["verdict"] == "wrong":
        return WRONG, _said(record, wrong[0]) if wrong else str(record["final"])
    if record["verdict"] == "right":
        return RIGHT, ""
    left = [line for line in record["lines"] if line["verdict"] not in ("right", "not_checked")]
    return OPEN, _said(record, left[0]) if left else f"final: {record['final']['verdict']}"


def _with_slip(record: dict[str, Any], case: Case) -> tuple[str, str]:
    assert case.wrong_row is not None
    here = [line for line in record["lines"] if overlaps(line["source"], case.document.rows[case.wrong_row])]
    verdicts = [line["verdict"] for line in here]
    if set(verdicts) == {"right"} or (record["verdict"] == "right" and set(verdicts) <= {"right", "not_checked"}):
        return ACCEPTED, _said(record, here[0]) if here else "not a line"
    first = record["first_wrong_line"]
    if first is not None and first in [line["line"] for line in here]:
        return FOUND, ""
    if first is not None:
        return OTHER, "first wrong elsewhere: " + _said(record, record["lines"][first])
    return OTHER, _said(record, here[0]) if here else "not a line"


def overlaps(source: dict[str, int], row: tuple[Place, Place]) -> bool:
    """Whether a line of the record and a row of the document have a character in common."""
    cell = source.get("cell", 0)
    start, end = (cell, source["line"], source["column"]), (cell, source["end_line"], source["end_column"])
    return start < row[1] and row[0] < end


def _said(record: dict[str, Any], line: dict[str, Any]) -> str:
    codes = [one["code"] for one in record["findings"] if one["line"] == line["line"]]
    return f"{line['verdict']} {line.get('text', '')!r} read {line.get('read', '')!r}: {line.get('reason', '')} {codes}"
