"""The solution that a sheet shows: derived, in the form that the statement asks for, and marked as a student's work."""

from __future__ import annotations

import functools
import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.checkers.derive_records import Options, solved, verify
from truestep.checkers.documents.work import typed
from truestep.checkers.form.merits import alike
from truestep.checkers.records import check_work
from truestep.checkers.sampling import numbers
from truestep.checkers.works.examine import examine
from truestep.derivations.deriving.displays.presenting import Line, lines, named_rows, record_lines
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.writing import latex
from truestep.problems.sheets.solving import Derived
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Marking
from truestep.problems.statements.rubric import rubric_of
from truestep.problems.statements.statement import problem_from, statement_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.steps import Solution
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.problem import Problem


def derive(problem: Problem, detail: str) -> Sequence[Derived]:
    """All that a problem asks for, derived up to the form of its reference; each row is found right by the examiner.

    Raises StatementFault, and Stuck.
    """
    return _derived(json.dumps(statement_of(problem)), detail)


@functools.lru_cache(maxsize=256)
def _derived(statement: str, detail: str) -> Sequence[Derived]:
    """What was derived, kept for other sheets and submissions; Stuck and StatementFault are met again."""
    problem, options = problem_from(json.loads(statement)), Options(detail)
    try:
        solutions, _ = solved(problem, options)
        setting = setting_of(problem)
        made: list[Derived] = []
        named: list[Line] = []
        for place, one in enumerate(solutions):
            plain = Derived(one.asked, _shown(one), lines(one, detail), one.notation)
            made.append(in_form(plain, setting, place, options, named))
            named += named_rows(plain.lines)
        before = lines_to_show(problem, tuple(row for one in made for row in one.lines), options)
    except (Stuck, StatementFault):
        raise
    except Exception as fault:  # one question that fails leaves the others their solutions
        raise Stuck(problem.id, f"truestep failed here ({type(fault).__name__}); please report this problem") from fault
    made[0] = made[0]._replace(lines=(*before, *made[0].lines))
    values = numbers(problem) if problem.kind == "numbers" else [None] * len(made)
    return [one._replace(value=value) for one, value in zip(made, values, strict=True)]


def _shown(solution: Solution) -> Expression:
    """The answer as its derivation ends in it: a long one in the names of the error signals."""
    ends = (one.answer for one in reversed(solution.derivations) if one.goal == solution.asked)
    return next(ends, solution.answer)


def in_form(derived: Derived, setting: Setting, place: int, options: Options, named: Sequence[Line] = ()) -> Derived:
    """What was derived, with the reference at its end where that is written otherwise and the examiner finds it so.

    ``named`` are the rows before it that give the names it uses.
    """
    if len(setting.answer) != len(setting.find) or not derived.lines:
        return derived
    asked, wanted, last = setting.find[place], setting.answer[place], derived.lines[-1]
    left, right = (latex(node, derived.notation) for node in (asked, wanted))
    if wanted.head == "words" or wanted.heads <= {"number", "negative"}:
        return derived
    again = next(
        (k for k, row in enumerate(derived.lines) if row.block == last.block and _same(row.right, right)), None
    )
    if again is not None and not any(row.left for row in derived.lines[again + 1 :]):  # what follows goes on from it
        return derived._replace(asked=asked, answer=wanted, lines=derived.lines[: again + 1])
    goes_on = left == next(row.left for row in reversed(derived.lines) if row.left and row.block == last.block)
    if goes_on and _bare(wanted) == _bare(derived.answer):
        rows = (*derived.lines[:-1], replace(last, right=right))
    elif goes_on and not last.condition:
        rows = (*derived.lines, Line("", right, _way(wanted), block=last.block))
    else:
        rows = (*derived.lines, Line(left, right, _way(wanted), block=last.block + 1))
    with suppress(Stuck, StatementFault):
        verify(setting.problem, place, (*named, *rows), options)
        return derived._replace(asked=asked, answer=wanted, lines=rows)
    return derived


def _same(one: str, other: str) -> bool:
    """Whether two formulas are written alike, but for blanks."""
    return one.replace(" ", "") == other.replace(" ", "")


def _bare(node: Expression) -> Expression:
    """An expression without what is a matter of spelling: the order of sums and products, squares, digits."""

    def plain(child: Expression) -> Expression:
        match child.head:
            case "number":
                return Expression("number", (), child.data[0])
            case "ones" | "identity":
                return Expression(child.head)
            case "group":
                return child.args[0]
            case "add":
                return Expression("add", tuple(sorted(child.args, key=repr)))
            case "product" | "quotient" | "power":
                factors = _factors(child)
                return factors[0] if len(factors) == 1 else Expression("product", tuple(sorted(factors, key=repr)))
        return replace(child, span=(0, 0))

    return alike(node).map(plain)


def _factors(node: Expression) -> tuple[Expression, ...]:
    """What a product, a fraction or a square multiplies."""
    match node.head:
        case "product":
            return tuple(factor for arg in node.args for factor in _factors(arg))
        case "quotient":
            return (*_factors(node.args[0]), *(Expression("inverse", (one,)) for one in _factors(node.args[1])))
        case "power" if node.args[1].data == 2:
            return _factors(node.args[0]) * 2
    return () if node.head == "number" and node.data == 1 else (node,)


def _way(wanted: Expression) -> str:
    """What leads to the form that is asked for, in words."""
    return "case by case" if wanted.head == "cases" else "in the form asked for"


def lines_to_show(problem: Problem, rows: tuple[Line, ...], options: Options) -> tuple[Line, ...]:
    """Derivations of what must be shown and stands in none of the rows, as far as there are any."""
    if not problem.must_show:
        return ()
    record = examine(typed(record_lines(rows)), problem, is_diagnosed=False)
    out: list[Line] = []
    for place, one in enumerate(record["shown"]):
        if one["verdict"] == "missing":
            keys: dict[str, Any] = {
                "answer": (),
                "must_show": (),
                "final_form": (),
                "only": (),
                "also": (),
                "wrong": {},
            }
            asked = structs.replace(problem, find=(one["show"],), marking=Marking(), points=None, **keys)
            with suppress(Stuck, StatementFault):
                before = solved(asked, options)[1]
                out += [replace(line, block=-1 - place) for line in before]
    return tuple(out)


def own_marks(problem: Problem) -> dict[str, Any] | None:
    """The marks of what the sheet shows; None where there are no marks, or there is no derivation.

    Raises StatementFault where the problem cannot be used.
    """
    if rubric_of(problem) is None:
        return None
    try:
        rows = tuple(row for one in derive(problem, "normal") for row in one.lines)
    except Stuck:
        return None
    marks: dict[str, Any] | None = check_work(typed(record_lines(rows)), problem, "", is_diagnosed=False).get("marks")
    return marks
