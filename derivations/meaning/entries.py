"""Entries, members of families, and the integers and sizes that a formula names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import ANEW, NONE, Expression, free_indices
from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.language.shapes import SCALAR, Declared, Dims, Size, derived_size, describe
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.terms import Axis, Index, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def array(name: str, prefix: tuple[Index, ...], dims: Dims, scope: Scope) -> Value:
    """A named quantity as a value: its own axes are those of size other than 1."""

    slots = [slot for slot, size in enumerate(dims) if size != 1]

    def entry(*places: Index) -> Term:
        return scope.quantity(name, (*prefix, *[places[slot] for slot in slots]))

    return Value(dims, entry)


def anything(name: str, dims: Dims, scope: Scope) -> Value:
    """A quantity of its own for each shape, of which nothing is known but its name and the shape."""
    arena, shape, own = scope.arena, tuple(size for size in dims if size != 1), name + ANEW
    while own in arena.definitions or arena.shapes.setdefault(own, shape) != shape:
        own += ANEW
    return array(own, (), dims, scope)


def member(node: Expression, scope: Scope) -> Value:
    """A member of a family: its index comes first."""
    family = scope.notation.families[node.data]
    place = one_index(node.args[0], family.index.dims[0], scope, family.index.low)
    dims = SCALAR if family.member.kind == "index" else family.member.dims
    if callable(place):
        return _labelled(place, family.index, lambda i: array(family.name, (i,), dims, scope), scope)
    return array(family.name, (place,), dims, scope)


def _labelled(label: Callable[[Index], Term], over: Declared, pick: Callable[[Index], Value], scope: Scope) -> Value:
    """An entry at a class label: the sum over the index with the indicator of the label."""
    axis = scope.arena.axis(over.dims[0], over.low)
    value = pick(axis)
    return Value(
        value.dims, lambda *places: scope.arena.total(axis, scope.arena.multiply((label(axis), value.entry(*places))))
    )


def one_index(
    node: Expression, size: Size, scope: Scope, low: int | str | None = None
) -> Index | Callable[[Index], Term]:
    """An index at a place of a size, or the indicator of a class label; ``low`` is where the count begins."""
    low = scope.notation.low(size) if low is None else low
    if node.head in ("number", "negative") and isinstance(low, str):
        place = limit_position(node, scope)
        return lambda axis: _same_place(place, axis, scope)
    if node.head == "number" and isinstance(low, int):
        value = int(node.data[0]) + 1 - low
        if value < 0 or (isinstance(size, int) and value > size):
            raise ShapeFault(f"the index {value - 1 + low} is outside {low}..{size}", node.span)
        if value == 0:
            raise MeaningFault("an entry with index 0 is not declared: entries count from 1", node.span)
        return value
    if node.head == "index" and node.data in scope.notation.sizes and node.data not in scope.indices:
        node = Expression("size", (), node.data, node.span)
    if node.head == "index":
        known = scope.indices.get(node.data, scope.free.get(node.data))
        declared = scope.notation.indices.get(node.data)
        over = known.size if isinstance(known, Axis) else declared.dims[0] if declared and known is None else size
        if over != size and _told_by(over) == _told_by(size):  # over K - 1 at a place of K
            place = scope.arena.number_of(scope.index(node.data, over))
            return lambda axis: _same_place(place, axis, scope)
        return scope.index(node.data, size)
    if node.head in ("size", "add"):
        place = limit_position(node, scope)
        if low == 1 and is_beyond(place, size):
            raise MeaningFault(f"there is no entry beyond the last one, {size}", node.span)
        return lambda axis: _same_place(place, axis, scope)
    if node.head in ("symbol", "member", "entry", "group", "argmax", "argmin"):
        position = value_of(node, scope).term
        return lambda axis: scope.arena.multiply(
            (
                scope.arena.function(
                    "zero",
                    scope.arena.add(
                        (
                            position,
                            scope.arena.negative(scope.arena.number_of(axis)),
                        )
                    ),
                ),
            )
        )
    raise MeaningFault("this index is not decided here", node.span)


def _told_by(size: Size) -> Size:
    """The size that tells another one, or itself."""
    derived = derived_size(str(size))
    return size if derived is None else derived[1]


def _same_place(place: Term, axis: Index, scope: Scope) -> Term:
    """1 where an index expression is an index: neither is below the other."""
    arena = scope.arena
    here = arena.number_of(axis)
    none = [
        arena.add((arena.constant(1), arena.negative(arena.below(*pair)))) for pair in ((place, here), (here, place))
    ]
    return arena.multiply(none)


def entry_of(node: Expression, scope: Scope) -> Value:
    """An entry, a row or a column of a value."""
    if (over := _softmax_over(node, scope)) is not None:
        return value_of(over, scope)
    base = value_of(node.args[0], scope)
    wanted = list(node.args[1:])
    slots = [place for place, size in enumerate(base.dims) if size != 1]
    if len(wanted) == 1 and len(slots) == 2:
        wanted.append(Expression("slice", (), None, node.span))
    if len(wanted) == len(base.dims) > len(slots):  # an index at a place of size 1 says nothing
        wanted = [wanted[slot] for slot in slots]
    if not slots and len(wanted) == 1:
        wanted = []
    if len(wanted) != len(slots):
        raise ShapeFault(f"{len(wanted)} indices on {describe(base.dims)}", node.span)
    fixed: dict[int, Index] = {}
    for slot, want in zip(slots, wanted, strict=True):
        if want.head == "slice":
            continue
        place = one_index(want, base.dims[slot], scope)
        if callable(place):
            return _label_entry(base, slots, wanted, (), scope)
        fixed[slot] = place
    open_slots = [slot for slot in slots if slot not in fixed]
    explicit = len(node.args) == 3 and node.args[2].head == "slice"  # U_{z:} is a row
    is_row = open_slots == [1] and (explicit or (len(node.args) == 2 and scope.takes("row-entry", node.span)))
    flat = is_row and not (explicit and scope.takes("row-vector", node.span))
    dims: Dims = SCALAR if not open_slots else (base.dims[open_slots[0]], 1)
    if len(open_slots) > 1:
        return base

    def entry(*places: Index) -> Term:
        full: list[Index] = [1] * len(base.dims)
        for slot, place in fixed.items():
            full[slot] = place
        if open_slots:
            full[open_slots[0]] = places[0]
        return base.entry(*full)

    value = Value(dims, entry)
    return shaped_terms.transpose(value) if flat else value


def _softmax_over(node: Expression, scope: Scope) -> Expression | None:
    r"""``softmax_j(a_{ij})`` of a number for each j: its share among all of them; None where it is of a vector."""
    inner, *places = node.args
    if inner.head != "apply" or inner.data[:2] != ("softmax", 0):
        return None
    letter = str(places[0].data) if [one.head for one in places] == ["index"] else ""
    if letter not in free_indices(inner.args[0]) or not value_of(inner.args[0], scope).is_scalar:
        return None
    part = replace(inner, data=("exp", 0, None))
    total = Expression("sum", (part, NONE, NONE, NONE), (letter,), node.span)
    return Expression("quotient", (part, total), None, node.span)


def _label_entry(
    base: Value, slots: list[int], wanted: list[Expression], known: Sequence[Index], scope: Scope
) -> Value:
    """An entry at places of which some are labels, such as ``i + u - 1``: summed over where each label is the place."""
    if len(known) == len(slots):
        chosen = dict(zip(slots, known, strict=True))
        return scalar(base.entry(*(chosen.get(slot, 1) for slot in range(len(base.dims)))))
    size = base.dims[slots[len(known)]]
    place = one_index(wanted[len(known)], size, scope)
    if not callable(place):
        return _label_entry(base, slots, wanted, (*known, place), scope)

    def pick(axis: Index) -> Value:
        return _label_entry(base, slots, wanted, (*known, axis), scope)

    return _labelled(place, Declared("index", (size, 1), scope.notation.low(size)), pick, scope)


def matrix(node: Expression, scope: Scope) -> Value:
    """A matrix whose entries are written."""
    columns, rows = node.data, len(node.args) // node.data
    values = [value_of(arg, scope) for arg in node.args]
    if not all(value.is_scalar for value in values):
        raise MeaningFault("a matrix made of blocks is not decided here", node.span)
    terms = [value.term for value in values]
    arena = scope.arena

    def entry(row: Index, column: Index) -> Term:
        picked = []
        for place, term in enumerate(terms):
            here = (
                arena.delta(row, place // columns + 1) if rows > 1 else arena.constant(1),
                arena.delta(column, place % columns + 1) if columns > 1 else arena.constant(1),
            )
            picked.append(arena.multiply((*here, term)))
        return arena.add(picked)

    return Value((rows, columns), entry)


def exact_number(node: Expression) -> Fraction | None:
    """The rational number that an expression without symbols is, or None."""
    if node.head == "number":
        return Fraction(node.data[0])
    known: list[Fraction] = []
    for arg in node.args:
        value = exact_number(arg)
        if value is None:
            return None
        known.append(value)
    if not known:
        return None
    match node.head:
        case "negative":
            return -known[0]
        case "group":
            return known[0]
        case "add":
            return sum(known, Fraction(0))
        case "product" if len(known) <= 8:
            result = Fraction(1)
            for value in known:
                result *= value
            return result if abs(result.numerator) < 10**30 else None
        case "quotient" if known[1]:
            return known[0] / known[1]
        case "power" if (
            known[1].denominator == 1
            and abs(known[1]) <= 32
            and abs(known[0].numerator) < 10**6
            and (known[0] or known[1] > 0)
        ):
            return Fraction(known[0] ** int(known[1]))
    return None


def size_of(node: Expression) -> Size:
    """A size written in a formula: an integer or the name of a size."""
    while node.head == "group":
        node = node.args[0]
    if node.head == "number" and Fraction(node.data[0]).denominator == 1:
        return int(node.data[0])
    if node.head in ("size", "unknown", "symbol", "index", "constant"):
        return str(node.data)
    raise MeaningFault("this size is not decided here", node.span)


def limit_position(node: Expression, scope: Scope) -> Term:
    """A limit as a number made of indices, sizes and integers."""
    if node.head in ("add", "negative", "group"):
        parts = [limit_position(arg, scope) for arg in node.args]
        if node.head == "add":
            return scope.arena.add(parts)
        return parts[0] if node.head == "group" else scope.arena.negative(parts[0])
    if node.head == "unknown" and (node.data in scope.indices or node.data in scope.free):
        node = Expression("index", (), node.data, node.span)
    if node.head in ("index", "size", "number"):
        return value_of(node, scope).term
    raise MeaningFault("this limit is not decided here", node.span)


def is_beyond(place: Term, size: Size) -> bool:
    """Whether a place is a size and more than that, such as n + 1."""
    is_more = any(part.op == "constant" and part.data > 0 for part in place.args)
    return place.op == "add" and len(place.args) == 2 and is_more and any(part.data == size for part in place.args)


def is_square(value: Value) -> bool:
    """Whether a value is a square matrix of more than one entry."""
    return len(value.dims) == 2 and value.dims[0] == value.dims[1] and not value.is_scalar


def is_multiple(value: Value) -> bool:
    """Whether a value is a number but 0."""
    return value.is_scalar and value.term.data != 0


def is_column(value: Value) -> bool:
    """Whether a value is a vector."""
    return value.is_vector


def diagonal(value: Value, dims: Dims, scope: Scope) -> Value:
    """A number times the identity, or a vector along the diagonal; any other vector as it is."""
    if value.is_vector and dims[0] not in value.dims:
        return value

    def entry(row: Index, column: Index) -> Term:
        here = value.entry(*(1 if size == 1 else row for size in value.dims))
        return scope.arena.multiply((scope.arena.delta(row, column), here))

    return Value(dims, entry, value.span)


def is_row_of(value: Value, dims: Dims) -> bool:
    """Whether a vector has an entry for each column of a matrix of these dimensions."""
    return value.is_vector and dims[1] in value.dims


def repeated(value: Value, dims: Dims) -> Value:
    """A vector as each row of a matrix."""

    def entry(_: Index, column: Index) -> Term:
        return value.entry(*(1 if size == 1 else column for size in value.dims))

    return Value(dims, entry, value.span)


def trace(value: Value, scope: Scope) -> Value:
    """The sum of the entries on the diagonal."""
    axis = scope.arena.axis(value.dims[0])
    return scalar(scope.arena.total(axis, value.entry(axis, axis)))
