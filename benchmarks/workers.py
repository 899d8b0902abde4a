"""``python -m benchmarks workers``: what judging in workers costs, and that no answer depends on it."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from benchmarks.fuzz.cases import cases
from benchmarks.fuzz.sources import sources
from benchmarks.machine import positive

MOST = 0.1  # of the judging


def requests(count: int, seed: int) -> list[str]:
    """Check records, a line each: right and wrong answers of the book, and hostile ones."""
    some = sources()
    plain = [json.dumps({"id": k, "problem": name, "lines": [line]}) for k, (name, line) in enumerate(some.lines)]
    hostile = [json.dumps({"id": case.number, **case.data}) for case in cases(count // 4, seed, some, ("line",))]
    step = max(1, len(plain) // max(1, count - len(hostile)))
    return [*plain[::step], *hostile][:count]


def alone(raw: str) -> str:
    """What judging a record gives in this process."""
    from truestep.commands.judging import checked

    return checked(raw, 1, "")


def in_threads(some: Sequence[str], count: int) -> list[str]:
    """The same for several records in several threads of this process."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(alone, some))


def overhead(some: Sequence[str], passes: int) -> tuple[float, float, bool]:
    """Seconds of judging in this process and in a worker, by medians over passes in turn; whether the answers agree."""
    from truestep.checkers.workers import Limits, Workers

    here, there, same = 0.0, 0.0, True
    with Workers(1, Limits(0.0)) as workers:
        for raw in some:
            same &= alone(raw) == workers.ask("truestep.commands.judging:checked", raw, 1, "")  # once to be warm
        for raw in some:
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(passes):
                start = perf_counter()
                alone(raw)
                middle = perf_counter()
                workers.ask("truestep.commands.judging:checked", raw, 1, "")
                taken[0].append(middle - start)
                taken[1].append(perf_counter() - middle)
            here, there = here + statistics.median(taken[0]), there + statistics.median(taken[1])
    return here, there, same


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 where workers cost too much or an answer differs."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks workers", description=__doc__)
    asked.add_argument("--records", type=positive, default=100)
    asked.add_argument("--passes", type=positive, default=5)
    asked.add_argument("--threads", type=positive, default=8)
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args(arguments)
    some = requests(args.records, args.seed)
    serial = [alone(raw) for raw in some]
    differing = sum(one != other for one, other in zip(serial, in_threads(some, args.threads), strict=True))
    here, there, same = overhead(some, args.passes)
    cost = there / here - 1
    each = [1000 * seconds / len(some) for seconds in (here, there)]
    print(f"{len(some)} records: {each[0]:.2f} ms each in this process, {each[1]:.2f} ms in a worker")
    print(f"workers cost {100 * cost:.1f} % of the judging; answers {'agree' if same else 'differ'}")
    print(f"{args.threads} threads: {differing} answers differ from those one after the other")
    return int(cost > MOST or not same or differing > 0)
