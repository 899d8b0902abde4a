"""The course's own commands in what a person reads: set in sheets, and nothing but mathematics."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from test_sheet import solved

from truestep.checkers.examined_lints import RULES
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework_file import homework_from
from truestep.problems.lint import lint
from truestep.problems.lint.draft import draft_in
from truestep.problems.sheets.sheet import look, sheet


@pytest.mark.parametrize("language", ["latex", "html", "markdown"])
def test_the_commands_of_a_course_are_set_in_all_that_a_person_reads(language: str) -> None:
    macros = {r"\pd": r"\frac{\partial #1}{\partial #2}", "R": r"\mathbb{R}", r"\own": r"\mathcal{O}"}
    asked = {
        "use": "layer",
        "given": [r"f = x^T x"],
        "find": r"\pd{f}{x}",
        "answer": r"2 x",
        "macros": {r"\own": r"\mathcal{O}"},
        "symbols": {"f": "scalar"},
    }
    question = {"id": "1", "text": r"Let $x \in \R^n$; find $$\pd{f}{x}$$ in $\own(n)$.", "problem": asked}
    bare = {"id": "2", "title": r"By $\R$", "problem": {key: value for key, value in asked.items() if key != "macros"}}
    table = {
        "title": r"In $\R$",
        "text": r"All is in $\R$, written `$\R$`.",
        "notation": {
            "layer": {"symbols": {"x": "n"}, "macros": {key: macros[key] for key in (r"\pd", "R")}},
            "other": {"macros": {r"\R": r"\mathbb{R}"}},
        },
        "part": [{"title": r"$\pd{f}{x}$", "question": [question, bare]}],
    }
    for solve_ in (None, solved):
        made = sheet(homework_from(table), look("plain", language), language, solve=solve_)
        assert r"\pd" not in made
        assert r"\own" not in made
        assert made.count(r"\R") <= (language != "latex")  # what stands in code is printed as it is
    assert found_in_lint(table, "formula") == []


def found_in_lint(table: dict[str, Any], name: str) -> list[str]:
    return [
        one.remark.message for one in lint(draft_in(json.dumps(table), suffix=".json"), RULES) if one.rule.name == name
    ]


@pytest.mark.parametrize(
    ("macros", "text", "message"),
    [
        ({r"\go": r"\write18{ls}"}, r"$\go$", r"uses \write"),
        ({r"\go": r"\input{#1}"}, r"$\go{a}$", r"uses \input"),
        ({r"\a": r"\b", r"\b": r"\a"}, r"$\a$", "no formula of a homework may"),
        ({r"\R": r"\mathbb{R}"}, r"$\Q$", r"uses \Q"),
    ],
)
def test_a_command_of_a_course_brings_nothing_but_mathematics(macros: Any, text: str, message: str) -> None:
    asked = {"symbols": {"x": "scalar"}, "find": r"\frac{d}{dx} x^2", "macros": macros}
    table = {"title": "H", "part": [{"question": [{"id": "1", "text": text, "problem": asked}]}]}
    with pytest.raises(StatementFault, match=re.escape(message)):
        homework_from(table)
    assert any(message in one for one in found_in_lint(table, "formula"))


def test_a_command_that_means_two_things_is_set_by_the_question_alone() -> None:
    asked = {"symbols": {"x": "scalar"}, "find": r"\frac{d}{dx} x^2"}
    questions = [
        {"id": name, "text": r"$\A$", "problem": {**asked, "macros": {r"\A": meaning}}}
        for name, meaning in (("1", r"\alpha"), ("2", r"\beta"))
    ]
    made = homework_from({"title": "H", "part": [{"question": questions}]})
    assert [one.text for one in made.questions] == [r"$\alpha$", r"$\beta$"]
    with pytest.raises(StatementFault, match=r"uses \\A"):
        homework_from({"title": "H", "text": r"$\A$", "part": [{"question": questions}]})
