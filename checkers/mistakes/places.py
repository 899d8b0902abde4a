"""Places in an expression: a node with the way to it, so that another node can be put there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import BINDING, Expression, grouped, negative, number, product

if TYPE_CHECKING:
    from collections.abc import Iterator

COST_OF_DERIVATIVE = 12
COST_OF_ARRAY = 20
LINEAR = frozenset(("product", "negative", "group", "transpose", "quotient", "mean", "cancel"))


class Place(NamedTuple):
    """A node that has a value, the nodes above it with the position of the child, and the indices bound there."""

    node: Expression
    path: tuple[tuple[Expression, int], ...] = ()
    bound: tuple[str, ...] = ()

    def put(self, new: Expression) -> Expression:
        """The whole expression with another node here."""
        for parent, position in reversed(self.path):
            args = (*parent.args[:position], new, *parent.args[position + 1 :])
            new = Expression(parent.head, args, parent.data, parent.span)
        return new

    def is_around(self, other: Place) -> bool:
        """Whether another place is this one, or stands in it."""
        depth = len(self.path)
        return other.path[:depth] == self.path and (len(other.path) > depth or other.node == self.node)

    @property
    def slot(self) -> tuple[Expression | None, int]:
        """The node that this one is an argument of, brackets left out, and which of its arguments it is."""
        return next((step for step in reversed(self.path) if step[0].head != "group"), (None, 0))

    @property
    def above(self) -> Expression | None:
        """The node that this one is an argument of, brackets left out."""
        return self.slot[0]


def has_value(parent: Expression, position: int) -> bool:
    """Whether an argument stands for a number or an array: not an index, a limit, a condition, a variable.

    >>> has_value(Expression("entry", (Expression("symbol"), Expression("index"))), 1)
    False
    """
    match parent.head:
        case "entry" | "derivative" | "gradient" | "root" | "cancel":
            return position == 0
        case "cases":
            return position % 2 == 0
        case "kronecker" | "member" | "identity" | "ones" | "space":
            return False
        case "relation":
            return parent.args[position].head != "index"
        case head if head in BINDING:
            return position == 0
    return True


def places(root: Expression) -> Iterator[Place]:
    """Every place that has a value, outermost first, brackets left out."""
    todo = [Place(root)]
    while todo:
        place = todo.pop()
        node = place.node
        if node.head not in ("group", "none", "relation"):
            yield place
        bound = place.bound
        if node.head in BINDING:
            bound = (*bound, *(node.data or ()))
        elif node.head == "mean" and node.data:
            bound = (*bound, node.data)
        todo += [
            Place(arg, (*place.path, (node, position)), bound)
            for position, arg in reversed(list(enumerate(node.args)))
            if has_value(node, position)
        ]


def cost(node: Expression, known: dict[Expression, int] | None = None) -> int:
    """What it costs to evaluate an expression: its nodes, derivatives more, and sums between numbers term by term."""
    if not node.args:
        return COST_OF_ARRAY + 1 if node.head in ("pattern", "series", "matrix") else 1
    known = {} if known is None else known
    found = known.get(node)
    if found is None:
        found = known[node] = _cost(node, sum([cost(arg, known) for arg in node.args]))
    return found


def _cost(node: Expression, inner: int) -> int:
    if node.head in ("derivative", "gradient"):
        return COST_OF_DERIVATIVE + 2 * inner
    if node.head in ("sum", "prod") and node.args[1].head == node.args[2].head == "number":
        return inner * max(1, int(node.args[2].data[0]) - int(node.args[1].data[0]) + 1)
    return COST_OF_ARRAY + inner if node.head in ("pattern", "series", "matrix") else 1 + inner


def plain(node: Expression) -> Expression:
    """The node without the brackets around it."""
    while node.head == "group":
        node = node.args[0]
    return node


def is_alike(one: Expression, other: Expression) -> bool:
    """Whether two expressions are the same but for brackets."""
    one, other = plain(one), plain(other)
    if one is other:
        return True
    same = one.head == other.head and one.data == other.data and len(one.args) == len(other.args)
    return same and all(map(is_alike, one.args, other.args))


def bracketed(node: Expression) -> Expression:
    """The node as one factor."""
    return grouped(node) if node.head in ("add", "negative", "sum") else node


def times(*factors: Expression) -> Expression:
    """A product of factors, each in brackets where it needs them."""
    return product(*map(bracketed, factors))


def over(above: Expression, below: Expression) -> Expression:
    """A fraction."""
    return Expression("quotient", (above, below), "frac", above.span)


def raised(base: Expression, exponent: int) -> Expression:
    """An integer power."""
    written = negative(number(-exponent)) if exponent < 0 else number(exponent)
    return Expression("power", (bracketed(base), written), None, base.span)


def turned(node: Expression) -> Expression:
    """The transpose; of a transpose what stands in it."""
    inner = plain(node)
    if inner.head == "transpose":
        return inner.args[0]
    return Expression("transpose", (bracketed(node),), None, node.span)


def hadamard(left: Expression, right: Expression) -> Expression:
    """The product entry by entry."""
    return Expression("product", (bracketed(left), bracketed(right)), ("", "odot"), left.span)


def without(node: Expression, position: int) -> Expression:
    """A sum or product without one of its arguments."""
    args = (*node.args[:position], *node.args[position + 1 :])
    if len(args) == 1:
        return args[0]
    data = node.data
    if node.head == "product":
        data = (*data[:position], *data[position + 1 :])
        data = ("", *data[1:])
    return Expression(node.head, args, data, node.span)


def is_number(node: Expression) -> bool:
    """Whether a node is written as a number."""
    return plain(node).head == "number"


def by(top: Expression, bottom: Expression) -> Expression:
    """The partial derivative of one expression by another."""
    return Expression("derivative", (bracketed(top), bottom), "Leibniz", top.span)


def renamed(node: Expression, names: dict[str, str]) -> Expression:
    """The expression with indices renamed."""
    return node.map(
        lambda one: replace(one, data=names[one.data]) if one.head == "index" and one.data in names else one
    )
