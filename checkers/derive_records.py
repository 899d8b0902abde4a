"""Derive records: a problem in, its derivation out; no line leaves that the examiner does not find right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.checkers.documents.work import typed
from truestep.checkers.records import answer_line, answer_record
from truestep.checkers.works.examine import examine
from truestep.checkers.works.strictly import all_hold
from truestep.derivations.deriving.displays.presenting import Line, lines, named_rows, record_lines
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.effort import TooLarge
from truestep.problems.derived import derived
from truestep.problems.kinds.working import Row, Worked, worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.steps import Solution
    from truestep.problems.statements.problem import Problem


@dataclass(frozen=True, slots=True)
class Options:
    """How a derivation is asked for; ``layout`` and ``route`` are the problem's own where they are None."""

    detail: str = "normal"
    layout: str | None = None
    route: str | None = None


def derive_line(raw: str, number: int, options: Options | None = None) -> dict[str, Any]:
    """The derive record of one line of a records file; never raises.

    >>> derive_line("no json", 3)["id"]
    3
    """
    return answer_line(raw, number, lambda record: derive_record(record, options))


def derive_record(record: dict[str, Any], options: Options | None = None) -> dict[str, Any]:
    r"""The derive record of one problem; never raises.

    >>> asked = r"\frac{\partial f}{\partial x}"
    >>> square = {"symbols": {"x": "n", "f": "scalar"}, "given": ["f = x^T x"], "find": asked}
    >>> derive_record({"id": 1, "problem": square})["answer"]
    '2 x'
    """
    chosen = options or Options()
    return answer_record(record, lambda one, problem: {"id": one.get("id"), **solution_record(problem, chosen)})


def solution_record(problem: Problem, options: Options) -> dict[str, Any]:
    """The record without its id: derived, with lines that were checked, or stuck, with the place and the reason."""
    try:
        of_kind = worked_out(problem)
        if of_kind:
            return _record_of_kind(of_kind, problem.kind)
        solutions, rows = solved(problem, options)
    except Stuck as stuck:
        return {"status": "stuck", "stuck_at": str(stuck)}
    answers, codes = [latex(one.answer, one.notation) for one in solutions], [one.numpy for one in solutions]
    return {
        "status": "derived",
        "answer": answers[0] if len(answers) == 1 else answers,
        "numpy": codes[0] if len(codes) == 1 else codes,
        "lines": record_lines(rows),
        "rules": [row.rule for row in rows],
    }


def worked_out(problem: Problem) -> tuple[Worked, ...]:
    """The shapes, sizes or counts that a problem asks for, worked out and found right by the check of their kind.

    Nothing where its answers are of another kind.  Raises StatementFault, and Stuck.
    """
    if problem.kind in ("choice", "order"):
        raise Stuck("find", f"a problem of the kind {problem.kind!r} has no derivation")
    made = worked(problem)
    if made:
        record = examine(typed([f"{one.name} {one.answer}" for one in made]), problem)
        if record["verdict"] != "right":
            reason = record["final"].get("reason", record["verdict"])
            raise Stuck(made[0].name, f"this was worked out, but not verified ({reason})")
    return made


def _record_of_kind(made: tuple[Worked, ...], kind: str) -> dict[str, Any]:
    """The record; the lines of a count stand without the names of the layers, which are words."""
    answers = [re.sub(r"^(?:=|:|\\in)\s*", "", one.answer) for one in made]
    rows = [row for one in made for row in (*one.rows, Row(one.name, one.answer, "result"))]
    return {
        "status": "derived",
        "answer": answers[0] if len(answers) == 1 else answers,
        "lines": [row.right.removeprefix("= ") if kind == "count" else f"{row.left} {row.right}" for row in rows],
        "rules": [row.reason for row in rows],
    }


def solved(problem: Problem, options: Options) -> tuple[tuple[Solution, ...], tuple[Line, ...]]:
    """The solutions and their rows, each row found right by the examiner.

    Raises StatementFault, and Stuck, also where a row could not be verified.
    """
    solutions = derived(problem, layout=options.layout, route=options.route)
    rows: list[Line] = []
    named: list[Line] = []
    for place, solution in enumerate(solutions):
        own = lines(solution, options.detail)
        verify(problem, place, (*named, *own), options, len(named))
        rows += own
        named += own[-1:] if solution.is_root else named_rows(own)
    return solutions, tuple(rows)


def verify(problem: Problem, place: int, rows: tuple[Line, ...], options: Options, named: int = 0) -> None:
    """Raises Stuck at the first row that the examiner does not find right; the first ``named`` were found so before."""
    asked = structs.replace(problem, find=problem.find[place : place + 1], layout=options.layout or problem.layout)
    if len(problem.find) > 1:
        asked = structs.replace(asked, answer=problem.answer[place : place + 1])
    if all_hold(record_lines(rows), asked, named):
        return
    unsure = _unsure(rows, asked)
    if unsure is not None and str(TooLarge()) in str(unsure):  # each display by itself
        blocks = [list(block) for _, block in groupby(rows, lambda row: row.block)]
        names = [row for row in rows if row.names]
        each = (_unsure((*(row for row in names if row not in block), *block), asked) for block in blocks)
        unsure = next((one for one in each if one is not None), None)
    if unsure is not None:
        raise unsure


def _unsure(rows: Sequence[Line], asked: Problem) -> Stuck | None:
    """The first row that the examiner does not find right as a row of a work, with all that is granted there."""
    texts = record_lines(tuple(rows))
    record = examine(typed(texts), asked, is_diagnosed=False)
    for text, line in zip(texts, record["lines"], strict=True):
        if line["verdict"] != "right" and not (line["verdict"] == "not_checked" and line.get("role") == "definition"):
            return Stuck(text, f"this line was derived, but not verified ({line.get('reason', line['verdict'])})")
    return None
