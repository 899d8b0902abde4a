"""What a formula in one variable is, whatever it is made of: numbers, terms, nodes or code."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeVar

from truestep.derivations.language.faults import MeaningFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.expression import Expression

T = TypeVar("T")
MINUS, HALF = Fraction(-1), Fraction(1, 2)


class Algebra(Protocol[T]):
    """What calculates: sums, products, rational powers, functions, and 1 where something is positive."""

    def number(self, value: Fraction, places: int | None) -> T:
        """A number; with ``places`` it was written with so many decimals."""

    def pi(self) -> T:
        """The number pi."""

    def add(self, terms: Sequence[T]) -> T:
        """A sum."""

    def multiply(self, factors: Sequence[T]) -> T:
        """A product."""

    def power(self, base: T, exponent: Fraction) -> T:
        """A rational power."""

    def function(self, name: str, argument: T) -> T:
        """A function of the table."""

    def step(self, argument: T, closed: bool) -> T:
        """1 where the argument is positive, or not negative where ``closed``; 0 elsewhere."""


def calculated(node: Expression, by: Algebra[T], values: Mapping[str, T]) -> T:
    """The value of a formula.

    Raises MeaningFault for what no formula of the table holds.
    """

    def of(part: Expression) -> T:
        return calculated(part, by, values)

    match node.head:
        case "symbol":
            return values[node.data]
        case "number":
            return by.number(node.data[0], node.data[1])
        case "constant" if node.data == r"\pi":
            return by.pi()
        case "group":
            return of(node.args[0])
        case "add":
            return by.add([of(arg) for arg in node.args])
        case "negative":
            return by.multiply([by.number(MINUS, None), of(node.args[0])])
        case "product":
            return by.multiply([of(arg) for arg in node.args])
        case "quotient":
            return by.multiply([of(node.args[0]), by.power(of(node.args[1]), MINUS)])
        case "power" if node.args[0].head == "constant" and node.args[0].data == "e":
            return by.function("exp", of(node.args[1]))
        case "power":
            return by.power(of(node.args[0]), node.args[1].data[0])
        case "root":
            return by.power(of(node.args[0]), HALF)
        case "abs":
            return by.function("abs", of(node.args[0]))
        case "apply" if node.data[0] == "max":  # the larger one of 0 and something
            return by.function("relu", of(node.args[1]))
        case "apply":
            return by.function(node.data[0], of(node.args[0]))
        case "indicator":
            return _indicator(node.args[0], by, values)
    raise MeaningFault(f"{node.head} has no place in a formula of the table of functions")


def _indicator(relation: Expression, by: Algebra[T], values: Mapping[str, T]) -> T:
    """1 where a comparison holds."""
    left, right = relation.args if relation.data in (">", ">=") else reversed(relation.args)
    minus = by.multiply([by.number(MINUS, None), calculated(right, by, values)])
    return by.step(by.add([calculated(left, by, values), minus]), relation.data in (">=", "<="))
