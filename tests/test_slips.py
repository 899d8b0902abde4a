"""Generated slips: a sample of the benchmark, and the judge of what is truly equal."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.slips import command, measuring
from benchmarks.slips.places import Line
from benchmarks.slips.slips import SLIPS
from benchmarks.slips.truth import Truth
from benchmarks.slips.works import Work, work_of
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.problems.statements.statement import load_problem

pytestmark = pytest.mark.slow

BOOK = ("softmax-jacobian", "cross-entropy-gradient", "linear-layer-weights", "sigmoid-layer", "tanh-derivative")


def book_work(identifier: str) -> Work:
    work = work_of(identifier, load_problem(identifier))
    assert work is not None
    return work


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return command.measured([book_work(identifier) for identifier in BOOK], most=1, seed=5, limit=6.0)


def total(counts: dict[str, dict[str, int]], *keys: str) -> int:
    return sum(count.get(key, 0) for count in counts.values() for key in keys)


def test_nothing_false_is_accepted_and_nothing_right_is_accused(report: dict[str, Any]) -> None:
    assert report["look"] == []


def test_slips_are_found_at_their_line_and_named(report: dict[str, Any]) -> None:
    false, found, named = (total(report["slips"], key) for key in ("false", "found", "named"))
    assert false > 80
    assert found >= 0.96 * false  # a sum without its index says nothing of its range
    assert named >= 0.9 * found
    assert total(report["slips"], "unknown", "crashed", "unreadable") == 0


def test_the_time_of_a_line_is_taken(report: dict[str, Any]) -> None:
    for row in report["milliseconds"].values():
        assert row["lines"] > 80
        assert 0 < row["median"] <= row["p95"]


def test_rewritings_are_right(report: dict[str, Any]) -> None:
    assert total(report["rewritings"], "tried") == total(report["rewritings"], "right") > 80


def test_numbers_decide_what_is_equal(report: dict[str, Any]) -> None:
    assert set(report["judges"]) <= {"numbers", "by construction"}


def equal(work: Work, line: str) -> bool | None:
    """Whether the two sides of a line are equal, by numbers."""
    (statement,) = read_row(row_tokens(line, work.setting.context), work.setting.context, Reading(), frozenset())
    left, right = (part.expression for part in statement.parts)
    found, judge = Truth(work.setting).equal(left, left, right, statement.condition)
    assert judge == "numbers"
    return found


@pytest.mark.parametrize(
    ("identifier", "line", "is_equal"),
    [
        ("softmax-jacobian", r"\frac{\partial \hat{y}_i}{\partial z_j} = \hat{y}_i (\delta_{ij} - \hat{y}_j)", True),
        ("softmax-jacobian", r"\frac{\partial \hat{y}_i}{\partial z_j} = \hat{y}_i (1 - \hat{y}_j)", False),
        ("cross-entropy-gradient", r"\frac{\partial L}{\partial z} = \hat{y} - y", True),
        ("cross-entropy-gradient", r"\frac{\partial L}{\partial z} = \hat{y} (\mathbf{1}^T y) - y", True),
        ("cross-entropy-gradient", r"\frac{\partial L}{\partial z} = y - \hat{y}", False),
        ("linear-layer-weights", r"\frac{\partial J}{\partial W} = \frac{\partial J}{\partial z} x^T", True),
        (
            "linear-layer-weights",
            r"\frac{\partial J}{\partial W} = x \left(\frac{\partial J}{\partial z}\right)^T",
            False,
        ),
        (
            "sigmoid-layer",
            r"\frac{\partial J}{\partial z} = \operatorname{diag}(a) (1 - a) \odot \frac{\partial J}{\partial a}",
            True,
        ),
        (
            "sigmoid-layer",
            r"\frac{\partial J}{\partial z} = z \odot (1 - z) \odot \frac{\partial J}{\partial a}",
            False,
        ),
        ("tanh-derivative", r"\frac{\partial a}{\partial z} = 1 - a^2", True),
        ("tanh-derivative", r"\frac{\partial a}{\partial z} = (1 - a)^2", False),
    ],
)
def test_the_judge_knows(identifier: str, line: str, is_equal: bool) -> None:
    assert equal(book_work(identifier), line) is is_equal


def test_a_checker_that_accepts_all_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def nodding(work: Any, *_: object) -> dict[str, Any]:
        lines = [{"line": place, "verdict": "right"} for place in range(len(work.rows))]
        return {"lines": lines, "findings": [], "final": {"verdict": "right"}}

    monkeypatch.setattr(measuring, "examine", nodding)
    trials = list(measuring.slipped([book_work("sigmoid-layer")], 1, 1, 6.0))
    outcomes = {trial.outcome for trial in trials}
    assert outcomes <= {"accepted", "equal"}
    assert "accepted" in outcomes


def test_a_checker_that_refuses_all_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(work: Any, *_: object) -> dict[str, Any]:
        lines = [{"line": place, "verdict": "wrong"} for place in range(len(work.rows))]
        return {"lines": lines, "findings": [], "final": {"verdict": "wrong"}}

    monkeypatch.setattr(measuring, "examine", refusing)
    trials = list(measuring.rewritten([book_work("sigmoid-layer")], 1, 1, 6.0))
    assert {trial.outcome for trial in trials} == {"accused"}


@pytest.mark.parametrize("identifier", BOOK)
def test_a_slip_changes_the_line(identifier: str) -> None:
    work = book_work(identifier)
    for slip in SLIPS:
        for place, row in enumerate(work.rows):
            for edit in slip.change(Line(work, place)):
                assert edit.done
                assert edit.right != row.right or edit.text
