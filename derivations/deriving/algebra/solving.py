"""Equations solved for a name: M w = c, powers of a number, and functions of one that have an inverse."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.steps import Stuck

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop

NOT_LINEAR = "the gradient is not linear in it, nor one power or function of it; what is solved here is M w = c"
Affine = tuple["Node", "Node"]  # M and c of M w + c


class Equated(NamedTuple):
    """One row of solving: what is equal to what, and why."""

    left: Node
    right: Node
    rule: str


def solving(workshop: Workshop, value: Node, unknown: Node, rule: str, is_positive: bool = False) -> list[Equated]:
    """The rows from value = 0 to the unknown, which is what the last one has on its left; Stuck."""
    form, names = expanded(workshop, value, unknown.names), unknown.names
    rows: list[Equated] = []
    try:
        return _linear(workshop, form, unknown, rule)
    except Stuck:
        if not unknown.is_scalar:
            turned = workshop.transpose(unknown)
            rows = _linear(workshop, expanded(workshop, workshop.transpose(form), names), turned, rule)
            return [Equated(workshop.transpose(row.left), workshop.transpose(row.right), row.rule) for row in rows]
    factor = _denominator(workshop, form, unknown)
    if factor is not workshop.one:
        terms = [workshop.scale_by(factor, term) for term in (value.args if value.op == "add" else (value,))]
        form, rule = expanded(workshop, workshop.add(terms), names), f"{rule}, multiplying by the denominators"
        sides = [[term for term in terms if (workshop.parts(term)[0] > 0) == is_left] for is_left in (True, False)]
        if all(sides) and any(base.op == "add" for base in workshop.parts(factor)[1]):
            rows = [Equated(workshop.add(sides[0]), workshop.negative(workshop.add(sides[1])), rule)]
            rule = "bringing what depends on it to one side"
    found = _inverted(workshop, form, unknown, rule)
    return [*rows, *(_of_power(workshop, form, unknown, rule, is_positive) if found is None else found)]


def _linear(workshop: Workshop, form: Node, unknown: Node, rule: str) -> list[Equated]:
    matrix, rest = affine(workshop, form, unknown)
    common = _shared_denominator(workshop, rest)
    matrix, rest = _scaled(workshop, common, matrix), _scaled(workshop, common, rest)
    share = workshop.parts(matrix.args[0] if matrix.op == "add" else matrix)[0]
    matrix = collected(workshop, workshop.scale(1 / share, matrix))
    right = collected(workshop, workshop.scale(-1 / share, rest))
    _, scalars, core = workshop.parts(matrix)
    if core is None or core.op == "eye":
        factor = workshop.scale_by(matrix) if core is None else workshop.assemble(Fraction(1), scalars, None)
        last = Equated(unknown, workshop.scale_by(workshop.power(factor, Fraction(-1)), right), "dividing")
        return (
            [last._replace(rule=rule)]
            if factor is workshop.one
            else [Equated(workshop.scale_by(factor, unknown), right, rule), last]
        )
    solution = workshop.chain([workshop.inverse(matrix), right])
    last = Equated(unknown, solution, "solving, where the matrix is invertible")
    return [Equated(workshop.chain([matrix, unknown]), right, rule), last]


def _shared_denominator(workshop: Workshop, rest: Node) -> Node:
    """What all terms of the right side are divided by."""
    terms = [workshop.parts(term)[1] for term in (rest.args if rest.op == "add" else (rest,))]
    below = {
        base: max(scalars.get(base, Fraction(0)) for scalars in terms)
        for base, exponent in terms[0].items()
        if exponent < 0
    }
    return workshop.assemble(Fraction(1), {base: -power for base, power in below.items() if power < 0}, None)


def _scaled(workshop: Workshop, factor: Node, node: Node) -> Node:
    """A sum with each term multiplied, those with the identity last."""
    terms = [workshop.scale_by(factor, term) for term in (node.args if node.op == "add" else (node,))]
    cores = [workshop.parts(term)[2] for term in terms]
    last = [core is not None and core.op == "eye" for core in cores]
    return workshop.add(
        [term for is_last in (False, True) for term, own in zip(terms, last, strict=True) if own is is_last]
    )


def _denominator(workshop: Workshop, form: Node, unknown: Node) -> Node:
    """What the terms are multiplied by, so that the unknown stands in no denominator."""
    lowest: dict[Node, Fraction] = {}
    for term in form.args if form.op == "add" else (form,):
        for base, exponent in workshop.parts(term)[1].items():
            if not unknown.names.isdisjoint(base.names) and exponent < lowest.get(base, 0):
                lowest[base] = exponent
    return workshop.assemble(Fraction(1), {base: -exponent for base, exponent in lowest.items()}, None)


def _of_power(workshop: Workshop, form: Node, unknown: Node, rule: str, is_positive: bool) -> list[Equated]:
    """c u^p = d, solved for u."""
    found: dict[Fraction, list[Node]] = {}
    for term in form.args if form.op == "add" else (form,):
        number, scalars, core = workshop.parts(term)
        exponent = scalars.pop(unknown, Fraction(0))
        rest = workshop.assemble(number, scalars, core)
        if not unknown.names.isdisjoint(rest.names):
            raise Stuck(str(unknown.data), NOT_LINEAR)
        found.setdefault(exponent, []).append(rest)
    if len(found) != 2:
        raise Stuck(str(unknown.data), NOT_LINEAR)
    low, high = sorted(found)
    power, above, below = high - low, workshop.add(found[high]), workshop.add(found[low])
    if power != 1 and not is_positive:
        raise Stuck(str(unknown.data), f"its power {power} has several roots; assume that it is positive")
    share = workshop.parts(above.args[0] if above.op == "add" else above)[0]
    above = collected(workshop, workshop.scale(1 / share, above))
    right, raised = collected(workshop, workshop.scale(-1 / share, below)), workshop.power(unknown, power)
    value = workshop.scale_by(workshop.power(above, Fraction(-1)), right)
    rows = [Equated(workshop.scale_by(above, raised), right, rule), Equated(raised, value, "dividing")]
    if power != 1:
        rows.append(Equated(unknown, workshop.power(value, 1 / power), "taking the root, which is positive"))
    return rows


def _inverted(workshop: Workshop, form: Node, unknown: Node, rule: str) -> list[Equated] | None:
    """c g(a) = d with a function g that has an inverse, and a linear in the unknown; None where it is no such."""
    coefficients: list[Node] = []
    rest: list[Node] = []
    inner: set[Node] = set()
    for term in form.args if form.op == "add" else (form,):
        number, scalars, core = workshop.parts(term)
        varying = [base for base in scalars if not unknown.names.isdisjoint(base.names)]
        if not varying:
            rest.append(term)
        elif len(varying) == 1 and varying[0].op == "function" and scalars.pop(varying[0]) == 1:
            inner.add(varying[0])
            coefficients.append(workshop.assemble(number, scalars, core))
        else:
            return None
    one = next(iter(inner)) if len(inner) == 1 else None
    inverse = None if one is None else INVERSES.get(one.data)
    if one is None or inverse is None or not rest:
        return None
    below = workshop.power(workshop.negative(workshop.add(coefficients)), Fraction(-1))
    value = collected(workshop, workshop.add(workshop.scale_by(below, term) for term in rest))
    argument, found = one.args[0], inverse(workshop, value)
    rows = [Equated(one, value, rule), Equated(argument, found, "applying the inverse function")]
    if argument is unknown:
        return rows
    gap = expanded(workshop, workshop.add([argument, workshop.negative(found)]), unknown.names)
    first, *more = _linear(workshop, gap, unknown, "bringing what depends on it to one side")
    return [*rows, *([] if (first.left, first.right) == (argument, found) else [first]), *more]


def _logit(workshop: Workshop, value: Node) -> Node:
    other = workshop.add([workshop.one, workshop.negative(value)])
    return workshop.function("log", workshop.scale_by(value, workshop.power(other, Fraction(-1))))


INVERSES: dict[tuple[str, int], Callable[[Workshop, Node], Node]] = {
    ("log", 0): lambda workshop, value: workshop.function("exp", value),
    ("exp", 0): lambda workshop, value: workshop.function("log", value),
    ("sigmoid", 0): _logit,
}


def expanded(workshop: Workshop, node: Node, names: frozenset[str]) -> Node:
    """Products of sums multiplied out, as far as some names stand in them."""
    if names.isdisjoint(node.names):
        return node
    args = [expanded(workshop, arg, names) for arg in node.args]
    node = workshop.remake(node, args) if node.op in ("add", "mul", "chain", "transpose") else node
    if node.op == "power" and node.data == 2:
        return _squared(workshop, node, names)
    place = next((k for k, arg in enumerate(node.args) if len(spread(workshop, arg)) > 1), None)
    if place is None or node.op not in ("mul", "chain", "transpose"):
        return node
    found = [[*node.args[:place], term, *node.args[place + 1 :]] for term in spread(workshop, node.args[place])]
    return workshop.add(expanded(workshop, workshop.remake(node, term), names) for term in found)


def _squared(workshop: Workshop, node: Node, names: frozenset[str]) -> Node:
    base = node.args[0]
    if base.op == "norm" and base.args[0].is_column:
        return expanded(workshop, workshop.chain([workshop.transpose(base.args[0]), base.args[0]]), names)
    inner = expanded(workshop, base, names)
    if inner.op != "add":
        return workshop.power(inner, node.data)
    pairs = itertools.product(spread(workshop, inner), repeat=2)
    multiplied = workshop.scale_by if node.is_scalar else lambda *two: workshop.entrywise(two)
    return workshop.add(expanded(workshop, multiplied(*two), names) for two in pairs)


def spread(workshop: Workshop, node: Node) -> list[Node]:
    """The terms of a sum, which may stand transposed; a number beside arrays stands before an array of ones."""
    if node.op == "transpose" and node.args[0].op == "add":
        return [workshop.transpose(term) for term in spread(workshop, node.args[0])]
    if node.op != "add":
        return [node]
    ones = workshop.ones(node.dims)
    return [workshop.scale_by(term, ones) if term.is_scalar else term for term in node.args]


def affine(workshop: Workshop, form: Node, unknown: Node) -> Affine:
    """M and c with form = M w + c, of a form that is multiplied out."""
    matrices: list[Node] = []
    rest: list[Node] = []
    for term in form.args if form.op == "add" else (form,):
        if unknown.names.isdisjoint(term.names):
            rest.append(term)
            continue
        number, scalars, core = workshop.parts(term)
        varying = [base for base in scalars if not unknown.names.isdisjoint(base.names)]
        fixed = {base: power for base, power in scalars.items() if base not in varying}
        scale = workshop.assemble(number, fixed, None)
        if not varying and core is not None:
            matrices.append(workshop.scale_by(scale, _before(workshop, core, unknown)))
        elif (
            len(varying) == 1
            and scalars[varying[0]] == 1
            and (core is None or unknown.names.isdisjoint(core.names))
            and unknown.dims[1] == 1
        ):
            row = _before(workshop, varying[0], unknown)
            matrices.append(workshop.scale_by(scale, row if core is None else workshop.chain([core, row])))
        else:
            raise Stuck(name_of(unknown), NOT_LINEAR)
    if not matrices:
        raise Stuck(name_of(unknown), "the gradient does not depend on it")
    return workshop.add(matrices), workshop.add(rest) if rest else workshop.zeros(unknown.dims)


def name_of(unknown: Node) -> str:
    """The name of an unknown, which may stand transposed."""
    return next(iter(unknown.names))


def _before(workshop: Workshop, node: Node, unknown: Node) -> Node:
    """L where the node is L w."""
    if node is unknown:
        return workshop.eye(unknown.dims[0])
    if node.op == "chain" and node.args[0] is unknown and node.args[1].dims[0] == 1:  # w times a scalar
        return workshop.scale_by(workshop.chain(node.args[1:]), workshop.eye(unknown.dims[0]))
    if node.op == "chain" and node.is_scalar and node.args[-1] is not unknown:
        node = workshop.make("chain", tuple(workshop.transpose(arg) for arg in reversed(node.args)), None, node.dims)
    fixed = node.args[:-1]
    if node.op != "chain" or node.args[-1] is not unknown or any(unknown.names & arg.names for arg in fixed):
        raise Stuck(name_of(unknown), NOT_LINEAR)
    return workshop.chain(fixed)
