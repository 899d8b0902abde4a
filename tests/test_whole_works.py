"""Whole works as students and lecture notes write them, in several languages and notations, each with its verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from truestep.checkers.records import check_record

FILE = Path(__file__).parent / "data" / "whole_works.jsonl"
WORKS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("work", WORKS, ids=[f"{place} {work['topic']}" for place, work in enumerate(WORKS)])
def test_verdict_and_first_wrong_line(work: dict[str, Any]) -> None:
    record = check_record({"problem": work["problem"], "submission": work["submission"]})
    assert record.get("verdict", record.get("error")) == work["verdict"]
    place = record["first_wrong_line"]
    assert (None if place is None else record["lines"][place]["text"]) == work["first_wrong"]
