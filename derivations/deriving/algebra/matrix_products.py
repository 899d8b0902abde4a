"""Products of whole matrices: the matrix product, transpose, inverse, diag and trace in a small normal form."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node, Workshop
    from truestep.derivations.language.shapes import Dims


def chain(workshop: Workshop, factors: Sequence[Node]) -> Node:
    """The matrix product; what multiplies to a scalar inside is taken out, an inverse meets its base."""
    coefficient: list[Node] = []
    flat: list[Node] = []
    dims = (factors[0].dims[0], factors[-1].dims[1])
    for factor in factors:
        if factor.op == "zeros":
            return workshop.zeros(dims)
        number, scalars, core = workshop.parts(factor)
        if core is None:
            coefficient.append(factor)
            continue
        if scalars or number != 1:
            coefficient.append(workshop.assemble(number, scalars, None))
        for part in core.args if core.op == "chain" else (core,):
            _append(workshop, flat, part)
    product = _product(workshop, flat, dims)
    return workshop.scale_by(*coefficient, product) if coefficient else product


def _append(workshop: Workshop, flat: list[Node], part: Node) -> None:
    if part.op == "eye":
        return
    if flat and _is_row_share(workshop, flat[-1], part):
        flat[-1] = workshop.softmax(part.args[0], "rows")
        return
    if flat and _inverse_of(flat[-1], part):
        flat.pop()
    else:
        flat.append(part)


def _is_row_share(workshop: Workshop, left: Node, right: Node) -> bool:
    """Whether diag(1 / (e^S 1)) e^S stands here: each row of e^S divided by its sum."""
    if left.op != "diag" or right.op != "function" or right.data != ("exp", 0) or 1 in right.dims:
        return False
    sums = workshop.chain([right, workshop.ones((right.dims[1], 1))])
    return left.args[0] is workshop.power(sums, Fraction(-1))


def _vanishes(workshop: Workshop, flat: list[Node]) -> bool:
    """Whether deviations from a mean are summed."""
    return any(
        (left.op == "ones" and right in workshop.centred)
        or (right.op == "ones" and workshop.transpose(left) in workshop.centred)
        for left, right in pairwise(flat)
    )


def _inverse_of(left: Node, right: Node) -> bool:
    """Whether the product of two neighbours is the identity."""
    if left.op == "transpose" and right.op == "transpose":
        left, right = right.args[0], left.args[0]
    return (right.op == "inverse" and right.args[0] is left) or (left.op == "inverse" and left.args[0] is right)


def _product(workshop: Workshop, flat: list[Node], dims: Dims) -> Node:
    if not flat:
        return workshop.eye(dims[0])
    if workshop.centred and _vanishes(workshop, flat):
        return workshop.zeros(dims)
    cuts = [k for k in range(1, len(flat)) if flat[k].dims[0] == 1]
    if len(cuts) > 1:
        first, second = cuts[0], cuts[1]
        inner = _product(workshop, flat[first:second], SCALAR)
        return workshop.scale_by(inner, _product(workshop, [*flat[:first], *flat[second:]], dims))
    if dims == SCALAR and cuts:
        return workshop.scale_by(
            _product(workshop, flat[: cuts[0]], SCALAR), _product(workshop, flat[cuts[0] :], SCALAR)
        )
    if len(flat) == 1:
        return flat[0]
    if dims == SCALAR:
        return _scalar(workshop, flat)
    return workshop.make("chain", tuple(flat), None, dims)


def _scalar(workshop: Workshop, flat: list[Node]) -> Node:
    """A product that is a scalar equals its transpose: one of the two stands for both."""
    if len(flat) == 2 and flat[0].op == "ones" and flat[1].op == "ones":
        return workshop.size(flat[1].dims[0])
    turned = [transpose(workshop, factor) for factor in reversed(flat)]
    if [node.number for node in turned] < [node.number for node in flat]:
        known = ("chain", None, SCALAR, *[node.number for node in flat])
        if known not in workshop._known:
            flat = turned
    elif ("chain", None, SCALAR, *[node.number for node in turned]) in workshop._known:
        flat = turned
    return workshop.make("chain", tuple(flat), None, SCALAR)


def total(workshop: Workshop, node: Node) -> Node:
    """The sum of all entries."""
    if node.is_scalar:
        return node
    factors = [node]
    if node.dims[0] != 1:
        factors.insert(0, workshop.ones((1, node.dims[0])))
    if node.dims[1] != 1:
        factors.append(workshop.ones((node.dims[1], 1)))
    return chain(workshop, factors)


def transpose(workshop: Workshop, node: Node) -> Node:
    """Rows for columns."""
    dims = (node.dims[1], node.dims[0])
    if node.dims == SCALAR or node.op in ("eye", "diag"):
        return node
    match node.op:
        case "transpose":
            return node.args[0]
        case "ones":
            return workshop.ones(dims)
        case "zeros":
            return workshop.zeros(dims)
        case "symbol" if node.data in workshop.symmetric:
            return node
        case "mul":
            return workshop.scale_by(*node.args[:-1], workshop.number(node.data), transpose(workshop, node.args[-1]))
        case "chain":
            return chain(workshop, [transpose(workshop, arg) for arg in reversed(node.args)])
        case "inverse" if transpose(workshop, node.args[0]) is node.args[0]:
            return node
        case "add" if node.dims[0] == node.dims[1] and _is_symmetric(workshop, node):
            return node
    return workshop.make("transpose", (node,), None, dims)


def _is_symmetric(workshop: Workshop, node: Node) -> bool:
    turned = workshop.add(transpose(workshop, arg) for arg in node.args)
    return turned is node or (turned.op == "add" and set(turned.args) == set(node.args))


def inverse(workshop: Workshop, node: Node) -> Node:
    """The inverse of a square matrix."""
    if node.is_scalar:
        return workshop.power(node, Fraction(-1))
    match node.op:
        case "eye":
            return node
        case "inverse":
            return node.args[0]
        case "transpose":
            return transpose(workshop, inverse(workshop, node.args[0]))
        case "diag":
            return diag(workshop, workshop.power(node.args[0], Fraction(-1)))
        case "mul":
            coefficient, scalars, core = workshop.parts(node)
            assert core is not None
            below = {base: -exponent for base, exponent in scalars.items()}
            return workshop.assemble(1 / coefficient, below, inverse(workshop, core))
        case "chain" if all(arg.dims[0] == arg.dims[1] for arg in node.args):
            return chain(workshop, [inverse(workshop, arg) for arg in reversed(node.args)])
    return workshop.make("inverse", (node,), None, node.dims)


def diag(workshop: Workshop, vector: Node) -> Node:
    """The diagonal matrix of a vector."""
    coefficient, scalars, core = workshop.parts(vector)
    if core is None:
        return vector
    if core.op == "zeros":
        return workshop.zeros((core.dims[0], core.dims[0]))
    factor = workshop.assemble(coefficient, scalars, None)
    made = (
        workshop.eye(core.dims[0]) if core.op == "ones" else workshop.make("diag", (core,), None, (core.dims[0],) * 2)
    )
    return made if factor is workshop.one else workshop.scale_by(factor, made)


def diagonal(workshop: Workshop, matrix: Node) -> Node:
    """The diagonal of a matrix as a vector."""
    if matrix.op == "diag":
        return matrix.args[0]
    if matrix.op == "eye":
        return workshop.ones((matrix.dims[0], 1))
    return workshop.make("diagonal", (matrix,), None, (matrix.dims[0], 1))


def trace(workshop: Workshop, matrix: Node) -> Node:
    """The sum of the diagonal."""
    if matrix.is_scalar:
        return matrix
    if matrix.op == "eye":
        return workshop.size(matrix.dims[0])
    if matrix.op == "add":
        return workshop.add(trace(workshop, arg) for arg in matrix.args)
    if matrix.op == "mul":
        return workshop.scale_by(workshop.number(matrix.data), *matrix.args[:-1], trace(workshop, matrix.args[-1]))
    if matrix.op == "transpose":
        return trace(workshop, matrix.args[0])
    if matrix.op == "chain":  # of A and A^T the one with fewer transposes
        matrix = min(matrix, transpose(workshop, matrix), key=lambda one: one.weight)
    return workshop.make("trace", (matrix,), None, SCALAR)
