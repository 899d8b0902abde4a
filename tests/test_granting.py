"""Liberties that look like a mistake: granted on evidence, asked about without, refused against it or by the course."""

from __future__ import annotations

from typing import Any

import pytest

from truestep.checkers.records import check_record
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.liberties import DOUBTFUL
from truestep.problems.statements.statement import problem_from

UNIT: dict[str, Any] = {
    "symbols": {"u": "n", "f": "n", "i": "index n", "j": "index n", "k": "index n"},
    "given": [r"f = \frac{u}{\|u\|}"],
    "find": r"\frac{\partial f_i}{\partial u_j}",
}
LAYER: dict[str, Any] = {
    "symbols": {"W": "K x M", "x": "M", "z": "K", "a": "K", "J": "scalar", "j": "index M", "k": "index K"},
    "given": ["z = W x", r"a = \tanh(z)", "J = J(a)"],
    "find": r"\frac{\partial J}{\partial x_j}",
}
TURN = r"\frac{\partial f_i}{\partial u_j} = \frac{\delta_{ij}}{\|u\|} - \frac{u_i}{\|u\|^3} (u_k \delta_{kj})"
TRUE = r"\frac{\partial f_i}{\partial u_j} = \frac{\delta_{ij}}{\|u\|} - \frac{u_i u_j}{\|u\|^3}"
CARRIED = r"\frac{\partial f_i}{\partial u_j} = \frac{\delta_{ij}}{\|u\|} - \frac{u_i}{\|u\|^3} u_k \delta_{jk} + 0"
CHAIN = r"\frac{\partial J}{\partial x_j} = \frac{\partial J}{\partial z_k} W_{kj}"
LONGER = r"\frac{\partial J}{\partial x_j} = \frac{\partial J}{\partial a_k} (1 - a_k^2) W_{kj}"
SUMMED = r"\frac{\partial J}{\partial x_j} = \sum_k \frac{\partial J}{\partial z_k} W_{kj}"
# the problem, its lines, and what is said of them
WORKS: list[tuple[dict[str, Any], list[str], list[str], dict[int, list[str]], list[int]]] = [
    (UNIT, [TURN, TRUE], ["right", "right"], {0: ["implied-sum"]}, []),
    (UNIT, [TURN], ["undecided"], {}, [0]),
    (UNIT, [TURN.replace(" - ", " + "), TRUE], ["wrong", "right"], {}, []),
    (UNIT | {"strict": ["implied-sum"]}, [TURN, TRUE], ["wrong", "right"], {}, []),
    (LAYER, [CHAIN, LONGER], ["right", "right"], {0: ["implied-sum"], 1: ["implied-sum"]}, []),
    (LAYER, [CHAIN], ["wrong"], {}, []),
    (LAYER, [CHAIN, SUMMED], ["wrong", "right"], {}, []),
    (LAYER, [SUMMED, CHAIN, LONGER], ["right", "wrong", "right"], {}, []),
    (LAYER | {"summation": "einstein"}, [CHAIN], ["right"], {}, []),
    (LAYER, [CHAIN, LONGER.replace("(1 - a_k^2) ", "")], ["wrong", "wrong"], {}, []),
]


@pytest.mark.parametrize(("problem", "lines", "verdicts", "liberties", "questions"), WORKS)
def test_a_work_speaks_for_what_it_leaves_out(
    problem: dict[str, Any],
    lines: list[str],
    verdicts: list[str],
    liberties: dict[int, list[str]],
    questions: list[int],
) -> None:
    record = check_record({"id": 1, "problem": problem, "lines": lines})
    assert [line["verdict"] for line in record["lines"]] == verdicts
    assert {line["line"]: line["liberties"] for line in record["lines"] if "liberties" in line} == liberties
    assert [question["line"] for question in record.get("questions", ())] == questions
    for question in record.get("questions", ()):
        assert r"\sum" in question["if_meant"]


def test_a_habit_is_a_convention() -> None:
    record = check_record({"id": 1, "problem": LAYER, "lines": [CHAIN, LONGER]})
    assert [(one["code"], one["from_line"]) for one in record["conventions"]] == [("summation", 0)]


def test_a_course_refuses_by_code() -> None:
    with pytest.raises(StatementFault, match="did you mean implied-sum"):
        problem_from(LAYER | {"strict": ["implied-sums"]})
    line = r"\frac{\partial J}{\partial z} = \frac{\partial a}{\partial z} \cdot \frac{\partial J}{\partial a}"
    strict = LAYER | {"find": r"\frac{\partial J}{\partial z}"}
    assert check_record({"id": 1, "problem": strict, "lines": [line]})["verdict"] == "right"
    assert {"delta-sum", "implied-sum"} <= DOUBTFUL
