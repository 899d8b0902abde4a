"""Values along an axis: where they are largest, and one step before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

TIED = 1e-12
SAME = 1e-9


def at_largest(body: Array, value: Array, where: Array | None = None, *, nan: Any, agree: bool) -> Array:
    """The value along the first dimension where the body is largest and ``where`` is not 0; NaN in a body stays."""
    here = np.ones(body.shape, dtype=bool) if where is None else np.asarray(where != 0, dtype=bool)
    top = np.full(body.shape[1:], -math.inf, dtype=body.dtype)
    for row, is_in in zip(body, here, strict=True):
        top = np.where(is_in & np.asarray((row > top) | (row != row), dtype=bool), row, top)
    near = here & np.asarray(body >= top - TIED * (1 + np.abs(top)), dtype=bool)
    first = np.asarray(here & (body == top), dtype=bool).argmax(axis=0)[None]
    result: Array = np.take_along_axis(value, first, axis=0)[0]
    unknown = (top != top) | ~here.any(axis=0)
    if value is not body:
        apart = near & ~np.asarray(np.abs(value - result) <= SAME * (1 + np.abs(result)), dtype=bool)
        unknown = unknown | (apart.any(axis=0) if agree else near.sum(axis=0) > 1)
    return np.where(np.asarray(unknown, dtype=bool), nan, result)


def one_before(first: tuple[Array, Array | None], values: tuple[Array, Array | None]) -> tuple[Array, Array | None]:
    """What stands one step before along the first axis."""

    def moved(one: Array, other: Array) -> Array:
        return np.concatenate([one[:, :1], other[:, :-1]], axis=1)

    flaws = [np.zeros(values[0].shape, dtype=bool) if one is None else one for one in (first[1], values[1])]
    is_whole = first[1] is None and values[1] is None
    return moved(first[0], values[0]), None if is_whole else moved(*flaws)


def same_values(left: Array | None, right: Array | None) -> bool:
    """Whether two arrays have the same values; where one has none, the other has none."""
    if left is None or right is None:
        return left is right
    return left.shape == right.shape and bool(np.all((left == right) | ((left != left) & (right != right))))
