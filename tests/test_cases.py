"""Works by cases, in words, in signs and in several languages; no condition that is not understood refutes a line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from truestep.checkers.records import check_record
from truestep.derivations.language.case_words import said_of_indices

FOLDER = Path(__file__).parent / "data"
DATA, SUPPOSED = (
    tomllib.loads((FOLDER / name).read_text(encoding="utf-8")) for name in ("cases.toml", "supposed.toml")
)


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_a_claim_holds_under_its_condition(case: dict[str, Any]) -> None:
    work = {"lines": case["rows"]} if "rows" in case else {"submission": case["text"], "format": "md"}
    record = check_record({"id": 1, "problem": DATA["problem"][case["problem"]], **work})
    assert " ".join(line["verdict"] for line in record["lines"]) == case["lines"], record
    assert record["final"]["verdict"] == case["final"], record


@pytest.mark.parametrize("case", SUPPOSED["work"], ids=lambda case: case["why"])
def test_a_row_holds_under_what_is_supposed_before_it(case: dict[str, Any]) -> None:
    record = check_record({"problem": SUPPOSED["problem"][case["problem"]], "submission": case["text"]})
    assert " ".join(line["verdict"] for line in record["lines"]) == case["lines"], record
    assert record["verdict"] == case["verdict"], record


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("auf der Diagonalen", "="),
        ("für alle Nichtdiagonaleinträge", "!="),
        ("hors de la diagonale", "!="),
        ("si les deux indices sont égaux", "="),
        ("если индексы не совпадают", "!="),
        ("两个下标不同时", "!="),
        ("对角线上", "="),
        ("in allen anderen Fällen", "rest"),
        ("the same rule gives", ""),
        ("with another index", ""),
    ],
)
def test_words_say_which_of_two_cases(words: str, said: str) -> None:
    assert said_of_indices(words) == said
