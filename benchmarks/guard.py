"""One limit of processor time for everything that is measured, so that a busy machine changes no outcome."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 0.5  # seconds; a signal that falls into a destructor is swallowed there, so it rings again


class OutOfTime(BaseException):
    """The limit is over; no `Exception`, because SymPy and its parsers catch those on their way."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` in the block when it computes for longer; without such signals in the system, no limit."""
    if not hasattr(signal, "SIGPROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        try:
            signal.setitimer(signal.ITIMER_PROF, 0)
        finally:  # it may ring on its way to being stopped
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise OutOfTime
