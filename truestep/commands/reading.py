"""``truestep read``: each formula of a work as it was read, without what is judged."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import click

from truestep.commands.editing.completing import any_id
from truestep.commands.saying import refuse, show_line, unread

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command()
@click.argument("submission", metavar="SUBMISSION")
@click.option(
    "--problem",
    metavar="ID_OR_FILE",
    shell_complete=any_id,
    help="What declares the names, where the file does not; else they are taken as they come.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the formulas, introduced names, conventions.")
def read(submission: str, problem: str | None, as_json: bool) -> None:
    """Show how each formula of a SUBMISSION is read: its place (line:column), its role, and the reading.

    Exit status: 0, and 2 where the input or the usage is at fault.
    """
    from truestep.checkers.documents import DocumentFault
    from truestep.checkers.formulas import reading_record
    from truestep.checkers.records import check_work
    from truestep.commands import status
    from truestep.commands.checking import problem_for, source_of
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.statements.problem import Problem

    identifier = pathlib.PurePath(submission).stem
    try:
        source = source_of(submission)
        stated = problem_for(submission, source, problem) or Problem()
        record = check_work(source.read(stated), stated, identifier, is_diagnosed=False)
    except OSError as fault:
        refuse(unread(submission, fault), identifier, as_json)
    except (DocumentFault, StatementFault) as fault:
        refuse(f"{submission}: {fault}" if isinstance(fault, DocumentFault) else str(fault), identifier, as_json)
    if as_json:
        show_line(status.as_json(reading_record(record)))
        return
    _show(record)


def _show(record: Mapping[str, Any]) -> None:
    """The formulas as the report for a terminal shows them, and what holds for the whole work."""
    from truestep.checkers.formulas import reading_record
    from truestep.output.readable import readable, visible
    from truestep.reports.readings import seen
    from truestep.reports.terminal import show_read

    several, said = seen(record, is_judged=False), reading_record(record)
    if several:
        show_read(several)
    else:
        click.echo("no formula was found")
    if said["introduced"]:
        click.echo(f"introduced: {', '.join(map(readable, said['introduced']))}")
    for convention in said["conventions"]:
        click.echo(f"for the whole work: {visible(convention['message'])}")
