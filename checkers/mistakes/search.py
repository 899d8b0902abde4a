"""The search: cards in their order, candidates looked at cheaply, and only what the models confirm is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from checkers.mistakes.card import Candidate, Card
from checkers.mistakes.case import Case
from checkers.mistakes.places import Place, plain, times
from checkers.mistakes.scaling import Scaled, amount, code_of, factors
from checkers.mistakes.table import MISTAKES
from checkers.mistakes.trial import HARMLESS, STYLES, Trial, aside
from derivations.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.judge import Bench
    from derivations.expression import Expression
    from derivations.reading.parser import Reading
    from problems.setting import Setting

MAX_WORK = 16_000
MAX_EACH = 60
MAX_NEAR = 6
COST = 8
COST_OF_DERIVATIVE = 40
SAME = 1e-9
OF_A_NUMBER = frozenset(("sign", "missing-factor-2", "extra-factor-2", "forgotten-bias", "one-case-only"))
CHEAP = ("sign", "2", "size")


@dataclass(frozen=True)
class Found:
    """A confirmed mistake: its card and the candidate that undoes it."""

    card: Card
    candidate: Candidate


def diagnose(
    setting: Setting,
    bench: Bench,
    left: Expression,
    right: Expression,
    reading: Reading,
    condition: Expression | None = None,
    before: Expression | None = None,
    cards: Sequence[Card] = MISTAKES,
) -> tuple[Found, ...]:
    """The mistakes that, undone on the right side, make it equal to the left; one, or two together, or none.

    ``before`` is the expression that stood before it in the chain, where that is right.
    """
    with aside(bench) as own:
        case = _case(setting, own, left, right, reading, condition, before)
        return () if case is None else Search(case, cards).found()


def _case(
    setting: Setting,
    bench: Bench,
    left: Expression,
    right: Expression,
    reading: Reading,
    condition: Expression | None,
    before: Expression | None,
) -> Case | None:
    for style in STYLES:
        trial = Trial(bench, reading, condition, style)
        target, written = trial.goal(left), trial.goal(right)
        if target is not None:
            trial.settle()
            return Case(setting, bench, left, right, reading, condition, before, trial, target, written)
    return None


class Search:
    """One search, with a bound on its work that depends on the case alone."""

    def __init__(self, case: Case, cards: Sequence[Card]) -> None:
        self.case, self.cards = case, cards
        self.work = MAX_WORK
        self.is_number = exact_number(case.right) is not None and plain(case.right).head in ("number", "negative")
        self.near: list[tuple[Card, Candidate, float]] = []

    def found(self) -> tuple[Found, ...]:
        """The first mistake that is confirmed, or else two that are together."""
        for card in self.cards:
            if card.undo is None or (self.is_number and card.code not in OF_A_NUMBER):
                continue
            for candidate in islice(card.undo(self.case), MAX_EACH):
                if self.work <= 0:
                    return self._pairs()
                if self._fits(card, candidate) and self.confirmed(candidate):
                    return (Found(card, candidate),)
        return self._pairs()

    def _fits(self, card: Card, candidate: Candidate) -> bool:
        """Whether a candidate agrees at the points of the trial; one that is off by a factor only is remembered."""
        case, trial = self.case, self.case.trial
        self.work -= cost(candidate.expression)
        if candidate.condition is not None or candidate.left is not None:
            return True
        goal = case.written if candidate.slip else case.target
        seen = None if goal is None else trial.look(candidate.expression, goal)
        if goal is None or seen is None:
            return False
        if trial.agrees(seen, goal):
            return True
        if not candidate.slip and len(self.near) < MAX_NEAR:
            ratio = trial.ratio(seen, goal)
            if ratio is not None:
                self.near.append((card, candidate, ratio))
        return False

    def confirmed(self, candidate: Candidate) -> bool:
        """Whether the models say that the candidate is right."""
        case, bench = self.case, self.case.bench
        case.trial.again()
        left = case.left if candidate.left is None else candidate.left
        condition = case.condition if candidate.condition is None else candidate.condition
        right = candidate.expression
        if candidate.slip:
            left, right = candidate.expression, case.right
        try:
            return bench.judge(left, right, case.reading, condition, False).verdict.is_right
        except HARMLESS:
            return False

    def _pairs(self) -> tuple[Found, ...]:
        """Two mistakes at once: one of those that were looked at, and a sign, a 2 or a size in front of the whole."""
        case = self.case
        whole = Place(case.right)
        for card, candidate, ratio in [] if self.is_number else self.near:
            for factor in factors(case):
                if factor.of not in CHEAP or abs(ratio * amount(factor, case.trial.model.sizes) - 1) > SAME:
                    continue
                other = next(
                    (known for known in self.cards if known.code == code_of(case, Scaled(whole, factor))), None
                )
                both = replace(candidate, expression=times(factor.node, candidate.expression))
                if other is not None and self.confirmed(both):
                    return (Found(card, candidate), Found(other, replace(candidate, span=case.right.span)))
        return ()


def cost(node: Expression) -> int:
    """What it costs to look at a candidate: its nodes, a derivative more."""
    return COST + sum(COST_OF_DERIVATIVE if child.head in ("derivative", "gradient") else 1 for child in node.walk())
