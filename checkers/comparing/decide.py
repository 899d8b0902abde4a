"""How the equality of two terms is decided: the tactics, in the order in which they are asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach
from truestep.checkers.comparing.looking import (
    APART,
    Look,
    Seen,
    confirmed,
    differing,
    is_somewhere,
    small_edge,
    small_looks,
    with_domain,
)
from truestep.checkers.comparing.question import Question, decimals_in, difference, is_finite, real_sides
from truestep.checkers.comparing.size_draws import size_turns
from truestep.checkers.comparing.towers import DEEPEST
from truestep.checkers.comparing.verdicts import PROVED, Verdict, Witness, undecided
from truestep.checkers.comparing.witnesses import agrees_at_more_digits, found_witness, plain_numbers
from truestep.derivations.language.faults import MeaningFault

if TYPE_CHECKING:
    from truestep.checkers.comparing.world import World
    from truestep.derivations.meaning.terms import Term

REDRAWS = 8
NOT_SEEN = "the sides agree where nothing that is compared is equal; no point was found where it is"
NEVER = "this divides by what is zero, whatever the values are that the problem allows"
TRIED = "this has no value at the points that were tried"
DIGITS = 200
AGREED = 1e-100
ROUNDED_SHARE = 0.005
MAX_DECIMALS = 12
LEAST_DIGITS = 10
ENOUGH = 4
MORE = 4
MOST_POINTS = 256
MOST_BITS = 100_000
ROUNDED = Verdict("right", "agreed", rounded=True, reason="agrees within the rounding of its decimals")
HALF_UNIT = 0.5000001
ONE_FIGURE = "this agrees only if its one figure is rounded"
AT_POINTS = "agrees at the points of the real models"
WILD = frozenset(("order", "domain", "root", "opaque", "largest"))


def decide(question: Question, world: World) -> Verdict:
    """The verdict of the first tactic that has one; what is the same on both sides is equal.

    What was asked before in the same form is not decided again, but for a witness, which names places.
    """
    if question.left is question.right:
        return PROVED
    left, right, *_ = form = question.form(world.forms)
    if left == right:
        return PROVED
    try:
        world.fit(question.reach, size_turns(question.terms) if question.unusual else ())
    except MeaningFault as fault:
        return undecided(fault.message)
    verdict = world.decided.get(form)
    if verdict is None:
        verdict = PROVED if question.is_identity(world.normal) else _decided(question, world)
        if verdict.witness is None:
            world.decided[form] = verdict
    return verdict


def differs(question: Question, world: World) -> bool:
    """Whether the sides are seen to differ at more than single points; no witness of it is looked for."""
    try:
        world.fit(question.reach, size_turns(question.terms) if question.unusual else ())
        return question.left is not question.right and bool(is_somewhere(question, world))
    except (OutOfReach, MeaningFault):
        return False


def _decided(question: Question, world: World) -> Verdict:
    if question.tolerance is not None:
        verdict = by_tolerance(question, world)
        if verdict is not None:
            return verdict
    verdict = _by_tactics(question, world)
    if verdict.is_right and "order" in question.kinks:
        properties = world.setting.assumptions.properties

        def are_same(one: Term, other: Term) -> bool:
            return _by_tactics(Question(one.args[0], other.args[0]), world).is_right

        unseen = question.unseen(world.arena, properties, are_same)
        if unseen is not None and not _by_tactics(unseen, world).is_right:
            return undecided(NOT_SEEN)
    return verdict


def _by_tactics(question: Question, world: World) -> Verdict:
    for tactic in TACTICS:
        try:
            verdict = tactic(question, world)
        except OutOfReach:
            continue
        except MeaningFault as fault:
            return undecided(fault.message)
        if verdict is not None:
            return verdict
        if question.at_points and tactic is in_real_models:
            return with_domain(Verdict("right", "agreed", reason=AT_POINTS), question, world)
    return undecided("neither the exact nor the real models reach this")


def in_fractions(question: Question, world: World) -> Verdict | None:
    """Numbers without a symbol that differ as fractions, however little."""
    del world
    left = None if question.masks else _fraction(question.left)
    right = None if left is None else _fraction(question.right)
    if left is None or right is None or left == right:
        return None
    exact = [Decimal(side.numerator) / Decimal(side.denominator) for side in (left, right)]
    shown = [float(value) if value == 0 or 1e-300 < abs(value) < 1e300 else f"{value:.6e}" for value in exact]
    return Verdict("wrong", witness=Witness({}, *(shown if shown[0] != shown[1] else [f"{value}" for value in exact])))


def _fraction(term: Term) -> Fraction | None:
    """The value of a term made of fractions alone, where it has not too many digits."""
    if term.op == "constant":
        return Fraction(term.data)
    if term.op not in ("add", "multiply", "power") or term.axes or term.degree or len(term.args) > MAX_DECIMALS:
        return None
    args = [_fraction(arg) for arg in term.args]
    known = [arg for arg in args if arg is not None]
    if len(known) < len(args) or any(max(map(int.bit_length, one.as_integer_ratio())) > MOST_BITS for one in known):
        return None
    if term.op == "power":
        base, size = known[0], max(map(int.bit_length, known[0].as_integer_ratio()))
        return base**term.data if abs(term.data) * size <= MOST_BITS and (base or term.data > 0) else None
    return sum(known, Fraction(0)) if term.op == "add" else math.prod(known, start=Fraction(1))


def in_exact_models(question: Question, world: World) -> Verdict | None:
    """Proved where both sides agree in every exact model; None where they differ or the models do not reach."""
    low = min(term.depth[0] for term in question.terms)
    high = max(term.depth[1] for term in question.terms)
    levels = high - low + 1
    if levels > DEEPEST:
        return None
    points = 0
    if question.kinks & {"order", "domain", "root"}:
        points = min(MOST_POINTS, 16 * 2 ** max(1, len(question.bends(world.arena))))
    kind = (points, levels, "circle" in question.kinks)
    for position in range(len(world.exact(*kind, 0))):
        verdict = _agrees(question, world, position, kind, -low)
        if verdict is not None:
            real_root = "root" in question.kinks  # what is no square in a field may have a root in the reals
            return None if verdict.outcome == "differs" or real_root else verdict
    return confirmed(question, world)


def _agrees(question: Question, world: World, position: int, kind: tuple[int, int, bool], level: int) -> Verdict | None:
    """None where the sides agree in one model; points without a value are drawn again."""
    good = 0
    for draw in range(REDRAWS):
        evaluator = world.exact(*kind, draw)[position]
        evaluator.stand_at(level)
        gap, flawed = difference(question, evaluator, level)
        if np.count_nonzero(gap if flawed is None else gap[~flawed]):
            return Verdict("differs")
        points = gap.shape[0]
        good += points if flawed is None else int((~flawed).reshape(points, -1).all(axis=1).sum())
        if good >= min(ENOUGH, points):
            return None
    if not question.masks and not question.kinks & {"domain", "root"} and _divides_by_zero(question, evaluator, level):
        witness = small_edge(question, world)
        return Verdict("wrong", witness=witness, reason=NEVER if witness is None else APART)
    return undecided("this has no value: a denominator, logarithm or root does not exist at any point that was tried")


def _divides_by_zero(question: Question, evaluator: Evaluator, level: int) -> bool:
    """Whether the left side has a value at all points, and the right side at none: no point was drawn by bad luck."""
    left, right = (evaluator.value(term, level)[1] for term in (question.left, question.right))
    here = left is None or not left.any()
    return here and right is not None and bool(right.reshape(len(right), -1).any(axis=1).all()) and len(right) > 1


def in_real_models(question: Question, world: World) -> Verdict | None:
    """A witness where the sides differ at a real point; None where they do not and the exact models have no say."""
    seen = Seen()
    looks = small_looks(question, bool(question.kinks & WILD))
    for evaluator, differs in differing(question, world, looks, seen):
        witness = found_witness(question, world, evaluator, differs)
        if witness is None:
            continue
        rounded = _after_rounding(question, evaluator, differs)
        return rounded or Verdict("wrong", witness=witness)
    if seen.both < ENOUGH:
        verdict = with_domain(undecided(TRIED), question, world)
        return verdict if verdict.is_wrong else undecided(TRIED)
    return None


def _after_rounding(question: Question, evaluator: Evaluator, differs: Any) -> Verdict | None:
    """Whether the sides differ by no more than a unit in the last place of each decimal, which may be cut off.

    One decimal alone may be what an exact number is rounded or cut off to; of one figure it may be another number, too.
    """
    found = decimals_in(question.terms) if question.rounding else []
    figures = [abs(term.data[0]) * 10 ** term.data[1] for term in found]
    decimals = [term for term, size in zip(found, figures, strict=True) if size >= LEAST_DIGITS or len(found) == 1]
    if not decimals or len(decimals) > MAX_DECIMALS:
        return None
    left, right, _ = real_sides(question, evaluator)
    moves = list[Any]()
    for term in decimals:
        shifted = Evaluator(evaluator.model)
        shifted.shift = {term.number: Fraction(1, 10 ** term.data[1])}
        moved_left, moved_right, _ = real_sides(question, shifted)
        moves.append((moved_left - moved_right) - (left - right))
    gap, slack = np.abs(left - right), np.abs(moves).sum(axis=0)
    if len(found) == 1:
        is_moved = moves[0] != 0
        with np.errstate(all="ignore"):  # in units of the last place
            missing = (right - left) / np.where(is_moved, moves[0], 1) * (1 if decimals[0].data[0] >= 0 else -1)
        is_near = ((np.abs(missing) <= HALF_UNIT) | ((missing >= 0) & (missing < 1))) & is_moved
        if bool(np.asarray(is_near, dtype=bool)[differs].all()):
            return ROUNDED if figures[0] >= LEAST_DIGITS else undecided(ONE_FIGURE) if figures[0] else None
    limit = ROUNDED_SHARE * np.maximum(np.abs(left), np.abs(right))
    is_near = (gap <= slack * 1.001) & (gap <= limit)
    return ROUNDED if max(figures) >= LEAST_DIGITS and bool(np.asarray(is_near, dtype=bool)[differs].all()) else None


def by_tolerance(question: Question, world: World) -> Verdict | None:
    """Numbers compared with the relative tolerance that the problem states."""
    if question.left.axes or question.right.axes or not plain_numbers(question, world):
        return None
    left, right, _ = real_sides(question, world.real(False, "small")[0])
    if not (is_finite(left).all() and is_finite(right).all()):
        return None
    assert question.tolerance is not None
    if bool((np.abs(left - right) <= question.tolerance * np.abs(right) + 1e-15).all()):
        return Verdict("right", "agreed", reason=f"agrees within the stated tolerance {question.tolerance:g}")
    return None


@dataclass
class _Digits:
    """What points at many digits have shown: how many agree, and what is left open."""

    checked: int = 0
    apart: bool = False
    is_open: bool = False


def at_many_digits(question: Question, world: World) -> Verdict | None:
    """The last word: both sides at 200 digits at many points; agreement is agreement, not proof."""
    kinks = bool(question.kinks & WILD)
    shown = _Digits()
    looks = [look for look in small_looks(question, kinks) if not look.style.startswith("large") and not look.seed]
    more = [Look(False, "many", seed, is_fixed=True) for seed in range(MORE)]  # where few meet a condition
    for look in (*looks, *more):
        if look.style != "many" or shown.checked < ENOUGH:
            found = _looked(question, world, replace(look, digits=DIGITS), shown)
            if found is not None:
                return found
    drawn = confirmed(question, world, at_all=True)
    if shown.apart and not drawn.is_wrong:
        return undecided("the sides differ beyond the 15th digit only")
    if (shown.checked < ENOUGH or shown.is_open) and not drawn.is_wrong:
        return undecided(TRIED)
    if not drawn.is_right:
        return drawn
    levels = max(t.depth[1] - t.depth[0] for t in question.terms)
    reaches = levels < DEEPEST if "steps" not in question.kinks else not levels
    if not question.kinks & (WILD | {"circle", "spectral"}) and reaches:
        return undecided("the exact models tell the sides apart, but no real point was found where they differ")
    return Verdict("right", "agreed", reason=f"agrees to 100 digits at {shown.checked} points", domain=drawn.domain)


def _looked(question: Question, world: World, look: Look, shown: _Digits) -> Verdict | None:
    """What one look at many digits shows; a verdict where the sides differ."""
    for evaluator in world.real(look.kinks, look.style, look.digits, look.seed, look.is_fixed):
        left, right, mask = real_sides(question, evaluator)
        good = is_finite(left) & is_finite(right) & mask
        others = good.any(axis=tuple(range(1, good.ndim)), keepdims=True)  # a point where other entries have values
        alone = mask & (is_finite(left) | is_finite(right)) & ~good & others
        shown.is_open |= bool((alone.any(axis=0) & ~good.any(axis=0)).any())
        with np.errstate(all="ignore"):
            gap = np.abs(left - right)
            differs = good & (gap > AGREED * (1 + np.abs(left) + np.abs(right))).astype(bool)
        differs = differs & ~question.edges(evaluator) if "order" in question.kinks and differs.any() else differs
        if differs.any():
            witness = found_witness(question, world, evaluator, differs)
            if witness is not None:
                return _after_rounding(question, evaluator, differs) or Verdict("wrong", witness=witness)
            shown.apart |= not agrees_at_more_digits(question, evaluator, differs)
            good &= ~differs
        shown.checked += int(good.sum())
    return None


TACTICS = (in_fractions, in_exact_models, in_real_models, at_many_digits)
