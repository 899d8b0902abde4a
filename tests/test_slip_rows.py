"""Slips as rows right ~ slipped: each gives back what it was made of; authors add their own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest

from truestep.checkers.mistakes import mistakes
from truestep.checkers.mistakes.matching import Matching
from truestep.checkers.mistakes.patterns import Row, Site, row
from truestep.checkers.records import check_record
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing import text
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.homework.homework_file import homework_from
from truestep.problems.statements.statement import problem_from, statement_of
from truestep.problems.statements.toml.writing import as_toml

ROWS = tuple(text for known in mistakes() for text in (*known.ways, *known.rules))
ABOVE = {"a term": "add", "of a product": "product", "a factor": "product", "a part": "product"}
SLOPE = Expression("derivative", (symbol("u"), symbol("v")), "Leibniz")
DELTA = Expression("kronecker", (Expression("index", (), "p"), Expression("index", (), "q")))
INSTANCES = {
    "is a derivative": SLOPE,
    "has a delta": DELTA,
    "is a sum": Expression("add", (symbol("u"), symbol("v"))),
    "is a product": Expression("product", (symbol("u"), symbol("v")), ("", "")),
    "is a bias": symbol("b_1"),
    "is a rate": symbol(r"\alpha"),
}


def site_of(slip: Row) -> Site:
    """A place at which the conditions of a row may hold."""
    above = next((ABOVE[one] for one in slip.conditions if one in ABOVE), "")
    dims = SCALAR if any("scalar" in one for one in slip.conditions) else ("n", 1)
    sizes = dict.fromkeys(("i", "j", "k", "l", "p", "q"), "n")
    return Site(lambda _: dims, frozenset(), tuple(sizes), above, "product rule", sizes, ("N",))


def instance(slip: Row) -> Expression:
    """The right side of a row with something in the place of each letter."""
    found: dict[str, Any] = {letter: symbol(f"x_{letter}") for letter in slip.letters}
    found |= {letter: letter for letter in slip.letters if letter in "fgijklN"}
    for condition in slip.conditions:
        letter, said = condition[0], condition[2:]
        if said in INSTANCES:
            found[letter] = INSTANCES[said]
        if " in " in condition and "not in" not in condition:
            found[condition[-1]] = Expression("entry", (symbol("x"), Expression("index", (), letter)))
    return Matching(slip.letters).built(slip.right, found)


def not_given_back(texts: Iterable[str]) -> list[str]:
    """The rows that cannot happen, or of which what was made is not undone to what it was made of."""
    bad = []
    for one in texts:
        slip = row(one)
        site, right = site_of(slip), strip_groups(instance(slip))
        made = [new for new, _ in slip.made(right, site)] if slip.is_made else []
        back = {strip_groups(old) for new in made for old, _ in slip.undone(strip_groups(new), site)}
        is_lost = slip.is_made and slip.is_undone and right not in back
        if is_lost or not (slip.is_made or slip.is_undone) or (slip.is_made and not made):
            bad.append(one)
    return bad


def test_every_row_gives_back_what_it_was_made_of() -> None:
    assert len(ROWS) > 100
    assert not_given_back(ROWS) == []


@pytest.mark.parametrize("one", ["f(A) ~ g(A)", "A B ~ B A : A is a sum, A is a product", "A ~ B"])
def test_a_row_that_cannot_happen_is_caught(one: str) -> None:
    assert not_given_back([one]) == [one]


@pytest.mark.parametrize(
    ("slip", "line", "before"),
    [
        (r"C (A + B) ~ C A + B", r"-2 A + B", "(−2) (A + B)"),
        (r"\log(A + B) ~ \log A + \log B", r"\log 1 + \log t", "log(1 + t)"),
        (r"f(A + B) ~ f(A) + B", r"-\sin(A) + B", "−sin(A + B)"),
        (r"\sum_i A B ~ \left(\sum_i A\right) B : i in B", r"\left(\sum_k a_k\right) b_k", "∑_k a_k b_k"),
        (r"\sum_i A B ~ \left(\sum_i A\right) \left(\sum_i B\right)", r"(\sum_i a_i) (\sum_j b_j)", "∑_i a_i b_i"),
    ],
)
def test_a_slip_is_undone(slip: str, line: str, before: str) -> None:
    written = row(f"{line} ~ 0").right
    assert before in [text(old) for old, _ in row(slip).undone(written, site_of(row(slip)))]


@pytest.mark.parametrize(
    "bad", ["A + B", "A ~ B ~ C", r"\frac{A ~ B", "A ~ B : A is blue", "A ~ 2 : sometimes", {"patern": "A ~ B"}, {}, 3]
)
def test_a_slip_that_says_nothing_is_refused(bad: Any) -> None:
    with pytest.raises(StatementFault, match=r"slips( 1)?: "):
        row(problem_from({"slips": [bad]}).slips[0].pattern)


OWN = {"pattern": "f(C + D) ~ f(C) + f(D)", "says": "A function came apart at a plus", "ask": "May it?"}
PROBLEM = {
    "symbols": {"x": "scalar", "y": "scalar", "h": "scalar", "A": "scalar"},
    "answer": r"h \tan(x + y) + A",
    "slips": [r"h B + A ~ h (B + A)", OWN],
}


def findings(problem: Any, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = check_record({"id": 0, "problem": problem, "lines": [line]})["findings"]
    return found


def test_an_author_names_a_mistake() -> None:
    (found,) = findings(PROBLEM, r"h (\tan(x) + \tan(y)) + A")
    assert (found["code"], found["args"]["name"], found["args"]["ask"]) == ("slip", OWN["says"], "may it?")
    assert found["message"].startswith(OWN["says"])


def test_a_slip_that_was_multiplied_out_is_named_by_the_line_before() -> None:
    power = {"symbols": {"u": "scalar", "v": "scalar", "k": "scalar"}, "answer": "3 k u (u^3 + v)"}
    problem = {
        **power,
        "slips": [{"pattern": "C (A + B) ~ C A + B", "says": "It reaches one term alone.", "code": "reach"}],
    }
    (found,) = findings(problem, "3 k u (u^3 + v) = 3 k u^4 + v")
    assert found["code"] == "reach"
    assert found["message"].startswith("It reaches one term alone at ")
    (found,) = findings(problem, "3 k u (u^3 + v) = 3 k u^4 + 2 v")
    assert found["code"] == "value"


def test_a_letter_that_the_problem_declares_stands_for_itself() -> None:
    (found,) = findings(PROBLEM, r"h (\tan(x + y) + A)")
    assert found["code"] == "slip"
    other = {**PROBLEM, "answer": r"h \tan(x + y) + x"}
    (found,) = findings(other, r"h (\tan(x + y) + x)")
    assert found["code"] == "bracket-too-wide"


def test_what_does_not_mend_the_line_is_not_named() -> None:
    (found,) = findings(PROBLEM, r"h (\tan(x) + \tan(2 y)) + 3 A")
    assert found["code"] == "value"


def test_slips_survive_toml_and_json() -> None:
    problem = problem_from(PROBLEM)
    assert problem_from(tomllib.loads(as_toml(statement_of(problem)))) == problem
    assert problem_from(json.loads(json.dumps(statement_of(problem)))) == problem


def test_the_slips_of_a_homework_are_those_of_its_questions() -> None:
    question = {"id": "1", "problem": {**PROBLEM, "slips": "2 B ~ B"}}
    made = homework_from({"title": "H", "slips": [OWN], "part": [{"question": [question]}]})
    asked = made.question("1").problem
    assert asked is not None
    assert [slip.pattern for slip in asked.slips] == ["2 B ~ B", OWN["pattern"]]
