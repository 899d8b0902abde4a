"""Functions of values: what an application denotes, for built-in functions and for those of the statement."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import extremes, shaped_terms
from truestep.derivations.meaning.differentiate import Variable, differentiate
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.functions import function_term
from truestep.derivations.meaning.matrices.powers import trace_of_root
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.language.notation import UserFunction
    from truestep.derivations.meaning.terms import Axis, Index, Term

WITHIN = 10  # the steps that a function costs within another one; they grow as the square of how deep it stands


def applied(node: Expression, scope: Scope) -> Value:
    """A function of its arguments."""
    name, primes, _ = node.data
    argument = node.args[0]
    while argument.head == "group":
        argument = argument.args[0]
    if name in ("softmax", "log-softmax") and argument.head == "entry" and len(node.args) == 1:
        whole = value_of(argument.args[0], scope)
        if whole.is_vector and value_of(argument, scope).is_scalar:  # softmax(z_j) is entry j of softmax(z)
            of_whole = replace(node, args=(argument.args[0],))
            return value_of(Expression("entry", (of_whole, *argument.args[1:]), None, node.span), scope)
    if name == "trace" and argument.head == "add" and (terms := _traces(argument, node, scope)):
        return shaped_terms.add(scope.arena, terms, node.span)
    if name == "trace" and argument.head == "power" and exact_number(argument.args[1]) == Fraction(1, 2):
        base = value_of(argument.args[0], scope)
        if not base.is_scalar and len(base.dims) == 2 and base.dims[0] == base.dims[1]:
            return trace_of_root(scope.arena, base)
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
    if len(arguments) == 1 and (user.kind == "elementwise" or (user.kind == "scalar" and arguments[0].is_scalar)):
        return shaped_terms.elementwise(
            lambda t: scope.arena.function("opaque", t, (name, primes)), arguments, node.span
        )
    if user.kind == "scalar" and not primes:
        return _opaque_scalar(name, arguments, scope)
    raise MeaningFault(f"the function {name} is not defined, so nothing can be decided about it", node.span)


def bare(node: Expression, scope: Scope) -> Value:
    """A function without anything behind it, of several quantities under their own names."""
    own = scope.notation.own_arguments(str(node.data))
    if not own:
        raise MeaningFault(f"the function {node.data} stands without its argument here", node.span)
    return value_of(Expression("apply", own, (node.data, 0, None), node.span), scope)


def _opaque_scalar(name: str, arguments: list[Value], scope: Scope) -> Value:
    """An unspecified scalar function of arrays: a random function of a random combination of the entries."""
    parts: list[Term] = []
    for position, argument in enumerate(arguments):
        places = shaped_terms.axes_for(scope.arena, argument.dims)
        axes = shaped_terms.axes_in(places)
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
    scope.arena.effort.spend(WITHIN * scope.within**2)  # functions that double are over soon
    body, names = user.body, [formal.data for formal in user.formals]
    if user.kind == "vector" or user.entry is not None:
        return _vector_function(user, arguments[0], primes, scope, node)
    at = _at(body, names, scope)
    if primes:
        if len(arguments) != 1:
            raise MeaningFault("a prime needs a function of one argument", node.span)
        if not arguments[0].is_scalar and _is_of_arrays(user, names, at, scope):
            return _slope_of_whole(primes, scope, node)
        return shaped_terms.elementwise(
            lambda t: _derivative_at(scope, body, names[0], t, primes), arguments, node.span
        )

    if len(arguments) > 1 or arguments[0].is_scalar or _is_of_arrays(user, names, at, scope):
        return at(*arguments)
    what = f"the value of {user.name}"
    return shaped_terms.elementwise(lambda t: shaped_terms.need_scalar(at(scalar(t)), what), arguments, node.span)


def _at(body: Expression, names: Sequence[str], scope: Scope) -> Callable[..., Value]:
    """A body as a function of its formal arguments."""

    def at(*values: Value) -> Value:
        formals = {**scope.formals, **dict(zip(names, values, strict=True))}
        return value_of(body, replace(scope, formals=formals, indices={}, free={}, within=scope.within + 1))

    return at


def _slope_of_whole(primes: int, scope: Scope, node: Expression) -> Value:
    """``f'(w)`` of an array: the derivative by it, a row where only that fits."""
    name, _, entry = node.data
    variable = node.args[0]
    if primes > 1 or variable.head != "symbol":
        raise MeaningFault("this prime does not say by what the derivative is taken", node.span)
    called = replace(node, data=(name, 0, entry))
    slope = value_of(Expression("derivative", (called, variable), "prime", node.span), scope)
    return shaped_terms.transpose(slope) if scope.takes("prime-row", node.span) else slope


def _is_of_arrays(user: UserFunction, names: Sequence[str], at: Callable[..., Value], scope: Scope) -> bool:
    """Whether a function is one of an array as a whole, and not of each of its entries."""
    assert user.body is not None
    has_entries = any(one.head == "entry" and one.args[0].data in names for one in user.body.walk())  # \sum_i w_i x_i
    wholes = (one for one in user.body.walk() if _is_of_whole(one))  # \operatorname{tr}(X^T A X)
    is_within = any(inner.data in names for one in wholes for inner in one.walk())
    is_named = any(
        one.data in names for one in user.body.walk()
    )  # L(w) = -\sum_i y_i \log p_i, where p_i = \sigma(w^T x_i)
    return user.kind == "scalar" or has_entries or is_within or not is_named or not _is_of_numbers(at, scope)


def _is_of_whole(node: Expression) -> bool:
    """Whether a node is made of an array as a whole: transposed, a norm, a trace, a determinant."""
    is_built = node.head == "apply" and node.data[0] in ("trace", "det")
    return node.head in ("transpose", "norm") or is_built


def _is_of_numbers(at: Callable[[Value], Value], scope: Scope) -> bool:
    r"""Whether a body has a number for a number: not that of ``h(x) = \sigma(w^T x)``, which is of a vector."""
    try:
        return at(scalar(scope.arena.constant(1))).is_scalar
    except ShapeFault:
        return False


def _derivative_at(scope: Scope, body: Expression, name: str, at: Term, order: int) -> Term:
    """The derivative of a body by its formal argument, at a term."""

    def of(point: Value) -> Term:
        inner = replace(scope, formals={**scope.formals, name: point}, indices={}, free={})
        return shaped_terms.need_scalar(value_of(body, inner), "the value of a function")

    return slope_at(scope, of, name, at, order)


def slope_at(scope: Scope, of: Callable[[Value], Term], name: str, at: Term, order: int) -> Term:
    """The derivative of a function of one number, at a term."""
    hidden = f"argument {name} {at.number}"
    term = of(scalar(scope.arena.quantity(hidden, at.axes)))
    for _ in range(order):
        term = differentiate(scope.arena, term, Variable(hidden, at.axes))
    return put(scope, term, hidden, at)


def put(scope: Scope, term: Term, name: str, value: Term, axes: tuple[Axis, ...] | None = None) -> Term:
    """The term with a quantity replaced by a term over the same axes, which stand in its order where it has several."""
    arena, memo = scope.arena, dict[int, "Term"]()
    own = value.axes if axes is None else axes

    def of(node: Term) -> Term:
        if node.op == "quantity" and node.data[0] == name:
            return arena.substitute(value, dict(zip(own, node.data[1], strict=True))) if own else value
        if not node.args:
            return node
        found = memo.get(node.number)
        if found is None:
            found = memo[node.number] = arena.rebuild(node, [of(arg) for arg in node.args])
        return found

    return of(term)


def _vector_function(user: UserFunction, argument: Value, primes: int, scope: Scope, node: Expression) -> Value:
    if primes or user.body is None or user.entry is None:
        raise MeaningFault(f"{user.name} is not decided here", node.span)
    body, entry_name, formal = user.body, user.entry, user.formals[0].data

    def entry(*places: Index) -> Term:
        index = next((place for place, size in zip(places, argument.dims, strict=True) if size != 1), 1)
        inner = replace(scope, formals={**scope.formals, formal: argument}, indices={entry_name: index}, free={})
        return shaped_terms.need_scalar(value_of(body, inner), f"an entry of {user.name}")

    return Value(argument.dims, entry)


def _built_in(name: str, arguments: list[Value], primes: int, scope: Scope, node: Expression) -> Value:
    function, arena = BY_NAME[name], scope.arena
    if function.kind == "two":
        return _extreme(name, arguments, primes, scope, node)
    if len(arguments) != 1:
        raise MeaningFault(f"{name} takes one argument", node.span)
    argument = arguments[0]
    if function.kind == "elementwise":
        if primes:
            return shaped_terms.elementwise(lambda t: _primed_body(scope, name, t, primes), (argument,), node.span)
        return shaped_terms.elementwise(lambda t: function_term(arena, name, t), (argument,), node.span)
    if primes:
        raise MeaningFault(f"the derivative of {name} needs \\partial", node.span)
    return {
        "softmax": _softmax,
        "log-softmax": _softmax,
        "log-sum-exp": _softmax,
        "trace": _trace,
        "det": _determinant,
        "diag": _diagonal,
        "vec": _vec,
    }.get(name, _undecided)(name, argument, scope)


def _undecided(name: str, argument: Value, scope: Scope) -> Value:
    raise MeaningFault(f"{name} is not decided here", argument.span)


def _primed_body(scope: Scope, name: str, at: Term, order: int) -> Term:
    arena = scope.arena
    hidden = f"argument of {name} {at.number}"
    term = function_term(arena, name, arena.quantity(hidden, at.axes))
    for _ in range(order):
        term = differentiate(arena, term, Variable(hidden, at.axes))
    return put(scope, term, hidden, at)


def _extreme(name: str, arguments: list[Value], primes: int, scope: Scope, node: Expression) -> Value:
    """The extreme of several numbers, entry by entry of arrays, or of the entries of one array."""
    single = len(arguments) == 1
    if primes or (single and arguments[0].is_scalar) or (not single and name.startswith("arg")):
        raise MeaningFault(f"{name} of {'one number' if single else 'these'} is not decided here", node.span)
    if single:
        return scalar(extremes.of_entries(name, arguments[0], scope))
    return extremes.of_values(name, arguments, scope, node.span)


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


def _square(argument: Value, what: str) -> Value:
    """A square matrix; where one of its sizes is not stated, it is the other one."""
    argument = shaped_terms.fitted(argument, argument.dims[::-1])
    if len(argument.dims) != 2 or argument.dims[0] != argument.dims[1]:
        raise ShapeFault(f"the {what} needs a square matrix, not {describe(argument.dims)}", argument.span)
    return argument


def _traces(argument: Expression, node: Expression, scope: Scope) -> list[Value]:
    r"""The traces of terms, numbers that are products of arrays among matrices: ``\tr(u u^T A - b^T u)``."""
    values = [value_of(arg, scope) for arg in argument.args]
    is_mixed = len({value.is_scalar for value in values}) == 2
    numbers = [arg for arg, value in zip(argument.args, values, strict=True) if value.is_scalar]
    if not is_mixed or not all(any(one.head == "transpose" for one in number.walk()) for number in numbers):
        return []
    return [value_of(replace(node, args=(arg,)), scope) for arg in argument.args]


def _trace(name: str, argument: Value, scope: Scope) -> Value:
    if argument.is_scalar:
        return argument
    argument = _square(argument, name)
    (index,) = shaped_terms.axes_for(scope.arena, argument.dims[:1])
    term = argument.entry(index, index)
    for axis in shaped_terms.axes_in((index,)):
        term = scope.arena.total(axis, term)
    return scalar(term)


def _determinant(name: str, argument: Value, scope: Scope) -> Value:
    if argument.is_scalar:
        return argument
    argument = _square(argument, "determinant")
    rows, columns = (scope.arena.axis(size) for size in argument.dims)
    return scalar(scope.arena.determinant(rows, columns, argument.entry(rows, columns)))


def _vec(name: str, argument: Value, scope: Scope) -> Value:
    return shaped_terms.vectorised(argument, argument.span)


def _diagonal(name: str, argument: Value, scope: Scope) -> Value:
    """diag of a vector is a matrix; of a square matrix its diagonal as a vector."""
    arena = scope.arena
    if argument.is_vector:
        size = argument.dims[0] if argument.dims[0] != 1 else argument.dims[1]
        column = argument if argument.dims[1] == 1 else shaped_terms.transpose(argument)
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
    scope.note("entrywise", node, case="diagonal", index=names[0])
    return Value(
        (axis.size, axis.size), lambda i, j: arena.multiply((arena.delta(i, j), arena.substitute(term, {axis: i})))
    )
