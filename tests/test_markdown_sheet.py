"""Sheets in Markdown and as notebooks: texts are printed letter by letter, and what is filled in is read back."""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_typeset import HOSTILE

from truestep.checkers.handins.reading import EMPTY, OTHER, Reader
from truestep.cli import main
from truestep.commands.sheets import drawn
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework import Homework
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homework.marks import without_blanks
from truestep.problems.homeworks import homeworks
from truestep.problems.sheets.notebook import notebook
from truestep.problems.sheets.sheet import look, sheet
from truestep.problems.sheets.solving import Solved
from truestep.problems.sheets.typeset.markdown_writer import Markdown
from truestep.problems.sheets.typeset.prose import Piece
from truestep.problems.sheets.typeset.sheet_writer import Shown

CLASS = Path(__file__).parent / "data" / "class"
OPENING = re.compile(r'(<!-- <truestep:box id="([^"]+)"> -->\n)(.*?)(\n<!-- </truestep:box> -->)', re.DOTALL)
SOLVED = Solved((("x", "= y"),), ())
PARAGRAPH = Piece("paragraph")
ANSWER = "Since $a < b$:\n\n$$\n\\frac{1}{2} = b\n$$"


def handout(homework: Homework) -> str:
    return sheet(homework, look("plain", "markdown"), "markdown", drawn)


def filled(text: str, answer: str) -> str:
    return OPENING.sub(lambda found: f"{found[1]}{answer} {found[2]}{found[4]}", text)


def in_cells(text: str, answer: str) -> str:
    """A notebook with each box filled in."""
    made = json.loads(text)
    for cell in made["cells"]:
        cell["source"] = filled(cell["source"], answer).splitlines(keepends=True)
    return json.dumps(made)


@pytest.mark.parametrize("name", [*homeworks(), str(CLASS / "homework.toml")])
def test_every_handout_is_read_back(name: str) -> None:
    homework = load_homework(name)
    reader = Reader(homework)
    asked = [question.id for question in homework.questions if question.is_answered]
    text = handout(homework)
    assert [found[2] for found in OPENING.finditer(text)] == asked
    both = {"a.md": text, "a.ipynb": notebook(text, {one.id: one.points for one in homework.questions})}
    for file, made in both.items():
        empty = reader.read(file, made.encode())
        assert (empty.state, empty.said) == (EMPTY, ("nothing is written in it",))
        full = reader.read(file, (filled if file == "a.md" else in_cells)(made, ANSWER).encode())
        assert [(one.question, one.text) for one in full.answers] == [(one, f"{ANSWER} {one}") for one in asked]
        assert full.said == ()
    other = Reader(homework_from({"title": "Other", "part": [{"question": [{"id": "Z", "kind": "by hand"}]}]}))
    assert other.read("a.md", filled(text, "x").encode()).state == OTHER


def test_a_box_is_a_cell_that_nbgrader_knows() -> None:
    homework = load_homework(str(CLASS / "homework.toml"))
    cells = json.loads(notebook(handout(homework), {"1(a)": 6.0}))["cells"]
    graded = [cell["metadata"]["nbgrader"] for cell in cells if cell["metadata"]]
    assert graded[0] == {
        "grade": True, "solution": True, "locked": False, "task": False, "grade_id": "question-1-a", "points": 6.0,
        "cell_type": "markdown", "schema_version": 3,
    }  # fmt: skip
    assert len({one["grade_id"] for one in graded}) == len(graded)
    assert cells[0]["source"].split("\n")[0] == "# Homework 3: Losses, gates and norms"


def test_blanks_and_ticks_are_read_as_in_latex() -> None:
    assert without_blanks("$N =$ 525312 ____").strip() == "$N =$ 525312"
    for row in ("$W_1$: ________", "1. ________", "________", "$N =$ ____"):
        assert not without_blanks(row).strip()
    homework = load_homework(str(CLASS / "homework.toml"))
    text = handout(homework).replace("- [ ] (c)", "- [x] (c)").replace("$N =$ ________", "$N =$ __525312__")
    answers = {one.question: one.text for one in Reader(homework).read("a.md", text.encode()).answers}
    assert set(answers) == {"5(c)", "7(c)"}
    assert "- [x] (c)" in answers["7(c)"]
    assert "525312" in answers["5(c)"]


@settings(max_examples=150)
@given(st.text(alphabet=st.sampled_from("\\$<>&*_[]()#|~`{}+-.!:=0123 \nabé中"), max_size=40))
def test_words_are_printed_letter_by_letter(text: str) -> None:
    made = Markdown().part(PARAGRAPH, Markdown().words(text), 0)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(made)
    assert {one.type for one in tokens} <= {"paragraph_open", "inline", "paragraph_close"}, made
    inside = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inside} <= {"text", "text_special", "softbreak"}, made
    shown = "".join(child.content or " " for child in inside)
    assert "".join(shown.split()) == "".join(text.split())
    assert "$" not in made


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_makes_no_markup(text: str) -> None:
    with suppress(StatementFault):
        made = Markdown().prose(text)
        tokens = MarkdownIt("commonmark").parse(made)
        inside = [*tokens, *(child for token in tokens for child in token.children or ())]
        assert not [one for one in inside if one.type.startswith("html") or one.type == "image"]
        assert all(str(one.attrs.get("href", "https:")).startswith(("http", "mailto:")) for one in inside)


def test_lists_tables_and_code_keep_their_form() -> None:
    text = "- a\n  - b $|x|$\n\n- c\n\n| h | i |\n|---|---|\n| $|x|$ | y |\n\n```\na\n\nb\n```\n\n3. x\n4. y"
    page = MarkdownIt("commonmark").enable("table").render(Markdown().prose(text))
    assert page.count("<ul>") == 2
    assert page.count("<li>") == 5
    assert '<ol start="3">' in page
    assert page.count("<td>") == 2
    assert "a\n\nb\n</code>" in page
    assert "vert x" in html.unescape(page)


def test_solutions_show_each_rule_beside_its_line() -> None:
    made = Markdown().derivation((Shown("x", "= a", "j = 1", "sum_rule: $y$"), Shown("", "= b")), 0, "i = j")
    assert made.startswith("For $i = j$:\n\n$$\n\\begin{aligned}\nx & = a \\quad \\text{for } j = 1 && \\text{")
    homework = load_homework("cmu-10315-hw5")
    solved = sheet(homework, look("exam", "markdown"), "markdown", drawn, lambda problem: (SOLVED,))
    assert "\\boxed{x = y}" in solved
    assert "truestep:box" not in solved
    assert "![](data:image/svg+xml;base64," in solved


@pytest.mark.parametrize(("form", "suffix"), [("--markdown", "md"), ("--notebook", "ipynb")])
def test_the_command_writes_them(tmp_path: Path, form: str, suffix: str) -> None:
    done = CliRunner().invoke(main, ["sheet", "backprop-hw4", form, "--output", f"{tmp_path}/"])
    assert done.exit_code == 0
    assert (tmp_path / f"backprop-hw4-handout.{suffix}").read_bytes()
