"""Towers of prime fields: chains p > q > ... with p = 2q + 1, and their tables of logarithms.

The squares mod p are a cyclic group of q elements, so the additive group mod q maps onto them as the reals map onto the
positive reals by exp.  In every chain -1 is a non-residue and 2, 3 and 5 are residues at every level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SHALLOW = ((96959, 48479, 24239, 12119), (137279, 68639, 34319, 17159), (219839, 109919, 54959, 27479))
DEEP = (
    (858239, 429119, 214559, 107279, 53639),
    (2029439, 1014719, 507359, 253679, 126839),
    (4068479, 2034239, 1017119, 508559, 254279),
)


@dataclass(frozen=True)
class Field:
    """A prime field with a primitive root: powers of the root, and the discrete logarithm of every residue but 0."""

    prime: int
    powers: Ints
    logarithms: Ints


@lru_cache(maxsize=32)
def field(prime: int) -> Field:
    """The field of a prime, its tables built when first needed.

    >>> table = field(12119)
    >>> bool((table.powers[table.logarithms[1:]] == np.arange(1, 12119)).all())
    True
    """
    root = _primitive_root(prime)
    powers = np.ones(1, dtype=np.int64)
    step = root
    while len(powers) < prime - 1:
        powers = np.concatenate((powers, powers * step % prime))
        step = step * step % prime
    powers = powers[: prime - 1]
    logarithms = np.zeros(prime, dtype=np.int64)
    logarithms[powers] = np.arange(prime - 1, dtype=np.int64)
    return Field(prime, powers, logarithms)


def _primitive_root(prime: int) -> int:
    """The least primitive root of p = 2q + 1 with q prime (or of the last prime of a chain)."""
    factors = _prime_factors(prime - 1)
    return next(g for g in range(2, prime) if all(pow(g, (prime - 1) // f, prime) != 1 for f in factors))


def _prime_factors(number: int) -> list[int]:
    found, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            found.append(divisor)
            while number % divisor == 0:
                number //= divisor
        divisor += 1
    return found + ([number] if number > 1 else [])
