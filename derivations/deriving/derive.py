r"""From a goal to a solution: the single entry first, then the matrix form; or Stuck, with the place and the reason.

The method is index notation with lazy entries: subexpressions stay folded as matrices while one entry is
differentiated, and the result is contracted back (compare Laue, Mitterreiter and Giesen, 2018, and Magnus
and Neudecker, 1988).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.derivations.deriving.expectations import expected
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.quantities import evaluated
from truestep.derivations.deriving.routes.choosing import SHARED, suiting
from truestep.derivations.deriving.routes.steps_of_time import steps_of
from truestep.derivations.deriving.routes.through_time import through_time
from truestep.derivations.deriving.stationary import gradient_that_is_zero, solved_for
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.meaning.effort import TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Solution


def derive(goal: Goal) -> Solution:
    """The solution of a goal; raises Stuck with the place and the reason, and never makes an answer up."""
    try:
        return _derived(goal)
    except (TooLarge, RecursionError):
        raise Stuck("find", "this is too large to be derived") from None


def derive_all(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of all that a problem asks for, by the route that it asks for or the one that suits it; Stuck."""
    route = goals[0].route if goals else ""
    if goals and steps_of(goals[0]) is not None:
        if route not in ("", "backprop"):
            raise Stuck(f"the route {route}", "a recurrence is derived by its error signals, the route backprop")
        return through_time(goals)
    if route in SHARED:
        return _shared(route, goals)
    suited = "" if route else suiting(goals)
    if suited:
        with suppress(Stuck):
            return _shared(suited, goals)
    return tuple(derive(goal) for goal in goals)


def _shared(route: str, goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """By a route on which what is found for one goal is used for the next."""
    reason = SHARED[route].obstacle(goals)
    if reason:
        raise Stuck(f"the route {route}", reason)
    try:
        return SHARED[route].solutions(goals)
    except (TooLarge, RecursionError):
        raise Stuck("find", "this is too large to be derived") from None


def _derived(goal: Goal) -> Solution:
    asked = goal.asked
    while asked.head == "group":
        asked = asked.args[0]
    if asked.head in ("derivative", "gradient") or (asked.head == "apply" and asked.data[1]):
        return differentiated(goal)
    if asked.head == "mean":
        return expected(goal)
    gradient = gradient_that_is_zero(goal)
    return evaluated(goal) if gradient is None else solved_for(goal, gradient)
