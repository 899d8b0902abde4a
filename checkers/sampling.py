r"""The values of a function of one number at many points, by the same evaluation that judges lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach
from truestep.checkers.comparing.model import Model
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.witnesses import plain_numbers
from truestep.checkers.comparing.world import World
from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import need_scalar
from truestep.problems.statements.prepared import Setting, setting_of
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression

MAX_POINTS = 5_000


def sampled(formula: str, variable: str, points: Sequence[float], order: int = 0) -> list[float | None]:
    r"""The values of a formula, or of a derivative of it, at some values of its variable; None where it has none.

    Raises StatementFault where the formula is no function of that variable alone.

    >>> sampled("x^2", "x", [0.0, 1.0, 3.0]), sampled("x^2", "x", [0.0, 1.0, 3.0], order=1)
    ([0.0, 1.0, 9.0], [0.0, 2.0, 6.0])
    >>> sampled(r"\operatorname{ReLU}(x)", "x", [-1.0, 0.0, 2.0], order=1)
    [0.0, None, 1.0]
    """
    if len(points) > MAX_POINTS:
        raise StatementFault(f"a function is drawn at {MAX_POINTS} points at most")
    whole = rf"\left( {formula} \right)"  # x^2 alone would ask for what is called so
    text = rf"\frac{{d}}{{d {variable}}} {whole}" if order else whole
    setting = setting_of(Problem(symbols={variable: "scalar"}, find=(text,)))
    try:
        scope = replace(setting.scope, free={})
        term = need_scalar(value_of(setting.find[0], scope), "a function that is drawn")
        model = Model(setting.scope.arena, {}, len(points), Reals(None), {}, kinks=False)
        name = next(iter(setting.notation.names.values())).full
        model.drawn[name, 0] = np.array(points, dtype=float)
        with np.errstate(all="ignore"):
            values, bad = Evaluator(model).value(term, 0)
    except (Fault, OutOfReach) as fault:
        reason = getattr(fault, "message", "") or "it is too large"
        raise StatementFault(f"the function {quoted(formula)} of {variable} cannot be drawn: {reason}") from None
    flat = np.broadcast_to(values, (len(points),)).astype(float)
    flaws = np.zeros(len(points), dtype=bool) if bad is None else np.broadcast_to(bad, (len(points),))
    known = np.isfinite(flat) & ~flaws
    return [float(value) if good else None for value, good in zip(flat, known, strict=True)]


def numbers(problem: Problem) -> list[float | None]:
    """The value of each thing that a problem asks for, where everything it depends on is given; else None.

    Raises StatementFault.

    >>> scalars = dict.fromkeys("xy", "scalar")
    >>> numbers(Problem(symbols=scalars, given=("x = 3", "y = x^2"), find=("y",)))
    [9.0]
    """
    setting = setting_of(problem)
    world = World(setting)
    return [_number(node, setting, world) for node in setting.find]


def _number(node: Expression, setting: Setting, world: World) -> float | None:
    arena = setting.scope.arena
    try:
        term = need_scalar(value_of(node, replace(setting.scope, free={})), "a number")
        if not plain_numbers(Question(term, arena.constant(0), ()), world):
            return None
        with np.errstate(all="ignore"):
            value, bad = Evaluator(Model(arena, {}, 1, Reals(None), {}, kinks=False)).value(term, 0)
    except (Fault, OutOfReach):
        return None
    found = float(np.broadcast_to(value, (1,))[0])
    return found if np.isfinite(found) and (bad is None or not np.any(bad)) else None
