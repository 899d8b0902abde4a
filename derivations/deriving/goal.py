"""The goal of a derivation: what is asked, and what may be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Size


@dataclass(frozen=True, slots=True)
class Equation:
    """A given: the name it defines, the letters of its indices, and the body."""

    name: str
    indices: tuple[str, ...]
    body: Expression


@dataclass(frozen=True)
class Goal:
    """What is asked, and what may be used.

    ``simplex`` tells the axis along which a quantity sums to one, ``hot`` the index at which a one-hot vector is one,
    ``letters`` the indices that the problem itself uses for an entry, ``named_partials`` the partial derivatives in
    terms of which the answer is to be given, ``only`` the names that it may use, ``reserved`` letters that mean
    something else, ``stationary`` gradients that are zero, ``positive`` what is not below zero, ``signs`` what is 1 or
    -1, ``signals`` the statement's names for partial derivatives, ``answers`` what it has for an answer, ``singular``
    matrices with the names of their first left and right singular vectors; ``route`` is empty where none is asked for;
    without ``sums`` the entries of a vector are summed by one of ones, and with ``table`` the forward values come first
    where all is numbers.
    """

    asked: Expression
    notation: Notation
    equations: tuple[Equation, ...] = ()
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    simplex: Mapping[str, int] = field(default_factory=dict)
    unequal: frozenset[tuple[str, str]] = frozenset()
    equal: frozenset[tuple[str, str]] = frozenset()
    hot: Mapping[str, str] = field(default_factory=dict)
    uniform: Mapping[str, Size] = field(default_factory=dict)
    named_partials: tuple[tuple[str, str], ...] = ()
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stationary: tuple[Expression, ...] = ()
    positive: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    signals: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answers: tuple[Expression, ...] = ()
    singular: tuple[tuple[Expression, str, str], ...] = ()
    only: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    numerator: bool = False
    sums: bool = True
    route: str = ""
    table: bool = True

    def same(self, letter: str, known: Mapping[str, object]) -> str:
        """The letter of the same index that is known already, where two are assumed to be equal."""
        for one, other in self.equal:
            if letter in (one, other):
                return next((name for name in (one, other) if name in known), letter)
        return letter
