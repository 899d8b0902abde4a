"""The search: cards in their order, candidates looked at cheaply, and only what the models confirm is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.authored import authored
from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card
from truestep.checkers.mistakes.case import Case
from truestep.checkers.mistakes.difference import differing
from truestep.checkers.mistakes.places import Place, cost, plain, times
from truestep.checkers.mistakes.scaling import Factor, Scaled, amount, code_of, factors
from truestep.checkers.mistakes.slipping import telling, ways
from truestep.checkers.mistakes.table import FIRST, TELLING, mistakes
from truestep.checkers.mistakes.trial import POINTS, POINTS_AT_KINKS, STYLES, Trial, aside
from truestep.derivations.language.expression import add, free_indices
from truestep.derivations.language.faults import Fault, MeaningFault
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.mistakes.card import Undo
    from truestep.checkers.works.bench import Bench
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.liberties import Reading
    from truestep.problems.statements.prepared import Setting

MAX_WORK = 16_000
MAX_EACH = 60
MAX_NEAR = 6
MAX_LINE = 600
COST_OF_JUDGING = 200
SAME, ROUGH = 1e-9, 1e-6
MAX_TERMS = 6
LIMITED = frozenset(("domain", "root", "order"))
OF_A_NUMBER = frozenset(("sign", "missing-factor-2", "extra-factor-2", "forgotten-bias", "one-case-only"))
ALONE = frozenset(
    (
        *("wrong-number", "wrong-variable", "missing-term", "extra-term", "missing-factor", "extra-factor"),
        *("reciprocal", "function-for-derivative", "one-case-only"),
    )
)
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
    cards: Sequence[Card] | None = None,
) -> tuple[Found, ...]:
    """The mistakes that, undone on the right side, make it equal to the left; one, or two together, or none.

    ``before`` is the expression that stood before it in the chain, where that is right.
    """
    if cost(right) > MAX_LINE or cost(left) > MAX_LINE:
        return ()
    with aside(bench) as own:
        case = _case(setting, own, left, right, reading, condition, before)
        search = None if case is None else Search(case, mistakes() if cards is None else cards)
        try:
            return () if search is None else search.found()
        except MeaningFault:  # the search has cost what it may
            return ()


def _case(
    setting: Setting,
    bench: Bench,
    left: Expression,
    right: Expression,
    reading: Reading,
    condition: Expression | None,
    before: Expression | None,
) -> Case | None:
    found: Case | None = None
    style, points = STYLES[0], POINTS
    for _ in range(2):
        try:
            trial = Trial(bench, reading, condition, style, points)
        except Fault:  # where its condition has no meaning
            return None
        target = trial.goal(left) or trial.goal_anew(left)
        written = trial.goal(right)
        kinks = frozenset[str]()
        if target is not None:
            trial.settle()
            found = Case(setting, bench, left, right, reading, condition, before, trial, target, written)
            kinks = target.kinks | (frozenset() if written is None else written.kinks)
        if target is not None and not kinks & LIMITED:
            break
        style = STYLES[1] if target is None or kinks & {"domain", "root"} else STYLES[0]
        points = POINTS_AT_KINKS if "order" in kinks else POINTS
    return found


def attempts(cards: Sequence[Card]) -> Iterator[tuple[Card, Undo]]:
    """What is tried: signs, numbers and sizes, what is telling of any card, and the other cards."""
    undoing = [(card, undo) for card in cards if (undo := ways(card)) is not None]
    yield from (one for one in undoing if one[0].code in FIRST)
    known = {card.code: card for card in cards}
    chosen = [known[code] for code in TELLING if code in known]
    yield from ((card, undo) for card in chosen if (undo := telling(card)) is not None)
    yield from (one for one in undoing if one[0].code not in FIRST)


class Search:
    """One search, with a bound on its work that depends on the case alone."""

    def __init__(self, case: Case, cards: Sequence[Card]) -> None:
        self.case, self.cards = case, cards
        self.work = MAX_WORK
        self.is_number = plain(case.right).head in ("number", "negative") and exact_number(case.right) is not None
        self.costs: dict[Expression, int] = {}
        self.near: list[tuple[Card, Candidate, float]] = []

    def found(self) -> tuple[Found, ...]:
        """The first mistake that is confirmed, the author's own before all others, or else two that are together."""
        for card in authored(self.case.setting.problem):
            for candidate in islice(card.undo(self.case), MAX_EACH) if card.undo is not None else ():
                if self.work > 0 and self.fits(card, candidate) and self.confirmed(candidate):
                    return (Found(card, candidate),)
        for code, candidate in () if self.is_number else differing(self.case, self.cards):
            known = next((card for card in self.cards if card.code == code), None)
            if known is not None and self.confirmed(candidate):
                return (Found(known, candidate),)
        for card, undo in attempts(self.cards):
            if self.is_number and card.code not in OF_A_NUMBER:
                continue
            for candidate in islice(undo(self.case), MAX_EACH):
                if self.work <= 0:
                    return self._pairs()
                if self.fits(card, candidate) and self.confirmed(candidate):
                    return (Found(card, candidate),)
        return self._pairs()

    def fits(self, card: Card, candidate: Candidate) -> bool:
        """Whether a candidate agrees at the points of the trial; one that is off by a factor only is remembered."""
        case, trial = self.case, self.case.trial
        if not candidate.slip and candidate.left is None and case.escaped & free_indices(candidate.expression):
            self.work -= 1
            return False
        price = cost(candidate.expression, self.costs)
        self.work -= price
        case.bench.scope.arena.effort.spend(price)
        if candidate.condition is not None or candidate.left is not None:
            self.work -= COST_OF_JUDGING
            return True
        goal = case.written if candidate.slip else case.target
        seen = None if goal is None else trial.look(candidate.expression, goal)
        if goal is None or seen is None:
            return False
        if trial.agrees(seen, goal):
            return True
        if not candidate.slip and card.code not in ALONE and len(self.near) < MAX_NEAR:
            ratio = trial.ratio(seen, goal)
            if ratio is not None:
                self.near.append((card, candidate, ratio))
        return False

    def confirmed(self, candidate: Candidate) -> bool:
        """Whether the models say that the candidate is right."""
        return self.case.holds(candidate)

    def _pairs(self) -> tuple[Found, ...]:
        """Two mistakes at once: one of those that were looked at, and a sign, a 2 or a size in front of the whole."""
        case = self.case
        cheap = [(factor, amount(factor, case.trial.model.sizes)) for factor in factors(case) if factor.of in CHEAP]
        for card, candidate, ratio in [] if self.is_number else [*self._both_in_front(cheap), *self.near]:
            for factor, value in cheap:
                if abs(ratio * value - 1) > SAME:
                    continue
                other = self._card(factor)
                both = replace(candidate, expression=times(factor.node, candidate.expression))
                if other is not None and other is not card and self.confirmed(both):
                    return (Found(card, candidate), Found(other, replace(candidate, span=case.right.span)))
        return () if self.is_number else self._two_terms(cheap)

    def _two_terms(self, cheap: Sequence[tuple[Factor, float]]) -> tuple[Found, ...]:
        """Two terms of a sum that each lack a factor, and no other term does: the factors by least squares."""
        case = self.case
        terms = next((place for place in case.places if place.node.head == "add"), None)
        if terms is None or terms.path or len(terms.node.args) > MAX_TERMS:
            return ()
        amounts = case.trial.shares([case.trial.look(arg, case.target) for arg in terms.node.args], case.target)
        if amounts is None:
            return ()
        found, args = list[Found](), list(terms.node.args)
        for position, share in enumerate(amounts):
            if abs(share - 1) < ROUGH:
                continue
            factor = next((factor for factor, value in cheap if abs(value - share) < ROUGH), None)
            place = Place(args[position], ((terms.node, position),))
            card = None if factor is None else self._card(factor, place)
            if factor is None or card is None:
                return ()
            args[position] = times(factor.node, place.node)
            found.append(Found(card, Candidate(add(*args), place.node.span)))
        good = len(found) == 2 and self.confirmed(found[-1].candidate)
        return tuple(found) if good else ()

    def _both_in_front(self, cheap: Sequence[tuple[Factor, float]]) -> Iterator[tuple[Card, Candidate, float]]:
        """The line itself with one factor in front, where it lacks two."""
        case = self.case
        seen = case.trial.look(case.right, case.target)
        ratio = None if seen is None else case.trial.ratio(seen, case.target)
        for factor, value in cheap if ratio is not None else ():
            card = self._card(factor)
            if card is not None and ratio is not None:
                yield card, Candidate(times(factor.node, case.right), case.right.span), ratio * value

    def _card(self, factor: Factor, place: Place | None = None) -> Card | None:
        """The card of a factor in front of the whole, or at another place."""
        code = code_of(self.case, Scaled(Place(self.case.right) if place is None else place, factor))
        return next((card for card in self.cards if card.code == code), None)
