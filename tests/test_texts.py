"""A work is a text: what becomes of the formulas in its sentences, and where each of them stands."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.documents.words import BEHIND, told
from truestep.checkers.records import check_record
from truestep.derivations.language.phrases.table import ROLES, Row

DATA = table("texts")
LINEAR = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar"},
    "given": ["z = W x + b", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
}


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_every_formula_of_a_text_has_a_role(case: dict[str, Any]) -> None:
    record = check_record({"id": 1, "problem": LINEAR, "submission": case["submission"]})
    said = {key: [f"{one['role']} {one['verdict']}" for one in record.get(key, ())] for key in ("lines", "context")}
    assert said == {"lines": case["lines"], "context": case.get("context", [])}, record
    assert record["verdict"] == case["verdict"], record
    lines = case["submission"].split("\n")
    for one in (*record["lines"], *record.get("context", ())):
        place = one["source"]
        assert lines[place["line"] - 1][place["column"] - 1 : place["end_column"] - 1] == one["text"]


@pytest.mark.parametrize("row", ROLES.rows, ids=lambda row: f"{row.language}-{row.meaning}")
def test_every_word_tells_its_role(row: Row) -> None:
    for word in row.phrases:
        about = ("", f" {word}", "") if row.meaning == BEHIND else (f"{word} ", "", "")
        assert told(*about) in {other.meaning.removesuffix(" behind") for other in ROLES.rows if word in other.phrases}
