"""Both sides at real points: where they exist, and whether they agree there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.drawing import moderate_points
from truestep.checkers.comparing.evaluate import OutOfReach
from truestep.checkers.comparing.kink_search import around_kinks
from truestep.checkers.comparing.question import exists, is_finite, real_sides, thresholds, written_constants
from truestep.checkers.comparing.verdicts import PROVED, Verdict, undecided
from truestep.checkers.comparing.witnesses import edge_witness, found_witness
from truestep.derivations.meaning.terms import LARGE, walk_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.comparing.evaluate import Evaluator
    from truestep.checkers.comparing.question import Question
    from truestep.checkers.comparing.verdicts import Witness
    from truestep.checkers.comparing.world import World

CLOSE = 1e-9
MAX_LARGE_AXES = 2
NOWHERE = "neither side has a value at any point that was tried"
APART = "where one side has a value the other one has none"
LABELLED = "where a label has one of its values, only one side has a value"
IN_ENTRY = "there is an entry in which only one side has a value"
LEAST_LABELLED = 8


@dataclass(frozen=True)
class Look:
    """Where real points are looked for; where ``is_fixed``, those that are drawn are the same in every run."""

    kinks: bool
    style: str
    seed: int = 0
    digits: int | None = None
    is_fixed: bool = False


@dataclass
class Seen:
    """What the looks of one question have shown: how many points have both sides, and whether one has more."""

    both: int = 0
    left_alone: bool = False
    right_alone: bool = False
    alone: Witness | None = None
    for_label: bool = False  # whether one side alone exists wherever a label has one of its values
    for_entry: bool = False  # whether one side alone exists in some entry, such as those of a diagonal

    @property
    def domain(self) -> str:
        """Which side does not exist everywhere where the other one does."""
        if self.left_alone and self.right_alone:
            return "both"
        return "right" if self.left_alone else "left" if self.right_alone else ""


def small_looks(question: Question, kinks: bool) -> list[Look]:
    """Small points first, then general ones, then those near kinks and thresholds: the same in every run."""
    looks = [Look(False, "small"), Look(False, "general"), Look(False, "general", 1)]
    if question.kinks & {"domain", "root"}:
        looks.append(Look(False, "positive"))
    if kinks:
        looks += [Look(True, "general"), Look(True, _near("near", question))]
    if question.unusual and not question.at_points:
        looks.append(Look(False, "large"))
    if "largest" in question.kinks:
        looks += [Look(True, _near("level apart", question)), Look(False, "apart"), Look(False, "large apart")]
    return looks


def drawn_looks(question: Question) -> list[Look]:
    """Points of many binary places that depend on the salt, at the scales of the written constants, and large sizes."""
    style = " ".join(["drawn", *(f"{value:.17g}" for value in written_constants(question.terms))])
    style += " apart" if "largest" in question.kinks else ""
    looks = [Look(False, style)]
    if "order" in question.kinks:
        looks.append(Look(True, _near("near", question)))
    if question.unusual and max(len(term.axes) for term in question.terms) <= MAX_LARGE_AXES:
        looks += [Look(False, "drawn large"), Look(False, "drawn large huge")]
    return looks


def _near(style: str, question: Question) -> str:
    """A style of sampling near the numbers at which something changes: ``near 7.25 10000``."""
    return " ".join([style, *(f"{value:.17g}" for value in thresholds(question.terms))])


def differing(question: Question, world: World, looks: list[Look], seen: Seen) -> Iterator[tuple[Evaluator, Any]]:
    """The models at which the sides differ, and the places; what exists is counted in ``seen``."""
    for look in looks:
        try:
            for evaluator in world.real(look.kinks, look.style, look.digits, look.seed, look.is_fixed):
                differs = _differences(question, evaluator, seen)
                if differs.any():
                    yield evaluator, differs
        except OutOfReach:
            if look.style.split()[0] in ("small", "general"):
                raise


def _differences(question: Question, evaluator: Evaluator, seen: Seen) -> Any:
    """Where both sides exist and differ, but for the kinks of comparisons: these belong to neither side."""
    left, right, mask = real_sides(question, evaluator)
    good = is_finite(left) & is_finite(right) & mask
    seen.both += int(good.reshape(len(good), -1).any(axis=1).sum())
    with np.errstate(all="ignore"):
        beyond = exists(left) & exists(right) & mask & (is_finite(left) != is_finite(right))  # 50 digits tell
        differs = beyond | (good & (np.abs(left - right) > CLOSE * (1 + np.abs(left) + np.abs(right))))
    return differs & ~question.edges(evaluator) if "order" in question.kinks and differs.any() else differs


def at_drawn_points(
    question: Question, world: World, seen: Seen, single: bool = True, is_fixed: bool = False
) -> Iterator[tuple[Evaluator, Any]]:
    """The same at points that are drawn, and around the kinks that have thresholds; also at these where ``single``."""
    looks = [replace(look, is_fixed=is_fixed) for look in drawn_looks(question) if single or not look.kinks]
    yield from differing(question, world, looks, seen)
    if "order" in question.kinks:
        for evaluator in world.real(looks[0].kinks, looks[0].style, is_fixed=is_fixed):
            with suppress(OutOfReach):
                beside = around_kinks(question, evaluator)
                differs = np.zeros(1) if beside is None else _differences(question, beside, seen)
                if beside is not None and differs.any():
                    yield beside, differs


def is_somewhere(question: Question, world: World) -> bool | None:
    """Whether the sides differ at more than single points; None where no point is seen."""
    seen = Seen()
    found = next(at_drawn_points(question, world, seen, single=False), None) is not None
    return found if found or seen.both else None


def confirmed(question: Question, world: World, at_all: bool = False) -> Verdict:
    """What the exact models found equal, looked at where they may be blind: domains, large numbers, sizes, kinks.

    Large numbers, explicit sizes and single values could be chosen to be blind spots of the exact models, and numbers
    and labels have few signs in a few fields; what they have no say in is looked at in any case.
    """
    sure = world.signs.exists((question.left, question.right)) and "largest" not in question.kinks
    if sure and not question.unusual and not at_all and not question.few_signs(world.arena, world.signs.properties):
        return PROVED
    seen = Seen()
    witness = _drawn_witness(question, world, seen)
    if witness is not None:
        return Verdict("wrong", witness=_drawn_witness(question, world, Seen(), is_fixed=True) or witness)
    if not sure:
        return with_domain(PROVED, question, world)
    if not seen.both and any(node.op == "constant" and abs(node.data) > LARGE for node in walk_terms(question.terms)):
        return undecided("the numbers are too large to be looked at in the reals")
    return PROVED


def _drawn_witness(question: Question, world: World, seen: Seen, is_fixed: bool = False) -> Witness | None:
    """A witness at points that are drawn: with the salt, or the same in every run."""
    for evaluator, differs in at_drawn_points(question, world, seen, is_fixed=is_fixed):
        witness = found_witness(question, world, evaluator, differs)
        if witness is not None:
            return witness
    return None


def with_domain(verdict: Verdict, question: Question, world: World) -> Verdict:
    """An agreement with what the domains make of it.

    Sides with a common domain of inner points are right; where they have none, one alone is wrong, neither undecided.
    """
    return verdict if world.signs.exists((question.left, question.right)) else over_domain(verdict, question, world)


def over_domain(verdict: Verdict, question: Question, world: World) -> Verdict:
    """The same, also where nothing but inverses and quotients limits a side."""
    look, seen = drawn_looks(question)[0], Seen()
    for position in range(len(world.real(look.kinks, look.style))):
        own = _existing(question, world, look, position)
        if not own.both or own.for_entry:
            own = _existing(question, world, replace(look, style="many"), position)
        if (not own.both or own.for_entry) and own.alone is not None:
            return Verdict("wrong", witness=small_edge(question, world) or own.alone, reason=APART)
        if own.for_label or own.for_entry:
            return undecided(LABELLED if own.for_label else IN_ENTRY)
        seen = Seen(seen.both + own.both, seen.left_alone or own.left_alone, seen.right_alone or own.right_alone)
    return replace(verdict, domain=seen.domain) if seen.both else undecided(NOWHERE)


def small_edge(question: Question, world: World) -> Witness | None:
    """A small point where one side alone has a value, the same in every run."""
    for look in (Look(False, "small"), Look(False, "general")):
        for evaluator in world.real(look.kinks, look.style):
            with suppress(OutOfReach):
                left, right, mask = real_sides(question, evaluator)
                alone = (exists(left) != exists(right)) & mask
                witness = edge_witness(question, world, evaluator, alone) if alone.any() else None
                if witness is not None:
                    return witness
    return None


def _existing(question: Question, world: World, look: Look, position: int) -> Seen:
    """How many points of one model have both sides, and whether some, sure at 50 digits, have only one."""
    seen = Seen()
    evaluator = world.real(look.kinks, look.style)[position]
    try:
        left, right, mask = real_sides(question, evaluator)
    except OutOfReach:
        return seen
    here, there = exists(left) & mask, exists(right) & mask
    seen.both = int((here & there).reshape(len(here), -1).any(axis=1).sum())
    moderate = (moderate_points(len(here)) | (not seen.both)).reshape(-1, *[1] * (here.ndim - 1))
    seen.for_entry = any(_is_for_entry(alone, here & there) for alone in (here & ~there, there & ~here))
    seen.for_label = any(_is_for_label(evaluator, alone, here & there) for alone in (here & ~there, there & ~here))
    for side, alone in (("left", here & ~there & moderate), ("right", there & ~here & moderate)):
        witness = edge_witness(question, world, evaluator, alone) if alone.any() else None
        if witness is not None:
            setattr(seen, f"{side}_alone", True)
            seen.alone = witness
    return seen


def _is_for_entry(alone: Any, both: Any) -> bool:
    """Whether there is an entry in which one side alone exists at many points, and both at hardly any."""
    return bool((alone.sum(axis=0) >= LEAST_LABELLED * (1 + both.sum(axis=0))).any())


def _is_for_label(evaluator: Evaluator, alone: Any, both: Any) -> bool:
    """Whether some label has a value at which one side alone exists at many points, and both at hardly any."""
    model = evaluator.model
    moderate = moderate_points(model.points)  # with large ones one side may seem to exist by rounding
    alone, both = ((points.reshape(len(points), -1).any(axis=1) & moderate)[:, None] for points in (alone, both))
    for (name, _), values in model.drawn.items() if alone.sum() >= LEAST_LABELLED else ():
        if model.known(name).binary or model.known(name).values:
            cells = values.reshape(len(values), -1)
            for here in [cells == value for value in np.unique(cells)]:
                if ((here & alone).sum(axis=0) >= LEAST_LABELLED * (1 + (here & both).sum(axis=0))).any():
                    return True
    return False
