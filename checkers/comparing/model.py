"""A model: one value for every symbol at concrete sizes, with what the problem assumes built in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing import drawing
from truestep.checkers.comparing.arithmetic import Tower
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.salt import seed_of
from truestep.problems.statements.assumptions import Property

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Index

    Array = NDArray[Any]
    Solve = Callable[["Model", int, int], Mapping[str, Array]]

MANY = 1_000
PLAIN = Property()  # of which nothing is assumed


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
    salt: int = 0
    drawn: dict[tuple[str, int], Array] = field(default_factory=dict)
    solve: Solve | None = None
    solved: dict[tuple[str, int], Array] = field(default_factory=dict)
    systems: int = MANY  # how many of the arena's are met

    def shape(self, name: str) -> tuple[int, ...]:
        """The axes of a quantity at the sizes of this model."""
        return tuple(size if isinstance(size, int) else self.sizes[size] for size in self.arena.shapes[name])

    def known(self, name: str) -> Property:
        """What is assumed of a quantity."""
        return self.properties.get(name, PLAIN)

    def cells(self, name: str) -> int:
        """How many numbers drawing a quantity takes: a matrix with a structure is made by products."""
        shape, known = self.shape(name), self.known(name)
        return self.points * math.prod(shape) * (max(shape, default=1) if known.structure else 1)

    def array(self, name: str, indices: tuple[Index, ...], level: int) -> Array:
        """The values of a quantity at a level: points first, then its axes."""
        arithmetic = self.arithmetic
        if isinstance(arithmetic, Reals) and name == r"\pi" and name not in self.arena.declared:
            return arithmetic.pi()
        if isinstance(arithmetic, Reals) or name in self.arena.labels:
            level = 0
        number = self.arena.moved.get(name, MANY)
        if number < self.systems and self.solve is not None:
            if (name, level) not in self.solved:
                self.solved.update({(own, level): values for own, values in self.solve(self, number, level).items()})
            return self.solved[name, level]
        found = self.drawn.get((name, level))
        if found is None:
            known, shape = self.known(name), (self.points, *self.shape(name))
            generators = partial(self._rng, name)
            if name in self.arena.labels:
                found = self._labels(name)
            elif isinstance(arithmetic, Tower):
                found = drawing.residues(generators, known, shape, arithmetic, level, self.kinks)
            else:
                found = drawing.reals(generators, known, shape, self.style, self.kinks)
                found = drawing.precise(found, known, arithmetic)
            if name in self.arena.hessians:
                found = self._symmetric(found, self.arena.hessians[name], level)
            self.drawn[name, level] = found
        return found

    def forget(self) -> None:
        """Forgets the values of quantities that are gone."""
        for key in [key for key in self.drawn if key[0] not in self.arena.shapes]:
            del self.drawn[key]

    def _symmetric(self, values: Array, count: int, level: int) -> Array:
        """A second derivative twice by the same array: its last axes and those before them may change places."""
        own = values.ndim - 2 * count
        order = (*range(own), *range(own + count, own + 2 * count), *range(own, own + count))
        return self.arithmetic.reduce(values + values.transpose(order), level)

    def _labels(self, name: str) -> Array:
        """Class labels: numbers from 1 to the number of classes, the same at every level."""
        size = self.arena.labels[name]
        count = size if isinstance(size, int) else self.sizes[size]
        labels = self._rng(name, 97).integers(1, count + 1, (self.points, *self.shape(name)))
        return labels if isinstance(self.arithmetic, Tower) else self.arithmetic.wrapped(labels.astype(float))

    def _rng(self, name: str, level: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(seed_of(name) + 7919 * level + 104729 * self.seed + self.salt))
