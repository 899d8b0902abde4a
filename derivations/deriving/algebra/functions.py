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


def as_power(workshop: Workshop, node: Node) -> tuple[Node, Node] | None:
    """Base and exponent of ``e^{b log a}``, which is the power a^b; None of anything else."""
    if node.op != "function" or node.data != ("exp", 0):
        return None
    (inner,) = node.args
    coefficient, scalars, core = workshop.parts(inner)
    logs = [one for one in (*scalars, *([core] if core is not None else [])) if one.op == "function"]
    logs = [one for one in logs if one.data == ("log", 0)]
    if len(logs) != 1 or scalars.get(logs[0], 1) != 1 or (core is not None and core is not logs[0]):
        return None
    rest = {one: power for one, power in scalars.items() if one is not logs[0]}
    exponent = workshop.assemble(coefficient, rest, None)
    return None if exponent.op == "number" else (logs[0].args[0], exponent)


def log_slope(workshop: Workshop, arg: Node) -> tuple[Node, Node, str] | None:
    r"""Of ``\log a`` where a is ``1 + e^u`` or ``\cosh u``: its slope by u, u, and what it is called; else None."""
    inner = workshop.one_plus_exp(arg) if arg.op == "add" else None
    if inner is not None:
        return workshop.function("sigmoid", inner), inner, "softplus"
    if arg.op == "function" and arg.data == ("cosh", 0):
        return workshop.function("tanh", arg.args[0]), arg.args[0], "logarithm of the hyperbolic cosine"
    return None


def other_sigmoid(workshop: Workshop, node: Node) -> tuple[Node, Node] | None:
    r"""``\sigma(a)``, and the ``\sigma(-a)`` in ``1 - \sigma(-a)``; None of anything else."""
    if node.op != "add" or len(node.args) != 2 or workshop.one not in node.args:
        return None
    coefficient, function = workshop.bare(next(arg for arg in node.args if arg is not workshop.one))
    if coefficient != -1 or function.op != "function" or function.data != ("sigmoid", 0):
        return None
    (inner,) = function.args
    parts = inner.args if inner.op == "add" else (inner,)
    is_negative = all(workshop.bare(part)[0] < 0 for part in parts)
    return (workshop.function("sigmoid", workshop.negative(inner)), function) if is_negative else None
