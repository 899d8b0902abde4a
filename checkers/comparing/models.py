"""Models: one value for every symbol at concrete sizes, with what the problem assumes built in."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.arithmetic import Reals, Tower, seed_of
from truestep.checkers.comparing.evaluate import Evaluator
from truestep.checkers.comparing.towers import DEEP, SHALLOW
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.terms import Reach
from truestep.problems.statements.assumptions import Property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Axis, Index
    from truestep.problems.statements.prepared import Setting

    Array = NDArray[Any]

POINTS = 8
POINTS_AT_KINKS = 32
POINTS_WITHOUT_SIZES = 12
ASSIGNMENTS = 3
SMALLEST = 2
MAX_REACH = 256
LARGE_SIZE = 43
FINE = 2**20


@dataclass
class Model:
    """Sizes, a number of points, an arithmetic, and the values of the symbols, drawn when first asked for."""

    arena: Arena
    sizes: Mapping[str, int]
    points: int
    arithmetic: Tower | Reals
    properties: Mapping[str, Property]
    kinks: bool
    style: str = "general"
    seed: int = 0
    drawn: dict[tuple[str, int], Array] = field(default_factory=dict)

    def shape(self, name: str) -> tuple[int, ...]:
        """The axes of a quantity at the sizes of this model."""
        return tuple(size if isinstance(size, int) else self.sizes[size] for size in self.arena.shapes[name])

    def array(self, name: str, indices: tuple[Index, ...], level: int) -> Array:
        """The values of a quantity at a level: points first, then its axes."""
        arithmetic = self.arithmetic
        if isinstance(arithmetic, Reals) and name == r"\pi":
            return arithmetic.pi()
        if isinstance(arithmetic, Reals) or name in self.arena.labels:
            level = 0
        found = self.drawn.get((name, level))
        if found is None:
            known = self.properties.get(name, Property())
            if name in self.arena.labels:
                found = self._labels(name)
            elif isinstance(arithmetic, Tower):
                found = self._residues(name, known, arithmetic.prime(level), level)
            else:
                found = arithmetic.wrapped(self._reals(name, known))
            self.drawn[name, level] = found
        return found

    def _labels(self, name: str) -> Array:
        """Class labels: numbers from 1 to the number of classes, the same at every level."""
        size = self.arena.labels[name]
        count = size if isinstance(size, int) else self.sizes[size]
        labels = self._rng(name, 97).integers(1, count + 1, (self.points, *self.shape(name)))
        return labels if isinstance(self.arithmetic, Tower) else self.arithmetic.wrapped(labels.astype(float))

    def _rng(self, name: str, level: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(seed_of(name) + 7919 * level + 104729 * self.seed))

    def _pattern(self, name: str, known: Property) -> Array:
        """The values of a 0/1 quantity, the same at every level; one-hot where the entries along an axis sum to one."""
        rng = self._rng(name, 99)
        shape = (self.points, *self.shape(name))
        if known.simplex is None:
            return rng.integers(0, 2, shape)
        axis = known.simplex + 1
        order = np.argsort(rng.random(shape), axis=axis)
        turn = np.arange(self.points).reshape(-1, *[1] * (len(shape) - 1))
        result: Array = (order == turn % shape[axis]).astype(np.int64)
        return result

    def _residues(self, name: str, known: Property, prime: int, level: int) -> Array:
        if known.binary:
            return self._pattern(name, known)
        rng = self._rng(name, level)
        shape = (self.points, *self.shape(name))
        values = rng.integers(1, prime, shape)
        if known.low is not None and known.low >= 0:
            values = values * values % prime
        elif self.kinks and not known.nonzero and known.simplex is None:
            values = np.where(_at_zero(self._rng(name, 98), shape), 0, values)
        if known.symmetric and len(shape) == 3 and shape[1] == shape[2]:
            values = np.triu(values) + np.triu(values, 1).swapaxes(1, 2)
        if known.simplex is not None:
            values = np.moveaxis(values, known.simplex + 1, -1)
            values[..., -1] = (1 - values[..., :-1].sum(axis=-1)) % prime
            values = np.moveaxis(values, -1, known.simplex + 1)
        return values

    def _reals(self, name: str, known: Property) -> Array:
        rng = self._rng(name, 50)
        shape = (self.points, *self.shape(name))
        if known.binary:
            values = self._pattern(name, known).astype(float)
        elif known.simplex is not None:
            values = _weights(rng, shape, known.simplex + 1, "apart" in self.style)
        else:
            values = _sampled(rng, shape, known, self.style)
            if (
                self.kinks
                and self.style == "general"
                and not known.nonzero
                and known.low is None
                and known.high is None
            ):
                values = np.where(_at_zero(self._rng(name, 98), shape), 0.0, values)
                values[1::8] *= 1000.0
                values[2::8] /= 1024.0
                values[5::8] /= 64.0
        if known.symmetric and len(shape) == 3 and shape[1] == shape[2]:
            values = np.triu(values) + np.triu(values, 1).swapaxes(1, 2)
        return values


def _at_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """At every fourth point, half of the entries: where kinks are."""
    chosen = rng.random(shape) < 0.5
    chosen[[p for p in range(shape[0]) if p % 4 != 3]] = False
    return chosen


def _weights(rng: np.random.Generator, shape: tuple[int, ...], axis: int, apart: bool) -> Array:
    """Positive numbers that sum to one along an axis: 1/2, 1/4, ... in any order; or no two of them equal."""
    count = shape[axis]
    odd = [(2 * k + 1) / count**2 for k in range(count)]  # 1 + 3 + ... + (2 count - 1) = count^2
    base = np.array(odd if apart else [0.5 ** min(k + 1, count - 1) for k in range(count)])
    order = np.argsort(rng.random(shape), axis=axis)
    return base[order]


def _sampled(rng: np.random.Generator, shape: tuple[int, ...], known: Property, style: str) -> Array:
    """Numbers in the assumed range: integers and halves in small style, else eighths; no two equal where apart."""
    low = None if known.low is None else float(known.low)
    high = None if known.high is None else float(known.high)
    apart = rng.integers(1, FINE, shape) / FINE if "apart" in style else None
    if low is not None and high is not None:
        return low + (high - low) * (rng.integers(1, 8, shape) / 8 if apart is None else apart)
    if style.startswith(("near", "level")) and known.low is None and known.high is None and not known.nonzero:
        return _near(
            rng, shape, [float(word) for word in style.split() if word[-1].isdigit()], style.startswith("level")
        )
    if style == "small":
        values = rng.integers(1, 4, shape).astype(float)
        signs = np.where(rng.random(shape) < 0.4, -1.0, 1.0)
    else:
        values = rng.integers(1, 20, shape) / 8 if apart is None else apart
        signs = np.where(rng.random(shape) < 0.5, -1.0, 1.0)
    if style == "large":
        values = values / 16
    if style == "positive":
        signs = np.ones(shape)
    if low is not None:
        return low + values
    return high - values if high is not None else values * signs


def _near(rng: np.random.Generator, shape: tuple[int, ...], thresholds: list[float], level: bool) -> Array:
    """Numbers at, beside and far beyond some thresholds, of both signs, and small ones; near each other where level."""
    pool = [0.5, -0.5, 1.5, 0.0, 1e-3, -1e-3]
    for value in thresholds:
        pool += [value, -value, value / 2, 2 * value, -2 * value, value + 0.5, value - 0.5]
    if level:
        heights = np.array(pool)[rng.integers(0, len(pool), (shape[0], *[1] * (len(shape) - 1)))]
        return np.asarray(heights + rng.integers(-FINE, FINE, shape) / (8 * FINE))
    chosen: Array = np.array(pool)[rng.integers(0, len(pool), shape)]
    return chosen


class World:
    """The models of one setting, made when first needed."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.arena = setting.scope.arena
        self.counts: set[str] = set()
        self._reach: frozenset[Reach] = frozenset()
        self.free: Mapping[str, Axis] = setting.scope.free
        self.derivations: dict[Expression, tuple[tuple[Expression, str], ...]] = {}
        self._exact: dict[tuple[frozenset[Reach], bool, bool, int], list[Evaluator]] = {}
        self._real: dict[tuple[frozenset[Reach], bool, str, int | None, int], list[Evaluator]] = {}

    def assignments(self) -> list[dict[str, int]]:
        """Small sizes for every size symbol, three times."""
        turns = ASSIGNMENTS if self.setting.notation.sizes or self.counts else 1
        small = [self._sizes(SMALLEST, turn) for turn in range(turns)]
        return [self._ordered(sizes) for sizes in (*small, *self._compared(small[0]))]

    def _sizes(self, least: int, turn: int) -> dict[str, int]:
        """A size for every size symbol, with the entries that are written by number."""
        names = sorted(self.setting.notation.sizes | self.counts)
        sizes = {name: least + (k + turn) % ASSIGNMENTS for k, name in enumerate(names)}
        for size, number, needed in self._reach:
            if needed and size in sizes and isinstance(number, int):
                sizes[str(size)] += number - SMALLEST
        return sizes

    def _compared(self, small: dict[str, int]) -> list[dict[str, int]]:
        """Sizes that have entries at and beyond every number that an index is compared with."""
        beside = {str(size): int(least) for size, least, needed in self._reach if size in small and not needed}
        return [
            {**small, **{size: max(small[size], least + more) for size, least in beside.items()}}
            for more in range(2)
            if beside
        ]

    def _ordered(self, sizes: dict[str, int]) -> dict[str, int]:
        """The sizes with what is assumed of them, and with what an inverse needs: m >= n."""
        ranks = sorted((str(size), ">=", least) for size, least, _ in self._reach if isinstance(least, str))
        for left, relation, right in (*self.setting.assumptions.sizes, *ranks):
            a, b = (left, right) if relation in (">", ">=") else (right, left)
            floor = sizes.get(b, int(b) if b.isdigit() else 2) + (relation in (">", "<"))
            if a in sizes and relation != "!=":
                sizes[a] = max(sizes[a], floor)
        return sizes

    def exact(self, kinks: bool, deep: bool, seed: int) -> list[Evaluator]:
        """The exact models."""
        key = (self._reach, kinks, deep, seed)
        if key not in self._exact:
            chains = DEEP if deep else SHALLOW
            assignments = self.assignments()
            points = POINTS_AT_KINKS if kinks else POINTS if assignments[0] else POINTS_WITHOUT_SIZES
            self._exact[key] = [
                Evaluator(
                    Model(
                        self.arena,
                        sizes,
                        points,
                        Tower(chain),
                        self.setting.assumptions.properties,
                        kinks,
                        seed=seed * 8 + turn,
                    )
                )
                for turn, (sizes, chain) in enumerate(zip(assignments, cycle(chains), strict=False))
            ]
        return self._exact[key]

    def real(self, kinks: bool, style: str, digits: int | None = None, seed: int = 0) -> list[Evaluator]:
        """The real models, the smallest sizes first."""
        key = (self._reach, kinks, style, digits, seed)
        if key not in self._real:
            points = 64 if style.startswith(("near", "level")) else 16 if kinks or style == "small" else POINTS
            assignments = sorted(self.assignments(), key=lambda sizes: sum(sizes.values()))
            if style.startswith("large"):
                assignments = [self._sizes(LARGE_SIZE, 0)]
            self._real[key] = [
                Evaluator(
                    Model(
                        self.arena,
                        sizes,
                        points,
                        Reals(digits),
                        self.setting.assumptions.properties,
                        kinks,
                        style,
                        seed * 8 + turn,
                    )
                )
                for turn, sizes in enumerate(assignments)
            ]
        return self._real[key]

    def fit(self, reach: frozenset[Reach]) -> None:
        """From now on models that are large enough for the numbers that stand as indices."""
        most: dict[tuple[Size, bool], int] = {}
        ranks = {one for one in reach if isinstance(one.least, str)}
        for size, least, needed in reach - ranks:
            assert isinstance(least, int)
            if least > MAX_REACH:
                raise MeaningFault(f"a number above {MAX_REACH} as an index is not decided")
            if isinstance(size, str) and least > (SMALLEST if needed else SMALLEST + ASSIGNMENTS - 1):
                most[size, needed] = max(least, most.get((size, needed), 0))
        wanted = frozenset(Reach(size, least, needed) for (size, needed), least in most.items()) | ranks
        if wanted != self._reach:
            self._exact = {key: models for key, models in self._exact.items() if not key[0]}
            self._real = {key: models for key, models in self._real.items() if not key[0]}
            self._reach = wanted

    def forget(self, number: int) -> None:
        """Forgets the values of all terms from a number on."""
        for evaluator in (one for models in (self._exact, self._real) for kept in models.values() for one in kept):
            evaluator.forget(number)

    def reset(self) -> None:
        """Forgets the models: a size that no statement names has turned up."""
        self._exact.clear()
        self._real.clear()
