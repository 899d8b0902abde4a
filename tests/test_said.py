"""What is said beside a right derivation is judged: in sentences, in margins, of shapes and of values."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record

DATA: dict[str, Any] = table("said")
PROBLEMS = DATA.pop("problems")
PAIRS = [(kind, *pair) for kind, pairs in DATA.items() for pair in pairs.get("pairs", ())]
OPEN = [(kind, *pair) for kind, pairs in DATA.items() for pair in pairs.get("open", ())]


def verdict(problem: str, work: str) -> str:
    return str(check_record({"problem": PROBLEMS[problem], "submission": work})["verdict"])


@pytest.mark.parametrize(("kind", "problem", "true", "false"), PAIRS)
def test_what_is_said_is_right_or_wrong(kind: str, problem: str, true: str, false: str) -> None:
    assert (verdict(problem, true), verdict(problem, false)) == ("right", "wrong")


@pytest.mark.parametrize(("kind", "problem", "true", "false"), OPEN)
def test_what_may_be_meant_otherwise_is_not_right(kind: str, problem: str, true: str, false: str) -> None:
    assert verdict(problem, true) == "right"
    assert verdict(problem, false) not in ("right", "wrong")


@pytest.mark.parametrize(
    ("kind", "problem", "work"), [(kind, *one) for kind in DATA for one in DATA[kind].get("right", ())]
)
def test_what_is_said_of_something_else_accuses_nobody(kind: str, problem: str, work: str) -> None:
    assert verdict(problem, work) == "right"
