"""Rows judged strictly: what is derived holds as it is written, and no planted error does."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers import derive_records
from truestep.checkers.derive_records import Options, solved
from truestep.checkers.documents.work import typed
from truestep.checkers.works.examine import examine
from truestep.checkers.works.strictly import all_hold
from truestep.derivations.deriving.displays.presenting import Line, lines, record_lines
from truestep.derivations.deriving.steps import Stuck
from truestep.problems.derived import derived
from truestep.problems.statements.statement import problem_from

CASES = table("derivations")["derived"]
SQUARE = {"symbols": {"x": "n", "A": "n x n", "f": "scalar"}, "given": ["f = x^T A x"]}
NAMED = {
    "symbols": {"x": "n", "W": "m x n", "z": "m", "h": "m", "y": "m", "J": "scalar"},
    "given": ["z = W x", r"h = \tanh(z)", r"J = \frac{1}{2} \|h - y\|^2"],
}

SIGNAL = r"\delta := \frac{\partial J}{\partial h} = h - y"


@pytest.mark.parametrize(
    ("statement", "rows", "holds"),
    [
        (SQUARE, [r"\frac{\partial f}{\partial x} = A x + A^T x", "= (A + A^T) x"], True),
        (SQUARE, [r"\frac{\partial f}{\partial x} = A x + A^T x", "= 2 A x"], False),
        (SQUARE, [r"\frac{\partial f}{\partial x_i} = \sum_j (A_{ij} + A_{ji}) x_j"], True),
        (SQUARE, [r"\frac{\partial f}{\partial x_i} = \sum_j (A_{ij} - A_{ji}) x_j"], False),
        (SQUARE, [r"df = (dx)^T A x + x^T A dx", "= x^T (A + A^T) dx"], True),
        (SQUARE, [r"df = (dx)^T A x + x^T A dx", "= 2 x^T A dx"], False),
        (SQUARE, [r"\frac{\partial f}{\partial x} = x^T (A + A^T)"], False),  # the transpose may be granted elsewhere
        (SQUARE, [r"\frac{\partial f}{\partial x} = g"], False),
        (SQUARE, ["= 2 A x"], False),
        (SQUARE, [r"\frac{\partial f}{\partial x} = 2 A x +"], False),
        (NAMED, [SIGNAL, r"\frac{\partial J}{\partial z} = (1 - h^{\odot 2}) \odot \delta"], True),
        (NAMED, [SIGNAL.replace("h - y", "y - h")], False),
        (NAMED, [SIGNAL, r"\frac{\partial J}{\partial z} = \delta"], False),
    ],
)  # fmt: skip
def test_a_row_holds_or_not(statement: dict[str, Any], rows: list[str], holds: bool) -> None:
    assert all_hold(rows, problem_from(statement)) is holds


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case["why"])
def test_no_planted_error_holds(case: dict[str, Any]) -> None:
    problem = problem_from({key: value for key, value in case.items() if key not in ("why", "is")})
    (solution, *_) = derived(problem)
    texts = record_lines(lines(solution))
    if not all_hold(texts, problem):
        return  # it is judged as a work
    assert {line["verdict"] for line in examine(typed(texts), problem)["lines"]} <= {"right", "not_checked"}
    for place, text in enumerate(texts):
        left, sign, right = text.partition("= ")
        side, condition, words = right.partition(r" \quad ")
        planted = [*texts[:place], f"{left}{sign}2 ({side}){condition}{words}", *texts[place + 1 :]]
        assert side == "0" or ":=" in text or not all_hold(planted, problem), planted


@pytest.mark.parametrize("is_strict", [True, False])
def test_a_planted_row_makes_a_derivation_stuck(monkeypatch: pytest.MonkeyPatch, is_strict: bool) -> None:
    problem = problem_from({**NAMED, "find": [r"\frac{\partial J}{\partial W}"]})
    rows = derive_records.lines

    def spoiled(*given: Any) -> tuple[Line, ...]:
        *before, last = rows(*given)
        return (*before, Line(last.left, f"-({last.right})", last.rule, "", last.block))

    monkeypatch.setattr(derive_records, "lines", spoiled)
    if not is_strict:
        monkeypatch.setattr(derive_records, "all_hold", lambda *_: False)
    with pytest.raises(Stuck, match="not verified"):
        solved(problem, Options())


def test_rows_that_are_known_give_their_names_alone() -> None:
    problem = problem_from(NAMED)
    rows = [r"\delta := \frac{\partial J}{\partial h} = y - h", r"\frac{\partial J}{\partial h} = h - y"]
    assert [all_hold(rows, problem, named) for named in (0, 1)] == [False, True]
