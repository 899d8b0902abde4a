"""A filled-in handout checked box by box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.documents.boxes import works
from checkers.documents.work import DocumentFault, Work
from checkers.records import check_work
from derivations.faults import StatementFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from problems.homework import Homework, Question

EMPTY = Work((), (), ())


class Checked(NamedTuple):
    """A box that was checked: its question, the check record, and the work that the record speaks of."""

    question: Question
    record: dict[str, Any]
    work: Work


def check_boxes(source: str, homework: Homework, identifier: str) -> Iterator[Checked]:
    """The check of each box, in the order of the homework.

    Raises DocumentFault where the marks of the handout are damaged.
    """
    written = works(source)
    for question in homework.questions:
        if question.is_answered:
            yield _checked(question, written, f"{identifier}/{question.id}")


def _checked(question: Question, written: dict[str, Work | None], identifier: str) -> Checked:
    if question.id not in written:
        return Checked(question, _nothing(identifier, "the handout has lost this box"), EMPTY)
    work = written[question.id]
    if work is None:
        return Checked(question, _nothing(identifier, "nothing is written in this box"), EMPTY)
    assert question.problem is not None
    try:
        record = check_work(work, question.problem, identifier)
    except StatementFault as fault:
        record = {"id": identifier, "error": fault.message, "mend": "author"}
    except DocumentFault as fault:
        record = {"id": identifier, "error": str(fault), "mend": "student"}
    return Checked(question, record, work)


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
