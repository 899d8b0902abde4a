"""What the tests share: the folders of the repository, the tables of cases, and the worked examples, checked once."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from truestep.checkers.documents import Work, read_file
from truestep.checkers.records import check_work
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem, problem_from

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
SEEDS = ROOT / "examples" / "seeds"
HANDOUTS = ROOT / "examples" / "handouts"


def table(name: str) -> dict[str, Any]:
    """The cases of a file under ``tests/data``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def stated(case: dict[str, Any]) -> Problem:
    """The problem of a case of ``derivations``."""
    return problem_from({key: value for key, value in case.items() if key not in ("why", "is")})


@cache
def entries() -> dict[str, dict[str, Any]]:
    """Every entry of every expected.json of the examples, by the name of its submission."""
    return {
        f"{path.parent.relative_to(SEEDS)}/{entry['submission']}": entry
        for path in sorted(SEEDS.rglob("expected.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    }


@cache
def problem_of(folder: str) -> Problem:
    return load_problem(str(SEEDS / folder / "problem.toml"))


def work_of(name: str, data: bytes | None = None) -> Work:
    """An example as a document, or other bytes in its place."""
    path = SEEDS / name
    return read_file(path, path.read_bytes() if data is None else data, problem_of(str(Path(name).parent)).in_words)


def check_example(name: str, data: bytes | None = None) -> dict[str, Any]:
    """The record of an example, or of other bytes in its place."""
    return check_work(work_of(name, data), problem_of(str(Path(name).parent)), name)


@cache
def checked_example(name: str) -> dict[str, Any]:
    """The record of an example, which nobody changes."""
    return check_example(name)
