"""Arithmetic in the reals, in doubles or at many digits."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.salt import seed_of
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Flawed = tuple[Array, Array | None]  # values, and where a point has none


@lru_cache(maxsize=64)
def _context(digits: int, thread: int) -> Any:
    """A context of one thread: mpmath changes its precision while it computes."""
    import mpmath

    context = mpmath.mp.clone()
    context.dps = digits
    return context


SINGULAR = 1e-13
MOST_SPECTRA = 100
ROUNDING = {"floor": "floor", "ceiling": "ceil"}


class Reals:
    """Real arithmetic in doubles, or at as many digits as ``digits`` says; a value that does not exist is NaN."""

    exact = False

    def __init__(self, digits: int | None = None) -> None:
        self.digits = digits
        self.cost = 1.5 if digits else 0.005  # microseconds for one step of arithmetic
        if digits:
            self.mp = _context(digits, get_ident())
            self.spectra: dict[tuple[Any, ...], tuple[Array, Array]] = {}

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
        limit = 10 ** (self.digits // 4) if name in ("sin", "cos") and self.digits else self.mp.inf

        def one(value: Any) -> Any:
            if abs(value) > (10**12 if name == "exp" else limit):
                return self.mp.nan
            made = function(value)
            return made if isinstance(made, self.mp.mpf) and self.mp.isfinite(made) else self.mp.nan

        result: Array = np.frompyfunc(one, 1, 1)(values)
        return result

    def whole(self, values: Array) -> Array:
        """Whole numbers as they are."""
        return values

    def power(self, values: Array, exponent: int | Array, level: int) -> Flawed:
        """An integer power; no power 0 of 0."""
        with np.errstate(all="ignore"):
            if not isinstance(exponent, int):
                return self._powers(values, exponent), None
            if exponent >= 0:
                return values**exponent, None
            if self.digits:
                return np.frompyfunc(lambda v: self.mp.nan if v == 0 else v**exponent, 1, 1)(values), None
            return np.where(values == 0, math.nan, np.where(values == 0, 1.0, values) ** float(exponent)), None

    def _powers(self, values: Array, exponents: Array) -> Array:
        """Powers with an exponent for each value."""
        if self.digits:
            each: Array = np.frompyfunc(lambda v, n: self.mp.nan if v == 0 and n <= 0 else v ** int(n), 2, 1)(
                values, exponents
            )
            return each
        return np.where((values == 0) & (exponents <= 0), math.nan, np.asarray(values, dtype=float) ** exponents)

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
        if name == "factorial" and not order:  # n! = Gamma(n + 1)
            return self._gamma(values + 1), None
        if name in (*ROUNDING, "factorial"):
            if order:
                raise MeaningFault(f"the derivative of {name} is not decided here")
            return self.each(name, values), None
        rate, shift = 0.5 + seed_of(f"rate {name}") % 97 / 97, seed_of(f"shift {name}") % 89 / 14
        quarter = self.mp.pi / 2 if self.digits else math.pi / 2
        wave = rate**order * 2 * self.each("sin", rate * values + shift + order * quarter)
        return wave, None

    def _gamma(self, values: Array) -> Array:
        """The gamma function; at its poles, and where it is too large for doubles, no value."""

        def one(value: Any) -> Any:
            try:
                return self.mp.gamma(value) if self.digits else math.gamma(value)
            except (ValueError, OverflowError):
                return self.nan()

        result: Array = np.frompyfunc(one, 1, 1)(values)
        return result if self.digits else result.astype(float)

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
        """Inverses and determinants of stacks of matrices; a singular one has no inverse."""
        stack, each = matrices.shape[:-2], matrices.reshape(-1, *matrices.shape[-2:])
        inverses = np.full(each.shape, self.nan())
        determinants = np.full(len(each), self.nan())
        if self.digits:
            for place, matrix in enumerate(each):
                inverse, determinants[place] = self._eliminated(matrix)
                inverses[place] = inverses[place] if inverse is None else inverse
        else:
            finite = np.isfinite(each).all(axis=(1, 2))
            determinants[finite] = np.linalg.det(each[finite])
            sizes = np.prod(np.sqrt((each * each).sum(axis=-1)), axis=-1)  # Hadamard's bound
            regular = finite & (np.abs(determinants) > SINGULAR * sizes)
            inverses[regular] = np.linalg.inv(each[regular])
        return inverses.reshape(matrices.shape), determinants.reshape(stack)

    def of_spectrum(self, matrices: Array, op: str) -> tuple[Array, Array]:
        """What is made of the values and vectors of stacks of symmetric matrices, of which none is negative.

        The inverse root, the trace of the root, the root of the largest value, the projector on the vector of that,
        and the inverse of its distance from the others, where it is simple.
        """
        stack, each = matrices.shape[:-2], matrices.reshape(-1, *matrices.shape[-2:])
        if not self.digits:
            wholes, numbers = of_spectra(each, op)
            return wholes.reshape(matrices.shape), numbers.reshape(stack)
        wholes, numbers = np.full(each.shape, self.nan()), np.full(len(each), self.nan())
        for place, matrix in enumerate(each):
            largest = abs(matrix).max()
            least = largest * self.mp.mpf(10) ** (10 - self.digits)
            if not largest < math.inf or abs(matrix - matrix.T).max() > least:
                continue
            if op == "inverse root" and (
                largest == 0 or np.linalg.eigvalsh((matrix / largest).astype(float))[0] < SINGULAR
            ):
                continue
            values, vectors = self._eigenvalues(matrix)
            if min(values) <= (least if op == "inverse root" else -least):
                continue
            values = np.where(values > 0, values, values * 0)
            if op in ("trace of root", "largest root"):
                numbers[place] = self.each("sqrt", values if op == "trace of root" else values[-1:]).sum()
                continue
            if op == "inverse root":
                wholes[place] = (vectors / self.each("sqrt", values)) @ vectors.T
            elif len(values) == 1 or values[-1] - values[-2] > least:
                gaps = 1 / (values[-1] - values[:-1])
                kept, top = vectors[:, :-1], vectors[:, -1:]
                wholes[place] = top @ top.T if op == "projector" else (kept * gaps) @ kept.T
            numbers[place] = self.constant(Fraction(1), 0)[0]
        return wholes.reshape(matrices.shape), numbers.reshape(stack)

    def _eigenvalues(self, matrix: Array) -> tuple[Array, Array]:
        """Those of a symmetric matrix, and its vectors."""
        known = self.spectra.get(entries := tuple(matrix.flat))
        if known is None:
            found, basis = self.mp.eigsy(self.mp.matrix(matrix.tolist()))
            known = np.array(list(found), dtype=object), np.array(basis.tolist(), dtype=object)
            if len(self.spectra) < MOST_SPECTRA:
                self.spectra[entries] = known
        return known

    def _eliminated(self, matrix: Array) -> tuple[Array | None, Any]:
        """Gauss-Jordan elimination with the largest pivot; no inverse where all are 0 but for rounding."""
        size = len(matrix)
        if any(value != value or abs(value) == self.mp.inf for value in matrix.flat):
            return None, self.mp.nan
        rows = np.concatenate((matrix, np.eye(size, dtype=int).astype(object) * self.mp.one), axis=1)
        least = max(abs(value) for value in matrix.flat) * self.mp.mpf(10) ** -(self.digits or 0) * 10**10
        determinant = self.mp.one
        for column in range(size):
            pivot = max(range(column, size), key=lambda row: abs(rows[row, column]))
            if abs(rows[pivot, column]) <= least:
                return None, self.mp.zero
            if pivot != column:
                rows[[column, pivot]] = rows[[pivot, column]]
                determinant = -determinant
            determinant *= rows[column, column]
            rows[column] = rows[column] / rows[column, column]
            for other in range(size):
                if other != column:
                    rows[other] = rows[other] - rows[column] * rows[other, column]
        return rows[:, size:], determinant


def of_spectra(each: Array, op: str) -> tuple[Array, Array]:
    """What ``Reals.of_spectrum`` makes of matrices in doubles, of all at once."""
    wholes, numbers = np.full(each.shape, math.nan), np.full(len(each), math.nan)
    largest = np.abs(each).max(axis=(1, 2))
    least = largest * SINGULAR
    is_good = (largest < math.inf) & ~(np.abs(each - each.transpose(0, 2, 1)).max(axis=(1, 2)) > least)
    if op == "inverse root":
        is_good &= largest != 0
        is_good[is_good] = ~(np.linalg.eigvalsh(each[is_good] / largest[is_good, None, None])[:, 0] < SINGULAR)
    places = np.flatnonzero(is_good)
    values, vectors = np.linalg.eigh(each[places])
    kept = ~(values[:, 0] <= (least[places] if op == "inverse root" else -least[places]))
    places, values, vectors = places[kept], values[kept], vectors[kept]
    values = np.where(values > 0, values, values * 0)
    if op in ("trace of root", "largest root"):
        numbers[places] = np.sqrt(values if op == "trace of root" else values[:, -1:]).sum(axis=1)
        return wholes, numbers
    numbers[places] = 1.0
    if op == "inverse root":
        wholes[places] = (vectors / np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
        return wholes, numbers
    if values.shape[1] > 1:
        simple = values[:, -1] - values[:, -2] > least[places]
        places, values, vectors = places[simple], values[simple], vectors[simple]
    others, top = vectors[:, :, :-1], vectors[:, :, -1:]
    gaps = 1 / (values[:, -1:] - values[:, :-1])
    made = (
        top @ top.transpose(0, 2, 1) if op == "projector" else (others * gaps[:, None, :]) @ others.transpose(0, 2, 1)
    )
    wholes[places] = made
    return wholes, numbers
