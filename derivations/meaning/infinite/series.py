r"""Sums without end that have a closed form: of k^j r^k (|r| < 1) and of k^j r^k / (k + d)!.

The sum of k^j r^k from 0 is (r d/dr)^j of 1/(1 - r), that of k^j r^k / k! is the Touchard polynomial T_j(r) times e^r
(Graham, Knuth, Patashnik: Concrete Mathematics, 1994, sections 5.4 and 7.2; Comtet: Advanced Combinatorics, 1974).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.infinite.expansion import Expansion
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import Value, scalar
from truestep.derivations.meaning.sums import total

if TYPE_CHECKING:
    from truestep.derivations.meaning.infinite.expansion import Powers
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Term

MOST = 6  # of the power of k, and of terms that are added or left out at the beginning
_DIVERGES = "this sum has no end and is not decided here"


class _Shape(NamedTuple):
    """Factors that do not vary, and r, j and d of k^j r^k / (k + d)!; without a factorial d is None."""

    fixed: Term
    ratio: Term
    power: int
    shift: int | None


def summed(node: Expression, scope: Scope) -> Value:
    r"""A sum; of ``\sum_{k=0}^\infty`` its closed form, and MeaningFault is raised where none is known."""
    if node.args[2].head != "infinity":
        return total(node, scope)
    body, lower, _, condition = node.args
    low = lower.data[0] if lower.head == "number" else None
    if len(node.data) != 1 or condition.head != "none" or low not in range(MOST + 1):
        raise MeaningFault(_DIVERGES, node.span)
    letter = str(node.data[0])
    body = body.map(lambda one: Expression("unknown", (), letter, one.span) if _is_letter(one, letter) else one)
    count = scope.arena.size(f"{letter} of a sum")
    value = value_of(body, scope.like(formals={**scope.formals, letter: scalar(count)}, uniform={}))
    series = _Series(count, scope)
    return Value(value.dims, lambda *places: series.total(value.entry(*places), int(low or 0)), node.span)


def _is_letter(node: Expression, letter: str) -> bool:
    return node.head == "index" and node.data == letter


class _Series:
    def __init__(self, count: Term, scope: Scope) -> None:
        self.count, self.arena, self.expansion = count, scope.arena, Expansion(scope.arena)

    def total(self, term: Term, low: int) -> Term:
        """The sum of a term from some number on."""
        parts = self.expansion.of(term)
        return self.arena.add(
            self.arena.multiply((self.arena.constant(factor), self._one(self._shape(powers), low)))
            for powers, factor in parts.items()
        )

    def _varies(self, term: Term) -> bool:
        return term is self.count or any(map(self._varies, term.args))

    def _shape(self, powers: Powers) -> _Shape:
        arena, power, shift = self.arena, 0, None
        fixed, ratios = list["Term"](), list["Term"]()
        for number, exponent in powers:
            term = self.expansion.named[number]
            if term is self.count and exponent > 0:
                power += exponent
            elif not self._varies(term):
                fixed.append(self.expansion.power(number, exponent))
            elif term.op == "raised" and not self._varies(term.args[0]):
                slope, begin = self._linear(term.args[1])
                ratios.append(arena.power(term.args[0], Fraction(slope * exponent)))
                fixed.append(arena.power(term.args[0], Fraction(begin * exponent)))
            elif term.op == "exp":
                slope_term, begin_term = self._split(term.args[0])
                ratios.append(arena.power(arena.function("exp", slope_term), Fraction(exponent)))
                fixed.append(arena.power(arena.function("exp", begin_term), Fraction(exponent)))
            elif (term.op, term.data) == ("opaque", ("factorial", 0)) and exponent == -1 and shift is None:
                slope, shift = self._linear(term.args[0])
                if slope != 1 or abs(shift) > MOST:
                    raise MeaningFault(_DIVERGES)
            else:
                raise MeaningFault(_DIVERGES)
        if power > MOST or (shift is None and not ratios):
            raise MeaningFault(_DIVERGES)
        return _Shape(arena.multiply(fixed), arena.multiply(ratios), power, shift)

    def _linear(self, term: Term) -> tuple[int, int]:
        """a and b of a k + b."""
        parts = self.expansion.of(term)
        own = ((self.count.number, 1),)
        numbers = parts.get(own, Fraction(0)), parts.get((), Fraction(0))
        if parts.keys() - {own, ()} or any(one.denominator > 1 for one in numbers):
            raise MeaningFault(_DIVERGES)
        return int(numbers[0]), int(numbers[1])

    def _split(self, term: Term) -> tuple[Term, Term]:
        """a and b of a k + b, which do not vary."""
        slope, begin = dict["Powers", Fraction](), dict["Powers", Fraction]()
        for powers, factor in self.expansion.of(term).items():
            found = dict(powers)
            times = found.pop(self.count.number, 0)
            if times not in (0, 1) or any(self._varies(self.expansion.named[number]) for number in found):
                raise MeaningFault(_DIVERGES)
            (slope if times else begin)[tuple(found.items())] = factor
        return self.expansion.term(slope), self.expansion.term(begin)

    def _one(self, shape: _Shape, low: int) -> Term:
        arena, ratio = self.arena, shape.ratio
        if shape.shift is None:
            whole = self._geometric(ratio, shape.power)
            begun = [(k, Fraction(k**shape.power)) for k in range(low)]
        else:
            first = max(0, low + shape.shift)  # 1/(k + d)! is 0 before
            polynomial = _shifted(shape.power, shape.shift)
            whole = self._exponential(ratio, polynomial)
            begun = [(k, _at(polynomial, k) / math.factorial(k)) for k in range(first)]
        less = (arena.multiply((arena.constant(-factor), self._to(ratio, k))) for k, factor in begun if factor)
        back = [] if not shape.shift else [arena.power(ratio, Fraction(-shape.shift))]
        return arena.multiply((shape.fixed, *back, arena.add((whole, *less))))

    def _to(self, ratio: Term, exponent: int) -> Term:
        return self.arena.power(ratio, Fraction(exponent))

    def _geometric(self, ratio: Term, power: int) -> Term:
        """The sum of k^j r^k from 0: Eulerian numbers over (1 - r)^(j + 1); it exists where |r| < 1."""
        arena = self.arena
        if ratio.op == "constant" and abs(ratio.data) >= 1:
            raise MeaningFault("this sum has no value")
        rest = arena.add((arena.constant(1), arena.negative(ratio)))
        numbers = [Fraction(1)] if not power else [Fraction(0), *map(Fraction, _eulerian(power))]
        above = arena.add(arena.multiply((arena.constant(a), self._to(ratio, k))) for k, a in enumerate(numbers) if a)
        closed = arena.multiply((above, arena.power(rest, Fraction(-power - 1))))
        if ratio.op == "constant":
            return closed
        inside = arena.add((arena.constant(1), arena.negative(arena.power(ratio, Fraction(2)))))
        nothing = arena.multiply((arena.constant(0), arena.function("log", inside)))
        return arena.add((closed, nothing))

    def _exponential(self, ratio: Term, polynomial: list[Fraction]) -> Term:
        """The sum of p(l) r^l / l! from 0."""
        arena = self.arena
        numbers = [Fraction(0)] * len(polynomial)
        for j, factor in enumerate(polynomial):
            for k, second in enumerate(_stirling(j)):
                numbers[k] += factor * second
        touchard = arena.add(
            arena.multiply((arena.constant(a), self._to(ratio, k))) for k, a in enumerate(numbers) if a
        )
        return arena.multiply((touchard, arena.function("exp", ratio)))


def _shifted(power: int, shift: int) -> list[Fraction]:
    """The coefficients of (l - d)^j."""
    return [Fraction(math.comb(power, k) * (-shift) ** (power - k)) for k in range(power + 1)]


def _at(polynomial: list[Fraction], value: int) -> Fraction:
    return sum((factor * value**k for k, factor in enumerate(polynomial)), Fraction(0))


def _stirling(order: int) -> list[int]:
    """The numbers of the second kind S(j, 0), ..., S(j, j).

    >>> _stirling(3)
    [0, 1, 3, 1]
    """
    row = [1]
    for _ in range(order):
        row = [k * (row[k] if k < len(row) else 0) + (row[k - 1] if k else 0) for k in range(len(row) + 1)]
    return row


def _eulerian(order: int) -> list[int]:
    """The Eulerian numbers A(j, 0), ..., A(j, j - 1).

    >>> _eulerian(3)
    [1, 4, 1]
    """
    row = [1]
    for j in range(2, order + 1):
        row = [
            (k + 1) * (row[k] if k < len(row) else 0) + (j - k) * (row[k - 1] if k else 0) for k in range(len(row) + 1)
        ]
    return row
