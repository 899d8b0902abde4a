"""Which route leads from the givens to what is asked; and why one that was asked for does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.deriving.routes.backprop import backpropagated
from truestep.derivations.deriving.routes.graph import between
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.deriving.variables import asked_variables, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Solution
    from truestep.derivations.deriving.variables import Variable

MANY = 2


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
    if goals[0].notation.families:
        return "a quantity with a label (a family) has no error signal of its own; declare it as one array"
    return ""


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

    Error signals, where there is more than one quantity on the way, or one on the ways to several.
    """
    if no_signals(goals):
        return ""
    asked = [_asked(goal) for goal in goals]
    ways = [between(goals[0], top.name, by.name) for top, by in asked]
    several = len(goals) > 1 and len(frozenset[str]().union(*ways)) > 0
    return "backprop" if several or any(len(way) >= MANY for way in ways) else ""


SHARED = {"backprop": Route(no_signals, backpropagated)}
