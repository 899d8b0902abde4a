r"""Derivatives by what a term is made of: ``\partial \ell / \partial z`` where the work says what z is.

The whole is put into the term as a quantity of its own wherever it stands there, also behind definitions. What it is
made of may stand in the term in another way too, and is then held fixed, where some of it stands in the whole alone:
in ``g(W x) x`` the slope by ``W x``. Where nothing does, the derivative is left open.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice
from typing import TYPE_CHECKING

from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.differentiate import Variable, depends, differentiate, quantities, roots
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term

_FLAT = ("add", "multiply")
MOST_CHOICES = 60


def slope_by(term: Term, whole: Term, by: Variable, scope: Scope) -> Term | None:
    """The derivative of a term by a whole, for which the variable stands; None where it is made of more."""
    inner = through(term, whole, whole.axes, by.name, scope)
    found = differentiate(scope.arena, inner, by) if inner is not None else _by_parents(term, whole, by, scope)
    return None if found is None else put(scope, found, by.name, whole, whole.axes)


def _by_parents(term: Term, whole: Term, by: Variable, scope: Scope) -> Term | None:
    """The slope of what is not specified, through what it depends on: ``J = J(a)`` with an ``a`` made of the whole."""
    arena, found = scope.arena, list["Term"]()
    for parent, dims in arena.dependencies.get(str(term.data[0]), ()) if term.op == "quantity" else ():
        places = [arena.axis(size) for size in dims]
        above = arena.quantity(parent, places)
        inner = through(above, whole, whole.axes, by.name, scope)
        if inner is None and not any(depends(arena, above, root) for root in roots(arena, quantities(whole))):
            continue
        if inner is None:
            return None
        slopes = differentiate(arena, term, Variable(parent, tuple(places))), differentiate(arena, inner, by)
        part = arena.multiply(slopes)
        for axis in places:
            part = arena.total(axis, part)
        found.append(part)
    return arena.add(found) if found else None


def through(term: Term, whole: Term, axes: tuple[Axis, ...], name: str, scope: Scope) -> Term | None:
    """The term with a quantity ``name`` over ``axes`` for each place of ``whole``; None where all of it is left."""
    arena = scope.arena
    below = roots(arena, quantities(whole))
    while True:
        term = _rewritten(term, whole, axes, name, scope)
        above = sorted(
            other
            for other in quantities(term) - {name}
            if other in arena.definitions and any(depends(arena, arena.quantity(other, ()), root) for root in below)
        )
        if not above:
            break
        inner = arena.definitions[above[0]]
        term = put(scope, term, above[0], inner.body, inner.axes)
    if not _is_inside(term, name, below, scope):
        term = _rewritten(_exchanged(term, scope), whole, axes, name, scope)
    return term if _is_inside(term, name, below, scope) else None


def _is_inside(term: Term, name: str, below: frozenset[str], scope: Scope) -> bool:
    """Whether a name stands in a term, and what it is made of does not all stand there without it."""
    names = quantities(term)
    return name in names and roots(scope.arena, names - {name}) & below < below


def _exchanged(term: Term, scope: Scope) -> Term:
    """The term with the sums of its products the other way round: ``(C + A B) x`` as ``C x + A (B x)``."""
    arena, memo = scope.arena, dict[int, "Term"]()

    def of(node: Term) -> Term:
        if node.number not in memo:
            made = arena.rebuild(node, [of(arg) for arg in node.args]) if node.args else node
            memo[node.number] = turned(made) if made.op == "total" else made
        return memo[node.number]

    def spread(axis: Axis, factors: Sequence[Term]) -> Term:
        made = _factors(arena.total(axis, arena.multiply(factors)))
        return arena.multiply([turned(one) if one.op == "total" else one for one in made])

    def turned(node: Term) -> Term:
        axis, factors = node.data, _factors(node.args[0])
        inner = [one for one in factors if one.op == "total" and axis in one.axes]
        if not inner and (summed := next((one for one in factors if _has_product(one, axis)), None)) is not None:
            beside = [one for one in factors if one is not summed]
            return arena.add([spread(axis, [part, *beside]) for part in summed.args])
        apart = [part for part in _factors(inner[0].args[0]) if axis not in part.axes] if len(inner) == 1 else []
        if not apart:
            return node
        beside = [part for part in _factors(inner[0].args[0]) if axis in part.axes]
        beside += [one for one in factors if one is not inner[0]]
        return arena.total(inner[0].data, arena.multiply((*apart, arena.total(axis, arena.multiply(beside)))))

    return of(term)


def _has_product(term: Term, axis: Axis) -> bool:
    """Whether a sum has a term with a product of matrices in it: ``C + 2 A B``."""
    factors = [one for part in term.args for one in _factors(part)] if term.op == "add" else []
    return any(one.op == "total" and axis in one.axes for one in factors)


def _factors(term: Term) -> tuple[Term, ...]:
    return term.args if term.op == "multiply" else (term,)


def _rewritten(term: Term, whole: Term, axes: tuple[Axis, ...], name: str, scope: Scope) -> Term:
    arena, memo = scope.arena, dict[int, "Term"]()
    whole, share = _without_constant(whole, scope)

    def of(node: Term) -> Term:
        found = memo.get(node.number)
        if found is None:
            found = memo[node.number] = made(node)
        return found

    def made(node: Term) -> Term:
        for chosen in _choices(node, whole):
            at: dict[Axis, Index] = {}
            parts = [node.args[place] for place in chosen]
            if _is_same(whole, node, parts, at, frozenset(axes)) and set(at) >= set(axes):
                mark = arena.multiply((share, arena.quantity(name, [at[axis] for axis in axes])))
                if len(parts) == len(node.args):
                    return mark
                rest = [of(arg) for place, arg in enumerate(node.args) if place not in chosen]
                return arena.rebuild(node, [mark, *rest])
        return arena.rebuild(node, [of(arg) for arg in node.args]) if node.args else node

    return of(term)


def _without_constant(whole: Term, scope: Scope) -> tuple[Term, Term]:
    """A term without its constant factor, which may stand elsewhere, and how much of it that is."""
    numbers = [one for one in whole.args if one.op == "constant"] if whole.op == "multiply" else []
    rest = [one for one in whole.args if one not in numbers]
    if not (numbers and rest):
        return whole, scope.arena.constant(1)
    return scope.arena.multiply(rest), scope.arena.power(scope.arena.multiply(numbers), Fraction(-1))


def _choices(node: Term, whole: Term) -> Iterator[tuple[int, ...]]:
    """The arguments of a node that may be those of a whole of the same kind: some in a sum or product, else all."""
    if node.op != whole.op or (len(node.args) != len(whole.args) and node.op not in _FLAT):
        return iter(())
    return islice(combinations(range(len(node.args)), len(whole.args)), MOST_CHOICES)


def _is_same(whole: Term, node: Term, parts: Sequence[Term], at: dict[Axis, Index], free: frozenset[Axis]) -> bool:
    """Whether a node, of whose arguments these parts count, is the whole at some indices, which are noted."""
    if whole.op != node.op or len(whole.args) != len(parts):
        return False
    places = _places(whole.data), _places(node.data)
    if len(places[0]) != len(places[1]):
        return False
    for mine, other in zip(*places, strict=True):
        known = at.get(mine) if isinstance(mine, Axis) else None
        if known is None and isinstance(mine, Axis) and isinstance(other, Axis | int):
            is_own = mine in free or (whole.op not in ("quantity", "delta", "position") and isinstance(other, Axis))
            if not is_own and mine != other:
                return False
            if isinstance(other, Axis) and mine.size != other.size:
                return False
            at[mine] = other
        elif (mine if known is None else known) != other:
            return False
    return all(_is_same(one, other, other.args, at, free) for one, other in zip(whole.args, parts, strict=True))


def _places(data: object) -> tuple[object, ...]:
    """The data of a term as a flat row of indices and other parts."""
    if isinstance(data, tuple) and not isinstance(data, Axis):
        return tuple(place for part in data for place in _places(part))
    return (data,)
