"""What courses and students write besides: statements in ordinary mathematics, with works that are right or wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from truestep.checkers.records import check_record

FILES = [Path(__file__).parent / "data" / name for name in ("ordinary.toml", "works.toml")]
WORKS = [work for file in FILES for work in tomllib.loads(file.read_text(encoding="utf-8"))["work"]]


PAIRS = [
    pair
    for name in ("statements.toml", "systems.toml")
    for pair in tomllib.loads((Path(__file__).parent / "data" / name).read_text(encoding="utf-8"))["pair"]
]


def told(work: str | list[str]) -> dict[str, Any]:
    """A work as a record holds it: a document, or lines."""
    return {"submission": work} if isinstance(work, str) else {"lines": work}


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{k} {pair['why']}" for k, pair in enumerate(PAIRS)])
def test_what_is_right_and_what_is_wrong_are_told_apart(pair: dict[str, Any]) -> None:
    for key, verdict in (("right", "right"), ("wrong", "wrong"), ("unread", "unreadable")):
        if key in pair:
            record = check_record({"problem": pair["problem"], **told(pair[key])})
            assert record.get("verdict", record.get("error")) == verdict


@pytest.mark.parametrize("work", WORKS, ids=[f"{k} {work['why']}" for k, work in enumerate(WORKS)])
def test_work_has_its_verdict(work: dict[str, Any]) -> None:
    problem = work["problem"]
    told = {"submission": work["submission"]} if "submission" in work else {"lines": work["lines"]}
    record = check_record({"problem": problem.get("book", problem), **told})
    assert record.get("verdict", record.get("error")) == work["verdict"]
    if "rows" in work:
        assert [line["verdict"] for line in record["lines"]] == work["rows"]
