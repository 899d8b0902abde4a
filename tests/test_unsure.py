"""A false line is asked about where a line before it was not understood, unless its mistake is known by name."""

from __future__ import annotations

from typing import Any

import pytest

from truestep.checkers.records import check_record
from truestep.problems.findings.table import FINDINGS

PROBLEM = {
    "symbols": {"a": "d", "b": "d", "c": "scalar", "g": "scalar"},
    "given": [r"g = c a^Tb + (a^Ta)^2"],
    "find": r"\frac{\partial g}{\partial a}",
}
RIGHT = r"$$\frac{\partial g}{\partial a} = c b + 4 (a^Ta) a$$"
UNNAMED = r"$$\frac{\partial g}{\partial a} = \sin(c) b - c^3 (b^Tb)^2 a$$"
NAMED = r"$$\frac{\partial g}{\partial a} = c b - 4 (a^Ta) a$$"
STRANGE = [  # lines that nobody understands
    r"$$\Upsilon \star_3 \{q \mid \psi\} = a$$",
    r"$$R(\beta; \Xi) = \beta^2 + \Xi_7$$",
    r"$$\mathfrak{H}_{c}[a] \rightsquigarrow b \triangleleft$$",
]


def record(*rows: str, is_diagnosed: bool = True) -> dict[str, Any]:
    return check_record({"problem": PROBLEM, "submission": "\n\n".join(rows)}, is_diagnosed)


@pytest.mark.parametrize("strange", STRANGE)
def test_what_was_not_understood_may_change_what_a_line_says(strange: str) -> None:
    assert record(RIGHT)["verdict"] == record(strange, RIGHT)["verdict"] == "right"
    assert record(UNNAMED)["verdict"] == record(UNNAMED, strange)["verdict"] == "wrong"
    open_ = record(strange, UNNAMED)
    assert open_["verdict"] in ("undecided", "unreadable")
    assert open_["first_wrong_line"] is None
    assert open_["lines"][1]["verdict"] == open_["final"]["verdict"] == "undecided"
    assert open_["lines"][1]["witness"]


@pytest.mark.parametrize("strange", STRANGE)
def test_a_mistake_that_is_known_by_name_is_one_all_the_same(strange: str) -> None:
    told = record(strange, NAMED)
    assert told["verdict"] == "wrong"
    assert "sign" in {finding["code"] for finding in told["findings"]}
    assert record(strange, UNNAMED, NAMED)["verdict"] == "wrong"


@pytest.mark.parametrize(
    "rows", [(STRANGE[0], UNNAMED), (STRANGE[0], NAMED), (UNNAMED, STRANGE[0]), (STRANGE[0], RIGHT)]
)
def test_without_names_of_mistakes_the_verdicts_are_the_same(rows: tuple[str, ...]) -> None:
    full, bare = record(*rows), record(*rows, is_diagnosed=False)
    assert [line["verdict"] for line in full["lines"]] == [line["verdict"] for line in bare["lines"]]
    assert (full["verdict"], full["final"]["verdict"]) == (bare["verdict"], bare["final"]["verdict"])


def test_a_false_line_before_a_right_answer_does_not_make_the_work_right() -> None:
    work = record(STRANGE[0], r"$$a^Tb = a^Ta + \sin(c)$$", RIGHT)
    assert work["verdict"] != "right"


def test_only_what_judges_values_can_be_meant_of_something_else() -> None:
    assert {row.kind for row in FINDINGS if row.is_of_another} <= {"value", "shape", "layout", "name"}
