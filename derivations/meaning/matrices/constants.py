"""Arrays that are written as constants: the identity, the vector of ones, unit vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.meaning.entries import size_of
from truestep.derivations.meaning.shaped_terms import UNSTATED, Value
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term


def _stated_size(node: Expression, scope: Scope) -> Size:
    """A size as written; one that is not declared is taken from the surroundings."""
    size = size_of(node)
    if isinstance(size, int) or size in scope.notation.sizes or size in scope.counts:
        return size
    scope.note("size", node, size=size)
    return UNSTATED


def identity(node: Expression, scope: Scope) -> Value:
    """``I`` or ``I_n``."""
    size = _stated_size(node.args[0], scope) if node.args else UNSTATED
    return Value((size, size), lambda i, j: scope.arena.delta(i, j))


def ones(node: Expression, scope: Scope) -> Value:
    r"""``\mathbf{1}``, ``\mathbf{1}_n``; a unit vector, where that is taken for granted."""
    if (unit := unit_vector(node, scope)) is not None:
        return unit
    sizes = [_stated_size(arg, scope) for arg in node.args] or [UNSTATED]
    return Value((sizes[0], sizes[1] if len(sizes) > 1 else 1), lambda *_: scope.arena.constant(1))


def with_identities(node: Expression) -> Expression:
    r"""A sum with the identity for each 1 that is a term or a factor of one: ``A + \lambda \mathbb{1}``."""

    def change(term: Expression) -> Expression:
        if term.head == "ones" and len(term.args) < 2:
            return replace(term, head="identity")
        is_inner = term.head in ("negative", "product", "group")
        return replace(term, args=tuple(map(change, term.args))) if is_inner else term

    return replace(node, args=tuple(map(change, node.args)))


def unit_vector(name: Expression, scope: Scope) -> Value | None:
    r"""``e_c`` that nobody introduces, as the vector that is 1 at c and else 0 (Boyd and Vandenberghe, appendix A.1).

    So is ``\mathbf{1}_c`` of an index c, but by a liberty alone.
    """
    is_one = len(name.args) == 1 and name.args[0].head in ("index", "number")
    is_ones = name.head == "ones" and is_one and name.args[0].head == "index"
    if not is_ones and (not is_one or str(name.data).partition("_")[0] != "e"):
        return None
    if is_ones or not scope.reading.convention.units:
        if not scope.takes("unit-vector", name.span):
            return None
        scope.note("unit-vector", name, name="1" if is_ones else str(name.data))
    return _unit_at(name.args[0], scope)


def _unit_at(at: Expression, scope: Scope) -> Value:
    if at.head == "number":
        place = int(at.data[0])
        return Value((UNSTATED, 1), lambda row, _: scope.arena.delta(row, place))
    letter = str(at.data)
    declared, known = scope.notation.indices.get(letter), scope.indices.get(letter, scope.free.get(letter))
    size = known.size if isinstance(known, Axis) else declared.dims[0] if declared is not None else UNSTATED

    def entry(row: Index, _: Index) -> Term:
        return scope.arena.delta(row, scope.index(letter, row.size if isinstance(row, Axis) else size))

    return Value((size, 1), entry)
