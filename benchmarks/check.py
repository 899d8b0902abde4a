"""`python -m benchmarks check`: truestep beside other checkers, over the same records, in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import measuring, startup, tables
from benchmarks.contestants import CONTESTANTS, Contestant, Record, latex_pair
from benchmarks.machine import machine, positive, version

DEV = startup.ROOT.parent / "shared" / "data" / "answers_dev.jsonl"
OWN = startup.HERE / "data" / "answers.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure, print."""
    options = _parser().parse_args(arguments)
    contestants = [contestant for contestant in CONTESTANTS if options.only in (None, contestant.name)]
    try:
        records = read_records(options.records)
    except (OSError, ValueError) as fault:
        print(f"benchmarks: {options.records}: {fault}", file=sys.stderr)
        return 2
    report = {
        "records": str(options.records),
        "machine": machine(),
        "startup": startup.measure(options.runs) if options.runs else {},
        **compare(records, contestants, repeat=options.repeat, limit=options.limit),
    }
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        tables.show(report, Console())
    return 0


def read_records(path: Path) -> list[Record]:
    """The check records of a file, each with its expected verdict; a ValueError names one without."""
    records: list[Record] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            record = json.loads(line)
            if record.get("expect", {}).get("verdict") not in ("right", "wrong"):
                raise ValueError(f"line {number}: no expect.verdict, right or wrong")
            records.append(record)
    if not records:
        raise ValueError("no records")
    return records


def compare(
    records: Sequence[Record], contestants: Sequence[Contestant], *, repeat: int, limit: float
) -> dict[str, Any]:
    """Every contestant over the records it can be given: `common`, and for truestep also `all`."""
    common = [record for record in records if latex_pair(record)]
    common_ids = {record["id"] for record in common}
    checkers: dict[str, Any] = {}
    for contestant in contestants:
        print(f"measuring {contestant.name} ...", file=sys.stderr)
        versions = {package: version(package) for package in contestant.packages}
        given = common if contestant.needs_latex_pair else records
        try:
            answers = measuring.run(contestant, given, repeat=repeat, limit=limit)
        except ImportError as fault:
            checkers[contestant.name] = {"versions": versions, "error": "not installed", "reason": str(fault)}
            continue
        checkers[contestant.name] = {
            "versions": versions,
            "common": measuring.summary([answer for answer in answers if answer.id in common_ids]),
            "outcomes": {answer.id: answer.outcome for answer in answers},
        }
        if not contestant.needs_latex_pair:
            checkers[contestant.name]["all"] = measuring.summary(answers)
    return {
        "count": len(records),
        "common": len(common),
        "repeat": repeat,
        "limit": limit,
        "checkers": checkers,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks check", description=__doc__)
    names = [contestant.name for contestant in CONTESTANTS]
    cases = DEV if DEV.exists() else OWN
    add = parser.add_argument
    add("--records", type=Path, default=cases, help="check records with `expect`")
    add("--repeat", type=positive, default=1, metavar="N", help="timed passes over the records")
    add("--limit", type=float, default=5.0, metavar="S", help="seconds for one answer (5)")
    add("--runs", type=int, default=15, metavar="N", help="processes started per command (15)")
    add("--only", choices=names, help="one checker alone")
    add("--json", action="store_true", help="print one JSON object")
    return parser
