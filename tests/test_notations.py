"""Works in notations of their own: macros, dots, fonts, operators; each row with its verdict."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record

DATA = table("notations")


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_every_row_has_its_verdict(case: dict[str, Any]) -> None:
    record = check_record({"id": 1, "problem": DATA["problem"][case["problem"]], "submission": case["submission"]})
    assert [line["verdict"] for line in record["lines"]] == case["rows"], record
    assert record["verdict"] == case["verdict"], record
