"""Functions, cases and indicators of shaped values."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Monomial, Polynomial
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.lifting.bound_sums import largest
from truestep.derivations.deriving.lifting.shaped import Lifting, Shaped, free_axes
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import UserFunction


def apply(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A function of its arguments."""
    name, primes, power = node.data
    user = lifting.notation.functions.get(name)
    arguments = [lifting.lift(arg, axes) for arg in node.args]
    if user is not None and user.body is not None:
        value = defined(lifting, user, arguments, primes)
    elif len(arguments) == 1:
        value = function_of(lifting, name, primes, arguments[0])
    elif name in ("max", "min") and len(arguments) == 2:
        value = larger(lifting, arguments[0], arguments[1], name == "max")
    else:
        raise Stuck(name, "this function cannot be derived through; give its value a name, as in L = f(y)")
    if power is None:
        return value
    exponent = exact_number(power)
    if exponent is None:
        raise Stuck(name, "this power of a function cannot be derived through")
    return Shaped(value.dims, lambda i, j: lifting.raised(value.at(i, j), exponent))


def function_of(lifting: Lifting, name: str, primes: int, value: Shaped) -> Shaped:
    """A function of one argument."""
    workshop = lifting.workshop
    known = BY_NAME.get(name)
    if known is not None and known.kind != "elementwise" and name not in lifting.notation.functions:
        if value.node is None:
            raise Stuck(name, "this function of something with an index cannot be derived through")
        return _of_node(lifting, name, value)
    if name == "sqrt":
        return Shaped(value.dims, lambda i, j: lifting.raised(value.at(i, j), Fraction(1, 2)))
    if value.node is not None and name == "log" and not primes and value.node.is_scalar:
        return lifting.shaped(_logarithm(workshop, value.node))
    if value.node is not None:
        return lifting.shaped(workshop.function(name, value.node, primes))

    return lifting.through(value, lambda node: workshop.function(name, node, primes))


def _logarithm(workshop: Workshop, node: Node) -> Node:
    """log(e^u r) = u + log r."""
    coefficient, scalars, _ = workshop.parts(node)
    powers = {base: n for base, n in scalars.items() if base.op == "function" and base.data == ("exp", 0)}
    rest = workshop.assemble(coefficient, {base: n for base, n in scalars.items() if base not in powers}, None)
    if not powers or rest is workshop.one:
        return workshop.function("log", node)
    ((base, exponent), *others) = workshop.parts(rest)[1].items() or [(rest, Fraction(1))]
    is_power = not others and workshop.parts(rest)[0] == 1  # log(1/s) = -log s
    last = workshop.scale(exponent, workshop.function("log", base)) if is_power else workshop.function("log", rest)
    return workshop.add([*(workshop.scale(n, base.args[0]) for base, n in powers.items()), last])


def _of_node(lifting: Lifting, name: str, value: Shaped) -> Shaped:
    """A function of a whole vector or matrix."""
    workshop, node = lifting.workshop, value.node
    assert node is not None
    match name:
        case "softmax" if 1 in node.dims:
            return lifting.shaped(workshop.softmax(node, "all"))
        case "softmax":
            return lifting.shaped(workshop.softmax(node, "rows"))
        case "log-softmax" if 1 in node.dims:
            total = workshop.function("log", workshop.total(workshop.function("exp", node)))
            return lifting.shaped(workshop.add([node, workshop.negative(total)]))
        case "log-sum-exp":
            return lifting.shaped(workshop.function("log", workshop.total(workshop.function("exp", node))))
        case "trace":
            return lifting.shaped(_trace_of(workshop, node))
        case "det":
            return lifting.shaped(node if node.is_scalar else workshop.make("det", (node,), None, SCALAR))
        case "diag" if node.dims[1] == 1:
            return lifting.shaped(workshop.diag(node))
        case "diag" if node.dims[0] == node.dims[1]:
            return lifting.shaped(workshop.diagonal(node))
        case "max" | "min":
            return lifting.shaped(largest(workshop, node, name == "max"))
    raise Stuck(name, "this function cannot be derived through")


def larger(lifting: Lifting, left: Shaped, right: Shaped, most: bool) -> Shaped:
    """max(0, u) is ReLU(u), min(0, u) is -ReLU(-u); else the two cases."""
    for one, other in ((left, right), (right, left)):
        if one.node is lifting.workshop.zero:
            if most:
                return lifting.applied("relu", other)
            minus = [Monomial(Fraction(-1))]
            return lifting.scaled(minus, lifting.applied("relu", lifting.scaled(minus, other)))
    sign = Fraction(-1 if most else 1)
    difference = lifting.sum_of([lifting.scaled([Monomial(-sign)], left), lifting.scaled([Monomial(sign)], right)])
    return branches(lifting, [left, right], [difference], ((">",), ()))


def branches(
    lifting: Lifting, values: list[Shaped], tests: list[Shaped], relations: tuple[tuple[str, ...], ...]
) -> Shaped:
    """A value by cases; each test compares with 0, and no test is needed otherwise."""
    dims = next((value.dims for value in (*values, *tests) if value.dims != SCALAR), SCALAR)

    def at(i: Place, j: Place) -> Polynomial:
        parts = [
            lifting.entries.clean(value.at(1, 1) if value.dims == SCALAR else value.at(i, j))
            for value in (*values, *tests)
        ]
        free = list(dict.fromkeys(axis for part in parts for axis in free_axes(part)))
        if len(free) > 2:
            raise Stuck("cases", "cases with more than two indices")
        nodes = tuple(lifting.form(part, free) for part in parts)
        sizes = (free[0].size if free else 1, free[1].size if len(free) > 1 else 1)
        made = lifting.workshop.make("cases", nodes, relations, sizes)
        return [lifting.entries.entry_at(made, free)]

    value = Shaped(dims, at)
    if all(part.node is not None for part in (*values, *tests)):
        return lifting.shaped(lifting.as_node(Shaped(dims, at), ()))
    return value


def cases(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """A value by cases."""
    values = [lifting.lift(arg, axes) for arg in node.args[::2]]
    tests, relations = list[Shaped](), list[tuple[str, ...]]()
    for condition in node.args[1::2]:
        joined = condition.args if condition.head == "and" else (condition,)
        known = [part for part in joined if part.head != "otherwise"]
        if any(part.head != "relation" or part.data not in ("<", ">", "<=", ">=") for part in known):
            raise Stuck("cases", "this condition cannot be derived through")
        for part in known:
            left, right = (lifting.lift(arg, axes) for arg in part.args)
            tests.append(lifting.sum_of([left, lifting.scaled([Monomial(Fraction(-1))], right)]))
        relations.append(tuple(str(part.data) for part in known))
    return branches(lifting, values, tests, tuple(relations))


def indicator(lifting: Lifting, node: Expression, axes: Mapping[str, Place]) -> Shaped:
    """1 where a comparison holds."""
    condition = node.args[0]
    if condition.head == "relation" and condition.data in ("<", ">", "<=", ">="):
        left, right = (lifting.lift(arg, axes) for arg in condition.args)
        if condition.data in ("<", "<="):
            left, right = right, left
        difference = lifting.sum_of([left, lifting.scaled([Monomial(Fraction(-1))], right)])
        return lifting.applied("step" if condition.data in ("<", ">") else "step0", difference)
    raise Stuck("an indicator", "this condition cannot be derived through")


def defined(lifting: Lifting, user: UserFunction, arguments: list[Shaped], primes: int) -> Shaped:
    """A function that the statement defines, at its arguments."""
    if primes or user.entry is not None or len(arguments) != len(user.formals) or user.body is None:
        raise Stuck(user.name, "this function cannot be derived through")
    body = user.body
    names = [str(formal.data) for formal in user.formals]
    if user.kind != "elementwise":
        inner = lifting.with_formals(dict(zip(names, arguments, strict=True)))
        return inner.lift(body, {})
    dims = next((value.dims for value in arguments if value.dims != SCALAR), SCALAR)

    def at(i: Place, j: Place) -> Polynomial:
        scalars = [lifting.scalar(v.at(1, 1) if v.dims == SCALAR else v.at(i, j)) for v in arguments]
        return lifting.with_formals(dict(zip(names, scalars, strict=True))).lift(body, {}).at(1, 1)

    value = Shaped(dims, at)
    return lifting.shaped(lifting.as_node(value, ())) if all(v.node is not None for v in arguments) else value


def _trace_of(workshop: Workshop, node: Node) -> Node:
    """The trace; of a Kronecker product it is the product of the traces."""
    if node.op == "kronecker":
        return workshop.scale_by(*(_trace_of(workshop, arg) for arg in node.args))
    return workshop.trace(node)
