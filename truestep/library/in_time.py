"""What is judged within a time: by workers that are kept warm, one set of them for a process and a time."""

from __future__ import annotations

import os
import threading
from functools import lru_cache

from truestep.checkers.workers import Ended, Limits, Workers, processors

_ONE = threading.Lock()


@lru_cache(maxsize=4)
def _workers(process: int, seconds: float) -> Workers:
    return Workers(processors(), Limits(seconds))


def asked(function: str, seconds: float, *args: object) -> str:
    """The text that a function of truestep, ``module:name``, gives within some seconds; safe from threads and forks.

    Raises TimeoutError where it takes longer, and MemoryError where it takes too much.
    """
    with _ONE:
        workers = _workers(os.getpid(), seconds)
    try:
        return workers.ask(function, *args)
    except Ended as ended:
        reason = workers.limits.reason(ended.limit)
        raise (TimeoutError(reason) if ended.limit == "time" else MemoryError(reason)) from None
