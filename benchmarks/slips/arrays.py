"""Arrays with rows and columns: put together entry by entry, multiplied, arranged as a derivative."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Unsupported(Exception):
    """This is not evaluated here."""


class Misshapen(Exception):
    """These shapes do not fit: the line says nothing."""


def together(change: Callable[..., Array], values: Sequence[Array]) -> Array:
    """Entry by entry; a scalar stands at every place."""
    shapes = {value.shape for value in values if value.size != 1}
    if len(shapes) > 1:
        raise Misshapen("entry by entry")
    if shapes and any(value.size == 1 for value in values):
        values = [value.reshape(()) if value.size == 1 else value for value in values]
    return np.asarray(change(*values))


def folded(factors: Sequence[Array], signs: Sequence[str]) -> Array:
    """The product from left to right; the shapes say which product each is."""
    out = factors[0]
    for factor, sign in zip(factors[1:], signs[1:], strict=True):
        out = _multiplied(out, sign, factor)
    return out


def _multiplied(left: Array, sign: str, right: Array) -> Array:
    if left.size == 1 or right.size == 1:
        return together(np.multiply, [left, right])
    if sign in ("odot", "circ"):
        return together(np.multiply, [left, right])
    if sign not in ("", "cdot", "times"):
        raise Unsupported(sign)
    if left.ndim == 2 == right.ndim and left.shape[1] == right.shape[0]:
        return np.asarray(left @ right)
    if left.shape == right.shape and 1 in left.shape:
        return np.full((1, 1), (left * right).sum()) if sign == "cdot" else left * right
    raise Misshapen("a product")


def arranged(found: tuple[Array, tuple[int, ...]], numerator: bool) -> Array:
    """A derivative in a layout: that of a scalar is shaped as the bottom, a Jacobian has the bottom's rows."""
    parts, below = found
    top = parts.shape[1:]
    if np.prod(top) == 1:
        out = parts.reshape(below)
        return out.T if numerator and len(below) == 2 else out
    if np.prod(below) == 1:
        return parts.reshape(top)
    if 1 in top and 1 in below:
        out = parts.reshape(int(np.prod(below)), int(np.prod(top)))
        return out.T if numerator else out
    return parts.reshape([size for size in (*below, *top) if size != 1])
