"""How a part is marked: the points of its final answer, its work and its rules, and what slips of notation cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.findings.table import PRICED, code_of_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.problems.statements.problem import Problem

POINTS = ("final", "method", "form")
KEYS = (*POINTS, "lines", "deduct")
MOST = 10_000

# shares of the final answer, the work and the rules, where a part says only what it is worth
WITH_RULES = (0.4, 0.4, 0.2)
WITHOUT_RULES = (0.5, 0.5, 0.0)


@dataclass(frozen=True)
class Rubric:
    """The points of a part: its final answer, its work, its rules, lines that must be shown, and deductions by code.

    >>> Rubric(final=3, method=1, form=1).of
    5.0
    """

    final: float = 0.0
    method: float = 0.0
    form: float = 0.0
    lines: Mapping[str, float] = field(default_factory=dict)
    deduct: Mapping[str, float] = field(default_factory=dict)

    @property
    def of(self) -> float:
        """What all is worth together."""
        return float(self.final + self.method + self.form + sum(self.lines.values()))


def rubric_of(problem: Problem) -> Rubric | None:
    """The rubric of a part; where it says only what it is worth, shares of that; None where it is worth nothing said.

    >>> from truestep.problems.statements.problem import Problem
    >>> rubric_of(Problem(find=("x",), points=5, final_form=("no sums",)))
    Rubric(final=2.0, method=2.0, form=1.0, lines={}, deduct={})
    """
    table = problem.marking
    deduct = table.get("deduct", {})
    if any(key in table for key in (*POINTS, "lines")):
        points = {key: float(table.get(key, 0)) for key in POINTS}
        return Rubric(**points, lines=table.get("lines", {}), deduct=deduct)
    if problem.points is None:
        return None
    if problem.kind != "expression" or not problem.find:
        return Rubric(problem.points, deduct=deduct)
    shares = WITH_RULES if rules_of(problem) else WITHOUT_RULES
    final, method, form = (problem.points * share for share in shares)
    return Rubric(final, method, form, deduct=deduct)


def rules_of(problem: Problem) -> tuple[tuple[str, str], ...]:
    """The rules for the answer: the code of the finding that breaks each, and the rule as it is stated."""
    rules = [(code_of_form(form), form) for form in problem.final_form]
    rules += [("not-allowed", f"only {', '.join(problem.only)}")] if problem.only else []
    lines = problem.marking.get("lines", {})
    return (*rules, *(("must-show", text) for text in problem.must_show if text not in lines))


def checked_marking(table: Any) -> dict[str, Any]:
    """The ``marking`` of a statement.

    Raises StatementFault for a key or a code that is not known, and for what is no number of points.
    """
    if not isinstance(table, dict):
        raise StatementFault(f"marking: write a table with {', '.join(KEYS)}")
    for key in table:
        if key not in KEYS:
            raise StatementFault(f"marking: {quoted(str(key))} is none of {', '.join(KEYS)}{nearest(str(key), KEYS)}")
    made: dict[str, Any] = {key: _points(f"marking: {key}", table[key]) for key in POINTS if key in table}
    for key in ("lines", "deduct"):
        if key in table:
            if not isinstance(table[key], dict):
                raise StatementFault(f"marking: {key}: write a table from names to points")
            made[key] = {name: _points(f"marking: {key}: {name}", value) for name, value in table[key].items()}
    for code in made.get("deduct", {}):
        if code not in PRICED:
            raise StatementFault(
                f"marking: deduct: no slip of notation is called {quoted(code)}{nearest(code, PRICED)}"
            )
    return made


def refuse_odd_rubric(problem: Problem) -> None:
    """Raises StatementFault where points do not add up, or are given for rules that there are not."""
    rubric = rubric_of(problem)
    if rubric is None or not any(key in problem.marking for key in (*POINTS, "lines")):
        return
    if problem.points is not None and not math.isclose(rubric.of, problem.points):
        raise StatementFault(f"marking: this makes {rubric.of:g} points, but points says {problem.points:g}")
    if rubric.form and not rules_of(problem):
        raise StatementFault("marking: form: there are no rules; add final_form, only or must_show, or leave it out")


def _points(place: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise StatementFault(f"{place}: {value!r} is no number from 0 to {MOST}")
    return float(value)
