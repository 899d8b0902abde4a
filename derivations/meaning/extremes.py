"""The largest and the smallest: of numbers, of the entries of an array, and over an index, with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning import shaped_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.faults import Span
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Axis, Term


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
