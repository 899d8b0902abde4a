"""The check function for edX: what it returns, what it raises, and messages that edX takes apart as XML."""

from __future__ import annotations

import doctest
import re
import runpy
import traceback
import xml.etree.ElementTree as ET
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sources import ROOT

from truestep.derivations.language.faults import StatementFault
from truestep.platforms.edx import LONGEST, NotDecided, grader, message

LAYER = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar"},
    "given": ["z = W x + b", "J = J(z)"],
    "find": r"\frac{\partial J}{\partial x}",
}
HOSTILE = [
    "",
    "   ",
    "<script>alert(1)</script>",
    "]]></pre><b>",
    "&lt; & < >",
    "\x00\x1b[2J\x0c",
    "\ud800\u202e\ufffe",
    "$" * 2000,
    "(" * 5000,
    "__import__('os').system('true')",
    "x" * 100_000,
    "\\frac{\n\\end{document}",
    ["a", "<b>"],
    [],
    None,
    3,
]


def outcome(answer: object) -> dict[str, Any] | str:
    """What is returned for an answer, or the message of what is raised."""
    try:
        return grader(LAYER)(None, answer)
    except NotDecided as fault:
        return str(fault)


def test_right_wrong_and_in_part() -> None:
    check = grader(LAYER)
    assert check(None, r"W^T \frac{\partial J}{\partial z}")["ok"] is True
    wrong = check("expected", r"W \frac{\partial J}{\partial z}")
    assert (wrong["ok"], wrong["grade_decimal"]) == (False, 0.0)
    assert "Not right yet" in wrong["msg"]
    lines = [r"\frac{\partial J}{\partial x_j} = 2 \sum_k \frac{\partial J}{\partial z_k} W_{kj}", "W^T dJ/dz"]
    part = grader({**LAYER, "points": 4, "marking": {"final": 2, "method": 2}})(None, lines)
    assert part["ok"] == "partial"
    assert 0 < part["grade_decimal"] < 1


def test_a_document_in_a_box_is_read() -> None:
    told = grader("softmax-jacobian")(None, "We get\n\n$$\\frac{\\partial s_i}{\\partial z_j} = 1$$\n")
    assert told["ok"] is False


def test_what_is_not_decided_costs_no_attempt() -> None:
    with pytest.raises(NotDecided, match="does not count") as raised:
        grader(LAYER)(None, r"\mathrm{foo}(W) <b>")
    last = traceback.format_exception(raised.value)[-1].rstrip("\n")
    assert "\n" not in last
    assert "<" not in last.split(": ", 1)[1]  # what edX shows of it, as HTML
    told = grader(LAYER, undecided=0.25)(None, r"\mathrm{foo}(W)")
    assert (told["ok"], told["grade_decimal"]) == ("partial", 0.25)


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_answered_gives_a_mark_or_costs_nothing(answer: object) -> None:
    told = outcome(answer)
    if isinstance(told, str):
        assert "<" not in told
        return
    assert set(told) == {"ok", "grade_decimal", "msg"}
    assert told["ok"] in (False, "partial")
    assert 0 <= told["grade_decimal"] < 1
    assert ET.fromstring(told["msg"]).tag == "pre"


@pytest.mark.parametrize("text", ["a < b", "</pre>&", "\x00\x1b", "\ufffe\ud800", "é\n  ∂", "x" * (LONGEST + 1)])
def test_a_message_is_well_formed(text: str) -> None:
    made = ET.fromstring(message(text))
    assert not list(made)
    assert len(made.text or "") <= LONGEST + 10


def test_a_problem_that_cannot_be_used_is_refused() -> None:
    for problem in ("no-such-problem", {"find": 3}):
        with pytest.raises(StatementFault):
            grader(problem)  # type: ignore[arg-type]


def test_the_problem_on_the_page_runs_as_edx_runs_it(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "class.md").read_text("utf-8")
    (shown,) = re.findall(r"^```xml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    problem = ET.fromstring(shown)
    script, response = problem.find("script"), problem.find(".//customresponse")
    assert script is not None
    assert response is not None
    code = f"{script.text}\nreturned = {response.get('cfn')}(expect, ans)\n"
    (tmp_path / "problem.py").write_text(code)
    names = runpy.run_path(str(tmp_path / "problem.py"), {"expect": response.get("expect"), "ans": "W^T dJ/dz"})
    assert names["returned"]["ok"] is True


@pytest.mark.parametrize("name", ["edx", "running"])
def test_examples_run(name: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.testmod(import_module(f"truestep.platforms.{name}"), optionflags=flags)
    assert (failed, tried > 0) == (0, True)
