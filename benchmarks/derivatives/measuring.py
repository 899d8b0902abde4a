"""One tool over all tasks: how long each derivation takes, and what becomes of it."""

from __future__ import annotations

import gc
import statistics
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import thread_time  # the clock of the process goes in ticks while its timer, the limit, runs
from typing import Any, Literal

from benchmarks.derivatives.derivers import Deriver, Method
from benchmarks.derivatives.judging import NotDone, judge
from benchmarks.derivatives.tasks import Task
from benchmarks.guard import OutOfTime, time_limit
from benchmarks.measuring import spread

Outcome = Literal["right", "wrong", "not done"]
OUTCOMES: tuple[Outcome, ...] = ("right", "wrong", "not done")


@dataclass(frozen=True)
class Attempt:
    """One derivation: the seconds to state the task, those of the whole, the answer or why there is none."""

    statement: float
    whole: float
    answer: Any
    reason: str


@dataclass(frozen=True)
class Result:
    """What one tool made of one task; the seconds are medians over the timed passes."""

    id: str
    category: str
    outcome: Outcome
    reason: str
    statement: float
    whole: float
    first: float


def run(deriver: Deriver, tasks: Sequence[Task], *, repeat: int, limit: float) -> list[Result]:
    """One warm-up pass and `repeat` timed ones, then the values; an ImportError where the tool is not installed."""
    method = deriver.load()
    if "sympy" in sys.modules:
        sys.modules["sympy.core.cache"].clear_cache()
    passes: list[list[Attempt]] = []
    for _ in range(repeat + 1):
        gc.collect()
        passes.append([attempt(method, task, limit) for task in tasks])
    return [_result(method, task, attempts, limit) for task, *attempts in zip(tasks, *passes, strict=True)]


def attempt(method: Method, task: Task, limit: float) -> Attempt:
    """One derivation; an exception or the end of the time leaves it without an answer."""
    start = middle = thread_time()
    answer, reason = None, ""
    try:
        with time_limit(limit), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stated = method.state(task)
            middle = thread_time()
            answer = method.derive(task if method.reads else stated)
    except OutOfTime:
        reason = "timeout"
    except Exception as fault:  # whatever a tool throws at a task is its failure to do it
        reason = _said(fault)
    end = thread_time()
    statement = (middle if middle > start else end) - start
    return Attempt(statement, end - (middle if method.reads and middle > start else start), answer, reason)


def outcome(method: Method, task: Task, answer: Any, limit: float) -> tuple[Outcome, str]:
    """The answer judged by its value, and the reason where it is not right."""
    try:
        with time_limit(limit):
            difference = judge(task, lambda drawn: method.value(answer, drawn))
    except OutOfTime:
        return "not done", "timeout"
    except Exception as fault:
        return "not done", _said(fault)
    return ("wrong", difference) if difference else ("right", "")


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Counts of outcomes, milliseconds, and the right ones by category."""
    counts = Counter(result.outcome for result in results)
    totals = Counter(result.category for result in results)
    right = Counter(result.category for result in results if result.outcome == "right")
    done = [result for result in results if result.outcome != "not done"]
    return {
        "tasks": len(results),
        "outcomes": {name: counts[name] for name in OUTCOMES},
        "reasons": {result.id: result.reason for result in results if result.reason},
        "ms": spread(result.whole for result in done),
        "ms_statement": spread(result.statement for result in done),
        "ms_derivation": spread(result.whole - result.statement for result in done),
        "ms_first_pass": spread(result.first for result in done),
        "right_by_category": {name: [right[name], totals[name]] for name in sorted(totals)},
    }


def right_everywhere(measured: Iterable[Sequence[Result]]) -> frozenset[str]:
    """The tasks that every tool derived right."""
    sets = [frozenset(result.id for result in results if result.outcome == "right") for results in measured]
    return frozenset[str].intersection(*sets) if sets else frozenset()


def _result(method: Method, task: Task, attempts: Sequence[Attempt], limit: float) -> Result:
    first, *timed = attempts
    last = timed[-1]
    verdict: Outcome = "not done"
    reason = last.reason
    if not reason:
        verdict, reason = outcome(method, task, last.answer, limit)
    return Result(
        id=task.id,
        category=task.category,
        outcome=verdict,
        reason=reason,
        statement=statistics.median(one.statement for one in timed),
        whole=statistics.median(one.whole for one in timed),
        first=first.whole,
    )


def _said(fault: Exception) -> str:
    return str(fault) if isinstance(fault, NotDone) else f"{type(fault).__name__}: {fault}"[:120]
