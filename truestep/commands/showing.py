"""``truestep show``: one problem, one question or one homework, for a person at a terminal, or as TOML."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from truestep.commands.editing.completing import any_id
from truestep.commands.saying import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.output.printing import Block
    from truestep.problems.homework.homework import Homework, Question
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.problem import Problem

WORDED = {
    "shape": "a shape",
    "count": "a count",
    "numbers": "numbers",
    "choice": "a choice",
    "order": "an order",
    "by hand": "by hand",
}
INDENT = 2


@click.command(name="show")
@click.argument("name", metavar="ID_OR_FILE", shell_complete=any_id)
@click.option(
    "--answer", "with_answer", is_flag=True, help="Also the answer, other right answers and typical mistakes."
)
@click.option("--toml", "as_toml", is_flag=True, help="Print the statement as TOML, as --problem FILE takes it.")
def showing(name: str, with_answer: bool, as_toml: bool) -> None:
    """Show a problem (an id of the book, or a file), a homework, or one question of it (HOMEWORK/QUESTION).

    Exit status: 0, and 2 where there is no such thing.
    """
    from truestep.derivations.language.faults import StatementFault
    from truestep.output.printing import print_parts
    from truestep.problems.homework.named import named

    try:
        found = named(name)
        if as_toml:
            sys.stdout.write(_toml(found, name, with_answer))
        else:
            print_parts(_parts(found, name, with_answer))
    except StatementFault as fault:
        refuse(str(fault))
    except OSError as fault:
        refuse(f"{name}: cannot be read ({fault.strerror or fault})")


def _toml(found: Problem | Homework | Question, name: str, with_answer: bool) -> str:
    from msgspec import structs

    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.statements.problem import Problem
    from truestep.problems.statements.statement import statement_of
    from truestep.problems.statements.toml.writing import as_toml

    problem = found if isinstance(found, Problem) else getattr(found, "problem", None)
    if problem is None:
        raise StatementFault(f"{name}: a problem or a question that asks for something has a statement; this has none")
    asked = problem if with_answer else structs.replace(problem, answer=(), also=(), wrong={})
    note = "" if with_answer or problem.kind == "expression" else "# its answer is left out; --answer puts it in\n"
    return note + as_toml(statement_of(asked))


def _parts(found: Problem | Homework | Question, name: str, with_answer: bool) -> Iterator[Block]:
    from truestep.problems.homework.homework import Homework
    from truestep.problems.statements.problem import Problem

    if isinstance(found, Problem):
        yield from _problem(found, found.id or name, found.title, with_answer)
    elif isinstance(found, Homework):
        yield from _homework(found)
    else:
        yield from _question(found, name, with_answer)


def _homework(homework: Homework) -> Iterator[Block]:
    """Its name, and a line for each question."""
    from truestep.output.printing import FOLDED, KEPT, Column, Columns, Styled
    from truestep.output.readable import visible
    from truestep.output.shown_formulas import prose

    yield Styled(visible(": ".join(filter(None, (homework.id, homework.title)))), style="bold")
    yield Styled(visible(homework.course))
    for part in homework.parts:
        yield Styled()
        yield Styled(prose(part.title), style="bold")
        rows = [
            (f"  {visible(one.id)}", _answered(one), _short(one.title or prose(one.text).partition("\n")[0]))
            for one in part.questions
        ]
        yield Columns((KEPT, Column(kept=True, style="dim"), FOLDED), rows)


def _short(text: str) -> str:
    """The first sentence, or so much of it as a line holds."""
    first = text.split(". ")[0]
    return first if len(first) <= 90 else first[:87].rsplit(" ", 1)[0] + " ..."


def _answered(question: Question) -> str:
    """Who reads the answer, and what it is worth."""
    reader = "" if question.problem is None else "by hand" if question.is_by_hand else "checked"
    return ", ".join(filter(None, (reader, _points(question.points) if question.points else "")))


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"


def _question(question: Question, name: str, with_answer: bool) -> Iterator[Block]:
    """Its text, what is asked, and with the answer what a person reads."""
    from msgspec import structs

    from truestep.output.printing import Styled
    from truestep.output.shown_formulas import prose
    from truestep.problems.statements.problem import Problem

    problem = question.problem or Problem(kind="by hand")
    stated = structs.replace(problem, text=question.text, points=question.points or problem.points)
    yield from _problem(stated, name, question.title, with_answer)
    for label, text in (("Model answer", question.model_answer), ("For the marker", question.rubric)):
        if with_answer and text:
            yield Styled()
            yield Styled(label, style="bold")
            yield Styled(prose(text))


def _problem(problem: Problem, identifier: str, title: str, with_answer: bool) -> Iterator[Block]:
    """The name, the text, and a table of what is given, asked and demanded."""
    from truestep.output.printing import FOLDED, Column, Columns, Styled
    from truestep.output.readable import visible
    from truestep.output.shown_formulas import prose
    from truestep.problems.statements.prepared import setting_of

    setting = setting_of(problem)
    yield Styled(visible(": ".join(filter(None, (identifier, title)))), style="bold")
    if problem.text:
        yield Styled(prose(problem.text))
    rows = [*_asked(problem, setting), *(_answers(problem, setting) if with_answer else ())]
    if not rows:
        return
    yield Styled()
    shown = [(f"{' ' * INDENT}{label}", "\n".join(map(visible, lines))) for label, lines in rows]
    yield Columns((Column(kept=True, style="dim"), FOLDED), shown)


def _asked(problem: Problem, setting: Setting) -> Iterator[tuple[str, list[str]]]:
    """What is asked, given and assumed, the names with their shapes, the rules, and where it is from."""
    from truestep.output.readable import readable
    from truestep.output.shown_formulas import formula

    rows = (
        ("asked for", [formula(asked, setting) for asked in problem.find]),
        ("kind", [WORDED[problem.kind]] if problem.kind in WORDED else []),
        ("given", [formula(given, setting) for given in problem.given]),
        ("assumed", [formula(assumed, setting) for assumed in problem.assume]),
        ("symbols", _symbols(problem, setting)),
        ("also written", [f"{readable(key)} for {formula(value, setting)}" for key, value in problem.names.items()]),
        ("rules", list(_rules(problem, setting))),
        ("source", [problem.source] if problem.source else []),
    )
    yield from ((label, lines) for label, lines in rows if lines)


def _symbols(problem: Problem, setting: Setting) -> list[str]:
    """The names with their shapes; sizes and indices last."""
    from truestep.output.shown_formulas import formula

    by_shape: dict[str, list[str]] = {}
    for name, shape in problem.symbols.items():
        by_shape.setdefault(shape, []).append(formula(name, setting))
    return [f"{', '.join(names)}: {shape.replace(' x ', ' × ')}" for shape, names in by_shape.items()]


def _rules(problem: Problem, setting: Setting) -> Iterator[str]:
    """What the answer must look like."""
    from truestep.output.shown_formulas import formula

    derives = any(node.head in ("derivative", "gradient") for node in setting.find)
    if derives:
        yield f"{problem.layout} layout"
    yield from problem.final_form
    if problem.only:
        yield f"only {', '.join(formula(name, setting) for name in problem.only)}"
    yield from (f"shows {formula(shown, setting)}" for shown in problem.must_show)
    if problem.tolerance is not None:
        yield f"within {problem.tolerance:g} of the value"
    if problem.points is not None:
        yield _points(problem.points)


def _answers(problem: Problem, setting: Setting) -> Iterator[tuple[str, list[str]]]:
    """The reference, other right answers, and typical wrong ones with the codes of their mistakes."""
    from truestep.output.shown_formulas import formula

    computed = ["what the givens make of the question"] if problem.find and problem.kind == "expression" else []
    rows = (
        ("answer", [formula(answer, setting) for answer in problem.answer] or computed),
        ("also right", [formula(row, setting) for answer in problem.also for row in answer.split("\n")]),
        ("wrong", [f"{_wrong(answer, setting)}   ({code})" for answer, code in problem.wrong.items()]),
    )
    yield from ((label, lines) for label, lines in rows if lines)


def _wrong(answer: str, setting: Setting) -> str:
    from truestep.output.shown_formulas import formula

    return "; ".join(formula(row, setting) for row in answer.split("\n"))
