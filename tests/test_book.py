"""The law of the book: every statement holds together, and every answer is what its givens say, with proof."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy

from checkers.records import check_rows
from derivations.faults import StatementFault
from problems.book import BOOK, find_problem, identifiers
from problems.problem import Problem
from problems.setting import setting_of
from problems.stated import derivative, equation, stated
from problems.statement import load_problem, problem_from, statement_of

# answers that are columns or matrices, and differ from their transposes
ARRAYS = (
    "cross-entropy-gradient",
    "linear-layer-input",
    "linear-layer-weights",
    "linear-layer-bias",
    "sigmoid-layer",
    "mse-gradient",
    "sse-gradient",
)

# one slip in an answer: what stands there, and what is put in its place
SLIPS = (
    ("softmax-jacobian", r"\hat{y}_i", r"\hat{y}_j"),
    ("softmax-jacobian", r"\delta_{ij}", "1"),
    ("softmax-jacobian-diagonal", r"1 - \hat{y}_i", r"1 - \hat{y}_j"),
    ("softmax-jacobian-off-diagonal", r"\hat{y}_j", r"\hat{y}_i"),
    ("cross-entropy-gradient", r"\hat{y} - y", r"\hat{y} + y"),
    ("cross-entropy-gradient-entry", "- y_j", "- y_i"),
    ("cross-entropy-weight-rule", "P_j x_i", "P_c x_i"),
    ("cross-entropy-weight-rule", "P_j x_i", "P_j x_j"),
    ("cross-entropy-weight-rule", "j = c", "i = c"),
    ("linear-layer-input", "W^T", "W"),
    ("linear-layer-input", r"W^T \frac{\partial J}{\partial z}", r"\frac{\partial J}{\partial z}^T W"),
    ("linear-layer-weights", "x^T", "x"),
    ("linear-layer-weights", r"\frac{\partial J}{\partial z} x^T", r"x \frac{\partial J}{\partial z}^T"),
    ("linear-layer-bias", r"\frac{\partial J}{\partial z}", r"W^T \frac{\partial J}{\partial z}"),
    ("sigmoid-derivative", "1 - a", "1 + a"),
    ("sigmoid-layer", r"\circ a ", ""),
    ("tanh-derivative", "a^2", "a"),
    ("mse-gradient", "n", "1"),
    ("sse-gradient", r"\hat{y} - y", r"y - \hat{y}"),
    ("bce-gradient", "- y_j", "- y_k"),
    ("bce-logit", r"\hat{y} - y", r"y - \hat{y}"),
)

WRONG_WAYS = (r"- \left({}\right)", r"2 \left({}\right)")


def record_of(problem: Problem, answers: tuple[str, ...]) -> dict[str, Any]:
    """The check record of answers handed in for what a problem asks."""
    rows = [f"{asked} = {answer}" for asked, answer in zip(problem.find, answers, strict=True)]
    return check_rows(rows, problem, (), problem.id)


def flaws_of(problem: Problem) -> list[str]:
    """What is wrong with a problem: assumptions that no model uses, and answers that do not follow from its givens."""
    unused = list(setting_of(problem).assumptions.unused)
    if not problem.answer or len(problem.answer) != len(problem.find):
        return [*unused, "an answer is missing"]
    record = record_of(replace(problem, answer=()), problem.answer)
    final = record["final"]
    if record["verdict"] == "right" and final["verdict"] == "right" and final.get("evidence") == "proved":
        return unused
    return [*unused, f"the answer is {final}"]


def refused(problem: Problem, answers: tuple[str, ...]) -> bool:
    """Whether wrong answers are refused, both against the givens and against the reference."""
    return all(record_of(way, answers)["final"]["verdict"] == "wrong" for way in (problem, replace(problem, answer=())))


@pytest.mark.parametrize("identifier", identifiers())
def test_a_problem_of_the_book_holds_together(identifier: str) -> None:
    assert flaws_of(find_problem(identifier)) == []


@pytest.mark.parametrize("way", WRONG_WAYS)
@pytest.mark.parametrize("identifier", identifiers())
def test_a_multiple_of_the_answer_is_refused(identifier: str, way: str) -> None:
    problem = find_problem(identifier)
    assert refused(problem, tuple(way.format(answer) for answer in problem.answer))


@pytest.mark.parametrize("identifier", ARRAYS)
def test_the_transpose_of_the_answer_is_refused(identifier: str) -> None:
    problem = find_problem(identifier)
    assert refused(problem, tuple(rf"\left({answer}\right)^{{T}}" for answer in problem.answer))


@pytest.mark.parametrize(("identifier", "old", "new"), SLIPS)
def test_a_slip_in_the_answer_is_refused(identifier: str, old: str, new: str) -> None:
    problem = find_problem(identifier)
    slipped = tuple(answer.replace(old, new, 1) for answer in problem.answer)
    assert slipped != problem.answer
    assert refused(problem, slipped)


def test_every_problem_has_a_slip() -> None:
    assert {identifier for identifier, _, _ in SLIPS} == set(identifiers())


@pytest.mark.parametrize("identifier", identifiers())
def test_a_problem_says_what_it_is_and_where_it_is_from(identifier: str) -> None:
    problem = find_problem(identifier)
    assert problem.id == identifier
    assert problem.title
    assert problem.text.endswith(".")
    assert any(digit in problem.source for digit in "0123456789")
    assert problem.layout == "denominator"


@pytest.mark.parametrize("identifier", identifiers())
def test_a_problem_is_its_statement(identifier: str) -> None:
    problem = find_problem(identifier)
    assert problem_from(statement_of(problem)) == problem
    assert load_problem(identifier) == problem


def test_ids_are_used_once() -> None:
    assert len(set(identifiers())) == len(BOOK)


def test_an_unknown_id_proposes_the_nearest() -> None:
    with pytest.raises(StatementFault, match="did you mean linear-layer-weights"):
        find_problem("linear-layer-weight")
    with pytest.raises(StatementFault, match="the book holds softmax-jacobian, "):
        find_problem("qqq")


def test_the_index_of_the_book_opens_no_page() -> None:
    code = "import sys, problems.book, problems.statement; print('sympy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


# The law itself.


@pytest.mark.parametrize(
    ("identifier", "answer"),
    [
        ("softmax-jacobian", r"\hat{y}_{i} \left(1 - \hat{y}_{j}\right)"),
        ("linear-layer-weights", r"x \frac{\partial J}{\partial z}^{T}"),
        ("mse-gradient", r"\frac{\hat{y} - y}{n}"),
        ("sigmoid-derivative", r"\frac{\partial a}{\partial z}"),
    ],
)
def test_a_wrong_answer_in_the_book_is_caught(identifier: str, answer: str) -> None:
    assert flaws_of(replace(find_problem(identifier), answer=(answer,)))


def test_a_missing_answer_is_caught() -> None:
    assert flaws_of(replace(find_problem("bce-logit"), answer=()))


def test_an_assumption_that_no_model_uses_is_caught() -> None:
    problem = find_problem("bce-logit")
    assert flaws_of(replace(problem, assume=(r"\hat{y} \sim p",)))


def test_a_contradictory_statement_is_caught() -> None:
    problem = find_problem("linear-layer-input")
    with pytest.raises(StatementFault):
        flaws_of(replace(problem, symbols={**problem.symbols, "x": "K"}))


def test_a_right_answer_is_not_refused() -> None:
    problem = find_problem("linear-layer-input")
    assert not refused(problem, problem.answer)


# Stating in SymPy.


def test_shapes_are_those_of_the_objects() -> None:
    rows, columns, loss = sympy.symbols("K M J")
    w, x, b = (
        sympy.MatrixSymbol("W", rows, columns),
        sympy.MatrixSymbol("x", columns, 1),
        sympy.IndexedBase("b", shape=3),
    )
    label = sympy.Idx("c", (1, rows))
    problem = stated("p", given=[equation(loss, (w * x)[label, 0] + b[1])], find=derivative(loss, x))
    assert dict(problem.symbols) == {"J": "scalar", "W": "K x M", "x": "M", "c": "index K", "b": "3"}


def test_told_shapes_win() -> None:
    z, k = sympy.IndexedBase("z"), sympy.Symbol("k")
    problem = stated("p", find=z[k], symbols={"z": "K"})
    assert dict(problem.symbols) == {"z": "K"}


def test_a_base_without_a_shape_is_the_authors_fault() -> None:
    with pytest.raises(StatementFault, match="the shape of z is not known"):
        stated("p", find=sympy.IndexedBase("z")[sympy.Symbol("k")])


def test_what_has_no_place_is_the_authors_fault() -> None:
    with pytest.raises(StatementFault, match=r"p: gamma\(x\)"):
        stated("p", find=sympy.gamma(sympy.Symbol("x")))


def test_functions_are_stated() -> None:
    t, x = sympy.symbols("t x")
    f, g = sympy.Function("f"), sympy.Function("g")
    problem = stated("p", given=equation(f(t), t**2 + 1), find=derivative(f(x) + g(x), x))
    assert dict(problem.symbols) == {"x": "scalar"}
    assert dict(problem.functions) == {"g": "elementwise"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("anwser = 'x'\nfind = 'x'\n[symbols]\nx = 'scalar'", ("anwser", "did you mean 'answer'")),
        ("[symbols]\nx = 'scalar'", ("states no question", "find")),
        ("x = ", ("Invalid value",)),
    ],
)
def test_a_slip_in_a_file_is_said_to_its_author(tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    path = tmp_path / "q.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StatementFault) as fault:
        load_problem(str(path))
    assert all(part in fault.value.message for part in said)
    assert fault.value.message.count(str(path)) == 1


def test_a_mistyped_word_is_no_size() -> None:
    with pytest.raises(StatementFault, match="scalar"):
        setting_of(problem_from({"symbols": {"x": "scaler"}, "find": "x"}))
