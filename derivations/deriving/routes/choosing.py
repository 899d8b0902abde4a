"""Which route leads from the givens to what is asked; and why one that was asked for does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.deriving.routes.backprop import backpropagated
from truestep.derivations.deriving.routes.differentials import by_differentials
from truestep.derivations.deriving.routes.graph import between
from truestep.derivations.deriving.routes.jacobians import by_jacobians
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.deriving.variables import asked_variables, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Solution
    from truestep.derivations.deriving.variables import Variable
    from truestep.derivations.language.expression import Expression

MANY = 2
FAMILIES = "a quantity with a label (a family) is many quantities; declare it as one array"


@dataclass(frozen=True, slots=True)
class Route:
    """A way to all goals of a problem; ``obstacle`` says why it cannot be taken, and what would be needed."""

    obstacle: Callable[[Sequence[Goal]], str]
    solutions: Callable[[Sequence[Goal]], tuple[Solution, ...]]


def no_signals(goals: Sequence[Goal]) -> str:
    """Why there are no error signals; empty where there are."""
    asked = [_asked(goal) for goal in goals]
    if not all(asked):
        return "it leads to derivatives only; each thing that is asked has to be one"
    tops = {one[0].name for one in asked}
    if len(tops) > 1 or any(one[0].dims != (1, 1) or one[0].body is not None for one in asked):
        return "an error signal is the derivative of one scalar loss that has a name; what is derived here is none"
    if any(len(one) != MANY for one in asked):
        return "it leads to first derivatives only"
    if goals[0].named_partials:
        return "the answer is to be given in partial derivatives of its own; error signals are others"
    return ""


def no_differentials(goals: Sequence[Goal]) -> str:
    """Why no gradient can be read off a differential; empty where one can."""
    asked = [_asked(goal) for goal in goals]
    if not all(asked) or any(len(one) != MANY for one in asked):
        return "a differential shows a gradient; each thing that is asked has to be a first derivative"
    if any(top.dims not in ((), (1, 1)) for top, _ in asked):
        return "a gradient is read off the differential of a scalar; what is derived here is none"
    if any(variable.letters for one in asked for variable in one):
        return "a differential shows the whole gradient; a single entry is asked"
    if goals[0].named_partials:
        return "the answer is to be given in partial derivatives of its own"
    return FAMILIES if goals[0].notation.families else ""


def no_jacobians(goals: Sequence[Goal]) -> str:
    """Why there is no product of Jacobians; empty where there is one."""
    asked = [_asked(goal) for goal in goals]
    if not all(asked) or any(len(one) != MANY for one in asked):
        return "Jacobians are first derivatives; something else is asked"
    if any(variable.letters or variable.body is not None for one in asked for variable in one):
        return "it leads to whole Jacobians of quantities with names"
    if any(1 not in variable.dims for one in asked for variable in one):
        return "the Jacobian of or by a matrix has more than two indices; the route backprop takes matrices"
    if goals[0].named_partials:
        return "the answer is to be given in partial derivatives of its own"
    return FAMILIES if goals[0].notation.families else ""


def is_of_matrices(goal: Goal) -> bool:
    """Whether a trace, a determinant or an inverse is written in what is derived, or in a definition."""
    bodies = [one.body for one in goal.equations] + [top.body for top, _ in [_asked(goal)] if top.body is not None]
    return any(_is_of_matrix(node) for body in bodies for node in body.walk())


def _is_of_matrix(node: Expression) -> bool:
    if node.head == "apply":
        return node.data[0] in ("tr", "trace", "det")
    if node.head != "power" or node.args[1].head not in ("negative", "number"):
        return False
    exponent = node.args[1]
    is_inverse = exponent.head == "negative" or exponent.data[0] < 0
    return is_inverse and node.args[0].head in ("symbol", "group") and _is_capital(node.args[0])


def _is_capital(node: Expression) -> bool:
    """Whether an inverse is that of a matrix, by the names in it."""
    names = [str(one.data) for one in node.walk() if one.head == "symbol"]
    return any(name.lstrip("\\")[:1].isupper() for name in names)


def _asked(goal: Goal) -> list[Variable]:
    """What is derived and by what; nothing where no derivative is asked."""
    if bare(goal.asked).head not in ("derivative", "gradient"):
        return []
    try:
        return asked_variables(goal)
    except Stuck:
        return []


def suiting(goals: Sequence[Goal]) -> str:
    """The route that suits what is asked; empty where entry by entry does.

    Differentials for traces, determinants and inverses; error signals, where there is more than one quantity on the
    way, or one on the ways to several.
    """
    if no_signals(goals):
        return "differentials" if not no_differentials(goals) and any(map(is_of_matrices, goals)) else ""
    asked = [_asked(goal) for goal in goals]
    ways = [between(goals[0], top.name, by.name) for top, by in asked]
    if not no_differentials(goals) and all(len(way) < MANY for way in ways) and any(map(is_of_matrices, goals)):
        return "differentials"
    several = len(goals) > 1 and len(frozenset[str]().union(*ways)) > 0
    return "backprop" if several or any(len(way) >= MANY for way in ways) else ""


SHARED = {
    "backprop": Route(no_signals, backpropagated),
    "differentials": Route(no_differentials, by_differentials),
    "chain": Route(no_jacobians, by_jacobians),
}
