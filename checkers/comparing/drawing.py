"""Values that are drawn for one quantity: residues and real numbers that are all that is assumed of it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.reals import Reals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from truestep.checkers.comparing.arithmetic import Tower
    from truestep.problems.statements.assumptions import Property

    Array = NDArray[Any]
    Generators = Callable[[int], np.random.Generator]

WIDE = ((10.0, 1.0), (10.0, -1.0), (4.0, 0.0), (1.0, 1.0), (1.0, 0.0))  # beyond and within a constant; the sign, if any
ZEROS, PATTERN, REAL = 98, 99, 50  # what a generator is for, beside the residues of a level
FINE = 2**20
AT_CORNERS = 1 / 32  # the parameter of a Dirichlet law whose points are near the corners of the simplex
LARGE_SHARE = 1 / 16  # at large sizes, so that exponentials of sums over many entries stay numbers
NEAR_BOUNDS = (0, 0, 1e-3, 0, 0, -1e-3, 0, 1e-6, 0, 0, -1e-6, 0, 0, 1e-9, 0, -1e-9)  # shares of a range
SCALES = (1.0, 1.0, 0.125, 1.0, 32.0, 1.0, 1e-3, 1e3)


def pattern(generator: np.random.Generator, known: Property, shape: tuple[int, ...]) -> Array:
    """Which of its few values a quantity has; for 0 and 1 one-hot where the entries along an axis sum to one."""
    if known.simplex is None:
        return generator.integers(0, len(known.values) or 2, shape)
    axis = known.simplex + 1
    order = np.argsort(generator.random(shape), axis=axis)
    turn = np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1))
    result: Array = (order == turn % shape[axis]).astype(np.int64)
    return result


def residues(
    generators: Generators, known: Property, shape: tuple[int, ...], by: Tower, level: int, kinks: bool
) -> Array:
    """Residues of a level, the points first."""
    prime = by.primes(level, len(shape))
    if known.binary or known.values:
        chosen = pattern(generators(PATTERN), known, shape)
        if known.binary:
            return chosen
        values = np.zeros(shape, dtype=np.int64)
        for place, value in enumerate(known.values):
            own = by.constant(value, level).reshape(-1, *[1] * (len(shape) - 1))
            values = np.where(chosen == place, own, values)
        return values
    values = generators(level).integers(1, prime, shape)
    if known.low is not None and known.low >= 0:
        values = values * values % prime
    can_be_zero = known.low is None or (known.low == 0 and not known.open)
    if kinks and can_be_zero and not known.nonzero and known.simplex is None and not known.structure:
        values = np.where(_at_zero(generators(ZEROS), shape), 0, values)
    if known.simplex is not None:
        values = np.moveaxis(values, known.simplex + 1, -1)
        values[..., -1] = (1 - values[..., known.first - 1 : -1].sum(axis=-1)) % prime[..., 0]
        values = np.moveaxis(values, -1, known.simplex + 1)
    return with_fixed(structured(values, known, by, level), known, by, level)


def with_fixed(values: Array, known: Property, by: Tower | Reals, level: int) -> Array:
    """The values with those of the entries that are given."""
    for place, value in known.fixed:
        if len(place) == values.ndim - 1 and all(k <= size for k, size in zip(place, values.shape[1:], strict=True)):
            entry: Any = (slice(None), *(k - 1 for k in place))
            values[entry] = by.constant(value, level)
    return values


def reals(generators: Generators, known: Property, shape: tuple[int, ...], style: str, kinks: bool) -> Array:
    """Real numbers in a style, the points first."""
    generator = generators(REAL)
    if known.binary or known.values:
        chosen = pattern(generators(PATTERN), known, shape)
        return chosen.astype(float) if known.binary else np.array([float(one) for one in known.values])[chosen]
    if known.simplex is not None:
        values = _weights(generator, shape, known, style)
        if known.first > 1:  # what stands before is free, and what it had goes to the last entry
            moved = np.moveaxis(values, known.simplex + 1, -1)
            moved[..., -1] += moved[..., : known.first - 1].sum(axis=-1)
            moved[..., : known.first - 1] += 1
        return values
    values = _sampled(generator, shape, known, style)
    free = not known.nonzero and known.low is None and known.high is None and not known.structure
    if kinks and style == "general" and free:
        values = np.where(_at_zero(generators(ZEROS), shape), 0.0, values)
        values[1::8] *= 1000.0
        values[2::8] /= 1024.0
        values[5::8] /= 64.0
    can_be_least = known.low is not None and known.high is None and not known.open and not known.nonzero
    if kinks and style == "general" and can_be_least:
        values = np.where(_at_zero(generators(ZEROS), shape), float(known.low or 0), values)
    return with_fixed(structured(values, known, Reals(), 0), known, Reals(), 0)


def precise(values: Array, known: Property, by: Reals) -> Array:
    """Doubles as numbers of a precision at which what is assumed of them holds as well: a rounded length is not one."""
    made = by.wrapped(values)
    if not by.digits or known.binary:
        return made
    if known.values:
        nearest = np.abs(values[..., None] - np.array([float(one) for one in known.values])).argmin(axis=-1)
        chosen: Array = np.array([by.constant(one, 0)[0] for one in known.values], dtype=object)[nearest]
        return chosen
    if known.structure == "unit" and made.ndim >= 2:
        made = made / by.root((made * made).sum(axis=-1, keepdims=True), Fraction(1, 2), 0)[0]
    if known.structure == "orthogonal" and made.ndim == 3:
        made = _orthonormal(made, by.digits)
    return with_fixed(made, known, by, 0)


def _orthonormal(near: Array, digits: int) -> Array:
    """The orthonormal matrices beside some: Q <- Q (3 I - Q^T Q) / 2 doubles the digits (Björck and Bowie, 1971)."""
    is_tall = near.shape[1] >= near.shape[2]
    made = near if is_tall else near.swapaxes(1, 2)
    for _ in range(max(1, math.ceil(math.log2(digits / 14)))):
        gram = (made[..., :, :, None] * made[..., :, None, :]).sum(axis=-3)
        correction = (3 * np.eye(made.shape[2], dtype=int) - gram) / 2
        made = (made[..., :, :, None] * correction[..., None, :, :]).sum(axis=-2)
    return made if is_tall else made.swapaxes(1, 2)


def structured(values: Array, known: Property, by: Tower | Reals, level: int) -> Array:
    """Values with a structure: symmetric, definite and orthogonal matrices, vectors of length one."""
    if known.structure == "unit" and values.ndim >= 2:  # the stereographic projection onto the sphere
        rest = values[..., :-1]
        square = by.reduce((rest * rest).sum(axis=-1, keepdims=True), level)
        below = by.power(by.reduce(1 + square, level), -1, level)[0]
        return by.reduce(by.reduce(np.concatenate((2 * rest, 1 - square), axis=-1), level) * below, level)
    if not (known.symmetric or known.structure):
        return values
    if values.ndim > 3:  # of each one of a family
        return np.stack([structured(each, known, by, level) for each in values.swapaxes(0, 1)], axis=1)
    if values.ndim < 3:
        return values
    if known.structure == "orthogonal":
        return _orthogonal(values, by, level)
    if values.shape[1] != values.shape[2]:
        return values
    upper = np.triu(values, 1)
    if known.structure == "skew":
        return by.reduce(upper - upper.swapaxes(1, 2), level)
    if known.structure == "definite":
        square = by.reduce((values[..., :, :, None] * values.swapaxes(1, 2)[..., None, :, :]).sum(axis=-2), level)
        return square if by.exact else square + np.eye(values.shape[1]) / 8
    return np.triu(values) + upper.swapaxes(1, 2)


def _orthogonal(values: Array, by: Tower | Reals, level: int) -> Array:
    """Orthonormal columns (or rows): those of (I - S)(I + S)^-1 with S skew, the transform of Cayley."""
    rows, columns = values.shape[1:]
    size = max(rows, columns)
    whole = np.zeros((len(values), size, size), values.dtype)
    whole[:, :rows, :columns] = values
    if by.exact is False:
        whole = whole / (1 + np.abs(whole).max(axis=(1, 2), keepdims=True))
    upper = np.triu(whole + whole.swapaxes(1, 2), 1)
    skew = by.reduce(upper - upper.swapaxes(1, 2), level)
    one = np.eye(size, dtype=values.dtype)
    inverse = by.inverse(by.reduce(one + skew, level), level)[0]
    product = by.reduce((one - skew)[..., :, :, None] * inverse[..., None, :, :], level).sum(axis=-2)
    product[1::2, 0] *= -1  # a reflection at every other point: the determinant is 1 or -1
    return by.reduce(product, level)[:, :rows, :columns]


def _at_zero(generator: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """At every fourth point, half of the entries: where kinks are."""
    chosen = generator.random(shape) < 0.5
    chosen[[p for p in range(shape[0]) if p % 4 != 3]] = False
    return chosen


def _weights(generator: np.random.Generator, shape: tuple[int, ...], known: Property, style: str) -> Array:
    """Numbers that sum to one along an axis: 1/2, 1/4, ... in any order; or no two of them equal.

    Where nothing says that they are positive, at every other point that is not small some are negative.
    """
    assert known.simplex is not None
    axis = known.simplex + 1
    count = shape[axis]
    odd = [(2 * k + 1) / count**2 for k in range(count)]  # 1 + 3 + ... + (2 count - 1) = count^2
    base = np.array(odd if "apart" in style else [0.5 ** min(k + 1, count - 1) for k in range(count)])
    values: Array = base[np.argsort(generator.random(shape), axis=axis)]
    is_drawn = style.startswith("drawn")
    if is_drawn:
        values = generator.dirichlet(np.ones(count), np.delete(shape, axis))
        values[3::4] = generator.dirichlet(np.full(count, AT_CORNERS), np.delete(shape, axis))[3::4]
        _put_beyond(generator, values, [value for value in _constants(style) if 0 < value < 1])
        values = np.moveaxis(values, -1, axis)
    values = _summing_to_one(values, axis)
    if known.low is None and (is_drawn or style == "general") and count > 1:
        moved = np.moveaxis(values, axis, -1)
        moved[1::2, ..., 0] -= 1.5
        moved[1::2, ..., -1] += 1.5
    return values


def _put_beyond(generator: np.random.Generator, values: Array, constants: Sequence[float]) -> None:
    """At some points the entry of each last axis that is to be the largest is beyond a written constant."""
    for place, value in enumerate(constants[: len(values) // 4]):
        some = values[2 + 4 * place :: 4 * len(constants)]
        largest = np.expand_dims(some.argmax(axis=-1), -1)
        now = np.take_along_axis(some, largest, -1)
        beyond = value + (1 - value) * generator.random(now.shape)
        some *= (1 - beyond) / np.maximum(1 - now, 2.0**-40)
        np.put_along_axis(some, largest, beyond, -1)


def _summing_to_one(values: Array, axis: int) -> Array:
    """Positive numbers whose sum is one but for rounding, as multiples of 2^-40 whose sum is one at any precision."""
    steps = np.maximum(np.rint(values * 2.0**40), 1.0)
    largest = np.expand_dims(steps.argmax(axis=axis), axis)
    rest = 2.0**40 - steps.sum(axis=axis, keepdims=True)
    np.put_along_axis(steps, largest, np.take_along_axis(steps, largest, axis) + rest, axis)
    return steps / 2.0**40


def _sampled(generator: np.random.Generator, shape: tuple[int, ...], known: Property, style: str) -> Array:
    """Numbers in the assumed range: integers and halves in small style, else eighths; no two equal where apart."""
    if style.startswith(("drawn", "many")):
        return _drawn(generator, shape, known, _constants(style), LARGE_SHARE if "large" in style else 1.0)
    low = None if known.low is None else float(known.low)
    high = None if known.high is None else float(known.high)
    apart = generator.integers(1, FINE, shape) / FINE if "apart" in style else None
    if low is not None and high is not None:
        return low + (high - low) * (generator.integers(1, 8, shape) / 8 if apart is None else apart)
    if style.startswith(("near", "level")) and known.low is None and known.high is None and not known.nonzero:
        return _near(generator, shape, _constants(style), style.startswith("level"))
    if style == "small":
        values = generator.integers(1, 4, shape).astype(float)
        signs = np.where(generator.random(shape) < 0.4, -1.0, 1.0)
    else:
        values = generator.integers(1, 20, shape) / 8 if apart is None else apart
        signs = np.where(generator.random(shape) < 0.5, -1.0, 1.0)
    if style == "large":
        values = values * LARGE_SHARE
    if style == "positive":
        signs = np.ones(shape)
    if low is not None:
        return low + values
    return high - values if high is not None else values * signs


def _constants(style: str) -> list[float]:
    """The numbers in the name of a style."""
    return [float(word) for word in style.split() if word[-1].isdigit()]


def opposite_points(style: str, points: int) -> list[tuple[int, int]]:
    """For each written constant two of the points that are drawn, far beyond it on either side."""
    count = len(_constants(style))
    begins = [points - len(WIDE) * (count - k) for k in range(count if points > 2 * len(WIDE) * count else 0)]
    return [(begin, begin + 1) for begin in begins]


def moderate_points(points: int) -> Array:
    """Which of the points that are drawn are near 1 in size."""
    scales = np.array(SCALES)[np.arange(points) % len(SCALES)]
    return (scales <= 1) & (scales >= 0.1)


def _drawn(
    generator: np.random.Generator, shape: tuple[int, ...], known: Property, constants: Sequence[float], shrink: float
) -> Array:
    """Numbers of many binary places, at scales from 1e-3 to 1e3 and of both signs, within the bounds.

    Some are at the scale of a written constant, or of its inverse.
    """
    points = (-1, *[1] * (len(shape) - 1))
    scales = np.array(SCALES)[np.arange(shape[0]) % len(SCALES)]
    signs = np.where(generator.random(shape) < 0.5, -1.0, 1.0)
    signs = np.where((np.arange(shape[0]) % 4 == 1).reshape(points), 1.0, signs)
    if constants and shape[0] > 2 * len(WIDE) * len(constants):
        far = [(value * share if share > 1 else share / value, sign) for value in constants for share, sign in WIDE]
        scales[-len(far) :] = [scale for scale, _ in far]
        given = np.array([sign for _, sign in far]).reshape(points)
        signs[-len(far) :] = np.where(given == 0, signs[-len(far) :], given)
    scale = scales.reshape(points)
    share = generator.random(shape)
    if known.low is not None and known.high is not None:
        near = np.array(NEAR_BOUNDS)[np.arange(shape[0]) % len(NEAR_BOUNDS)].reshape(points)
        share = np.where(near < 0, 1 + near * share, np.where(near > 0, near * share, share))
        return float(known.low) + float(known.high - known.low) * share
    values = scale * 10.0 ** (1.2 * share - 0.9) * shrink
    if known.low is not None:
        return float(known.low) + values
    return float(known.high) - values if known.high is not None else values * signs


def _near(generator: np.random.Generator, shape: tuple[int, ...], thresholds: list[float], level: bool) -> Array:
    """Numbers at, beside and far beyond some thresholds, of both signs, and small ones; near each other where level."""
    pool = [0.5, -0.5, 1.5, 0.0, 1e-3, -1e-3]
    for value in thresholds:
        pool += [value, -value, value / 2, 2 * value, -2 * value, value + 0.5, value - 0.5]
    if level:
        heights = np.array(pool)[generator.integers(0, len(pool), (shape[0], *[1] * (len(shape) - 1)))]
        return np.asarray(heights + generator.integers(-FINE, FINE, shape) / (8 * FINE))
    chosen: Array = np.array(pool)[generator.integers(0, len(pool), shape)]
    return chosen
