"""A filled-in handout checked box by box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.documents.boxes import works
from checkers.documents.work import DocumentFault
from checkers.records import check_work
from derivations.faults import StatementFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers.documents.work import Row, Work
    from problems.homework import Homework, Question


class Checked(NamedTuple):
    """A box that was checked: its question, the check record, and the rows that the record speaks of."""

    question: Question
    record: dict[str, Any]
    rows: tuple[Row, ...]


def check_boxes(source: str, homework: Homework, identifier: str) -> Iterator[Checked]:
    """The check of each box, in the order of the homework.

    Raises DocumentFault where the marks of the handout are damaged.
    """
    asked = {question.id: question.problem for question in homework.questions if question.problem is not None}
    written = works(source, {name: problem.in_words or "else" for name, problem in asked.items()})
    for question in homework.questions:
        if question.is_answered:
            yield _checked(question, written, f"{identifier}/{question.id}")


def _checked(question: Question, written: dict[str, Work | None], identifier: str) -> Checked:
    if question.id not in written:
        return Checked(question, _nothing(identifier, "the handout has lost this box"), ())
    work = written[question.id]
    if work is None:
        return Checked(question, _nothing(identifier, "nothing is written in this box"), ())
    assert question.problem is not None
    try:
        record = check_work(work, question.problem, identifier)
    except StatementFault as fault:
        record = {"id": identifier, "error": fault.message, "mend": "author"}
    except DocumentFault as fault:
        record = {"id": identifier, "error": str(fault), "mend": "student"}
    return Checked(question, record, work.rows)


def _nothing(identifier: str, message: str) -> dict[str, Any]:
    """The record of a box without an answer."""
    return {
        "id": identifier,
        "verdict": "not_checked",
        "final": {"line": None, "verdict": "not_checked", "reason": message},
        "first_wrong_line": None,
        "lines": [],
        "findings": [{"line": None, "kind": "missing", "code": "no-answer", "message": message, "span": None}],
    }
