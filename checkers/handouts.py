"""A hand-in checked answer by answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.checkers.documents.formats import read_text
from truestep.checkers.documents.scan import hide
from truestep.checkers.documents.work import DocumentFault, Row, Work
from truestep.checkers.handins.reading import macros_from
from truestep.checkers.marking import marked
from truestep.checkers.records import check_work
from truestep.checkers.works.carrying import Earlier
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.finding import Finding
from truestep.problems.findings.table import message_of, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.handins.reading import Answer, Document
    from truestep.problems.homework.homework import Homework, Question
    from truestep.problems.statements.problem import Problem

EMPTY = Work((), (), ())


class Checked(NamedTuple):
    """An answer that was checked: its question, the check record, and the work that the record speaks of."""

    question: Question
    record: dict[str, Any]
    work: Work


def check_document(
    document: Document, homework: Homework, identifier: str, is_diagnosed: bool = True
) -> Iterator[Checked]:
    """The check of each answer, in the order of the homework; a wrong one is carried into what builds on it."""
    written = {one.question: one for one in document.answers}
    wrong: dict[str, tuple[Earlier, ...]] = {}
    for question in homework.questions:
        if question.is_answered:
            earlier = [one for before in homework.carried_into(question) for one in wrong.get(before.id, ())]
            asked = homework.with_worth(question)
            answer, is_lost = written.get(question.id), question.id in document.lost
            checked = check_answer(asked, answer, f"{identifier}/{question.id}", earlier, is_lost, is_diagnosed)
            wrong[question.id] = tuple(wrong_answers(question, checked.record))
            yield checked._replace(question=question)


def check_answer(
    question: Question,
    answer: Answer | None,
    identifier: str,
    earlier: Sequence[Earlier] = (),
    is_lost: bool = False,
    is_diagnosed: bool = True,
) -> Checked:
    """The check of one answer, with marks; where there is none, its box may be lost."""
    assert question.problem is not None
    if answer is None:
        record = _nothing(identifier, "lost-box") if is_lost else _nothing(identifier, "no-answer")
        return Checked(question, _marked(question, record), EMPTY)
    work = work_of(answer, question.problem)
    try:
        record = check_work(work, question.problem, identifier, earlier, is_diagnosed)
    except StatementFault as fault:
        record = {"id": identifier, "error": fault.message, "mend": "author"}
    except DocumentFault as fault:
        record = {"id": identifier, "error": str(fault), "mend": "student"}
    except MemoryError:
        raise  # a worker says that its memory was not enough
    except Exception as fault:  # one answer that fails leaves the others their checks
        message = f"truestep failed here ({type(fault).__name__}); please report this hand-in"
        record = {"id": identifier, "error": message, "mend": "truestep"}
    return Checked(question, _marked(question, record), work)


def work_of(answer: Answer, problem: Problem) -> Work:
    """The work that an answer is, at its place in the file; what holds no mathematics is rows that cannot be read."""
    try:
        work = read_text(answer.text, answer.kind, problem.in_words or "else", problem.symbols)
    except DocumentFault:  # a picture alone: its lines are said to be unreadable, and the other answers are checked
        lines = enumerate(hide(answer.text).split("\n"), start=1)
        work = Work(tuple(Row(line, number, 1) for number, line in lines if line.strip()), (), ())
    macros = {macro.name: macro for macro in (*macros_from(answer.macros), *work.macros)}
    return replace(work.moved(answer.line - 1), macros=tuple(macros.values()))


def _marked(question: Question, record: dict[str, Any]) -> dict[str, Any]:
    """The record with marks where it has none yet: of an empty box, and of what a person reads."""
    assert question.problem is not None
    if "marks" in record and not question.is_by_hand:
        return record
    marks = marked(record, question.problem, (), question.rubric)
    return record if marks is None else {**record, "marks": marks}


def wrong_answers(question: Question, record: dict[str, Any]) -> Iterator[Earlier]:
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
