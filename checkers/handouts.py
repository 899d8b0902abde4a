"""A filled-in handout checked box by box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from truestep.checkers.documents.boxes import works
from truestep.checkers.documents.work import DocumentFault, Work
from truestep.checkers.marking import marked
from truestep.checkers.records import check_work
from truestep.checkers.works.carrying import Earlier
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.finding import Finding
from truestep.problems.findings.table import message_of, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.problems.homework.homework import Homework, Question

EMPTY = Work((), (), ())


class Checked(NamedTuple):
    """A box that was checked: its question, the check record, and the work that the record speaks of."""

    question: Question
    record: dict[str, Any]
    work: Work


def check_boxes(source: str, homework: Homework, identifier: str) -> Iterator[Checked]:
    """The check of each box, in the order of the homework; a wrong answer is carried into the parts that build on it.

    Raises DocumentFault where the marks of the handout are damaged.
    """
    asked = {question.id: question.problem for question in homework.questions if question.problem is not None}
    written = works(source, {name: problem.in_words or "else" for name, problem in asked.items()})
    wrong: dict[str, tuple[Earlier, ...]] = {}
    for question in homework.questions:
        if question.is_answered:
            earlier = [one for before in homework.carried_into(question) for one in wrong.get(before.id, ())]
            worth = _worth(question, homework)
            checked = _checked(worth, written, f"{identifier}/{question.id}", earlier)
            wrong[question.id] = tuple(_wrong(question, checked.record))
            yield Checked(question, _marked(worth, checked.record), checked.work)


def _checked(
    question: Question, written: dict[str, Work | None], identifier: str, earlier: Sequence[Earlier]
) -> Checked:
    if question.id not in written:
        return Checked(question, _nothing(identifier, "lost-box"), EMPTY)
    work = written[question.id]
    if work is None:
        return Checked(question, _nothing(identifier, "no-answer"), EMPTY)
    assert question.problem is not None
    try:
        record = check_work(work, question.problem, identifier, earlier)
    except StatementFault as fault:
        record = {"id": identifier, "error": fault.message, "mend": "author"}
    except DocumentFault as fault:
        record = {"id": identifier, "error": str(fault), "mend": "student"}
    except Exception as fault:  # one box that fails leaves the others their checks
        message = f"truestep failed here ({type(fault).__name__}); please report this handout"
        record = {"id": identifier, "error": message, "mend": "truestep"}
    return Checked(question, record, work)


def _worth(question: Question, homework: Homework) -> Question:
    """The question with the points that the homework gives it."""
    assert question.problem is not None
    return structs.replace(question, problem=structs.replace(question.problem, points=homework.worth(question)))


def _marked(question: Question, record: dict[str, Any]) -> dict[str, Any]:
    """The record with marks where it has none yet: of an empty box, and of what a person reads."""
    assert question.problem is not None
    if "marks" in record and not question.is_by_hand:
        return record
    marks = marked(record, question.problem, (), question.rubric)
    return record if marks is None else {**record, "marks": marks}


def _wrong(question: Question, record: dict[str, Any]) -> Iterator[Earlier]:
    """The wrong answers of a part, which later parts may rest on."""
    assert question.problem is not None
    for answer in record.get("final", {}).get("answers", ()):
        if answer["verdict"] == "wrong" and "answer" in answer and answer["find"] in question.problem.find:
            cases = (*question.problem.distinct_indices, *([answer["case"]] if "case" in answer else ()))
            yield Earlier(question.id, answer["find"], answer["answer"], cases)


def _nothing(identifier: str, code: str) -> dict[str, Any]:
    """The record of a box without an answer."""
    return {
        "id": identifier,
        "verdict": "not_checked",
        "final": {"line": None, "verdict": "not_checked", "reason": message_of(code, {})},
        "first_wrong_line": None,
        "lines": [],
        "findings": [recorded(Finding(code, (0, 0)), None, None)],
    }
