"""The loose chain rule: a product whose factors may stand in any order, or transposed, as long as the sizes match."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FACTORS = 5
MAX_ORDERS = 48


def arrangements(node: Expression) -> Iterator[Expression]:
    """The product at the top of an expression with its factors in other orders and transposed, not too many."""
    if node.head in ("negative", "group"):
        for inner in arrangements(node.args[0]):
            yield replace(node, args=(inner,))
        return
    if node.head != "product" or len(node.args) > MAX_FACTORS:
        return
    for order in islice(_orders(node.args), MAX_ORDERS):
        yield Expression("product", order, ("",) * len(order), node.span)


def _orders(factors: tuple[Expression, ...]) -> Iterator[tuple[Expression, ...]]:
    """Every order, each factor plain or transposed, the plain ones first."""
    if not factors:
        yield ()
        return
    for place, factor in enumerate(factors):
        rest = factors[:place] + factors[place + 1 :]
        for turned in (factor, Expression("transpose", (factor,), None, factor.span)):
            for others in _orders(rest):
                yield (turned, *others)
