"""Arithmetic in a tower of prime fields, and in the reals, at double precision or at many digits."""

from __future__ import annotations

import math
import zlib
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.towers import Field, field
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Flawed = tuple[Array, Array | None]  # values, and where a point has none


ROUNDING = {"floor": "floor", "ceiling": "ceil"}


def seed_of(text: str) -> int:
    """A number that belongs to a text, the same in every run."""
    return zlib.crc32(text.encode())


class Tower:
    """Exact arithmetic: the value of a term at a level is a residue mod the prime of that level."""

    exact = True

    def __init__(self, chain: tuple[int, ...]) -> None:
        self.chain = chain

    def reaches(self, level: int) -> bool:
        """Whether the tower has this level."""
        return 0 <= level < len(self.chain)

    def prime(self, level: int) -> int:
        """The prime of a level."""
        return self.chain[level]

    def field(self, level: int) -> Field:
        """The field of a level."""
        return field(self.chain[level])

    def constant(self, value: Fraction, level: int) -> Array:
        """A rational number as a residue."""
        prime = self.chain[level]
        return np.array([value.numerator % prime * pow(value.denominator, -1, prime) % prime], dtype=np.int64)

    def reduce(self, values: Array, level: int) -> Array:
        """Back into the field after a sum or a product."""
        return values % self.chain[level]

    def power(self, values: Array, exponent: int, level: int) -> Flawed:
        """An integer power; a negative power of 0 does not exist."""
        prime = self.chain[level]
        if exponent == 2:
            return values * values % prime, None
        table = self.field(level)
        result = table.powers[table.logarithms[values] * (exponent % (prime - 1)) % (prime - 1)]
        zero = values == 0
        if not zero.any():
            return result, None
        return np.where(zero, 0, result), (zero if exponent < 0 else None)

    def root(self, values: Array, exponent: Fraction, level: int) -> Flawed:
        """A rational power of a square: the root that is itself a square."""
        table = self.field(level)
        order = (self.chain[level] - 1) // 2
        logs = table.logarithms[values]
        factor = exponent.numerator * pow(exponent.denominator, -1, order) % order
        result = table.powers[logs // 2 * factor % order * 2]
        return result, (logs % 2 == 1) | (values == 0)

    def sign(self, values: Array, level: int) -> Array:
        """The Legendre symbol."""
        return np.where(values == 0, 0, 1 - 2 * (self.field(level).logarithms[values] % 2))

    def exp(self, values: Array, level: int) -> Array:
        """The exponential, from values one level below."""
        result: Array = self.field(level).powers[2 * values]
        return result

    def log(self, values: Array, level: int) -> Flawed:
        """The logarithm of the absolute value, from values one level above."""
        above = self.field(level - 1)
        logs = above.logarithms[values]
        order = (above.prime - 1) // 2
        # |v| is v or -v, whichever is a square; log(-v) = log v + (p - 1)/2, and (p - 1)/2 is odd.
        return np.where(logs % 2 == 0, logs // 2, (logs + order) % (2 * order) // 2), values == 0

    def function(self, op: str, data: Any, values: Array, level: int) -> Flawed:
        """A function that has no law in the field but being a function (and odd where it is)."""
        prime = self.chain[level]
        if op in ("sin", "cos"):
            square = (1 + values * values) % prime
            inverse, bad = self.power(square, -1, level)
            return (2 * values if op == "sin" else 1 - values * values % prime) % prime * inverse % prime, bad
        if op in BY_NAME and BY_NAME[op].odd:
            sign = self.sign(values, level)
            return sign * self._random(op, sign * values % prime, prime) % prime, None
        return self._random(f"{data}", values, prime), None

    @staticmethod
    def _random(name: str, values: Array, prime: int) -> Array:
        mixed = (values.astype(np.uint64) + np.uint64(seed_of(name))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        return (mixed % np.uint64(prime)).astype(np.int64)

    def positive(self, values: Array, level: int) -> Array:
        """1 where the value counts as positive."""
        result: Array = (self.sign(values, level) == 1).astype(np.int64)
        return result

    def less(self, left: Array, right: Array, level: int) -> Array:
        """1 where one small integer is below another."""
        prime = self.chain[level]
        gap = (right - left) % prime
        return ((gap > 0) & (gap < prime // 2)).astype(np.int64)

    def is_zero(self, values: Array) -> Array:
        """1 where the value is 0."""
        result: Array = (values == 0).astype(np.int64)
        return result

    def inverse(self, matrices: Array, level: int) -> tuple[Array, Array]:
        """Inverses and determinants of a stack of matrices; the inverse of a singular one is 0."""
        prime = self.chain[level]
        pairs = [_inverse_mod(matrix.tolist(), prime) for matrix in matrices]
        return np.array([pair[0] for pair in pairs], dtype=np.int64), np.array(
            [pair[1] for pair in pairs], dtype=np.int64
        )


def _inverse_mod(matrix: list[list[int]], prime: int) -> tuple[list[list[int]], int]:
    """Gauss-Jordan elimination mod a prime."""
    size, determinant = len(matrix), 1
    rows = [row + [int(i == j) for j in range(size)] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = next((k for k in range(column, size) if rows[k][column] % prime), None)
        if pivot is None:
            return [[0] * size for _ in range(size)], 0
        if pivot != column:
            rows[column], rows[pivot] = rows[pivot], rows[column]
            determinant = -determinant
        head = rows[column][column]
        determinant = determinant * head % prime
        scale = pow(head, -1, prime)
        rows[column] = [value * scale % prime for value in rows[column]]
        for other in range(size):
            if other != column and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [(a - factor * b) % prime for a, b in zip(rows[other], rows[column], strict=True)]
    return [row[size:] for row in rows], determinant % prime


@lru_cache(maxsize=2)
def _context(digits: int) -> Any:
    import mpmath

    context = mpmath.mp.clone()
    context.dps = digits
    return context


class Reals:
    """Real arithmetic in doubles, or at as many digits as ``digits`` says; a value that does not exist is NaN."""

    exact = False

    def __init__(self, digits: int | None = None) -> None:
        self.digits = digits
        if digits:
            self.mp = _context(digits)

    def reaches(self, level: int) -> bool:
        """The reals have no levels."""
        return True

    def wrapped(self, values: Array) -> Array:
        """Doubles as numbers of this precision."""
        if not self.digits:
            return values
        precise: Array = np.frompyfunc(self.mp.mpf, 1, 1)(values)
        return precise

    def nan(self) -> Any:
        """The value that does not exist."""
        return self.mp.nan if self.digits else math.nan

    def pi(self) -> Array:
        """The number pi."""
        return np.array([+self.mp.pi], dtype=object) if self.digits else np.array([math.pi])

    def constant(self, value: Fraction, level: int) -> Array:
        """A rational number."""
        if self.digits:
            return np.array([self.mp.mpf(value.numerator) / value.denominator], dtype=object)
        try:
            return np.array([value.numerator / value.denominator])
        except OverflowError:
            return np.array([math.nan])

    def reduce(self, values: Array, level: int) -> Array:
        """Nothing to reduce."""
        return values

    def each(self, name: str, values: Array) -> Array:
        """An elementary function of every value; outside its domain NaN."""
        if not self.digits:
            double = getattr(np, ROUNDING.get(name) or BY_NAME[name].numpy, None)
            with np.errstate(all="ignore"):
                result: Array = (double or np.vectorize(getattr(math, name), otypes=[float]))(values)
                return result
        return self._map(ROUNDING.get(name) or BY_NAME[name].cas, values)

    def _map(self, name: str, values: Array) -> Array:
        function = getattr(self.mp, name)

        def one(value: Any) -> Any:
            if name == "exp" and abs(value) > 10**5:
                return self.mp.nan
            made = function(value)
            return made if isinstance(made, self.mp.mpf) and self.mp.isfinite(made) else self.mp.nan

        result: Array = np.frompyfunc(one, 1, 1)(values)
        return result

    def power(self, values: Array, exponent: int, level: int) -> Flawed:
        """An integer power."""
        with np.errstate(all="ignore"):
            if exponent >= 0:
                return values**exponent, None
            if self.digits:
                return np.frompyfunc(lambda v: self.mp.nan if v == 0 else v**exponent, 1, 1)(values), None
            return np.where(values == 0, math.nan, np.where(values == 0, 1.0, values) ** float(exponent)), None

    def root(self, values: Array, exponent: Fraction, level: int) -> Flawed:
        """A rational power of a positive number; 0 where its derivative would not exist is left to the caller."""
        if self.digits:
            ratio = self.mp.mpf(exponent.numerator) / exponent.denominator
            return np.frompyfunc(
                lambda v: self.mp.nan if v < 0 or (v == 0 and exponent < 0) or v != v else v**ratio, 1, 1
            )(values), None
        with np.errstate(all="ignore"):
            bad = (values < 0) | ((values == 0) & (exponent < 0))
            return np.where(bad, math.nan, np.where(bad, 1.0, values) ** float(exponent)), None

    def sign(self, values: Array, level: int) -> Array:
        """The sign."""
        if self.digits:
            result: Array = np.frompyfunc(lambda v: self.mp.sign(v), 1, 1)(values)
            return result
        return np.sign(values)

    def exp(self, values: Array, level: int) -> Array:
        """The exponential."""
        return self.each("exp", values)

    def log(self, values: Array, level: int) -> Flawed:
        """The natural logarithm."""
        if self.digits:
            return self.each("log", values), None
        with np.errstate(all="ignore"):
            return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), math.nan), None

    def function(self, op: str, data: Any, values: Array, level: int) -> Flawed:
        """Elementary functions; an unspecified one is a wave that belongs to its name."""
        if op != "opaque":
            return self.each(op, values), None
        name, order = data
        if name in ROUNDING:
            if order:
                raise MeaningFault(f"the derivative of {name} is not decided here")
            return self.each(name, values), None
        rate, shift = 0.5 + seed_of(f"rate {name}") % 97 / 97, seed_of(f"shift {name}") % 89 / 14
        quarter = self.mp.pi / 2 if self.digits else math.pi / 2
        return rate**order * 2 * self.each("sin", rate * values + shift + order * quarter), None

    def positive(self, values: Array, level: int) -> Array:
        """1 where the value is positive; NaN stays."""
        result: Array = (values > 0) * 1 + values * 0
        return result

    def less(self, left: Array, right: Array, level: int) -> Array:
        """1 where one number is below another."""
        return (left < right) * 1

    def is_zero(self, values: Array) -> Array:
        """1 where the value is 0."""
        result: Array = (values == 0) * 1 + values * 0
        return result

    def inverse(self, matrices: Array, level: int) -> tuple[Array, Array]:
        """Inverses and determinants of a stack of matrices."""
        inverses, determinants = [], []
        for matrix in matrices:
            if self.digits:
                whole = self.mp.matrix(matrix.tolist())
                determinant = self.mp.det(whole)
                regular = abs(determinant) > self.mp.mpf(10) ** -(self.digits // 2)
                inverse = (whole**-1).tolist() if regular else [[self.mp.nan] * len(matrix)] * len(matrix)
                inverses.append(np.array(inverse, dtype=object))
            else:
                finite = bool(np.isfinite(matrix).all())
                determinant = np.linalg.det(matrix) if finite else math.nan
                good = finite and abs(determinant) > 1e-9
                inverses.append(np.linalg.inv(matrix) if good else np.full(matrix.shape, math.nan))
            determinants.append(determinant)
        return np.array(inverses), np.array(determinants)
