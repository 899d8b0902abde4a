"""`python -m benchmarks slips`: right work with one mistake put in, and right work written otherwise, checked."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console

from benchmarks.machine import positive
from benchmarks.slips.measuring import JUDGED, OUTCOMES, Trial, rewritten, slipped
from benchmarks.slips.works import Work, works
from benchmarks.tables import new_table

FOR_A_PERSON = ("accepted", "elsewhere", "crashed", "accused", "not equal")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, check, print."""
    options = _parser().parse_args(arguments)
    report = measured(
        list(works(options.skip, options.every)),
        options.most,
        options.seed,
        options.limit,
        progress=lambda name: print(name, file=sys.stderr),
        each=options.each,
        of=options.of,
    )
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        show(report, Console())
    return 0


def measured(
    chosen: Sequence[Work], most: int, seed: int, limit: float, progress: Any = None, each: str = "", of: int = 1
) -> dict[str, Any]:
    """All slips and rewritings of some works, counted, and those that a person should look at.

    Of ``of`` kinds one is put into each work; ``each`` names a file for one JSON line per slip, as they come.
    """
    slips: list[Trial] = []
    others: list[Trial] = []
    for work in chosen:
        if progress is not None:
            progress(work.name)
        made = list(slipped([work], most, seed, limit, of))
        slips += made
        if each:
            with open(each, "a", encoding="utf-8") as file:
                file.writelines(json.dumps(_shown(trial)) + "\n" for trial in made)
        others += rewritten([work], most, seed, limit, of)
    return {
        "works": len(chosen),
        "lines": sum(len(work.rows) for work in chosen),
        "most": most,
        "seed": seed,
        "slips": counted(slips),
        "judges": Counter(trial.judge for trial in slips if trial.outcome in (*JUDGED, "equal")),
        "rewritings": counted(others),
        "milliseconds": {
            "wrong": spread(trial.milliseconds for trial in slips if trial.outcome == "found"),
            "right": spread(trial.milliseconds for trial in others if trial.outcome == "right"),
        },
        "look": [_shown(trial) for trial in (*slips, *others) if trial.outcome in FOR_A_PERSON or trial.accused],
    }


def counted(trials: Iterable[Trial]) -> dict[str, dict[str, int]]:
    """For each code the outcomes; ``false`` are those that are truly wrong, ``named`` those found and rightly named."""
    out: dict[str, Counter[str]] = {}
    for trial in trials:
        count = out.setdefault(trial.code, Counter())
        count[trial.outcome] += 1
        count["tried"] += 1
        count["false"] += trial.outcome in JUDGED
        count["named"] += trial.named and trial.outcome == "found"
        count["others accused"] += bool(trial.accused)
    return {code: dict(count) for code, count in out.items()}


def spread(times: Iterable[float]) -> dict[str, float]:
    """How many times there are, their median, and what 95 of 100 stay below."""
    known = sorted(one for one in times if one)
    if not known:
        return {"lines": 0}
    return {"lines": len(known), "median": known[len(known) // 2], "p95": known[int(0.95 * len(known))]}


def _shown(trial: Trial) -> dict[str, Any]:
    fields = ("work", "code", "done", "line", "text", "outcome", "judge", "codes", "named", "milliseconds", "accused")
    return {name: getattr(trial, name) for name in fields}


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the report."""
    console.print(
        f"{report['works']} works of {report['lines']} lines, up to {report['most']} of each kind in each; seed "
        f"{report['seed']}; what is truly equal was decided by {dict(report['judges'])}",
        highlight=False,
    )
    console.print(_table("Slips", report["slips"], ("tried", "equal", "unknown", "false", *OUTCOMES, "named")))
    kinds = ("tried", "right", "not_checked", "accused", "undecided", "unreadable", "crashed", "not equal")
    console.print(_table("Rewritings", report["rewritings"], kinds))
    console.print(_speed(report["milliseconds"]))
    for one in report["look"]:
        console.print(
            f"{one['outcome']}: {one['work']}, line {one['line'] + 1}, {one['code']} ({one['done']}): {one['text']}"
            + "".join(f"\n    accused: {line}" for line in one["accused"]),
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _table(title: str, counts: Mapping[str, Mapping[str, int]], columns: Sequence[str]) -> Any:
    columns = [name for name in columns if any(count.get(name) for count in counts.values())]
    table = new_table(title, "code", *columns)
    for code, count in counts.items():
        table.add_row(code, *(str(count.get(column, 0)) for column in columns))
    sums = [sum(count.get(column, 0) for count in counts.values()) for column in columns]
    table.add_row("all", *map(str, sums), style="bold")
    return table


def _speed(times: Mapping[str, Mapping[str, float]]) -> Any:
    table = new_table(
        "One line behind the one before it, warm: milliseconds of processor time", "line", "lines", "median", "p95"
    )
    for name, row in times.items():
        figures = [f"{row[key]:.1f}" for key in ("median", "p95") if key in row]
        table.add_row(name, str(row["lines"]), *figures)
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks slips", description=__doc__)
    add = parser.add_argument
    add("--most", type=positive, default=1, metavar="N", help="slips of one kind in one work (1)")
    add("--of", type=positive, default=4, metavar="N", help="of so many kinds one in each work (4)")
    add("--seed", type=int, default=1, help="draws which (1)")
    add("--every", type=positive, default=1, metavar="K", help="only every K-th work")
    add("--skip", type=int, default=0, metavar="K", help="leave out the first K works")
    add("--limit", type=float, default=6.0, metavar="S", help="seconds for one check (6)")
    add("--each", default="", metavar="FILE", help="add one JSON line for each slip to this file")
    add("--json", action="store_true", help="print one JSON object")
    return parser
