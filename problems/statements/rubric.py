"""How a part is marked: the points of its final answer, its work and its rules, and what slips of notation cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.problems.findings.table import code_of_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.problems.statements.problem import Problem

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
    own, deduct = problem.marking, problem.marking.deduct
    if own.is_rubric:
        return Rubric(own.final or 0.0, own.method or 0.0, own.form or 0.0, own.lines, deduct)
    if problem.points is None:
        return None
    if problem.kind != "expression" or not problem.find:
        return Rubric(problem.points, deduct=deduct)
    shares = WITH_RULES if rules_of(problem) else WITHOUT_RULES
    final, method, form = (problem.points * share for share in shares)
    return Rubric(final, method, form, deduct=deduct)


def rules_of(problem: Problem) -> tuple[tuple[str, str], ...]:
    """The rules for the answer: the code of the finding that breaks each, and the rule as it is stated."""
    rules: list[tuple[str, str]] = [(code_of_form(form), form) for form in problem.final_form]
    rules += [("not-allowed", f"only {', '.join(problem.only)}")] if problem.only else []
    return (*rules, *(("must-show", text) for text in problem.must_show if text not in problem.marking.lines))


def refuse_odd_rubric(problem: Problem) -> None:
    """Raises StatementFault where points do not add up, or are given for rules that there are not."""
    rubric = rubric_of(problem)
    if rubric is None or not problem.marking.is_rubric:
        return
    if problem.points is not None and not math.isclose(rubric.of, problem.points):
        raise StatementFault(f"this makes {rubric.of:g} points, but points says {problem.points:g}", key="marking")
    if rubric.form and not rules_of(problem):
        raise StatementFault(
            "there are no rules; add final_form, only or must_show, or leave it out", key="marking", name="form"
        )
