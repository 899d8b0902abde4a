"""Sheets: the handout and the solutions, in LaTeX, HTML and PDF, through templates."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_typeset import HOSTILE, Tags, control_words, unsafe

from truestep.checkers.documents.boxes import boxes
from truestep.checkers.sampling import sampled
from truestep.cli import main
from truestep.commands import pdf
from truestep.commands.sheets import drawn, program_of
from truestep.derivations.deriving.displays.presenting import Line
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import symbol
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.homework import Figure
from truestep.problems.homework.homework_file import homework_from, load_homework
from truestep.problems.homework.marks import is_empty
from truestep.problems.homeworks import homeworks
from truestep.problems.sheets.graphs import graph, vertices_of
from truestep.problems.sheets.plots import plot, ticks
from truestep.problems.sheets.sheet import Look, look, sheet
from truestep.problems.sheets.solving import Derived, Solved, solve
from truestep.problems.sheets.typeset.drawing import Label, Node
from truestep.problems.sheets.typeset.sheet_writer import Shown
from truestep.problems.sheets.typeset.tex_writer import Latex
from truestep.problems.statements.problem import Problem

NO_TEX = pytest.mark.skipif(
    not (shutil.which("latexmk") and shutil.which("pdflatex")), reason="no TeX (latexmk, pdflatex) is installed"
)


def derived(problem: Problem, detail: str) -> list[Derived]:
    """A derivation that stands in for the real one."""
    lines = (
        Line(
            r"\frac{\partial J}{\partial x_j}",
            r"\sum_k W_{kj} \delta_k",
            "chain rule",
            r"\sum_k y_k = 1",
            0,
            r"j \neq k",
        ),
        Line("", r"\sum_k " + " + ".join(f"a_{{{k}}}" for k in range(60)), "sifting", "", 0),
        Line(r"\frac{\partial J}{\partial x}", r"W^T \delta", "matrix form", "", 1),
        Line("z_k", r"\frac{1}{2}", "arithmetic", "", 2, "", 1),
    )
    return [Derived(symbol("x"), symbol("y"), lines)]


def stuck(problem: Problem, detail: str) -> Any:
    raise Stuck(r"\frac{\partial J}{\partial x}", "50% of no_rule is known")


def solved(problem: Problem) -> tuple[Solved, ...]:
    return solve(problem, "normal", derived)


def handout(**keys: Any) -> str:
    made = homework_from({"title": "H", "part": [{"question": [{"id": "1", "kind": "by hand", **keys}]}]})
    return sheet(made, look("plain", "latex"))


@pytest.mark.parametrize("template", ["plain", "exam"])
@pytest.mark.parametrize("name", homeworks())
def test_every_homework_is_set_in_both_languages(name: str, template: str) -> None:
    homework = load_homework(name)
    asked = [question.id for question in homework.questions if question.is_answered]
    empty = sheet(homework, look(template, "latex"), "latex", drawn)
    assert list(boxes(empty)) == asked
    assert all(map(is_empty, boxes(empty).values()))
    full = sheet(homework, look(template, "latex"), "latex", drawn, solved)
    assert "truestep:box" not in full
    assert full.count(r"\begin{solution}") == len(asked)
    for solve_ in (None, solved):
        page = sheet(homework, look(template, "html"), "html", drawn, solve_)
        assert not unsafe(page)
        assert "http-equiv" in page
        reader = Tags()
        reader.feed(page)
        assert not {"src", "srcset"} & reader.attributes
        assert "\\" not in re.sub(r"<style>.*?</style>|<code>.*?</code>", "", page, flags=re.DOTALL)


def test_a_solution_shows_the_answer_and_each_rule_beside_its_line() -> None:
    made = sheet(load_homework("cmu-10315-hw5"), look("plain", "latex"), "latex", drawn, solved)
    assert r"\boxed{x = y}" in made
    assert r"\quad \text{for } j \neq k \tag*{\footnotesize\itshape chain rule: $\sum_{k} y_{k} = 1$}" in made
    assert r"\begin{quote}\small" in made


def test_a_condition_of_all_rows_is_said_once() -> None:
    def cases(problem: Problem, detail: str) -> list[Derived]:
        return [
            Derived(symbol("x"), symbol("y"), (Line("x", "a", condition="i = j"), Line("", "b", condition="i = j")))
        ]

    (made,) = solve(Problem(find=("x",)), "normal", cases)
    assert [(block.condition, {row.condition for row in block.rows}) for block in made.blocks] == [("i = j", {""})]
    assert Latex().derivation((Shown("x", "= a"),), 0, "i = j").startswith("For $i = j$:\n\\begin{align*}")


def test_a_question_that_is_stuck_says_so_and_shows_the_reference() -> None:
    def unsolved(problem: Problem) -> tuple[Solved, ...]:
        return solve(problem, "normal", stuck)

    made = sheet(load_homework("brown-hw3-2025"), look("plain", "latex"), "latex", drawn, unsolved)
    assert r"No derivation by truestep: \textbackslash{}frac" in made
    assert r"50\% of no\_rule" in made
    answer = r"\mathbf{W}_{2} \mathbf{W}_{1} \mathbf{x} + \mathbf{W}_{2} \mathbf{b}_{1} + \mathbf{b}_{2}"
    assert rf"\boxed{{\mathbf{{y}} = {answer}}}" in made


def test_what_no_writer_can_set_is_no_derivation() -> None:
    def hostile(problem: Problem, detail: str) -> Any:
        return [Derived(symbol("x"), symbol("y"), (Line(r"\input{x}", "b"),))]

    (made,) = solve(Problem(find=("x",), answer=("1",)), "normal", hostile)
    assert not made.blocks
    assert made.answers == (("x", "= 1"),)
    assert r"\input" in made.note


def test_what_cannot_be_derived_leaves_the_others_their_derivations() -> None:
    def some(problem: Problem, detail: str) -> Any:
        return stuck(problem, detail) if "b" in problem.find else derived(problem, detail)

    first, second = solve(Problem(find=("a", "b"), answer=("1", "2")), "normal", some)
    assert first.blocks
    assert not first.note
    assert second.answers == (("b", "= 2"),)
    assert second.note


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_homework_adds_no_control_word(text: str) -> None:
    known = control_words(handout(title="T", text="text")) | control_words(
        Latex().prose("**a** *b* `c_d` [u](https://a.b)")
    )
    for key in ("title", "text", "rubric"):
        try:
            made = handout(**{key: text})
        except StatementFault:
            continue
        assert control_words(made) <= known | control_words(Latex().prose(text)) | control_words(Latex().line(text))
        assert made.count(r"\begin{document}") == made.count(r"\end{document}") == 1
        assert list(boxes(made)) == ["1"]


def test_a_course_brings_its_own_template() -> None:
    homework = load_homework("cmu-10315-hw5")
    own = Look("own.tex", "((* for part in parts *))((( part.title )));((* endfor *)) ((( raw )))")
    with pytest.raises(StatementFault, match=r"template own.tex: 'raw' is undefined"):
        sheet(homework, own)
    assert sheet(homework, Look("own.tex", "((( id ))) ((( '50%' )))")) == r"cmu-10315-hw5 50\%"
    with pytest.raises(StatementFault, match=r"template own.tex, line 2: "):
        sheet(homework, Look("own.tex", "a\n((* for *))"))
    with pytest.raises(StatementFault, match=r"own.tex"):
        sheet(homework, Look("own.tex", "((( id.__class__.__mro__ )))"))


def test_a_template_may_use_what_is_shared(tmp_path: Path) -> None:
    path = tmp_path / "mine.tex"
    path.write_text("((* import 'shared.tex' as shared *))(((shared.answerboxes()|latex)))", encoding="utf-8")
    assert r"\newenvironment{answerbox}" in sheet(load_homework("backprop-hw4"), look(str(path), "latex"))
    with pytest.raises(StatementFault, match=r"there is no template 'nowhere.tex'"):
        look("nowhere.tex", "latex")


def test_plots_are_drawn_from_computed_values() -> None:
    figure = Figure("plot", functions=(r"\operatorname{ReLU}(x)",), derivatives="beside", range=(-2, 2))
    curves = [item for item in plot(figure, sampled).items if getattr(item, "style", "").startswith("curve")]
    # the function is one run, its derivative jumps at 0; each has a line in the legend
    assert [item.style for item in curves] == ["curve0", "curve0", "curve1", "curve1", "curve1"]
    assert ticks(0.01, 1) == [0.2, 0.4, 0.6, 0.8, 1.0]
    with pytest.raises(StatementFault, match=r"cannot be drawn|not declared"):
        plot(Figure("plot", functions=("a x",)), sampled)
    with pytest.raises(StatementFault, match="at most 4 curves"):
        plot(Figure("plot", functions=("x",) * 5), sampled)


@pytest.mark.parametrize(("function", "at", "values"), [("-\\log x", [0.0, 1.0], [None, 0.0]), ("3", [1.0], [3.0])])
def test_values_are_those_of_the_function(function: str, at: list[float], values: list[float | None]) -> None:
    assert sampled(function, "x", at) == values


def test_the_graph_of_a_computation() -> None:
    figure = load_homework("nyu-dsga1008-hw1").question("1.4(b)").figures[0]
    assert figure.problem is not None
    vertices = vertices_of(figure.problem)
    assert [vertex.sign for vertex in vertices] == ["x", "y", r"\times", "z", "+", "+", r"\times", r"\times"]
    assert {
        vertex.name: [vertices[place].name or vertices[place].sign for place in vertex.sources]
        for vertex in vertices
        if vertex.name
    } == {
        "a": [r"\times", "z"],
        "b": ["+", "a"],
        "w": ["a", "b"],
    }
    picture = graph(figure.problem)
    nodes = [item for item in picture.items if isinstance(item, Node)]
    assert len(nodes) == 8
    assert all(abs(a.at[0] - b.at[0]) + abs(a.at[1] - b.at[1]) > 0.8 for a in nodes for b in nodes if a is not b)
    assert all(0 <= node.at[0] <= picture.width and 0 <= node.at[1] <= picture.height for node in nodes)
    assert {item.formula for item in picture.items if isinstance(item, Label)} >= {"x", "y", "z", "a", "b", "w"}


@pytest.mark.slow
def test_the_command_writes_where_it_is_told(tmp_path: Path) -> None:
    runner = CliRunner()
    printed = runner.invoke(main, ["sheet", "backprop-hw4"])
    assert printed.exit_code == 0
    assert '%<truestep:box id="T1">' in printed.stdout
    result = runner.invoke(main, ["sheet", "backprop-hw4", "--html", "--template", "exam", "--output", str(tmp_path)])
    assert result.exit_code == 0
    assert (tmp_path / "backprop-hw4-handout.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    place = tmp_path / "deep" / "sheet.tex"
    assert runner.invoke(main, ["sheet", "backprop-hw4", "--solutions", "--output", str(place)]).exit_code == 0
    assert r"\begin{solution}" in place.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such"], "no homework is called 'no-such'"),
        (["backprop-hw4", "--template", "no.tex"], "there is no template 'no.tex'"),
        (["backprop-hw4", "--output", "/dev/null/x"], "cannot be written"),
    ],
)
def test_a_fault_is_said_and_has_its_status(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["sheet", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


def test_without_a_tex_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda program: None)
    result = CliRunner().invoke(main, ["sheet", "backprop-hw4", "--pdf"])
    assert result.exit_code == 2
    assert "no TeX is installed" in result.stderr
    assert "tectonic" in result.stderr


def complaints(log: str) -> list[str]:
    return re.findall(r"^(?:Overfull|LaTeX (?:Font )?Warning|Package \w+ Warning|!).*", log, re.MULTILINE)


@NO_TEX
@pytest.mark.parametrize("is_solved", [False, True], ids=["handout", "solutions"])
@pytest.mark.parametrize("name", homeworks())
def test_every_homework_compiles_without_a_warning(name: str, is_solved: bool) -> None:
    template = look("exam" if name.startswith("brown") else "plain", "latex")
    made = pdf.pdf(sheet(load_homework(name), template, "latex", drawn, solved if is_solved else None))
    assert made.pdf.startswith(b"%PDF")
    assert not complaints(made.log)


@NO_TEX
def test_hostile_texts_compile() -> None:
    questions = []
    for place, text in enumerate(HOSTILE):
        try:
            homework_from({"title": "H", "text": text})
        except StatementFault:
            continue
        questions.append({"id": str(place), "title": "T", "text": text, "kind": "by hand", "rubric": text})
    assert len(questions) > 8
    made = homework_from({"title": "H", "part": [{"question": questions}]})
    assert pdf.pdf(sheet(made, look("plain", "latex"))).pdf.startswith(b"%PDF")


@NO_TEX
def test_what_latex_complains_about_is_said() -> None:
    with pytest.raises(pdf.NoPdf, match="Undefined control sequence"):
        pdf.pdf(r"\documentclass{article}\begin{document}\nosuchcommand\end{document}")


@NO_TEX
def test_no_program_is_run_and_no_file_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("secret", encoding="utf-8")
    body = r"\immediate\write18{touch " + str(tmp_path / "made") + r"} a \input{" + str(secret) + "}"
    with pytest.raises(pdf.NoPdf):
        pdf.pdf(rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}")
    assert not (tmp_path / "made").exists()


MARKED = {
    "title": "H",
    "part": [
        {
            "question": [
                {"id": "1", "text": "Recall $z = W x$."},
                {
                    "id": "1(a)",
                    "points": 5,
                    "text": r"Derive $\frac{\partial J}{\partial x}$, not $x^{\frac{1}{2}}$.",
                    "problem": {
                        "symbols": {"W": "K x M", r"\mathbf{x}": "M", "x": "M", "z": "K", "J": "scalar"},
                        "given": ["z = W x", "J = J(z)"],
                        "find": r"\frac{\partial J}{\partial x}",
                        "final_form": "no sums",
                    },
                },
            ]
        }
    ],
}


@pytest.mark.parametrize(
    ("language", "template"), [("latex", "exam"), ("latex", "plain"), ("html", "plain"), ("markdown", "plain")]
)
def test_solutions_show_marks_and_code_on_request(language: str, template: str) -> None:
    made = homework_from(MARKED)
    plain = sheet(made, look(template, language), language, None, solved)
    full = sheet(made, look(template, language), language, None, solved, program_of, True)
    assert "5 points" in plain
    for said in ("the form (no sums): 1 point", "dJ_dz"):
        said = str(Latex().words(said)) if language == "latex" else said
        assert said not in plain
        assert said in full


def test_the_code_of_a_sheet_is_a_function_of_each_array_once() -> None:
    (question,) = [one for one in homework_from(MARKED).questions if one.problem]
    assert question.problem is not None
    code = program_of(question.problem)
    assert "def gradient(W, dJ_dz):" in code
    compile(code, "code", "exec")
    assert program_of(Problem(kind="count", layers=("input 3", "dense 2"))) == ""
    assert program_of(Problem(symbols={"x": "n"}, find=(r"\|x\|_*",))) == ""


def test_fractions_in_a_line_of_text_are_readable() -> None:
    made = sheet(homework_from(MARKED), look("plain", "latex"))
    assert r"Derive $\dfrac{\partial J}{\partial x}$, not $x^{\frac{1}{2}}$." in made


def test_a_text_stays_with_what_is_asked_after_it() -> None:
    made = sheet(homework_from(MARKED), look("plain", "latex"))
    rooms = [float(room) for room in re.findall(r"^\\roomfor\{([\d.]+)cm\}", made, re.MULTILINE)]
    assert len(rooms) == 2
    assert rooms[0] > rooms[1] > 6


def test_marks_and_code_are_for_solutions() -> None:
    result = CliRunner().invoke(main, ["sheet", "cmu-10315-hw5", "--marks"])
    assert result.exit_code == 2
    assert "--solutions" in result.output


@pytest.mark.parametrize("language", ["html", "latex", "markdown"])
def test_without_the_extra_a_message_says_what_to_install(language: str) -> None:
    code = (
        "import sys\nfor name in ('jinja2', 'markupsafe', 'latex2mathml'): sys.modules[name] = None\n"
        f"from truestep.cli import main; main(['sheet', 'cmu-10315-hw5', '--{language}'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "pip install 'truestep[sheet]'" in run.stderr
    assert "Traceback" not in run.stderr
