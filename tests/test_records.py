"""Check records: their shape, their order, and what becomes of input that nobody can use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sources import table

from truestep.checkers.records import MAX_RECORD, check_line, check_record
from truestep.checkers.works.grouping import MAX_ROWS
from truestep.cli import main

HERE = Path(__file__).parent
DATA = table("records")
VERDICTS = {"right", "wrong", "undecided", "unreadable", "not_checked"}
KINDS = {"value", "shape", "layout", "scope", "given", "name", "form", "missing", "notation", "logic"}
KEYS = {"id", "verdict", "final", "first_wrong_line", "lines", "findings"}
LINEAR = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar"},
    "given": ["z = W x + b", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
    "must_show": [r"\frac{\partial J}{\partial x_j}"],
    "final_form": ["no sums"],
    "points": 5,
}
ENTRY = r"\frac{\partial J}{\partial x_j} = \sum_k \frac{\partial J}{\partial z_k} W_{kj}"
WHOLE = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
WORKS: dict[str, list[str]] = {
    "right": [ENTRY, WHOLE],
    "wrong": [ENTRY, WHOLE.replace("W^T", "W")],
    "undecided name": [r"\frac{\partial J}{\partial x} = \hat{q}"],
    "unreadable": [r"\frac{\partial J}{\partial x} = W^{"],
    "words": [r"\text{I do not know}"],
    "nothing": [],
    **DATA["rows"],
}
SCALAR = {"symbols": {"x": "scalar"}, "find": "x", "answer": "2x"}


def faults_of_record(record: Any, count: int) -> list[str]:
    """What a record of ``count`` rows lacks of the shape that is promised."""
    faults = [f"key {key}" for key in KEYS - set(record)]
    if faults:
        return faults
    faults += [f"verdict {record['verdict']}"] * (record["verdict"] not in VERDICTS)
    faults += [f"key {key}" for key in set(record) - KEYS - {"marks", "ignored", "limits"}]
    lines = record["lines"]
    if [line["line"] for line in lines] != list(range(count)):
        faults.append("lines are not in their order")
    for place in [*lines, record["final"]]:
        faults += [f"verdict {place['verdict']}"] * (place["verdict"] not in VERDICTS)
        right, wrong = place["verdict"] == "right", place["verdict"] == "wrong"
        faults += ["evidence without right"] * ("evidence" in place and not right)
        faults += ["right without evidence"] * (right and place.get("evidence") not in ("proved", "agreed"))
        faults += ["witness without wrong"] * ("witness" in place and not wrong)
        faults += ["wrong without witness or reason"] * (wrong and not ("witness" in place or place.get("reason")))
        open_ = place["verdict"] in ("undecided", "unreadable")
        faults += ["undecided without a reason"] * (open_ and not place.get("reason"))
    wrong_lines = [line["line"] for line in lines if line["verdict"] == "wrong"]
    faults += ["first_wrong_line"] * (record["first_wrong_line"] != (wrong_lines[0] if wrong_lines else None))
    for finding in record["findings"]:
        faults += [f"finding {set(finding)}"] * (set(finding) != {"line", "kind", "code", "args", "message", "span"})
        faults += [f"kind {finding['kind']}"] * (finding["kind"] not in KINDS)
        faults += ["finding without a message"] * (not finding["message"])
    if wrong_lines and record["verdict"] != "wrong":
        faults.append("a wrong line, but the whole is not wrong")
    if record["verdict"] == "right" and record["final"]["verdict"] != "right":
        faults.append("right without a right final answer")
    return faults


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize("problem", [LINEAR, SCALAR], ids=["linear", "scalar"])
def test_every_record_has_the_promised_shape(name: str, problem: dict[str, Any]) -> None:
    record = check_record({"id": name, "problem": problem, "lines": WORKS[name]})
    assert record["id"] == name
    assert not faults_of_record(record, len(WORKS[name])), record
    json.dumps(record, allow_nan=False)


@pytest.mark.parametrize("name", DATA["rows"])
def test_hostile_rows_are_never_right(name: str) -> None:
    record = check_record({"id": 1, "problem": SCALAR, "lines": WORKS[name]})
    assert record["verdict"] != "right", record


def test_planted_faults_of_shape_are_seen() -> None:
    good = check_record({"id": 1, "problem": LINEAR, "lines": WORKS["right"]})
    assert not faults_of_record(good, 2)
    planted = [
        {**good, "verdict": "correct"},
        {**good, "first_wrong_line": 1},
        {**good, "lines": good["lines"][::-1]},
        {**good, "final": {"line": 1, "verdict": "wrong"}},
        {**good, "findings": [{"line": 0, "kind": "oops", "code": "", "args": {}, "message": "m", "span": None}]},
        {key: value for key, value in good.items() if key != "findings"},
    ]
    assert all(faults_of_record(record, 2) for record in planted)


def test_the_example_of_the_documentation() -> None:
    record = check_record({"id": "hw5-1a/017", "problem": LINEAR, "lines": [ENTRY, WHOLE]})
    record["marks"] = {key: record["marks"][key] for key in ("earned", "of")}
    told = [(line.pop("text"), line.pop("source"), line.pop("role"), line.pop("read")) for line in record["lines"]]
    place = {"line": 2, "column": 1, "end_line": 2, "end_column": 1 + len(WHOLE)}
    read = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
    assert told[1] == (WHOLE, place, "answer", read)
    assert told[0][2] == "claim"
    assert record == {
        "id": "hw5-1a/017",
        "verdict": "right",
        "final": {"line": 1, "verdict": "right", "evidence": "proved"},
        "first_wrong_line": None,
        "lines": [
            {"line": 0, "verdict": "right", "evidence": "proved"},
            {"line": 1, "verdict": "right", "evidence": "proved"},
        ],
        "findings": [],
        "marks": {"earned": 5, "of": 5},
    }


@pytest.mark.parametrize("case", DATA["unusable"], ids=lambda case: case["raw"][:60])
def test_a_record_that_cannot_be_used_says_why_and_who_must_mend_it(case: dict[str, Any]) -> None:
    record = check_line(case["raw"], 17)
    assert set(record) == {"id", "error", "mend"}, record
    assert record["id"] == (1 if '"id": 1' in case["raw"] else 17)
    assert record["mend"] == case["mend"], record
    assert not [word for word in case["message"] if word not in record["error"]], record["error"]


@pytest.mark.parametrize(("row", "verdict"), [("2 + 2 = 4", "right"), ("2 + 2 = 5", "wrong"), ("x = 5", "right")])
def test_without_a_problem_a_row_speaks_for_itself(row: str, verdict: str) -> None:
    record = check_record({"id": 1, "lines": [row]})
    assert record["lines"][0]["verdict"] == verdict
    assert record["final"]["verdict"] != "right"


def test_an_overlong_record_is_refused() -> None:
    assert "longer" in check_line(" " * (MAX_RECORD + 1), 3)["error"]


def test_an_undeclared_symbol_names_the_nearest() -> None:
    problem = {"symbols": {"\\hat{y}": "K", "W": "K x M"}, "find": "\\hat{y}"}
    record = check_record({"id": 1, "problem": problem, "lines": ["\\hat{y} = \\bar{y}"]})
    (line,) = record["lines"]
    assert line["verdict"] in ("undecided", "unreadable")
    assert any("\\hat{y}" in finding["message"] and finding["kind"] == "name" for finding in record["findings"])


@pytest.mark.parametrize("kind", ["lines", "submission"])
def test_lone_surrogates_and_escapes_are_kept_out_of_the_verdict(kind: str) -> None:
    text = "x = \ud800 2x"
    work: dict[str, Any] = {"lines": [text]} if kind == "lines" else {"submission": f"$${text}$$"}
    record = check_line(json.dumps({"id": "s", "problem": SCALAR, **work}), 1)
    assert record["id"] == "s"
    assert record.get("verdict") in (None, "unreadable")
    json.dumps(record).encode("ascii")


@pytest.mark.slow
def test_thousands_of_lines_are_all_accounted_for() -> None:
    count = MAX_ROWS + 1500
    record = check_record({"id": 1, "problem": SCALAR, "lines": ["x = x"] * count})
    assert not faults_of_record(record, count)
    assert all(line["verdict"] == "not_checked" and line["reason"] for line in record["lines"][MAX_ROWS:])


def test_the_same_record_twice_is_the_same_answer() -> None:
    for name, lines in WORKS.items():
        record = {"id": name, "problem": LINEAR, "lines": lines}
        assert check_record(record) == check_record(json.loads(json.dumps(record))), name


def test_a_record_does_not_depend_on_those_before_it() -> None:
    alone = check_record({"id": 1, "problem": LINEAR, "lines": WORKS["wrong"]})
    check_record({"id": 1, "problem": {**LINEAR, "layout": "numerator"}, "lines": WORKS["wrong"]})
    check_record({"id": 1, "problem": SCALAR, "lines": ["x = 2x", "q = 3"]})
    assert check_record({"id": 1, "problem": LINEAR, "lines": WORKS["wrong"]}) == alone


@pytest.mark.slow
def test_order_and_ids_are_kept_whatever_stands_between(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": "first", "problem": LINEAR, "lines": WORKS["right"]}),
        "{",
        json.dumps({"problem": LINEAR, "lines": WORKS["wrong"]}),
        json.dumps({"id": ["any", 1], "problem": "no such problem", "lines": []}),
        json.dumps({"id": None, "problem": SCALAR, "lines": ["2x"]}),
        json.dumps({"id": "last", "problem": SCALAR, "lines": ["3x"], "expect": {"verdict": "right"}}),
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--records", str(path)])
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in out] == ["first", 2, 3, ["any", 1], None, "last"]
    assert [record.get("verdict") for record in out] == ["right", None, "wrong", None, "right", "wrong"]
    assert ["error" in record for record in out] == [False, True, False, True, False, False]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
STATEMENTS = st.dictionaries(
    st.sampled_from(["symbols", "given", "assume", "find", "answer", "names", "only", "layout", "functions", "macros"]),
    JSON | st.dictionaries(st.sampled_from(["x", "W", "\\", "{"]), st.sampled_from(["scalar", "K", "K x M", "?", ""])),
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=100)
@given(JSON, JSON | STATEMENTS, JSON | st.lists(st.text(max_size=12), max_size=3))
def test_no_record_is_our_own_failure(identifier: Any, problem: Any, lines: Any) -> None:
    record = check_line(json.dumps({"id": identifier, "problem": problem, "lines": lines}), 1)
    assert record.get("mend") != "truestep", record
    assert "error" in record or not faults_of_record(record, len(lines)), record
