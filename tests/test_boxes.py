"""Answer boxes: a filled-in handout is read back box by box, and checked box by box."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from truestep.checkers.documents.boxes import boxes, filled
from truestep.checkers.documents.work import DocumentFault
from truestep.checkers.handins.reading import Reader
from truestep.checkers.handouts import check_document, work_of
from truestep.cli import main
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homework.marks import CLOSING, OPENING, closing, is_empty, opening
from truestep.problems.sheets.sheet import look, sheet
from truestep.problems.statements.problem import Problem

SEEDS = Path(__file__).parent.parent / "examples" / "seeds"
IDS = ("1", "1(a)", "3 off-diagonal")
BY_HAND = homework_from({"title": "H", "part": [{"question": [{"id": name, "kind": "by hand"} for name in IDS]}]})
HANDOUT = sheet(BY_HAND, look("plain", "latex"))
LINEAR = r"""
\begin{align*}
\frac{\partial J}{\partial x_j} &= \sum_{k} \frac{\partial J}{\partial z_k} W_{kj} \\
\frac{\partial J}{\partial x} &= W^T \frac{\partial J}{\partial z}
\end{align*}
"""


def written(text: str) -> bool:
    return not OPENING.search(text) and not CLOSING.search(text)


@settings(max_examples=80)
@given(st.lists(st.text(max_size=200).filter(written), min_size=3, max_size=3))
def test_each_box_gives_what_was_put_into_it(texts: list[str]) -> None:
    answers = dict(zip(IDS, texts, strict=True))
    assert boxes(filled(HANDOUT, answers)) == answers


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from('%<>/truestep:box id="1()a\n \\'), max_size=80))
def test_a_text_that_looks_like_a_mark_takes_no_other_box(text: str) -> None:
    try:
        made = filled(HANDOUT, {"1(a)": text})
    except DocumentFault:
        assert not written(text)
        return
    assert boxes(made) == {"1": "", "1(a)": text, "3 off-diagonal": ""}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("no boxes at all", "has no answer boxes"),
        (f"{opening('1')}\nx\n", r"box '1' \(line 1\) has lost its end"),
        (f"a\n{opening('1')}\nx\n{opening('2')}\n{closing()}", r"box '1' \(line 2\) has lost its end"),
        (f"{opening('1')}\n{closing()}\n" * 2, "box '1' stands twice"),
    ],
)
def test_damaged_marks_are_said(source: str, said: str) -> None:
    with pytest.raises(DocumentFault, match=said):
        boxes(source)


def test_marks_may_be_indented_and_have_other_line_ends() -> None:
    source = f'  % <truestep:box id="1" >  \r\n\\[ a \\]\r\n  {closing()}\r\n'
    assert boxes(source) == {"1": "\\[ a \\]\r"}


def test_a_box_that_does_not_exist_is_not_filled() -> None:
    with pytest.raises(DocumentFault, match="there is no box '9'"):
        filled(HANDOUT, {"9": "x"})


def test_rows_keep_their_lines_and_macros_hold_in_every_box() -> None:
    source = HANDOUT.replace(r"\begin{document}", "\\newcommand{\\R}{\\mathbb{R}}\n\\begin{document}")
    made = filled(source, {"1(a)": "\\[ x = \\R \\]", "1": "% nothing\n"})
    (answer,) = Reader(BY_HAND).read("made.tex", made.encode()).answers
    work = work_of(answer, BY_HAND.question("1(a)").problem or Problem())
    assert answer.question == "1(a)"
    assert [row.text for row in work.rows] == [r"\[ x = \R \]"]
    assert made.split("\n")[work.rows[0].line - 1] == r"\[ x = \R \]"
    assert r"\R" in {macro.name for macro in work.macros}
    assert is_empty("%a\n \n")


def checked(tmp_path: Path, answers: dict[str, str], *arguments: str, name: str = "cmu-10315-hw5") -> Result:
    path = tmp_path / "mine.tex"
    path.write_text(filled(sheet(load_homework(name), look("plain", "latex")), answers), encoding="utf-8")
    return CliRunner().invoke(main, ["check", str(path), "--homework", name, *arguments])


def test_a_handout_is_checked_box_by_box(tmp_path: Path) -> None:
    wrong = LINEAR.replace("W^T", "W")
    result = checked(tmp_path, {"1(a)": LINEAR, "1(b)": wrong, "2.1 misclassified": "The digit 8."}, "--json")
    records = {record["id"]: record for record in map(json.loads, result.stdout.splitlines())}
    assert records["mine/1(a)"]["verdict"] == "right"
    assert records["mine/1(b)"]["verdict"] == "wrong"
    assert records["mine/1(c)"]["final"]["reason"] == "nothing is written in this box"
    assert records["mine/2.1 misclassified"]["verdict"] == "not_checked"
    assert len(records) == len([q for q in load_homework("cmu-10315-hw5").questions if q.is_answered])
    assert result.exit_code == 1


def test_the_report_names_each_box(tmp_path: Path) -> None:
    result = checked(tmp_path, {"1(a)": LINEAR})
    overview, _, first = result.stdout.partition("\n\n1(a)\n")
    assert overview.startswith("Homework 5\n")
    empty = sum(question.is_answered for question in load_homework("cmu-10315-hw5").questions) - 1
    assert overview.count("nothing is written") == empty
    assert "✓ Right." in first
    assert "1(b)" not in first
    assert result.stdout.count("nothing is written") == empty
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("folder", "name", "homework", "box"),
    [
        ("D1", "right-align.tex", "cmu-10315-hw5", "1(a)"),
        ("D1", "wrong-row-layout.tex", "cmu-10315-hw5", "1(a)"),
        ("D4", "right-*.tex", "cmu-10315-hw5", "2"),
        ("B1", "right-two-displays.md", "brown-hw3-2025", "1.1"),
        ("B1", "wrong-sign.tex", "brown-hw3-2025", "1.1"),
    ],
)
def test_what_students_wrote_is_judged_in_its_box_as_on_its_own(
    folder: str, name: str, homework: str, box: str
) -> None:
    path = next((SEEDS / folder).glob(name))
    text = path.read_text(encoding="utf-8")
    answers = {box: text.replace(r"\documentclass{article}", "").replace(r"\usepackage{amsmath}", "")}
    loaded = load_homework(homework)
    source = filled(sheet(loaded, look("plain", "latex")), answers)
    document = Reader(loaded).read("s.tex", source.encode())
    record = next(done.record for done in check_document(document, loaded, "s") if done.question.id == box)
    assert record["verdict"] == path.name.split("-")[0]


def test_a_lost_box_is_said(tmp_path: Path) -> None:
    path = tmp_path / "mine.tex"
    path.write_text(HANDOUT, encoding="utf-8")
    other = CliRunner().invoke(main, ["check", str(path), "--homework", "backprop-hw4", "--json"])
    assert "this is the handout of H, not of Homework 4: Backpropagation" in other.stdout
    whole = sheet(load_homework("backprop-hw4"), look("plain", "latex"))
    mark = next(OPENING.finditer(whole))
    path.write_text(whole[: mark.start()] + whole[mark.end() :].partition(closing())[2], encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path), "--homework", "backprop-hw4", "--json"])
    assert "the handout has lost this box" in result.stdout
    path.write_text("nothing", encoding="utf-8")
    refused = CliRunner().invoke(main, ["check", str(path), "--homework", "backprop-hw4"])
    assert refused.exit_code == 2
    assert "no numbers or headings of the questions were found" in refused.stderr


def test_problem_and_homework_are_not_given_together(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", "x.tex", "--homework", "backprop-hw4", "--problem", "softmax-jacobian"])
    assert result.exit_code == 2
    assert "neither --problem" in result.stderr
