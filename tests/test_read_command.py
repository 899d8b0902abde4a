"""How formulas were read: the same in the record, in every report, and by ``truestep read``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from truestep.checkers.record_form import CheckRecord
from truestep.cli import main

WORK = r"""Let $S = \sum_j e^{z_j}$.

$$
\frac{dL}{dz_j} = -\sum_k y_k \frac{\partial \log \hat y_k}{\partial z_j} = -\sum_k y_k (\delta_{kj} - \hat y_j)
$$

Since $\sum_k y_k = 1$ this is $dL/dz = \hat y - y$. Also $\frac{}{{$.
"""
NAMED = ["--problem", "cross-entropy-gradient"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "work.md"
    file.write_text(WORK, encoding="utf-8")
    return file


def said(*command: object) -> str:
    result = CliRunner().invoke(main, [str(word) for word in command])
    assert result.exit_code in (0, 3), result.output
    return result.output


def located(entries: list[dict[str, Any]]) -> dict[tuple[int, int], dict[str, Any]]:
    return {(one["source"]["line"], one["source"]["column"]): one for one in entries}


def test_every_formula_is_shown_as_the_record_has_it(path: Path) -> None:
    read = json.loads(said("read", path, *NAMED, "--json"))
    record = json.loads(said("check", path, *NAMED, "--json"))
    msgspec.convert(record, CheckRecord)
    shown = located(read["formulas"])
    assert list(shown) == sorted(shown)
    recorded = located([*record["lines"], *record["context"], *record["passed_over"]])
    assert shown.keys() == recorded.keys()
    for place, one in shown.items():
        assert one == {key: recorded[place][key] for key in one}
    assert [one.get("role") for one in read["formulas"]] == ["definition", "claim", "reason", "answer", None]


def test_places_are_those_in_the_file(path: Path) -> None:
    lines = WORK.split("\n")
    for one in json.loads(said("read", path, *NAMED, "--json"))["formulas"]:
        source = one["source"]
        assert lines[source["line"] - 1][source["column"] - 1 :].startswith(one["text"])


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--html",)])
def test_every_report_shows_what_was_read_otherwise(path: Path, form: tuple[str, ...]) -> None:
    report = said("check", path, *NAMED, *form)
    for place in ("1:6", "7:8", "7:60"):
        assert place in report


def test_what_was_read_as_it_stands_is_not_said_twice(path: Path) -> None:
    assert "4:1" not in said("check", path, *NAMED)
    assert "4:1" in said("read", path, *NAMED)


def test_names_need_no_problem(path: Path) -> None:
    assert "read as ∂L/∂z = ŷ - y" not in said("read", path)
    first, *_ = json.loads(said("read", path, "--json"))["formulas"]
    assert first["read"] == r"S = \sum_j e^{z_{j}}"


def test_a_fault_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["read", str(tmp_path / "none.md")])
    assert result.exit_code == 2
