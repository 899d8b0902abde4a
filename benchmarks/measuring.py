"""One contestant over all records: how much processor time each answer takes, and what becomes of it."""

from __future__ import annotations

import gc
import math
import statistics
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import thread_time  # the clock of the process goes in ticks while its timer, the limit, runs
from typing import Any, Literal

from benchmarks.contestants import Contestant, Judge, Record
from benchmarks.guard import OutOfTime, time_limit

Outcome = Literal["right", "false accept", "false reject", "undecided", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("right", "false accept", "false reject", "undecided", "failed")
DECIDED: tuple[Outcome, ...] = ("right", "false accept", "false reject")


@dataclass(frozen=True)
class Answer:
    """What one contestant made of one record."""

    id: str
    category: str
    outcome: Outcome
    reason: str  # why it failed, else empty
    first: float  # seconds in the warm-up pass
    seconds: float  # the median over the timed passes


def run(contestant: Contestant, records: Sequence[Record], *, repeat: int, limit: float) -> list[Answer]:
    """One warm-up pass and `repeat` timed ones; an ImportError where the contestant is not installed.

    SymPy's cache is emptied first: no contestant may live on what another one has worked out.
    """
    judge = contestant.load()
    if "sympy" in sys.modules:
        sys.modules["sympy.core.cache"].clear_cache()
    passes = [[attempt(judge, record, limit) for record in records] for _ in _collected(repeat + 1)]
    return [_answer(record, attempts) for record, *attempts in zip(records, *passes, strict=True)]


def attempt(judge: Judge, record: Record, limit: float) -> tuple[float, str, str]:
    """Seconds, verdict and the reason of a failure; an exception or the end of the time is a failure."""
    start = thread_time()
    try:
        with time_limit(limit), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict, reason = str(judge(record)), ""
    except OutOfTime:
        verdict, reason = "failed", "timeout"
    except Exception as fault:  # whatever a checker throws at an answer is its failure to judge it
        verdict, reason = "failed", type(fault).__name__
    return thread_time() - start, verdict, reason


def outcome(expected: str, verdict: str) -> Outcome:
    """The verdict beside the expected one.

    >>> outcome("wrong", "right"), outcome("right", "right")
    ('false accept', 'right')
    """
    if verdict in ("right", "wrong"):
        return "right" if verdict == expected else "false accept" if verdict == "right" else "false reject"
    return "undecided" if verdict == "undecided" else "failed"


def summary(answers: Sequence[Answer]) -> dict[str, Any]:
    """Counts of outcomes, times in milliseconds, and the right ones by category."""
    counts = Counter(answer.outcome for answer in answers)
    totals = Counter(answer.category for answer in answers)
    right = Counter(answer.category for answer in answers if answer.outcome == "right")
    return {
        "answers": len(answers),
        "verdicts": {name: counts[name] for name in OUTCOMES},
        "reasons": dict(Counter(answer.reason for answer in answers if answer.reason).most_common()),
        "ms": spread(answer.seconds for answer in answers),
        "ms_decided": spread(answer.seconds for answer in answers if answer.outcome in DECIDED),
        "ms_first_pass": spread(answer.first for answer in answers),
        "right_by_category": {name: [right[name], totals[name]] for name in sorted(totals)},
    }


def spread(seconds: Iterable[float]) -> dict[str, float | None]:
    """Median, 95th percentile (nearest rank), greatest and sum, in milliseconds.

    >>> spread([0.001, 0.002, 0.009])
    {'median': 2.0, 'p95': 9.0, 'max': 9.0, 'total': 12.0}
    """
    times = sorted(1000 * value for value in seconds)
    if not times:
        return dict.fromkeys(("median", "p95", "max", "total"))
    figures = {
        "median": statistics.median(times),
        "p95": times[math.ceil(0.95 * len(times)) - 1],
        "max": times[-1],
        "total": sum(times),
    }
    return {name: round(value, 4) for name, value in figures.items()}


def _answer(record: Record, attempts: Sequence[tuple[float, str, str]]) -> Answer:
    (first, _, _), *timed = attempts
    _, verdict, reason = timed[-1]
    return Answer(
        id=str(record.get("id", "")),
        category=str(record.get("category", "-")),
        outcome=outcome(record["expect"]["verdict"], verdict),
        reason=reason,
        first=first,
        seconds=statistics.median(seconds for seconds, _, _ in timed),
    )


def _collected(passes: int) -> Iterable[int]:
    """The numbers of the passes; before each one the rubbish of the last is taken out."""
    for number in range(passes):
        gc.collect()
        yield number
