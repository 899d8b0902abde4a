"""Functions and derivatives: what an application, a prime and a partial derivative denote."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression, is_number, negative, product
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.shapes import Dims
from truestep.derivations.meaning import entries, introduced, shaped_terms
from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.derivatives.at_points import there
from truestep.derivations.meaning.derivatives.by_whole import slope_by
from truestep.derivations.meaning.derivatives.direct import directly
from truestep.derivations.meaning.derivatives.inner import called_of
from truestep.derivations.meaning.derivatives.recurrences import by_step
from truestep.derivations.meaning.differentiate import Variable, along, depends, differentiate, quantities, roots
from truestep.derivations.meaning.identities.forms import as_defined
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Partial, Value, scalar

if TYPE_CHECKING:
    from truestep.derivations.meaning.terms import Index, Term


def primed(node: Expression, scope: Scope) -> Value:
    """A prime: the transpose where that is granted, else the derivative by the one variable that is possible."""
    inner = node.args[0]
    called, order = inner, 1
    while called.head == "prime":
        called, order = called.args[0], order + 1
    if called.head == "value":
        return value_of(there(called, node, called), scope)
    if called.head == "call":
        return introduced.slope(called, order, scope)
    if (inner.head, inner.data) == ("number", (1, None)):
        inner = Expression("ones", (), None, inner.span)
    turned = value_of(inner, scope) if inner.head == "apply" else None
    if (turned is None or not turned.is_scalar) and scope.takes("prime-transpose", node.span):
        turned = turned or value_of(inner, scope)
        if not turned.is_scalar:
            return shaped_terms.transpose(turned)
    return value_of(prime_spelled(node, scope), scope)


def prime_spelled(node: Expression, scope: Scope) -> Expression:
    """The derivative that the primes behind a scalar stand for; zero of a number.

    The variable is what a scalar is declared to depend on, the only one that it does, or the one that is asked for.
    """
    inner, order = node, 0
    while inner.head == "prime":
        inner, order = inner.args[0], order + 1
    if inner.head == "call":
        return node
    if inner.head == "ones" or (inner.head, inner.data) == ("number", (1, None)):  # a 1 may be the vector of ones
        raise MeaningFault("this prime does not say by what the derivative is taken", node.span)
    if not inner.has("symbol", "member", "unknown"):
        return Expression("number", (), (Fraction(0), None), node.span)
    value = value_of(inner, scope)
    found = _prime_variable(inner, value, scope) if value.is_scalar else None
    if found is None:
        raise MeaningFault("this prime does not say by what the derivative is taken", node.span)
    head = "symbol" if scope.notation.declared(found) is not None else "unknown"  # a letter of the work's own
    variables = (Expression(head, (), found, node.span),) * order
    return Expression("derivative", (inner, *variables), "prime", node.span)


def _prime_variable(inner: Expression, value: Value, scope: Scope) -> str | None:
    arena = scope.arena
    parents = arena.dependencies.get(str(inner.data), ()) if inner.head == "symbol" else ()
    if len(parents) == 1 and parents[0][1] == ():  # J'(a) of J = J(a)
        return parents[0][0]
    names = {name for name in quantities(value.term) if not name.startswith(("weight ", "d "))}
    below = roots(arena, names) if inner.head in ("symbol", "member") else names
    own = below - ({str(inner.data)} if inner.head == "symbol" else set())
    scalars = sorted(name for name in own if arena.shapes.get(name) == () and scope.notation.declared(name))
    if len(scalars) == 1 and (len(own) == 1 or inner.head not in ("symbol", "member")):
        return scalars[0]
    return scope.asked if scope.asked in scalars else None


def derivative(node: Expression, scope: Scope) -> Value:
    """A partial derivative, of any order, in the layout in force."""
    top, *bottoms = node.args
    if top.head == "value" and (node.data == "nabla" or is_number(*top.args[1:])):
        return value_of(there(top, node, top), scope)
    if len(bottoms) > 2:
        raise MeaningFault("a derivative of order above 2 is not decided here", node.span)
    if top.head == "unknown" and top.data not in scope.introduced and f"{top.data}()" in scope.introduced:
        top = called_of(top, bottoms, scope)
        if top.args == tuple(dict.fromkeys(bottoms)):
            return introduced.slope(replace(top, span=node.span), len(bottoms), scope)
    lists = [one.args for one in map(strip_groups, node.args) if one.head == "tuple"]
    if len(lists) == len(node.args) == 2:  # rows for what is derived, whatever the layout
        each = [Expression("derivative", pair, node.data, node.span) for pair in itertools.product(*lists)]
        return value_of(Expression("matrix", tuple(each), len(lists[1]), node.span), scope)
    bottoms = [_entry_by_index(bottom, scope) for bottom in bottoms]
    if top.head == "bare":
        is_whole = bottoms[0].head == "entry" and top.data in BY_NAME and BY_NAME[top.data].kind != "elementwise"
        of = bottoms[0].args[0] if is_whole else bottoms[0]
        top = Expression("apply", scope.notation.own_arguments(top.data, 2) or (of,), (top.data, 0, None), top.span)
    if node.data == "postfix":
        scope.note("operator-behind", node)
    value = value_of(top, scope)
    for position, bottom in enumerate(bottoms):
        by = _by_power if bottom.head == "power" and bottom.args[0].head == "symbol" else _by
        value = by(value, top, bottom, scope, node, position)
    return value


def _by_power(
    value: Value, top: Expression, bottom: Expression, scope: Scope, node: Expression, position: int
) -> Value:
    r"""``\partial f / \partial \sigma^2`` of a number \sigma: the derivative by it over that of its power."""
    arena, base, power = scope.arena, bottom.args[0], value_of(bottom, scope)
    under = value_of(base, scope)
    if not under.is_scalar or under.term.op != "quantity":
        return _by(value, top, bottom, scope, node, position)
    slope = differentiate(arena, power.term, Variable(*under.term.data))
    inner = _by(value, top, base, scope, node, position)
    below = arena.power(slope, Fraction(-1))
    return Value(inner.dims, lambda *places: arena.multiply((inner.entry(*places), below)), node.span)


def _entry_by_index(bottom: Expression, scope: Scope) -> Expression:
    r"""``\partial_j`` by an index: by that entry of the one vector that is asked for."""
    names = sorted(scope.asked_by)
    shape = scope.arena.shapes.get(names[0], ()) if len(names) == 1 else ()
    is_index = bottom.head == "index" or (bottom.head == "unknown" and bottom.data in scope.free)
    if not is_index or len(shape) != 1 or scope.notation.declared(names[0]) is None:
        return bottom
    letter = Expression("index", (), bottom.data, bottom.span)
    return Expression("entry", (Expression("symbol", (), names[0], bottom.span), letter), None, bottom.span)


class Varying(NamedTuple):
    """The quantities that vary in a differential, and the definitions that it goes through where not through all."""

    names: frozenset[str]
    only: frozenset[str] | None = None


def differential(node: Expression, scope: Scope) -> Value:
    """``dX``: linear in the differentials of what varies, which are all independent arrays unless it is said."""
    if node.args[0].has("differential"):
        raise MeaningFault("a differential of a differential is not decided here", node.span)
    arena, inner = scope.arena, value_of(node.args[0], scope)
    names, only = node.data or (_independent(scope), None)
    return Value(inner.dims, lambda *places: along(arena, inner.entry(*places), names, only), node.span)


def _independent(scope: Scope) -> frozenset[str]:
    notation, known = scope.notation, (scope.arena.definitions, scope.arena.dependencies)
    arrays = {name.full for name in notation.names.values() if name.declared.kind == "array"}
    arrays |= {family.name for family in notation.families.values() if family.member.kind == "array"}
    letters = {name for name, value in scope.introduced.items() if value.is_scalar and value.term.op == "quantity"}
    return frozenset(name for name in arrays | letters if not any(name in table for table in known))


def gradient(node: Expression, scope: Scope) -> Value:
    r"""``\nabla L`` without a subscript: by the one array that the scalar depends on."""
    inner = node.args[0]
    if inner.head == "value":
        return value_of(there(inner, node, inner), scope)
    scope_value = value_of(inner, scope)
    if inner.head == "call" and len(inner.args) == 1 and inner.args[0].head == "symbol":  # \nabla f(x)
        found: str | None = str(inner.args[0].data)
    else:
        found = _own_variable(scope_value, scope)
    if found is None and len(several := by_scalars(scope_value, scope)) > 1:
        lines = [tuple(_symbol(name, node) for name in several)] * int(node.data)
        each = [Expression("derivative", (inner, *by), "nabla", node.span) for by in itertools.product(*lines)]
        columns = len(several) if len(lines) > 1 or scope.layout == "numerator" else 1
        return value_of(Expression("matrix", tuple(each), columns, node.span), scope)
    if found is None:
        raise MeaningFault("\\nabla does not say by what the gradient is taken", node.span)
    by = [_symbol(found, node)] * int(node.data)
    return derivative(Expression("derivative", (inner, *by), "nabla", node.span), scope)


def _symbol(name: str, node: Expression) -> Expression:
    return Expression("symbol", (), name, node.span)


def by_scalars(value: Value, scope: Scope, count: int = 0) -> list[str]:
    """The numbers that a scalar is made of, in the order of their declaration: those that derivatives are asked by.

    With a count, all of them where there are so many.
    """
    whole = value.term.data[0] if value.is_scalar and value.term.op == "quantity" else ""
    names = list(scope.notation.formals.get(whole, ())) or _roots(value, scope)
    asked = [name for name in names if name in scope.asked_by]
    found = asked if len(asked) > 1 and count in (0, len(asked)) else names if count or not asked else []
    is_of_numbers = all(scope.arena.shapes.get(name) == () for name in found)
    return found if is_of_numbers and count in (0, len(found)) else []


def _roots(value: Value, scope: Scope) -> list[str]:
    names = quantities(value.term) if value.is_scalar else frozenset()
    arrays = dict.fromkeys(name.full for name in scope.notation.names.values() if name.declared.kind == "array")
    return [
        name
        for name in arrays
        if not any(name in known for known in (scope.arena.definitions, scope.arena.dependencies))
        and value.is_scalar
        and (name in names or depends(scope.arena, value.term, name))
    ]


def _own_variable(value: Value, scope: Scope) -> str | None:
    if len(by_scalars(value, scope)) > 1:
        return None
    roots = _roots(value, scope)
    asked = [name for name in roots if name in scope.asked_by]
    found = roots if scope.asked not in roots and len(asked) != 1 else [scope.asked] if scope.asked in roots else asked
    return found[0] if len(found) == 1 else None


def _by(value: Value, top: Expression, bottom: Expression, scope: Scope, node: Expression, position: int) -> Value:
    arena = scope.arena
    apart = by_step(bottom, scope, lambda one, inner: _by(value, top, one, inner, node, position))
    if apart is not None:
        return apart
    below = _variable_value(bottom, scope)
    if below is None or (entry := below.entry(*shaped_terms.axes_for(arena, below.dims))).op != "quantity":
        return _by_expression(top, bottom, scope, node)
    name = entry.data[0]
    if len(node.args) == 2 and value.is_scalar and roots(arena, {name}) - {name} == {top.data}:  # dx/ds of s = s(x)
        slope = value_of(Expression("derivative", (bottom, top), node.data, node.span), scope)
        return scalar(arena.power(slope.term, Fraction(-1)))
    _check_direction(value, name, scope, node)
    if top.head == "symbol" and arena.steps.get(top.data) and name not in arena.steps:
        raise MeaningFault("whether the steps before are held fixed is not said", node.span)
    only = directly(top, name, scope, node) if len(node.args) == 2 else None

    def at(*places: Index) -> Term:
        under, above = places[: len(below.dims)], places[len(below.dims) :]
        target = below.entry(*under)
        return differentiate(arena, value.entry(*above), Variable(name, target.data[1]), only)

    if position:  # a second derivative: the axes of both variables make the Hessian
        return _second(value, below, at, scope, node)
    partial = Partial(as_defined(top, value, arena), bottom, value.dims, below.dims, at)
    if value.is_vector and below.is_vector and (top.head, bottom.head) in _STATED:
        layout = "numerator" if bottom.head == "transpose" else "denominator"
        return replace(shaped_terms.arranged(partial, layout, node.span), partial=None)
    return shaped_terms.arranged(partial, scope.layout, node.span)


# dz / dw^T has a row for each entry of z, dz^T / dw a column, whatever the layout
_STATED = frozenset((one, "transpose") for one in ("symbol", "member", "group", "apply"))
_STATED |= {("transpose", one) for one in ("symbol", "apply")}


def _second(value: Value, below: Value, at: object, scope: Scope, node: Expression) -> Value:
    first = value.dims
    if below.is_scalar:
        return Value(first, lambda *places: at(1, 1, *places), node.span)  # type: ignore[operator]
    if value.is_scalar:
        return Value(below.dims, lambda *places: at(*places, *(1 for _ in first)), node.span)  # type: ignore[operator]
    if value.is_vector and below.is_vector:
        rows = first[0] if first[0] != 1 else first[1]
        columns = below.dims[0] if below.dims[0] != 1 else below.dims[1]
        dims: Dims = (rows, columns)

        def entry(i: Index, j: Index) -> Term:
            under = (j, 1) if below.dims[0] != 1 else (1, j)
            above = (i, 1) if first[0] != 1 else (1, i)
            return at(*under, *above)  # type: ignore[operator, no-any-return]

        return Value(dims, entry, node.span)
    raise MeaningFault("this second derivative has more than two axes", node.span)


def _variable_value(bottom: Expression, scope: Scope) -> Value | None:
    while bottom.head == "group":
        bottom = bottom.args[0]
    is_vec = bottom.head == "apply" and bottom.data[:2] == ("vec", 0) and bottom.args[0].head == "symbol"
    if is_vec or bottom.head in ("symbol", "entry", "member", "transpose"):
        return value_of(bottom, scope)
    if bottom.head == "unknown":
        value = value_of(bottom, scope)
        is_entry = value.is_scalar and value.term.op == "quantity" and value.term.data[1]
        return value if is_entry else None
    return None


def _check_direction(value: Value, name: str, scope: Scope, node: Expression) -> None:
    """A derivative of a quantity by one that depends on it has no meaning here."""
    places = shaped_terms.axes_for(scope.arena, value.dims)
    inner = value.entry(*places)
    here = quantities(inner)
    if name in here or depends(scope.arena, inner, name):
        return
    definition = scope.arena.definitions.get(name)
    if definition is not None and any(depends(scope.arena, definition.body, other) for other in here):
        raise MeaningFault("this derivative is taken by a quantity that depends on what is differentiated", node.span)


def _by_expression(top: Expression, bottom: Expression, scope: Scope, node: Expression) -> Value:
    """The derivative by a whole subexpression: it is replaced by a fresh scalar wherever it stands above."""
    while bottom.head == "group":
        bottom = bottom.args[0]
    point, arena = value_of(bottom, scope), scope.arena
    if bottom.head == "power" and entries.exact_number(bottom.args[1]) == -1 and entries.is_square(point):
        return _by_inverse(top, bottom.args[0], scope, node)
    if bottom.head == "apply" and bottom.data[:2] == ("vec", 0) and value_of(top, scope).is_scalar:
        slope = value_of(
            Expression("derivative", (top, bottom.args[0]), node.data, node.span), scope.like(layout="denominator")
        )
        column = shaped_terms.vectorised(slope, node.span)
        return shaped_terms.transpose(column) if scope.layout == "numerator" else column
    marker = Expression("unknown", (), f"whole {bottom.data}")
    plain = strip_groups(bottom)
    changed = top.map(lambda child: marker if strip_groups(child) == plain else child)
    if changed == top or not point.is_scalar:
        return _by_whole(value_of(top, scope), top, bottom, point, scope, node)
    hidden, axes = f"whole {point.term.number}", point.term.axes
    marked = {**scope.introduced, str(marker.data): scalar(arena.quantity(hidden, axes))}
    value = value_of(changed, replace(scope, introduced=marked))
    variable = Variable(hidden, axes)
    return Value(
        value.dims,
        lambda *places: put(scope, differentiate(arena, value.entry(*places), variable), hidden, point.term),
        node.span,
    )


def _by_inverse(top: Expression, matrix: Expression, scope: Scope, node: Expression) -> Value:
    r"""``\partial f / \partial A^{-1}``, which is ``-A^T (\partial f / \partial A) A^T`` of a scalar f."""
    slope = Expression("derivative", (top, matrix), node.data, node.span)
    beside = matrix if scope.layout == "numerator" else Expression("transpose", (matrix,), None, node.span)
    if not value_of(top, scope).is_scalar:
        raise MeaningFault("this derivative by an inverse is not decided here", node.span)
    return value_of(negative(product(beside, slope, beside)), scope)


def _by_whole(value: Value, top: Expression, bottom: Expression, point: Value, scope: Scope, node: Expression) -> Value:
    """The derivative by the entries of a value, of what is made of them."""
    arena = scope.arena
    probe = shaped_terms.axes_for(arena, point.dims)
    whole = point.entry(*probe)
    hidden = f"whole {whole.number}"

    def at(*places: Index) -> Term:
        under, above = places[: len(point.dims)], places[len(point.dims) :]
        chosen = dict(zip(probe, under, strict=True))
        target = tuple(chosen.get(axis, axis) for axis in whole.axes)
        slope = slope_by(value.entry(*above), whole, Variable(hidden, target), scope)
        if slope is None:
            raise MeaningFault("what is differentiated is not made of what it is differentiated by alone", node.span)
        return slope

    at(*(1 for _ in point.dims), *(1 for _ in value.dims))
    return shaped_terms.arranged(Partial(top, bottom, value.dims, point.dims, at), scope.layout, node.span)


def strip_groups(node: Expression) -> Expression:
    """The expression without the nodes that only stand for brackets."""
    return node.bare


def normal(node: Expression) -> Expression:
    """An expression in the form in which left sides are compared: without brackets and spellings of the derivative."""
    return node.bare.map(_flat) if node.has("derivative") else node.bare


def _flat(node: Expression) -> Expression:
    """A derivative of a derivative as one of higher order, by its variables in one order."""
    if node.head != "derivative":
        return node
    top, *by = node.args
    if top.head == "derivative":
        top, *by = *top.args, *by
    ordered = sorted(by, key=lambda one: [str(child.data) for child in one.walk()])
    kept = node.data if str(node.data).startswith("held ") else None
    return Expression("derivative", (top, *ordered), kept, node.span)
