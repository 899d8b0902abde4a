"""``python -m benchmarks salts FILE...``: the records whose verdicts depend on the salt."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Verdicts = tuple[Any, ...]


def verdicts_of(record: dict[str, Any]) -> Verdicts:
    """What must not depend on the salt: the verdicts of the whole, of the answer and of the lines, and what is wrong.

    >>> verdicts_of({"verdict": "right", "final": {"verdict": "right"}, "lines": []})
    ('right', 'right', None, ())
    """
    final = record.get("final") or {}
    lines = tuple((line.get("verdict"), json.dumps(line.get("witness"))) for line in record.get("lines", ()))
    return record.get("verdict", "error"), final.get("verdict"), record.get("first_wrong_line"), lines


def judged(path: Path, salt: str) -> list[dict[str, Any]]:
    """The records of a file under a salt, with time enough on a busy machine."""
    command = [sys.executable, "-m", "truestep", "check", "--records", str(path), "--timeout", "60"]
    done = subprocess.run(command, env={**os.environ, "TRUESTEP_SALT": salt}, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def differing(runs: Iterable[tuple[str, Sequence[dict[str, Any]]]]) -> list[str]:
    """A line for each record that is not judged as under the first salt."""
    first: list[Verdicts] = []
    out: list[str] = []
    for salt, records in runs:
        found = list(map(verdicts_of, records))
        first = first or found
        if len(found) != len(first):
            out.append(f"salt {salt}: {len(found)} records, not {len(first)}")
        for record, one, other in zip(records, first, found, strict=False):
            if one != other:
                out.append(f"salt {salt}: {record.get('id')}: {_difference(one, other)}")
    return out


def _difference(one: Verdicts, other: Verdicts) -> str:
    if one[:3] != other[:3]:
        return f"{one[:3]} became {other[:3]}"
    lines = [(k, *pair) for k, pair in enumerate(zip(one[3], other[3], strict=False)) if pair[0] != pair[1]]
    return "; ".join(f"line {k}: {left} became {right}" for k, left, right in lines)


def main(arguments: Sequence[str]) -> int:
    """Judge the records of files under so many salts; 1 where a verdict or a witness depends on them."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks salts", description=__doc__)
    asked.add_argument("files", nargs="+", type=Path)
    asked.add_argument("--salts", type=int, default=20)
    asked.add_argument("--first", type=int, default=1, help="the first salt that is compared with salt 1")
    args = asked.parse_args(arguments)
    count = 0
    for path in args.files:
        salts = dict.fromkeys(["1", *(str(salt) for salt in range(args.first, args.first + args.salts))])
        found = differing((salt, judged(path, salt)) for salt in salts)
        count += len(found)
        print("\n".join([*found, f"{path.name}: {args.salts} salts, {len(found)} differences"]), flush=True)
    return int(count > 0)
