"""``truestep verify`` and ``truestep is``: two answers, or the two sides of an equation, compared."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from truestep.commands import status
from truestep.commands.saying import show_line

if TYPE_CHECKING:
    from truestep.library.verifying import Verdict

STATUSES = {"right": status.RIGHT, "wrong": status.WRONG}


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What both commands may be told of names."""
    declared = click.option(
        "--symbol", "symbols", multiple=True, metavar="NAME:SHAPE", help="'W: K x M'; may be repeated."
    )
    facts = click.option("--assume", multiple=True, metavar="FACT", help="'x > 0'; may be repeated.")
    as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a sentence.")
    seconds = click.option(
        "--timeout", type=click.FloatRange(0, 3600), default=2.0, show_default=True, help="Seconds; 0: no limit."
    )
    return declared(facts(as_json(seconds(command))))


@click.command()
@click.argument("gold")
@click.argument("answer")
@click.option("--tolerance", type=click.FloatRange(0, 1), help="Relative, for numbers.")
@_options
def verify(
    gold: str,
    answer: str,
    tolerance: float | None,
    symbols: tuple[str, ...],
    assume: tuple[str, ...],
    as_json: bool,
    timeout: float,
) -> None:
    r"""Say whether ANSWER is GOLD: formulas, matrices, sets, intervals, equations, numbers, words.

    Of a text the answer is taken: '\boxed{...}', "the answer is ...", else its last formula. Without --symbol the
    formulas declare their own names. Exit status: 0 right, 1 wrong, 2 the usage is at fault, 3 undecided.
    """
    from truestep.library.verifying import verify as verified

    found = verified(gold, answer, _table(symbols), assume, tolerance=tolerance, timeout=timeout or None)
    _say(found, as_json)


@click.command("is")
@click.argument("claim", metavar="'LEFT = RIGHT'")
@_options
def holds(claim: str, symbols: tuple[str, ...], assume: tuple[str, ...], as_json: bool, timeout: float) -> None:
    """Say whether an equation holds for all values of its names, with numbers where it does not.

    Exit status: 0 it holds, 1 it does not, 2 the usage is at fault, 3 undecided.
    """
    from truestep.checkers.answers.forms import sides_of
    from truestep.library.verifying import verify as verified

    sides = sides_of(claim)
    if sides is None:
        raise click.UsageError("write LEFT = RIGHT")
    _say(verified(*sides, _table(symbols), assume, timeout=timeout or None), as_json)


def _table(symbols: tuple[str, ...]) -> dict[str, str] | None:
    """The declared names; None where there are none."""
    table = {}
    for one in symbols:
        name, colon, shape = one.rpartition(":")
        if not colon:
            raise click.BadParameter(f"{one!r} is no name with its shape; write 'W: K x M'", param_hint="--symbol")
        table[name.strip()] = shape.strip()
    return table or None


def _say(found: Verdict, as_json: bool) -> None:
    from truestep.output.readable import visible

    if as_json:
        show_line(status.as_json(asdict(found)))
    else:
        click.echo(found.verdict + (f" ({found.evidence})" if found.evidence else ""))
        if found.witness:
            values = ", ".join(f"{name} = {value}" for name, value in found.witness["values"].items())
            sides = f"{found.witness['left']} is not {found.witness['right']}"
            click.echo(visible(f"for {values}: {sides}" if values else sides))
        if found.reason:
            click.echo(visible(found.reason))
    sys.exit(STATUSES.get(found.verdict, status.OPEN))
