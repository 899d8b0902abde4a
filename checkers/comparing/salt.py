"""The salt: what decides which primes, sizes and points are drawn, so that nobody can know them beforehand."""

from __future__ import annotations

import logging
import os
import random
import secrets
import zlib
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    T = TypeVar("T")

VARIABLE = "TRUESTEP_SALT"


def run_salt() -> int:
    """The salt of this run: the one that is given, or one that is drawn once and logged; the same salt, the same bytes.

    A run that starts workers hands it on in the environment.
    """
    return _number(os.environ.get(VARIABLE, ""))


@cache
def _number(given: str) -> int:
    if given:
        return int.from_bytes(given.encode(), "big") % 2**31
    drawn = secrets.randbelow(2**31)
    text = str(drawn)
    os.environ[VARIABLE] = text
    logging.getLogger("truestep").info("the salt of this run is %s (%s=%s)", text, VARIABLE, text)
    return _number(text)


def drawn_from(stock: Sequence[T], count: int, salt: int) -> tuple[T, ...]:
    """So many of a stock, in the order of the stock."""
    chosen = random.Random(salt).sample(range(len(stock)), min(count, len(stock)))
    return tuple(stock[k] for k in sorted(chosen))


def seed_of(text: str) -> int:
    """A number that belongs to a text, the same in every run."""
    return zlib.crc32(text.encode())
