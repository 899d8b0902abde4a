r"""Exponentials with a summand that all of them share: ``e^{z_i + c} / \sum_j e^{z_j + c}`` does not depend on c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.proofs import E, chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.steps import Solution
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import Expression, add, free_indices, product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.goal import Equation, Goal


def without_shift(goal: Goal) -> Solution | None:
    """An entry of a quotient of exponentials without what they share; None where it is no such entry."""
    asked = bare(goal.asked)
    if asked.head != "entry" or asked.args[0].head != "symbol":
        return None
    name = str(asked.args[0].data)
    own = next((one for one in goal.equations if one.name == name), None)
    if own is None or len(own.indices) != 1 != len(asked.args) - 2 or bare(own.body).head != "quotient":
        return None
    body = _at(own, asked.args[1])
    above, below = (bare(arg) for arg in body.args)
    if below.head != "sum":
        return None
    shared = [term for term in _exponent(above) if term in _exponent(bare(below.args[0])) and not free_indices(term)]
    if not shared:
        return None
    factor, rests = Expression("power", (E, add(*shared))), [_rest(one, shared) for one in (above, bare(below.args[0]))]
    if None in rests:
        return None
    rest, summand = (one for one in rests if one is not None)

    def quotient(first: Expression, second: Expression) -> Expression:
        total = below.of((second, *below.args[1:]))
        return body.of((first, total))

    lines = [
        ("definition", body),
        ("exponential of a sum", quotient(product(factor, rest), product(factor, summand))),
        ("cancelling what does not vary with the index", quotient(rest, summand)),
    ]
    derivation = chained(asked, lines)
    givens = Givens(goal)
    node = givens.definitions[name]
    forward = givens.forward(name, (), tuple(size for size in node.dims if size != 1))
    return Solution(asked, (derivation,), derivation.answer, givens.numpy().code(node), forward, goal.notation)


def _at(own: Equation, index: Expression) -> Expression:
    """The definition of an entry at another index."""
    old = own.indices[0]
    return bare(own.body).map(lambda child: index if child.head == "index" and child.data == old else child)


def _exponent(node: Expression) -> Sequence[Expression]:
    """The terms of the exponent of e; nothing for anything else."""
    if node.head == "apply" and node.data == ("exp", 0, None):
        inner = bare(node.args[0])
    elif node.head == "power" and node.args[0] == E:
        inner = bare(node.args[1])
    else:
        return ()
    return inner.args if inner.head == "add" else ()


def _rest(node: Expression, shared: Sequence[Expression]) -> Expression | None:
    """The exponential of what is not shared; None where nothing else is there."""
    terms = [term for term in _exponent(node) if term not in shared]
    return Expression("power", (E, add(*terms))) if terms else None
