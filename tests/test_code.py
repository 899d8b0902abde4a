"""Derived NumPy code: right at random points of the examiner's models, and a number where inputs are large."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sources import stated, table

from benchmarks.code import codes, fault
from truestep.checkers.comparing.world import World
from truestep.problems.derived import derived
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.statement import problem_from

CASES = table("derivations")["derived"]
GRADIENT = r"\frac{\partial J}{\partial x}"


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case["why"])
def test_the_code_of_an_answer_is_right_and_stable(case: dict[str, Any]) -> None:
    for one in codes(case["why"], stated(case)):
        assert one.fails == "", one.code


# a function of x at +-1000, and what stands in the code of it and of its derivative
STABLE = [
    (r"\log(1 + e^x)", "np.logaddexp(0, x)"),
    (r"\log(e^x + e^{-x})", "np.logaddexp(x, -x)"),
    (r"-\log \sigma(x)", "np.logaddexp(0, -x)"),
    (r"\log(1 - \sigma(x))", "-np.logaddexp(0, x)"),
    (r"\frac{e^x}{e^x + c}", ""),
    (r"\frac{e^{2 x}}{(e^x + c)^2}", ""),
    (r"\log(e^x + c)", ""),
    (r"\begin{cases} x & x > 0 \\ c (e^x - 1) & x \le 0 \end{cases}", "np.where("),
]


@pytest.mark.parametrize(("body", "part"), STABLE)
def test_a_function_of_large_numbers_is_a_number(body: str, part: str) -> None:
    shapes, assume = {"x": "scalar", "c": "scalar", "J": "scalar"}, [r"x \neq 0", "c > 0"]
    problem = problem_from({"symbols": shapes, "given": [f"J = {body}"], "assume": assume, "find": GRADIENT})
    (one,) = codes(body, problem)
    (solution,) = derived(problem)
    assert part in dict(solution.forward.assignments)["J"] + one.code
    if not body.startswith(r"\log(e^x + c"):
        assert one.fails == ""


@pytest.mark.parametrize(
    ("given", "find"),
    [
        ([r"s = \operatorname{softmax}(z)", r"J = \sum_k s_k \log s_k"], r"\frac{\partial J}{\partial z}"),
        ([r"s = \operatorname{softmax}(z)", r"J = -\sum_k y_k \log s_k"], r"\frac{\partial J}{\partial z}"),
        ([r"s = \sigma(z)", r"J = -\sum_k \left( y_k \log s_k + (1 - y_k) \log(1 - s_k) \right)"], "J"),
        ([r"s = \operatorname{softmax}(z)", r"J = -\log s_c"], r"\frac{\partial J}{\partial z}"),
    ],
)
def test_a_loss_of_probabilities_is_a_number(given: list[str], find: str) -> None:
    shapes = {"z": "K", "s": "K", "y": "K", "J": "scalar", "c": "index K"}
    for one in codes("loss", problem_from({"symbols": shapes, "given": given, "find": find})):
        assert one.fails == ""


def test_an_entry_is_picked() -> None:
    shapes = {"z": "K", "s": "K", "J": "scalar", "c": "index K"}
    given = [r"s = \operatorname{softmax}(z)", r"J = -\log s_c"]
    (one,) = derived(problem_from({"symbols": shapes, "given": given, "find": r"\frac{\partial J}{\partial z}"}))
    assert dict(one.forward.assignments)["J"] == "-(z - np.logaddexp.reduce(z))[c]"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x + A @ x", "not"),
        ("x @ A", "not"),
        ("np.array([entry for entry in x])", "a loop"),
        ("np.outer(x, x)", "of shape"),
        ("y", "KeyError"),
        ("np.log(np.exp(A @ x + A.T @ x))", "at large inputs"),
    ],
)
def test_wrong_code_is_seen(code: str, said: str) -> None:
    shapes = {"x": "n", "A": "n x n", "J": "scalar"}
    setting = setting_of(problem_from({"symbols": shapes, "given": ["J = x^T A x"], "find": GRADIENT}))
    (solution,) = derived(setting.problem)
    assert fault(solution, setting.find[0], World(setting)) == ""
    with np.errstate(all="ignore"):
        assert said in fault(replace(solution, numpy=code), setting.find[0], World(setting))


STATES = {"z_t": "H", "r_t": "H", "x_t": "M", "r_0": "H", "A": "H x H", "B": "H x M", "E": "scalar", "t": "index T"}
UNIT = {"q": "T", "x": "T", "q_0": "scalar", "a": "scalar", "E": "scalar", "t": "index T"}
RECURRENT = [
    (STATES, r"E = \sum_{t=1}^T x_t^T x_t r_t^T r_t", "A", "dE_dz_t.T @ np.vstack((r_0, r_t[:-1]))"),
    (STATES, r"E = \sum_{t=1}^T x_t^T x_t r_t^T r_t", "r_t", "np.vstack((dE_dz_t[1:], np.zeros(H))) @ A"),
    (STATES, r"E = r_T^T r_T", "B", "dE_dz_t.T @ x_t"),
    (STATES, r"E = r_T^T r_T", "r_0", "A.T @ dE_dz_t[0]"),
    (UNIT, r"E = \sum_{t=1}^T q_t^3", "a", "np.hstack((q_0, q[:-1])) @ (q * dE_dq * (1 - q))"),
    (UNIT, r"E = \sum_{t=1}^T q_t^3", "q_t", "np.hstack(((q * dE_dq * (1 - q))[1:], np.zeros(1)))"),
]


@pytest.mark.parametrize(("symbols", "loss", "by", "part"), RECURRENT)
def test_answers_about_a_recurrence_are_code_without_loops(
    symbols: dict[str, str], loss: str, by: str, part: str
) -> None:
    steps = [r"q_t = \sigma(a q_{t-1} + x_t)"] if symbols is UNIT else ["z_t = A r_{t-1} + B x_t", r"r_t = \tanh(z_t)"]
    find = rf"\frac{{\partial E}}{{\partial {by}}}"
    problem = problem_from({"symbols": symbols, "given": [*steps, loss], "find": find})
    (one,) = codes(by, problem)
    assert part in one.code
    assert one.fails == ""
    (solution,) = derived(problem)
    spoiled = replace(solution, numpy=one.code.replace("[:-1]", "[1:]").replace("A.T", "A").replace("dE_d", "2 * dE_d"))
    setting = setting_of(problem)
    assert fault(spoiled, setting.find[0], World(setting))
