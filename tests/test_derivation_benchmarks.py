"""The benchmark of derivations on one or two tasks: its form, its judgement, and no figure of time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as program
from benchmarks import derive
from benchmarks.derivatives import own_tasks
from benchmarks.derivatives.derivers import DERIVERS, TRUESTEP, Deriver, Method
from benchmarks.derivatives.judging import NotDone, judge
from benchmarks.derivatives.measuring import OUTCOMES, attempt, outcome
from benchmarks.derivatives.tasks import Task, task_of

BY_NAME = {deriver.name: deriver for deriver in DERIVERS}
TASKS = {task.id: task for task in own_tasks.tasks()}
QUADRATIC = TASKS["quadratic-form"]
EXPECT = {
    "numpy": "2 * lam * w",
    "given_numpy": "lam * w @ w",
    "shapes": {"w": ["n"], "lam": []},
    "flags": {"lam": ["pos"]},
    "names": {"lam": r"\lambda"},
}
RECORD = {
    "id": "ridge",
    "category": "losses",
    "problem": {
        "symbols": {"w": "n", r"\lambda": "scalar", "f": "scalar"},
        "given": [r"f = \lambda w^T w"],
        "find": r"\frac{\partial f}{\partial w}",
    },
    "expect": EXPECT,
}
VANISHING = {**RECORD, "expect": {**EXPECT, "numpy": "0 * w"}}


def answering(value: Any) -> Deriver:
    """A tool whose answer to every task is this value."""
    return Deriver(
        "scripted", (), lambda: Method(lambda task: None, lambda stated: value, lambda answer, drawn: answer)
    )


@pytest.mark.slow
def test_the_command_reports_truestep_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    arguments = ["derive", "--records", str(file), "--only", TRUESTEP, "--repeat", "1"]
    assert program.main([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["count"], list(report["tools"])) == (1, [TRUESTEP])
    tool = report["tools"][TRUESTEP]
    assert tool["summary"]["outcomes"] == {"right": 1, "wrong": 0, "not done": 0}
    assert set(tool["summary"]["ms"]) == {"median", "p95", "max", "total"}
    assert program.main(arguments) == 0
    assert "Milliseconds per derivation" in capsys.readouterr().out


def test_records_without_what_is_expected_are_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    file.write_text(json.dumps({"id": 1, "problem": {}}) + "\n", encoding="utf-8")
    assert program.main(["derive", "--records", str(file)]) == 2


@pytest.mark.parametrize("name", [TRUESTEP, "truestep, verified"])
@pytest.mark.parametrize("task", [QUADRATIC, TASKS["cross-entropy-gradient"]], ids=lambda task: task.id)
def test_truestep_derives_right(name: str, task: Task) -> None:
    method = BY_NAME[name].load()
    assert outcome(method, task, method.derive(task), 5) == ("right", "")


@pytest.mark.parametrize("name", ["sympy", "tensorgrad"])
@pytest.mark.parametrize("task", ["quadratic-form", "linear-layer-weights", "tanh-jacobian", "trace-of-product"])
def test_what_a_competitor_does_is_stated_rightly(name: str, task: str) -> None:
    try:
        method = BY_NAME[name].load()
    except ImportError:
        pytest.skip(f"{name} is not installed")
    answer = method.derive(method.state(TASKS[task]))
    assert outcome(method, TASKS[task], answer, 5) == ("right", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "expected"), [(np.zeros(2), "wrong"), (np.zeros((2, 2, 2)), "wrong"), ("not a number", "not done")]
)
def test_every_outcome_is_counted_once(value: Any, expected: str) -> None:
    report = derive.compare([QUADRATIC], [answering(value)], repeat=1, limit=5)
    outcomes = report["tools"]["scripted"]["summary"]["outcomes"]
    assert tuple(outcomes) == OUTCOMES
    assert outcomes == {name: int(name == expected) for name in OUTCOMES}


def test_what_is_missing_is_said_to_be() -> None:
    def load() -> Method:
        raise ImportError("no such thing")

    report = derive.compare([QUADRATIC], [Deriver("absent", ("no-such-package",), load)], repeat=1, limit=5)
    absent = report["tools"]["absent"]
    assert (absent["error"], absent["versions"]) == ("not installed", {"no-such-package": None})
    assert "summary" not in absent


def test_a_tool_that_throws_or_hangs_has_not_done_it() -> None:
    def throws(stated: Any) -> Any:
        raise RecursionError

    def hangs(stated: Any) -> Any:
        while True:
            pass

    for derives in (throws, hangs):
        method = Method(lambda task: None, derives, lambda *_: None)
        assert attempt(method, QUADRATIC, 0.05).reason in ("RecursionError: ", "timeout")


def test_an_answer_that_is_right_but_for_a_factor_is_wrong() -> None:
    task = task_of(RECORD)
    assert judge(task, task.expected) == ""
    assert "differs" in judge(task, lambda drawn: 2 * task.expected(drawn))
    assert "shape" in judge(task, lambda drawn: task.expected(drawn)[None])


def test_a_derivative_that_is_always_zero_tells_nothing() -> None:
    task = task_of(VANISHING)
    with pytest.raises(NotDone):
        judge(task, task.expected)


def test_central_differences_are_derivatives() -> None:
    drawn = QUADRATIC.draw(np.random.default_rng(1))
    matrix, point = drawn.values["A"], drawn.values["x"]
    assert np.allclose(QUADRATIC.expected(drawn), (matrix + matrix.T) @ point)


def test_names_are_distinct_and_the_tasks_are_there() -> None:
    assert len(BY_NAME) == len(DERIVERS)
    assert len(TASKS) == len(own_tasks.STATEMENTS) >= 15
