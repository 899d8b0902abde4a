"""What a solution sheet shows earns all points by the rubric of its question."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.sheets import NETWORKS, as_homework, collections, handed_back
from truestep.checkers.derive_records import Options, solved
from truestep.checkers.own_solutions import derive, in_form, lines_to_show, own_marks
from truestep.problems.book import find_problem
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import problem_from

HOMEWORK = load_homework(str(Path(__file__).parent / "data" / "class" / "homework.toml"))
ASKED = [one for one in HOMEWORK.questions if one.problem is not None and one.problem.kind == "expression"]
GATE = {
    "points": 6,
    "given": ["a = W x + U h + b", r"z = \sigma(a)", r"s = (1 - z) \odot n + z \odot h", "J = J(s)"],
    "find": r"\frac{\partial J}{\partial U}",
    "must_show": [r"\frac{\partial J}{\partial a}"],
    "route": "delta",
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


@pytest.mark.parametrize("form", ["latex", "markdown"])
@pytest.mark.parametrize("name", ["brown-hw3-2025", str(NETWORKS)])
def test_a_solution_that_is_handed_back_earns_full_marks(name: str, form: str) -> None:
    backs = list(handed_back(load_homework(name), form))
    assert len(backs) > 3
    assert [back for back in backs if not back.is_full] == []


def test_a_reference_that_is_not_so_earns_less() -> None:
    problem = problem_from({**GATE, "must_show": [r"\|W\|_*"]})
    (back,) = handed_back(as_homework("gate", [replace(problem, id="gate")]))
    assert back.verdict == "right"
    assert not back.is_full


def test_all_collections_are_handed_back() -> None:
    names = [homework.id for homework in collections()]
    assert {"cmu-10315-hw5", "seeds", "softmax", "word2vec"} <= {*names}


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("relu-derivative", r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{if } x < 0 \end{cases}"),
        ("relu-layer", r"\frac{\partial J}{\partial a} \circ \mathbf{1}[z > 0]"),
        ("mse-gradient", r"\frac{2 (\hat{y} - y)}{n}"),
        ("linear-layer-output-by-weight", r"\delta_{ki} x_j"),
    ],
)
def test_a_solution_ends_in_the_form_of_the_reference(name: str, end: str) -> None:
    (shown,) = derive(find_problem(name), "normal")
    assert shown.lines[-1].right == end


def test_a_reference_that_does_not_follow_is_not_taken_over() -> None:
    plain = {**GATE, "must_show": []}
    (shown,) = derive(problem_from(plain), "normal")
    other = setting_of(problem_from({**plain, "answer": r"\frac{\partial J}{\partial a} x^T"}))
    assert in_form(shown, other, 0, Options()) == shown
