"""What is summed without saying so: an index that occurs twice in a term, the other one of a pair under a sum."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import BINDING, NONE, Expression, free_indices, with_own_letters
from truestep.derivations.language.finding import Finding

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


def contracted(node: Expression, outer: Collection[str], least: int = 1) -> Expression:
    r"""The expression with the sums written that the convention leaves out, over one index in all of its terms.

    What is summed in one term stands for nothing in another: ``y_i \delta_{ik} - y_i p_k`` is summed over i in both.
    """
    made = summed(node, outer, least)
    if made is node:
        return node
    names = (_bound(made) - _bound(node)) if least > 1 else set[str]()
    return summed(node, {*outer, *(free_indices(node) - names)}) if names & free_indices(made) else made


def _bound(node: Expression) -> set[str]:
    return {name for one in node.walk() if one.head == "sum" for name in one.data} if node.has("sum") else set()


def with_written_letters(node: Expression) -> Expression:
    r"""The expression with the letter of each sum that names none, where one stands free in it: ``\sum x_i`` over i.

    >>> from truestep.derivations.language.expression import symbol
    >>> entry = Expression("entry", (symbol("x"), Expression("index", (), "i")))
    >>> with_written_letters(Expression("sum", (entry, NONE, NONE, NONE), ())).data
    ('i',)
    """

    def named(one: Expression) -> Expression:
        letters = sorted(free_indices(one.args[0])) if one.head in ("sum", "prod") and not one.data else []
        return replace(one, data=tuple(letters)) if len(letters) == 1 else one

    return node.map(named) if node.has("sum", "prod") else node


def over_pairs(node: Expression, outer: Collection[str], fixed: Collection[str] = ()) -> Expression:
    r"""The expression with sums over pairs, ``\sum_{i < j} x_i x_j``, over both; what stands free elsewhere stays so.

    ``outer`` indices stay free; ``fixed`` ones where the others differ from them, as in ``\sum_{k \neq y}``.

    >>> from truestep.derivations.language.expression import product, symbol
    >>> i, j = (Expression("index", (), name) for name in "ij")
    >>> body = product(*(Expression("entry", (symbol("x"), one)) for one in (i, j)))
    >>> pairs = Expression("sum", (body, NONE, NONE, Expression("relation", (i, j), "<")), ("i",))
    >>> over_pairs(pairs, ()).data, over_pairs(pairs, "j").data, over_pairs(pairs, (), "j").data
    (('i', 'j'), ('i',), ('i', 'j'))
    """
    is_under = node.has("sum", "prod") and node.has("relation")
    return _over_pairs(node, {*outer, *_beside(node)}, fixed) if is_under else node


def _over_pairs(node: Expression, outer: set[str], fixed: Collection[str]) -> Expression:
    bound = outer | {*node.data} if node.head in BINDING else outer
    within = node.of(tuple(_over_pairs(arg, bound, fixed) for arg in node.args))
    ends = (
        (str(end.data), link.data) for link in _links(within) for end in link.args if end.head in ("index", "unknown")
    )
    named = (name for name, relation in ends if not (relation == "!=" and name in fixed))
    others = dict.fromkeys(name for name in named if name not in bound and name in free_indices(within.args[0]))
    if not others:
        return within
    own = (name for name in node.data if name not in outer)  # \sum_{k \neq j} x_j where k stands on the left
    return with_own_letters(replace(within, data=(*own, *others)))


def _links(node: Expression) -> list[Expression]:
    """The relations under a sum or a product."""
    is_sum = node.head in ("sum", "prod") and bool(node.data)
    return [link for link in node.args[3].walk() if link.head == "relation"] if is_sum else []


def _beside(node: Expression) -> frozenset[str]:
    """The indices that stand free beside sums with relations under them."""
    if _links(node):
        return frozenset()
    free = free_indices(node)
    return free & frozenset[str]().union(*map(_beside, node.args)) if node.args else free


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


def with_named_sums(left: Expression, right: Expression) -> tuple[Expression, Expression, tuple[Finding, ...]]:
    """Both sides, their sums without an index over the one letter that is free in them and not around them."""
    outer = _around_sums(left)
    nested = any(_is_bare(one) and any(map(_is_bare, one.args[0].walk())) for one in left.walk())  # how far one reaches
    left, found = (left, ()) if nested else _with_named_sums(left, outer | _around_sums(right))
    right, others = _with_named_sums(right, outer)
    return left, right, (*found, *others)


def _with_named_sums(node: Expression, outer: frozenset[str]) -> tuple[Expression, tuple[Finding, ...]]:
    found: list[Finding] = []

    def named(child: Expression) -> Expression:
        free = free_indices(child.args[0]) - outer if _is_bare(child) else frozenset()
        if len(free) != 1:
            return child
        (index,) = free
        found.append(Finding("bare-sum", child.span, {"index": index}))
        return replace(child, data=(index,))

    return node.map(named), tuple(found)


def _around_sums(node: Expression) -> frozenset[str]:
    """The letters that stand free in an expression outside of its sums without an index."""
    return free_indices(node.map(lambda child: NONE if _is_bare(child) else child))


def _is_bare(node: Expression) -> bool:
    return node.head in ("sum", "prod") and not node.data
