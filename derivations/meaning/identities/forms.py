"""The form of a term: one for all that differ in the letters of their sums, or the order of what is added, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.arena import BINDERS
from truestep.derivations.meaning.shaped_terms import axes_for, axes_in
from truestep.derivations.meaning.terms import OF_MATRICES, WITH_ENTRIES, Axis

if TYPE_CHECKING:
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Index, Term

    Places = dict[Axis, int]  # the depth at which an axis is bound; below 0 where it is free


class Forms:
    r"""The forms of the terms of one arena, in which an axis is known by how far above it is bound.

    >>> from truestep.derivations.meaning.arena import Arena
    >>> arena = Arena()
    >>> i, j = arena.axis("n"), arena.axis("n")
    >>> one, other = (arena.total(k, arena.power(arena.quantity("a", [k]), 2)) for k in (i, j))
    >>> one is other, Forms().of(one, {}, 0) == Forms().of(other, {}, 0)
    (False, True)
    """

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}

    def of(self, term: Term, places: Places, depth: int) -> int:
        """The form of a term that stands below so many bound axes."""
        axes = term.axes
        if axes:
            found_at = [places[axis] for axis in axes]
            key = term.number, tuple([depth - place if place >= 0 else place for place in found_at])
        else:
            key = term.number, ()
        found = self._known.get(key)
        if found is None:
            made = self._made(term, places, depth)
            found = self._known[key] = self._numbers.setdefault(made, len(self._numbers))
        return found

    def _made(self, term: Term, places: Places, depth: int) -> tuple[Any, ...]:
        op, data, args = term.op, term.data, term.args
        if op in BINDERS:
            bound = data[:2] if op in OF_MATRICES else (data,)
            inner = places | {axis: depth + k for k, axis in enumerate(bound)}
            forms = [self.of(arg, inner, depth + len(bound)) for arg in args]
            outside = [_index(one, places, depth) for one in data[2:]] if op in WITH_ENTRIES else ()
            return op, tuple([axis[1:] for axis in bound]), tuple(outside), args[0] is args[-1], *forms
        if op == "quantity":
            name, indices = data
            within = [_above(axis, places, depth) for axis in term.axes if axis not in indices]
            return op, name, tuple([_index(one, places, depth) for one in indices]), *sorted(within)
        if op == "delta":
            return op, frozenset([_index(one, places, depth) for one in data])
        if op == "position":
            return op, _above(data, places, depth)
        forms = [self.of(arg, places, depth) for arg in args]
        return op, data, *(sorted(forms) if op in ("add", "multiply") else forms)

    def forget(self, number: int) -> None:
        """Forgets all terms from a number on."""
        self._known = {key: form for key, form in self._known.items() if key[0] < number}


def _above(axis: Axis, places: Places, depth: int) -> int:
    place = places[axis]
    return depth - place if place >= 0 else place


def _index(index: Index, places: Places, depth: int) -> Any:
    return _above(index, places, depth) if isinstance(index, Axis) else (index,)


_NAMES = frozenset(("symbol", "member", "entry", "unknown"))


def as_defined(node: Expression, value: Value, arena: Arena) -> Expression:
    """The quantity that is defined as what an expression is, under its name: ``W x`` where ``z = W x``."""
    if node.head in _NAMES:
        return node
    axes = axes_in(places := axes_for(arena, value.dims))
    forms, entry = Forms(), value.entry(*places)
    if entry.op == "quantity" or not {*entry.axes} <= {*axes}:  # a name; one of several, by a letter
        return node
    form = forms.of(entry, {axis: -k - 1 for k, axis in enumerate(axes)}, 0)
    for name, definition in arena.definitions.items():
        is_alike = [axis.size for axis in definition.axes] == [axis.size for axis in axes]
        is_alike = is_alike and {*definition.body.axes} <= {*definition.axes}
        if is_alike and forms.of(definition.body, {axis: -k - 1 for k, axis in enumerate(definition.axes)}, 0) == form:
            return Expression("symbol", (), name, node.span)
    return node
