"""Answers against a reference, and works that pose an equation to be solved."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record

DATA = table("answers")
LEAST_SQUARES = {
    "symbols": {"X": "m x n", r"\theta": "n", "y": "m", "J": "scalar"},
    "given": [r"J = \frac{1}{2} (X\theta - y)^T (X\theta - y)"],
    "find": r"\nabla_\theta J",
}


@pytest.mark.parametrize("case", DATA["answer"], ids=lambda case: case["why"])
def test_answer(case: dict[str, Any]) -> None:
    problem = {"symbols": {"x": "scalar"}, "answer": case["answer"]}
    record = check_record({"id": 1, "problem": problem, "lines": [case["row"]]})
    assert record.get("verdict") == case["verdict"], record


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_an_equation_that_is_posed_is_no_claim(case: dict[str, Any]) -> None:
    record = check_record({"id": 1, "problem": LEAST_SQUARES, "lines": case["rows"]})
    assert [line["verdict"] for line in record["lines"]] == case["verdicts"], record
    assert record["final"]["verdict"] == case["final"], record


@pytest.mark.parametrize("case", DATA["lines"], ids=lambda case: case["why"])
def test_lines_under_a_statement_of_their_own(case: dict[str, Any]) -> None:
    problem = {key: value for key, value in case.items() if key not in ("why", "rows", "verdicts")}
    record = check_record({"id": 1, "problem": problem, "lines": case["rows"]})
    assert [line["verdict"] for line in record["lines"]] == case["verdicts"], record


def test_an_entry_may_be_answered_in_other_letters() -> None:
    problem = {
        "symbols": {"z": "K", "p": "K", "k": "index K", "i": "index K", "j": "index K"},
        "given": [r"p_k = \frac{e^{z_k}}{\sum_i e^{z_i}}"],
        "assume": [r"k \neq j"],
        "find": r"\frac{\partial p_k}{\partial z_j}",
    }
    for row, verdict in ((r"\frac{\partial p_i}{\partial z_j} = -p_i p_j", "right"), ("-p_k p_k", "wrong")):
        rows = [r"\text{For } i \neq j:", row] if verdict == "right" else [row]
        assert check_record({"id": 1, "problem": problem, "lines": rows})["final"]["verdict"] == verdict
