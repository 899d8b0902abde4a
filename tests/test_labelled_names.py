r"""Names with the letter of a quantity as a label, one for each step: ``\delta_{f,t}``, ``\delta^f_t``."""

from __future__ import annotations

import pytest

from truestep.checkers.documents.work import typed
from truestep.checkers.works.examine import examine
from truestep.problems.statements.statement import problem_from

GATED = problem_from(
    {
        "symbols": {
            **dict.fromkeys(("f_t", "g_t", "s_t", "s_0"), "m"),
            **dict.fromkeys(("V", "R", "P", "Q"), "m x m"),
            "x_t": "m",
            "E": "scalar",
            "t": "index N",
        },
        "given": [
            r"f_t = \sigma(V x_t + R s_{t-1})",
            r"g_t = \tanh(P x_t + Q s_{t-1})",
            r"s_t = f_t \odot s_{t-1} + (1 - f_t) \odot g_t",
            r"E = \sum_{t=1}^{N} \|s_t\|^2",
        ],
        "find": [r"\frac{\partial E}{\partial R}"],
    }
)
SLOPE = r"\frac{\partial E}{\partial f_t} \odot f_t \odot (1 - f_t)"
SPELLED = [
    (r"\delta_{f,t}", r"\delta_{f,t+1}", r"\delta_{f,1}"),
    (r"\delta_{f, t}", r"\delta_{f, t + 1}", r"\delta_{f, 1}"),
    (r"\delta^f_t", r"\delta^f_{t+1}", r"\delta^f_1"),
    (r"\delta_t^{(f)}", r"\delta_{t+1}^{(f)}", r"\delta_1^{(f)}"),
    (r"e^{f}_{t}", r"e^{f}_{t+1}", r"e^{f}_{1}"),
    (r"r_{f,t}", r"r_{f,t+1}", r"r_{f,1}"),
]


@pytest.mark.parametrize(("now", "later", "first"), SPELLED, ids=[now for now, *_ in SPELLED])
def test_the_letter_of_a_quantity_says_whose_it_is(now: str, later: str, first: str) -> None:
    other = now.replace("f", "g")
    rows = [
        f"{now} := {SLOPE}",
        rf"{other} := \frac{{\partial E}}{{\partial g_t}} \odot (1 - g_t \odot g_t)",
        rf"\frac{{\partial E}}{{\partial R}} = \sum_{{t=1}}^{{N}} {now} s_{{t-1}}^T",
        rf"\frac{{\partial E}}{{\partial Q}} = \sum_{{t=1}}^{{N}} {other} s_{{t-1}}^T",
        rf"\frac{{\partial E}}{{\partial R}} = {first} s_0^T + \sum_{{t=2}}^{{N}} {now} s_{{t-1}}^T",
    ]
    record = examine(typed(rows), GATED)
    assert [line["verdict"] for line in record["lines"]][2:5] == ["right"] * 3, record["lines"]
    rows += [rf"R^T ({later}) = R^T \left( {SLOPE.replace('f_t', 'f_{t+1}')} \right)"]
    rows[2:5] = [rf"\frac{{\partial E}}{{\partial R}} = \sum_{{t=1}}^{{N}} {other} s_{{t-1}}^T"]
    assert [line["verdict"] for line in examine(typed(rows), GATED)["lines"]][2:] == ["wrong", "right"]


def test_a_letter_that_is_an_index_stays_one() -> None:
    problem = problem_from(
        {
            "symbols": {"W": "m x n", "x": "n", "J": "scalar"},
            "given": [r"J = \frac{1}{2} \|W x\|^2"],
            "find": [r"\frac{\partial J}{\partial W}"],
        }
    )
    rows = [
        r"\frac{\partial J}{\partial W_{kl}} = \sum_i \sum_j W_{ij} x_j \delta_{i,k} x_l",
        r"= \sum_j W_{kj} x_j x_l",
    ]
    assert [line["verdict"] for line in examine(typed(rows), problem)["lines"]] == ["right", "right"]


def test_a_transpose_stays_one_where_its_letter_is_a_matrix_too() -> None:
    problem = problem_from(
        {
            "symbols": {"W": "m x n", "X": "k x m", "Y": "k x n", "T": "k x n", "J": "scalar"},
            "given": ["Y = X W", r"J = \frac{1}{2} \|Y - T\|_F^2"],
            "find": [r"\frac{\partial J}{\partial W}"],
        }
    )
    rows = [r"\delta_Y := \frac{\partial J}{\partial Y} = Y - T", r"\frac{\partial J}{\partial W} = (\delta_Y^T X)^T"]
    assert [line["verdict"] for line in examine(typed(rows), problem)["lines"]] == ["right", "right"]
