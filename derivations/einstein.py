"""Einstein's summation convention: an index that occurs twice in a term is summed, without a sign."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.expression import NONE, Expression

if TYPE_CHECKING:
    from collections.abc import Collection


def summed(node: Expression, outer: Collection[str]) -> Expression:
    r"""The expression with the sums written that the convention leaves out; ``outer`` indices stay free.

    >>> from derivations.expression import product, symbol
    >>> entry = lambda name: Expression("entry", (symbol(name), Expression("index", (), "i")))
    >>> summed(product(entry("a"), entry("b")), ()).head
    'sum'
    """
    if node.head in ("add", "negative", "group"):
        return replace(node, args=tuple(summed(arg, outer) for arg in node.args))
    if node.head not in ("product", "quotient", "entry", "power", "derivative", "apply"):
        return node
    counts = occurrences(node)
    names = tuple(sorted(name for name, count in counts.items() if count > 1 and name not in outer))
    inner = node
    if node.head == "product":
        known = {*outer, *counts}
        inner = replace(node, args=tuple(_inside(arg, known) for arg in node.args))
    if not names:
        return inner
    return Expression("sum", (inner, NONE, NONE, NONE), names, node.span)


def _inside(node: Expression, outer: Collection[str]) -> Expression:
    """Sums of their own inside the brackets of a factor, over indices that occur nowhere else."""
    if node.head not in ("group", "power"):
        return node
    own = {name for name, count in occurrences(node).items() if count > 1}
    return replace(node, args=(summed(node.args[0], set(outer) - own), *node.args[1:]))


def occurrences(node: Expression) -> Counter[str]:
    """How often each index stands in a term; over the parts of a sum it counts where it stands most."""
    if node.head == "index":
        return Counter((node.data,))
    if node.head in ("sum", "prod", "mean"):
        inner = occurrences(node.args[0])
        for name in node.data or ():
            inner.pop(name, None)
        return inner
    parts = [occurrences(arg) for arg in node.args]
    total: Counter[str] = Counter()
    for part in parts:
        total = total | part if node.head == "add" else total + part
    return total
