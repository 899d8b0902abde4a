"""Values: terms with a shape.  What a product of two shapes is, is decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import BroadcastFault, MeaningFault, ShapeFault, Span
from truestep.derivations.language.shapes import SCALAR, Dims, Size, describe
from truestep.derivations.meaning.terms import Axis, Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Index, Term

    Entry = Callable[..., Term]


class Partial(NamedTuple):
    """What a value remembers of being a partial derivative: of what, by what, with the shapes of both."""

    top: Expression
    bottom: Expression
    top_dims: Dims
    bottom_dims: Dims
    entry: Entry  # of the indices of the bottom, then those of the top


@dataclass(slots=True, eq=False)
class Value:
    """A shape, and the term at each place; the index at a place of size 1 is 1.

    Nobody changes one; made by the thousand, it is not frozen, which would double its cost.
    """

    dims: Dims
    entry: Entry
    span: Span = (0, 0)
    partial: Partial | None = None

    @property
    def is_scalar(self) -> bool:
        """Whether there is one entry only."""
        return self.dims.count(1) == len(self.dims)

    @property
    def is_vector(self) -> bool:
        """Whether it is a column or a row of more than one entry."""
        return not self.is_scalar and len(self.dims) == 2 and 1 in self.dims

    @property
    def term(self) -> Term:
        """The term of a scalar."""
        return self.entry(*[1] * len(self.dims))


def scalar(term: Term, span: Span = (0, 0)) -> Value:
    """A scalar value."""
    return Value(SCALAR, lambda *_: term, span)


def need_scalar(value: Value, what: str) -> Term:
    """The term of a value that must be a scalar; anything else is a shape fault."""
    if not value.is_scalar:
        raise ShapeFault(f"{what} must be a scalar, but this is {describe(value.dims)}", value.span)
    return value.term


def axes_for(arena: Arena, dims: Dims) -> tuple[Index, ...]:
    """A fresh axis for each size that is not 1; a pair of them for the size of a Kronecker product."""
    return tuple(_index_for(arena, size) for size in dims)


def _index_for(arena: Arena, size: Size) -> Index:
    if size == 1:
        return 1
    if isinstance(size, str) and PAIR in size:
        first, _, second = size.partition(PAIR)
        return Pair(_index_for(arena, _sized(first)), _index_for(arena, _sized(second)))
    return arena.axis(size)


def _sized(text: str) -> Size:
    return int(text) if text.isdigit() else text


def axes_in(places: Sequence[Index]) -> list[Axis]:
    """The axes of some indices, those of pairs included."""
    found: list[Axis] = []
    for place in places:
        if isinstance(place, Pair):
            found += axes_in(place)
        elif isinstance(place, Axis):
            found.append(place)
    return found


def kronecker_product(left: Value, right: Value, arena: Arena, span: Span) -> Value:
    """The Kronecker product: its rows and columns are counted by pairs, the left factor's index first."""

    def entry(row: Index, column: Index) -> Term:
        rows, columns = _parted(row, left.dims[0], right.dims[0]), _parted(column, left.dims[1], right.dims[1])
        return arena.multiply((left.entry(rows[0], columns[0]), right.entry(rows[1], columns[1])))

    return Value((_paired(left.dims[0], right.dims[0]), _paired(left.dims[1], right.dims[1])), entry, span)


def vectorised(value: Value, span: Span) -> Value:
    """The columns of a matrix one beneath the other."""
    rows, columns = value.dims

    def entry(place: Index, _: Index) -> Term:
        column, row = _parted(place, columns, rows)
        return value.entry(row, column)

    return Value((_paired(columns, rows), 1), entry, span)


def _paired(first: Size, second: Size) -> Size:
    return second if first == 1 else first if second == 1 else f"{first}{PAIR}{second}"


def _parted(index: Index, first: Size, second: Size) -> tuple[Index, Index]:
    if first == 1 or second == 1:
        return (1, index) if first == 1 else (index, 1)
    if not isinstance(index, Pair):
        raise MeaningFault("an entry of a Kronecker product by number is not decided here")
    return index.first, index.second


def transpose(value: Value) -> Value:
    """Rows for columns."""
    if len(value.dims) != 2:
        raise ShapeFault(f"{describe(value.dims)} has no transpose", value.span)
    return Value((value.dims[1], value.dims[0]), lambda i, j: value.entry(j, i), value.span)


UNSTATED = "?"
PAIR = " \u2297 "


def fitted(value: Value, like: Dims) -> Value:
    """An identity or a vector of ones without a stated size, with the size that its surroundings give it."""
    if not _is_open(value.dims) or len(like) != len(value.dims):
        return value
    if UNSTATED not in value.dims:
        return replace(value, dims=tuple(map(_filled, value.dims, like)))
    known = next((size for size in like if size not in (1, UNSTATED)), UNSTATED)
    square = all(size == UNSTATED for size in value.dims)
    dims = tuple(
        (known if square or there in (1, UNSTATED) else there) if here == UNSTATED else here
        for here, there in zip(value.dims, like, strict=True)
    )
    return replace(value, dims=dims)


def _is_open(dims: Dims) -> bool:
    told = [size for size in dims if type(size) is str and UNSTATED in size]
    return bool(told) and any(UNSTATED in size.split(PAIR) for size in told)


def _filled(size: Size, like: Size) -> Size:
    """The size of a Kronecker product with an identity, as in ``I \u2297 A``, by that of its surroundings."""
    parts, others = str(size).split(PAIR), str(like).split(PAIR)
    if len(parts) != len(others):
        return size
    return PAIR.join(there if here == UNSTATED else here for here, there in zip(parts, others, strict=True))


def elementwise(change: Callable[..., Term], values: Sequence[Value], span: Span) -> Value:
    """A function of the entries at the same place; scalars stand at every place."""
    values = _alike(values)
    shaped = [value for value in values if not value.is_scalar]
    dims = shaped[0].dims if shaped else SCALAR
    for value in shaped[1:]:
        if value.dims != dims:
            raise BroadcastFault(f"{describe(dims)} does not go with {describe(value.dims)} entry by entry", span)

    def entry(*places: Index) -> Term:
        return change(*(value.term if value.is_scalar else value.entry(*places) for value in values))

    return Value(dims, entry, span)


def _alike(values: Sequence[Value]) -> Sequence[Value]:
    """Values to be combined entry by entry, with the sizes that they give each other."""
    shaped = [value.dims for value in values if not value.is_scalar]
    if not any(map(_is_open, shaped)) or len({len(dims) for dims in shaped}) > 1:
        return values
    if any(dims[0] == 1 and dims[-1] != 1 for dims in shaped):  # a vector of ones is a row beside rows
        values = [transpose(value) if value.dims == (UNSTATED, 1) else value for value in values]
        shaped = [value.dims for value in values if not value.is_scalar]
    merged = tuple(
        next((size for size in sizes if not _is_open((size,))), reduce(_filled, sizes))
        for sizes in zip(*shaped, strict=True)
    )
    return [fitted(value, merged) for value in values]


def add(arena: Arena, values: Sequence[Value], span: Span) -> Value:
    """A sum; a scalar beside an array is added to every entry."""
    values = _alike(values)
    shaped = [value for value in values if not value.is_scalar]
    for value in shaped[1:]:
        if value.dims != shaped[0].dims:
            raise BroadcastFault(f"{describe(shaped[0].dims)} cannot be added to {describe(value.dims)}", value.span)
    return elementwise(lambda *parts: arena.add(parts), values, span)


def scale(arena: Arena, factor: Term, value: Value, span: Span) -> Value:
    """A scalar times a value."""
    partial = value.partial
    if partial is not None:
        inner = partial.entry
        partial = partial._replace(entry=lambda *places: arena.multiply((factor, inner(*places))))
    return Value(value.dims, lambda *places: arena.multiply((factor, value.entry(*places))), span, partial)


def matrix_product(arena: Arena, left: Value, right: Value, span: Span) -> Value:
    """The matrix product of conformable values; an inner and an outer product are cases of it."""
    shared = left.dims[1]

    def entry(row: Index, column: Index) -> Term:
        if shared == 1:
            return arena.multiply((left.entry(row, 1), right.entry(1, column)))
        index = _index_for(arena, shared)
        term = arena.multiply((left.entry(row, index), right.entry(index, column)))
        for axis in axes_in((index,)):
            term = arena.total(axis, term)
        return term

    return Value((left.dims[0], right.dims[1]), entry, span)


def inner_product(arena: Arena, left: Value, right: Value, span: Span) -> Value:
    """The sum of the products of the entries of two values of one shape (Frobenius inner product)."""
    return scalar(total_of(arena, elementwise(lambda a, b: arena.multiply((a, b)), (left, right), span)), span)


def total_of(arena: Arena, value: Value) -> Term:
    """The sum of all entries."""
    places = axes_for(arena, value.dims)
    term = value.entry(*places)
    for axis in axes_in(places):
        term = arena.total(axis, term)
    return term


def multiply(arena: Arena, left: Value, sign: str, right: Value, is_inner: Callable[[str, Span], bool]) -> Value:
    """The product of two values under the sign between them; the shapes decide which product it is.

    ``is_inner`` says of two vectors of one shape, by the sign between them, whether it is their inner product, and of
    two square matrices with a star between them whether it is no matrix product.
    """
    span = (min(left.span[0], right.span[0]), max(left.span[1], right.span[1]))
    is_paired = sign == "otimes" and not (left.is_vector and right.is_vector)
    if _is_open(left.dims) and len(right.dims) == 2 and not is_paired:
        left = fitted(left, right.dims if sign in ("odot", "circ") else (right.dims[0],) * 2)
    if _is_open(right.dims) and len(left.dims) == 2 and not is_paired:
        right = fitted(right, left.dims if sign in ("odot", "circ") else (left.dims[1],) * 2)
    if (right.dims, left.dims[1:]) == ((UNSTATED, UNSTATED), (1,)) and sign == "" and not left.is_scalar:
        right = replace(right, dims=SCALAR)  # u I v^T
    if left.is_scalar:
        return scale(arena, left.term, right, span)
    if right.is_scalar:
        return scale(arena, right.term, left, span)
    if sign in ("odot", "circ"):
        if left.dims != right.dims:
            raise ShapeFault(
                f"an entrywise product needs one shape, but these are {describe(left.dims)} and {describe(right.dims)}",
                span,
            )
        return elementwise(lambda a, b: arena.multiply((a, b)), (left, right), span)
    if sign == "oslash":
        return elementwise(lambda a, b: arena.multiply((a, arena.power(b, Fraction(-1)))), (left, right), span)
    if sign == "otimes":
        if left.is_vector and right.is_vector:
            return matrix_product(arena, _column(left), transpose(_column(right)), span)
        return kronecker_product(left, right, arena, span)
    if sign == "array":  # entry by entry, or a column beside a row
        if left.dims == right.dims:
            return elementwise(lambda a, b: arena.multiply((a, b)), (left, right), span)
        if left.dims[1:] != (1,) or right.dims[0] != 1:
            raise BroadcastFault("broadcasting is not decided here", span)
    if len(left.dims) == 2 == len(right.dims) and left.dims[1] == right.dims[0]:
        if sign == "star" and left.dims == right.dims and is_inner(sign, right.span):
            return elementwise(lambda a, b: arena.multiply((a, b)), (left, right), span)
        return matrix_product(arena, left, right, span)
    if sign == "matmul" and left.dims[1] == 1 and left.dims[0] == right.dims[0]:  # an array of one axis has no layout
        return transpose(matrix_product(arena, transpose(left), right, span))
    if sign == "cdot" and left.dims[1:] == (1,) and left.dims[0] == right.dims[0] and is_inner(sign, right.span):
        return transpose(matrix_product(arena, transpose(left), right, span))
    if left.dims == right.dims and (left.is_vector or sign == "star"):
        if sign in ("", "cdot") and is_inner(sign, right.span):
            return inner_product(arena, left, right, span)
        return elementwise(lambda a, b: arena.multiply((a, b)), (left, right), span)
    raise ShapeFault(
        f"the product of {describe(left.dims)} and {describe(right.dims)} does not exist: "
        f"{left.dims[-1]} columns meet {right.dims[0]} rows",
        span,
    )


def _column(value: Value) -> Value:
    return transpose(value) if value.dims[0] == 1 else value


def chain_product(arena: Arena, factors: Sequence[Value], layout: str, span: Span) -> Value | None:
    """A product of partials read as the chain rule, whatever the order and layout; None where the links do not close.

    Each partial's bottom is contracted with the top that names the same quantity; a factor that is no partial is
    contracted with the one open top of its shape.
    """
    partials = [(value, value.partial) for value in factors if value.partial is not None]
    others = [value for value in factors if value.partial is None and not value.is_scalar]
    if not partials or len(others) > 1:
        return None
    tops = {partial.top: place for place, (_, partial) in enumerate(partials)}
    bottoms = {partial.bottom: place for place, (_, partial) in enumerate(partials)}
    if len(tops) < len(partials) or len(bottoms) < len(partials):
        return None
    heads = [partial for _, partial in partials if partial.top not in bottoms]
    ends = [partial for _, partial in partials if partial.bottom not in tops]
    if len(heads) != 1 or len(ends) != 1:
        return None
    head, end = heads[0], ends[0]
    if others and (others[0].dims != head.top_dims and transpose(others[0]).dims != head.top_dims):
        return None
    loose = [value.term for value in factors if value.partial is None and value.is_scalar]

    def contracted(*places: Index) -> Term:
        bottom_places, top_places = places[: len(end.bottom_dims)], places[len(end.bottom_dims) :]
        terms: list[Term] = list(loose)
        bound: list[Axis] = []
        current: tuple[Index, ...] = top_places
        if others:
            current = axes_for(arena, head.top_dims)
            other = others[0] if others[0].dims == head.top_dims else transpose(others[0])
            terms.append(other.entry(*current))
            bound += axes_in(current)
        partial = head
        while True:
            last = partial is end
            below = bottom_places if last else axes_for(arena, partial.bottom_dims)
            terms.append(partial.entry(*below, *current))
            if last:
                break
            bound += axes_in(below)
            current, partial = below, partials[tops[partial.bottom]][1]
        result = arena.multiply(terms)
        for axis in bound:
            result = arena.total(axis, result)
        return result

    top = SCALAR if others else head.top_dims
    return arranged(Partial(head.top, end.bottom, top, end.bottom_dims, contracted), layout, span)


def arranged(partial: Partial, layout: str, span: Span) -> Value:
    """A partial derivative in a layout.

    Denominator layout: the derivative of a scalar has the shape of what it is taken by, and the Jacobian of z (K) by
    x (M) is M x K; numerator layout is its transpose.  Mixed layout: the gradient of a scalar as in denominator layout,
    a Jacobian as in numerator layout.  Higher orders keep the axes of the bottom, then of the top.
    """
    top, bottom, entry = partial.top_dims, partial.bottom_dims, partial.entry
    if all(size == 1 for size in top):
        ones = tuple(1 for _ in top)
        value = Value(bottom, lambda *places: entry(*places, *ones), span, partial)
        return replace(transpose(value), partial=partial) if layout == "numerator" and len(bottom) == 2 else value
    if all(size == 1 for size in bottom):
        below = tuple(1 for _ in bottom)
        return Value(top, lambda *places: entry(*below, *places), span, partial)
    flat_bottom = [place for place, size in enumerate(bottom) if size != 1]
    flat_top = [place for place, size in enumerate(top) if size != 1]

    def spread(*places: Index) -> Term:
        below: list[Index] = [1] * len(bottom)
        above: list[Index] = [1] * len(top)
        for slot, place in zip(flat_bottom, places[: len(flat_bottom)], strict=True):
            below[slot] = place
        for slot, place in zip(flat_top, places[len(flat_bottom) :], strict=True):
            above[slot] = place
        return entry(*below, *above)

    dims = (*(bottom[place] for place in flat_bottom), *(top[place] for place in flat_top))
    if layout != "denominator" and len(dims) == 2:
        return Value((dims[1], dims[0]), lambda i, j: spread(j, i), span, partial)
    return Value(dims, spread, span, partial)
