r"""Singular vectors of the largest value ``s = \|A\|_2`` that a statement names: ``A v = s u`` and ``A^T u = s v``.

They are told by projectors, so that all which is said of them holds at any matrix at which that value is simple.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.differentiate import depends
from truestep.derivations.meaning.matrices.powers import gram, spectral_norm
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.terms import Definition
from truestep.problems.statements.assumptions import Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.assumptions import Assumptions, Relation


class Singular(NamedTuple):
    """A matrix, the names of its first left and right singular vectors, and what its norm is called."""

    matrix: Expression
    left: str
    right: str
    values: frozenset[Expression]
    said: tuple[Relation, ...]


def singular_of(assumptions: Assumptions, given: Iterable[tuple[Expression, Expression]]) -> tuple[Singular, ...]:
    """The singular vectors of length one that relations name, of matrices of which the spectral norm stands there."""
    equations = [one for one in assumptions.relations if one.sign == "="]
    norms = dict[Expression, Expression]()
    for left, right in (*given, *((one.left, one.right) for one in equations)):
        for side, other in ((left, right), (right, left)):
            inner = _normed(side)
            norms |= {} if inner is None else {side: inner, other: inner}
    written = (node for one in equations for side in (one.left, one.right) for node in side.walk())
    norms |= {node: node.args[0] for node in written if _normed(node) is not None}
    ways = [
        (matrix, *found, one)
        for one in equations
        for value, matrix in norms.items()
        if (found := _way(one, value, matrix))
    ]
    out = list[Singular]()
    for matrix, is_turned, by, to, one in ways:
        backs = [other for base, turned, a, b, other in ways if base == matrix and turned and (a, b) == (to, by)]
        if is_turned or not all(_is_unit(name, assumptions) for name in (by, to)):
            continue
        known = assumptions.properties.get(str(matrix.data), Property()) if matrix.head == "symbol" else Property()
        backs = backs or [one] * (by == to and known.structure == "definite")
        if backs:
            values = frozenset(value for value, inner in norms.items() if inner == matrix)
            said = [each for each in equations if {each.left, each.right} <= values]
            out.append(Singular(matrix, to, by, values, (one, *backs, *said)))
    return tuple(out)


def tell(found: Sequence[Singular], assumptions: Assumptions, scope: Scope) -> tuple[Singular, ...]:
    """Defines the vectors, and the letters of their singular values, unless the matrix is made of them."""
    arena, told = scope.arena, list[Singular]()
    for one in found:
        matrix = value_of(one.matrix, scope)
        rows, columns, body = gram(arena, matrix)
        size = spectral_norm(arena, matrix).term
        letters = [str(node.data) for node in one.values if node.head == "symbol"]
        free = {one.left, one.right, *letters} - arena.definitions.keys()
        if not {one.left, one.right} <= free or any(depends(arena, size, name) for name in free):
            continue
        place, here = (arena.axis(axis.size, axis.low) for axis in (rows, columns))
        first = arena.inverse(rows, columns, body, 1, 1, "projector")
        column = arena.inverse(rows, columns, body, place, 1, "projector")  # v_i v_1
        along = arena.multiply((column, arena.power(first, Fraction(-1, 2))))
        arena.definitions[one.right] = Definition((place,), along)
        if one.left != one.right:
            row = arena.axis(matrix.dims[0])
            image = arena.total(here, arena.multiply((matrix.entry(row, here), arena.substitute(along, {place: here}))))
            arena.definitions[one.left] = Definition((row,), arena.multiply((image, arena.power(size, Fraction(-1)))))
        arena.definitions |= {name: Definition((), size) for name in free - {one.left, one.right}}
        assumptions.relations = [each for each in assumptions.relations if each not in one.said]
        told.append(one)
    return tuple(told)


def _is_unit(name: str, assumptions: Assumptions) -> bool:
    return assumptions.properties.get(name, Property()).structure == "unit"


def _normed(node: Expression) -> Expression | None:
    return node.args[0] if node.head == "norm" and node.data == "2" else None


def _way(one: Relation, value: Expression, matrix: Expression) -> tuple[bool, str, str] | None:
    """Of ``A v = s u``: whether A is transposed, v and u."""
    for product, multiple in ((one.left, one.right), (one.right, one.left)):
        *inner, by = _factors(product)
        rest = [factor for factor in _factors(multiple) if factor != value]
        if by.head != "symbol" or len(rest) != 1 or rest[0].head != "symbol" or len(_factors(multiple)) != 2:
            continue
        for is_turned in (False, True):
            if inner == _factors(Expression("transpose", (matrix,)) if is_turned else matrix):
                return is_turned, str(by.data), str(rest[0].data)
    return None


def _factors(node: Expression) -> list[Expression]:
    """The factors of a product, transposes taken inside."""
    node = strip_groups(node)
    if node.head == "product":
        return [factor for arg in node.args for factor in _factors(arg)]
    if node.head != "transpose":
        return [node]
    inner = _factors(node.args[0])
    return [one.args[0] if one.head == "transpose" else Expression("transpose", (one,)) for one in reversed(inner)]
