"""Functions and derivatives: what an application, a prime and a partial derivative denote."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations import values
from derivations.differentiate import Variable, depends, differentiate, quantities
from derivations.expression import Expression, free_indices
from derivations.faults import MeaningFault, ShapeFault
from derivations.functions import BY_NAME
from derivations.scope import Scope, value_of
from derivations.shapes import SCALAR, Dims, describe
from derivations.values import Partial, Value, scalar

if TYPE_CHECKING:
    from derivations.notation import UserFunction
    from derivations.terms import Axis, Index, Term


def applied(node: Expression, scope: Scope) -> Value:
    """A function of its arguments."""
    name, primes, _ = node.data
    arguments = [value_of(arg, scope) for arg in node.args]
    if name == "diag" and arguments[0].is_scalar:
        return _diagonal_of_entries(arguments[0], node, scope)
    user = scope.notation.functions.get(name)
    if user is not None and user.body is not None:
        return _defined(user, arguments, primes, scope, node)
    if name in BY_NAME:
        return _built_in(name, arguments, primes, scope, node)
    if user is None:
        raise MeaningFault(f"the function {name} is not defined", node.span)
    if user.kind == "elementwise" and len(arguments) == 1:
        return values.elementwise(lambda t: scope.arena.function("opaque", t, (name, primes)), arguments, node.span)
    if user.kind == "scalar" and not primes:
        return _opaque_scalar(name, arguments, scope)
    raise MeaningFault(f"the function {name} is not defined, so nothing can be decided about it", node.span)


def _opaque_scalar(name: str, arguments: list[Value], scope: Scope) -> Value:
    """An unspecified scalar function of arrays: a random function of a random combination of the entries."""
    parts: list[Term] = []
    for position, argument in enumerate(arguments):
        places = values.axes_for(scope.arena, argument.dims)
        axes = [place for place in places if not isinstance(place, int)]
        weight = scope.arena.quantity(f"weight {name} {position}", axes)
        term = scope.arena.multiply((weight, argument.entry(*places)))
        for axis in axes:
            term = scope.arena.total(axis, term)
        parts.append(term)
    return scalar(scope.arena.function("opaque", scope.arena.add(parts), (name, 0)))


def _defined(user: UserFunction, arguments: list[Value], primes: int, scope: Scope, node: Expression) -> Value:
    """A function with a body: the body at the argument; of an array entry by entry, unless it is a vector function."""
    if len(arguments) != len(user.formals):
        raise MeaningFault(f"{user.name} takes {len(user.formals)} argument(s)", node.span)
    assert user.body is not None
    body, names = user.body, [formal.data for formal in user.formals]
    if user.kind == "vector" or user.entry is not None:
        return _vector_function(user, arguments[0], primes, scope, node)
    if primes:
        if len(arguments) != 1:
            raise MeaningFault("a prime needs a function of one argument", node.span)
        return values.elementwise(lambda t: _derivative_at(scope, body, names[0], t, primes), arguments, node.span)
    if user.kind == "scalar" or len(arguments) > 1 or arguments[0].is_scalar:
        inner = replace(
            scope, formals={**scope.formals, **dict(zip(names, arguments, strict=True))}, indices={}, free={}
        )
        return value_of(body, inner)

    def at(term: Term) -> Term:
        inner = replace(scope, formals={**scope.formals, names[0]: scalar(term)}, indices={}, free={})
        return values.need_scalar(value_of(body, inner), f"the value of {user.name}")

    return values.elementwise(at, arguments, node.span)


def _derivative_at(scope: Scope, body: Expression, name: str, at: Term, order: int) -> Term:
    """The derivative of a body by its formal argument, at a term."""
    arena = scope.arena
    hidden = f"argument {name} {at.number}"
    if at.axes:
        inner_axes = at.axes
        point = arena.quantity(hidden, inner_axes)
    else:
        inner_axes, point = (), arena.quantity(hidden, ())
    inner = replace(scope, formals={**scope.formals, name: scalar(point)}, indices={}, free={})
    term = values.need_scalar(value_of(body, inner), "the value of a function")
    for _ in range(order):
        term = differentiate(arena, term, Variable(hidden, inner_axes))
    return _put(scope, term, hidden, at)


def _put(scope: Scope, term: Term, name: str, value: Term) -> Term:
    """The term with a quantity replaced by a term over the same axes."""
    arena, memo = scope.arena, dict[int, "Term"]()

    def of(node: Term) -> Term:
        if node.op == "quantity" and node.data[0] == name:
            return arena.substitute(value, dict(zip(value.axes, node.data[1], strict=True))) if value.axes else value
        if not node.args:
            return node
        found = memo.get(node.number)
        if found is None:
            args = [of(arg) for arg in node.args]
            found = arena.total(node.data, args[0]) if node.op == "total" else arena.rebuild(node, args)
            memo[node.number] = found
        return found

    return of(term)


def _vector_function(user: UserFunction, argument: Value, primes: int, scope: Scope, node: Expression) -> Value:
    if primes or user.body is None or user.entry is None:
        raise MeaningFault(f"{user.name} is not decided here", node.span)
    body, entry_name, formal = user.body, user.entry, user.formals[0].data

    def entry(*places: Index) -> Term:
        index = next((place for place, size in zip(places, argument.dims, strict=True) if size != 1), 1)
        inner = replace(scope, formals={**scope.formals, formal: argument}, indices={entry_name: index}, free={})
        return values.need_scalar(value_of(body, inner), f"an entry of {user.name}")

    return Value(argument.dims, entry)


def _built_in(name: str, arguments: list[Value], primes: int, scope: Scope, node: Expression) -> Value:
    function, arena = BY_NAME[name], scope.arena
    if function.kind == "two":
        return _extreme(name, arguments, primes, scope, node)
    if len(arguments) != 1:
        raise MeaningFault(f"{name} takes one argument", node.span)
    argument = arguments[0]
    if function.kind == "elementwise" and function.body is not None:
        body = function.body
        if primes:
            return values.elementwise(lambda t: _primed_body(scope, name, t, primes), (argument,), node.span)
        return values.elementwise(lambda t: body(arena, t), (argument,), node.span)
    if primes:
        raise MeaningFault(f"the derivative of {name} needs \\partial", node.span)
    return {
        "softmax": _softmax,
        "log-softmax": _softmax,
        "log-sum-exp": _softmax,
        "trace": _trace,
        "det": _determinant,
        "diag": _diagonal,
    }.get(name, _undecided)(name, argument, scope)


def _undecided(name: str, argument: Value, scope: Scope) -> Value:
    raise MeaningFault(f"{name} is not decided here", argument.span)


def _primed_body(scope: Scope, name: str, at: Term, order: int) -> Term:
    arena = scope.arena
    body = BY_NAME[name].body
    assert body is not None
    hidden = f"argument of {name} {at.number}"
    term = body(arena, arena.quantity(hidden, at.axes))
    for _ in range(order):
        term = differentiate(arena, term, Variable(hidden, at.axes))
    return _put(scope, term, hidden, at)


def _extreme(name: str, arguments: list[Value], primes: int, scope: Scope, node: Expression) -> Value:
    """max(a, b) = b + relu(a - b); min(a, b) = a - relu(a - b)."""
    if primes or len(arguments) < 2:
        raise MeaningFault(f"{name} of one argument is not decided here", node.span)
    arena, relu = scope.arena, BY_NAME["relu"].body
    assert relu is not None

    def two(a: Term, b: Term) -> Term:
        if a.op == "constant" and a.data == 0 and name == "max":
            a, b = b, a
        gap = relu(arena, arena.add((a, arena.negative(b))))
        return arena.add((b, gap)) if name == "max" else arena.add((a, arena.negative(gap)))

    result = arguments[0]
    for other in arguments[1:]:
        result = values.elementwise(two, (result, other), node.span)
    return result


def _softmax(name: str, argument: Value, scope: Scope) -> Value:
    """softmax(z)_i = exp(z_i) / sum_j exp(z_j), over the entries of a vector, or of each row of a matrix."""
    arena = scope.arena
    slot = 0 if argument.dims[1] == 1 else 1
    if argument.is_scalar:
        raise ShapeFault("softmax needs a vector", argument.span)

    def parts(places: tuple[Index, ...]) -> tuple[Term, Term]:
        axis = arena.axis(argument.dims[slot])
        other = tuple(axis if place == slot else index for place, index in enumerate(places))
        total = arena.total(axis, arena.function("exp", argument.entry(*other)))
        return argument.entry(*places), total

    def entry(*places: Index) -> Term:
        own, total = parts(places)
        if name == "softmax":
            return arena.multiply((arena.function("exp", own), arena.power(total, Fraction(-1))))
        return arena.add((own, arena.negative(arena.function("log", total))))

    if name == "log-sum-exp":
        return scalar(arena.function("log", parts((1, 1))[1]))
    return Value(argument.dims, entry)


def _square(argument: Value, what: str) -> None:
    if len(argument.dims) != 2 or argument.dims[0] != argument.dims[1]:
        raise ShapeFault(f"the {what} needs a square matrix, not {describe(argument.dims)}", argument.span)


def _trace(name: str, argument: Value, scope: Scope) -> Value:
    if argument.is_scalar:
        return argument
    _square(argument, name)
    axis = scope.arena.axis(argument.dims[0])
    return scalar(scope.arena.total(axis, argument.entry(axis, axis)))


def _determinant(name: str, argument: Value, scope: Scope) -> Value:
    if argument.is_scalar:
        return argument
    _square(argument, "determinant")
    rows, columns = (scope.arena.axis(size) for size in argument.dims)
    return scalar(scope.arena.determinant(rows, columns, argument.entry(rows, columns)))


def _diagonal(name: str, argument: Value, scope: Scope) -> Value:
    """diag of a vector is a matrix; of a square matrix its diagonal as a vector."""
    arena = scope.arena
    if argument.is_vector:
        size = argument.dims[0] if argument.dims[0] != 1 else argument.dims[1]
        column = argument if argument.dims[1] == 1 else values.transpose(argument)
        return Value((size, size), lambda i, j: arena.multiply((arena.delta(i, j), column.entry(i, 1))))
    if argument.is_scalar:
        return argument
    _square(argument, "diagonal")
    return Value((argument.dims[0], 1), lambda i, _: argument.entry(i, i))


def _diagonal_of_entries(argument: Value, node: Expression, scope: Scope) -> Value:
    """``diag(p_i (1 - p_i))``: the entries of the diagonal by their index."""
    names = [name for name in sorted(free_indices(node.args[0])) if name not in scope.indices and name in scope.free]
    if len(names) != 1:
        return argument
    axis, term, arena = scope.free[names[0]], argument.term, scope.arena
    scope.note("entrywise", f"diag of an entry was read as the diagonal over {names[0]}", node)
    return Value(
        (axis.size, axis.size), lambda i, j: arena.multiply((arena.delta(i, j), arena.substitute(term, {axis: i})))
    )


def primed(node: Expression, scope: Scope) -> Value:
    """A prime behind a bracket: the derivative by the one scalar symbol inside."""
    inner = node.args[0]
    names = {child.data for child in inner.walk() if child.head == "symbol"}
    declared = {name: scope.notation.declared(name) for name in names}
    scalars = [name for name, what in declared.items() if what is not None and what.dims == SCALAR]
    if not names and not inner.has("member", "unknown"):
        return scalar(scope.arena.constant(0), node.span)
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
    probe = values.axes_for(arena, below.dims)
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
    return values.arranged(partial, scope.numerator, node.span)


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
    places = values.axes_for(scope.arena, value.dims)
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
        lambda *places: _put(scope, differentiate(arena, value.entry(*places), variable), hidden, point.term),
        node.span,
    )


def strip_groups(node: Expression) -> Expression:
    """The expression without the nodes that only stand for brackets."""
    if not node.has("group"):
        return node
    return node.map(lambda child: child.args[0] if child.head == "group" else child)
