r"""Quantities that the givens define, seen again in an answer: ``(x - \mu \mathbf{1}) / \sqrt{v}`` is y."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.routes.signals import Substitution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop


def recognised(workshop: Workshop, node: Node, definitions: Mapping[str, Node]) -> tuple[Node, str]:
    """The node by the name of a vector that is a multiple of what stands in it, and the name; else as it is."""
    best, by = node, ""
    for name, body in definitions.items():
        number, scalars, core = workshop.parts(body)
        if core is None or core.is_scalar or core.op not in ("add", "entrywise", "chain") or not scalars:
            continue
        inverse = {base: -power for base, power in scalars.items()}
        named = workshop.assemble(Fraction(1) / number, inverse, workshop.symbol(name, body.dims))
        found = collected(workshop, Substitution(workshop, {core: named}).made(node))
        if found.weight < best.weight and name not in node.names:
            best, by = found, name
    return (_over_one(workshop, best) if by else best), by


def _over_one(workshop: Workshop, node: Node) -> Node:
    """A sum with the denominator that all its terms have before it."""
    if node.op == "mul" and node.args[-1].op == "add":
        inner = _over_one(workshop, node.args[-1])
        return workshop.scale_by(workshop.number(node.data), *node.args[:-1], inner)
    if node.op != "add":
        return node
    parts = [workshop.parts(term) for term in node.args]
    shared: dict[Node, Fraction] = {}
    for base in parts[0][1]:
        powers = [scalars.get(base, Fraction(0)) for _, scalars, _ in parts]
        if max(powers) < 0:
            shared[base] = max(powers)
    rests = [
        workshop.assemble(number, {base: power - shared.get(base, 0) for base, power in scalars.items()}, core)
        for number, scalars, core in parts
    ]
    return workshop.scale_by(workshop.assemble(Fraction(1), shared, None), workshop.add(rests)) if shared else node
