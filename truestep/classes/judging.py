"""One answer judged, in a worker: plain text in, plain text out; the same answer is asked for once in a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from truestep.classes.store import digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.handins.reading import Answer
    from truestep.problems.homework.homework import Homework, Question

JUDGED = "truestep.classes.judging:judged"
LEFT_OPEN = "truestep.classes.judging:left_open"
LOST = "lost"
Wrong = tuple[str, str, str, tuple[str, ...]]  # the part, what was asked, the answer, the cases


class Brief(Struct, frozen=True, omit_defaults=True):
    """What marks and tables need of a record: points, what a person looks at, mistakes, wrong answers to carry."""

    verdict: str
    low: float
    high: float
    of: float
    person: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    answers: bool = True
    error: str = ""


class Judged(Struct, frozen=True):
    """The answer of a worker."""

    brief: msgspec.Raw
    record: msgspec.Raw


def asked(question: Question, homework: Homework) -> str:
    """A question as it is sent to workers: what it asks and what it is worth, without its texts."""
    worth = homework.with_worth(question)
    assert worth.problem is not None
    problem = structs.replace(worth.problem, text="", title="", source="")
    plain = structs.replace(worth, title="", text="", model_answer="", figures=(), shown=(), box=1.0, carries=None)
    return msgspec.json.encode(structs.replace(plain, problem=problem)).decode()


def request(question: str, answer: Answer | None, earlier: Sequence[Wrong], is_lost: bool) -> tuple[str, str, str, str]:
    """What a worker is asked: the same for the same answer, wherever it stands in its file."""
    told = "" if answer is None else msgspec.json.encode(structs.replace(answer, question="", line=1)).decode()
    return question, told, msgspec.json.encode(list(earlier)).decode(), LOST if is_lost and answer is None else ""


def key_of(program: str, asked_for: tuple[str, str, str, str]) -> str:
    """What the judging of an answer is kept under: the program, the statement, the answer, what is carried into it."""
    return digest_of(program, *asked_for)


def judged(question: str, answer: str, earlier: str, lost: str) -> str:
    """The brief and the record of an answer, as JSON."""
    from truestep.checkers.handins.reading import Answer
    from truestep.checkers.handouts import check_answer, wrong_answers
    from truestep.checkers.works.carrying import Earlier
    from truestep.problems.homework.homework import Question

    stated = msgspec.json.decode(question, type=Question)
    written = msgspec.json.decode(answer, type=Answer) if answer else None
    carried = [Earlier(*one) for one in msgspec.json.decode(earlier, type=list[Wrong])]
    record = check_answer(stated, written, stated.id, carried, lost == LOST).record
    wrong = tuple((one.part, one.asked, one.answer, one.cases) for one in wrong_answers(stated, record))
    return _told(record, wrong)


def left_open(question: str, answer: str, earlier: str, lost: str, limit: str, reason: str) -> str:
    """As ``judged``, where a limit ended the judging."""
    from truestep.checkers.documents.cases import conditioned
    from truestep.checkers.handins.reading import Answer
    from truestep.checkers.handouts import work_of
    from truestep.checkers.marking import marked
    from truestep.checkers.works.recording import unjudged
    from truestep.problems.homework.homework import Question

    stated = msgspec.json.decode(question, type=Question)
    assert stated.problem is not None
    work = work_of(msgspec.json.decode(answer, type=Answer), stated.problem)
    record = {"id": stated.id, **unjudged(conditioned(work), limit, reason)}
    marks = marked(record, stated.problem, (), stated.rubric)
    return _told(record | ({"marks": marks} if marks is not None else {}), ())


def not_judged(question: str, reason: str) -> str:
    """As ``judged``, where not even the rows can be told."""
    from truestep.checkers.marking import marked
    from truestep.problems.homework.homework import Question

    stated = msgspec.json.decode(question, type=Question)
    assert stated.problem is not None
    record: dict[str, Any] = {"id": stated.id, "error": reason, "mend": "truestep"}
    marks = marked(record, stated.problem)
    return _told(record | ({"marks": marks} if marks is not None else {}), ())


def _told(record: dict[str, Any], wrong: Sequence[Wrong]) -> str:
    from truestep.commands.status import as_json
    from truestep.problems.findings.table import row_of

    marks = record.get("marks") or {"earned": 0, "of": 0, "for_a_person": []}
    low, high = (marks["earned"] if marks["earned"] is not None else marks[end] for end in ("at_least", "at_most"))
    blamed = (one["code"] for one in record.get("findings", ()) if row_of(one["code"]).is_blamed)
    person = [one["message"] for one in marks["for_a_person"]]
    final = record.get("final", {})
    is_answer = final.get("verdict") == "right" or any(one.get("line") is not None for one in final.get("answers", ()))
    brief = Brief(
        record.get("verdict", "error"),
        low,
        high,
        marks["of"],
        tuple(person or ([record["error"]] if "error" in record else [])),
        tuple(dict.fromkeys(blamed)),
        tuple(wrong),
        is_answer,
        record.get("error", ""),
    )
    return f'{{"brief": {msgspec.json.encode(brief).decode()}, "record": {as_json(record)}}}'
