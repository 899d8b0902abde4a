"""Random inputs: small distinct sizes, and arrays with the properties that a record names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Shape = Sequence[str | int]


def draw_sizes(
    shapes: Mapping[str, Shape], flags: Mapping[str, Sequence[str]], random: np.random.Generator
) -> dict[str, int]:
    """Sizes from 2 to 6, none 1; a matrix that is `tall` has two rows more than columns."""
    names = sorted({size for shape in shapes.values() for size in shape if isinstance(size, str)})
    order = random.permutation([2, 3, 4, 5, 6])
    sizes = {name: int(order[k % 5]) for k, name in enumerate(names)}
    for name, properties in flags.items():
        if "tall" in properties:
            rows, columns = (str(size) for size in shapes[name])
            sizes[rows] = max(sizes[rows], sizes[columns] + 2)
    return sizes


def draw_array(shape: tuple[int, ...], properties: Sequence[str], random: np.random.Generator) -> Any:
    """A random array; a ValueError for a property that is not known."""
    array: Any = np.asarray(random.normal(size=shape))
    for name in properties:
        if name not in PROPERTIES:
            raise ValueError(f"unknown property {name!r}")
        array = PROPERTIES[name](array, random)
    return np.asarray(array, dtype=float)


def _positive(array: Any, random: np.random.Generator) -> Any:
    return random.uniform(0.3, 2, size=array.shape)


def _probability(array: Any, random: np.random.Generator) -> Any:
    return random.uniform(0.1, 0.9, size=array.shape)


def _simplex(array: Any, random: np.random.Generator) -> Any:
    weights = random.uniform(0.1, 1, size=array.shape)
    return weights / weights.sum(axis=-1, keepdims=True)


def _one_hot_rows(array: Any, random: np.random.Generator) -> Any:
    rows, columns = array.shape
    return np.eye(columns)[random.integers(0, columns, size=rows)]


PROPERTIES: Mapping[str, Callable[[Any, np.random.Generator], Any]] = {
    "pos": _positive,
    "prob": _probability,
    "bin": lambda array, random: random.integers(0, 2, size=array.shape),
    "pm1": lambda array, random: 2 * random.integers(0, 2, size=array.shape) - 1,
    "simplex": _simplex,
    "rsimplex": _simplex,
    "ronehot": _one_hot_rows,
    "sym": lambda array, random: array + array.T,
    "spd": lambda array, random: array @ array.T + np.eye(len(array)),
    "inv": lambda array, random: array + 3 * np.eye(len(array)),
    "big": lambda array, random: np.abs(array) + 25,
    "tall": lambda array, random: array,
}
