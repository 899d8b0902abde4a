"""The functions of the table as terms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language.calculating import calculated
from truestep.derivations.language.formulas import formula
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Term


def function_term(arena: Arena, name: str, t: Term, slope: bool = False) -> Term:
    """A function of the table at a term; inside a ``slope`` a jump belongs to neither side."""
    body = BY_NAME[name].body
    if body:
        return calculated(formula(body), _Terms(arena, slope), {"t": t})
    if name == "log" and t.op == "constant" and t.data == 1:
        return arena.constant(0)
    return arena.function(name, t)


def slope_term(arena: Arena, name: str, t: Term, value: Term) -> Term:
    """The slope of a function of the table at a term, where it has this value."""
    return calculated(formula(BY_NAME[name].slope), _Terms(arena, True), {"t": t, "v": value})


def formula_term(arena: Arena, text: str, values: Mapping[str, Term]) -> Term:
    """A formula in the arguments t and v as a term."""
    return calculated(formula(text), _Terms(arena, False), values)


class _Terms:
    """Calculates with terms."""

    def __init__(self, arena: Arena, slope: bool) -> None:
        self.arena, self.slope = arena, slope

    def number(self, value: Fraction, places: int | None) -> Term:
        return self.arena.constant(value) if places is None else self.arena.decimal(value, places)

    def pi(self) -> Term:
        return self.arena.quantity(r"\pi", ())

    def add(self, terms: Sequence[Term]) -> Term:
        return self.arena.add(terms)

    def multiply(self, factors: Sequence[Term]) -> Term:
        return self.arena.multiply(factors)

    def power(self, base: Term, exponent: Fraction) -> Term:
        return self.arena.power(base, exponent)

    def function(self, name: str, argument: Term) -> Term:
        return function_term(self.arena, name, argument, self.slope)

    def step(self, argument: Term, closed: bool) -> Term:
        op = "step" if self.slope else "nonnegative" if closed else "positive"
        return self.arena.function(op, argument)
