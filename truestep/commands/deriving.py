"""``truestep derive``: a problem in, the derivation out; for a terminal, as LaTeX, as JSON, or as NumPy code."""

from __future__ import annotations

import pathlib
import sys
import unicodedata
from typing import TYPE_CHECKING

import click

from truestep.commands import status
from truestep.commands.editing.completing import any_id
from truestep.commands.saying import DERIVE, ROUTES, answer_records, refuse, show_line, timeout_option

if TYPE_CHECKING:
    from truestep.checkers.derive_records import Options
    from truestep.derivations.deriving.displays.presenting import Line
    from truestep.derivations.deriving.steps import Solution
    from truestep.problems.kinds.working import Worked

DETAILS = ("terse", "normal", "full")
LAYOUTS = ("denominator", "numerator")
PROGRAMS = {"numpy": "NumPy", "torch": "PyTorch"}
GAP = 3


@click.command()
@click.argument("problem", metavar="[ID_OR_FILE]", required=False, shell_complete=any_id)
@click.option("--detail", type=click.Choice(DETAILS), default="normal", show_default=True, help="How many steps.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="How derivatives by arrays are laid out.")
@click.option("--route", type=click.Choice(ROUTES), help="By which way; else as suits the problem.")
@click.option("--latex", "form", flag_value="latex", help="Print LaTeX displays.")
@click.option("--json", "form", flag_value="json", help="Print the derive record.")
@click.option(
    "--numpy", "form", flag_value="numpy", help="Print a NumPy module: the derivative and the forward function."
)
@click.option("--torch", "form", flag_value="torch", help="Print a PyTorch script that compares it with autograd.")
@click.option("--records", metavar="FILE", help="Derive records, one JSON per line ('-': standard input).")
@timeout_option
def derive(
    problem: str | None,
    detail: str,
    layout: str | None,
    route: str | None,
    form: str | None,
    records: str | None,
    timeout: float,
) -> None:
    """Derive what a problem asks for: ID_OR_FILE is an id of the book, a TOML file, or HOMEWORK/QUESTION.

    Every line that is printed was checked. Exit status: 0 derived, 2 the input or the usage is at fault,
    3 something could not be derived (the place and the reason are said).
    """
    from truestep.checkers.derive_records import Options

    options = Options(detail, layout, route)
    if records is not None:
        if problem is not None:
            raise click.UsageError("--records takes no ID_OR_FILE: each record names its own problem.")
        sys.exit(answer_records(records, DERIVE, timeout, detail, layout, route))
    if problem is None:
        raise click.UsageError("name a problem: an id from the book or a TOML file, or --records FILE.")
    sys.exit(_one(problem, options, form))


def _one(name: str, options: Options, form: str | None) -> int:
    from truestep.checkers.derive_records import solution_record, solved, worked_out
    from truestep.derivations.deriving.steps import Stuck
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.homework.named import problem_named

    try:
        problem = problem_named(name)
    except StatementFault as fault:
        refuse(str(fault), name, form == "json")
    try:
        if form == "json":
            record = {"id": problem.id or pathlib.Path(name).stem, **solution_record(problem, options)}
            show_line(status.as_json(record))
            return status.of_record(record)
        of_kind = worked_out(problem)
        if of_kind and form in PROGRAMS:
            raise Stuck(problem.title or name, f"a {problem.kind} has no {PROGRAMS[form]} code")
        if of_kind:
            click.echo(_of_kind(problem.title or name, of_kind, form))
            return status.RIGHT
        solutions, rows = solved(problem, options)
        program = "" if form not in PROGRAMS else _program(solutions, form)
        if form in PROGRAMS and not program:
            raise Stuck(problem.title or name, f"there is no {PROGRAMS[form]} code for it")
    except StatementFault as fault:
        refuse(f"problem {name}: {fault}", name, form == "json")
    except Stuck as stuck:
        click.echo(f"truestep: stuck at {stuck.where}: {stuck.reason}", err=True)
        return status.OPEN
    if form in PROGRAMS:
        click.echo(program, nl=False)
    elif form == "latex":
        click.echo(_displays(rows))
    else:
        click.echo(_readable(problem.title or name, solutions, options))
    return status.RIGHT


def _of_kind(title: str, several: tuple[Worked, ...], form: str | None) -> str:
    """Shapes, sizes and counts with their steps, for a terminal or as displays."""
    from truestep.output.readable import readable
    from truestep.problems.kinds.working import Row

    if form == "latex":
        rows = [row for one in several for row in (*one.rows, Row(one.name, one.answer))]
        lines = [rf"{row.left} &{row.right}" + (rf" && \text{{{row.reason}}}" if row.reason else "") for row in rows]
        return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"
    out = [title, ""]
    for one in several:
        formulas = [readable(f"{row.left} {row.right}") for row in one.rows]
        width = max((len(formula) for formula in formulas), default=0)
        reasons = [readable(row.reason) for row in one.rows]
        out += [f"  {left:<{width + GAP}}{why}".rstrip() for left, why in zip(formulas, reasons, strict=True)]
        out += [f"  {readable(f'{one.name} {one.answer}')}", ""]
    return "\n".join(out).rstrip()


def _program(solutions: tuple[Solution, ...], form: str) -> str:
    """A NumPy module, or a PyTorch script that compares with autograd; empty where something has none."""
    from truestep.derivations.numpy.module import numpy_module
    from truestep.derivations.numpy.torch_module import torch_module

    if not all(one.numpy for one in solutions):
        return ""
    return numpy_module(solutions) if form == "numpy" else torch_module(solutions)


def _displays(rows: tuple[Line, ...]) -> str:
    """The rows as ``align*`` displays, the rule's name beside each line."""
    out: list[str] = []
    for block in dict.fromkeys(row.block for row in rows):
        lines = [
            rf"{row.left} &= {row.right}{_remark(row)} && \text{{{row.rule}}}" for row in rows if row.block == block
        ]
        out.append("\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}")
    return "\n".join(out)


def _remark(row: Line) -> str:
    condition = rf" \quad \text{{if }} {row.condition}" if row.condition else ""
    return condition + (rf" \quad \text{{since }} {row.because}" if row.because else "")


def _readable(title: str, solutions: tuple[Solution, ...], options: Options) -> str:
    """The derivation for a terminal: equations to the left, rules to the right."""
    from truestep.derivations.deriving.displays.presenting import lines
    from truestep.derivations.language.writing import text

    out = [title, ""]
    for solution in solutions:
        rows = lines(solution, options.detail, text)
        formulas = _formulas(rows)
        width = min(max(map(_width, formulas), default=0), 100)
        block = rows[0].block if rows else 0
        for row, formula in zip(rows, formulas, strict=True):
            if row.block != block:
                out.append("")
                block = row.block
            out.append(
                f"{_padded(formula, width)}{' ' * GAP}{row.rule}{f', {row.because}' if row.because else ''}".rstrip()
            )
        out.append("")
    return "\n".join(out).rstrip()


def _width(formula: str) -> int:
    """The columns that a formula takes: an accent stands on its letter."""
    return sum(not unicodedata.combining(letter) for letter in formula)


def _padded(formula: str, width: int) -> str:
    return formula + " " * (width - _width(formula))


def _formulas(rows: tuple[Line, ...]) -> list[str]:
    """Each row with its sign of equality under that of the row above, and its condition behind it."""
    indents: dict[int, int] = {}
    for row in rows:
        indents[row.block] = max(_width(row.left), indents.get(row.block, 0))
    out: list[str] = []
    for row in rows:
        left = _padded(row.left, indents[row.block])
        condition = f"   if {row.condition}" if row.condition and row.left else ""
        out.append(f"{'  ' * (row.depth + 1)}{left} = {row.right}{condition}")
    return out
