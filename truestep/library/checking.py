"""A work checked: ``truestep.check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from truestep.checkers.documents.cases import conditioned
from truestep.checkers.records import check_work
from truestep.checkers.works.recording import unjudged
from truestep.derivations.language.faults import StatementFault
from truestep.library.given import AnyProblem, AnyWork, Source, packed, problem_of, unpacked
from truestep.library.in_time import asked
from truestep.library.reporting import Report, report_of
from truestep.problems.statements.problem import Problem
from truestep.reports.levels import Reveal

if TYPE_CHECKING:
    from truestep.checkers.remembering.precedents import Precedents

JUDGED = "truestep.library.checking:judged"


def check(
    work: AnyWork,
    problem: AnyProblem = None,
    *,
    timeout: float | None = None,
    diagnosis: bool = True,
    reveal: Reveal = "none",
) -> Report:
    r"""Checks a worked answer: which lines hold, whether the answer is right, and what went wrong first.

    ``work`` is a text (LaTeX, Markdown, plain), a ``Path``, or a sequence of rows; ``problem`` an id of the book, a
    path, a table of the keys of a statement, a ``Problem``, or SymPy objects; without it the work states its own.  With
    a ``timeout``, in seconds, a worker judges, and what takes longer is undecided; without, it is judged in this
    process.  ``diagnosis=False`` gives the same verdicts without names of mistakes, faster.  ``reveal`` says how much
    of the solution the report shows.

    Raises StatementFault where the problem cannot be used, DocumentFault where the work holds nothing to read, OSError.

    >>> report = check(["s(1 - s)", "= s - s"], {"symbols": {"s": "scalar"}, "answer": "s - s^2"})
    >>> report.verdict, report.first_wrong, report.lines[1].witness.values
    ('wrong', 1, {'s': -1})
    """
    source = Source.of(work)
    stated = source.stated if problem is None else problem_of(problem)
    if stated is None:
        raise StatementFault("the work does not state its problem: give one")
    if timeout is None:
        return report_of(record_of(source, stated, diagnosis), source, stated, reveal)
    source.read(stated)  # what cannot be read is the caller's to mend
    try:
        record: dict[str, Any] = json.loads(asked(JUDGED, timeout, packed(source, stated), diagnosis))
    except (TimeoutError, MemoryError) as fault:
        limit = "time" if isinstance(fault, TimeoutError) else "memory"
        record = {"id": None, **unjudged(conditioned(source.read(stated)), limit, str(fault))}
    return report_of(record, source, stated, reveal)


def judged(given: str, is_diagnosed: bool) -> str:
    """The check record of what was packed; asked of workers."""
    return json.dumps(record_of(*unpacked(given), is_diagnosed))


def record_of(
    source: Source, problem: Problem, is_diagnosed: bool, precedents: Precedents | None = None
) -> dict[str, Any]:
    """The check record of a work; the same with ``precedents``.  Raises StatementFault and DocumentFault."""
    return check_work(
        source.read(problem), problem, source.name or None, is_diagnosed=is_diagnosed, precedents=precedents
    )
