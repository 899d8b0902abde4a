"""Exact arithmetic in towers of prime fields, with a chain of primes of its own at each point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.salt import seed_of
from truestep.checkers.comparing.towers import Tables, circle_order, circles, tables
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Flawed = tuple[Array, Array | None]  # values, and where a point has none

MAX_CONSTANTS = 256
ANGLES = 16  # level n + ANGLES is where angles live whose cosines live at level n
WHOLE = 32  # the level of whole numbers, as residues mod a prime that is larger than all of them
LARGEST = 2**31 - 1


class Tower:
    """The value of a term at a level is a residue mod the prime of that level, of another chain at each point.

    >>> Tower(((96959, 48479), (137279, 68639)), 3).primes(0)
    array([ 96959, 137279,  96959])
    """

    exact = True
    cost = 0.01  # microseconds for one step of arithmetic

    def __init__(self, chains: Sequence[tuple[int, ...]], points: int) -> None:
        self.chains, self.points = chains, points
        self.levels = len(chains[0])
        self._turn = np.arange(points) % len(chains)
        self._moduli: dict[tuple[int, int], Array] = {}
        self._constants: dict[tuple[int, int, int], Array] = {}

    def reaches(self, level: int) -> bool:
        """Whether the tower has this level."""
        return 0 <= level < self.levels or 0 <= level - ANGLES < self.levels or level == WHOLE

    def at(self, level: int) -> tuple[int, ...]:
        """The prime of a level in each chain."""
        if level == WHOLE:
            return (LARGEST,) * len(self.chains)
        if level >= ANGLES:
            return tuple(circle_order(chain[level - ANGLES]) for chain in self.chains)
        return tuple(chain[level] for chain in self.chains)

    def primes(self, level: int, dimensions: int = 1) -> Array:
        """The prime of a level at each point, shaped to stand beside arrays of so many dimensions."""
        found = self._moduli.get((level, dimensions))
        if found is None:
            found = self._moduli[level, dimensions] = self._spread(np.array(self.at(level)), dimensions)
        return found

    def _spread(self, of_chains: Array, dimensions: int) -> Array:
        """What belongs to each chain, at each point."""
        spread: Array = of_chains[self._turn].reshape(-1, *[1] * (dimensions - 1))
        return spread

    def _powers(self, exponents: Array, level: int) -> Array:
        table = self._tables(level)
        found: Array = table.powers[exponents + self._spread(table.powers_at, exponents.ndim)]
        return found

    def _logarithms(self, values: Array, level: int) -> Array:
        table = self._tables(level)
        found: Array = table.logarithms[values + self._spread(table.logarithms_at, values.ndim)]
        return found

    def _tables(self, level: int) -> Tables:
        return tables(self.at(level))

    def constant(self, value: Fraction, level: int) -> Array:
        """A rational number as a residue."""
        key = (value.numerator, value.denominator, level)
        found = self._constants.get(key)
        if found is None:
            if len(self._constants) >= MAX_CONSTANTS:
                self._constants.clear()
            residues = [value.numerator % p * pow(value.denominator, -1, p) % p for p in self.at(level)]
            found = self._constants[key] = self._spread(np.array(residues, dtype=np.int64), 1)
        return found

    def whole(self, values: Array) -> Array:
        """Whole numbers from their residues at the level of whole numbers."""
        numbers: Array = np.where(values > LARGEST // 2, values - LARGEST, values)
        return numbers

    def reduce(self, values: Array, level: int) -> Array:
        """Back into the field after a sum or a product."""
        prime = self._moduli.get((level, values.ndim))
        return values % (self.primes(level, values.ndim) if prime is None else prime)

    def power(self, values: Array, exponent: int | Array, level: int) -> Flawed:
        """An integer power; a negative power of 0 does not exist, and no power 0 of it."""
        prime = self.primes(level, values.ndim)
        if isinstance(exponent, int) and 1 < exponent < 4:
            square = values * values % prime
            return (square if exponent == 2 else square * values % prime), None
        if level == WHOLE:  # no table is that long
            return self.whole(values) ** exponent % prime, None
        result = self._powers(self._logarithms(values, level) * (exponent % (prime - 1)) % (prime - 1), level)
        if np.count_nonzero(values) == values.size:
            return result, None
        zero = values == 0
        return np.where(zero, 0, result), (zero & (np.asarray(exponent) <= 0))

    def root(self, values: Array, exponent: Fraction, level: int) -> Flawed:
        """A rational power of a square: the root that is itself a square."""
        orders = [(p - 1) // 2 for p in self.at(level)]
        factor = np.array([exponent.numerator * pow(exponent.denominator, -1, order) % order for order in orders])
        logs = self._logarithms(values, level)
        order = self._spread(np.array(orders), values.ndim)
        result = self._powers(logs // 2 * self._spread(factor, values.ndim) % order * 2, level)
        return result, (logs % 2 == 1) | (values == 0)

    def sign(self, values: Array, level: int) -> Array:
        """The Legendre symbol."""
        return np.where(values == 0, 0, 1 - 2 * (self._logarithms(values, level) % 2))

    def exp(self, values: Array, level: int) -> Array:
        """The exponential, from values one level below."""
        return self._powers(2 * values, level)

    def log(self, values: Array, level: int) -> Flawed:
        """The logarithm of the absolute value, from values one level above."""
        logs = self._logarithms(values, level - 1)
        order = self.primes(level, values.ndim)
        # |v| is v or -v, whichever is a square; log(-v) = log v + (p - 1)/2, and (p - 1)/2 is odd.
        return np.where(logs % 2 == 0, logs // 2, (logs + order) % (2 * order) // 2), values == 0

    def function(self, op: str, data: Any, values: Array, level: int) -> Flawed:
        """A function that has no law in the field but being a function (and odd where it is)."""
        prime = self.primes(level, values.ndim)
        if op in ("sin", "cos"):
            cosines, sines, begin = circles(self.at(level))
            return (sines if op == "sin" else cosines)[values + self._spread(begin, values.ndim)], None
        if op in BY_NAME and BY_NAME[op].odd:
            sign = self.sign(values, level)
            return sign * self._random(op, sign * values % prime, prime) % prime, None
        return self._random(f"{data}", values, prime), None

    @staticmethod
    def _random(name: str, values: Array, prime: Array) -> Array:
        mixed = (values.astype(np.uint64) + np.uint64(seed_of(name))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        return (mixed % prime.astype(np.uint64)).astype(np.int64)

    def positive(self, values: Array, level: int) -> Array:
        """1 where the value counts as positive."""
        result: Array = (self.sign(values, level) == 1).astype(np.int64)
        return result

    def less(self, left: Array, right: Array, level: int) -> Array:
        """1 where one small integer is below another."""
        gap = self.reduce(right - left, level)
        return ((gap > 0) & (gap < self.primes(level, gap.ndim) // 2)).astype(np.int64)

    def is_zero(self, values: Array) -> Array:
        """1 where the value is 0."""
        result: Array = (values == 0).astype(np.int64)
        return result

    def inverse(self, matrices: Array, level: int) -> tuple[Array, Array]:
        """Inverses and determinants of stacks of matrices, a stack for each point; the inverse of a singular one is 0.

        Gauss-Jordan elimination of all matrices at once.
        """
        *stack, size, _ = matrices.shape
        dimensions = len(stack)
        prime = self.primes(level, dimensions + 2)
        rows = np.concatenate((matrices, np.broadcast_to(np.eye(size, dtype=np.int64), matrices.shape)), axis=-1)
        determinant = np.ones(stack, dtype=np.int64)
        for column in range(size):
            pivot = column + (rows[..., column:, column] != 0).argmax(axis=-1)[..., None, None]
            if (pivot != column).any():
                order = np.where(np.arange(size)[:, None] == column, pivot, np.arange(size)[:, None])
                order = np.where((np.arange(size)[:, None] == pivot), column, order)
                rows = np.take_along_axis(rows, order, axis=-2)
                determinant = np.where(pivot[..., 0, 0] == column, determinant, -determinant)
            head = rows[..., column, column]
            determinant = self.reduce(determinant * head, level)
            scaled = rows[..., column, :] * self.power(head, -1, level)[0][..., None] % prime[..., 0]
            rows = (rows - rows[..., :, column, None] * scaled[..., None, :]) % prime
            rows[..., column, :] = scaled
        return np.where(determinant[..., None, None] == 0, 0, rows[..., size:]), determinant
