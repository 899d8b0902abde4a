"""Towers of prime fields: chains p > q > ... with p = 2q + 1, and their tables of logarithms.

The squares mod p are a cyclic group of q elements, so the additive group mod q maps onto them as the reals map onto the
positive reals by exp.  In every chain -1 is a non-residue and 2 and 3 are residues at every level, 5 in all but those
for sine and cosine.  There p + 1 has a large prime factor r, and the additive group mod r maps into the circle
c^2 + s^2 = 1 mod p as the reals map onto the unit circle by cos and sin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing.salt import drawn_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

CHAINS_AT_ONCE = 3
HEADS = {  # the first primes of chains with so many levels
    2: (
        *(90239, 91199, 92399, 94559, 95279, 96479, 99119, 99839, 107279, 110879, 111599, 113039, 115679, 118799),
        *(119759, 121439, 127679, 128879, 135119, 136559, 138239, 140159, 142799, 149519, 150959, 153359, 157679),
        *(159119, 160079, 163679, 166799, 175919, 176159, 177839, 178799, 181199, 182159, 186479, 186959, 188159),
    ),
    3: (68639, 77279, 109919, 133919, 143999, 179519, 199679, 214559, 231359, 270239, 285599, 355679, 402239, 405599),
    4: (96959, 137279, 219839, 429119, 462719, 571199, 811199, 858239),
    5: (858239, 2029439, 4068479, 5454719),
}
CIRCLE_HEADS = (
    *(202127, 204143, 205103, 212207, 222863, 223247, 225167, 233327, 253103, 263183, 279023, 279407, 281327),
    *(311567, 314543, 319343, 327983, 364943),
)
DEEPEST = 5


def chain(head: int, levels: int) -> tuple[int, ...]:
    """The chain of a first prime.

    >>> chain(96959, 4)
    (96959, 48479, 24239, 12119)
    """
    primes = [head]
    while len(primes) < levels:
        primes.append(primes[-1] // 2)
    return tuple(primes)


@lru_cache(maxsize=64)
def chains_for(levels: int, circle: bool, salt: int) -> tuple[tuple[int, ...], ...]:
    """Several chains with so many levels, drawn with the salt; none where there are no such chains."""
    levels = max(2, levels)
    heads = CIRCLE_HEADS if circle and levels == 2 else () if circle else HEADS.get(levels, ())
    return tuple(chain(head, levels) for head in drawn_from(heads, CHAINS_AT_ONCE, salt))


@dataclass(frozen=True)
class Tables:
    """The powers of a primitive root and the discrete logarithms of several prime fields, one behind the other.

    Where the powers and the logarithms of each field begin is said for each of ``primes``.
    """

    powers: Ints
    logarithms: Ints
    powers_at: Ints
    logarithms_at: Ints


@lru_cache(maxsize=32)
def tables(primes: tuple[int, ...]) -> Tables:
    """The tables of some primes, built when first needed.

    >>> both = tables((12119, 17159))
    >>> bool((both.powers[both.logarithms[12119:][1:17159] + both.powers_at[1]] == np.arange(1, 17159)).all())
    True
    """
    powers = [_powers(prime) for prime in primes]
    logarithms = []
    for prime, row in zip(primes, powers, strict=True):
        logarithms.append(np.zeros(prime, dtype=np.int64))
        logarithms[-1][row] = np.arange(prime - 1, dtype=np.int64)
    lengths = np.array(primes)
    return Tables(
        np.concatenate(powers),
        np.concatenate(logarithms),
        np.cumsum(lengths - 1) - (lengths - 1),
        np.cumsum(lengths) - lengths,
    )


def _powers(prime: int) -> Ints:
    root = _primitive_root(prime)
    powers = np.ones(1, dtype=np.int64)
    step = root
    while len(powers) < prime - 1:
        powers = np.concatenate((powers, powers * step % prime))
        step = step * step % prime
    return powers[: prime - 1]


def circle_order(prime: int) -> int:
    """The largest prime factor of p + 1: so many points of the circle mod p, a group, are looked at."""
    return max(_prime_factors(prime + 1))


@lru_cache(maxsize=32)
def circles(primes: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
    """The cosines and the sines of 0, 1, 2, ... in the circles of some primes, and where each begins."""
    rows = [_turns(prime, circle_order(prime)) for prime in primes]
    lengths = np.array([row.shape[1] for row in rows])
    both = np.concatenate(rows, axis=1)
    return both[0], both[1], np.cumsum(lengths) - lengths


def _turns(prime: int, order: int) -> Ints:
    """The multiples of one turn of this order on the circle, which is the elements of norm 1 in the field of p^2."""

    def times(a: Any, b: Any) -> Any:
        return (a[0] * b[0] - a[1] * b[1]) % prime, (a[0] * b[1] + a[1] * b[0]) % prime

    for t in range(2, prime):  # (1 - t^2) / (1 + t^2), 2 t / (1 + t^2) is on the circle
        below = pow(1 + t * t, -1, prime)
        turn, base, exponent = (1, 0), ((1 - t * t) * below % prime, 2 * t * below % prime), (prime + 1) // order
        while exponent:
            turn, base, exponent = (times(turn, base) if exponent & 1 else turn), times(base, base), exponent >> 1
        if turn != (1, 0):
            break
    turns: Any = (np.array([1]), np.array([0]))
    while len(turns[0]) < order:
        turns = tuple(np.concatenate(pair) for pair in zip(turns, times(turns, turn), strict=True))
        turn = times(turn, turn)
    return np.stack(turns)[:, :order]


def _primitive_root(prime: int) -> int:
    """The least primitive root."""
    factors = set(_prime_factors(prime - 1))
    return next(g for g in range(2, prime) if all(pow(g, (prime - 1) // f, prime) != 1 for f in factors))


def _prime_factors(number: int) -> list[int]:
    found, divisor = [], 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
        divisor += 1
    return found + ([number] if number > 1 else [])
