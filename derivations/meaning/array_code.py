"""What calls of array code denote, where an array of one axis is a column (NumPy reference, ``sum``, ``einsum``)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.terms import Axis, Index, Term


def coded(node: Expression, scope: Scope) -> Value:
    """The value of a call: a sum or mean over an axis or all, a contraction by letters, or the size of an axis."""
    if node.data[0] == "einsum":
        return _contracted(node, scope)
    if node.data[0] == "shape":
        return _size_of(value_of(node.args[0], scope), node.data[1], scope)
    name, axis, is_kept = node.data
    value, arena = value_of(node.args[0], scope), scope.arena
    slots = (0, 1) if axis is None or value.is_vector else (axis,)
    over = {slot: shaped_terms.axes_for(arena, value.dims)[slot] for slot in slots}

    def entry(*places: Index) -> Term:
        at = [over.get(slot, place) for slot, place in enumerate(places)]
        term = value.entry(*at)
        for summed in shaped_terms.axes_in(tuple(over.values())):
            term = arena.total(summed, term)
            if name == "mean":
                term = arena.multiply((arena.power(arena.size(summed.size), Fraction(-1)), term))
        return term

    if len(slots) == 2:
        return scalar(entry(1, 1))
    reduced = Value((1, value.dims[1]) if axis == 0 else (value.dims[0], 1), entry, node.span)
    return shaped_terms.transpose(reduced) if axis == 0 and not is_kept else reduced


def _size_of(value: Value, axis: int, scope: Scope) -> Value:
    """The size of an axis; a vector has one."""
    sizes = [size for size in value.dims if size != 1] if value.is_vector else value.dims
    if axis >= len(sizes):
        raise ShapeFault("an array of one axis has no second one", value.span)
    size = sizes[axis]
    return scalar(scope.arena.constant(size) if isinstance(size, int) else scope.arena.size(size))


def beside(nodes: Sequence[Expression], values: Sequence[Value]) -> list[Value]:
    """Values that are combined entry by entry, the sums and means over an axis among them broadcast."""
    wide = next((value for value in values if len(value.dims) == 2 and 1 not in value.dims), None)
    return [one if wide is None else stretched(node, one, wide) for node, one in zip(nodes, values, strict=True)]


def stretched(node: Expression, value: Value, like: Value) -> Value:
    """A sum or mean over an axis beside a matrix: the same along that axis; any other value as it is.

    One that does not keep its axis is a row of the matrix (NumPy user guide, "Broadcasting").
    """
    inner = strip_groups(node)
    inner = strip_groups(inner.args[0]) if inner.head == "negative" else inner
    is_reduced = inner.head == "code" and len(inner.data) == 3 and inner.data[1] is not None
    if not is_reduced or value.is_scalar or len(like.dims) != 2 or 1 in like.dims or 1 not in value.dims:
        return value
    kept, along = (inner.data[1] if inner.data[2] else 0), value.dims.index(1)
    if value.dims[1 - along] != like.dims[1 - kept]:
        return value

    def entry(*places: Index) -> Term:
        at = places[1 - kept]
        return value.entry(*((1, at) if along == 0 else (at, 1)))

    return Value(like.dims, entry, node.span)


def _contracted(node: Expression, scope: Scope) -> Value:
    inputs, arrow, output = node.data[1].partition("->")
    names, arena = inputs.split(","), scope.arena
    values = [value_of(arg, scope) for arg in node.args]
    shapes = [[size for size in value.dims if size != 1] for value in values]
    if not arrow or len(names) != len(values) or len(output) > 2:
        raise MeaningFault("this contraction is not decided here", node.span)
    axes: dict[str, Axis] = {}
    for letters, shape in zip(names, shapes, strict=True):
        if len(letters) != len(shape):
            raise ShapeFault(f"{letters} names another number of axes than this array has", node.span)
        for letter, size in zip(letters, shape, strict=True):
            if axes.setdefault(letter, arena.axis(size)).size != size:
                raise ShapeFault(f"the letter {letter} runs over two sizes", node.span)
    if not set(output) <= set(axes):
        raise MeaningFault("this contraction is not decided here", node.span)

    def entry(*places: Index) -> Term:
        at: dict[str, Index] = {**axes, **dict(zip(output, places, strict=False))}
        factors = []
        for letters, value in zip(names, values, strict=True):
            own = iter(letters)
            factors.append(value.entry(*(1 if size == 1 else at[next(own)] for size in value.dims)))
        term = arena.multiply(factors)
        for letter, axis in axes.items():
            term = term if letter in output else arena.total(axis, term)
        return term

    dims = [axes[letter].size for letter in output]
    return Value((*dims, *([1] * (2 - len(dims)))), entry, node.span) if dims else scalar(entry())
