"""The magics of a notebook, and the tutorial notebook, which is executed."""

from __future__ import annotations

import getopt
import json
from typing import Any

import pytest
from sources import ROOT

import truestep
from truestep.library import magics

TUTORIAL = ROOT / "examples" / "notebook" / "truestep.ipynb"
MINE = {"symbols": {"s": "scalar"}, "answer": "s - s^2"}
FRONT = "---\ntruestep: {symbols: {s: scalar}, answer: s - s^2}\n---\n"


@pytest.mark.parametrize(
    ("line", "cell", "verdict"),
    [
        ("mine", "$$s(1 - s)$$", "right"),
        ("mine --hint", "$$s(1 + s)$$", "wrong"),
        ("", FRONT + "$$s(1 - s)$$", "right"),
        ("sigmoid-derivative --reveal steps", "$$a (1 - a)$$", "right"),
        ("'cmu-10315-hw5/1(a)' --no-diagnosis", r"$$W \frac{\partial J}{\partial z}$$", "wrong"),
        ("mine --timeout 60", "$$s(1 - s)$$", "right"),
    ],
)
def test_a_cell_is_checked(line: str, cell: str, verdict: str) -> None:
    assert magics.checked(line, cell, {"mine": MINE}).final.verdict == verdict


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("mine other", ValueError),
        ("mine --reveal all", ValueError),
        ("mine --verbose", getopt.GetoptError),
        ("nothing-like-it", truestep.StatementFault),
        ("", truestep.StatementFault),
    ],
)
def test_what_a_line_cannot_say(line: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        magics.checked(line, "$$s$$", {"mine": MINE})


def test_what_a_shell_without_a_browser_shows() -> None:
    pretty = pytest.importorskip("IPython.lib.pretty")
    assert "✗ wrong" in pretty.pretty(truestep.check(["s + s^2"], MINE))


def test_without_the_extra_markdown_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(report: object) -> str:
        raise truestep.StatementFault("this needs the extra")

    monkeypatch.setattr(truestep.Report, "to_html", missing)
    assert truestep.check(["s"], MINE)._repr_html_() is None


def shown(cell: dict[str, Any]) -> str:
    """All that a cell shows, in every form."""
    several = [
        data for output in cell["outputs"] for data in (output.get("data") or {"text": output.get("text")}).values()
    ]
    return "\n".join("".join(one) for one in several if one)


@pytest.mark.slow
def test_the_tutorial_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(TUTORIAL, as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(TUTORIAL.parent)}}).execute()
    told = [cell for cell in notebook.cells if cell.metadata.get("shows")]
    assert len(told) >= 8
    for cell in told:
        assert [text for text in cell.metadata["shows"] if text not in shown(cell)] == [], shown(cell)[:3000]
    reports = [cell for cell in notebook.cells if cell.source.startswith("%%truestep")]
    forms = [[set(output["data"]) for output in cell.outputs] for cell in reports]
    assert forms == [[{"text/html", "text/markdown", "text/plain"}]] * len(reports)


def test_the_tutorial_is_kept_without_outputs() -> None:
    cells = json.loads(TUTORIAL.read_text("utf-8"))["cells"]
    assert not any(cell.get("outputs") for cell in cells)
