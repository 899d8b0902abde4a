"""Homeworks: all of them load, every problem in them can be used, and every fault is said with its place."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from truestep.checkers.records import check_record
from truestep.checkers.works.examine import prepared
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework import Homework, Question
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import statement_of

# the questions of the five homeworks, by the row of the table of questions
ROWS = {
    "brown-hw3-2025": [
        "1.1",
        "2",
        "3.1",
        "3.2",
        "3.3",
        "4(a)",
        "4(b)",
        "4(c)",
        "Bonus 1",
        "Bonus 2",
        "Bonus 3",
        "Bonus 4",
    ],
    "brown-hw3-2024": [
        "1.1",
        "2",
        "3.1",
        "3.2",
        "3.3",
        "Bonus 1",
        "Bonus 2",
        "Bonus 3",
        "Bonus 4",
        "2470.1",
        "2470.2",
        "2470.3(a)",
        "2470.3(b)",
    ],
    "cmu-10315-hw5": [
        "1(a)",
        "1(b)",
        "1(c)",
        "2",
        "3 off-diagonal",
        "3 diagonal",
        "3 proof",
        *("2.1 confusion matrix", "2.1 misclassified", "2.1 confused as", "2.1 diagonal"),
        *(f"2.2({letter})" for letter in "abcdef"),
        *(f"2.3({letter})" for letter in "abcdef"),
        *("3.1", "3.2", "3.3"),
    ],
    "backprop-hw4": ["T1", "T2", "T3", "T4", "T5"],
    "nyu-dsga1008-hw1": [
        *("1.2(a)", "1.2(b)", "1.2(c)", "1.2(d) A", "1.2(d) B", "1.2(d) C", "1.3(a) b", "1.3(a) c", "1.3(a) d A"),
        *("1.3(a) d B element", "1.3(a) d B", "1.3(a) d C", "1.3(b) b", "1.3(b) c", "1.3(b) d", "1.3(c)"),
        *("1.4(a)", "1.4(b)", "1.4(c)", "1.4(d)", "1.4(e)"),
    ],
}


def problems_of(question: Question) -> list[Problem]:
    """Every problem that a question holds: its own, those that are shown, those of figures."""
    own = [question.problem] if question.problem else []
    return [*own, *question.shown, *(figure.problem for figure in question.figures if figure.problem)]


CASES = [
    pytest.param(problem, id=f"{name}-{question.id}-{place}")
    for name in homeworks()
    for question in load_homework(name).questions
    for place, problem in enumerate(problems_of(question))
]


def test_all_five_are_there() -> None:
    assert set(homeworks()) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_every_question_is_there_and_is_answered(name: str) -> None:
    homework = load_homework(name)
    assert homework.id == name
    assert all(homework.question(row).is_answered for row in ROWS[name])
    for question in homework.questions:
        if question.is_by_hand:
            assert question.model_answer or question.rubric, question.id
        assert not question.is_answered or question.box >= 2


@pytest.mark.parametrize("problem", CASES)
def test_every_problem_can_be_used(problem: Problem) -> None:
    setting = setting_of(problem)
    assert not setting.assumptions.unused
    with prepared(problem):
        pass  # a reference answer that contradicts the givens is refused here


def test_points_are_those_of_the_sheet() -> None:
    homework = load_homework("cmu-10315-hw5")
    stated = {question.id: question.points for question in homework.questions if question.points}
    assert stated == {"1": 15, "2": 8, "3": 20, "2.1": 4, "2.2": 9, "2.3": 6}


def test_the_forward_table_of_the_network_at_numbers_holds() -> None:
    question = load_homework("backprop-hw4").question("T1")
    cells = re.findall(r"\$([^$]*=[^$]*)\$", question.model_answer)
    rows = [row for cell in cells for row in cell.split(r", \;")]
    assert len(rows) == 17
    assert question.problem is not None
    record = check_record({"problem": statement_of(question.problem), "lines": [row.strip() for row in rows]})
    assert {line["verdict"] for line in record["lines"]} == {"right"}


def test_a_homework_is_found_by_its_file() -> None:
    path = Path(__file__).parent.parent / "problems" / "homeworks" / "cmu-10315-hw5.toml"
    assert load_homework(str(path)) == load_homework("cmu-10315-hw5")


def test_notations_are_put_together() -> None:
    made = homework_from(
        {
            "title": "H",
            "notation": {"a": {"symbols": {"x": "n"}, "given": ["y = 2 x"]}, "b": {"layout": "numerator"}},
            "part": [
                {
                    "question": [
                        {
                            "id": "1",
                            "points": 3,
                            "problem": {
                                "use": ["a", "b"],
                                "given": ["z = y"],
                                "symbols": {"y": "n", "z": "n"},
                                "find": "z",
                            },
                        }
                    ]
                }
            ],
        }
    )
    problem = made.question("1").problem
    assert problem is not None
    assert problem.given == ("y = 2 x", "z = y")
    assert problem.symbols == {"x": "n", "y": "n", "z": "n"}
    assert (problem.layout, problem.points, problem.id) == ("numerator", 3, "1")


def test_the_homework_of_the_manual_loads(tmp_path: Path) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "sheets.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    path = tmp_path / "mine.toml"
    path.write_text(block, encoding="utf-8")
    homework = load_homework(str(path))
    assert [question.id for question in homework.questions if question.is_answered] == ["1(a)", "1(b)", "2"]
    problem = homework.question("1(a)").problem
    assert problem is not None
    record = check_record({"problem": statement_of(problem), "lines": [r"= W^T \frac{\partial J}{\partial z}"]})
    assert record["verdict"] == "right"


@pytest.mark.parametrize(("layout", "answer", "other"), [("numerator", "W", "W^T"), ("denominator", "W^T", "W")])
def test_a_reference_answer_is_compared_in_its_own_layout(layout: str, answer: str, other: str) -> None:
    problem = Problem(
        symbols={"W": "n x n", "x": "n", "z": "n"},
        given=("z = W x",),
        find=(r"\frac{\partial z}{\partial x}",),
        answer=(answer,),
        layout=layout,
    )
    with prepared(problem):
        pass
    wrong = prepared(structs.replace(problem, answer=(other,)))
    with pytest.raises(StatementFault, match="not what given and find make of it"), wrong:
        pass


def with_question(**keys: Any) -> dict[str, Any]:
    return {"title": "H", "part": [{"question": [{"id": "1", **keys}]}]}


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({}, "title: a homework needs one"),
    ({"title": "H", "titel": "H"}, "'titel' is no key of a homework; did you mean title"),
    ({"title": 3}, "title: 3 is no text"),
    ({"title": "H", "part": {"title": "P"}}, r"part: write \[\[...\]\]"),
    (with_question(id="1", texts="t"), "part 1: question 1: 'texts' is no key of a question; did you mean text"),
    (with_question(id='1"'), "part 1: question 1\": id: '1\"' holds more than letters"),
    (with_question(text=r"$\input{x}$"), r"part 1: question 1: text: the formula '\\input\{x\}' uses \\input"),
    (with_question(kind="prose"), "kind: 'prose' is none of by hand; a question says 'by hand' or nothing"),
    (with_question(kind="by hand", problem={"find": "x"}), "leave out one of the two"),
    (with_question(model_answer="A"), "model_answer: nothing is asked here"),
    (with_question(problem={"use": "none", "find": "x"}), r"use: there is no \[notation.none\]"),
    (with_question(problem={"finds": "x"}), "'finds' is no key of a problem; did you mean find"),
    (with_question(problem="softmax-jacobean"), "no problem in the book is called"),
    (with_question(kind="by hand", box=99), "box: 99 is no number from 1 to 23"),
    (with_question(kind="by hand", points="3"), "points: '3' is no number"),
    (
        with_question(problem={"find": "x", "route": "guess"}),
        "route: 'guess' is none of backprop, cases, chain",
    ),
    (with_question(figure=[{"kind": "plot"}]), "figure 1: functions: a plot needs at least one"),
    (with_question(figure=[{"kind": "photo"}]), "figure 1: kind: 'photo' is none of graph, plot"),
    (with_question(figure=[{"kind": "plot", "functions": ["x"], "range": [2, 1]}]), "figure 1: range"),
    (with_question(figure=[{"kind": "graph"}]), "figure 1: a graph is drawn from the givens"),
    ({"title": "H", "part": [{"question": [{"id": "1"}, {"id": "1"}]}]}, "question 1: two questions have this id"),
]


@pytest.mark.parametrize(("table", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_a_fault_is_said_with_its_place(table: dict[str, Any], message: str) -> None:
    with pytest.raises(StatementFault, match=message):
        homework_from(table)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bad.toml", "title = ", "bad.toml: "),
        ("nul.toml", "title = 'H'\ntext = 5", "nul.toml: text: 5 is no text"),
        ("none.toml", None, "cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(StatementFault, match=message):
        load_homework(str(path))


def test_an_unknown_id_proposes_the_nearest() -> None:
    with pytest.raises(StatementFault, match="did you mean cmu-10315-hw5"):
        load_homework("cmu-10315-hw4")
    with pytest.raises(StatementFault, match="has no question"):
        Homework("h", "H").question("1")


@pytest.mark.parametrize(
    ("question", "points"),
    [
        ({"points": 4}, 4),
        ({"problem": {"find": "1 + 1", "points": 2}}, 2),
        ({"problem": {"find": "1 + 1", "marking": {"final": 2, "method": 1}}}, 3),
        ({}, None),
    ],
)
def test_a_question_is_worth_what_its_problem_is(question: dict[str, Any], points: float | None) -> None:
    asked = {"id": "1", "problem": {"find": "1 + 1"}, **question}
    homework = homework_from({"title": "H", "part": [{"question": [asked]}]})
    assert homework.question("1").points == points
    assert homework.points == (points or 0)


@pytest.mark.parametrize(("sign", "is_met"), [("-", True), ("+", False)])
def test_a_reference_answer_for_one_of_two_unknowns_is_compared_with_the_other_solved_for(
    sign: str, is_met: bool
) -> None:
    problem = Problem(
        symbols={"t_i": "scalar", "v_i": "scalar", "p": "scalar", "q": "scalar", "R": "scalar", "i": "index n"},
        given=(r"R = \sum_{i=1}^n (p t_i + q - v_i)^2",),
        assume=(r"\frac{\partial R}{\partial p} = 0", r"\frac{\partial R}{\partial q} = 0"),
        find=("p",),
        answer=(rf"\frac{{n\sum_i t_i v_i {sign} \sum_i t_i \sum_i v_i}}{{n\sum_i t_i^2 - (\sum_i t_i)^2}}",),
    )
    expected = nullcontext() if is_met else pytest.raises(StatementFault, match="not what given and find make of it")
    with expected, prepared(problem):
        pass
