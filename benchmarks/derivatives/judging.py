"""Whether a derived answer has the right value: on random inputs, as an array of the right shape."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable

import numpy as np

from benchmarks.derivatives.tasks import Array, Draw, Task

DRAWS, ATTEMPTS = 3, 20
FLOOR = 1e-11
VANISHES = 1e-9


class NotDone(Exception):
    """A tool cannot state a task, derives nothing, or leaves what has no value; says why."""


def judge(task: Task, value: Callable[[Draw], Array]) -> str:
    """What is wrong with an answer's value, empty where nothing is; NotDone and its like pass through.

    Compared on inputs where the expected value is not zero; three of them must agree.
    """
    seed = zlib.crc32(task.id.encode())
    told = 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for attempt in range(ATTEMPTS):
            drawn = task.draw(np.random.default_rng([seed, attempt]))
            want, got = task.expected(drawn), value(drawn)
            if got.shape != want.shape:
                return f"shape {got.shape}, expected {want.shape}"
            size, gap = float(np.abs(want).max(initial=0)), float(np.abs(got - want).max(initial=0))
            if not gap <= task.tolerance * size + FLOOR:
                return f"differs by {gap:.2g} where the largest entry is {size:.2g}"
            told += size > VANISHES
            if told == DRAWS:
                return ""
    raise NotDone("no input was found at which the expected value is not zero")
