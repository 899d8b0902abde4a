"""A cheap look before a candidate is judged: its values at a few real points, beside those that it should have."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach, aligned
from truestep.checkers.comparing.model import Model
from truestep.checkers.works.bench import Bench
from truestep.derivations.language.expression import free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.scope import Memory, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.shapes import Dims
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Axis, Index, Term

    Array = NDArray[Any]

POINTS, POINTS_AT_KINKS = 3, 16
MOST_EFFORT = 400_000  # of one search, about one for each microsecond
CLOSE = 1e-9
STYLES = ("general", "positive")
HARMLESS = (Fault, OutOfReach, RecursionError, IndexError, ValueError)


@contextmanager
def aside(bench: Bench) -> Iterator[Bench]:
    """A bench of the same world, whose terms and names are forgotten afterwards."""
    arena, world, free = bench.scope.arena, bench.world, bench.world.free
    mark = arena.mark()
    other = Bench(world)
    other.scope = bench.scope.like(free=dict(bench.scope.free))
    other.introduced = bench.introduced
    other.at_points = True
    try:
        with arena.effort.aside(MOST_EFFORT):
            yield other
    finally:
        arena.back(mark)
        world.forget(mark.terms)
        world.free = free


class Seen(NamedTuple):
    """Values over the points and some axes."""

    array: Array
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Goal:
    """The shape and the values that a candidate should have, and the indices of its entries."""

    dims: Dims
    at: tuple[Index, ...]
    seen: Seen
    kinks: frozenset[str] = frozenset()


@dataclass
class Repeated(Model):
    """The points of another model, once for each value of one scalar."""

    base: Model | None = None
    scale: tuple[str, Array] | None = None

    def array(self, name: str, indices: tuple[Index, ...], level: int) -> Array:
        """The values of a quantity: points first, then its axes."""
        assert self.base is not None
        assert self.scale is not None
        if name == self.scale[0]:
            return self.scale[1]
        found = self.base.array(name, indices, 0)
        times = self.points // self.base.points
        return found if len(found) == 1 else np.tile(found, (times, *[1] * (found.ndim - 1)))


class Trial:
    """Compares candidates with a goal at a few real points of one model."""

    def __init__(
        self, bench: Bench, reading: Reading, condition: Expression | None, style: str, points: int = POINTS
    ) -> None:
        self.bench, self.reading = bench, reading
        world = bench.world
        self.model = world.few(points, style)
        self.evaluator = Evaluator(self.model)
        self.masks = [self.seen(term) for term in bench.masks(bench.scope_for(reading), condition)]
        self.mark = bench.scope.arena.mark()
        self.names = len(bench.scope.free)
        bench.memory = None
        bench.memory = self.memory = Memory(bench.scope_for(reading))
        self.memory.is_open = all(choice.place is None for choice in reading.taken)  # the same wherever it stands

    def settle(self) -> None:
        """From here on candidates are looked at: what they have in common is evaluated once."""
        self.mark = self.bench.scope.arena.mark()
        self.names = len(self.bench.scope.free)
        self.memory.is_open = False

    def again(self) -> None:
        """Before a candidate: axes and free indices are as they were when all was settled."""
        self.bench.scope.arena.renumber(self.mark)  # what is made alike is one term
        while len(self.bench.scope.free) > self.names:
            self.bench.scope.free.popitem()

    def seen(self, term: Term, evaluator: Evaluator | None = None) -> Seen:
        """The values of a term."""
        with np.errstate(all="ignore"):
            return Seen((evaluator or self.evaluator).value(term, 0)[0], term.axes)

    def value(self, node: Expression) -> Value | None:
        """The value of an expression, or None where it has none."""
        try:
            return value_of(node, self.bench.scope_for(self.reading))
        except HARMLESS:
            return None

    def goal(self, node: Expression) -> Goal | None:
        """What a candidate for an expression must agree with, or None where that has no finite value."""
        value = self.value(node)
        if value is None or shaped_terms.UNSTATED in value.dims:
            return None
        try:
            at = shaped_terms.axes_for(self.bench.scope.arena, value.dims)
            term = value.entry(*at)
            seen = self.seen(term)
        except HARMLESS:
            return None
        return Goal(value.dims, at, seen, term.kinks) if np.isfinite(seen.array).any() else None

    def goal_anew(self, node: Expression) -> Goal | None:
        """The same where its letters ran over other sizes on a side that does not fit."""
        for name in free_indices(node) & self.bench.scope.free.keys():
            del self.bench.scope.free[name]
        return self.goal(node)

    def look(self, node: Expression, goal: Goal, evaluator: Evaluator | None = None) -> Seen | None:
        """The values of a candidate at the entries of a goal, or None where the shape is another."""
        self.again()
        value = self.value(node)
        if value is None:
            return None
        value = shaped_terms.fitted(value, goal.dims)
        if value.dims != goal.dims:
            return None
        try:
            return self.seen(value.entry(*goal.at), evaluator)
        except HARMLESS:
            return None

    def agrees(self, seen: Seen | None, goal: Goal) -> bool:
        """Whether values agree with a goal wherever both exist and the masks are not 0, and somewhere they do."""
        return seen is not None and not self._is_off(seen, goal) and bool(self.close(seen, goal).all())

    def _is_off(self, seen: Seen, goal: Goal) -> bool:
        """Whether already the first of the values is another."""
        mine, other = seen.array.flat[0], goal.seen.array.flat[0]
        off = bool(abs(mine - other) > CLOSE * (1 + abs(mine) + abs(other)))
        return off and not self.masks and bool(np.isfinite(mine) and np.isfinite(other))

    def _may_be(self, seen: Seen, goal: Goal, times: int) -> bool:
        """Whether the first of the values is right, or tells nothing, for some group of points out of so many."""
        other = goal.seen.array.flat[0]
        if self.masks or not np.isfinite(other):
            return True
        entries = seen.array.reshape(len(seen.array), -1)[:, 0]
        mine = entries[:: max(1, len(entries) // times)]
        with np.errstate(all="ignore"):
            off = np.abs(mine - other) > CLOSE * (1 + np.abs(mine) + np.abs(other))
        return not bool((off & np.isfinite(mine)).all())

    def close(self, seen: Seen, goal: Goal, times: int = 1) -> Array:
        """Whether values agree with a goal, for each group of points out of so many."""
        if times > 1 and not self._may_be(seen, goal, times):
            return np.zeros(times, dtype=bool)
        axes = tuple(sorted({axis for one in (seen, goal.seen, *self.masks) for axis in one.axes}))
        mine, other = aligned(seen.array, seen.axes, axes), aligned(goal.seen.array, goal.seen.axes, axes)
        good: Array = np.ones((1,) * (len(axes) + 1), dtype=bool)
        for mask in self.masks:
            good = good & np.asarray(aligned(mask.array, mask.axes, axes) != 0)
        if times > 1:
            spread = (times, self.model.points) if len(mine) > 1 else (1, 1)
            mine = mine.reshape(*spread, *mine.shape[1:])
            other, good = other[None], good[None]
        with np.errstate(all="ignore"):
            good = good & np.isfinite(mine) & np.isfinite(other)
            near = np.abs(mine - other) <= CLOSE * (1 + np.abs(mine) + np.abs(other))
        result = (near | ~good) & np.ones_like(good)
        if times == 1:
            return np.array(bool(result.all() and good.any()))
        spread_out = [np.broadcast_to(one, (times, *one.shape[1:])).reshape(times, -1) for one in (result, good)]
        answer: Array = np.logical_and(spread_out[0].all(axis=1), spread_out[1].any(axis=1))
        return answer

    def ratio(self, seen: Seen, goal: Goal) -> float | None:
        """The one number that values are of a goal's, or None where there is none."""
        axes = tuple(sorted({*seen.axes, *goal.seen.axes}))
        mine, other = aligned(seen.array, seen.axes, axes), aligned(goal.seen.array, goal.seen.axes, axes)
        with np.errstate(all="ignore"):
            quotient = mine / other
            good = np.isfinite(quotient) & (np.abs(other) > CLOSE)
            if not good.any():
                return None
            found = float(quotient[good][0])
            scaled = Seen(goal.seen.array * found, goal.seen.axes)
        return found if self.agrees(seen, replace(goal, seen=scaled)) else None

    def shares(self, parts: Sequence[Seen | None], goal: Goal) -> list[float] | None:
        """The numbers by which parts must be taken so that they add up to a goal; None where these are not unique."""
        if any(part is None for part in parts) or self.masks:
            return None
        seen = [part for part in parts if part is not None]
        axes = tuple(sorted({axis for one in (*seen, goal.seen) for axis in one.axes}))
        arrays = np.broadcast_arrays(*(aligned(one.array, one.axes, axes) for one in (*seen, goal.seen)))
        table = np.array([array.reshape(-1) for array in arrays]).T
        table = table[np.isfinite(table).all(axis=1)]
        if len(table) < len(seen) + 1:
            return None
        found, _, rank, _ = np.linalg.lstsq(table[:, :-1], table[:, -1], rcond=None)
        exact = np.allclose(table[:, :-1] @ found, table[:, -1], rtol=1e-7, atol=1e-7)
        return [float(value) for value in found] if rank == len(seen) and exact else None

    def repeated(self, name: str, scales: Array) -> Evaluator:
        """An evaluator at the same points once for each row of values of a scalar of this name."""
        model = self.model
        return Evaluator(
            Repeated(
                model.arena,
                model.sizes,
                scales.size,
                model.arithmetic,
                model.properties,
                False,
                model.style,
                model.seed,
                base=model,
                scale=(name, scales.reshape(-1)),
            )
        )
