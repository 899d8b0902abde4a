"""What is listed and shown: all problems of the book and all questions, and never an answer unasked."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from commanding import run

from truestep.checkers.documents.work import typed
from truestep.checkers.records import check_work
from truestep.output.shown_formulas import formula, prose
from truestep.problems.book import find_problem, identifiers, pages
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import load_problem, statement_of
from truestep.problems.statements.toml.writing import as_toml

TABLES: tuple[dict[str, Any], ...] = (
    {"id": "x'y", "points": 2.5, "given": ["a", "it's", "two\nlines", "'''\n", "\x07\x7f\\é😀", ""]},
    {"text": "one\n\ntwo's\n", "symbols": {r"\hat{y}": "K", "a'": "scalar", "b": "'"}},
    {"find": [], "wrong": {"line\nline": "sign", '"': "sign"}},
    {"given": [r"\frac{" + "x" * 99 + "}{y}", "z"]},
)


def questions() -> list[str]:
    return [f"{name}/{question.id}" for name in homeworks() for question in load_homework(name).questions]


# Listing.


def test_everything_is_listed() -> None:
    listed = json.loads(run("list", "--json").output)
    assert [one["id"] for one in listed["book"]] == list(identifiers())
    assert [one["id"] for one in listed["homeworks"]] == list(homeworks())
    output = run("list").output
    assert all(name in output for name in (*identifiers(), *homeworks()))


def test_the_pages_are_those_of_the_book_in_order() -> None:
    assert [problem.id for page in pages() for problem in page.problems] == list(identifiers())
    assert all(page.about.endswith(".") for page in pages())


def test_a_word_filters() -> None:
    output = run("list", "Attention", "values").output
    assert "attention-values" in output
    assert "softmax-jacobian" not in output
    assert "0 homeworks" in output
    assert "cmu-10315-hw5" in run("list", "homework", "mellon").output


def test_a_word_that_nothing_has_proposes_the_nearest() -> None:
    result = run("list", "sofmax")
    assert result.exit_code == 2
    assert "did you mean softmax?" in result.stderr
    assert run("list", "softmax", "qqq").exit_code == 2


# Showing.


@pytest.mark.parametrize("identifier", identifiers())
def test_a_problem_is_shown_without_its_answer(identifier: str) -> None:
    problem, result = find_problem(identifier), run("show", identifier)
    assert result.exit_code == 0
    assert identifier in result.output
    words = "".join(result.output.split())
    assert "".join(problem.source.split()) in words
    assert "alsoright" not in words
    assert all(f"({code})" not in result.output for code in problem.wrong.values())
    assert len(max(result.output.split("\n"), key=len)) <= 80


@pytest.mark.parametrize("identifier", ["softmax-jacobian", "affine-composition-shapes", "parameters-of-a-network"])
def test_the_answer_is_shown_when_asked_for(identifier: str) -> None:
    output = run("show", identifier, "--answer").output
    assert "also right" in output
    assert all(f"({code})" in output for code in find_problem(identifier).wrong.values())


def test_formulas_are_those_of_the_writer() -> None:
    output = run("show", "regression-network-first-weights", "--answer").output
    assert "∂z₃/∂z₁ ∂ŷ/∂z₃ ∂ℓ/∂ŷ xᵀ" in output
    assert "f(t) = 5 ReLU(t)" in output
    assert "W⁽¹⁾: d × n" in output
    assert "J = J(z)" in run("show", "linear-layer-bias").output
    assert "w_1 = -0.2" in run("show", "scalar-network-output").output


@pytest.mark.parametrize("name", questions())
def test_a_question_is_shown(name: str) -> None:
    result = run("show", name)
    assert result.exit_code == 0
    assert result.output.startswith(name)
    assert "For the marker" not in result.output
    assert run("show", name, "--answer").exit_code == 0


@pytest.mark.parametrize("name", homeworks())
def test_a_homework_shows_its_questions(name: str) -> None:
    result = run("show", name)
    assert result.exit_code == 0
    assert all(question.id in result.output for question in load_homework(name).questions)


def test_files_are_shown(tmp_path: Path) -> None:
    statement, homework = tmp_path / "one.toml", tmp_path / "all.toml"
    statement.write_text("find = '\\frac{dx^2}{dx}'\n[symbols]\nx = 'scalar'\n", encoding="utf-8")
    homework.write_text(
        "title = 'T'\n[[part]]\n[[part.question]]\nid = 'a'\ntext = 'Why $x_1$?'\nkind = 'by hand'\nrubric = 'R'\n",
        encoding="utf-8",
    )
    assert run("show", str(statement)).output.startswith("one\n")
    assert "by hand" in run("show", str(homework)).output
    assert "Why x_1?" in run("show", f"{homework}/a").output
    assert "R" in run("show", f"{homework}/a", "--answer").output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("softmax-jacobean", "did you mean softmax-jacobian"),
        ("cmu-10315-hw", "did you mean cmu-10315-hw5"),
        ("qqqq", "truestep list shows what there is"),
        ("cmu-10315-hw5/3 proofs", "did you mean 3 proof"),
        ("nowhere.toml", "nowhere.toml"),
    ],
)
def test_a_wrong_name_proposes_the_nearest(name: str, said: str) -> None:
    result = run("show", name)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_text_is_text_and_no_markup(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(as_toml({"find": "x", "text": "[bold]a[/bold] \x1b[2J $\\x$", "symbols": {"x": "scalar"}}), "utf-8")
    output = run("show", str(path)).output
    assert "[bold]a[/bold]" in output
    assert "\x1b" not in output


# Statements as TOML.


@pytest.mark.parametrize("identifier", identifiers())
def test_a_statement_comes_back_from_its_toml(identifier: str, tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(run("show", identifier, "--toml", "--answer").output, encoding="utf-8")
    assert load_problem(str(path)) == find_problem(identifier)


def test_the_answer_is_left_out_of_the_toml() -> None:
    table = tomllib.loads(run("show", "softmax-jacobian", "--toml").output)
    assert not {"answer", "also", "wrong"} & set(table)
    assert "--answer puts it in" in run("show", "parameters-of-a-layer", "--toml").output


def test_a_homework_has_no_single_statement() -> None:
    assert run("show", "cmu-10315-hw5", "--toml").exit_code == 2
    assert run("show", "cmu-10315-hw5/1", "--toml").exit_code == 2
    assert "find" in tomllib.loads(run("show", "cmu-10315-hw5/1(a)", "--toml").output)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_any_text_comes_back_from_its_toml(table: dict[str, Any]) -> None:
    assert tomllib.loads(as_toml(table)) == table


def test_a_shown_statement_checks_a_submission(tmp_path: Path) -> None:
    statement, work = tmp_path / "p.toml", tmp_path / "w.tex"
    statement.write_text(run("show", "softmax-jacobian", "--toml").output, encoding="utf-8")
    work.write_text(r"$$\frac{\partial \hat{y}_i}{\partial z_j} = \hat{y}_i (1 - \hat{y}_j)$$", encoding="utf-8")
    assert run("check", str(work), "--problem", str(statement)).exit_code == 1


# Formulas and texts.


def test_what_cannot_be_read_stays_as_it_is_written() -> None:
    setting = setting_of(find_problem("sgd-unbiased"))
    assert formula(r"\int x", setting) == "∫x"
    assert formula(r"\frac{", setting) == r"\frac{"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a $x_1$\nb", "a x_1 b"),
        ("a\n\nb", "a\n\nb"),
        ("so $$x = 1$$ then", "so\n  x = 1\nthen"),
        ("- a\n- b", "- a\n- b"),
        ("**Hint:** use $a ** b$.", "Hint: use a ** b."),
        ("", ""),
    ],
)
def test_a_text_is_set_for_a_terminal(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_statements_keep_their_order() -> None:
    problem = find_problem("ridge-gradient")
    assert list(tomllib.loads(as_toml(statement_of(problem)))["wrong"].items()) == list(problem.wrong.items())


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, truestep.cli; print(sorted({'sympy', 'rich', 'numpy', 'problems'} & set(sys.modules)))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


# The manual of the book.

MANUAL = (Path(__file__).parent.parent / "docs" / "book.md").read_text("utf-8")


def test_the_manual_counts_the_pages() -> None:
    rows = [f"| `{page.name}` | {len(page.problems)} | {page.about.rstrip('.')} |" for page in pages()]
    assert [row for row in rows if row not in MANUAL.splitlines()] == []
    assert f"Each of the {len(identifiers())} problems" in MANUAL


def test_the_manual_states_a_problem_in_sympy(tmp_path: Path) -> None:
    path = tmp_path / "projections.py"
    path.write_text(MANUAL.partition("```python\n")[2].partition("```\n")[0], encoding="utf-8")
    problem = runpy.run_path(str(path))["problem"]
    for answer, verdict in [
        (problem.answer[0], "right"),
        (problem.also[0], "right"),
        *((w, "wrong") for w in problem.wrong),
    ]:
        assert check_work(typed([f"{problem.find[0]} = {answer}"]), problem, "")["verdict"] == verdict
