"""How a bound index is used: at which places, over which sizes, from 0 or from 1."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.entries import array, exact_number, size_of
from truestep.derivations.meaning.introduced import Abbreviation, Indexed, family_of, stem
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Size


def from_one(node: Expression, scope: Scope) -> Expression:
    """A sum from 0 to n - 1, or to n, over entries that count from 1: that over all entries."""
    body, lower, upper, condition = node.args
    if len(node.data or ()) != 1 or exact_number(lower) != 0 or condition.head != "none":
        return node
    (name,) = node.data
    size = usage(name, body, scope)
    declared = scope.notation.indices.get(name)
    last = exact_number(upper)
    is_whole = size in (from_zero(lower, upper), size_of(upper) if upper.head == "size" else None, last)
    is_whole = is_whole or (isinstance(size, int) and last == size - 1)
    if (
        size is None
        or not is_whole
        or (declared.low if declared is not None else scope.notation.low(size)) == 0
        or _counts(name, body)
    ):
        return node
    scope.note("index-base", node, index=name)
    return replace(node, args=(body, NONE, NONE, condition))


def _counts(name: str, node: Expression, is_place: bool = False) -> bool:
    """Whether an index also stands where it is a number: ``k x_k``, ``x_{k+1}``."""
    if is_index(node, name):
        return not is_place
    compares = node.head == "relation" and all(arg.head == "index" for arg in node.args)
    places = node.args if node.head in ("member", "kronecker", "unknown") else node.args[1:] * (node.head == "entry")
    places = node.args if compares else places
    return any(_counts(name, arg, any(arg is place for place in places)) for arg in node.args)


def from_zero(lower: Expression, upper: Expression) -> Size | None:
    """The size of a range 0..n-1."""
    if lower.head != "number" or lower.data[0] != 0 or upper.head != "add" or len(upper.args) != 2:
        return None
    size, less = upper.args
    return size.data if size.head == "size" and exact_number(less) == -1 else None


def usage(name: str, body: Expression, scope: Scope) -> Size | None:
    """The size at the first place where an index is used."""
    for child in body.walk():
        if child.head == "member" and is_index(child.args[0], name):
            return scope.notation.families[child.data].index.dims[0]
        known = scope.introduced.get(str(child.data)) if child.head == "unknown" else None
        if isinstance(known, Abbreviation) and name in known.letters:
            return known.letters[name].size
        if child.head == "unknown" and isinstance(family := family_of(child, scope), Indexed):
            args = [arg for arg in child.args if len(child.args) == len(family.axes) or arg.head == "index"]
            sizes = [axis.size for axis, index in zip(family.axes, args, strict=False) if is_index(index, name)]
            if sizes:
                return sizes[0]
        elif child.head == "unknown" and child.args:
            size = _size_of_introduced(child, name, scope)
            if size is not None:
                return size
        if child.head == "entry":
            for slot, index in enumerate(child.args[1:]):
                if is_index(index, name):
                    size = _size_at(child.args[0], slot, len(child.args) - 1, name, scope)
                    if size is not None:
                        return size
    return None


def _size_of_introduced(node: Expression, name: str, scope: Scope) -> Size | None:
    """The size at the place of an index of an array that a work introduced whole."""
    value = scope.introduced.get(stem(node)[:-1])
    open_slots = [size for size in value.dims if size != 1] if value is not None else []
    places = [place for place, index in enumerate(node.args) if is_index(index, name)]
    return open_slots[places[0]] if places and len(open_slots) == len(node.args) else None


def is_index(node: Expression, name: str) -> bool:
    """Whether a node is the index of this name."""
    return node.head == "index" and node.data == name


def _size_at(base: Expression, slot: int, count: int, name: str, scope: Scope) -> Size | None:
    if base.head == "symbol":
        declared = scope.notation.declared(base.data)
        if base.data in scope.formals:
            dims = scope.formals[base.data].dims
        elif declared is not None:
            dims = declared.dims
        else:
            return None
    elif base.head == "member":
        dims = scope.notation.families[base.data].member.dims
    else:
        probe = replace(scope, free=dict(scope.free), notes=[])
        try:
            dims = value_of(base, probe).dims
        except (ShapeFault, MeaningFault):
            return None
    open_slots = [size for size in dims if size != 1]
    return open_slots[slot] if slot < len(open_slots) and open_slots[slot] != shaped_terms.UNSTATED else None


def over_all(node: Expression, scope: Scope) -> Value | None:
    """``Sum(G)`` of a matrix: of all entries, or, where that is granted, of its rows; None for anything else."""
    try:
        value = value_of(node.args[0], replace(scope, free=dict(scope.free), notes=[]))
    except (ShapeFault, MeaningFault):
        return None
    if len(value.dims) != 2 or 1 in value.dims:
        return None
    is_of_rows = scope.takes("missing-index", node.span)
    if is_of_rows:
        scope.note("missing-index", node, name="a matrix", index="the sum")
    return value_of(Expression("code", node.args[:1], ("sum", 0 if is_of_rows else None, False), node.span), scope)


def over_entries(node: Expression, scope: Scope) -> Value:
    """``Sum (t u)`` of vectors of one length: over their entries."""
    known = {child.data: scope.notation.declared(child.data) for child in whole_symbols(node.args[0])}
    sizes = {one.dims[0] for one in known.values() if one is not None and one.dims[0] != 1}
    if len(sizes) != 1 or any(one is not None and one.dims[1] != 1 for one in known.values()):
        raise MeaningFault("this sum does not say over which index it runs", node.span)
    axis, formals = scope.arena.axis(sizes.pop()), dict(scope.formals)
    for name, one in known.items():
        if one is not None and one.dims[0] != 1 and name not in formals:
            formals[name] = shaped_terms.scalar(array(name, (), one.dims, scope).entry(axis, 1))
    scope.note("missing-index", node, name="a vector", index="the sum")
    value = value_of(node.args[0], replace(scope, formals=formals))
    return Value(value.dims, lambda *places: scope.arena.total(axis, value.entry(*places)))


def whole_symbols(node: Expression) -> list[Expression]:
    """The symbols that stand whole, not as the base of an entry."""
    if node.head == "symbol":
        return [node]
    args = node.args[1:] if node.head == "entry" else node.args
    return [found for arg in args for found in whole_symbols(arg)]
