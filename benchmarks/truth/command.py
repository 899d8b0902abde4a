"""``python -m benchmarks truth``: many pairs, and where truestep is wrong about them."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.truth.pairs import Pair, pairs
from benchmarks.truth.trees import latex


@dataclass
class Report:
    """The verdicts by family, and every false one."""

    verdicts: Counter[tuple[str, bool, str]] = field(default_factory=Counter)
    accepted: list[Pair] = field(default_factory=list)
    refused: list[Pair] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report, a line for each family and each false verdict."""
        families = sorted({key[0] for key in self.verdicts})
        out = []
        for family in families:
            for equal in (True, False):
                found = {
                    verdict: n
                    for (name, same, verdict), n in sorted(self.verdicts.items())
                    if (name, same) == (family, equal)
                }
                out.append(
                    f"{family:8} {'equal' if equal else 'unequal':8} " + ", ".join(f"{v} {n}" for v, n in found.items())
                )
        for title, false in (("accepted", self.accepted), ("refused", self.refused)):
            out += [f"falsely {title} ({pair.how}): {json.dumps(pair.record)}" for pair in false]
        count, accepted, refused = sum(self.verdicts.values()), len(self.accepted), len(self.refused)
        out.append(f"{count} pairs; falsely accepted {accepted}, falsely refused {refused}")
        return out


def judged(some: Iterable[Pair]) -> Report:
    """What truestep says of pairs."""
    from truestep.checkers.records import check_record

    report = Report()
    for place, pair in enumerate(some):
        verdict = str(check_record({"id": place, **pair.record}).get("verdict", "error"))
        report.verdicts[pair.family, pair.equal, verdict] += 1
        if verdict == "right" and not pair.equal:
            report.accepted.append(pair)
        if verdict == "wrong" and pair.equal:
            report.refused.append(pair)
    return report


def main(arguments: Sequence[str]) -> int:
    """Judge so many pairs and report; 1 where a verdict is false."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks truth", description=__doc__)
    asked.add_argument("--pairs", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--show", action="store_true", help="print the pairs instead")
    args = asked.parse_args(arguments)
    made = pairs(args.pairs, args.seed)
    if args.show:
        for pair in made:
            print("=" if pair.equal else "≠", pair.how, "|", latex(pair.left), "|", latex(pair.right))
        return 0
    report = judged(made)
    print("\n".join(report.lines()))
    return int(bool(report.accepted or report.refused))
