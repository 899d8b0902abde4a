r"""From a goal to a solution: the single entry first, then the matrix form; or Stuck, with the place and the reason.

The method is index notation with lazy entries: subexpressions stay folded as matrices while one entry is
differentiated, and the result is contracted back (compare Laue, Mitterreiter and Giesen, 2018, and Magnus
and Neudecker, 1988).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.matrix_notation import Unwritable
from truestep.derivations.deriving.displays.presenting import kept_steps
from truestep.derivations.deriving.expectations import expected
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.lists import by_entries, is_of_lists
from truestep.derivations.deriving.quantities import evaluated
from truestep.derivations.deriving.routes.choosing import SHARED, suiting
from truestep.derivations.deriving.routes.stacked import by_vec, is_of_vec
from truestep.derivations.deriving.routes.steps_of_time import steps_of
from truestep.derivations.deriving.routes.through_time import through_time
from truestep.derivations.deriving.routes.total_differentials import each_once, is_differential, total_differential
from truestep.derivations.deriving.shifted_exponents import without_shift
from truestep.derivations.deriving.stationary import at_stationary, gradient_that_is_zero, solved_for
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.deriving.updates import made_of_derivatives, updated, with_gradients
from truestep.derivations.deriving.variables import is_turned
from truestep.derivations.meaning.effort import TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Derivation, Solution
    from truestep.derivations.language.expression import Expression

LONG = 10  # rows of several gradients


def derive(goal: Goal) -> Solution:
    """The solution of a goal; raises Stuck with the place and the reason, and never makes an answer up."""
    try:
        return _derived(goal)
    except (TooLarge, RecursionError):
        raise Stuck("find", "this is too large to be derived") from None
    except Unwritable as fault:
        raise Stuck(str(fault), "there is no notation for this as a whole") from None


def derive_all(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of all that a problem asks for, by the route that it asks for or the one that suits it; Stuck."""
    route = goals[0].route if goals else ""
    if goals and steps_of(goals[0]) is not None:
        if route not in ("", "backprop"):
            raise Stuck(f"the route {route}", "a recurrence is derived by its error signals, the route backprop")
        return through_time(goals)
    if any(map(is_differential, goals)) and route in ("", "differentials"):
        rest = [goal for goal in goals if not is_differential(goal)]
        totals = iter(each_once([derive(goal) for goal in goals if is_differential(goal)]))
        others = iter(derive_all(rest) if rest else ())
        return _each_once([next(totals if is_differential(goal) else others) for goal in goals])
    if route in SHARED:
        return _shared(route, goals)
    suited = "" if route or any(map(is_turned, goals)) else suiting(goals)
    if suited:
        with suppress(Stuck):
            return _shared(suited, goals)
    found = _each_once([derive(goal) for goal in goals])
    if len(goals) > 1 and not route and _rows(found) > LONG and not SHARED["differentials"].obstacle(goals):
        with suppress(Stuck):
            return min(found, _shared("differentials", goals), key=_rows)
    return found


def _rows(solutions: Sequence[Solution]) -> int:
    """How many rows the derivations have."""
    return sum(len(kept_steps(one.steps, "normal")) for solution in solutions for one in solution.derivations)


def _each_once(solutions: Sequence[Solution]) -> tuple[Solution, ...]:
    """The solutions without what was derived for one before."""
    known: set[tuple[Expression, Expression, Expression | None]] = set()
    out: list[Solution] = []
    for place, one in enumerate(solutions, 1):
        *rest, last = one.derivations
        if known and rest:
            one = replace(one, derivations=(*(each for each in rest if _said(each) not in known), last))
        out.append(one)
        known |= set(map(_said, one.derivations)) if place < len(solutions) else set()
    return tuple(out)


def _said(one: Derivation) -> tuple[Expression, Expression, Expression | None]:
    """What a derivation shows, whatever the letters of its entries and of its sums are."""
    goal, answer = one.goal, _with_usual_letters(one.answer, {})
    places = [str(node.data) for node in (*goal.walk(), *answer.walk()) if node.head == "index"]
    names = {letter: f"place {k}" for k, letter in enumerate(dict.fromkeys(places)) if " " not in letter}
    return _with_usual_letters(goal, names), _with_usual_letters(answer, names), one.condition


def _with_usual_letters(node: Expression, names: dict[str, str]) -> Expression:
    """An expression with the letters of its sums by how deep they are bound."""
    if node.head == "sum":
        names = names | {letter: f"bound {len(names) + place}" for place, letter in enumerate(node.data)}
        node = replace(node, data=tuple(names[letter] for letter in node.data))
    if node.head == "index" and node.data in names:
        return replace(node, data=names[str(node.data)])
    return node.of(tuple(_with_usual_letters(arg, names) for arg in node.args))


def _shared(route: str, goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """By a route on which what is found for one goal is used for the next."""
    reason = SHARED[route].obstacle(goals)
    if reason:
        raise Stuck(f"the route {route}", reason)
    try:
        return SHARED[route].solutions(goals)
    except (TooLarge, RecursionError):
        raise Stuck("find", "this is too large to be derived") from None
    except Unwritable as fault:
        raise Stuck(str(fault), "there is no notation for this as a whole") from None


def _derived(goal: Goal) -> Solution:
    """The solution; givens that are derivatives themselves, as ``g = dL/dw``, are derived first."""
    goal, rows = with_gradients(goal)
    found = _solved(goal)
    return replace(found, derivations=(*rows, *found.derivations)) if rows else found


def _solved(goal: Goal) -> Solution:
    asked = goal.asked
    while asked.head == "group":
        asked = asked.args[0]
    if is_of_vec(asked):
        return by_vec(goal)
    if asked.head in ("derivative", "gradient") or (asked.head == "apply" and asked.data[1]):
        return by_entries(goal) if is_of_lists(asked) else differentiated(goal)
    if asked.head == "differential":
        return total_differential(goal)
    if asked.head == "mean":
        return expected(goal)
    body, unshifted = made_of_derivatives(goal), without_shift(goal)
    if body is not None:
        return updated(goal, body)
    if unshifted is not None:
        return unshifted
    gradient = gradient_that_is_zero(goal)
    if gradient is not None:
        return solved_for(goal, gradient)
    return (at_stationary(goal) if goal.stationary else None) or evaluated(goal)
