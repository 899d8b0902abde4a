"""Check records: one problem and one piece of work in, one record out, whatever the input holds."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from truestep.checkers.documents import DocumentFault, NothingFound, Work, read_text
from truestep.checkers.documents.cases import conditioned
from truestep.checkers.documents.formats import sniff
from truestep.checkers.documents.work import typed
from truestep.checkers.marking import marked
from truestep.checkers.works.examine import examine
from truestep.checkers.works.recording import unjudged
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.named import problem_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.remembering.precedents import Precedents
    from truestep.checkers.works.carrying import Earlier
    from truestep.problems.statements.problem import Problem

MAX_RECORD = 64 * 1024 * 1024


def check_line(raw: str, number: int, is_diagnosed: bool = True) -> dict[str, Any]:
    """The output record of one line of a records file; never raises.

    >>> check_line("no json", 3)["id"]
    3
    """
    return answer_line(raw, number, partial(check_record, is_diagnosed=is_diagnosed))


def check_record(record: dict[str, Any], is_diagnosed: bool = True) -> dict[str, Any]:
    """The output record of one check record; never raises.

    >>> problem = {"symbols": {"s": "scalar"}, "answer": "s(1-s)"}
    >>> check_record({"id": 1, "problem": problem, "lines": ["s - s^2"]})["verdict"]
    'right'
    """
    return answer_record(record, partial(_checked, is_diagnosed=is_diagnosed))


def _checked(record: dict[str, Any], problem: Problem, is_diagnosed: bool) -> dict[str, Any]:
    try:
        work = _work(record, problem)
    except NothingFound as fault:
        out = check_work(Work((), (), (), unseen=fault.unseen), problem, record.get("id"))
        return {**out, "final": out["final"] | {"reason": str(fault)}}
    return check_work(work, problem, record.get("id"), is_diagnosed=is_diagnosed)


def unjudged_record(record: dict[str, Any], limit: str, reason: str) -> dict[str, Any]:
    """The output record of a check record whose judging a limit ended: every row is left open."""

    def left_open(record: dict[str, Any], problem: Problem) -> dict[str, Any]:
        out = unjudged(conditioned(_work(record, problem)), limit, reason)
        marks = marked(out, problem, ())
        return {"id": record.get("id"), **out, **({} if marks is None else {"marks": marks})}

    return answer_record(record, left_open)


def answer_line(raw: str, number: int, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """The answer to the record on one line, or a record that says what is wrong with the line."""
    if len(raw) > MAX_RECORD:
        return _fault(number, f"line {number} is longer than {MAX_RECORD} characters", "author")
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        return _fault(number, f"line {number} is no JSON", "author")
    if not isinstance(record, dict):
        return _fault(number, f"line {number} is no JSON object", "author")
    return answer({"id": number, **record})


def answer_record(
    record: dict[str, Any], answer: Callable[[dict[str, Any], Problem], dict[str, Any]]
) -> dict[str, Any]:
    """The answer to a record about its problem, or a record that says who must mend what."""
    identifier = record.get("id")
    try:
        problem, ignored = problem_stated(record.get("problem"))
        return {**answer(record, problem), **({"ignored": list(ignored)} if ignored else {})}
    except StatementFault as fault:
        return _fault(identifier, fault.message, "author")
    except DocumentFault as fault:
        return _fault(identifier, str(fault), "student")
    except MemoryError:
        raise  # a worker says that its memory was not enough
    except Exception as fault:
        return _fault(
            identifier, f"truestep failed here ({type(fault).__name__}); please report this record", "truestep"
        )


def check_work(
    work: Work,
    problem: Problem,
    identifier: Any,
    earlier: Sequence[Earlier] = (),
    is_diagnosed: bool = True,
    precedents: Precedents | None = None,
) -> dict[str, Any]:
    """The check record of a work, with marks; what rests on a wrong ``earlier`` part is carried.

    Rows that were decided before, as the ``precedents`` have it, are not judged again.

    Raises StatementFault where the problem cannot be used.
    """
    record = examine(work, problem, earlier, is_diagnosed, precedents)
    marks = marked(record, problem, record.pop("shown", ()))
    return {"id": identifier, **record, **({} if marks is None else {"marks": marks})}


def _work(record: dict[str, Any], problem: Problem) -> Work:
    lines = record.get("lines")
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return typed(lines)
    if isinstance(record.get("submission"), str):
        return read_text(record["submission"], sniff(record["submission"]), problem.in_words, problem.symbols)
    raise DocumentFault("the work is missing: give `lines` as a list of texts, or `submission` as one text")


def _fault(identifier: Any, message: str, who: str) -> dict[str, Any]:
    return {"id": identifier, "error": message, "mend": who}
