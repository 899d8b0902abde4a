"""What a solution sheet shows earns all points by the rubric of its question."""

from __future__ import annotations

from pathlib import Path

import pytest

from truestep.checkers.derive_records import Options, solved
from truestep.checkers.own_solutions import lines_to_show, own_marks
from truestep.commands.sheets import derive
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.statements.statement import problem_from

HOMEWORK = load_homework(str(Path(__file__).parent / "data" / "class" / "homework.toml"))
ASKED = [one for one in HOMEWORK.questions if one.problem is not None and one.problem.kind == "expression"]
GATE = {
    "points": 6,
    "given": ["a = W x + U h + b", r"z = \sigma(a)", r"s = (1 - z) \odot n + z \odot h", "J = J(s)"],
    "find": r"\frac{\partial J}{\partial U}",
    "must_show": [r"\frac{\partial J}{\partial a}"],
    "symbols": {"x": "M", "W": "H x M", "U": "H x H", "J": "scalar", **dict.fromkeys("hbazns", "H")},
}


@pytest.mark.parametrize("question", ASKED, ids=[one.id for one in ASKED])
def test_the_solution_earns_all(question: object) -> None:
    asked = HOMEWORK.with_worth(question)  # type: ignore[arg-type]
    assert asked.problem is not None
    marks = own_marks(asked.problem)
    assert marks is not None
    assert marks["earned"] == marks["of"]


def test_what_must_be_shown_is_derived_where_the_way_does_not_pass_it() -> None:
    problem = problem_from(GATE)
    rows = solved(problem, Options())[1]
    before = lines_to_show(problem, rows, Options())
    assert before[-1].left == r"\frac{\partial J}{\partial a}"
    assert not lines_to_show(problem, (*before, *rows), Options())
    (shown,) = derive(problem, "normal")
    assert shown.lines[: len(before)] == before
    assert not lines_to_show(problem_from({**GATE, "must_show": []}), rows, Options())


def test_what_cannot_be_derived_is_left_out() -> None:
    problem = problem_from({**GATE, "must_show": [r"\|W\|_*"]})
    assert lines_to_show(problem, solved(problem, Options())[1], Options()) == ()
    marks = own_marks(problem)
    assert marks is not None
    assert marks["earned"] < 6
