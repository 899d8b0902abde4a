"""How the equality of two terms is decided: the tactics, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach, aligned
from truestep.checkers.comparing.sympy_opinion import is_zero_in_sympy
from truestep.checkers.comparing.verdicts import PROVED, Verdict, undecided
from truestep.checkers.comparing.witnesses import found_witness, plain_numbers
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.arena import LARGE
from truestep.derivations.meaning.walking import walk_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.comparing.models import World
    from truestep.derivations.meaning.terms import Axis, Reach, Term

LEVELS = 4
LEVELS_DEEP = 5
REDRAWS = 3
NEVER = "this divides by what is zero, whatever the values are that the problem allows"
CLOSE = 1e-9
DIGITS = 200
AGREED = 1e-100
SURE = 1e-7
ROUNDED_SHARE = 0.005
MAX_DECIMALS = 12
MAX_LARGE_AXES = 2
MAX_THRESHOLDS = 6


@dataclass(frozen=True, slots=True)
class Question:
    """Whether two terms are equal wherever the masks are 1; the axes are those of one entry of an array.

    With ``at_points``, agreement at the points of the real models is enough.
    """

    left: Term
    right: Term
    masks: tuple[Term, ...] = ()
    rounding: bool = False
    tolerance: float | None = None
    at_points: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that are evaluated."""
        return (self.left, self.right, *self.masks)

    @property
    def reach(self) -> frozenset[Reach]:
        """The numbers that stand as indices."""
        return self.left.reach.union(*(term.reach for term in self.terms))

    @property
    def kinks(self) -> frozenset[str]:
        """What in the terms has kinks, a limited domain, or no law in the exact models."""
        return self.left.kinks | self.right.kinks


def decide(question: Question, world: World) -> Verdict:
    """The verdict of the first tactic that has one."""
    try:
        world.fit(question.reach)
    except MeaningFault as fault:
        return undecided(fault.message)
    if question.tolerance is not None:
        verdict = by_tolerance(question, world)
        if verdict is not None:
            return verdict
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
            return Verdict("right", "agreed", reason="agrees at the points of the real models")
    return undecided("neither the exact nor the real models reach this")


def in_exact_models(question: Question, world: World) -> Verdict | None:
    """Proved where both sides agree in every exact model; None where they differ or the models do not reach."""
    low = min(term.depth[0] for term in question.terms)
    high = max(term.depth[1] for term in question.terms)
    levels = high - low + 1
    if levels > LEVELS_DEEP:
        return None
    kinks = bool(question.kinks & {"order", "domain", "root"})
    evaluators = world.exact(kinks, levels > LEVELS, 0)
    for position in range(len(evaluators)):
        verdict = _agrees(question, world, position, (kinks, levels > LEVELS), -low)
        if verdict is not None:
            real_root = "root" in question.kinks  # what is no square in a field may have a root in the reals
            return None if verdict.outcome == "differs" or real_root else verdict
    if question.kinks & {"domain", "root"} or _has_gaps(question):
        domain = _domains_differ(question, world)
        if domain is not None:
            return domain
    if question.left.unusual or question.right.unusual:
        return second_look(question, world)
    return PROVED


def _has_gaps(question: Question) -> bool:
    """Whether something is divided by what is 0 on a whole stretch: 1 / ReLU(x)."""
    if "order" not in question.kinks or not (question.left.partial or question.right.partial):
        return False
    below = [node.args[0] for node in walk_terms(question.terms) if node.op == "power" and node.data < 0]
    return any(node.op in ("relu", "step") for node in walk_terms(below))


def second_look(question: Question, world: World) -> Verdict:
    """Both sides once in the reals, at other sizes and near every written threshold, before they count as proved.

    Large numbers, explicit sizes and single values could be chosen to be blind spots of the exact models.
    """
    kinks = bool(question.kinks & {"order", "root"})
    styles = ["large" if max(len(term.axes) for term in question.terms) <= MAX_LARGE_AXES else "general"]
    if kinks:
        styles.append(threshold_style(question.terms))
    seen = False
    for style in styles:
        try:
            left, right, mask, axes = real_sides(question, world.real(kinks, style)[0])
        except OutOfReach:
            continue
        good = is_finite(left) & is_finite(right) & mask
        seen = seen or bool(good.any())
        with np.errstate(all="ignore"):
            differs = good & (np.abs(left - right) > CLOSE * (1 + np.abs(left) + np.abs(right)))
        if differs.any():
            witness = found_witness(question, world, (kinks, style, 0, 0), differs, axes)
            if witness is not None:
                return Verdict("wrong", witness=witness)
    if not seen and any(node.op == "constant" and abs(node.data) > LARGE for node in walk_terms(question.terms)):
        return undecided("the numbers are too large to be looked at in the reals")
    return PROVED


def threshold_style(terms: Sequence[Term]) -> str:
    """A style of sampling near the numbers at which something changes: ``near 7.25 10000``."""
    found: set[Fraction] = set()
    for kink in walk_terms(terms):
        if kink.op in ("positive", "nonnegative", "step", "relu", "zero", "abs", "largest"):
            found |= {
                abs(node.data if node.op == "constant" else node.data[0])
                for node in walk_terms(kink.args)
                if node.op in ("constant", "decimal")
            }
    return "near " + " ".join(str(float(value)) for value in sorted(found - {0, 1})[:MAX_THRESHOLDS])


def _agrees(question: Question, world: World, position: int, kind: tuple[bool, bool], level: int) -> Verdict | None:
    """None where the sides agree in one model; points without a value are drawn again."""
    for draw in range(REDRAWS):
        evaluator = world.exact(*kind, draw)[position]
        gap, flawed = difference(question, evaluator, level)
        if gap.size and bool((gap != 0)[~flawed].any() if flawed is not None else gap.any()):
            return Verdict("differs")
        points = gap.shape[0] if gap.ndim else 1
        good = points if flawed is None else int((~flawed).reshape(points, -1).all(axis=1).sum())
        if good >= min(4, points):
            return None
    if not question.masks and not question.kinks & {"domain", "root"} and _divides_by_zero(question, evaluator, level):
        return Verdict("wrong", reason=NEVER)
    return undecided("this has no value: a denominator, logarithm or root does not exist at any point that was tried")


def _divides_by_zero(question: Question, evaluator: Evaluator, level: int) -> bool:
    """Whether the left side has a value at all points, and the right side at none: no point was drawn by bad luck."""
    left, right = (evaluator.value(term, level)[1] for term in (question.left, question.right))
    exists = left is None or not left.any()
    return exists and right is not None and bool(right.reshape(len(right), -1).any(axis=1).all()) and len(right) > 1


def difference(question: Question, evaluator: Evaluator, level: int) -> tuple[Any, Any]:
    """Left minus right over the points and axes, 0 where a mask is; and where a point has no value."""
    sides = [evaluator.value(term, level) for term in (question.left, question.right)]
    axes: tuple[Axis, ...] = tuple(sorted({axis for term in question.terms for axis in term.axes}))
    values = [aligned(side[0], term.axes, axes) for side, term in zip(sides, question.terms, strict=False)]
    gap = evaluator.by.reduce(values[0] - values[1], level)
    flaw = None
    for side, term in zip(sides, question.terms, strict=False):
        if side[1] is not None:
            own = aligned(side[1], term.axes, axes)
            flaw = own if flaw is None else flaw | own
    for mask in question.masks:
        here = aligned(evaluator.value(mask, level)[0], mask.axes, axes)
        gap = evaluator.by.reduce(gap * here, level)
        if flaw is not None:
            flaw = flaw & (here != 0)
    if flaw is None:
        return gap, None
    shape = np.broadcast_shapes(gap.shape, flaw.shape)
    return np.broadcast_to(gap, shape), np.broadcast_to(flaw, shape)


def real_sides(question: Question, evaluator: Evaluator) -> tuple[Any, Any, Any, tuple[Axis, ...]]:
    """Both sides and the mask as real arrays of one shape, and their axes."""
    axes: tuple[Axis, ...] = tuple(sorted({axis for term in question.terms for axis in term.axes}))
    with np.errstate(all="ignore"):
        arrays = [aligned(evaluator.value(term, 0)[0], term.axes, axes) for term in question.terms]
    mask = np.ones(1)
    for here in arrays[2:]:
        mask = mask * here
    shape = np.broadcast_shapes(
        arrays[0].shape, arrays[1].shape, np.shape(mask), (evaluator.model.points, *[1] * len(axes))
    )
    left, right = (np.broadcast_to(array, shape) for array in arrays[:2])
    return left, right, np.broadcast_to(np.asarray(mask, dtype=float) != 0, shape), axes


def is_finite(values: Any) -> Any:
    """Where an array has numbers."""
    if values.dtype == object:
        return np.frompyfunc(lambda v: bool(v == v and abs(v) < 10**60), 1, 1)(values).astype(bool)
    return np.isfinite(values)


def _domains_differ(question: Question, world: World) -> Verdict | None:
    """Sides that agree in the field but exist at different real points: log x^2 and 2 log x; ties do not count."""
    styles = ("apart",) if "largest" in question.kinks else ("general", "positive")
    for evaluator in (evaluator for style in styles for evaluator in world.real(False, style)):
        left, right, mask, _ = real_sides(question, evaluator)
        here, there = is_finite(left) & mask, is_finite(right) & mask
        if here.any() != there.any() and mask.any():
            return undecided("one side has no value at any point that was tried")
        if bool((here != there).any()) and not _same_where_both(left, right, here, there, False):
            return None
        if bool((here & ~there).any()) or bool((there & ~here).any()):
            return undecided("the two sides exist for different values: the domain of a logarithm or root differs")
    return None


def _same_where_both(left: Any, right: Any, here: Any, there: Any, default: bool) -> bool:
    both = here & there
    if not both.any():
        return default
    a, b = left[both].astype(float), right[both].astype(float)
    return bool((np.abs(a - b) <= SURE * (1 + np.abs(a) + np.abs(b))).all())


def in_real_models(question: Question, world: World) -> Verdict | None:
    """A witness where the sides differ at a real point; agreed where they do not and the exact models have no say."""
    kinks = bool(question.kinks & {"order", "domain", "root", "opaque", "largest"})
    checked = 0
    for bent, style, seed in _looks(question, kinks):
        for position, evaluator in enumerate(world.real(bent, style, None, seed)):
            left, right, mask, axes = real_sides(question, evaluator)
            good = is_finite(left) & is_finite(right) & mask
            checked += int(good.any(axis=tuple(range(1, good.ndim))).sum()) if good.ndim > 1 else int(good.sum())
            scale = 1 + np.abs(left) + np.abs(right)
            with np.errstate(all="ignore"):
                differs = good & (np.abs(left - right) > CLOSE * scale)
            if differs.any():
                witness = found_witness(question, world, (bent, style, seed, position), differs, axes)
                if witness is not None:
                    if question.rounding and _agree_after_rounding(
                        question, world, (bent, style, seed, position), differs
                    ):
                        return Verdict(
                            "right", "agreed", rounded=True, reason="agrees within the rounding of its decimals"
                        )
                    return Verdict("wrong", witness=witness)
    if checked < 4:
        return undecided("this has no value at the points that were tried")
    return None


def _looks(question: Question, kinks: bool) -> list[tuple[bool, str, int]]:
    """Where real points are looked for: small ones first, then general ones, then those near kinks and thresholds."""
    looks = [(False, "small", 0), (False, "general", 0), (False, "general", 1)]
    if question.kinks & {"domain", "root"}:
        looks.append((False, "positive", 0))
    if kinks:
        looks += [(True, "general", 0), (True, threshold_style(question.terms), 0)]
    if (question.left.unusual or question.right.unusual) and not question.at_points:
        looks.append((False, "large", 0))
    if "largest" in question.kinks:
        level = threshold_style(question.terms).replace("near", "level apart")
        looks += [(True, level, 0), (False, "apart", 0), (False, "large apart", 0)]
    return looks


def _agree_after_rounding(question: Question, world: World, which: tuple[bool, str, int, int], differs: Any) -> bool:
    """Whether the sides differ by no more than a unit in the last place of each decimal, which may be cut off."""
    kinks, style, seed, position = which
    evaluator = world.real(kinks, style, None, seed)[position]
    decimals = decimals_in(question.terms)
    if not decimals or len(decimals) > MAX_DECIMALS:
        return False
    left, right, _, _ = real_sides(question, evaluator)
    slack = np.zeros(left.shape)
    for term in decimals:
        shifted = Evaluator(evaluator.model)
        shifted.shift = {term.number: Fraction(1, 10 ** term.data[1])}
        moved_left, moved_right, _, _ = real_sides(question, shifted)
        slack = slack + np.abs((moved_left - moved_right) - (left - right))
    gap = np.abs(left - right)
    limit = ROUNDED_SHARE * np.maximum(np.abs(left), np.abs(right))
    return bool(((gap <= slack * 1.001) & (gap <= limit))[differs].all())


def decimals_in(terms: Sequence[Term]) -> list[Term]:
    """The decimals written in some terms."""
    return [node for node in walk_terms(terms) if node.op == "decimal"]


def by_tolerance(question: Question, world: World) -> Verdict | None:
    """Numbers compared with the relative tolerance that the problem states."""
    if question.left.axes or question.right.axes or not plain_numbers(question, world):
        return None
    left, right, _, _ = real_sides(question, world.real(False, "small")[0])
    if not (is_finite(left).all() and is_finite(right).all()):
        return None
    assert question.tolerance is not None
    if bool((np.abs(left - right) <= question.tolerance * np.abs(right) + 1e-15).all()):
        return Verdict("right", "agreed", reason=f"agrees within the stated tolerance {question.tolerance:g}")
    return None


def at_many_digits(question: Question, world: World) -> Verdict | None:
    """The last word: both sides at 200 digits at many points; agreement is agreement, not proof."""
    kinks = bool(question.kinks & {"order", "domain", "root", "opaque", "largest"})
    checked = 0
    for bent, style, seed in [look for look in _looks(question, kinks) if look[1][:5] != "large" and look[2] == 0]:
        for position, evaluator in enumerate(world.real(bent, style, DIGITS, seed)):
            left, right, mask, axes = real_sides(question, evaluator)
            good = is_finite(left) & is_finite(right) & mask
            gap = np.abs(left - right)
            differs = good & (gap > AGREED * (1 + np.abs(left) + np.abs(right))).astype(bool)
            if differs.any():
                witness = found_witness(question, world, (bent, style, seed, position), differs, axes)
                return (
                    Verdict("wrong", witness=witness)
                    if witness
                    else undecided("the sides differ beyond the 15th digit only")
                )
            checked += int(good.sum())
    if checked < 4:
        return undecided("this has no value at the points that were tried")
    if question.kinks & {"domain", "root", "largest"}:
        domain = _domains_differ(question, world)
        if domain is not None:
            return domain
    if (
        not question.kinks & {"order", "circle", "opaque", "root", "domain", "largest"}
        and max(t.depth[1] - t.depth[0] for t in question.terms) < LEVELS_DEEP
    ):
        return undecided("the exact models tell the sides apart, but no real point was found where they differ")
    return Verdict("right", "agreed", reason=f"agrees to 100 digits at {checked} points")


def in_sympy(question: Question, world: World) -> Verdict | None:
    """Proved where SymPy shows what the exact models cannot: identities of sine and cosine of scalars."""
    if question.kinks != {"circle"} or question.masks:
        return None
    arena = world.arena
    gap = arena.add((question.left, arena.negative(question.right)))
    return PROVED if is_zero_in_sympy(arena, gap) else None


TACTICS = (in_exact_models, in_real_models, in_sympy, at_many_digits)
