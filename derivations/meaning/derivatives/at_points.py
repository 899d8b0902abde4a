"""Values at points: a quantity, or a slope of it, where what it is made of has other values."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.faults import Fault, MeaningFault, ShapeFault
from truestep.derivations.language.shapes import SCALAR, describe
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.differentiate import depends, quantities, roots
from truestep.derivations.meaning.entries import anything, array
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.terms import walk_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.derivations.meaning.terms import Term

MOST_SIZES = 8


def valued(node: Expression, scope: Scope) -> Value:
    """A quantity, or a derivative of it, where what it is made of has other values: ``s'(0)``, ``J(-w)``."""
    body, *values = node.args
    quantity = next((one for one in body.walk() if one.head == "symbol"), body)
    own = _independent_of(str(quantity.data), len(values), scope)
    if own is None and len(values) == 1:
        values = _entries(value_of(values[0], scope), values[0])
        own = _independent_of(str(quantity.data), len(values), scope)
    if own is None:
        raise MeaningFault(f"of what {quantity.data} is taken at this point is not said", node.span)
    pairs = [part for name, value in zip(own, values, strict=True) for part in (_symbol(name, value), value)]
    return value_of(Expression("at", (body, *pairs), None, node.span), scope)


def _entries(point: Value, node: Expression) -> list[Expression]:
    """The entries of a point as values of so many numbers: (x, y) = p."""
    size = next((size for size in point.dims if size != 1), 1)
    places = range(1, size + 1) if isinstance(size, int) and 1 in point.dims else ()
    return [Expression("entry", (node, number(place)), None, node.span) for place in places]


def is_point(node: Expression, scope: Scope) -> bool:
    r"""Whether a letter in the bracket of a slope can be a value of one quantity: not of several, ``f(\theta)``."""
    quantity = next((one for one in node.walk() if one.head == "symbol"), node)
    return _independent_of(str(quantity.data), len(node.args) - 1, scope) is not None


def free_arguments(left: Expression, scope: Scope) -> Iterator[tuple[str, Value]]:
    r"""The letters of a left side that stand for anything: t of ``\sigma'(t) = ...``, h of ``J(w + h) - J(w)``."""
    for node in left.walk():
        for letter in node.args if node.head == "call" else node.args[: node.head == "apply"]:
            if letter.head == "unknown" and not letter.args:
                yield str(letter.data), _anything_for(node, str(letter.data), scope)
        quantity = next((one for one in node.walk() if one.head == "symbol"), node) if node.head == "value" else node
        own = _independent_of(str(quantity.data), len(node.args) - 1, scope) if quantity is not node else None
        for name, value in zip(own or (), node.args[1:], strict=own is not None):
            whole = value_of(_symbol(name, node), scope)
            for letter in value.args if value.head == "add" else ():
                if letter.head == "unknown" and not letter.args:
                    yield str(letter.data), array(str(letter.data), (), whole.dims, scope)


def _anything_for(applied: Expression, letter: str, scope: Scope) -> Value:
    r"""What a letter stands for in an application: a number, else the first column of which that is one: ``h(x)``."""
    any_number = scalar(scope.arena.quantity(letter, ()))
    user = scope.notation.functions.get(applied.data[0]) if applied.head == "apply" else None
    if user is None or user.body is None or _is_number(applied, letter, any_number, scope):
        return any_number
    for size in sorted(scope.notation.sizes)[:MOST_SIZES]:
        column = anything(letter, (size, 1), scope)
        if _is_number(applied, letter, column, scope):
            return column
    return any_number


def _is_number(applied: Expression, letter: str, value: Value, scope: Scope) -> bool:
    """Whether an application is a number where its letter has a value."""
    with suppress(Fault):
        return value_of(applied, replace(scope, introduced={**scope.introduced, letter: value})).is_scalar
    return False


def _symbol(name: str, at: Expression) -> Expression:
    return Expression("symbol", (), name, at.span)


def there(inner: Expression, node: Expression, called: Expression) -> Expression:
    """A derivative of what is taken at a point is the derivative, taken there."""
    quantity = called.args[0]
    outer = node.map(lambda one: quantity if one == inner else one)
    return Expression("value", (outer, *called.args[1:]), None, node.span)


def _independent_of(name: str, count: int, scope: Scope) -> tuple[str, ...] | None:
    """So many independent quantities in their order: those that a given names, all, or those that are asked by."""
    formals = scope.notation.formals.get(name, ())
    if len(formals) == count:
        return formals
    below = roots(scope.arena, {name}) - {name}
    own = tuple(dict.fromkeys(one.full for one in scope.notation.names.values() if one.full in below))
    asked = tuple(one for one in own if one in scope.asked_by)
    valued = _reached(scope, name) & scope.arena.definitions.keys()  # under x = 2
    alone = (scope.asked,) if scope.asked in {*own, *valued} and count == 1 else None
    return next((found for found in (own, asked, alone) if found is not None and len(found) == count), None)


def _reached(scope: Scope, name: str) -> set[str]:
    """The quantities that a defined one is made of, those between included."""
    definitions = scope.arena.definitions
    terms = walk_terms([definitions[name].body], definitions) if name in definitions else ()
    return {one.data[0] for one in terms if one.op == "quantity"}


def evaluated(node: Expression, scope: Scope) -> Value:
    """An expression at a point: independent scalars and whole arrays have values of their own there."""
    body, *pairs = node.args
    value = value_of(body, scope)
    points: list[tuple[str, Value]] = []
    for left, right in _pairs(pairs):
        here, there = value_of(left, scope), value_of(right, scope)
        places = shaped_terms.axes_for(scope.arena, here.dims)
        entry = here.entry(*places)
        if entry.op != "quantity" or left.head != "symbol":
            raise MeaningFault("an expression at this point is not decided here", node.span)
        point = shaped_terms.fitted(there, here.dims)
        if point.dims not in (here.dims, SCALAR):
            told = f"{describe(point.dims)} is no value of what is {describe(here.dims)}"
            raise ShapeFault(told, right.span)
        points.append((entry.data[0], point))

    def at(term: Term) -> Term:
        for name, point in points:
            term = _with_point(term, name, point, scope, node)
        return term

    return Value(value.dims, lambda *places: at(value.entry(*places)), node.span)


def _pairs(sides: list[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """What has which value: ``x = 1, y = 2``, or ``(x, y) = (1, 2)``."""
    for left, right in zip(sides[::2], sides[1::2], strict=True):
        if left.head == right.head == "tuple" and len(left.args) == len(right.args):
            yield from zip(left.args, right.args, strict=True)
        else:
            yield left, right


def _with_point(term: Term, name: str, point: Value, scope: Scope, node: Expression) -> Term:
    """The term with a quantity replaced by its value, also within the definitions that lead to it."""
    arena = scope.arena
    places = shaped_terms.axes_for(arena, point.dims)
    axes, value = tuple(shaped_terms.axes_in(places)), point.entry(*places)
    definition = arena.definitions.get(name)
    if definition is not None and value is arena.substitute(
        definition.body, dict(zip(definition.axes, axes, strict=True))
    ):
        return term  # as it is defined
    while True:
        above = [other for other in quantities(term) - {name} if depends(arena, arena.quantity(other, ()), name)]
        if not above:
            return put(scope, term, name, value, axes)
        inner = arena.definitions.get(min(above))
        if inner is None:
            raise MeaningFault("what is not specified cannot be taken at a point", node.span)
        term = put(scope, term, min(above), inner.body, inner.axes)
