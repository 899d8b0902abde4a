r"""Recurrences ``h_t = f(h_{t-1}, x_t)`` with a given ``h_0``, over steps whose number is a size.

``h_{t-1}`` is a quantity of its own, whose values and derivatives are found step by step (``Arena.recurring``); at
the first step it is ``h_0``.  What is beyond the last step is 0.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning import entries
from truestep.derivations.meaning.differentiate import depends
from truestep.derivations.meaning.shaped_terms import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Declared
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term

OTHER = "a step"
SHIFTED = ("add", "size")


def shift(node: Expression) -> Fraction | None:
    """How many steps a member or an entry is beyond its index: 1 for ``h_{t+1}``; None of anything else."""
    index = node.args[0] if node.head == "member" else node.args[1] if node.head == "entry" else None
    if index is None or index.head != "add" or len(node.args) > 2 or len(index.args) != 2:
        return None
    return entries.exact_number(index.args[1]) if index.args[0].head == "index" else None


def start(node: Expression, notation: Notation) -> Expression | None:
    """The name of what stands before the first step, ``h_0``, where it is declared; of ``h_{t-1}``."""
    if node.head == "entry" and node.args[0].head == "member":
        first = start(node.args[0], notation)
        return None if first is None else replace(node, args=(first, *node.args[1:]))
    base = node.data[0] if node.head == "member" else str(node.args[0].data)
    keys = [(base, "0", None), (base, None, "0"), (base, None, "(0)")]
    found = next((notation.names[key] for key in keys if key in notation.names), None)
    return None if found is None else symbol(found.full)


def member(node: Expression, scope: Scope) -> Value:
    """A member of a family, also one step before another."""
    found = _before(node, scope, scope.notation.families[node.data].name)
    return entries.member(node, scope) if found is None else found


def entry(node: Expression, scope: Scope) -> Value:
    """An entry, also one step before another."""
    found = _before(node, scope, str(node.args[0].data)) if node.args[0].head == "symbol" else None
    return entries.entry_of(node, scope) if found is None else found


def _before(node: Expression, scope: Scope, name: str) -> Value | None:
    recurring = scope.arena.recurring.get(before(name))
    if recurring is None or shift(node) != -1:
        return None
    index = next(one for one in node.args if one.head == "add").args[0]
    place = scope.index(str(index.data), recurring.axes[0].size)
    dims = scope.notation.families[node.data].member.dims if node.head == "member" else SCALAR
    return entries.array(before(name), (place,), dims, scope)


def before(name: str) -> str:
    """What a quantity one step before is called."""
    return f"{name} before"


def by_step(bottom: Expression, scope: Scope, by: Callable[[Expression, Scope], Value]) -> Value | None:
    r"""A derivative by ``h_{t+1}``: by each step, where it is that one; None of a derivative by anything else."""
    place = _shifted(bottom, scope)
    over, label = _over(bottom, scope), _label(bottom, scope)
    if place is None or over is None or label is None:
        return None
    arena, letter = scope.arena, Expression("index", (), OTHER, place.span)
    axis = arena.axis(over.dims[0], over.low)
    each = by(bottom.map(lambda child: letter if child is place else child), scope.bind({OTHER: axis}))
    first = start(bottom, scope.notation)
    at_first = None if first is None else by(first, scope)
    here, at_start = label(axis), label(0)

    def at(*places: Index) -> Term:
        found = arena.total(axis, arena.multiply((here, each.entry(*places))))
        return found if at_first is None else arena.add((found, arena.multiply((at_start, at_first.entry(*places)))))

    return Value(each.dims, at, bottom.span)


def is_step(top: Expression, name: str, scope: Scope) -> bool:
    """Whether one step of a recurrence is derived by what all steps share: the steps before may be held fixed."""
    if not scope.arena.recurring or top.head not in ("member", "entry") or scope.arena.shapes.get(name) is None:
        return False
    quantity = scope.notation.families[top.data].name if top.head == "member" else str(top.args[0].data)
    told = scope.arena.definitions.get(quantity)
    steps = [one for one in scope.arena.recurring if told and depends(scope.arena, told.body, one)]
    return bool(steps) and not any(depends(scope.arena, scope.arena.quantity(name, ()), one) for one in steps)


def _label(node: Expression, scope: Scope) -> Callable[[Index], Term] | None:
    """The indicator of the step that a shifted index stands for."""
    place, over = _shifted(node, scope), _over(node, scope)
    found = None if place is None or over is None else entries.one_index(place, over.dims[0], scope, over.low)
    return found if callable(found) else None


def _shifted(node: Expression, scope: Scope) -> Expression | None:
    """The index that is counted from another one, or from the last: ``t + 1``, ``T``."""
    sizes = scope.notation.sizes - scope.indices.keys()
    return next((one for one in _indices(node) if one.head in SHIFTED or one.data in sizes), None)


def _indices(node: Expression) -> tuple[Expression, ...]:
    if node.head == "member":
        return node.args
    if node.head != "entry":
        return ()
    return (*_indices(node.args[0]), *node.args[1:])


def _over(node: Expression, scope: Scope) -> Declared | None:
    """What the steps run over: the index of a family, or that of a vector."""
    while node.head == "entry" and node.args[0].head == "member":
        (node, *_) = node.args
    if node.head == "member":
        return scope.notation.families[node.data].index
    is_entry = node.head == "entry" and node.args[0].head == "symbol"
    declared = scope.notation.declared(str(node.args[0].data)) if is_entry else None
    if declared is None or declared.dims[1:] != (1,):
        return None
    return replace(declared, low=scope.notation.low(declared.dims[0]))
