"""Alternatives: strict first, each liberty at its own place, several together, within a fixed number of readings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truestep.checkers.records import check_record
from truestep.checkers.works import alternatives, lines
from truestep.checkers.works.alternatives import MOST_READINGS, Alternatives, conventions
from truestep.derivations.language import liberties
from truestep.derivations.language.liberties import LIBERTIES, Choice, Convention, Reading
from truestep.problems.statements.statement import problem_from

LOSS: dict[str, Any] = {
    "symbols": {"z": "K", "a": "K", "y": "K", "L": "scalar"},
    "given": [r"a = \sigma(z)", r"L = \frac{1}{4} \sum_k (a_k - y_k)^2"],
    "find": r"\frac{\partial L}{\partial z}",
}
ROWS: dict[str, Any] = {
    "symbols": {"W": "K x M", "x": "M", "p": "K", "k": "index K"},
    "given": ["p = W x"],
    "find": "p_k",
}
DZ = r"\frac{\partial L}{\partial z} = "
# the problem, a line, the slips that it needs to be right; the same line with one thing false
LINES: list[tuple[dict[str, Any], str, set[str], str]] = [
    (LOSS, DZ + r"0.5 (a - y) \odot a \odot (1 - a)", set(), DZ + r"0.5 (a - y) \odot a \odot (1 + a)"),
    (LOSS, DZ + r"0,5 (a - y) \odot a \odot (1 - a)", {"decimal-comma"}, DZ + r"0,25 (a - y) \odot a \odot (1 - a)"),
    (
        LOSS,
        DZ + r"\frac12 (a - y) \cdot a \cdot (1 - a)",
        {"dot-product"},
        DZ + r"\frac12 (a + y) \cdot a \cdot (1 - a)",
    ),
    (
        LOSS,
        DZ + r"0,5 (a - y) \cdot a \cdot (1 - a)",
        {"decimal-comma", "dot-product"},
        DZ + r"0,5 (a - y) \cdot a \cdot (1 + a)",
    ),
    (
        LOSS,
        DZ + r"0,5 a \cdot a \cdot (1 - a) - 0,5 y \cdot a \cdot (1 - a)",
        {"decimal-comma", "dot-product"},
        DZ + r"0,5 a \cdot a \cdot (1 - a) - 0,5 y \cdot a",
    ),
    (
        LOSS,
        DZ + r"\frac{\partial}{\partial z} (a - y) \cdot (a - y) 0,25",
        {"operator-scope", "decimal-comma"},
        DZ + r"\frac{\partial}{\partial z} (a - y) \cdot (a + y) 0,25",
    ),
    (LOSS, r"L = 0,25 \sum_k (a_k - y_k)^2", {"decimal-comma"}, r"L = 0,5 \sum_k (a_k - y_k)^2"),
    (ROWS, r"p_k = W_k x", {"row-entry"}, r"p_k = 2 W_k x"),
    (ROWS, r"p_k = 0,5 W_k x + 0,5 W_k x", {"row-entry", "decimal-comma"}, r"p_k = 0,5 W_k x + 0,25 W_k x"),
]


def record(problem: dict[str, Any], line: str) -> dict[str, Any]:
    return check_record({"id": 1, "problem": problem, "lines": [line]})


def slips(checked: dict[str, Any]) -> set[str]:
    known = {liberty.slip for liberty in LIBERTIES}
    return {finding["code"] for finding in checked["findings"]} & known


@pytest.mark.parametrize(("problem", "line", "needed", "false"), LINES)
def test_a_line_is_right_with_what_it_needs_and_no_more(
    problem: dict[str, Any], line: str, needed: set[str], false: str
) -> None:
    checked = record(problem, line)
    assert checked["lines"][0]["verdict"] == "right"
    assert slips(checked) == needed
    assert record(problem, false)["lines"][0]["verdict"] == "wrong"


@pytest.mark.parametrize(("problem", "line", "needed", "false"), LINES)
def test_the_order_of_liberties_changes_no_verdict(
    problem: dict[str, Any], line: str, needed: set[str], false: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alternatives, "LIBERTIES", LIBERTIES[::-1])
    assert record(problem, line)["lines"][0]["verdict"] == "right"
    assert record(problem, false)["lines"][0]["verdict"] == "wrong"


@pytest.mark.slow
def test_without_its_liberty_a_line_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("decimal-comma", "dot-product", "operator-scope"):
        monkeypatch.setattr(alternatives, "LIBERTIES", tuple(row for row in LIBERTIES if row.code != code))
        for problem, line, needed, _ in LINES:
            if code in needed:
                assert record(problem, line)["lines"][0]["verdict"] != "right"


def test_a_right_line_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Reading] = []
    once = lines.Lines.read

    def counted(group: Any, context: Any, reading: Reading, *rest: Any) -> Any:
        read.append(reading)
        return once(group, context, reading, *rest)

    monkeypatch.setattr(lines.Lines, "read", staticmethod(counted))
    assert record(LOSS, LINES[0][1])["verdict"] == "right"
    assert read == [Reading()]


def test_every_row_of_the_table_is_asked_for() -> None:
    assert len({liberty.code for liberty in LIBERTIES}) == len(LIBERTIES)
    assert all(liberties.LIBERTY[row.excludes].excludes == row.code for row in LIBERTIES if row.excludes)


OFFERS = st.sets(st.builds(Choice, st.sampled_from([row.code for row in LIBERTIES]), st.integers(0, 40)), max_size=30)


@given(OFFERS, st.sampled_from(["denominator", "numerator", "either"]))
def test_readings_are_few_distinct_and_strict_first(offers: set[Choice], layout: str) -> None:
    admitted = conventions(problem_from({"symbols": {"x": "scalar"}, "find": "x", "layout": layout}))
    found = list(Alternatives(admitted, offers))
    assert found[0] == Reading(admitted[0])
    assert len(found) == len(set(found)) <= MOST_READINGS
    for reading in found:
        codes = {choice.code for choice in reading.taken}
        assert codes <= {choice.code for choice in offers}
        assert not {"sum-short", "sum-long"} <= codes


def test_conventions_come_from_the_statement() -> None:
    stated = {"symbols": {"x": "scalar"}, "find": "x", "layout": "either", "chain": "loose", "summation": "einstein"}
    usual, *others = conventions(problem_from(stated))
    assert usual == Convention("denominator", implied_sums=True, any_order=True)
    assert [other.layout for other in others] == ["numerator", "mixed"]


@pytest.mark.slow
def test_a_hostile_row_has_few_readings() -> None:
    row = "L = " + " + ".join(r"\sum_k a_k \cdot y + a_k" for _ in range(40))
    assert record(LOSS, row)["lines"][0]["verdict"] in ("wrong", "undecided", "unreadable")
