"""The value of a term in a model: arrays over the points of the model and the axes of the term."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.along_axes import at_largest, one_before, same_values
from truestep.checkers.comparing.arithmetic import ANGLES, LARGEST, WHOLE, Tower
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.differentiate import numbers_above, steps_of
from truestep.derivations.meaning.effort import MAX_KEPT
from truestep.derivations.meaning.terms import OF_MATRICES, WITH_ENTRIES, Axis, Pair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from truestep.checkers.comparing.model import Model
    from truestep.derivations.meaning.terms import Index, Term

    Array = NDArray[Any]
    Flawed = tuple[Array, Array | None]

MAX_CELLS = 500_000
MOST_STEPS = 24
OF_A_FUNCTION = 8  # steps of arithmetic
STEPS = {"exp": 1, "log": -1, "sin": ANGLES, "cos": ANGLES}


class OutOfReach(Exception):
    """The term needs more levels, or more memory, than a model has."""


class Evaluator:
    """Evaluates terms in one model, each once for each level."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.by = model.arithmetic
        self.memo: dict[tuple[int, int], Flawed] = {}
        self.states: dict[tuple[str, int], Flawed] = {}  # of what is found step by step
        self.base = 0  # the level at which steps follow from each other; at others they are any values
        self.shift: dict[int, Fraction] = {}
        self.kept = 0
        self.small: set[str] = set()  # the quantities that are known to be drawn with few numbers

    def size(self, axis: Axis) -> int:
        """How many values an axis has in this model."""
        return axis.size if isinstance(axis.size, int) else self.count(axis.size)

    def low(self, axis: Axis) -> int:
        """From what an axis is counted in this model."""
        return axis.low if isinstance(axis.low, int) else -self.count(axis.low[1:])

    def count(self, name: str) -> int:
        """What a size is in this model."""
        if name not in self.model.sizes:
            raise MeaningFault("nothing says how large this is" if name == "?" else f"the size {name} is not declared")
        return self.model.sizes[name]

    def value(self, term: Term, level: int) -> Flawed:
        """The values of a term at a level, and where a point has none."""
        key = (term.number, level)
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = self._compute(term, level)
        return found

    def _spend(self, steps: int) -> None:
        """Takes so many steps of arithmetic from what the work is given."""
        self.model.arena.effort.spend(10 + int(steps * self.by.cost))

    def stand_at(self, level: int) -> None:
        """From now on sides are evaluated at a level: there what is found step by step has its values."""
        if level != self.base and self.model.arena.recurring:
            self.renew()
        self.base = level

    def forget(self, number: int) -> None:
        """Forgets the values of all terms from a number on."""
        for key in [key for key in self.memo if key[0] >= number]:
            self.kept -= self.memo.pop(key)[0].size
        self.kept = max(0, self.kept)
        self._forget_drawn()

    def renew(self) -> None:
        """Forgets all values but those of the quantities of the problem."""
        self.memo.clear()
        self.kept = 0
        self._forget_drawn()

    def _forget_drawn(self) -> None:
        self.model.forget()
        self.states.clear()
        self.small &= self.model.arena.shapes.keys()

    def _compute(self, term: Term, level: int) -> Flawed:
        op, by = term.op, self.by
        if op == "add" or op == "multiply":
            return self._combine(term, level)
        if op == "quantity":
            return self._quantity(term, level)
        if op == "constant":
            return by.constant(term.data, level), None
        if op == "total":
            values, bad = self.value(term.args[0], level)
            place = term.args[0].axes.index(term.data) + 1
            total = np.add.reduce(values, axis=place)
            flaw: Array | None = None if bad is None else np.asarray(bad.any(axis=place))
            return by.reduce(total * self.size(term.data) if values.shape[place] == 1 else total, level), flaw
        if op == "delta":
            return self._delta(term, level), None
        return self._function(term, level)

    def _combine(self, term: Term, level: int) -> Flawed:
        axes = term.axes
        cells = self.model.points
        for axis in axes:
            cells *= axis.size if isinstance(axis.size, int) else self.count(axis.size)
        if cells > MAX_CELLS or self.kept + cells > MAX_KEPT:
            raise OutOfReach
        self.kept += cells
        kept = self.model.arena.effort.cells
        kept[id(self)] = kept.get(id(self), 0) + cells
        self._spend(cells * len(term.args))
        total: Array | None = None
        bad: Array | None = None
        by, adding = self.by, term.op == "add"
        for arg in term.args:
            values, flaw = self.value(arg, level)
            values = values if arg.axes == axes else aligned(values, arg.axes, axes)
            total = values if total is None else total + values if adding else by.reduce(total * values, level)
            if flaw is not None:
                flaw = aligned(flaw, arg.axes, axes)
                bad = flaw if bad is None else bad | flaw
        assert total is not None
        if not adding and (bad is not None or not by.exact) and any(arg.is_range for arg in term.args):
            total, bad = self._within_range(term, total, bad, level)
        return by.reduce(total, level) if adding else total, bad

    def _within_range(self, term: Term, total: Array, bad: Array | None, level: int) -> Flawed:
        """What stands under a sum outside of its range is not there, whether it has a value or none."""
        for arg in (arg for arg in term.args if arg.is_range):
            inside = aligned(self.value(arg, level)[0], arg.axes, term.axes) != 0
            total = np.where(inside, total, 0 * total if self.by.exact else 0)
            bad = None if bad is None else bad & inside
        return total, bad

    def _quantity(self, term: Term, level: int) -> Flawed:
        name, indices = term.data
        if name in self.model.arena.recurring and (level == self.base or not self.by.exact):
            state, flaws = self._recurring(name, level)
            flaws = None if flaws is None else self._gather(flaws, indices, term.axes)
            return self._gather(state, indices, term.axes), flaws
        definition = self.model.arena.definitions.get(name)
        if definition is None:
            if name not in self.small:
                if self.model.cells(name) > MAX_CELLS:
                    raise OutOfReach
                self.small.add(name)
            return self._gather(self.model.array(name, indices, level), indices, term.axes), None
        values, bad = self.value(definition.body, level)
        own = dict(zip(definition.axes, indices, strict=True))
        places = [own.get(axis, axis) for axis in definition.body.axes]
        axes = tuple(sorted({place for place in places if isinstance(place, Axis)}))
        result = self._gather(values, places, axes)
        flaw = None if bad is None else self._gather(bad, places, axes)
        return aligned(result, axes, term.axes), None if flaw is None else aligned(flaw, axes, term.axes)

    def _recurring(self, name: str, level: int) -> Flawed:
        """What stands one step before, found step by step: begun at 0, until nothing changes any more."""
        arena = self.model.arena
        if (name, level) in self.states:
            return self.states[name, level]
        steps = self.size(arena.recurring[name].axes[0])
        if steps > MOST_STEPS:
            raise OutOfReach
        together, below = steps_of(arena, name)
        for other in below:
            self._recurring(other, level)
        firsts = {one: self.along(arena.recurring[one].first, arena.recurring[one].axes, level) for one in together}
        kept, moving = self.states, numbers_above(arena, together)
        state = {(one, level): (0 * first, flaws) for one, (first, flaws) in firsts.items()}
        for _ in range(steps + 1):
            self.states = {**kept, **state}
            found = {one: self.along(arena.recurring[one].body, arena.recurring[one].axes, level) for one in together}
            before, state = state, {(one, level): one_before(firsts[one], found[one]) for one in together}
            for number in [key for key in self.memo if key[0] in moving]:
                del self.memo[number]
            if all(same_values(*pair) for key in state for pair in zip(before[key], state[key], strict=True)):
                self.states = {**kept, **state}
                return state[name, level]
        self.states = kept
        raise OutOfReach

    def along(self, term: Term, axes: tuple[Axis, ...], level: int) -> Flawed:
        """The values of a term with all entries along some axes, in their order."""
        shape, ordered = self._shape(axes), tuple(sorted(axes))
        order = [0, *(ordered.index(axis) + 1 for axis in axes)]

        def whole(part: Array) -> Array:
            return np.broadcast_to(aligned(part, term.axes, ordered).transpose(order), shape)

        values, bad = self.value(term, level)
        return whole(values), None if bad is None else whole(bad)

    def _shape(self, axes: tuple[Axis, ...]) -> tuple[int, ...]:
        return (self.model.points, *map(self.size, axes))

    def _gather(self, values: Array, places: Sequence[Index], axes: tuple[Axis, ...]) -> Array:
        """The entries at places: an axis takes all of them, an integer one (entries count from 1)."""
        if tuple(places) == axes:
            return values
        picks: list[Any] = [slice(None)]
        for dimension, place in enumerate(places):
            if isinstance(place, Axis):
                shape = [1] * len(axes)
                shape[axes.index(place)] = size = self.size(place)
                every = np.arange(size) if values.shape[dimension + 1] > 1 else np.zeros(size, dtype=np.int64)
                picks.append(every.reshape(shape))
            else:
                wide = values.shape[dimension + 1] > 1
                if isinstance(place, Pair) or place < 1 or (wide and place > values.shape[dimension + 1]):
                    raise OutOfReach
                picks.append(np.array(place - 1 if wide else 0).reshape([1] * len(axes)))
        result: Array = values[tuple(picks)]
        return result

    def _delta(self, term: Term, level: int) -> Array:
        first, second = term.data
        one = self.by.constant(Fraction(1), level)
        if isinstance(second, int):
            picked: Array = ((np.arange(self.size(first)) + self.low(first)) == second)[None, :] * one[:, None]
            return picked
        rows = np.arange(self.size(first)) + self.low(first)
        columns = np.arange(self.size(second)) + self.low(second)
        result: Array = (rows[:, None] == columns[None, :])[None, :, :] * one[:, None, None]
        return result

    def _function(self, term: Term, level: int) -> Flawed:
        op, by = term.op, self.by
        if op == "decimal":
            value = term.data[0] + self.shift.get(term.number, 0)
            return by.constant(value, level), None
        if op == "size":
            return by.constant(Fraction(self.count(term.data)), level), None
        if op == "position":
            places = [by.constant(Fraction(k + self.low(term.data)), level) for k in range(self.size(term.data))]
            return np.stack(places, axis=1), None
        if op in OF_MATRICES:
            return self._matrix(term, level)
        if op == "largest":
            return self._largest(term, level), None
        if op == "below":
            left, right = (aligned(self.value(arg, level)[0], arg.axes, term.axes) for arg in term.args)
            return by.less(left, right, level), None
        inner_level = level
        if by.exact and level >= ANGLES and (op in STEPS or op == "root"):
            raise OutOfReach  # the fields of angles have no others below them
        if by.exact and op in STEPS:
            inner_level += STEPS[op]
            if not by.reaches(inner_level):
                raise OutOfReach
        values, bad = self.value(term.args[0], inner_level)
        self._spend(OF_A_FUNCTION * values.size)
        if op == "raised":
            return self._raised(term, values, bad, level)
        result, flaw = self._apply(term, values, level)
        if flaw is not None and not np.count_nonzero(flaw):
            flaw = None
        if op == "times" and bad is not None and term.data in term.args[0].axes:
            bad = np.asarray(bad.any(axis=term.args[0].axes.index(term.data) + 1))
        return result, bad if flaw is None else flaw if bad is None else bad | flaw

    def _raised(self, term: Term, values: Array, bad: Array | None, level: int) -> Flawed:
        """A power whose exponent is a whole number: the exponent counts in whole numbers, not in the field."""
        by = self.by
        base, exponent = term.args
        counts, _ = self.value(exponent, WHOLE if by.exact else level)
        values = aligned(values, base.axes, term.axes)
        counts = aligned(by.whole(counts), exponent.axes, term.axes)
        if bad is not None:
            bad = aligned(bad, base.axes, term.axes)
        bases, exponents = np.broadcast_arrays(values, counts)
        self._need_whole(bases, exponents, level)
        result, flaw = by.power(bases, exponents, level)
        return result, bad if flaw is None else flaw if bad is None else bad | flaw

    def _need_whole(self, values: Array, exponents: int | Array, level: int) -> None:
        """Raises OutOfReach where a power of whole numbers is none, or is beyond the largest."""
        if self.by.exact and level == WHOLE:
            with np.errstate(over="ignore", divide="ignore"):
                powers = np.abs(self.by.whole(values)).astype(float) ** exponents
            if np.any(np.asarray(exponents) < 0) or np.any(powers > LARGEST // 2):
                raise OutOfReach

    def _apply(self, term: Term, values: Array, level: int) -> Flawed:
        op, by = term.op, self.by
        if op == "power":
            self._need_whole(values, term.data, level)
            return by.power(values, term.data, level)
        if op == "exp":
            return by.exp(values, level), None
        if op == "log":
            return by.log(values, level)
        if op == "root":
            return by.root(values, term.data, level)
        if op == "positive":
            return by.positive(values, level), None
        if op == "nonnegative":
            return by.positive(values, level) + by.is_zero(values), None
        if op == "step":  # its kink belongs to neither side
            kink, result = by.is_zero(values) == 1, by.positive(values, level)
            return (result, kink) if by.exact else (np.where(kink, math.nan, result), None)
        if op == "relu":
            return by.reduce(by.positive(values, level) * values, level), None
        if op == "zero":
            return by.is_zero(values), None
        if op == "abs":
            return by.reduce(by.sign(values, level) * values, level), None
        if op == "times":
            return self._times(term, values, level), None
        return by.function(op, term.data, values, level)

    def _times(self, term: Term, values: Array, level: int) -> Array:
        """The product over an axis, also of a body that does not vary along it."""
        inner = term.args[0].axes
        place = inner.index(term.data) + 1 if term.data in inner else None
        product = np.ones((), values.dtype)
        for k in range(self.size(term.data)):
            row = values if place is None else np.take(values, k if values.shape[place] > 1 else 0, axis=place)
            product = self.by.reduce(product * row, level)
        return product

    def _largest(self, term: Term, level: int) -> Array:
        """The second argument where the first is largest, among the places where the third is not 0.

        NaN where there is no such place, and at a tie; but where no two values were drawn alike a tie is no accident,
        and tied places may agree.  Only the reals have an order.
        """
        axes = tuple(sorted({axis for arg in term.args for axis in arg.axes}))
        cells = self.model.points
        for axis in axes:
            cells *= self.size(axis)
        by = self.by
        if isinstance(by, Tower) or cells > MAX_CELLS:
            raise OutOfReach
        self._spend(OF_A_FUNCTION * cells)
        with np.errstate(all="ignore"):
            arrays = [aligned(self.value(arg, level)[0], arg.axes, axes) for arg in term.args]
            shape = np.broadcast_shapes(*(array.shape for array in arrays))
            moved = [np.moveaxis(np.broadcast_to(a, shape), axes.index(term.data) + 1, 0) for a in arrays]
            if term.args[0] is term.args[1]:
                moved[1] = moved[0]
            return at_largest(*moved, nan=by.nan(), agree="apart" in self.model.style)

    def _matrix(self, term: Term, level: int) -> Flawed:
        rows, columns = term.data[:2]
        body = term.args[0]
        rest = tuple(axis for axis in body.axes if axis not in (rows, columns))
        values, bad = self.value(body, level)
        axes = tuple(sorted({*body.axes, rows, columns}))
        values = aligned(values, body.axes, axes)
        values = np.broadcast_to(values, (values.shape[0], *(self.size(axis) for axis in axes)))
        values = np.moveaxis(values, [axes.index(rows) + 1, axes.index(columns) + 1], [-2, -1])
        if values.size > MAX_CELLS // 8:
            raise OutOfReach
        self._spend(2 * values.size * values.shape[-1])
        if term.op in ("inverse", "determinant"):
            whole, determinants = self.by.inverse(values, level)
        elif isinstance(self.by, Tower):
            raise OutOfReach
        else:
            whole, determinants = self.by.of_spectrum(values, term.op)
        if bad is not None:
            points = bad.reshape(bad.shape[0], -1).any(axis=1)
            bad = points.reshape(-1, *[1] * len(rest))
        if term.op not in WITH_ENTRIES:
            return determinants, bad
        singular = determinants == 0
        result = self._gather(whole, [*rest, *term.data[2:]], term.axes)
        if bad is not None:
            bad = bad.reshape(bad.shape[0], *[1] * len(term.axes))
        if singular.any():
            flat = singular.reshape(singular.shape[0], -1).any(axis=1).reshape(-1, *[1] * len(term.axes))
            bad = flat if bad is None else bad | flat
        return result, bad


def aligned(values: Array, axes: tuple[Axis, ...], wanted: tuple[Axis, ...]) -> Array:
    """The array with length-1 dimensions for the axes that it does not have."""
    if axes == wanted or not axes:
        return values if axes else values.reshape(-1, *[1] * len(wanted))
    sizes = iter(values.shape)
    return values.reshape([next(sizes), *[next(sizes) if axis in axes else 1 for axis in wanted]])
