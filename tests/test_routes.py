"""Routes: error signals are derived once and used by name, and every row is right when it is handed in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from msgspec import structs
from sources import table

from truestep.checkers.derive_records import Options, solved
from truestep.checkers.documents.work import typed
from truestep.checkers.works.examine import examine
from truestep.derivations.deriving import differentiating
from truestep.derivations.deriving.displays.presenting import lines, record_lines
from truestep.derivations.deriving.routes import differential_rules
from truestep.derivations.deriving.routes.differential_rules import (
    DIFFERENTIAL_RULES,
    DifferentialRule,
    Differentials,
)
from truestep.derivations.deriving.routes.graph import Graph
from truestep.derivations.deriving.routes.signals_of_steps import StepGraph
from truestep.derivations.deriving.rules import linear
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import StatementFault
from truestep.problems.book import find_problem, identifiers
from truestep.problems.derived import derived
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import problem_from

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.nodes import Node

DATA = table("routes")
HOMEWORKS = ("backprop-hw4", "brown-hw3-2024", "brown-hw3-2025", "cmu-10315-hw5", "nyu-dsga1008-hw1")
LAYOUTS = ("denominator", "numerator")
STEP, CLOSE = 1e-6, 2e-5


def stated(case: dict[str, Any]) -> Problem:
    """The problem of a case."""
    keys = {key: case[key] for key in ("symbols", "functions", "given", "assume", "find", "route") if key in case}
    return problem_from({**keys, "names": case.get("names_of", {})})


def all_problems() -> list[Problem]:
    """The problems of the book and of the homeworks that ask for expressions."""
    found = [find_problem(name) for name in identifiers()]
    for name in HOMEWORKS:
        found += [one.problem for one in load_homework(name).questions if one.problem is not None]
    return [one for one in found if one.kind in ("expression", "numbers") and one.find]


def in_layout(problem: Problem, layout: str) -> Problem:
    """The problem in a layout; in another one than its own its reference answers do not hold."""
    if layout == problem.layout:
        return problem
    return structs.replace(problem, layout=layout, answer=(), also=(), wrong={}, only=())


def refused(problem: Problem, texts: list[str]) -> list[tuple[str, str]]:
    """The lines that are not found right when they are handed in, and a final answer that is not."""
    record = examine(typed(texts), problem)
    found = [(text, one["verdict"]) for text, one in zip(texts, record["lines"], strict=True)]
    wrong = [
        (text, verdict)
        for text, verdict in found
        if verdict != "right" and not (verdict == "not_checked" and ":=" in text)
    ]
    return wrong + ([("final", record["final"]["verdict"])] if record["final"]["verdict"] != "right" else [])


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_error_signals_lead_through_the_book_and_the_homeworks(layout: str) -> None:
    taken, failed = 0, []
    for problem in all_problems()[:: 1 if layout == "denominator" else 3]:
        try:
            solutions = derived(in_layout(problem, layout), route="backprop")
        except StatementFault:
            continue
        except Stuck as stuck:
            if not str(stuck).startswith("the route backprop") and "no signal can be named" not in str(stuck):
                failed.append((problem.id, str(stuck)))
            continue
        taken += 1
        asked = structs.replace(in_layout(problem, layout), must_show=(), final_form=())
        rows = tuple(row for solution in solutions for row in lines(solution))
        failed += [(problem.id, one) for one in refused(asked, record_lines(rows))]
    assert failed == []
    assert taken > 25


@pytest.mark.parametrize("detail", ["terse", "normal", "full"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", DATA["backprop"], ids=lambda case: case["why"])
def test_every_row_is_right_when_it_is_handed_in(case: dict[str, Any], layout: str, detail: str) -> None:
    problem = in_layout(stated(case), layout)
    _, rows = solved(problem, Options(detail))
    assert refused(problem, record_lines(rows)) == []


@pytest.mark.parametrize("case", DATA["backprop"], ids=lambda case: case["why"])
def test_each_signal_is_named_once_and_the_rows_are_few(case: dict[str, Any]) -> None:
    _, rows = solved(stated(case), Options())
    named = [row.left.split(" := ")[0] for row in rows if row.names]
    assert set(case["names"]) <= set(named)
    assert len(named) == len(set(named))
    assert len(rows) <= case["rows"]


CLOSED = {
    "layer-norm-input": r"\frac{1}{\sqrt{v + \epsilon}} "
    r"\left( g - \frac{g^T y}{n} y - \frac{\mathbf{1}^T g}{n} \mathbf{1} \right)",
    "rms-norm-input": r"\frac{1}{r} \left( \frac{\partial J}{\partial y} \odot g "
    r"- \frac{1}{n r} \left( \left( \frac{\partial J}{\partial y} \right)^T y \right) x \right)",
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_the_givens_name_closes_an_answer(name: str) -> None:
    _, rows = solved(find_problem(name), Options())
    assert rows[-1].right == CLOSED[name]


@pytest.mark.parametrize("case", DATA["backprop"], ids=lambda case: case["why"])
def test_the_code_agrees_with_finite_differences(case: dict[str, Any]) -> None:
    solutions, _ = solved(stated(case), Options())
    random = np.random.default_rng(3)
    sizes: dict[object, int] = {}
    arrays: dict[str, Any] = {}
    for name, dims in solutions[0].forward.inputs:
        shape = tuple(sizes.setdefault(size, 7 - len(sizes)) for size in dims if size != 1)
        arrays[name] = random.uniform(0.2, 0.9, size=shape)
        arrays[name] = arrays[name] / arrays[name].sum() if name == "y" else arrays[name]
    known = {"np": np, **{str(size): length for size, length in sizes.items()}}
    for solution in solutions:
        (by,) = solution.forward.by
        start = forward(solution.forward.assignments, {**known, **arrays})
        gradient = np.asarray(eval(solution.numpy, start))  # noqa: S307
        point = np.asarray(start[by], dtype=float)
        found = np.empty(point.shape)
        for place in np.ndindex(*point.shape):
            ends = []
            for sign in (1, -1):
                moved = point.copy()
                moved[place] += sign * STEP
                given = [(name, code) for name, code in solution.forward.assignments if name != by]
                ends.append(forward(given, {**known, **arrays, by: moved})[solution.forward.of])
            found[place] = (ends[0] - ends[1]) / (2 * STEP)
        assert np.allclose(gradient, found, rtol=CLOSE, atol=CLOSE), solution.numpy


def forward(assignments: Any, names: dict[str, Any]) -> dict[str, Any]:
    """The names with the values of the givens."""
    names = dict(names)
    for name, code in assignments:
        names[name] = np.asarray(eval(code, names))  # noqa: S307
    return names


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", DATA["differentials"], ids=lambda case: case["why"])
def test_a_gradient_is_read_off_a_differential(case: dict[str, Any], layout: str) -> None:
    problem = in_layout(stated(case), layout)
    _, rows = solved(problem, Options())
    texts = record_lines(rows)
    assert refused(problem, texts) == []
    assert layout == "numerator" or [row for row in case["rows"] if row not in texts] == []


@pytest.mark.parametrize("detail", ["terse", "normal", "full"])
@pytest.mark.parametrize("case", DATA["chain"], ids=lambda case: case["why"])
def test_jacobians_are_multiplied_in_their_layout(case: dict[str, Any], detail: str) -> None:
    problem = structs.replace(stated(case), route="chain", layout=case["layout"])
    _, rows = solved(problem, Options(detail))
    texts = record_lines(rows)
    assert refused(problem, texts) == []
    assert detail == "terse" or [row for row in case["rows"] if row not in texts] == []


@pytest.mark.parametrize("case", DATA["stationary"], ids=lambda case: case["why"])
def test_a_gradient_is_set_to_zero_and_solved(case: dict[str, Any]) -> None:
    problem = stated(case)
    _, rows = solved(problem, Options())
    texts = record_lines(rows)
    assert refused(problem, texts) == []
    assert [row for row in case["rows"] if row not in texts] == []


@pytest.mark.parametrize("rule", DIFFERENTIAL_RULES, ids=lambda rule: rule.name)
def test_a_rule_for_differentials_is_right_in_its_example(rule: DifferentialRule) -> None:
    problem = rule_example(rule)
    _, rows = solved(problem, Options())
    assert any(rule.name.split()[0] in row.rule for row in rows) or rule.name == "sum rule"
    assert refused(problem, record_lines(rows)) == []


@pytest.mark.parametrize("rule", DIFFERENTIAL_RULES[1:], ids=lambda rule: rule.name)
def test_a_rule_for_differentials_that_is_wrong_is_caught(
    rule: DifferentialRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(d: Differentials, node: Node) -> Node:
        return d.workshop.scale(Fraction(2), rule.apply(d, node))

    for op in rule.ops:
        monkeypatch.setitem(differential_rules.BY_OP, op, replace(rule, apply=twice))
    with pytest.raises(Stuck, match="not verified"):
        solved(rule_example(rule), Options())


def rule_example(rule: DifferentialRule) -> Problem:
    """The problem that shows a rule."""
    given, by = rule.example
    assume = (r"\det(X) \neq 0",) if by == "X" else ()
    if "spectral" in rule.ops:
        assume = ("X b = f a", "X^T a = f b", r"\|a\| = 1", r"\|b\| = 1")
    shapes = {"f": "scalar", "a": "n", "b": "n", "x": "n", "A": "n x n", "X": "n x n"}
    return Problem(
        symbols=shapes,
        given=(given,),
        assume=assume,
        find=(rf"\frac{{\partial f}}{{\partial {by}}}",),
        route="differentials",
    )


@pytest.mark.parametrize("case", DATA["untaken"], ids=lambda case: case["why"])
def test_a_route_that_cannot_be_taken_says_why(case: dict[str, Any]) -> None:
    with pytest.raises(Stuck, match=case["why"]):
        solved(stated(case), Options())


def test_a_rule_that_is_wrong_is_caught_on_the_route_too(monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled = tuple(doubled(rule) for rule in linear.LINEAR if rule.name == "entry of a matrix product")
    monkeypatch.setattr(differentiating, "RULES", (*spoiled, *differentiating.RULES))
    with pytest.raises(Stuck, match="not verified"):
        solved(structs.replace(stated(DATA["backprop"][2]), route="backprop"), Options())


def doubled(rule: linear.Rule) -> linear.Rule:
    """The rule with every term twice."""

    def apply(*args: Any) -> Any:
        return [replace(one, coefficient=2 * one.coefficient) for one in rule.apply(*args)]

    return replace(rule, apply=apply)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", DATA["time"], ids=lambda case: case["why"])
def test_error_signals_go_back_through_all_steps(case: dict[str, Any], layout: str) -> None:
    solutions, rows = solved(in_layout(stated(case), layout), Options())
    assert len(solutions) == len(case["find"])
    assert layout == "numerator" or set(case["shown"]) <= set(record_lines(rows))


def test_the_code_of_what_the_first_step_passes_on_is_that_of_its_signal() -> None:
    case = next(one for one in DATA["time"] if one["why"] == "some loss of the last step")
    solutions, _ = solved(stated(case), Options())
    assert solutions[-1].numpy == "A.T @ (dE_dq_t * (q_t > 0).astype(float))[0]"


def test_a_wrong_way_through_time_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(one for one in DATA["time"] if one["why"] == "steps above, in brackets")

    def here(self: StepGraph, name: str) -> tuple[str, ...]:
        return tuple(one for one in Graph.uses(self, name) if not self.steps.is_later(one))

    monkeypatch.setattr(StepGraph, "uses", here)
    with pytest.raises(Stuck):
        solved(stated(case), Options())


def test_where_the_statement_answers_in_partial_derivatives_these_are_the_names() -> None:
    problem = find_problem("bptt-recurrent-weights")
    rows = record_lines(solved(problem, Options())[1])
    assert rows[-1] == r"\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \frac{\partial L}{\partial a_t} h_{t-1}^T"
    rows = record_lines(solved(structs.replace(problem, answer=(), also=(), wrong={}), Options())[1])
    assert rows[-1] == r"\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \delta_t h_{t-1}^T"


def test_a_recurrence_has_one_route() -> None:
    case = DATA["time"][0] | {"route": "differentials"}
    with pytest.raises(Stuck, match="the route differentials"):
        solved(stated(case), Options())


@pytest.mark.parametrize("layout", ["denominator", "numerator"])
def test_sums_over_a_family_are_said_as_vectors_by_every_route(layout: str) -> None:
    problem = structs.replace(find_problem("negative-sampling-centre"), answer=(), also=(), wrong={})
    column = r"\sum_k \sigma(u_k^T v_c) u_k - (1 - \sigma(u_o^T v_c)) u_o"
    whole = column if layout == "denominator" else rf"\left( {column} \right)^T"
    for route in (None, "backprop"):
        last = record_lines(solved(problem, Options(layout=layout, route=route))[1])[-1]
        assert last == rf"\frac{{\partial J}}{{\partial v_c}} = {whole}"


def test_members_of_a_family_have_no_signals() -> None:
    problem = Problem(
        symbols={"k_j": "d", "s_j": "scalar", "v_j": "m", "o": "m", "q": "d", "L": "scalar", "j": "index N"},
        given=("s_j = q^T k_j", r"o = \sum_{j=1}^N s_j v_j", "L = L(o)"),
        find=(r"\frac{\partial L}{\partial q}",),
    )
    assert solved(problem, Options())[0]
    with pytest.raises(Stuck, match="one signal for each member"):
        solved(problem, Options(route="backprop"))
