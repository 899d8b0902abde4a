"""Sums over indices, means and norms of shaped values."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Monomial
from truestep.derivations.deriving.lifting.shaped import Lifting, Shaped, summed
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.language.shapes import Size


def total(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A sum over indices."""
    body, _, upper, condition = node.args
    if not node.data:
        raise Stuck("a sum", "it names no index")
    bound = {name: lifting.entries.axis(_range_of(lifting, name, body, upper)) for name in node.data}
    value = lifting.lift(body, {**axes, **bound})
    masks = lifting.entries.product(
        _lower(lifting, node, bound, axes),
        _upper(lifting, node, bound, axes),
        _condition(lifting, condition, bound, axes),
    )

    def at(i: Place, j: Place) -> Polynomial:
        polynomial = lifting.entries.product(masks, value.at(i, j))
        for axis in bound.values():
            polynomial = summed(polynomial, axis)
        return polynomial

    if not axes:
        row, column = lifting.places(value.dims)
        free = [place for place in (row, column) if isinstance(place, Axis)]
        return lifting.shaped(lifting.form(at(row, column), free))
    return Shaped(value.dims, at)


def _range_of(lifting: Lifting, name: str, body: Expression, upper: Expression) -> Size:
    for child in body.walk():
        if child.head == "member" and child.args[0].head == "index" and child.args[0].data == name:
            return lifting.notation.families[child.data].index.dims[0]
        if child.head == "entry" and child.args[0].head in ("symbol", "member"):
            declared = (
                lifting.notation.declared(str(child.args[0].data))
                if child.args[0].head == "symbol"
                else lifting.notation.families[child.args[0].data].member
            )
            open_sizes = [size for size in declared.dims if size != 1] if declared is not None else []
            for index, size in zip(child.args[1:], open_sizes, strict=False):
                if index.head == "index" and index.data == name:
                    return size
    if upper.head == "size":
        return str(upper.data)
    if name in lifting.notation.indices:
        return lifting.notation.indices[name].dims[0]
    raise Stuck("a sum", f"nothing says over what {name} runs")


def _lower(lifting: Lifting, node: Expression, bound: Mapping[str, Axis], axes: Mapping[str, Place]) -> Polynomial:
    """1 from the lower limit on."""
    limit, axis = node.args[1], next(iter(bound.values()))
    if limit.head == "none" or (limit.head == "number" and limit.data[0] == 1):
        return [Monomial()]
    strict, place = _shifted(limit, axes, 1)
    if len(bound) > 1 or not isinstance(place, Axis) or place.size != axis.size:
        raise Stuck("a sum", "its lower limit cannot be derived through yet")
    return _triangle(lifting, axis, place, strict)


def _upper(lifting: Lifting, node: Expression, bound: Mapping[str, Axis], axes: Mapping[str, Place]) -> Polynomial:
    """1 up to the upper limit."""
    limit, axis = node.args[2], next(iter(bound.values()))
    if limit.head == "none" or (limit.head in ("size", "number") and limit_size(limit) == axis.size):
        return [Monomial()]
    strict, place = _shifted(limit, axes, -1)
    if len(bound) > 1 or not isinstance(place, Axis) or place.size != axis.size:
        raise Stuck("a sum", "its upper limit cannot be derived through yet")
    return _triangle(lifting, place, axis, strict)


def _shifted(limit: Expression, axes: Mapping[str, Place], by: int) -> tuple[bool, Place | None]:
    """Whether a limit is one beyond an index, and the index."""
    if limit.head == "add" and len(limit.args) == 2 and exact_number(limit.args[1]) == by:
        return True, axes.get(str(limit.args[0].data))
    return False, axes.get(str(limit.data)) if limit.head in ("index", "unknown") else None


def _condition(
    lifting: Lifting, condition: Expression, bound: Mapping[str, Axis], axes: Mapping[str, Place]
) -> Polynomial:
    """1 where two indices are in a relation."""
    if condition.head == "none":
        return [Monomial()]
    places = [({**axes, **bound}).get(str(arg.data)) for arg in condition.args]
    if condition.head != "relation" or len(places) != 2 or not all(isinstance(place, Axis) for place in places):
        raise Stuck("a sum", "its condition cannot be derived through yet")
    left, right = (place for place in places if isinstance(place, Axis))
    if left.size != right.size or condition.data not in ("!=", "<", ">", "<=", ">="):
        raise Stuck("a sum", "its condition cannot be derived through yet")
    if condition.data == "!=":
        off = lifting.workshop.make("off", (), None, (left.size, left.size))
        return [lifting.entries.entry(off, left, right)]
    larger, smaller = (left, right) if condition.data in (">", ">=") else (right, left)
    return _triangle(lifting, larger, smaller, condition.data in ("<", ">"))


def _triangle(lifting: Lifting, larger: Axis, smaller: Axis, strict: bool) -> Polynomial:
    """1 where one index is not above the other, or below it."""
    ones = lifting.workshop.make("lower", (), None, (larger.size, larger.size))
    equal = [Monomial(Fraction(-1), {}, ((larger, smaller),))] if strict else []
    return [lifting.entries.entry(ones, larger, smaller), *equal]


def mean(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """The expectation over a uniform index."""
    name = node.data or next(iter(lifting.uniform), None)
    if name is None or name not in lifting.uniform:
        raise Stuck("an expectation", "nothing says that its index is uniform")
    axis = lifting.entries.axis(lifting.uniform[name])
    value = lifting.lift(node.args[0], {**axes, name: axis})
    share = [lifting.entries.entry(lifting.workshop.size(axis.size), 1, 1, Fraction(-1))]
    made = Shaped(value.dims, lambda i, j: summed(lifting.times(share, value.at(i, j)), axis))
    return made if axes else lifting.shaped(lifting.as_node(made, ()))


def norm(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A norm."""
    value = lifting.lift(node.args[0], axes)
    if value.node is None:
        return _norm_with_index(lifting, value, str(node.data))
    if node.data in ("", "F") or (node.data == "2" and 1 in value.dims):
        return lifting.shaped(lifting.workshop.make("norm", (value.node,), None, SCALAR))
    if node.data == "*" and 1 not in value.dims:
        return lifting.shaped(lifting.workshop.make("nuclear", (value.node,), None, SCALAR))
    if node.data == "inf" and 1 in value.dims:
        return lifting.shaped(largest(lifting.workshop, lifting.workshop.function("abs", value.node), True))
    if node.data == "1" and 1 in value.dims:
        return lifting.shaped(lifting.workshop.total(lifting.workshop.function("abs", value.node)))
    if node.data == "2":
        return lifting.shaped(_spectral(lifting, value.node))
    raise Stuck("a norm", "this norm cannot be derived through")


def _spectral(lifting: Lifting, base: Node) -> Node:
    """The largest singular value, with its vectors."""
    for matrix, *names in lifting.singular:
        if lifting.node(matrix) is base:
            vectors = [lifting.node(Expression("symbol", (), name)) for name in names]
            return lifting.workshop.make("spectral", (base, *vectors), None, SCALAR)
    named = r"A v = \|A\|_2 u, A^T u = \|A\|_2 v, \|u\| = 1, \|v\| = 1"
    raise Stuck("a norm", f"the gradient of a spectral norm is u v^T; say under assume what u and v are: {named}")


def _norm_with_index(lifting: Lifting, value: Shaped, kind: str) -> Shaped:
    """The Euclidean norm of what varies with an index: the root of its inner product with itself."""
    if kind not in ("", "2") or value.dims[1] != 1:
        raise Stuck("a norm", "this norm of something with an index cannot be derived through")
    axis = lifting.entries.axis(value.dims[0])
    square = summed(lifting.raised(value.at(axis, 1), Fraction(2)), axis)
    return lifting.scalar(lifting.raised(square, Fraction(1, 2)))


def absolute(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """Bars: the absolute value of a scalar, the norm of a vector, the determinant of a square matrix."""
    value = lifting.lift(node.args[0], axes)
    if value.dims != SCALAR and 1 in value.dims:
        return norm(lifting, Expression("norm", node.args, "", node.span), axes)
    return lifting.applied("abs" if value.dims == SCALAR else "det", value)


def limit_size(node: Expression) -> Size:
    """A size as written."""
    return int(node.data[0]) if node.head == "number" else str(node.data)


def extreme(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """The largest or smallest of the entries over one index."""
    body, lower, upper, condition = node.args
    whole = all(part.head == "none" for part in (lower, upper, condition))
    if len(node.data) != 1 or axes or not (whole or (condition.head == "none" and lower.data[0] == 1)):
        raise Stuck("the largest entry", "only that over the whole range of one index can be derived through")
    size = _range_of(lifting, node.data[0], body, upper)
    if upper.head != "none" and limit_size(upper) != size:
        raise Stuck("the largest entry", "only that over the whole range of one index can be derived through")
    values = lifting.definition(body, {node.data[0]: size})
    return lifting.shaped(largest(lifting.workshop, values, node.head == "max"))


def largest(workshop: Workshop, values: Node, most: bool) -> Node:
    """max x, or min x = -max(-x)."""
    if not most:
        return workshop.negative(largest(workshop, workshop.negative(values), True))
    return workshop.make("maximum", (values,), None, SCALAR)


def multiplied(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A product over the whole range of one index."""
    body, lower, upper, condition = node.args
    is_plain = condition.head == "none" and (lower.head == "none" or exact_number(lower) == 1)
    size = _range_of(lifting, node.data[0], body, upper) if len(node.data) == 1 else None
    if size is None or axes or not is_plain or (upper.head != "none" and limit_size(upper) != size):
        raise Stuck("a product", "only that over the whole range of one index can be derived through")
    values = lifting.definition(body, {node.data[0]: size})
    return lifting.shaped(lifting.workshop.make("product", (values,), None, SCALAR))
