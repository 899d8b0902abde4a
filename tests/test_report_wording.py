"""What reports say: of every finding, of homeworks, and never the answer."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from reporting import record_of, report_of, shown

from truestep.cli import main

ROOT = Path(__file__).parent.parent
HANDOUTS = ROOT / "examples" / "handouts"


# homeworks


def checked(seed: str, name: str) -> str:
    folder = ROOT / "examples" / "seeds" / seed
    return CliRunner().invoke(main, ["check", str(folder / name), "--problem", str(folder / "problem.toml")]).stdout


@functools.cache
def homework(name: str, submission: str, *arguments: str) -> str:
    path = HANDOUTS / name / f"{submission}.tex"
    return CliRunner().invoke(main, ["check", str(path), "--homework", name, *arguments]).stdout


@pytest.mark.slow
def test_a_homework_begins_with_all_its_parts_and_the_marks_together() -> None:
    said = homework("cmu-10315-hw5", "mistakes")
    table = said.partition("\n\n")[2].partition("\n\n")[0].splitlines()
    assert table[0].split() == ["1(a)", "✗", "wrong", "3", "of", "5", "first", "wrong:", "line", "2"]
    assert re.fullmatch(r"together +[\d.]+ to [\d.]+ of 62", table[-1])
    for form in ("--markdown", "--html"):
        assert table[-1].split("together")[1].strip() in homework("cmu-10315-hw5", "mistakes", form)
    assert "Marks" not in homework("nyu-dsga1008-hw1", "hand-in", "--markdown")


@pytest.mark.parametrize("form", ["--markdown", "--html"])
def test_what_a_person_reads_for_is_shown_with_the_answer(form: str) -> None:
    told = "Correct classifications, digit by digit"
    assert told not in homework("cmu-10315-hw5", "mistakes", form)
    assert told in homework("cmu-10315-hw5", "mistakes", form, "--reveal", "answer")


@pytest.mark.slow
def test_one_mistake_has_one_name() -> None:
    said = checked("D1", "wrong-not-transposed.tex")
    assert said.count("What probably happened") == 1
    for name in ("cmu-10315-hw5", "nyu-dsga1008-hw1"):
        for part in re.split(r"(?m)^\d+  \S wrong", homework(name, "mistakes")):
            first = part.partition("\n\n")[0]
            assert first.count("What probably happened") <= 2


@pytest.mark.slow
def test_no_missing_factor_is_given_away() -> None:
    findings = [
        finding
        for line in homework("nyu-dsga1008-hw1", "mistakes", "--json").splitlines()
        for finding in json.loads(line)["findings"]
        if finding["kind"] in ("value", "shape", "form")
    ]
    assert findings
    assert not any("tanh" in finding["message"] for finding in findings)


def test_an_answer_that_rests_on_an_earlier_part_is_said_to() -> None:
    record = {
        "verdict": "wrong",
        "final": {"line": 0, "verdict": "wrong", "carried": True},
        "first_wrong_line": None,
        "lines": [{"line": 0, "verdict": "right"}],
        "findings": [
            {"line": 0, "kind": "logic", "code": "carried", "span": [0, 1],
             "message": "this is right given the answer to 1(a), which was not"}
        ],
    }  # fmt: skip
    said = " ".join(shown(report_of(record, ["x = y"])).split())
    assert "Right given your answer to an earlier part." in said
    assert "This is right given the answer to 1(a), which was not" in said
    assert "first goes wrong" not in said


def test_the_line_that_introduces_a_wrong_name_is_said() -> None:
    record = record_of(["a = b"])
    message = r"this rests on \delta_{1}, which line 3 introduces: the mistake may be there"
    record["findings"] = [
        {"line": 0, "kind": "value", "code": "value", "message": "the two sides are not equal", "span": [0, 1]},
        {"line": 0, "kind": "logic", "code": "rests-on", "message": message, "span": [0, 1]},
    ]
    said = " ".join(shown(report_of(record, ["a = b"])).split())
    assert "The two sides are not equal." in said
    assert "This rests on δ_1, which line 3 introduces: the mistake may be there." in said
