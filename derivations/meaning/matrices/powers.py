"""Powers of matrices, their inverses and roots, and the norm that is made of a root."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning.shaped_terms import Value, elementwise, matrix_product, scalar

if TYPE_CHECKING:
    from truestep.derivations.language.faults import Span
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Axis, Term


def power(arena: Arena, base: Value, exponent: Fraction, span: Span) -> Value:
    """A rational power: of a scalar, of a square matrix, or of each entry of a vector."""
    if base.is_scalar or base.is_vector:
        return elementwise(lambda term: arena.power(term, exponent), (base,), span)
    if len(base.dims) != 2 or base.dims[0] != base.dims[1]:
        raise ShapeFault(f"{describe(base.dims)} has no power: only a square matrix has", span)
    if exponent == -1:
        return inverse(arena, base, span)
    if abs(exponent) == Fraction(1, 2):
        inverse_root = inverse(arena, base, span, "inverse root")
        return inverse_root if exponent < 0 else matrix_product(arena, base, inverse_root, span)
    if exponent.denominator != 1 or not 1 <= abs(exponent) <= 8:
        raise MeaningFault(f"the power {exponent} of a matrix is not decided here", span)
    if exponent < 0:
        base = inverse(arena, base, span)
    result = base
    for _ in range(abs(int(exponent)) - 1):
        result = matrix_product(arena, result, base, span)
    return result


def inverse(arena: Arena, base: Value, span: Span, op: str = "inverse") -> Value:
    """The inverse of a square matrix, or that of its root, of one that is symmetric and positive definite."""
    rows, columns = arena.axis(base.dims[0]), arena.axis(base.dims[1])
    body = base.entry(rows, columns)
    return Value(base.dims, lambda i, j: arena.inverse(rows, columns, body, i, j, op), span)


def trace_of_root(arena: Arena, base: Value) -> Value:
    """The trace of the root of a matrix that is symmetric and positive definite."""
    rows, columns = arena.axis(base.dims[0]), arena.axis(base.dims[1])
    return scalar(arena.determinant(rows, columns, base.entry(rows, columns), "trace of root"))


def nuclear_norm(arena: Arena, base: Value) -> Value:
    r"""The sum of the singular values, ``\operatorname{tr}((X^T X)^{1/2})``."""
    return _of_gram(arena, base, "trace of root")


def spectral_norm(arena: Arena, base: Value) -> Value:
    """The largest singular value, the root of the largest value of ``X^T X``."""
    return _of_gram(arena, base, "largest root")


def _of_gram(arena: Arena, base: Value, op: str) -> Value:
    rows, columns, body = gram(arena, base)
    return scalar(arena.determinant(rows, columns, body, op))


def gram(arena: Arena, base: Value) -> tuple[Axis, Axis, Term]:
    """The rows, the columns and an entry of ``X^T X``."""
    rows, columns, summed = arena.axis(base.dims[1]), arena.axis(base.dims[1]), arena.axis(base.dims[0])
    body = arena.total(summed, arena.multiply((base.entry(summed, rows), base.entry(summed, columns))))
    return rows, columns, body
