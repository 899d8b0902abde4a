"""Derivatives and differentials in every spelling; each wrong row differs from a right one by a slip."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record

DATA = table("derivatives")
CASES = [(rows, outcome, row) for rows in DATA["rows"] for outcome in ("right", "wrong") for row in rows[outcome]]


@pytest.mark.parametrize(("rows", "outcome", "row"), CASES, ids=[f"{outcome}: {row}" for _, outcome, row in CASES])
def test_row(rows: dict[str, Any], outcome: str, row: str) -> None:
    problem = DATA["problems"][rows["problem"]]
    (line, *_) = check_record({"id": 1, "problem": problem, "lines": [row]})["lines"]
    assert line["verdict"] == outcome, line


@pytest.mark.parametrize("work", DATA["works"], ids=lambda work: work["why"])
def test_work(work: dict[str, Any]) -> None:
    record = check_record({"id": 1, "problem": DATA["problems"][work["problem"]], "lines": work["lines"]})
    assert [line["verdict"] for line in record["lines"]] == work["verdicts"], record
