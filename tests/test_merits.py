"""What a line adds: restating pays nothing, contradicting answers earn the worst, a bare answer earns its share."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources import table

from truestep.checkers.records import check_record
from truestep.classes.totals import Mark, rounded, total
from truestep.problems.homework.homework import HomeworkMarking
from truestep.problems.homework.homework_file import homework_from
from truestep.problems.homework.lateness import Late, lateness, moment, seconds_of

LAYER = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar", "j": "index M", "k": "index K"},
    "given": ["z = W x + b", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
    "final_form": ["no sums"],
    "points": 5,
}
RIGHT = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
ENTRY = r"\frac{\partial J}{\partial x_j} = \sum_k \frac{\partial J}{\partial z_k} W_{kj}"
PADDING = st.sampled_from(
    ["z = W x + b", "z = b + W x", "1 = 1", "W x = W x", "J = J", "2 + 2 = 4", "A = 3 W", "c = 7"]
)


def record(rows: list[str], **more: Any) -> dict[str, Any]:
    return check_record({"problem": {**LAYER, **more}, "lines": rows})


@pytest.mark.parametrize("case", table("merits")["work"], ids=lambda case: case["why"])
def test_what_lines_add(case: dict[str, Any]) -> None:
    found = record(case["rows"])
    assert [line.get("adds_nothing", "") for line in found["lines"]] == case["adds"]
    assert found["final"].get("against", []) == case.get("against", [])
    assert found["marks"]["earned"] == case["earned"]


def test_a_name_that_is_introduced_twice_pays_nothing() -> None:
    assert record(["A = 3 W", "A = 3 W", "z = W x + b"])["marks"]["earned"] == 0


def test_lines_that_are_nested_deeply_are_judged_all_the_same() -> None:
    assert "error" not in record(["(x = 1\n\n" + "x = 1\n\n" * 350 + "-" * 100 + "x"])


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(PADDING, max_size=4), st.sampled_from([[], [RIGHT], [ENTRY, RIGHT], [RIGHT.replace("W^T", "W")]]))
def test_padding_never_pays(padding: list[str], work: list[str]) -> None:
    bare = record(work or ["z = W x + b"])["marks"]
    padded = record([*padding, *(work or ["z = W x + b"])])["marks"]
    assert padded["earned"] == bare["earned"]


@pytest.mark.parametrize(
    ("rows", "share", "earned"),
    [
        ([RIGHT], None, 5),
        ([RIGHT], 0.5, 2.5),
        ([RIGHT], 0.0, 0),
        ([ENTRY, RIGHT], 0.5, 5),
        (["z = W x + b", RIGHT], 0.5, 2.5),
        ([RIGHT, RIGHT], 0.5, 2.5),
        ([r"W^T \frac{\partial J}{\partial z}"], 0.5, 2.5),
        ([RIGHT.replace("W^T", "W")], 0.5, 0),
    ],
)
def test_a_bare_answer_earns_its_share(rows: list[str], share: float | None, earned: float) -> None:
    marking = {} if share is None else {"marking": {"needs_work": share}}
    found = record(rows, **marking)
    assert found["marks"]["earned"] == earned
    if share is not None and earned not in (0, 5):
        assert all("no work beside the answer" in item["why"] for item in found["marks"]["items"])


@pytest.mark.parametrize(
    ("policy", "at", "told"),
    [
        (Late(due="2026-03-16 23:59", per_day=0.1, grace="15 min"), "2026-03-17 00:10", (0, 1.0)),
        (Late(due="2026-03-16 23:59", per_day=0.1, grace="15 min"), "2026-03-17T00:20:00", (1, 0.9)),
        (Late(due="2026-03-16 23:59", per_day=0.1), "2026-03-19T12:00:00", (3, 0.7)),
        (Late(due="2026-03-16 23:59", per_day=0.1, max_days=2), "2026-03-19T12:00:00", (3, 0.0)),
        (Late(due="2026-03-16 23:59+01:00", per_day=0.5), "2026-03-16 22:58:59 UTC", (0, 1.0)),
        (Late(due="2026-03-16 23:59+01:00", per_day=0.5), "2026-03-16 23:00:01 Z", (1, 0.5)),
        (Late(per_day=0.5), "2026-03-16", None),
        (Late(due="2026-03-16"), "soon", None),
    ],
)
def test_lateness(policy: Late, at: str, told: tuple[int, float] | None) -> None:
    assert lateness(policy, at) == told


@given(st.floats(0, 1000), st.sampled_from([0.1, 0.25, 0.5, 1.0]))
def test_rounding_goes_to_the_nearest_step_half_up(value: float, step: float) -> None:
    made = rounded(value, step)
    assert abs(made / step - round(made / step)) < 1e-6
    assert -step / 2 - 0.02 <= value - made <= step / 2 + 0.02


def test_totals_are_summed_then_late_then_capped_then_rounded() -> None:
    question = {"kind": "by hand", "points": 4}
    several = [{"id": "1", **question}, {"id": "2", **question}, {"id": "3", **question, "bonus": True}]
    stated = {
        "title": "H",
        "marking": {"round": 0.5, "cap": 9, "late": {"due": "2026-03-16 12:00", "per_day": 0.25}},
        "part": [{"question": several}],
    }
    homework = homework_from(stated)
    assert homework.points == 8
    marks = {"1": Mark(4, 4, 4), "2": Mark(2.3, 4, 4), "3": Mark(4, 4, 4)}
    assert total(marks, homework, "", False) == (9, 9, 8, "")
    late = total(marks, homework, "2026-03-16 13:00", False)
    assert late == (7.5, 9, 8, "1 day late: 0.75 of what was earned")
    assert total(marks, homework, "", True).late == "late"
    assert isinstance(homework.marking, HomeworkMarking)


def test_times_and_spans() -> None:
    assert moment("2026-03-16 22:13:34.123456789 +0100") is not None
    assert moment("yesterday") is None
    assert [seconds_of(text) for text in ("2 h", "1 day", "90s", "a while")] == [7200, 86400, 90, None]
