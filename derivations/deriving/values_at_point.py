"""Numbers: the values of the givens at a point, exactly, and the lines in which they are put in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.language.expression import Expression, negative, symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.deriving.steps import Derivation

MOST_PLACES = 12


class Numbers:
    """The values of the scalars that the givens fix."""

    def __init__(self, givens: Givens) -> None:
        self.givens = givens
        self.values: dict[str, Fraction] = {}
        self.computed: list[str] = []
        for name, body in givens.definitions.items():
            value = self.value(body)
            if value is not None:
                self.values[name] = value
                if body.op != "number":
                    self.computed.append(name)

    def value(self, node: Node) -> Fraction | None:
        """The exact value of a scalar, or None where it is not known or not rational."""
        if node.op == "number":
            return Fraction(node.data)
        if node.op == "symbol":
            return self.values.get(node.data)
        values = [self.value(arg) for arg in node.args]
        known = [value for value in values if value is not None]
        if not node.is_scalar or not known or len(known) < len(values):
            return None
        match node.op:
            case "add":
                return sum(known, Fraction(0))
            case "mul" | "chain":
                result = Fraction(node.data if node.op == "mul" else 1)
                for value in known:
                    result *= value
                return result
            case "power" if node.data.denominator == 1 and (known[0] or node.data > 0):
                return Fraction(known[0] ** int(node.data))
            case "function" if not node.data[1]:
                return _function(node.data[0], known[0])
        return None

    def table(self, names: Iterable[str]) -> tuple[Derivation, ...]:
        """The forward pass: each quantity that is needed, its definition, the numbers, and its value."""
        needed = self._needed(set(names))
        out: list[Derivation] = []
        for name in self.computed:
            if name in needed:
                body = self.givens.definitions[name]
                written = self.givens.showing.whole(body)
                lines = [("definition", written), *self.lines(written, self.values[name])]
                out.append(replace(chained(symbol(name), lines), is_row=True))
        return tuple(out)

    def _needed(self, names: set[str]) -> set[str]:
        todo, found = list(names), set(names)
        while todo:
            body = self.givens.definitions.get(todo.pop())
            new = body.names - found if body is not None else frozenset[str]()
            found |= new
            todo += new
        return found

    def lines(self, written: Expression, value: Fraction) -> list[tuple[str, Expression]]:
        """The line with the numbers put in, and the line with the result."""
        return [("putting in the numbers", self.put(written)), ("calculating", decimal(value))]

    def put(self, written: Expression) -> Expression:
        """The expression with numbers for the names that have a value."""

        def change(node: Expression) -> Expression:
            if node.head == "symbol" and node.data in self.values:
                return decimal(self.values[node.data])
            if node.head == "product" and any(arg.head in ("number", "negative") for arg in node.args):
                signs = ("", *("cdot",) * (len(node.args) - 1))
                return Expression("product", node.args, signs, node.span)
            return node

        return written.map(change)


def decimal(value: Fraction) -> Expression:
    """The number as a decimal where it is one, else as a fraction."""
    if value < 0:
        return negative(decimal(-value))
    places = next((k for k in range(MOST_PLACES) if (value * 10**k).denominator == 1), None)
    if places is None:
        above, below = (Expression("number", (), (Fraction(part), None)) for part in value.as_integer_ratio())
        return Expression("quotient", (above, below), "frac")
    return Expression("number", (), (value, places or None))


def _function(name: str, value: Fraction) -> Fraction | None:
    match name:
        case "relu":
            return max(value, Fraction(0))
        case "step":
            return Fraction(int(value > 0))
        case "step0":
            return Fraction(int(value >= 0))
        case "abs":
            return abs(value)
        case "sign":
            return Fraction((value > 0) - (value < 0))
        case "leaky relu":
            return value if value > 0 else value / 100
    return None
