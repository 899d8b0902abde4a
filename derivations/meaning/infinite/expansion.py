"""Terms as sums of products of powers: what is zero for all values is seen to be zero."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import MeaningFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Term

    Powers = tuple[tuple[int, int], ...]  # the numbers of terms, each with its exponent
    Sum = dict[Powers, Fraction]

MAX_PRODUCTS, MAX_POWER = 200, 8
_AT_NUMBERS = {("exp", 0): 1, ("log", 1): 0, ("sin", 0): 0, ("cos", 0): 1, ("abs", 0): 0, ("root", 1): 1}


class Expansion:
    """Multiplies out the terms of an arena."""

    def __init__(self, arena: Arena) -> None:
        self.arena, self.named = arena, dict[int, "Term"]()

    def of(self, term: Term) -> Sum:
        """The coefficients of the products of powers that a term is the sum of."""
        if term.op == "constant":
            return {(): term.data} if term.data else {}
        if term.op == "add":
            return self._sum([self.of(arg) for arg in term.args])
        if term.op == "multiply":
            found: Sum = {(): Fraction(1)}
            for arg in term.args:
                found = self._product(found, self.of(arg))
            return found
        if term.op == "power" and 0 < term.data <= MAX_POWER:
            inner, found = self.of(term.args[0]), {(): Fraction(1)}
            for _ in range(term.data):
                found = self._product(found, inner)
            return found
        if term.op == "power" and term.data < 0 and len(inner := self.of(term.args[0])) == 1:
            ((powers, factor),) = inner.items()
            return {tuple((number, exponent * term.data) for number, exponent in powers): factor**term.data}
        return self._alone(term)

    def _alone(self, term: Term) -> Sum:
        if len(term.args) == 1:
            inner = self.of(term.args[0])
            number = inner.get((), Fraction(0)) if inner.keys() <= {()} else None
            known = (
                None
                if number is None
                else _AT_NUMBERS.get((term.op, int(number)) if number == int(number) else ("", 0))
            )
            if known is not None:
                return {(): Fraction(known)} if known else {}
        self.named[term.number] = term
        return {((term.number, 1),): Fraction(1)}

    @staticmethod
    def _sum(parts: list[Sum]) -> Sum:
        total: Sum = {}
        for part in parts:
            for powers, factor in part.items():
                total[powers] = total.get(powers, Fraction(0)) + factor
        return {powers: factor for powers, factor in total.items() if factor}

    def _product(self, left: Sum, right: Sum) -> Sum:
        if len(left) * len(right) > MAX_PRODUCTS:
            raise MeaningFault("this has too many terms to be multiplied out")
        self.arena.effort.spend(len(left) * len(right))
        return self._sum([{_joined(one, other): a * b} for one, a in left.items() for other, b in right.items()])

    def term(self, parts: Mapping[Powers, Fraction]) -> Term:
        """The term that a sum of products is."""
        arena = self.arena
        return arena.add(
            arena.multiply((arena.constant(factor), *(self.power(number, e) for number, e in powers)))
            for powers, factor in parts.items()
        )

    def power(self, number: int, exponent: int) -> Term:
        """A power of a term that was met."""
        return self.arena.power(self.named[number], Fraction(exponent))


def _joined(left: Powers, right: Powers) -> Powers:
    found = dict(left)
    for number, exponent in right:
        found[number] = found.get(number, 0) + exponent
    return tuple(sorted((number, exponent) for number, exponent in found.items() if exponent))
