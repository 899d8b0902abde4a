"""Einstein's summation convention: an index that occurs twice in a term is summed, without a sign."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import BINDING, NONE, Expression

if TYPE_CHECKING:
    from collections.abc import Collection


def summed(node: Expression, outer: Collection[str], least: int = 1) -> Expression:
    r"""The expression with the sums written that the convention leaves out; ``outer`` indices stay free.

    An index that is left alone, as i in ``y_i`` behind ``y_i \delta_{ik} a_k``, is summed as well: nothing else says
    what it stands for; with ``least`` 2 only what occurs twice.

    >>> from truestep.derivations.language.expression import product, symbol
    >>> entry = lambda name: Expression("entry", (symbol(name), Expression("index", (), "i")))
    >>> summed(product(entry("a"), entry("b")), ()).head
    'sum'
    """
    if node.head in ("add", "negative", "group"):
        return node.of(tuple(summed(arg, outer, least) for arg in node.args))
    if node.head not in ("product", "quotient", "entry", "power", "derivative", "apply") or not node.has("index"):
        return node
    counts = occurrences(node)
    inner, within = node, set[str]()
    if node.head == "product":
        own = [_own(arg, counts) - set(outer) for arg in node.args]
        within = set().union(*own)
        around = {*outer, *counts}
        inner = node.of(tuple(_inside(*pair, around, least) for pair in zip(node.args, own, strict=True)))
    names = tuple(sorted(name for name, count in counts.items() if count >= least and name not in (*outer, *within)))
    if not names:
        return inner
    return Expression("sum", (inner, NONE, NONE, NONE), names, node.span)


def _own(node: Expression, counts: Counter[str]) -> set[str]:
    """The indices that occur twice inside the brackets of a factor and nowhere else."""
    if node.head not in ("group", "power"):
        return set()
    return {name for name, count in occurrences(node).items() if count > 1 and counts[name] == count}


def _inside(node: Expression, own: set[str], outer: set[str], least: int) -> Expression:
    """Sums of their own inside the brackets of a factor."""
    return node.of((summed(node.args[0], outer - own, least), *node.args[1:])) if own else node


def occurrences(node: Expression) -> Counter[str]:
    """How often each index stands in a term; over the parts of a sum it counts where it stands most."""
    if node.head == "index":
        return Counter((node.data,))
    if node.head in BINDING or node.head == "mean":
        inner = occurrences(node.args[0])
        for name in node.data or ():
            inner.pop(name, None)
        return inner
    parts = [occurrences(arg) for arg in node.args]
    total: Counter[str] = Counter()
    for part in parts:
        total = total | part if node.head == "add" else total + part
    return total
