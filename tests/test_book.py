"""The law of the book: every statement holds together, and every answer is what its givens say, with proof."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sympy
from msgspec import structs
from reporting import squeezed
from sources import ROOT

from truestep.checkers.documents.work import typed
from truestep.checkers.records import check_record, check_work
from truestep.checkers.works.examine import examine
from truestep.derivations.deriving.displays.presenting import lines, record_lines
from truestep.derivations.language.faults import StatementFault
from truestep.problems.book import PAGES, find_problem, identifiers, pages
from truestep.problems.derived import derived
from truestep.problems.findings.table import MISTAKE_CODES
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated
from truestep.problems.statements.statement import load_problem, problem_from, statement_of

# answers that are columns or matrices, and differ from their transposes
ARRAYS = (
    "cross-entropy-gradient",
    "linear-layer-input",
    "linear-layer-weights",
    "linear-layer-bias",
    "sigmoid-layer",
    "mse-gradient",
    "sse-gradient",
    "two-layer-first-weights",
    "word2vec-outside",
    "attention-query",
)

# no derivatives: their answers are given, and checked
GIVEN_ANSWERS = ("softmax-shift", "sgd-step", "sgd-weight-decay", "ridge-solution", "gmm-mean-step")

# a scalar ReLU of a scalar ReLU: its pieces are seen at points, and are no identity of a field
AGREED = tuple(name for name in identifiers() if name.startswith(("scalar-network-", "spectral-")))

PROOF = (("proved",), ("proved", "agreed"))
WRONG_WAYS = (r"- \left({}\right)", r"2 \left({}\right)")


def of_kind(*kinds: str) -> tuple[str, ...]:
    return tuple(identifier for identifier in identifiers() if find_problem(identifier).kind in kinds)


EXPRESSIONS = of_kind("expression")


def rows_of(problem: Problem, answer: str) -> list[str]:
    """The rows that hand in an answer: each names what it answers, where it does not do so itself."""
    rows = answer.split("\n")
    if problem.kind == "shape" or len(problem.find) != 1:
        return rows
    return [f"{problem.find[0]} = {row}" for row in rows]


def checked(problem: Problem, answer: str) -> dict[str, Any]:
    return examine(typed(rows_of(problem, answer)), problem, is_diagnosed=False)


def told(problem: Problem, wrong: str, record: dict[str, Any]) -> list[str]:
    """The messages on a wrong answer that give the right one away."""
    answers = [squeezed(answer) for answer in (*problem.answer, *problem.also) if len(squeezed(answer)) > 4]
    own = squeezed(" ".join(rows_of(problem, wrong)))
    messages = [finding["message"] for finding in record["findings"]]
    return [said for said in messages if any(text in squeezed(said) and text not in own for text in answers)]


def found_against(problem: Problem, answer: str) -> list[str]:
    """What is found against an answer that is meant to be right; notes on its notation are none."""
    record = checked(problem, answer)
    findings = [finding["message"] for finding in record["findings"] if finding["kind"] != "notation"]
    return findings if record["verdict"] == "right" else [f"{answer}: {record['verdict']}", *findings]


def whole_answer(problem: Problem) -> str:
    """The reference as a student hands it in."""
    if len(problem.find) <= 1:
        return problem.answer[0]
    sign = ":" if problem.kind == "shape" else "="
    return "\n".join(f"{asked} {sign} {answer}" for asked, answer in zip(problem.find, problem.answer, strict=True))


def is_refused(problem: Problem, answer: str) -> bool:
    """Whether an answer is judged wrong, against the reference and, where there are givens, against these alone."""
    return checked(problem, answer)["final"]["verdict"] == "wrong" and is_refuted(problem, answer)


def is_refuted(problem: Problem, answer: str) -> bool:
    """Whether the givens alone make an answer wrong, where there are any."""
    if problem.kind != "expression" or problem.id in GIVEN_ANSWERS:
        return True
    return bool(checked(structs.replace(problem, answer=()), answer)["final"]["verdict"] == "wrong")


def record_of(problem: Problem, answers: tuple[str, ...]) -> dict[str, Any]:
    """The check record of answers handed in for what a problem asks."""
    rows = [f"{asked} = {answer}" for asked, answer in zip(problem.find, answers, strict=True)]
    return check_work(typed(rows), problem, problem.id)


def flaws_of(problem: Problem) -> list[str]:
    """What is wrong with a problem: assumptions that no model uses, and answers that do not follow from its givens."""
    unused = list(setting_of(problem).assumptions.unused)
    if not problem.answer or len(problem.answer) != len(problem.find):
        return [*unused, "an answer is missing"]
    record = record_of(structs.replace(problem, answer=()), problem.answer)
    final = record["final"]
    if (
        record["verdict"] == "right"
        and final["verdict"] == "right"
        and final.get("evidence") in PROOF[problem.id in AGREED]
    ):
        return unused
    return [*unused, f"the answer is {final}"]


@pytest.mark.parametrize("identifier", EXPRESSIONS, scope="module")
def test_an_expression_is_what_its_givens_say(identifier: str) -> None:
    assert flaws_of(find_problem(identifier)) == []


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_the_reference_is_judged_right(identifier: str) -> None:
    problem = find_problem(identifier)
    assert found_against(structs.replace(problem, must_show=()), whole_answer(problem)) == []


@pytest.mark.parametrize("identifier", EXPRESSIONS, scope="module")
def test_the_reference_alone_is_judged_right(identifier: str) -> None:
    problem = find_problem(identifier)
    if len(problem.find) == 1 and len(problem.answer) == 1:
        assert check_record({"id": 1, "problem": identifier, "lines": [*problem.answer]})["verdict"] == "right"


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_other_right_answers_are_judged_right(identifier: str) -> None:
    problem = find_problem(identifier)
    assert problem.also
    for answer in problem.also:
        assert found_against(structs.replace(problem, must_show=()), answer) == []


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_typical_wrong_answers_are_judged_wrong_and_told_no_answer(identifier: str) -> None:
    problem = find_problem(identifier)
    assert len(problem.wrong) >= 2
    records = {answer: check_work(typed(rows_of(problem, answer)), problem, identifier) for answer in problem.wrong}
    assert [answer for answer, record in records.items() if record["final"]["verdict"] != "wrong"] == []
    assert [answer for answer in records if not is_refuted(problem, answer)] == []
    assert [said for answer, record in records.items() for said in told(problem, answer, record)] == []


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_the_mistakes_have_codes(identifier: str) -> None:
    assert set(find_problem(identifier).wrong.values()) <= set(MISTAKE_CODES)


@pytest.mark.parametrize("identifier", EXPRESSIONS, scope="module")
def test_what_is_derived_is_verified(identifier: str) -> None:
    problem = find_problem(identifier)
    rows = [row for solution in derived(problem) for row in record_lines(lines(solution, "normal"))]
    judged = check_work(typed(rows), structs.replace(problem, must_show=()), problem.id)
    assert judged["final"]["verdict"] == "right"
    assert {line["verdict"] for line in judged["lines"]} <= {"right", "not_checked"}
    assert [finding for finding in judged["findings"] if finding["kind"] != "notation"] == []  # it keeps the rules


@pytest.mark.parametrize("identifier", EXPRESSIONS, scope="module")
def test_a_multiple_of_the_answer_is_refused(identifier: str) -> None:
    problem, way = find_problem(identifier), WRONG_WAYS[EXPRESSIONS.index(identifier) % 2]
    assert is_refused(problem, way.format(problem.answer[0]))


@pytest.mark.parametrize("identifier", ARRAYS, scope="module")
def test_the_transpose_of_the_answer_is_refused(identifier: str) -> None:
    problem = find_problem(identifier)
    assert is_refused(problem, rf"\left({problem.answer[0]}\right)^{{T}}")


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_a_problem_says_what_it_is_and_where_it_is_from(identifier: str) -> None:
    problem = find_problem(identifier)
    assert problem.id == identifier
    assert problem.title
    assert problem.text.endswith((".", "?"))
    assert any(digit in problem.source for digit in "0123456789")
    assert problem.layout in ("denominator", "numerator")


@pytest.mark.parametrize("identifier", identifiers(), scope="module")
def test_a_problem_is_its_statement(identifier: str) -> None:
    problem = find_problem(identifier)
    assert problem_from(statement_of(problem)) == problem
    assert load_problem(identifier) == problem


def test_an_unknown_id_proposes_the_nearest() -> None:
    with pytest.raises(StatementFault, match="did you mean linear-layer-weights"):
        find_problem("linear-layer-weight")
    with pytest.raises(StatementFault, match="the book holds softmax-jacobian, "):
        find_problem("qqq")


def test_no_problem_needs_sympy() -> None:
    code = "import sys; from truestep.problems.book import pages; pages(); print('sympy' in sys.modules)"
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
    assert flaws_of(structs.replace(find_problem(identifier), answer=(answer,)))


def test_a_missing_answer_is_caught() -> None:
    assert flaws_of(structs.replace(find_problem("bce-logit"), answer=()))


def test_an_assumption_that_no_model_uses_is_caught() -> None:
    problem = find_problem("bce-logit")
    assert flaws_of(structs.replace(problem, assume=(r"\hat{y} \sim p",)))


def test_a_contradictory_statement_is_caught() -> None:
    problem = find_problem("linear-layer-input")
    with pytest.raises(StatementFault):
        flaws_of(structs.replace(problem, symbols={**problem.symbols, "x": "K"}))


def test_a_right_answer_is_not_refused() -> None:
    problem = find_problem("linear-layer-input")
    assert not is_refused(problem, problem.answer[0])


def test_a_wrong_answer_among_the_right_ones_is_caught() -> None:
    assert found_against(find_problem("sigmoid-derivative"), "a (1 + a)")
    assert found_against(find_problem("mse-gradient"), r"\sum_{k=1}^{n} \frac{2}{n} (\hat{y}_k - y_k) I_{:k}")


def test_a_mistake_without_a_code_is_the_authors_fault() -> None:
    with pytest.raises(StatementFault, match="no mistake has the code 'sing'; did you mean sign"):
        problem_from({"symbols": {"x": "scalar"}, "find": "x", "wrong": {"-x": "sing"}})


def test_the_codes_of_mistakes_are_used_once() -> None:
    assert len(set(MISTAKE_CODES)) == len(MISTAKE_CODES)


def test_the_pages_of_the_book_are_all_in_it() -> None:
    assert set(PAGES) == {path.stem for path in (ROOT / "problems" / "book").glob("*.toml")}


def test_each_page_states_the_problems_that_the_book_lists() -> None:
    stated = [problem.id for page in pages() for problem in page.problems]
    assert stated == list(identifiers())
    assert len(set(stated)) == len(stated)


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
        ("anwser = 'x'\nfind = 'x'\n[symbols]\nx = 'scalar'", ("anwser", "did you mean answer")),
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
