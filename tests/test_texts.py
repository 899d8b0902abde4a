"""A work is a text: what becomes of the formulas in its sentences, and where each of them stands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from truestep.checkers.documents.words import told
from truestep.checkers.records import check_record
from truestep.derivations.language.role_words import WORDS

DATA = tomllib.loads((Path(__file__).parent / "data" / "texts.toml").read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("row", WORDS, ids=lambda row: f"{row.language}-{row.role}")
def test_every_word_tells_its_role(row: Any) -> None:
    for word in row.words.split():
        about = ("", f" {word}", "") if row.behind else (f"{word} ", "", "")
        roles = {other.role for other in WORDS if other.behind == row.behind and word in other.words.split()}
        assert told(*about) in roles, word
