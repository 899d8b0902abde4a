"""Whether two terms are equal: the question, and both sides' values in one model."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.evaluate import aligned
from truestep.derivations.meaning.terms import Reach, walk_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from truestep.checkers.comparing.evaluate import Evaluator
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.identities.forms import Forms
    from truestep.derivations.meaning.identities.normal_forms import NormalForms
    from truestep.derivations.meaning.terms import Axis, Term
    from truestep.problems.statements.assumptions import Property

BENDING = frozenset(("positive", "nonnegative", "step", "relu", "abs"))
UNSEEN = "where it is so "
MAX_WRITTEN = 6
NEAR_ONE = 9


@dataclass(frozen=True)
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

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes over which the sides are compared."""
        return tuple(sorted({axis for term in self.terms for axis in term.axes}))

    def form(self, forms: Forms) -> tuple[Any, ...]:
        """The forms of both sides, and all else on which it rests whether they are equal."""
        places = {axis: -1 - k for k, axis in enumerate(self.axes)}
        left, right, *masks = [forms.of(term, places, 0) for term in self.terms]
        axes = tuple([axis[1:] for axis in self.axes])
        return left, right, tuple(masks), axes, self.rounding, self.tolerance, self.at_points

    def is_identity(self, forms: NormalForms) -> bool:
        """Whether the normal forms of both sides are the same."""
        places = {axis: -1 - k for k, axis in enumerate(self.axes)}
        left = forms.of(self.left, places)
        return left is not None and left == forms.of(self.right, places)

    @property
    def reach(self) -> frozenset[Reach]:
        """The numbers that stand as indices, and the ranks that inverses need; those of the left side come first."""
        other = frozenset[Reach]().union(*(term.reach for term in self.terms[1:]))
        turned = {(one.least, one.size) for one in self.left.reach}
        return self.left.reach | {one for one in other if (one.size, one.least) not in turned}

    @cached_property
    def kinks(self) -> frozenset[str]:
        """What in the terms has kinks, a limited domain, or no law in the exact models."""
        return self.left.kinks | self.right.kinks

    @property
    def unusual(self) -> bool:
        """Whether large numbers, explicit sizes or comparisons are inside, of which the exact models may be blind."""
        return self.left.unusual or self.right.unusual

    def few_signs(self, arena: Arena, properties: Mapping[str, Property]) -> bool:
        """Whether a kink is at numbers and labels alone, whose Legendre symbols hardly change from point to point."""
        inner = self.bends(arena) if "order" in self.kinks else []
        return any(not _is_drawn(node, arena, properties) for node in inner)

    def edges(self, evaluator: Evaluator) -> Any:
        """Where something that is compared with 0 is 0: ``1[x > 0]`` and ``1[x >= 0]`` differ at single points alone.

        What bends itself may be 0 at more than those.
        """
        model, axes = evaluator.model, self.axes
        out = np.zeros((1, *[1] * len(axes)), dtype=bool)
        for node in walk_terms(self.terms, model.arena.definitions):
            inner = node.args[0] if node.op in ("positive", "nonnegative") else None
            if inner is not None and _is_smooth(inner, model.arena, model.properties):
                zero = np.asarray(evaluator.value(inner, 0)[0] == 0, dtype=bool)
                bound = tuple(k for k, axis in enumerate(inner.axes, start=1) if axis not in axes)
                if zero.all():
                    continue
                out = out | aligned(np.asarray(zero.any(axis=bound)), tuple(a for a in inner.axes if a in axes), axes)
        return out

    def bends(self, arena: Arena) -> list[Term]:
        """What stands under a kink or a root: each cuts the points in two."""
        nodes = walk_terms(self.terms, arena.definitions)
        found = {node.args[0].number: node.args[0] for node in nodes if node.op in BENDING or node.op == "root"}
        return list(found.values())

    def unseen(
        self, arena: Arena, properties: Mapping[str, Property], are_same: Callable[[Term, Term], bool]
    ) -> Question | None:
        """The question in which what is 1 where something is a number, as ``1[x^2 = 16]``, is a quantity of its own.

        At points that are drawn such a thing is 0 all the time. None where nothing of the kind is inside.
        """
        nodes = [node for node in walk_terms(self.terms) if node.op == "zero" and _meets_a_number(node.args[0])]
        nodes = [node for node in nodes if _is_drawn(node.args[0], arena, properties)]
        if not nodes:
            return None
        free: dict[int, Term] = {}
        for place, node in enumerate(nodes):
            known = next((one for one in nodes[:place] if one.axes == node.axes and are_same(one, node)), None)
            free[node.number] = free[known.number] if known else arena.quantity(f"{UNSEEN}{place}", node.axes)
        memo: dict[int, Term] = {}
        return replace(
            self, left=_in_place(self.left, free, arena, memo), right=_in_place(self.right, free, arena, memo)
        )


def _in_place(term: Term, of: Mapping[int, Term], arena: Arena, memo: dict[int, Term]) -> Term:
    """A term with other terms in the place of some that it holds."""
    if term.number in of or not term.args:
        return of.get(term.number, term)
    found = memo.get(term.number)
    if found is None:
        args = [_in_place(arg, of, arena, memo) for arg in term.args]
        found = memo[term.number] = term if args == list(term.args) else arena.rebuild(term, args)
    return found


def _is_smooth(node: Term, arena: Arena, properties: Mapping[str, Property]) -> bool:
    """Whether a term depends on a quantity of many values, and bends nowhere."""
    bent = any(one.op in (*BENDING, "zero", "below", "largest") for one in walk_terms((node,), arena.definitions))
    return not bent and _is_drawn(node, arena, properties)


def _is_drawn(node: Term, arena: Arena, properties: Mapping[str, Property]) -> bool:
    """Whether a term depends on a quantity of more than a few values."""
    below = walk_terms((node,), arena.definitions)
    names = {one.data[0] for one in below if one.op == "quantity"} - set(arena.definitions)
    return any(name not in properties or not (properties[name].binary or properties[name].values) for name in names)


def difference(question: Question, evaluator: Evaluator, level: int) -> tuple[Any, Any]:
    """Left minus right over the points and axes, 0 where a mask is; and where a point has no value."""
    sides = [evaluator.value(term, level) for term in (question.left, question.right)]
    axes = question.axes
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


def real_sides(question: Question, evaluator: Evaluator) -> tuple[Any, Any, Any]:
    """Both sides and the mask as real arrays of one shape."""
    axes = question.axes
    with np.errstate(all="ignore"):
        arrays = [aligned(evaluator.value(term, 0)[0], term.axes, axes) for term in question.terms]
    mask = np.ones(1)
    for here in arrays[2:]:
        mask = mask * here
    shape = np.broadcast_shapes(
        arrays[0].shape, arrays[1].shape, np.shape(mask), (evaluator.model.points, *[1] * len(axes))
    )
    left, right = (np.broadcast_to(array, shape) for array in arrays[:2])
    return left, right, np.broadcast_to(np.asarray(mask, dtype=float) != 0, shape)


def exists(values: Any) -> Any:
    """Where an array has values, also those that are too large to be written."""
    return np.asarray(values == values, dtype=bool)


def is_finite(values: Any) -> Any:
    """Where an array has numbers."""
    if values.dtype == object:
        return np.frompyfunc(lambda v: bool(v == v and v - v == 0), 1, 1)(values).astype(bool)
    return np.isfinite(values)


def written_constants(terms: Sequence[Term]) -> tuple[float, ...]:
    """The sizes of the constants in some terms that are not near 1, also of those such as ``e^{10}``; some of them."""
    known: dict[int, float | None] = {}
    found: set[float] = set()

    def value(node: Term) -> float | None:
        if node.number not in known:
            known[node.number] = None
            known[node.number] = _constant(node, [value(arg) for arg in node.args])
        return known[node.number]

    for node in walk_terms(terms):
        whole = value(node)
        if whole is None:
            found |= {abs(part) for part in map(value, node.args) if part is not None}
        elif node in terms:
            found.add(abs(whole))
    kept = {one for one in found if one and math.isfinite(one) and not 1 / NEAR_ONE <= one <= NEAR_ONE}
    return tuple(sorted(kept)[-MAX_WRITTEN:])


def _constant(node: Term, args: Sequence[float | None]) -> float | None:
    """The value of a term that depends on nothing."""
    known = [arg for arg in args if arg is not None]
    try:
        if len(known) < len(args) or node.axes:
            return None
        match node.op:
            case "constant" | "decimal":
                return float(node.data if node.op == "constant" else node.data[0])
            case "quantity":
                return math.pi if node.data[0] == r"\pi" else None
            case "add":
                return sum(known)
            case "multiply":
                return math.prod(known)
            case "exp":
                return math.exp(known[0])
            case "log":
                return math.log(known[0])
            case "power" | "root":
                return float(known[0] ** float(node.data))
    except (ValueError, OverflowError, ZeroDivisionError, TypeError):
        return math.nan
    return None


def has_constants(term: Term, arena: Arena) -> bool:
    """Whether a number is added to something in a term: then it changes its sign at a threshold, not at 0 alone."""
    nodes = walk_terms((term,), arena.definitions)
    return any(node.op == "add" and any(_is_constant(arg) for arg in node.args) for node in nodes)


def _meets_a_number(term: Term) -> bool:
    """Whether something is 0 where another thing, or a factor of it, is a number."""
    if term.op in ("multiply", "power"):
        return any(map(_meets_a_number, term.args))
    return term.op == "add" and any(map(_is_constant, term.args))


def _is_constant(term: Term) -> bool:
    return not term.axes and all(
        node.op in ("constant", "decimal") or node.args or node.data == (r"\pi", ()) for node in walk_terms((term,))
    )


def thresholds(terms: Iterable[Term]) -> tuple[float, ...]:
    """The numbers at which something changes."""
    found: set[Fraction] = set()
    for kink in walk_terms(terms):
        if kink.op in BENDING or kink.op in ("zero", "largest"):
            found |= {
                abs(node.data if node.op == "constant" else node.data[0])
                for node in walk_terms(kink.args)
                if node.op in ("constant", "decimal")
            }
    return tuple(float(value) for value in sorted(found - {0, 1})[:MAX_WRITTEN])


def decimals_in(terms: Sequence[Term]) -> list[Term]:
    """The decimals written in some terms."""
    return [node for node in walk_terms(terms) if node.op == "decimal"]
