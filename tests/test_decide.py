"""Deciding: the three outcomes and what they rest on, witnesses, assumptions, and errors that go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sources import table

from truestep.checkers.records import check_record

DATA = table("decide")
OWN_KEYS = {"why", "row", "rows", "outcome", "evidence", "kinds", "without", "verdicts", "final", "codes"}


def record_of(case: dict[str, Any], rows: list[str], **changes: Any) -> dict[str, Any]:
    """The record of some rows under the problem of a case."""
    problem = {key: value for key, value in case.items() if key not in OWN_KEYS}
    record = check_record({"id": 1, "problem": {**problem, **changes}, "lines": rows})
    assert "error" not in record, record
    return record


@pytest.mark.parametrize("case", DATA["claim"], ids=lambda case: case["why"])
def test_claim(case: dict[str, Any]) -> None:
    record = record_of(case, [case["row"]])
    line = record["lines"][0]
    assert line["verdict"] == case["outcome"], record
    assert line.get("evidence") == case.get("evidence", line.get("evidence"))
    assert set(case.get("kinds", ())) <= {finding["kind"] for finding in record["findings"]}
    if line["verdict"] == "undecided":
        assert line["reason"]


ASSUMED = [case for case in DATA["claim"] if "without" in case]


@pytest.mark.parametrize("case", ASSUMED, ids=lambda case: case["why"])
def test_an_assumption_is_what_makes_it_right(case: dict[str, Any]) -> None:
    assert record_of(case, [case["row"]], assume=[])["lines"][0]["verdict"] == case["without"]


@pytest.mark.parametrize("case", DATA["work"], ids=lambda case: case["why"])
def test_work(case: dict[str, Any]) -> None:
    record = record_of(case, case["rows"])
    assert [line["verdict"] for line in record["lines"]] == case["verdicts"], record
    assert record["final"]["verdict"] == case["final"], record
    assert set(case["codes"]) <= {finding["code"] for finding in record["findings"]}, record
    wrong = [k for k, verdict in enumerate(case["verdicts"]) if verdict == "wrong"]
    assert record["first_wrong_line"] == (wrong[0] if wrong else None)


def test_every_error_of_a_work_has_its_own_finding() -> None:
    for case in DATA["work"]:
        record = record_of(case, case["rows"])
        found = {finding["line"] for finding in record["findings"] if finding["kind"] != "logic"}
        assert {k for k, verdict in enumerate(case["verdicts"]) if verdict == "wrong"} <= found, case["why"]


def test_a_carried_error_is_not_docked_twice() -> None:
    for case in DATA["work"]:
        record = record_of(case, case["rows"])
        carried = {finding["line"] for finding in record["findings"] if finding["code"] == "carried"}
        docked = {f["line"] for f in record["findings"] if f["kind"] in ("value", "shape", "given", "layout")}
        assert not carried & docked, case["why"]


# Witnesses, computed again in plain NumPy: (statement, row, left, right); an entry is picked by the witness's index.

Sides = Callable[[dict[str, Any]], Any]


def softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum()


LINEAR = {"W": "K x M", "x": "M", "y": "K"}
WITNESSED: dict[str, tuple[dict[str, Any], str, Sides, Sides]] = {
    "square of a sum": (
        {"symbols": {"s": "scalar", "t": "scalar"}},
        "(s + t)^2 = s^2 + t^2",
        lambda v: (v["s"] + v["t"]) ** 2,
        lambda v: v["s"] ** 2 + v["t"] ** 2,
    ),
    "sigmoid": (
        {"symbols": {"s": "scalar"}},
        "\\sigma(s) = 1 + e^{-s}",
        lambda v: 1 / (1 + np.exp(-v["s"])),
        lambda v: 1 + np.exp(-v["s"]),
    ),
    "quadratic form": (
        {"symbols": {"A": "n x n", "x": "n"}},
        "\\frac{\\partial}{\\partial x} x^T A x = 2 A x",
        lambda v: v["A"] @ v["x"] + v["A"].T @ v["x"],
        lambda v: 2 * v["A"] @ v["x"],
    ),
    "least squares": (
        {"symbols": {**LINEAR, "J": "scalar"}, "given": ["J = \\|W x - y\\|^2"]},
        "\\frac{\\partial J}{\\partial W} = (W x - y) x^T",
        lambda v: 2 * np.outer(v["W"] @ v["x"] - v["y"], v["x"]),
        lambda v: np.outer(v["W"] @ v["x"] - v["y"], v["x"]),
    ),
    "softmax": (
        {"symbols": {"z": "K", "s": "K", "i": "index K", "j": "index K"}, "given": ["s = \\text{softmax}(z)"]},
        "\\frac{\\partial s_i}{\\partial z_j} = s_i (1 - s_j)",
        lambda v: np.diag(softmax(v["z"])) - np.outer(softmax(v["z"]), softmax(v["z"])),
        lambda v: np.outer(softmax(v["z"]), 1 - softmax(v["z"])),
    ),
    "kink": (
        {"symbols": {"s": "scalar"}},
        "\\text{ReLU}(s) = s",
        lambda v: max(v["s"], 0),
        lambda v: v["s"],
    ),
    "trace": (
        {"symbols": {"A": "n x n", "B": "n x n"}},
        "tr(A B) = tr(A) tr(B)",
        lambda v: np.trace(v["A"] @ v["B"]),
        lambda v: np.trace(v["A"]) * np.trace(v["B"]),
    ),
    "mean": (
        {"symbols": {"x": "n", "k": "index n"}},
        "\\frac{1}{n} \\sum_k x_k = \\sum_k x_k",
        lambda v: v["x"].mean(),
        lambda v: v["x"].sum(),
    ),
    "a small difference": (
        {"symbols": {"s": "scalar"}},
        "s = s + 10^{-9}",
        lambda v: v["s"],
        lambda v: v["s"] + 1e-9,
    ),
}


def witness_of(name: str) -> dict[str, Any]:
    statement, row, _, _ = WITNESSED[name]
    line = check_record({"id": 1, "problem": statement, "lines": [row]})["lines"][0]
    assert line["verdict"] == "wrong", line
    witness: dict[str, Any] = line["witness"]
    return witness


def at_index(side: Any, witness: dict[str, Any]) -> float:
    """The entry of a side that a witness is about; its indices count from 1."""
    array = np.squeeze(np.asarray(side, dtype=float))
    place = tuple(k - 1 for k in witness.get("index", {}).values())
    return float(array[place[: array.ndim]])


@pytest.mark.parametrize("name", WITNESSED)
def test_a_witness_can_be_verified_by_hand(name: str) -> None:
    witness = witness_of(name)
    values = {key: np.asarray(value, dtype=float) for key, value in witness["values"].items()}
    _, _, left, right = WITNESSED[name]
    assert at_index(left(values), witness) == pytest.approx(witness["left"], rel=1e-5)
    assert at_index(right(values), witness) == pytest.approx(witness["right"], rel=1e-5)


@pytest.mark.parametrize("name", WITNESSED)
def test_a_witness_shows_a_difference(name: str) -> None:
    witness = witness_of(name)
    assert witness["left"] != witness["right"]


@pytest.mark.parametrize("name", [name for name in WITNESSED if name != "sigmoid"])
def test_a_witness_is_small(name: str) -> None:
    numbers = [abs(n) for value in witness_of(name)["values"].values() for n in np.ravel(value)]
    assert all(float(n).is_integer() and n <= 4 for n in numbers), numbers


def test_a_planted_witness_is_caught() -> None:
    witness = witness_of("square of a sum")
    _, _, left, _ = WITNESSED["square of a sum"]
    values = {key: np.asarray(value, dtype=float) * 3 for key, value in witness["values"].items()}
    assert at_index(left(values), witness) != pytest.approx(witness["left"], rel=1e-5)
