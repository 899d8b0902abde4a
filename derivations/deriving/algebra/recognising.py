"""Functions that are recognised by their bodies: the softmax, and the sigmoid."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.deriving.algebra.nodes import Node, Scalars, Workshop


def with_softmax(workshop: Workshop, scalars: Scalars, core: Node) -> tuple[Scalars, Node] | None:
    """exp(u) / sum of exp(u) is the softmax of u."""
    parts = core.args if core.op == "entrywise" else (core,)
    for part in parts:
        if part.op == "function" and part.data == ("exp", 0) and part.is_column:
            total = workshop.total(part)
            if scalars.get(total) is not None and scalars[total] < 0:
                less = {**scalars, total: scalars[total] + 1}
                rest = [other for other in parts if other is not part]
                return less, workshop.entrywise([workshop.softmax(part.args[0], "all"), *rest])
    return None


def one_plus_exp(workshop: Workshop, node: Node) -> Node | None:
    """u of 1 + e^u."""
    if len(node.args) == 2 and workshop.one in node.args:
        other = node.args[1] if node.args[0] is workshop.one else node.args[0]
        if other.op == "function" and other.data == ("exp", 0):
            return other.args[0]
    return None


def with_sigmoids(workshop: Workshop, powers: dict[Node, Fraction]) -> None:
    """e^u times the sigmoid of -u is the sigmoid of u."""
    for base, exponent in list(powers.items()):
        if base.op == "function" and base.data == ("exp", 0) and exponent >= 1:
            u = base.args[0]
            other = workshop.function("sigmoid", workshop.negative(u))
            if powers.get(other, 0) > 0:
                powers[base], powers[other] = exponent - 1, powers[other] - 1
                made = workshop.function("sigmoid", u)
                powers[made] = powers.get(made, Fraction(0)) + 1


def picked(node: Node) -> tuple[Node, Place] | None:
    """The vector, and the place at which a unit vector picks its entry: e_c^T v is v_c."""
    if node.op != "chain" or not node.is_scalar or len(node.args) != 2:
        return None
    first, second = node.args
    if first.op == "transpose" and first.args[0].op == "unit":
        return second, first.args[0].data
    if second.op == "unit" and first.op == "transpose":
        return first.args[0], second.data
    return None
