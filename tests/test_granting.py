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

RIDGE: dict[str, Any] = {
    "symbols": {"X": "N x d", "w": "d", "t": "N", r"\lambda": "scalar", "J": "scalar", "H": "d x d"},
    "given": [r"J = \|X w - t\|^2 + \lambda \|w\|^2", r"H = X^T X + \lambda I"],
}
SOFTMAX: dict[str, Any] = {
    "symbols": {"z": "K", "p": "K", "S": "K x K"},
    "given": [r"p = \operatorname{softmax}(z)", r"S = \operatorname{diag}(p) - p p^T"],
    "find": "S",
}
# a liberty that needs no evidence: a problem, a line that needs it, and one beside it that is wrong all the same
FREE = [
    (
        "prime-transpose",
        RIDGE | {"find": r"\nabla_w J"},
        r"2 X'(X w - t) + 2 \lambda w",
        r"2 X'(X w + t) + 2 \lambda w",
    ),
    ("square", RIDGE | {"find": "J"}, r"(X w - t)^2 + \lambda w^2", r"(X w - t)^2 + 2 \lambda w^2"),
    ("ones", RIDGE | {"find": r"\sum_{n=1}^N t_n"}, "1^T t", "2 1^T t"),
    ("slash-scope", {"symbols": {r"\sigma": "scalar"}, "answer": r"\frac{1}{2\sigma}"}, r"1/2\sigma", r"1/3\sigma"),
]
# one that looks like a mistake: a problem, a line that needs it, a later one that is right, one that is still wrong
DOUBTED = [
    (
        "scalar-for-matrix",
        RIDGE | {"find": "H"},
        r"H = X^T X + \lambda",
        r"H = X^T X + \lambda I",
        r"H = X^T X - \lambda",
    ),
    ("diag-left-out", SOFTMAX, "S = p - p p^T", r"S = \operatorname{diag}(p) - p p^T", "S = p + p p^T"),
    (
        "trace-left-out",
        RIDGE | {"find": r"\|X\|^2"},
        r"\|X\|^2 = X^T X",
        r"\|X\|^2 = \operatorname{tr}(X^T X)",
        r"\|X\|^2 = 2 X^T X",
    ),
]


@pytest.mark.parametrize(("code", "problem", "line", "false"), FREE)
def test_what_leaves_no_doubt_is_granted(code: str, problem: dict[str, Any], line: str, false: str) -> None:
    checked = check_record({"id": 1, "problem": problem, "lines": [line]})
    assert (checked["verdict"], checked["lines"][0]["liberties"]) == ("right", [code])
    assert check_record({"id": 1, "problem": problem, "lines": [false]})["verdict"] != "right"
    refused = check_record({"id": 1, "problem": problem | {"strict": [code]}, "lines": [line]})
    assert refused["verdict"] != "right"


@pytest.mark.parametrize(("code", "problem", "line", "later", "false"), DOUBTED)
def test_what_looks_like_a_mistake_needs_evidence(
    code: str, problem: dict[str, Any], line: str, later: str, false: str
) -> None:
    alone = check_record({"id": 1, "problem": problem, "lines": [line]})
    assert (alone["verdict"], len(alone["questions"])) == ("undecided", 1)
    granted = check_record({"id": 1, "problem": problem, "lines": [line, later]})
    assert (granted["verdict"], granted["lines"][0]["liberties"]) == ("right", [code])
    assert check_record({"id": 1, "problem": problem, "lines": [false, later]})["lines"][0]["verdict"] == "wrong"


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


def test_the_layout_of_a_work_is_that_of_most_lines() -> None:
    columns = r"\frac{\partial J}{\partial x} = W^T \frac{\partial J}{\partial z}"
    rows = [r"\frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} W", r"\frac{\partial z}{\partial x} = W"]
    either = LAYER | {"find": r"\frac{\partial J}{\partial x}", "layout": "either"}
    for lines, mixed in (([columns, *rows], 0), ([*rows, columns], 2), ([rows[0], columns, rows[1]], 1)):
        record = check_record({"id": 1, "problem": either, "lines": lines})
        assert [line["verdict"] for line in record["lines"]] == ["right"] * 3
        assert [one["line"] for one in record["findings"] if one["code"] == "mixed-layout"] == [mixed]


def test_a_course_refuses_by_code() -> None:
    with pytest.raises(StatementFault, match="did you mean implied-sum"):
        problem_from(LAYER | {"strict": ["implied-sums"]})
    line = r"\frac{\partial J}{\partial z} = \frac{\partial a}{\partial z} \cdot \frac{\partial J}{\partial a}"
    strict = LAYER | {"find": r"\frac{\partial J}{\partial z}"}
    assert check_record({"id": 1, "problem": strict, "lines": [line]})["verdict"] == "right"
    assert {"delta-sum", "implied-sum"} <= DOUBTFUL
