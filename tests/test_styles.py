"""Right works as people write them, and the same with one slip: a sample of the benchmark."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.slips.works import Work, work_of
from benchmarks.styles import judging
from benchmarks.styles.cases import cases
from benchmarks.styles.command import counted, outcomes
from benchmarks.styles.documents import FORMS
from benchmarks.styles.judging import ACCEPTED, FOUND, RIGHT, WRONG, Outcome, overlaps
from truestep.problems.statements.statement import load_problem

pytestmark = pytest.mark.slow

BOOK = ("softmax-jacobian", "cross-entropy-gradient", "linear-layer-weights", "sigmoid-layer", "two-layer-first-bias")


@pytest.fixture(scope="module")
def works() -> list[Work]:
    made = [work_of(identifier, load_problem(identifier)) for identifier in BOOK]
    return [work for work in made if work is not None]


@pytest.fixture(scope="module")
def right(works: list[Work]) -> list[Outcome]:
    return list(outcomes(works, 11, 50, False, 20.0))


@pytest.fixture(scope="module")
def slipped(works: list[Work]) -> list[Outcome]:
    return list(outcomes(works, 11, 50, True, 20.0))


def said(several: list[Outcome], outcome: str) -> list[tuple[str, Any]]:
    return [(one.why, one.case.document.text) for one in several if one.outcome == outcome]


def test_no_right_work_is_called_wrong(right: list[Outcome]) -> None:
    assert len(right) == 50
    assert said(right, WRONG) == []
    assert len(said(right, RIGHT)) >= 49


def test_no_slip_is_accepted(slipped: list[Outcome]) -> None:
    assert len(slipped) >= 40
    assert said(slipped, ACCEPTED) == []
    assert len(said(slipped, FOUND)) >= 0.95 * len(slipped)


def test_every_form_is_drawn_and_the_same_again(works: list[Work], right: list[Outcome]) -> None:
    assert {one.case.form for one in right} == set(FORMS)
    again = [case.document for case in cases(works, 11, 50, False)]
    assert again == [one.case.document for one in right]


def test_rows_are_where_they_are_said_to_be(works: list[Work]) -> None:
    for case in cases(works, 11, 30, False):
        lines = case.document.text.split("\n")
        for (_, line, column), (_, last, end) in case.document.rows.values():
            inside = lines[line - 1][column - 1 :] if line != last else lines[line - 1][column - 1 : end - 1]
            assert case.form == "ipynb" or "=" in inside
            assert line <= last <= len(lines)


def test_a_checker_that_nods_is_seen(works: list[Work], monkeypatch: pytest.MonkeyPatch) -> None:
    def nodding(work: Any, problem: Any) -> dict[str, Any]:
        lines = [{"line": k, "verdict": "right", "source": row.source} for k, row in enumerate(work.formulas)]
        return {"verdict": "right", "lines": lines, "findings": [], "first_wrong_line": None}

    monkeypatch.setattr(judging, "examine", nodding)
    counts = counted(outcomes(works, 11, 10, True, 20.0))["all"]["all"]
    assert set(counts) == {ACCEPTED}


def test_places_overlap_where_they_share_a_character() -> None:
    source = {"line": 2, "column": 5, "end_line": 2, "end_column": 9}
    assert overlaps(source, ((0, 2, 8), (0, 3, 1)))
    assert not overlaps(source, ((0, 2, 9), (0, 3, 1)))
