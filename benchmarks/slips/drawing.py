"""All that a problem leaves open, drawn at random: quantities, what depends on them, labels."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.slips.arrays import Array, Misshapen, Unsupported
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import Dims, Size
from truestep.problems.statements.assumptions import Property, quantity_of
from truestep.problems.statements.prepared import Setting

At = Mapping[str, int]


class Drawing:
    """One drawing of all that a problem leaves open; ``signed`` draws of both signs, else positive."""

    def __init__(self, setting: Setting, sizes: Mapping[str, int], seed: int, signed: bool) -> None:
        self.setting, self.notation, self.sizes = setting, setting.notation, sizes
        self.seed, self.signed = seed, signed
        self.moved: dict[str, Array] = {}
        self.formals: dict[str, Array] = {}
        self.memo: dict[Any, Array] = {}
        self.ranges: Mapping[str, Size] = {}
        self.labels: dict[str, int] = {}
        for name, known in self.notation.indices.items():
            self.labels[name] = int(self.random(name).integers(self.size(known.dims[0])))

    def random(self, *about: str) -> np.random.Generator:
        """Numbers that depend on what they are drawn for alone."""
        return np.random.default_rng([self.seed, *map(ord, "|".join(about))])

    def size(self, size: Size) -> int:
        """A size as a number."""
        if isinstance(size, int):
            return size
        if size not in self.sizes:
            raise Unsupported(f"the size {size}")
        return self.sizes[size]

    def shape(self, dims: Dims) -> tuple[int, ...]:
        """A shape in numbers."""
        return tuple(self.size(size) for size in dims)

    def quantity(self, name: str) -> Array:
        """A named quantity; of a family, the members one after the other."""
        if name in self.moved:
            return self.moved[name]
        if name not in self.memo:
            self.memo[name] = self._made(name)
        return self.memo[name]

    def full_shape(self, name: str) -> tuple[int, ...]:
        """The shape of a quantity, of a family with the number of members first."""
        family = next((one for one in self.notation.families.values() if one.name == name), None)
        if family is not None:
            return (self.size(family.index.dims[0]), *self.shape(family.member.dims))
        declared = self.notation.declared(name)
        if declared is None:
            raise Unsupported(f"the name {name}")
        return self.shape(declared.dims)

    def _made(self, name: str) -> Array:
        found = [pair for pair in (*self.setting.given, *self.setting.assumptions.solved) if self._named(pair) == name]
        if found:
            return self._defined(name, *found[0])
        parents = self.setting.scope.arena.dependencies.get(name)
        if parents:
            return self._dependent(name, [parent for parent, _ in parents])
        return self._drawn(name)

    def _named(self, pair: tuple[Expression, Expression]) -> str:
        found = quantity_of(pair[0], self.notation)
        return found[0] if found is not None else ""

    def _defined(self, name: str, left: Expression, right: Expression) -> Array:
        shape = self.full_shape(name)
        _, indices = quantity_of(left, self.notation) or ("", ())
        if not indices:
            value = np.asarray(self.value(right, self.labels))
            if value.size == 1:
                return np.full(shape, value.flat[0])
            if value.shape != shape:
                raise Unsupported(f"the definition of {name}")
            return value
        out = np.zeros(shape)
        free = [place for place, size in enumerate(shape) if size != 1]
        if len(free) != len(indices) or any(index.head != "index" for index in indices):
            raise Unsupported(f"the definition of {name}")
        for places in itertools.product(*(range(shape[place]) for place in free)):
            at = {**self.labels, **{index.data: place for index, place in zip(indices, places, strict=True)}}
            full = [0] * len(shape)
            for slot, place in zip(free, places, strict=True):
                full[slot] = place
            out[tuple(full)] = self.scalar(right, at)
        return out

    def _dependent(self, name: str, parents: Sequence[str]) -> Array:
        """Something smooth and arbitrary of the parents."""
        shape = self.full_shape(name)
        out = np.zeros(shape)
        for place in np.ndindex(shape):
            for parent in parents:
                value = self.quantity(parent)
                random = self.random(name, parent, str(place))
                tilt, bend = random.normal(size=value.shape), random.normal(size=value.shape)
                out[place] += np.sin((tilt * value).sum() / 2) + (bend * np.cos(value)).sum()
        return out

    def _drawn(self, name: str) -> Array:
        shape, random = self.full_shape(name), self.random(name)
        known = self.setting.assumptions.properties.get(name, Property())
        array = random.normal(size=shape) if self.signed else random.uniform(0.1, 2.5, size=shape)
        if known.low is not None or known.high is not None:
            low = float(known.low) if known.low is not None else float(known.high or 0) - 2
            high = float(known.high) if known.high is not None else low + 2
            array = low + (high - low) * random.uniform(0.1, 0.9, size=shape)
        if array.ndim == 2 and shape[0] == shape[1] != 1:
            array = array + 2 * np.eye(shape[0])  # an inverse is then a moderate one
        if known.symmetric:
            array = array + array.T
        if known.simplex is not None or known.hot is not None:
            axis = [place for place, size in enumerate(shape) if size != 1][known.simplex or 0]
            if known.binary or known.hot is not None:
                return self._one_hot(shape, axis, known, random)
            array = np.abs(array) / np.abs(array).sum(axis=axis, keepdims=True)
        elif known.binary:
            array = random.integers(0, 2, size=shape).astype(float)
        return array

    def _one_hot(self, shape: tuple[int, ...], axis: int, known: Property, random: np.random.Generator) -> Array:
        hot = known.hot
        if hot is not None:
            if len(hot) != 1 or hot[0].head != "index" or hot[0].data not in self.labels:
                raise Unsupported("this one-hot label")
            where = np.full((*shape[:axis], 1, *shape[axis + 1 :]), self.labels[hot[0].data])
        else:
            where = random.integers(shape[axis], size=(*shape[:axis], 1, *shape[axis + 1 :]))
        array = np.zeros(shape)
        np.put_along_axis(array, where, 1.0, axis)
        return array

    # Expressions

    def scalar(self, node: Expression, at: At) -> float:
        """The value of a scalar."""
        value = self.value(node, at)
        if value.size != 1:
            raise Misshapen("a scalar is wanted")
        return float(value.flat[0])

    def value(self, node: Expression, at: At) -> Array:
        """The value of an expression where some indices have values."""
        raise NotImplementedError
