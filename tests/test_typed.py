"""Plain text as people type it: results with a name, reasons behind them, powers in brackets, numbered lines."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from truestep.checkers.documents.formats import plain
from truestep.checkers.records import check_record

FILES = [Path(__file__).parent / "data" / name for name in ("typed.toml", "noted.toml")]
DATA = [tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES]
CASES = [case | {"problem": data["problem"][case["problem"]]} for data in DATA for case in data["work"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].strip().split("\n")[0])
def test_typed_lines_are_judged(case: dict[str, Any]) -> None:
    record = check_record({"id": 1, "problem": case["problem"], "submission": case["text"]})
    assert " ".join(line["verdict"] for line in record["lines"]) == case["lines"], record
    assert record["verdict"] == case.get("verdict", record["verdict"])


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("dL/dz = a (chain rule)", "dL/dz = a"),
        ("dL/dz = a using the quotient rule.", "dL/dz = a"),
        ("dL/dz = a if i equals j", "dL/dz = a if i equals j"),
        ("dL/dz = 1 (on the diagonal)", "dL/dz = 1 (on the diagonal)"),
        ("Answer: dL/dz = a", "dL/dz = a"),
    ],
)
def test_what_is_said_about_a_line_is_no_part_of_it(line: str, kept: str) -> None:
    assert [row.text for row in plain.read(line).rows] == [kept]
