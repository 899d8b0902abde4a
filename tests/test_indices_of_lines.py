"""Indices from line to line: what they run over, and what a line goes on from."""

from __future__ import annotations

from typing import Any

import pytest

from truestep.checkers.documents.work import typed
from truestep.checkers.works.examine import examine
from truestep.problems.statements.statement import problem_from

LAYER = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar"},
    "given": ["z = W x + b", "J = J(z)"],
    "find": [r"\frac{\partial J}{\partial x}", r"\frac{\partial J}{\partial b}"],
}
TRACE = {
    "symbols": {"X": "m x n", "B": "n x m", "f": "scalar"},
    "given": [r"f = \operatorname{tr}(X B X B)"],
    "find": r"\frac{\partial f}{\partial X}",
}
POWER = {
    "symbols": {"t": "scalar", "x": "n", "f": "scalar"},
    "given": [r"f = \prod_{i=1}^n t"],
    "find": r"\frac{df}{dt}",
}
ENTRY = r"\frac{\partial f}{\partial X_{ij}} = "


@pytest.mark.parametrize(
    ("problem", "lines", "verdicts"),
    [
        (
            LAYER,
            [
                r"\frac{\partial J}{\partial x_j} = \sum_k \frac{\partial J}{\partial z_k} W_{kj}",
                r"\frac{\partial J}{\partial b_j} = \frac{\partial J}{\partial z_j}",
                r"\frac{\partial J}{\partial b_j} = \frac{\partial J}{\partial z_j} W_{jj}",
            ],
            ["right", "right", "wrong"],
        ),
        (
            TRACE,
            [
                ENTRY + "2 (B X B)_{ji}",
                r"\frac{\partial f}{\partial X} = 2 (B X B)^T \in \mathbb{R}^{m \times n}",
                "= 2 B^T X^T B^T",
            ],
            ["right", "right", "right"],
        ),
        (TRACE, [ENTRY + r"2 \sum_k \sum_l (B X B)_{lk} \delta_{ki} \delta_{lj}"], ["right"]),
        (TRACE, [ENTRY + r"2 \sum_k \sum_l (X B)_{lk} \delta_{ki} \delta_{lj}"], ["wrong"]),
        (TRACE, [ENTRY + r"2 (B X B)_{ji} \sum_k \delta_{ki}"], ["right"]),
        (POWER, [r"\frac{df}{dt} = \frac{n f}{t}", "= n f"], ["right", "wrong"]),
    ],
)
def test_verdicts(problem: dict[str, Any], lines: list[str], verdicts: list[str]) -> None:
    record = examine(typed(lines), problem_from(problem))
    assert [line["verdict"] for line in record["lines"]] == verdicts
