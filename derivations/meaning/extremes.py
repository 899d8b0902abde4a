"""The largest and the smallest of numbers, of entries and over an index; norms, absolute values, roundings."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.matrices.powers import nuclear_norm, spectral_norm
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.faults import Span
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Axis, Term

MAX_FACTORIAL = 60


def of_values(head: str, arguments: Sequence[Value], scope: Scope, span: Span) -> Value:
    """max(a, b) = b + relu(a - b); min(a, b) = a - relu(a - b)."""
    arena = scope.arena

    def two(a: Term, b: Term) -> Term:
        if a.op == "constant" and a.data == 0 and head == "max":
            a, b = b, a
        gap = arena.function("relu", arena.add((a, arena.negative(b))))
        return arena.add((b, gap)) if head == "max" else arena.add((a, arena.negative(gap)))

    result = arguments[0]
    for other in arguments[1:]:
        result = shaped_terms.elementwise(two, (result, other), span)
    return result


def of_entries(head: str, value: Value, scope: Scope) -> Term:
    """The extreme of all entries of an array, or the place where it is."""
    places = shaped_terms.axes_for(scope.arena, value.dims)
    return over(head, tuple(shaped_terms.axes_in(places)), value.entry(*places), (), scope, value.span)


def over(head: str, axes: tuple[Axis, ...], body: Term, masks: Sequence[Term], scope: Scope, span: Span) -> Term:
    """The extreme over axes where every mask is 1; the smallest is where the negative is largest."""
    arena = scope.arena
    if len(axes) > 1 and (masks or head.startswith("arg")):
        raise MeaningFault("an extreme over several indices with a condition, or its place, is not decided here", span)
    where = arena.multiply(masks) if masks else None
    order = arena.negative(body) if head.endswith("min") else body
    value = arena.position(axes[0]) if head.startswith("arg") and axes else body
    for axis in axes:
        order, value = arena.largest(axis, order, order, where), arena.largest(axis, order, value, where)
    return value


def either(node: Expression, scope: Scope) -> Value:
    r"""``\pm a`` is no one value."""
    value_of(node.args[0], scope)
    raise MeaningFault("a plus-minus sign leaves open which is meant", node.span)


def norm(node: Expression, scope: Scope) -> Value:
    """The Euclidean (Frobenius) norm, or the sum of absolute values."""
    value = value_of(node.args[0], scope)
    arena = scope.arena
    of_matrix = not (value.is_vector or value.is_scalar)
    if node.data in ("", "F") or (node.data == "2" and not of_matrix):
        if not node.data and of_matrix:
            scope.note("norm", node)
        square = shaped_terms.total_of(
            arena, shaped_terms.elementwise(lambda t: arena.power(t, Fraction(2)), (value,), node.span)
        )
        return scalar(arena.power(square, Fraction(1, 2)))
    if node.data == "1" and (value.is_vector or value.is_scalar):
        return scalar(
            shaped_terms.total_of(
                arena, shaped_terms.elementwise(lambda t: arena.function("abs", t), (value,), node.span)
            )
        )
    if node.data == "inf" and (value.is_vector or value.is_scalar):
        sizes = shaped_terms.elementwise(lambda t: arena.function("abs", t), (value,), node.span)
        return scalar(of_entries("max", sizes, scope))
    if node.data == "p" and (value.is_vector or value.is_scalar):
        share = arena.power(shaped_terms.need_scalar(value_of(node.args[1], scope), "an exponent"), Fraction(-1))
        total = arena.function("log", powers(node, scope).term)
        return scalar(arena.function("exp", arena.multiply((share, total))))
    if node.data == "*" and of_matrix and len(value.dims) == 2:
        return nuclear_norm(arena, value)
    if node.data == "2" and scope.spectral and len(value.dims) == 2:
        return spectral_norm(arena, value)
    raise MeaningFault("this norm is not decided here", node.span)


def powers(node: Expression, scope: Scope) -> Value:
    r"""``\|x\|_p^p``, the sum of the powers of the absolute values."""
    value, exponent = (value_of(arg, scope) for arg in node.args)
    if not (value.is_vector or value.is_scalar):
        raise MeaningFault("this norm is not decided here", node.span)
    raised, arena = shaped_terms.need_scalar(exponent, "an exponent"), scope.arena

    def power(term: Term) -> Term:
        size = arena.function("abs", term)
        if raised.op in ("constant", "position", "size"):
            return arena.raised(size, raised)
        return arena.function("exp", arena.multiply((raised, arena.function("log", size))))

    return scalar(shaped_terms.total_of(arena, shaped_terms.elementwise(power, (value,), node.span)))


def absolute(node: Expression, scope: Scope) -> Value:
    """The absolute value; bars around an array are its norm, around a square matrix its determinant."""
    value = value_of(node.args[0], scope)
    if value.is_scalar:
        return scalar(scope.arena.function("abs", value.term))
    if value.is_vector:
        return norm(Expression("norm", node.args, "", node.span), scope)
    return value_of(Expression("apply", node.args, ("det", 0, None), node.span), scope)


def rounded(node: Expression, scope: Scope) -> Value:
    """Floor, ceiling and factorial: exact of a number, else not more than a name."""
    inner = exact_number(node.args[0])
    if node.head == "factorial" and inner is not None and (inner.denominator > 1 or not 0 <= inner <= MAX_FACTORIAL):
        raise MeaningFault("this factorial is not decided here", node.span)
    if inner is not None and node.head == "factorial":
        return scalar(scope.arena.constant(math.factorial(int(inner))))
    if inner is not None:
        value = inner.numerator // inner.denominator
        if node.head == "ceiling" and value != inner:
            value += 1
        return scalar(scope.arena.constant(value))
    value_ = value_of(node.args[0], scope)
    return shaped_terms.elementwise(lambda t: scope.arena.function("opaque", t, (node.head, 0)), (value_,), node.span)
