"""The table of liberties: each row and each pair of rows makes its lines right, and forgives no slip beside them."""

from __future__ import annotations

from typing import Any

import pytest
from sources import table

from truestep.checkers.records import check_record
from truestep.derivations.language.liberties import LIBERTIES, LIBERTY

DATA = table("liberties")
ROWS: list[dict[str, Any]] = DATA["liberty"]
CODES = [row["code"] for row in ROWS]


def checked(rows: tuple[dict[str, Any], ...], slipped: bool = False) -> dict[str, Any]:
    """The record of a work that answers what the rows ask, one after the other; the first may have its slip."""
    first, *rest = rows
    lines = [first["slipped"], *first["lines"][1:]] if slipped else list(first["lines"])
    lines += [line for row in rest for line in row["lines"]]
    asked = ROWS if len(rows) > 1 else rows  # the same of every pair, and so one statement
    find = list(dict.fromkeys(row["find"] for row in asked))
    return check_record({"id": 1, "problem": DATA["problem"] | {"find": find}, "lines": lines})


def verdicts(record: dict[str, Any]) -> list[str]:
    return [line["verdict"] for line in record["lines"]]


def said(record: dict[str, Any], line: int) -> set[str]:
    return {finding["code"] for finding in record["findings"] if finding["line"] == line}


def slip_of(code: str) -> str:
    """What is reported where a liberty was needed."""
    return LIBERTY[code].slip or code


def test_every_liberty_has_its_row() -> None:
    # of a derivative and a letter of the work's own: tests/data/whole_works.jsonl; of a bracket: tests/data/noted.toml;
    # of a word: tests/data/said.toml
    elsewhere = {"inner-prime", "direct", "held-steps", "factor", "margin", "value", "scalar-prime", "joining-letter"}
    elsewhere |= {"said-sum"}
    assert set(CODES) | elsewhere == {liberty.code for liberty in LIBERTIES}
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("row", ROWS, ids=CODES)
def test_a_liberty_makes_its_line_right(row: dict[str, Any]) -> None:
    record = checked((row,))
    assert verdicts(record) == ["right"] * len(row["lines"])
    assert slip_of(row["code"]) in said(record, 0)


@pytest.mark.parametrize("row", ROWS, ids=CODES)
def test_a_liberty_forgives_no_slip(row: dict[str, Any]) -> None:
    record = checked((row,), slipped=True)
    liberty = LIBERTY[row["code"]]
    unread = "undecided" if liberty.in_meaning else "unreadable"  # a name that nothing says anything of
    assert verdicts(record)[0] == (unread if liberty.mends else "wrong")


@pytest.mark.parametrize("row", ROWS, ids=CODES)
def test_a_course_may_refuse_it(row: dict[str, Any]) -> None:
    strict = {"strict": [LIBERTY[row["code"]].slip or row["code"]]}
    record = check_record({"id": 1, "problem": DATA["problem"] | strict | {"find": row["find"]}, "lines": row["lines"]})
    assert verdicts(record)[0] != "right"


# a habit is one of the whole work; where no index is asked for, a sum runs over all that follows anyway
TOGETHER = [row for row in ROWS if row["code"] not in ("implied-sum", "sum-long")]


@pytest.mark.slow
@pytest.mark.parametrize("row", TOGETHER, ids=[row["code"] for row in TOGETHER])
def test_a_work_with_two_liberties_is_read_as_one_with_each(row: dict[str, Any]) -> None:
    for other in TOGETHER[TOGETHER.index(row) + 1 :]:
        record = checked((row, other))
        assert verdicts(record) == ["right"] * len(record["lines"]), other["code"]
        assert slip_of(row["code"]) in said(record, 0), other["code"]
        assert slip_of(other["code"]) in said(record, len(row["lines"])), other["code"]


@pytest.mark.parametrize("row", TOGETHER, ids=[row["code"] for row in TOGETHER])
def test_a_second_liberty_forgives_no_slip(row: dict[str, Any]) -> None:
    place = TOGETHER.index(row)
    for other in (TOGETHER * 2)[place + 1 : place + 4]:
        assert verdicts(checked((row, other), slipped=True))[0] != "right", other["code"]
