"""Functions and derivatives: what an application, a prime and a partial derivative denote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.shapes import SCALAR, Dims
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.applications import put
from truestep.derivations.meaning.differentiate import Variable, depends, differentiate, quantities
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Partial, Value, scalar

if TYPE_CHECKING:
    from truestep.derivations.meaning.terms import Axis, Index, Term


def primed(node: Expression, scope: Scope) -> Value:
    """A prime behind a bracket: the derivative by the one scalar symbol inside."""
    inner = node.args[0]
    names = {child.data for child in inner.walk() if child.head == "symbol"}
    if inner.head != "apply" and scope.takes("prime-transpose", node.span):
        return shaped_terms.transpose(value_of(inner, scope))
    declared = {name: scope.notation.declared(name) for name in names}
    scalars = [name for name, what in declared.items() if what is not None and what.dims == SCALAR]
    if not names and not inner.has("member", "unknown"):
        return scalar(scope.arena.constant(0), node.span)
    parents = scope.arena.dependencies.get(str(inner.data), ()) if inner.head == "symbol" else ()
    if len(parents) == 1 and parents[0][1] == ():  # J'(a) of J = J(a)
        return derivative(
            Expression("derivative", (inner, Expression("symbol", (), parents[0][0])), "prime", node.span), scope
        )
    if inner.head in ("symbol", "member") or len(scalars) != 1:
        raise MeaningFault("this prime does not say by what the derivative is taken", node.span)
    variable = Expression("symbol", (), scalars[0], node.span)
    return derivative(Expression("derivative", (inner, variable), "prime", node.span), scope)


def derivative(node: Expression, scope: Scope) -> Value:
    """A partial derivative, of any order, in the layout in force."""
    top, *bottoms = node.args
    if len(bottoms) > 2:
        raise MeaningFault("a derivative of order above 2 is not decided here", node.span)
    if top.head == "bare":
        top = Expression("apply", (bottoms[0],), (top.data, 0, None), top.span)
    if node.data == "postfix":
        scope.note("operator-behind", node)
    value = value_of(top, scope)
    for position, bottom in enumerate(bottoms):
        value = _by(value, top, bottom, scope, node, position)
    return value


def local_derivative(top: Expression, bottom: Expression, scope: Scope) -> Value:
    """The derivative of a defined scalar by a scalar that stands in its definition, all others there held fixed."""
    above, below = value_of(top, scope), value_of(bottom, scope)
    if not (above.is_scalar and below.is_scalar) or above.term.op != "quantity" or below.term.op != "quantity":
        raise MeaningFault("this differential is not decided here", top.span)
    variable = Variable(below.term.data[0], below.term.data[1])
    return scalar(differentiate(scope.arena, above.term, variable, frozenset((above.term.data[0],))))


def gradient(node: Expression, scope: Scope) -> Value:
    r"""``\nabla L`` without a subscript: by the one array that the scalar depends on."""
    scope_value = value_of(node.args[0], scope)
    found = _own_variable(scope_value, scope)
    if found is None:
        raise MeaningFault("\\nabla does not say by what the gradient is taken", node.span)
    variable = Expression("symbol", (), found, node.span)
    return derivative(Expression("derivative", (node.args[0], *[variable] * int(node.data)), "nabla", node.span), scope)


def _own_variable(value: Value, scope: Scope) -> str | None:
    names = quantities(value.term) if value.is_scalar else set()
    arrays = {name.full for name in scope.notation.names.values() if name.declared.kind == "array"}
    roots = [
        name
        for name in sorted(arrays)
        if name not in scope.arena.definitions
        and name not in scope.arena.dependencies
        and value.is_scalar
        and (name in names or depends(scope.arena, value.term, name))
    ]
    return scope.asked if scope.asked in roots else roots[0] if len(roots) == 1 else None


def _by(value: Value, top: Expression, bottom: Expression, scope: Scope, node: Expression, position: int) -> Value:
    arena = scope.arena
    below = _variable_value(bottom, scope)
    if below is None:
        return _by_expression(top, bottom, scope, node)
    probe = shaped_terms.axes_for(arena, below.dims)
    entry = below.entry(*probe)
    if entry.op != "quantity":
        return _by_expression(top, bottom, scope, node)
    name = entry.data[0]
    _check_direction(value, name, scope, node)

    def at(*places: Index) -> Term:
        under, above = places[: len(below.dims)], places[len(below.dims) :]
        target = below.entry(*under)
        return differentiate(arena, value.entry(*above), Variable(name, target.data[1]))

    flat_below = below.dims
    if position:  # a second derivative: the axes of both variables make the Hessian
        return _second(value, below, at, scope, node)
    partial = Partial(top, bottom, value.dims, flat_below, at)
    return shaped_terms.arranged(partial, scope.layout, node.span)


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
    if bottom.head in ("symbol", "entry", "member", "transpose"):
        return value_of(bottom, scope)
    if bottom.head == "unknown":
        value_of(bottom, scope)
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
    point = value_of(bottom, scope)
    if not point.is_scalar:
        raise MeaningFault("a derivative by this expression is not decided here", node.span)
    arena = scope.arena
    hidden = f"whole {point.term.number}"
    axes: tuple[Axis, ...] = point.term.axes
    marker = Expression("unknown", (), hidden)
    plain = strip_groups(bottom)
    changed = top.map(lambda child: marker if strip_groups(child) == plain else child)
    if changed == top:
        raise MeaningFault("what is differentiated does not contain what it is differentiated by", node.span)
    inner = replace(scope, introduced={**scope.introduced, hidden: scalar(arena.quantity(hidden, axes))})
    value = value_of(changed, inner)
    variable = Variable(hidden, axes)
    return Value(
        value.dims,
        lambda *places: put(scope, differentiate(arena, value.entry(*places), variable), hidden, point.term),
        node.span,
    )


def strip_groups(node: Expression) -> Expression:
    """The expression without the nodes that only stand for brackets."""
    if not node.has("group"):
        return node
    return node.map(lambda child: child.args[0] if child.head == "group" else child)
