r"""Meaning: from an expression to a value, with names and shapes deciding what each juxtaposition is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations import calculus, sums, values
from derivations.expression import Expression, free_indices
from derivations.faults import MeaningFault, NameFault, ShapeFault, nearest
from derivations.functions import BY_NAME
from derivations.shapes import SCALAR, Dims, Size
from derivations.terms import Arena, Axis, Index, Term
from derivations.values import Value, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from derivations.notation import Notation

MAX_EXPONENT = 10_000


@dataclass(frozen=True)
class Scope:
    """What the names of an expression mean at one place: the arena, the notation, the indices and formal arguments."""

    arena: Arena
    notation: Notation
    indices: Mapping[str, Index]
    free: dict[str, Axis]
    formals: Mapping[str, Value] = field(default_factory=dict)
    aliases: Mapping[str, tuple[tuple[Axis, ...], Term]] = field(default_factory=dict)
    introduced: Mapping[str, Value] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
    numerator: bool = False
    inner: bool = True
    rename: bool = False
    uniform: Mapping[str, Size] = field(default_factory=dict)
    notes: list[tuple[str, str, tuple[int, int]]] = field(default_factory=list)

    def bind(self, names: Mapping[str, Index]) -> Scope:
        """The scope with some indices bound."""
        return replace(self, indices={**self.indices, **names})

    def note(self, code: str, message: str, node: Expression) -> None:
        """Remembers a slip of notation that leaves no doubt."""
        self.notes.append((code, message, node.span))

    def quantity(self, name: str, indices: tuple[Index, ...]) -> Term:
        """An entry of a named quantity; a slice of another quantity is that one's entry."""
        alias = self.aliases.get(name)
        if alias is None:
            return self.arena.quantity(name, indices)
        axes, term = alias
        return self.arena.substitute(term, dict(zip(axes, indices, strict=True)))

    def index(self, name: str, size: Size) -> Index:
        """The index of a name at a place of a size; a name that stands free becomes one axis for the whole claim."""
        known = self.indices.get(name)
        if known is None and size == 1:
            return 1
        if known is None:
            known = self.free.get(name)
        if known is None:
            declared = self.notation.indices.get(name)
            known = self.free[name] = self.arena.axis(
                declared.dims[0] if declared else size, declared.low if declared else 1
            )
        if isinstance(known, Axis) and known.size != size:
            raise ShapeFault(f"the index {name} runs over {known.size}, but this place has {size} entries")
        return known


def value_of(node: Expression, scope: Scope) -> Value:
    """The value of an expression.

    Raises NameFault for a name that is not known, ShapeFault where shapes do not fit (with the place), MeaningFault for
    what is read but not decided here.
    """
    rule = _RULES.get(node.head)
    if rule is None:
        raise MeaningFault(f"{node.head} has no value here", node.span)
    try:
        value = rule(node, scope)
    except ShapeFault as fault:
        if fault.span is None or fault.span == (0, 0):
            raise ShapeFault(fault.message, node.span) from None
        raise
    return replace(value, span=node.span)


def _number(node: Expression, scope: Scope) -> Value:
    value, places = node.data
    return scalar(scope.arena.constant(value) if places is None else scope.arena.decimal(Fraction(value), places))


def _constant(node: Expression, scope: Scope) -> Value:
    if node.data == "e":
        return scalar(scope.arena.function("exp", scope.arena.constant(1)))
    return scalar(scope.arena.quantity(node.data, ()))


def _symbol(node: Expression, scope: Scope) -> Value:
    if node.data in scope.formals:
        return scope.formals[node.data]
    declared = scope.notation.declared(node.data)
    assert declared is not None
    return array(node.data, (), declared.dims, scope)


def array(name: str, prefix: tuple[Index, ...], dims: Dims, scope: Scope) -> Value:
    """A named quantity as a value: its own axes are those of size other than 1."""

    def entry(*places: Index) -> Term:
        return scope.quantity(name, (*prefix, *(place for place, size in zip(places, dims, strict=True) if size != 1)))

    return Value(dims, entry)


def _unknown(node: Expression, scope: Scope) -> Value:
    if node.data in scope.introduced:
        return scope.introduced[node.data]
    if node.data in scope.formals:
        return scope.formals[node.data]
    if node.data in scope.counts:
        return scalar(scope.arena.size(node.data))
    raise NameFault(
        f"{node.data} is neither declared nor introduced{nearest(node.data, scope.notation.all_names)}", node.span
    )


def _index(node: Expression, scope: Scope) -> Value:
    known = scope.indices.get(node.data, scope.free.get(node.data))
    if known is None and node.data in scope.notation.indices:
        known = scope.index(node.data, scope.notation.indices[node.data].dims[0])
    if known is None:
        return _unknown(replace(node, head="unknown"), scope)
    return scalar(scope.arena.constant(known) if isinstance(known, int) else scope.arena.position(known))


def _size(node: Expression, scope: Scope) -> Value:
    return scalar(scope.arena.size(node.data))


def _member(node: Expression, scope: Scope) -> Value:
    family = scope.notation.families[node.data]
    place = one_index(node.args[0], family.index.dims[0], scope)
    if callable(place):
        return _labelled(
            place, family.index.dims[0], lambda i: array(family.name, (i,), family.member.dims, scope), scope
        )
    return array(family.name, (place,), family.member.dims, scope)


def _labelled(label: Callable[[Index], Term], size: Size, pick: Callable[[Index], Value], scope: Scope) -> Value:
    """An entry at a class label: the sum over the index with the indicator of the label."""
    axis = scope.arena.axis(size)
    value = pick(axis)
    return Value(
        value.dims, lambda *places: scope.arena.total(axis, scope.arena.multiply((label(axis), value.entry(*places))))
    )


def one_index(node: Expression, size: Size, scope: Scope) -> Index | Callable[[Index], Term]:
    """An index at a place of a size, or the indicator of a class label."""
    if node.head == "number":
        value = int(node.data[0])
        if value < 0 or (isinstance(size, int) and value > size):
            raise ShapeFault(f"the index {value} is outside 1..{size}", node.span)
        if value == 0:
            raise MeaningFault("an entry with index 0 is not declared: entries count from 1", node.span)
        return value
    if node.head == "index":
        return scope.index(node.data, size)
    if node.head == "symbol" and node.data in scope.notation.sizes or node.head == "size":
        raise MeaningFault("an entry at the last place of a size is not decided here", node.span)
    if node.head in ("symbol", "member", "entry", "group"):
        position = value_of(node, scope).term
        return lambda axis: scope.arena.multiply(
            (
                scope.arena.function(
                    "zero",
                    scope.arena.add(
                        (
                            position,
                            scope.arena.negative(
                                scope.arena.position(axis) if isinstance(axis, Axis) else scope.arena.constant(axis)
                            ),
                        )
                    ),
                ),
            )
        )
    raise MeaningFault("this index is not decided here", node.span)


def _entry(node: Expression, scope: Scope) -> Value:
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
        raise ShapeFault(f"{len(wanted)} indices on {values.describe(base.dims)}", node.span)
    fixed: dict[int, Index] = {}
    for slot, want in zip(slots, wanted, strict=True):
        if want.head == "slice":
            continue
        place = one_index(want, base.dims[slot], scope)
        if callable(place):
            return _label_entry(base, slot, slots, place, wanted, scope)
        fixed[slot] = place
    open_slots = [slot for slot in slots if slot not in fixed]
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

    return Value(dims, entry)


def _label_entry(
    base: Value, slot: int, slots: list[int], label: Callable[[Index], Term], wanted: list[Expression], scope: Scope
) -> Value:
    size = base.dims[slot]

    def pick(axis: Index) -> Value:
        full: list[Index] = [1] * len(base.dims)
        for other, want in zip(slots, wanted, strict=True):
            place = axis if other == slot else one_index(want, base.dims[other], scope)
            if callable(place):
                raise MeaningFault("two class labels in one entry are not decided here")
            full[other] = place
        return scalar(base.entry(*full))

    return _labelled(label, size, pick, scope)


def _add(node: Expression, scope: Scope) -> Value:
    return values.add(scope.arena, [value_of(arg, scope) for arg in node.args], node.span)


def _negative(node: Expression, scope: Scope) -> Value:
    return values.scale(scope.arena, scope.arena.constant(-1), value_of(node.args[0], scope), node.span)


def _product(node: Expression, scope: Scope) -> Value:
    factors = [value_of(arg, scope) for arg in node.args]
    signs = node.data
    try:
        return _fold(factors, signs, scope)
    except ShapeFault as fault:
        chain = values.chain_product(scope.arena, factors, scope.numerator, node.span)
        if chain is not None:
            scope.note(
                "chain-order",
                "the factors of the chain rule stand in an order in which they cannot be multiplied",
                node,
            )
            return chain
        grouped = _entrywise_last(factors, signs, scope)
        if grouped is not None:
            return grouped
        raise fault from None


def _fold(factors: list[Value], signs: tuple[str, ...], scope: Scope) -> Value:
    result = factors[0]
    for factor, sign in zip(factors[1:], signs[1:], strict=True):
        result = values.multiply(scope.arena, result, sign, factor, scope.inner)
    return result


def _entrywise_last(factors: list[Value], signs: tuple[str, ...], scope: Scope) -> Value | None:
    r"""The product with ``\odot`` binding weaker than juxtaposition: ``g \odot W^T \delta``."""
    if not {"odot", "circ"} & set(signs):
        return None
    groups: list[tuple[str, list[Value], list[str]]] = []
    for factor, sign in zip(factors, signs, strict=True):
        if not groups or sign in ("odot", "circ"):
            groups.append((sign, [factor], [""]))
        else:
            groups[-1][1].append(factor)
            groups[-1][2].append(sign)
    try:
        parts = [_fold(group, tuple(inner), scope) for _, group, inner in groups]
        return _fold(parts, tuple(sign for sign, _, _ in groups), scope)
    except ShapeFault:
        return None


def _quotient(node: Expression, scope: Scope) -> Value:
    above, below = (value_of(arg, scope) for arg in node.args)
    arena = scope.arena
    if below.is_scalar:
        return values.scale(arena, arena.power(below.term, Fraction(-1)), above, node.span)
    if not below.is_vector:
        raise ShapeFault(f"nothing can be divided by {values.describe(below.dims)}", node.args[1].span)
    return values.elementwise(lambda a, b: arena.multiply((a, arena.power(b, Fraction(-1)))), (above, below), node.span)


def exact_number(node: Expression) -> Fraction | None:
    """The rational number that an expression without symbols is, or None."""
    if node.head == "number":
        return Fraction(node.data[0])
    inner = [exact_number(arg) for arg in node.args]
    if any(value is None for value in inner) or not inner:
        return None
    known = [value for value in inner if value is not None]
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


def _power(node: Expression, scope: Scope) -> Value:
    base_node, exponent_node = node.args
    arena = scope.arena
    if base_node.head == "constant" and base_node.data == "e":
        return values.elementwise(lambda t: arena.function("exp", t), (value_of(exponent_node, scope),), node.span)
    base = value_of(base_node, scope)
    exponent = exact_number(exponent_node)
    if exponent is not None:
        if abs(exponent) > MAX_EXPONENT:
            raise MeaningFault(f"an exponent above {MAX_EXPONENT} is not decided", exponent_node.span)
        return values.power(arena, base, exponent, node.span)
    if any(child.head in ("constant", "unknown") for child in exponent_node.walk()) and not free_indices(exponent_node):
        raised = values.need_scalar(value_of(exponent_node, scope), "an exponent")
    else:
        raised = values.need_scalar(value_of(exponent_node, scope), "an exponent")
    log = BY_NAME["log"].body
    assert log is not None
    return values.elementwise(
        lambda t: arena.function("exp", arena.multiply((raised, log(arena, t)))), (base,), node.span
    )


def _root(node: Expression, scope: Scope) -> Value:
    degree = Fraction(2) if node.args[1].head == "none" else exact_number(node.args[1])
    if degree is None or degree.denominator != 1 or not 2 <= degree <= 64:
        raise MeaningFault("this root is not decided here", node.span)
    return values.power(scope.arena, value_of(node.args[0], scope), 1 / degree, node.span)


def _transpose(node: Expression, scope: Scope) -> Value:
    return values.transpose(value_of(node.args[0], scope))


def _group(node: Expression, scope: Scope) -> Value:
    return value_of(node.args[0], scope)


def _cancel(node: Expression, scope: Scope) -> Value:
    return value_of(node.args[1], scope)


def _matrix(node: Expression, scope: Scope) -> Value:
    columns = node.data
    rows = len(node.args) // columns
    entries = [values.need_scalar(value_of(arg, scope), "an entry of a matrix") for arg in node.args]
    arena = scope.arena

    def entry(row: Index, column: Index) -> Term:
        picked = []
        for place, term in enumerate(entries):
            here = (
                arena.delta(row, place // columns + 1) if rows > 1 else arena.constant(1),
                arena.delta(column, place % columns + 1) if columns > 1 else arena.constant(1),
            )
            picked.append(arena.multiply((*here, term)))
        return arena.add(picked)

    return Value((rows, columns), entry)


def size_of(node: Expression) -> Size:
    """A size written in a formula: an integer or the name of a size."""
    while node.head == "group":
        node = node.args[0]
    if node.head == "number" and Fraction(node.data[0]).denominator == 1:
        return int(node.data[0])
    if node.head in ("size", "unknown", "symbol", "index", "constant"):
        return str(node.data)
    raise MeaningFault("this size is not decided here", node.span)


def _identity(node: Expression, scope: Scope) -> Value:
    size: Size = size_of(node.args[0]) if node.args else "?"
    return Value((size, size), lambda i, j: scope.arena.delta(i, j))


def _ones(node: Expression, scope: Scope) -> Value:
    sizes = [size_of(arg) for arg in node.args] or ["?"]
    return Value((sizes[0], sizes[1] if len(sizes) > 1 else 1), lambda *_: scope.arena.constant(1))


_RULES = {
    "number": _number,
    "constant": _constant,
    "symbol": _symbol,
    "unknown": _unknown,
    "index": _index,
    "size": _size,
    "member": _member,
    "entry": _entry,
    "add": _add,
    "negative": _negative,
    "product": _product,
    "quotient": _quotient,
    "power": _power,
    "root": _root,
    "transpose": _transpose,
    "group": _group,
    "cancel": _cancel,
    "matrix": _matrix,
    "identity": _identity,
    "ones": _ones,
    "apply": calculus.applied,
    "prime": calculus.primed,
    "derivative": calculus.derivative,
    "gradient": calculus.gradient,
    "sum": sums.total,
    "prod": sums.total,
    "mean": sums.mean,
    "norm": sums.norm,
    "abs": sums.absolute,
    "floor": sums.rounded,
    "ceiling": sums.rounded,
    "cases": sums.cases,
    "indicator": sums.indicator,
    "kronecker": sums.kronecker,
    "inner": sums.inner,
}
