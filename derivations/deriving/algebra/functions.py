"""The slopes of the functions of the table as nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.calculating import calculated
from truestep.derivations.language.formulas import formula
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop


def slope_node(workshop: Workshop, name: str, t: Node, value: Node) -> Node:
    """The slope of a function of the table at a node, where it has this value."""
    return calculated(formula(BY_NAME[name].slope), _Nodes(workshop), {"t": t, "v": value})


class _Nodes:
    """Calculates with nodes, entry by entry."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def number(self, value: Fraction, places: int | None) -> Node:
        return self.workshop.number(value)

    def pi(self) -> Node:
        return self.workshop.make("constant", (), r"\pi", SCALAR)

    def add(self, terms: Sequence[Node]) -> Node:
        return self.workshop.add(terms)

    def multiply(self, factors: Sequence[Node]) -> Node:
        return self.workshop.entrywise(factors)

    def power(self, base: Node, exponent: Fraction) -> Node:
        return self.workshop.power(base, exponent)

    def function(self, name: str, argument: Node) -> Node:
        return self.workshop.function(name, argument)

    def step(self, argument: Node, closed: bool) -> Node:
        return self.workshop.function("step0" if closed else "step", argument)
