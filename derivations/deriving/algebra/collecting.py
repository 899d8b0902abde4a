"""Common factors of a sum of nodes, taken out where that leaves less to write."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Sequence


def collected(workshop: Workshop, node: Node) -> Node:
    """A sum with its common factors taken out, where that leaves less to write.

    >>> from truestep.derivations.deriving.algebra.workshop import Workshop
    >>> workshop = Workshop()
    >>> B, x = workshop.symbol("B", ("n", "n")), workshop.symbol("x", ("n", 1))
    >>> both = workshop.add([workshop.chain([B, x]), workshop.chain([workshop.transpose(B), x])])
    >>> collected(workshop, both).op
    'chain'
    """
    best = node
    if node.op != "add":
        if node.op == "mul" and node.args[-1].op == "add":
            return workshop.scale_by(workshop.number(node.data), *node.args[:-1], collected(workshop, node.args[-1]))
        return node
    one_side = partial(_one_side, place=-1), partial(_one_side, place=0)
    for attempt in (_diagonals, *one_side, _hadamard, _scalars):
        other = attempt(workshop, node)
        if other is not None and other.weight < best.weight:
            best = other
    return best


def _sum(workshop: Workshop, terms: Sequence[Node]) -> Node:
    """A sum; where sums among its terms cancel with others, without their brackets."""
    opened: list[Node] = []
    for term in terms:
        inner = term.args[-1] if term.op == "mul" and len(term.args) == 1 else term
        parts = inner.args if inner.op == "add" else (inner,)
        opened += [workshop.scale(term.data if inner is not term else Fraction(1), part) for part in parts]
    whole = workshop.add(opened)
    return whole if len(whole.args if whole.op == "add" else (whole,)) < len(opened) else workshop.add(terms)


def _groups(workshop: Workshop, node: Node, place: int) -> dict[object, list[tuple[Fraction, list[Node], Node]]]:
    """The terms by their scalar factors and the matrix factor at one end."""
    groups: dict[object, list[tuple[Fraction, list[Node], Node]]] = {}
    key: tuple[object, ...]
    for term in node.args:
        coefficient, scalars, core = workshop.parts(term)
        factors = list(core.args) if core is not None and core.op == "chain" else [term if core is None else core]
        key = (frozenset(scalars.items()), factors[place]) if len(factors) > 1 else (term,)
        groups.setdefault(key, []).append((coefficient, factors, term))
    return groups


def _one_side(workshop: Workshop, node: Node, place: int) -> Node | None:
    terms: list[Node] = []
    for group in _groups(workshop, node, place).values():
        if len(group) == 1:
            terms.append(group[0][2])
            continue
        rests = [
            workshop.scale(coefficient, workshop.chain(factors[1:] if place == 0 else factors[:-1]))
            for coefficient, factors, _ in group
        ]
        shared, (_, scalars, _) = group[0][1][place], workshop.parts(group[0][2])
        rest = collected(workshop, _sum(workshop, rests))
        made = workshop.chain([shared, rest] if place == 0 else [rest, shared])
        terms.append(workshop.scale_by(workshop.assemble(Fraction(1), scalars, None), made))
    return None if len(terms) == len(node.args) else collected(workshop, workshop.add(terms))


def _diagonals(workshop: Workshop, node: Node) -> Node | None:
    """diag(a) + c diag(b) = diag(a + c b)."""
    vectors, others = list[Node](), list[Node]()
    for term in node.args:
        coefficient, scalars, core = workshop.parts(term)
        if core is not None and core.op == "diag":
            vectors.append(workshop.scale_by(workshop.assemble(coefficient, scalars, None), core.args[0]))
        else:
            others.append(term)
    if len(vectors) < 2:
        return None
    return workshop.add([workshop.diag(collected(workshop, workshop.add(vectors))), *others])


def _hadamard(workshop: Workshop, node: Node) -> Node | None:
    """f * a + c f = f * (a + c), entry by entry."""
    cores = [workshop.parts(term)[2] for term in node.args]
    if any(core is None for core in cores):
        return None
    factors = [core.args if core.op == "entrywise" else (core,) for core in cores if core is not None]
    shared = next((factor for factor in factors[0] if all(factor in other for other in factors[1:])), None)
    if shared is None:
        return None
    rests = []
    for term, own in zip(node.args, factors, strict=True):
        coefficient, scalars, _ = workshop.parts(term)
        rest = [factor for factor in own if factor is not shared]
        scale = workshop.assemble(coefficient, scalars, None)
        rests.append(workshop.scale_by(scale, workshop.entrywise(rest)) if rest else scale)
    return workshop.entrywise([shared, collected(workshop, _sum(workshop, rests))])


def _scalars(workshop: Workshop, node: Node) -> Node | None:
    """A scalar factor that all terms have."""
    parts = [workshop.parts(term) for term in node.args]
    shared = {
        base: exponent
        for base, exponent in parts[0][1].items()
        if all(scalars.get(base) == exponent for _, scalars, _ in parts[1:])
    }
    if any(exponent < 0 and base not in shared for _, scalars, _ in parts for base, exponent in scalars.items()):
        shared = {base: exponent for base, exponent in shared.items() if exponent > 0}  # no fraction in a fraction
    size = abs(parts[0][0])
    if any(abs(coefficient) != size for coefficient, _, _ in parts):
        size = Fraction(1)
    if all(coefficient < 0 for coefficient, _, _ in parts):
        size = -size
    if not shared and size == 1:
        return None
    rests = []
    for coefficient, scalars, core in parts:
        own = {base: exponent for base, exponent in scalars.items() if base not in shared}
        rests.append(workshop.assemble(coefficient / size, own, core))
    return workshop.scale_by(workshop.assemble(size, shared, None), collected(workshop, _sum(workshop, rests)))
