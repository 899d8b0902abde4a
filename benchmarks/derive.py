"""`python -m benchmarks derive`: truestep beside other tools that derive, over the same tasks, in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.derivatives import measuring, own_tasks, tables
from benchmarks.derivatives.derivers import DERIVERS, Deriver
from benchmarks.derivatives.tasks import Task, read_tasks
from benchmarks.machine import machine, positive, version
from benchmarks.measuring import spread


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure, print."""
    options = _parser().parse_args(arguments)
    derivers = [deriver for deriver in DERIVERS if not options.only or deriver.name in options.only]
    try:
        tasks = read_tasks(options.records) if options.records else own_tasks.tasks()
    except (OSError, ValueError) as fault:
        print(f"benchmarks: {options.records}: {fault}", file=sys.stderr)
        return 2
    report = {
        "records": str(options.records or "the tasks of our own"),
        "machine": machine(),
        **compare(tasks, derivers, repeat=options.repeat, limit=options.limit),
    }
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        tables.show(report, Console())
    return 0


def compare(tasks: Sequence[Task], derivers: Sequence[Deriver], *, repeat: int, limit: float) -> dict[str, Any]:
    """Every tool over all tasks."""
    tools: dict[str, Any] = {}
    measured: dict[str, list[measuring.Result]] = {}
    for deriver in derivers:
        print(f"measuring {deriver.name} ...", file=sys.stderr)
        tools[deriver.name] = {"versions": {package: version(package) for package in deriver.packages}}
        try:
            measured[deriver.name] = measuring.run(deriver, tasks, repeat=repeat, limit=limit)
        except ImportError as fault:
            tools[deriver.name] |= {"error": "not installed", "reason": str(fault)}
    common = measuring.right_everywhere(measured.values())
    for name, results in measured.items():
        tools[name] |= {
            "summary": measuring.summary(results),
            "ms_common": spread(result.whole for result in results if result.id in common),
            "tasks": {result.id: _figures(result) for result in results},
        }
    return {"count": len(tasks), "common": len(common), "repeat": repeat, "limit": limit, "tools": tools}


def _figures(result: measuring.Result) -> dict[str, Any]:
    milliseconds = {"ms": 1000 * result.whole, "ms_statement": 1000 * result.statement}
    return {"outcome": result.outcome, **{name: round(value, 4) for name, value in milliseconds.items()}}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks derive", description=__doc__)
    names = [deriver.name for deriver in DERIVERS]
    add = parser.add_argument
    add("--records", type=Path, help="derive records with `expect`, run as NumPy code; without it, tasks of our own")
    add("--repeat", type=positive, default=3, metavar="N", help="timed passes over the tasks (3)")
    add("--limit", type=float, default=5.0, metavar="S", help="seconds for one task (5)")
    add("--only", choices=names, action="append", help="one tool alone; may be given several times")
    add("--json", action="store_true", help="print one JSON object")
    return parser
