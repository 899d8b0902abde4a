"""How tightly the parts of an expression bind, and so where brackets are needed."""

from __future__ import annotations

from fractions import Fraction

from truestep.derivations.language.expression import BINDING, Expression, free_indices

CONDITION, SUM, TERM, FACTOR, BASE = range(5)
ENTRYWISE = frozenset(("odot", "circ", "otimes", "oslash"))
NAMES = frozenset(("symbol", "unknown", "index", "size", "member"))
OPEN = BINDING | {"cases"}
_LEVELS = {
    **dict.fromkeys(("relation", "and", "or", "not", "otherwise"), CONDITION),
    **dict.fromkeys(("add", "series", "negative", "plus-minus"), SUM),
    **dict.fromkeys(("product", "limit", *sorted(OPEN)), TERM),
    **dict.fromkeys(("power", "transpose", "root", "gradient", "differential", "indicator", "cancel"), FACTOR),
    **dict.fromkeys(("mean", "spread"), FACTOR),
}


def ungrouped(node: Expression) -> Expression:
    """Without the brackets around it."""
    while node.head == "group":
        node = node.args[0]
    return node


def signed(node: Expression) -> tuple[bool, Expression]:
    """Whether a minus stands in front, and the rest: -x, -2, and -2 x.

    >>> x = Expression("symbol", (), "x")
    >>> signed(Expression("negative", (x,))) == (True, x)
    True
    """
    if node.head == "negative":
        return True, ungrouped(node.args[0])
    if node.head == "number" and node.data[0] < 0:
        return True, Expression("number", (), (-node.data[0], node.data[1]), node.span)
    if node.head == "product" and node.args[0].head == "number" and node.args[0].data[0] < 0:
        first = signed(node.args[0])[1]
        return True, Expression("product", (first, *node.args[1:]), node.data, node.span)
    return False, node


def level(node: Expression, fraction: int) -> int:
    """How tightly a node binds; ``fraction`` is the level of what has a line between numerator and denominator."""
    head = node.head
    if head == "quotient":
        return fraction if node.data == "frac" else TERM
    if head == "number":
        value = Fraction(node.data[0])
        return SUM if value < 0 else BASE if value.denominator == 1 or node.data[1] is not None else fraction
    if head == "derivative":
        return FACTOR if node.data in ("Leibniz", "nabla") else TERM
    if head == "product" and signed(node)[0]:
        return SUM
    return _LEVELS.get(head, BASE)


def is_open(node: Expression) -> bool:
    """Whether what is written behind it would be taken as a part of it."""
    node = ungrouped(node)
    if node.head in ("product", "negative", "plus-minus"):
        return is_open(node.args[-1])
    return node.head in OPEN or (node.head == "derivative" and node.data not in ("Leibniz", "nabla"))


def reaches(node: Expression, following: Expression) -> bool:
    """Whether a sum at the end of a term would go on over the term behind it, or cases would run into it."""
    names, node = set[str](), ungrouped(node)
    while is_open(node):
        if node.head == "cases":
            return True
        if node.head in OPEN:
            names.update(node.data)
        node = ungrouped(node.args[-1 if node.head in ("product", "negative", "plus-minus") else 0])
    return bool(names) and not names.isdisjoint(free_indices(following))


def is_taken_whole(body: Expression, names: tuple[str, ...]) -> bool:
    """Whether an extreme over indices takes all of a body without brackets: from where it varies, each factor does."""
    body = ungrouped(body)
    if body.head != "product":
        return body.head in BINDING
    varies = [not free_indices(factor).isdisjoint(names) for factor in body.args]
    return any(varies) and all(varies[varies.index(True) :])


def stands_bare(product: Expression, following: str) -> bool:
    """Whether a product needs no brackets where it is the first factor of another: matrix products beside each other,
    and entrywise ones beside each other."""
    if is_open(product):
        return False
    entrywise = {sign in ENTRYWISE for sign in product.data[1:]}
    return entrywise <= {following in ENTRYWISE}


def terms_of(node: Expression) -> tuple[Expression, ...]:
    """The terms of a sum, and of the sums in it."""
    if not any(ungrouped(term).head == "add" for term in node.args):
        return node.args
    found: list[Expression] = []
    for term in map(ungrouped, node.args):
        found += terms_of(term) if term.head == "add" else (term,)
    return tuple(found)


def conditions_of(node: Expression) -> tuple[Expression, ...]:
    """The conditions that are joined by "and", in order."""
    return (*conditions_of(node.args[0]), node.args[1]) if node.head == "and" else (node,)


def turned(condition: Expression, names: tuple[str, ...]) -> Expression:
    """A comparison with the bound index on its left: ``i < k`` under a sum over k is ``k > i``."""
    opposite = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
    if condition.head != "relation" or condition.data not in opposite:
        return condition
    left, right = condition.args
    if (left.head == "index" and left.data in names) or right.head != "index" or right.data not in names:
        return condition
    return Expression("relation", (right, left), opposite[condition.data], condition.span)
