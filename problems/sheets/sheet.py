"""A homework as a sheet: the handout with empty boxes, or the solutions, through a template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.packed import packed_texts
from truestep.problems.homework.homework import Question
from truestep.problems.homework.marks import closing, opening
from truestep.problems.homework.own_commands import plainly
from truestep.problems.kinds.asking import asked_text, labels_of
from truestep.problems.sheets.stating import stated
from truestep.problems.sheets.typeset.characters import scripts_in
from truestep.problems.sheets.typeset.html_writer import Page
from truestep.problems.sheets.typeset.markdown_writer import Markdown, Written
from truestep.problems.sheets.typeset.prose import Piece
from truestep.problems.sheets.typeset.sheet_writer import Shown
from truestep.problems.sheets.typeset.tex_writer import Latex, Set
from truestep.problems.statements.rubric import rubric_of, rules_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from truestep.problems.homework.homework import Figure, Homework
    from truestep.problems.sheets.solving import Block, ShownRow, Solved
    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.sheets.typeset.sheet_writer import Writer
    from truestep.problems.statements.problem import Problem

SUFFIXES = {"latex": ".tex", "html": ".html", "markdown": ".md"}
LOOKS = ("plain", "exam")
PAGE, START = 22.5, 4.0
MAX_TEMPLATE = 256 * 1024

Solve = Callable[["Problem"], "tuple[Solved, ...]"]
Draw = Callable[["Figure"], "Picture"]
Program = Callable[["Problem"], str]


@dataclass(frozen=True)
class Look:
    """A template: its name, its text, and the language it is written in."""

    name: str
    source: str


def look(name: str, language: str) -> Look:
    """The template of a look that comes with truestep, or of a file.

    Raises StatementFault.

    >>> look("plain", "latex").name
    'plain.tex'
    """
    if name in LOOKS:
        known = f"{name if language != 'markdown' else 'plain'}{SUFFIXES[language]}"
        return Look(known, _templates()[known])
    path = Path(name)
    if not path.is_file():
        raise StatementFault(f"there is no template {name!r}: give one of {', '.join(LOOKS)}, or a file")
    try:
        if path.stat().st_size > MAX_TEMPLATE:
            raise StatementFault(f"{path}: a template is at most {MAX_TEMPLATE // 1024} KiB")
        return Look(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise StatementFault(f"{path}: this template cannot be read ({fault})") from None


def sheet(
    homework: Homework,
    template: Look,
    language: str = "latex",
    draw: Draw | None = None,
    solve: Solve | None = None,
    program: Program | None = None,
    with_marks: bool = False,
) -> str:
    """The sheet of a homework: the handout, or with ``solve`` the solutions.

    ``draw`` makes the pictures of figures; without it they are left out.  ``program`` writes what computes an answer,
    and ``with_marks`` shows for what there are points; both stand in solutions.  Raises StatementFault.
    """
    environment = _environment(language, template)
    writer = _writer(language, homework)
    view = _Builder(writer, draw, solve, program, with_marks).homework(homework)
    from jinja2 import TemplateError

    try:
        return environment.get_template(template.name).render(view)
    except TemplateError as fault:
        place = f", line {line}" if (line := getattr(fault, "lineno", None)) else ""
        raise StatementFault(f"template {template.name}{place}: {fault}") from None


def _writer(language: str, homework: Homework) -> Writer:
    if language == "markdown":
        return Markdown(_templates()["page.css"])
    return Latex(scripts_in(str(homework))) if language == "latex" else Page()


def _environment(language: str, template: Look) -> Environment:
    """The template engine; any text that no writer has made is escaped where it enters the sheet."""
    try:
        from jinja2 import DictLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment
    except ModuleNotFoundError:
        raise StatementFault(
            "sheets need the package jinja2, which is not installed: pip install 'truestep[sheet]'"
        ) from None
    loader = DictLoader({**_templates(), template.name: template.source})
    common: dict[str, Any] = {
        "loader": loader,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
    }
    if language == "html":
        return SandboxedEnvironment(autoescape=True, **common)
    if language == "markdown":
        plain = SandboxedEnvironment(finalize=_markdown_only, **common)
        plain.filters["markdown"] = Written
        return plain
    made = SandboxedEnvironment(
        block_start_string="((*",
        block_end_string="*))",
        variable_start_string="(((",
        variable_end_string=")))",
        comment_start_string="((=",
        comment_end_string="=))",
        finalize=_latex_only,
        **common,
    )
    made.filters["latex"] = Set  # what a macro of the template returns is LaTeX
    return made


def _latex_only(value: Any) -> Any:
    """What enters a LaTeX template: LaTeX that the writer made, and anything else as a printed text."""
    return value if isinstance(value, Set) else Latex().words(str(value))


def _markdown_only(value: Any) -> Any:
    """What enters a template of Markdown: what the writer made, and anything else as a printed text."""
    return value if isinstance(value, Written) else Markdown().words(str(value))


def _templates() -> dict[str, str]:
    return packed_texts(Path(__file__).parent.parent / "templates", ".css", *SUFFIXES.values())


class _Builder:
    """What a template is given, written by one writer."""

    def __init__(
        self, writer: Writer, draw: Draw | None, solve: Solve | None, program: Program | None, with_marks: bool
    ) -> None:
        self.writer, self.draw, self.solve, self.program, self.with_marks = writer, draw, solve, program, with_marks

    def homework(self, homework: Homework) -> dict[str, Any]:
        line, prose = self.writer.line, self.writer.prose
        parts = [
            {
                "title": line(part.title),
                "text": prose(part.text),
                "questions": [
                    self.question(question, following)
                    for question, following in zip(part.questions, [*part.questions[1:], None], strict=False)
                ],
            }
            for part in homework.parts
        ]
        return {
            "id": homework.id,
            "title": line(homework.title),
            "course": line(homework.course),
            "source": line(homework.source),
            "due": [line(entry) for entry in homework.due],
            "text": prose(homework.text),
            "fields": [line(entry) for entry in homework.fields],
            "parts": parts,
            "points": _points(homework.points),
            "scripts": sorted(self.writer.scripts) if isinstance(self.writer, Latex) else [],
            "is_solutions": self.solve is not None,
            "has_pictures": self.draw is not None and any(q.figures for q in homework.questions),
        }

    def question(self, question: Question, following: Question | None = None) -> dict[str, Any]:
        is_solved = self.solve is not None
        asked = None if question.problem is None else plainly(question.problem)
        question = replace(question, problem=asked, shown=tuple(map(plainly, question.shown)))
        return {
            "id": self.writer.words(question.id),
            "title": self.writer.line(question.title),
            "points": _points(question.points),
            "text": self.writer.prose(f"{_text(question)}\n\n{asked_text(question.problem)}".strip()),
            "is_answered": question.is_answered,
            "is_by_hand": question.is_by_hand,
            "room": self.writer.safe(f"{_room(question, following, is_solved):.1f}cm"),
            "height": self.writer.safe(f"{question.box:g}cm"),
            "opening": self.writer.safe(opening(question.id)),
            "closing": self.writer.safe(closing()),
            "blanks": [self.blank(label) for label in labels_of(question.problem)],
            "figures": [self.figure(figure) for figure in question.figures if self.draw and figure.in_question],
            "solution": self.solution(question) if is_solved and question.is_answered else None,
        }

    def blank(self, label: str) -> str:
        """The label of something asked, and a blank to fill in behind it or a box to tick before it."""
        if label.startswith("[ ]"):
            return self.writer.safe(f"{self.writer.tick()} {self.writer.line(label[3:].strip())}")
        return self.writer.safe(f"{self.writer.line(label)} {self.writer.blank()}")

    def figure(self, figure: Figure) -> dict[str, Any]:
        assert self.draw is not None
        return {"picture": self.writer.picture(self.draw(figure)), "caption": self.writer.line(figure.caption)}

    def solution(self, question: Question) -> dict[str, Any]:
        assert self.solve is not None
        assert question.problem is not None
        shown = [(problem.title, self.solve(problem)) for problem in question.shown]
        figures = [figure for figure in question.figures if not figure.in_question]
        return {
            "worked": [] if question.is_by_hand else self.solved("", self.solve(question.problem)),
            "shown": [made for title, solved in shown for made in self.solved(title, solved)],
            "model_answer": self.writer.prose(question.model_answer),
            "rubric": self.writer.prose(question.rubric),
            "marks": [self.writer.line(said) for said in (marks_of(question) if self.with_marks else ())],
            "code": self.listing(self.program(question.problem) if self.program else ""),
            "figures": [self.figure(figure) for figure in figures if self.draw],
        }

    def listing(self, code: str) -> str:
        """A program, line by line."""
        return self.writer.safe(self.writer.part(Piece("listing", code), self.writer.words(code), 0)) if code else ""

    def solved(self, title: str, several: tuple[Solved, ...]) -> list[dict[str, Any]]:
        return [
            {
                "title": self.writer.line(title if place == 0 else ""),
                "answers": [self.writer.boxed(left, right) for left, right in solved.answers],
                "derivations": [self.block(block) for block in solved.blocks],
                "remark": self.writer.words(solved.remark),
                "note": self.writer.words(solved.note),
            }
            for place, solved in enumerate(several)
        ]

    def block(self, block: Block) -> str:
        rows = tuple(Shown(row.left, row.right, row.condition, self.rule(row)) for row in block.rows)
        return self.writer.derivation(rows, block.depth, block.condition)

    def rule(self, row: ShownRow) -> str:
        """The rule in words, and after it the fact that it makes use of."""
        said = self.writer.line(row.rule)
        return self.writer.safe(f"{said}: {self.writer.math(row.because)}") if row.because else said


def marks_of(question: Question) -> list[str]:
    r"""For what a question gives points, each with its points, in words.

    >>> from truestep.problems.statements.problem import Problem
    >>> asked = Problem(find=("x",), points=5, final_form=("no sums",), must_show=("y",))
    >>> marks_of(Question("1", problem=asked))
    ['the final answer: 2 points', 'the way there: 2 points', 'the form (no sums; $y$ is shown): 1 point']
    """
    rubric = None if question.problem is None else rubric_of(question.problem)
    if question.problem is None or rubric is None:
        return []
    rules = [f"${rule}$ is shown" if code == "must-show" else rule for code, rule in rules_of(question.problem)]
    rules = [f"${rule.removeprefix('only ')}$ alone" if rule.startswith("only ") else rule for rule in rules]
    items = [("the final answer", rubric.final), ("the way there", rubric.method)]
    items += [
        (f"the form ({'; '.join(rules)})", rubric.form),
        *((f"${line}$", of) for line, of in rubric.lines.items()),
    ]
    said = [f"{what}: {_points(points)}" for what, points in items if points]
    return [*said, *(f"{code}: {_points(cost)} off" for code, cost in rubric.deduct.items() if cost)]


def _text(question: Question) -> str:
    """What a question says; one without a text, what its problem says."""
    return question.text or ("" if question.problem is None else stated(question.problem))


def _room(question: Question, following: Question | None = None, is_solved: bool = False) -> float:
    """About how much of a page a question needs with its box, in centimetres; one that fits no page needs a start.

    A text that asks nothing stays with what is asked after it, and the answer of a solution with its question.
    """
    said = _text(question)
    text = 2.7 + 0.5 * len(said) / 95 + 0.45 * said.count("$$") + 0.3 * said.count("\n")
    asked = 0.6 * len(asked_text(question.problem).splitlines())
    box = START if is_solved and question.is_answered else question.box
    whole = box + text + asked + sum(5.0 for figure in question.figures if figure.in_question)
    if following is not None and not question.is_answered:
        whole += _room(following, None, is_solved)
    return whole if whole <= PAGE else 6.0


def _points(points: float | None) -> str:
    return "" if not points else f"{points:g} point{'' if points == 1 else 's'}"
