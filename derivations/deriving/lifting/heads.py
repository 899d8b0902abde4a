"""Lifting: from a written expression to a node, one rule for each head."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Entries, Monomial
from truestep.derivations.deriving.lifting import applied, bound_sums
from truestep.derivations.deriving.lifting.shaped import ANY, Lifting, Shaped, summed
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.derivatives.recurrences import shift, start
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.lifting.shaped import Rule
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size


def lifting_for(entries: Entries, goal: Goal) -> Lifting:
    """The way from expressions to nodes in the notation of a goal."""
    return Lifting(entries.workshop, entries, goal.notation, goal.uniform, rules=HEADS, singular=goal.singular)


def symbol(lifting: Lifting, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
    """A named quantity."""
    name = str(node.data)
    if name in lifting.formals:
        return lifting.formals[name]
    declared = lifting.notation.declared(name)
    if declared is None or declared.kind != "array" or len(declared.dims) != 2:
        raise Stuck(name, "nothing is known of this name")
    return lifting.shaped(lifting.workshop.symbol(name, declared.dims))


def member(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A member of a family is a row of it."""
    family = lifting.notation.families[node.data]
    dims = family.member.dims
    index = axes.get(str(node.args[0].data))
    if shift(node) == -1 and start(node, lifting.notation) is None:
        raise Stuck(
            family.name, f"what stands before the first step of a recurrence is needed: declare {family.base}_0"
        )
    if (
        family.member.kind != "array"
        or 1 not in dims
        or (index is None and (dims[1] != 1 or node.args[0].head != "index"))
    ):
        raise Stuck(family.name, "a member of such a family cannot be derived yet")
    rows = family.index.dims[0]
    size = dims[0] if dims[1] == 1 else dims[1]
    node_ = lifting.workshop.symbol(family.name, (rows, size))
    if index is None:
        return _at_label(lifting, node_, node.args[0])
    if dims[1] == 1:
        return Shaped(dims, lambda i, _j: [lifting.entries.entry(node_, index, i)])
    return Shaped(dims, lambda _i, j: [lifting.entries.entry(node_, index, j)])


def _at_label(lifting: Lifting, members: Node, label: Expression) -> Shaped:
    """The member at a label, a column: the sum over k of delta_kc times the k-th row."""
    rows, size = members.dims
    axis, unit = lifting.entries.axis(rows), _unit(lifting, label, rows)
    place = 1 if size == 1 else lifting.entries.axis(size)
    picked = lifting.entries.product(
        [lifting.entries.entry(unit, axis, 1)], [lifting.entries.entry(members, axis, place)]
    )
    free = () if isinstance(place, int) else (place,)
    return lifting.shaped(lifting.form(summed(picked, axis), free))


def entry(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """An entry at indices that run over their range, or at a label or a number."""
    base = lifting.lift(node.args[0], axes)
    slots = [slot for slot, size in enumerate(base.dims) if size != 1]
    wanted = node.args[1:]
    if len(wanted) == len(base.dims) > len(slots):
        wanted = tuple(wanted[slot] for slot in slots)
    if len(wanted) != len(slots):
        raise Stuck("a given", "rows and columns of a matrix cannot be derived through yet")
    places: list[Place] = [1, 1]
    units: list[tuple[Node, Axis]] = []
    for slot, want in zip(slots, wanted, strict=True):
        place = axes.get(str(want.data)) if want.head == "index" else None
        if place is None:
            place = lifting.entries.axis(base.dims[slot])
            units.append((_unit(lifting, want, base.dims[slot]), place))
        places[slot] = place

    def at(_i: Place, _j: Place) -> Polynomial:
        polynomial = base.at(*places)
        for unit, axis in units:  # the sum over k of delta_kc a_k
            picked = [lifting.entries.entry(unit, axis, 1)]
            polynomial = summed(lifting.entries.product(picked, polynomial), axis)
        return polynomial

    if units and not any(isinstance(place, Axis) and place in axes.values() for place in places):
        return lifting.shaped(lifting.form(at(1, 1), ()))
    return Shaped(SCALAR, at)


def _unit(lifting: Lifting, place: Expression, size: Size) -> Node:
    """The unit vector of a label or of a number."""
    if place.head == "number":
        return lifting.workshop.make("unit", (), int(place.data[0]), (size, 1))
    if place.head != "index":
        raise Stuck("a given", "only an index, a label or a number can stand below a name that is derived through")
    label = lifting.labels.get(str(place.data))
    if label is None:
        label = lifting.labels[str(place.data)] = lifting.entries.axis(size)
    return lifting.workshop.make("unit", (), label, (size, 1))


def _place(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Place:
    place = axes.get(str(node.data))
    if node.head != "index" or place is None:
        raise Stuck("a given", "only an index that runs over its whole range can stand here")
    return place


def add(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A sum."""
    terms = [lifting.lift(arg, axes) for arg in node.args]
    return lifting.sum_of(terms)


def negative(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A change of sign."""
    return lifting.scaled([Monomial(Fraction(-1))], lifting.lift(node.args[0], axes))


def product(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A product, with the Hadamard product binding weaker where shapes ask for it."""
    factors = [lifting.lift(arg, axes) for arg in node.args]
    try:
        return lifting.multiplied(factors, node.data)
    except Stuck:
        grouped = lifting._entrywise_last(factors, node.data)
        if grouped is None:
            raise
        return grouped


def quotient(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A quotient by a scalar, or entry by entry."""
    above, below = (lifting.lift(arg, axes) for arg in node.args)
    if below.dims == SCALAR:
        return lifting.scaled(lifting.raised(below.at(1, 1), Fraction(-1)), above)
    if above.dims == SCALAR:
        above = lifting.scaled(above.at(1, 1), lifting.shaped(lifting.workshop.ones(below.dims)))
    return lifting.entrywise(above, below, Fraction(-1))


def power(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A power of a scalar, of each entry of a vector, of a square matrix."""
    base, exponent = node.args
    if base.head == "constant" and base.data == "e":
        return lifting.applied("exp", lifting.lift(exponent, axes))
    value, number = lifting.lift(base, axes), exact_number(exponent)
    if number is None and 1 not in value.dims:
        raise Stuck("a power of a matrix", "its exponent is no number")
    if number is None:
        raised = lifting.need_scalar(lifting.lift(exponent, axes))  # a^b = exp(b log a)
        return lifting.applied("exp", lifting.scaled(raised, lifting.applied("log", value)))
    if value.dims == SCALAR:
        return (
            lifting.scalar(lifting.raised(value.at(1, 1), number))
            if value.node is None
            else lifting.shaped(lifting.workshop.power(value.node, number))
        )
    if value.node is None:
        return Shaped(value.dims, lambda i, j: lifting.raised(value.at(i, j), number))
    if 1 in value.dims or node.data == "entrywise":
        return lifting.shaped(lifting.workshop.power(value.node, number))
    if number.denominator == 1 and 0 < abs(number) <= 8:
        base_ = value.node if number > 0 else lifting.workshop.inverse(value.node)
        return lifting.shaped(lifting.workshop.chain([base_] * abs(int(number))))
    if abs(number) == Fraction(1, 2) and lifting.workshop.transpose(value.node) is value.node:
        return lifting.shaped(lifting.workshop.root(value.node, number))
    raise Stuck("a given", "this power of a matrix cannot be derived through")


def root(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A root."""
    degree = Fraction(2) if node.args[1].head == "none" else exact_number(node.args[1])
    value = lifting.lift(node.args[0], axes)
    if not degree or (1 not in value.dims):
        raise Stuck("a given", "this root cannot be derived through")
    if value.node is not None:
        return lifting.shaped(lifting.workshop.power(value.node, 1 / degree))
    return Shaped(value.dims, lambda i, j: lifting.raised(value.at(i, j), 1 / degree))


def index(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """An index that stands as a number."""
    raise Stuck(str(node.data), "an index used as a number cannot be derived through")


def identity(lifting: Lifting, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
    """The identity."""
    size = bound_sums.limit_size(node.args[0]) if node.args else ANY
    return lifting.shaped(lifting.workshop.eye(size))


def ones(lifting: Lifting, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
    """The array of ones."""
    sizes = [bound_sums.limit_size(arg) for arg in node.args] or [ANY]
    return lifting.shaped(lifting.workshop.ones((sizes[0], sizes[1] if len(sizes) > 1 else 1)))


def kronecker(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A Kronecker delta."""
    first, second = (_place(lifting, arg, axes) for arg in node.args)
    return lifting.scalar([Monomial(Fraction(1), {}, ((first, second),))])


HEADS: Mapping[str, Rule] = {
    "number": lambda lifting, node, _axes: lifting.shaped(lifting.workshop.number(Fraction(node.data[0]))),
    "constant": lambda lifting, node, _axes: lifting.shaped(
        lifting.workshop.function("exp", lifting.workshop.one)
        if node.data == "e"
        else lifting.workshop.make("constant", (), node.data, SCALAR)
    ),
    "size": lambda lifting, node, _axes: lifting.shaped(lifting.workshop.size(str(node.data))),
    "group": lambda lifting, node, axes: lifting.lift(node.args[0], axes),
    "transpose": lambda lifting, node, axes: lifting.turned(lifting.lift(node.args[0], axes)),
    "inner": lambda lifting, node, axes: lifting.multiply(
        lifting.turned(lifting.lift(node.args[0], axes)), "", lifting.lift(node.args[1], axes)
    ),
    "symbol": symbol,
    "unknown": symbol,
    "member": member,
    "entry": entry,
    "add": add,
    "negative": negative,
    "product": product,
    "quotient": quotient,
    "power": power,
    "root": root,
    "apply": applied.apply,
    "cases": applied.cases,
    "indicator": applied.indicator,
    "sum": bound_sums.total,
    "prod": bound_sums.multiplied,
    "max": bound_sums.extreme,
    "min": bound_sums.extreme,
    "mean": bound_sums.mean,
    "norm": bound_sums.norm,
    "abs": bound_sums.absolute,
    "index": index,
    "identity": identity,
    "ones": ones,
    "kronecker": kronecker,
}
