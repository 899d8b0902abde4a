"""Steps and derivations: before, rule, after, and the smaller derivations inside a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Dims


@dataclass(frozen=True, slots=True)
class Step:
    """One line: the expression before, the textbook name of the rule, the expression after.

    ``because`` is the assumption that the step makes use of.  A trivial step stands on a line of its own only in full
    detail; ``details`` are small derivations of what the step makes use of.
    """

    before: Expression
    rule: str
    after: Expression
    trivial: bool = False
    because: Expression | None = None
    details: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """Steps whose ends meet: ``goal = steps[0].after = steps[1].after = ...``, where a condition holds if there is one.

    ``name`` is what the goal is called from here on; ``is_row``: where numbers are put in, all stands on one row.

    >>> from truestep.derivations.language.expression import add, number, symbol
    >>> double = Step(add(symbol("x"), symbol("x")), "collecting", symbol("x"))
    >>> Derivation(add(symbol("x"), symbol("x")), (double,)).answer.data
    'x'
    """

    goal: Expression
    steps: tuple[Step, ...]
    condition: Expression | None = None
    name: Expression | None = None
    is_row: bool = False

    def __post_init__(self) -> None:
        ends = [self.goal, *(step.after for step in self.steps)]
        for place, step in enumerate(self.steps):
            if step.before != ends[place]:
                raise ValueError(f"step {place} does not begin where the one before it ends")

    @property
    def answer(self) -> Expression:
        """What the goal was found to be."""
        return self.steps[-1].after if self.steps else self.goal


@dataclass(frozen=True, slots=True)
class Forward:
    """What a program computes before the derivative: the arrays that come in, the givens in the order of need.

    ``of`` and ``by`` name the derivative, ``dims`` is its shape.  ``unspecified`` are quantities of which it is known
    only what they depend on; ``known`` says of inputs that they are symmetric, sum to one along an axis or are a label;
    the derivative is that at indices that differ (``is_apart``) or are the same (``is_diagonal``).
    """

    inputs: tuple[tuple[str, Dims], ...]
    assignments: tuple[tuple[str, str], ...]
    of: str
    by: tuple[str, ...]
    dims: Dims
    unspecified: tuple[tuple[str, tuple[str, ...]], ...] = ()
    known: tuple[tuple[str, str | int], ...] = ()
    is_apart: bool = False
    is_diagonal: bool = False

    @property
    def value(self) -> str:
        """What the forward function returns: the quantity itself, or the last given where none defines it."""
        defined = [name for name, _ in self.assignments]
        return self.of if self.of in defined else defined[-1]

    @property
    def derivative(self) -> str:
        """How the derivative is called, such as dJ/dW."""
        return f"d{'2' * (len(self.by) > 1)}{self.of}/{' '.join(f'd{name}' for name in self.by)}"


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer to what is asked, with the derivations that lead to it in the order of reading.

    ``numpy`` computes the answer from arrays named as the symbols are, ``forward`` the givens before it;
    ``notation`` is the one in which it is written; what else is asked rests on what an unknown is (``is_root``).
    """

    asked: Expression
    derivations: tuple[Derivation, ...]
    answer: Expression
    numpy: str
    forward: Forward
    notation: Notation
    is_root: bool = False


class Stuck(Exception):
    """No rule reaches on from here; says where, and why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason
