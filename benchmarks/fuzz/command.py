"""``python -m benchmarks fuzz``: hostile inputs, and what was broken, slow or large."""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from benchmarks.fuzz.cases import KINDS, Case, cases
from benchmarks.fuzz.sources import sources

SECONDS = 2.5
SHOWN = 5  # the slowest cases
PATIENCE = 20.0  # after this a case is given up


class Endless(BaseException):
    """A case that does not end."""


@dataclass
class Report:
    """What was broken, and the processor time of each case by its kind."""

    broken: list[tuple[Case, str]] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slowest: list[tuple[Case, float]] = field(default_factory=list)

    @property
    def slow(self) -> list[tuple[Case, float]]:
        """The cases that took longer than is promised."""
        return [(case, taken) for case, taken in self.slowest if taken > SECONDS]

    def add(self, case: Case, taken: float) -> None:
        """Counts the processor time of a case."""
        self.seconds[case.kind].append(taken)
        self.slowest.append((case, taken))
        self.slowest.sort(key=lambda one: -one[1])
        del self.slowest[max(SHOWN, len(self.slow)) :]

    @property
    def mebibytes(self) -> float:
        """The most memory that the process has held."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1024 if sys.platform != "darwin" else peak / 1024 / 1024

    @property
    def holds(self) -> bool:
        """Whether nothing was broken; what was slow or large is reported, since it depends on the machine."""
        return not self.broken

    def lines(self) -> list[str]:
        """The report: a line for each kind, each broken promise, and the whole."""
        out = []
        for kind, taken in sorted(self.seconds.items()):
            taken = sorted(taken)
            at = [sum(taken) / len(taken), *(taken[int((len(taken) - 1) * share)] for share in (0.5, 0.99, 1))]
            out.append(
                f"{kind:15} {len(taken):7}  "
                + "  ".join(f"{1000 * one:7.1f}" for one in at)
                + "  ms (mean, median, 99 %, most)"
            )
        out += [f"{taken:.1f} s: {_shown(case)}" for case, taken in self.slowest]
        out += [f"broken: {_shown(case)}\n    {why}" for case, why in self.broken]
        count, whole = sum(map(len, self.seconds.values())), sum(map(sum, self.seconds.values()))
        out.append(
            f"{count} inputs in {whole:.0f} s of processor time; broken {len(self.broken)}, over {SECONDS} s "
            f"{len(self.slow)}, at most {self.mebibytes:.0f} MiB"
        )
        return out


def _shown(case: Case) -> str:
    return f"number {case.number} ({case.kind}) {json.dumps(case.data)[:400]}"


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise Endless

    signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def run(some: Iterable[Case], report: Report | None = None) -> Report:
    """What truestep does with some cases."""
    report = Report() if report is None else report
    for case in some:
        start = time.process_time()
        try:
            with _in_time(PATIENCE):
                KINDS[case.kind].run(case.data)
        except Endless:
            report.broken.append((case, f"not over after {PATIENCE} s: {traceback.format_exc(limit=-6)}"))
        except Exception as fault:
            where = traceback.extract_tb(fault.__traceback__)[-1]
            report.broken.append(
                (case, f"{type(fault).__name__} at {where.filename}:{where.lineno}: {str(fault)[:300]}")
            )
        report.add(case, time.process_time() - start)
    return report


def main(arguments: Sequence[str]) -> int:
    """Run so many cases and report; 1 where a promise was broken."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks fuzz", description=__doc__)
    asked.add_argument("--inputs", type=int, default=20_000)
    asked.add_argument("--start", type=int, default=0, help="the number of the first one")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", action="append", default=[], choices=[*KINDS], help="these kinds alone")
    asked.add_argument("--show", action="store_true", help="print the inputs instead")
    args = asked.parse_args(arguments)
    made = cases(args.inputs, args.seed, sources(), tuple(args.only), args.start)
    if args.show:
        for case in made:
            print(case.number, case.kind, json.dumps(case.data))
        return 0
    report = run(made)
    print("\n".join(report.lines()))
    return int(not report.holds)
