"""Expectations over a uniform index: the mean, and with linearity the gradient of the mean."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.proofs import chained, partial
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import NONE, Expression, number, product, symbol
from truestep.derivations.numpy.code import python_name

if TYPE_CHECKING:
    from truestep.derivations.deriving.goal import Goal


def expected(goal: Goal) -> Solution:
    """E_i of dl_i/dw is the mean of the gradients, hence the gradient of the mean; raises Stuck for anything else."""
    asked = bare(goal.asked)
    letter = asked.data or next(iter(goal.uniform), None)
    inner = bare(asked.args[0])
    if letter is None or letter not in goal.uniform or inner.head != "derivative" or len(inner.args) != 2:
        raise Stuck("what is asked", "only the expectation of a gradient over a uniform index is derived")
    top, by = inner.args
    size = Expression("size", (), goal.uniform[letter])
    share = Expression("quotient", (number(Fraction(1)), size), "frac")

    def mean(body: Expression) -> Expression:
        return product(share, Expression("sum", (body, number(Fraction(1)), size, NONE), (letter,)))

    givens = Givens(goal)
    lines = [
        ("expectation over a uniform index is the mean", mean(inner)),
        ("linearity of the derivative", partial(mean(top), by)),
    ]
    found = givens.workshop.named.get(givens.lifting.node(mean(top)))
    whole = givens.lifting.node(mean(top))
    name = whole.data if whole.op == "symbol" else found.data if found is not None else None
    if name is not None:
        lines.append(("definition", partial(symbol(name), by)))
    derivation = chained(asked, lines)
    declared = goal.notation.declared(str(by.data))
    dims = tuple(one for one in declared.dims if one != 1) if declared is not None else ()
    code = f"d{python_name(name or 'L')}_d{python_name(str(by.data))}"
    forward = givens.forward(name or "L", (str(by.data),), dims)
    return Solution(asked, (derivation,), derivation.answer, code, forward, goal.notation)
