"""truestep sheet: the handout of a homework, or its solutions."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from truestep.commands.editing.completing import homework_id
from truestep.commands.saying import ROUTES, hand_over, place_of, refuse

if TYPE_CHECKING:
    from truestep.problems.homework.homework import Figure, Homework
    from truestep.problems.sheets.solving import Solved
    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.statements.problem import Problem


SUFFIXES = {"latex": "tex", "markdown": "md", "notebook": "ipynb"}
LANGUAGES = {"pdf": "latex", "notebook": "markdown"}  # what is made of another language


class Wish(NamedTuple):
    """What is to be made of a homework."""

    is_solutions: bool
    form: str
    template: str
    detail: str
    route: str | None
    with_marks: bool
    code: str | None


@click.command()
@click.argument("homework", shell_complete=homework_id)
@click.option("--solutions/--handout", "is_solutions", help="The solutions, or the handout with empty boxes (default).")
@click.option("--latex", "form", flag_value="latex", default="latex", help="LaTeX for pdfLaTeX (default).")
@click.option("--html", "form", flag_value="html", help="One HTML page, without a network and without JavaScript.")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown, with formulas in dollar signs.")
@click.option("--notebook", "form", flag_value="notebook", help="A Jupyter notebook, a cell for each box.")
@click.option("--pdf", "form", flag_value="pdf", help="PDF, where latexmk or tectonic is installed.")
@click.option("--output", metavar="PATH", help="A file, or a folder; all but PDF is else printed.")
@click.option("--template", default="plain", metavar="LOOK_OR_FILE", help="plain, exam, or a template of your own.")
@click.option("--detail", type=click.Choice(["terse", "normal", "full"]), default="normal", help="Of the derivations.")
@click.option("--route", type=click.Choice(ROUTES), help="Of the derivations, where a question can take it.")
@click.option("--marks", "with_marks", is_flag=True, help="Solutions say for what there are points.")
@click.option("--code", "code", flag_value="numpy", help="Solutions have NumPy functions for their gradients.")
@click.option("--torch", "code", flag_value="torch", help="Solutions compare their gradients with PyTorch's autograd.")
def sheet(homework: str, output: str | None, **wished: Any) -> None:
    """Typeset a HOMEWORK (an id, or a TOML file): the handout with answer boxes, or the solutions.

    Exit status: 0 the sheet was made, 2 the input or the usage is at fault.
    """
    from truestep.commands.pdf import NoPdf
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.homework.homework_file import load_homework

    wish = Wish(**wished)
    if (wish.with_marks or wish.code) and not wish.is_solutions:
        raise click.UsageError("--marks, --code and --torch are for --solutions: a handout shows none of them")
    try:
        loaded = load_homework(homework)
        made = _made(loaded, wish)
    except (StatementFault, NoPdf) as fault:
        refuse(str(fault))
    name = f"{loaded.id}-{'solutions' if wish.is_solutions else 'handout'}.{SUFFIXES.get(wish.form, wish.form)}"
    hand_over(made, place_of(output or (name if wish.form == "pdf" else None), name))


def _made(homework: Homework, wish: Wish) -> bytes:
    """The sheet, in bytes."""
    from truestep.problems.sheets.sheet import look
    from truestep.problems.sheets.sheet import sheet as typeset

    language = LANGUAGES.get(wish.form, wish.form)
    solve = functools.partial(_solved, detail=wish.detail, route=wish.route) if wish.is_solutions else None
    program = functools.partial(program_of, form=wish.code) if wish.code else None
    text = typeset(homework, look(wish.template, language), language, drawn, solve, program, wish.with_marks)
    if wish.form == "notebook":
        from truestep.problems.sheets.notebook import notebook

        return notebook(text, {one.id: one.points for one in homework.questions}).encode()
    if wish.form != "pdf":
        return text.encode()
    from truestep.commands.pdf import pdf

    return pdf(text).pdf


def _solved(problem: Problem, detail: str, route: str | None) -> tuple[Solved, ...]:
    """The solutions of a problem, each line examined; what has none is said on the error stream."""
    from msgspec import structs

    from truestep.checkers.own_solutions import derive
    from truestep.output.readable import visible
    from truestep.problems.sheets.solving import solve

    solved = solve(structs.replace(problem, route=route or problem.route), detail, derive)
    if route is not None and any(one.note for one in solved):
        own = solve(problem, detail, derive)
        if not any(one.note for one in own):
            name = problem.id or problem.title
            reason = next(one.note for one in solved if one.note).removeprefix("No derivation by truestep: ")
            click.echo(f"truestep: {name}: derived by its own route; {visible(reason)}", err=True)
            solved = own
    for one in solved:
        if one.note:
            click.echo(f"truestep: {problem.id or problem.title}: {visible(one.note)}", err=True)
    return solved


def program_of(problem: Problem, form: str = "numpy") -> str:
    """The code of what a problem asks for; nothing where it is not derived, or is no expression."""
    from truestep.derivations.deriving.steps import Stuck
    from truestep.derivations.language.faults import StatementFault
    from truestep.derivations.numpy.module import gradient_functions
    from truestep.derivations.numpy.torch_module import torch_module
    from truestep.problems.derived import derived

    if problem.kind != "expression" or not problem.find:
        return ""
    try:
        return (gradient_functions if form == "numpy" else torch_module)(derived(problem))
    except (Stuck, StatementFault):
        return ""


def drawn(figure: Figure) -> Picture:
    """The picture of a figure, with the values that truestep computes.

    Raises StatementFault where it cannot be drawn.
    """
    from truestep.checkers.sampling import sampled
    from truestep.problems.sheets.graphs import graph
    from truestep.problems.sheets.plots import plot

    if figure.problem is not None and figure.kind == "graph":
        return graph(figure.problem, figure.shapes, figure.back)
    return plot(figure, sampled)
