"""What a reader of a page does not see is no part of a work, and is said; what he sees is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from truestep.checkers.documents import Work, read_text
from truestep.checkers.documents.looks import Look, styled
from truestep.checkers.documents.work import NothingFound
from truestep.checkers.records import check_record

PAGES = tomllib.loads((Path(__file__).parent / "data" / "documents" / "unseen.toml").read_text(encoding="utf-8"))
CASES = [(kind, page) for kind in ("tex", "md") for page in PAGES[kind]]


def read(page: str, kind: str) -> Work:
    if kind == "ipynb":
        page = json.dumps({"cells": [{"cell_type": "markdown", "source": page.splitlines(keepends=True)}]})
    elif kind == "tex":
        page = f"\\documentclass{{article}}\n\\begin{{document}}\n{page}\n\\end{{document}}\n"
    return read_text(page, kind)


@pytest.mark.parametrize(("kind", "page"), [*CASES, *(("ipynb", page) for page in PAGES["md"])])
def test_what_is_seen_is_read_and_nothing_else(kind: str, page: str) -> None:
    page = page.replace("SEEN", "s = 1").replace("HIDDEN", "h = 2")
    try:
        texts = [row.text for row in read(page, kind).formulas]
    except NothingFound:
        texts = []
    assert sum("s = 1" in text for text in texts) == page.count("s = 1")
    assert not any("h = 2" in text for text in texts)


def test_what_is_not_seen_is_said_with_its_place() -> None:
    submission = "$$x = y$$\n\n<p hidden>$x = z$</p>\n"
    problem = {"symbols": {"x": "scalar", "y": "scalar", "z": "scalar"}, "answer": "x"}
    (said,) = check_record({"problem": problem, "submission": submission})["passed_over"]
    assert (said["text"], said["source"]["line"], said["reason"]) == ("$x = z$", 3, "not seen: it is not shown")


def test_a_work_of_which_nothing_is_seen_is_not_checked() -> None:
    record = check_record(
        {"problem": {"symbols": {"x": "scalar"}, "answer": "x"}, "submission": r"\textcolor{white}{$$x$$}"}
    )
    assert record["verdict"] == "not_checked"
    assert record["final"]["reason"] == "no mathematics that is seen: it has the colour of its ground"
    assert record["passed_over"]


@pytest.mark.parametrize("style", ["color: navy", "display: block", "opacity: 0.5", "left: 2cm", "font-size: 8pt", ""])
def test_an_ordinary_style_is_seen(style: str) -> None:
    assert not styled(Look(), style).unseen


def test_a_macro_that_changes_between_its_uses_is_none() -> None:
    page = r"\newcommand{\k}{1} $$x = \k$$ \renewcommand{\k}{2} $$x = \k$$"
    assert not read(page, "tex").macros
    assert read(page.replace(r"\k$$ \re", r"k$$ \re"), "tex").macros[0].body == "2"
