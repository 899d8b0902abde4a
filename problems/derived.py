"""From a problem to its solutions: what is asked is derived from what is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.derive import Equation, Goal, derive
from derivations.steps import Solution, Stuck
from problems.assumptions import quantity_of
from problems.setting import Setting, setting_of

if TYPE_CHECKING:
    from derivations.expression import Expression
    from problems.problem import Problem


def derived(problem: Problem, *, layout: str | None = None, route: str = "delta") -> tuple[Solution, ...]:
    r"""The solution of everything that a problem asks for.

    Raises StatementFault, and Stuck with the place and the reason.

    >>> from problems.problem import Problem
    >>> square = Problem(symbols={"x": "n", "f": "scalar"}, given=("f = x^T x",), find=(r"\frac{\partial f}{\partial x}",))
    >>> derived(square)[0].numpy
    '2 * x'
    """
    problem = problem if layout is None else replace(problem, layout=layout)
    setting = setting_of(problem)
    if not setting.find:
        raise Stuck("find", "the problem does not say what is asked")
    return tuple(derive(goal_of(setting, asked)) for asked in setting.find)


def goal_of(setting: Setting, asked: Expression) -> Goal:
    """The goal of one thing that is asked, with the givens and assumptions of its setting."""
    properties = setting.assumptions.properties
    return Goal(
        asked,
        setting.notation,
        tuple(_equation(left, right, setting) for left, right in setting.given),
        setting.notation.depends,
        frozenset(name for name, known in properties.items() if known.symmetric),
        {name: known.simplex for name, known in properties.items() if known.simplex is not None},
        frozenset(
            (str(node.args[0].data), str(node.args[1].data))
            for node in setting.assumptions.conditions
            if node.data == "!="
        ),
        setting.scope.uniform,
        setting.problem.layout == "numerator",
    )


def _equation(left: Expression, right: Expression, setting: Setting) -> Equation:
    found = quantity_of(left, setting.notation)
    if found is None or any(index.head != "index" for index in found[1]):
        raise Stuck("given", "a definition of something other than a quantity or its entries")
    return Equation(found[0], tuple(str(index.data) for index in found[1]), right)
