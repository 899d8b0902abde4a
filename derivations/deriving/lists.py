r"""Jacobians of lists of numbers, ``\frac{\partial (x, y)}{\partial (r, \theta)}``: each entry, then the whole.

Spivak, *Calculus on Manifolds* (1965), chapter 2: the rows belong to what is derived, whatever the layout.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.proofs import chained, partial
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.steps import Solution
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import Expression

if TYPE_CHECKING:
    from truestep.derivations.deriving.goal import Goal


def is_of_lists(asked: Expression) -> bool:
    """Whether a list is derived by a list."""
    return asked.head == "derivative" and [bare(arg).head for arg in asked.args] == ["tuple", "tuple"]


def by_entries(goal: Goal) -> Solution:
    """The matrix of the derivatives of each by each."""
    asked = bare(goal.asked)
    tops, bottoms = (bare(arg).args for arg in asked.args)
    plain = replace(goal, table=False, route="")
    names = {str(of.data) for of in tops}
    found = [[_entry(replace(plain, asked=partial(of, by)), names) for by in bottoms] for of in tops]
    flat = [one for row in found for one in row]
    matrices = [
        Expression("matrix", tuple(each), len(bottoms))
        for each in ([one.asked for one in flat], [one.answer for one in flat])
    ]
    whole = chained(asked, [("definition of the Jacobian", matrices[0]), ("each entry", matrices[1])])
    code = f"np.array([{', '.join('[' + ', '.join(one.numpy for one in row) + ']' for row in found)}])"
    rows = tuple(each for one in flat for each in one.derivations)
    forward = replace(flat[0].forward, by=tuple(one.forward.by[0] for one in found[0]), dims=(len(tops), len(bottoms)))
    return Solution(asked, (*rows, whole), whole.answer, code, forward, goal.notation)


def _entry(goal: Goal, names: set[str]) -> Solution:
    """One derivative, in terms of what it is taken by where that is as short."""
    found = differentiated(goal)
    *before, last = found.derivations
    while len(last.steps) > 1 and _names(last.answer) & names and not _names(last.steps[-2].after) & names:
        if last.steps[-2].after.has("derivative"):
            break
        last = replace(last, steps=last.steps[:-1])
    return replace(found, derivations=(*before, last), answer=last.answer)


def _names(node: Expression) -> set[str]:
    return {str(one.data) for one in node.walk() if one.head == "symbol"}
