"""``truestep review``: what a person has to decide goes out as a table, and comes back filled in."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.saying import hand_over, refuse

if TYPE_CHECKING:
    from truestep.classes.store import Store


@click.command()
@click.argument("table", metavar="[TABLE]", required=False)
@click.option("--store", "folder", metavar="FOLDER", required=True, help="The store that the class was graded into.")
@click.option("--output", metavar="FILE", help="Where the table goes; else it is printed.")
@click.option("--all", "wants_all", is_flag=True, help="All answers, also those that nobody has to look at.")
@click.option("--anonymous", is_flag=True, help="Students stand in the table under codes.")
@click.option("--by", metavar="NAME", help="Who decides, where the table does not say.")
def review(
    table: str | None, folder: str, output: str | None, wants_all: bool, anonymous: bool, by: str | None
) -> None:
    """Write the answers that a person has to look at as CSV; or read a TABLE back that was filled in.

    Answers that mean the same are one group: a row without a student decides for all of it.
    Exit status: 0 done, 2 the input or the usage is at fault.
    """
    from truestep.commands.classes.grading import opened

    with opened(folder) as store:
        if table is None:
            _write(store, output, wants_all, anonymous)
        else:
            sys.exit(_read(store, table, by or getpass.getuser()))


def _write(store: Store, output: str | None, wants_all: bool, is_anonymous: bool) -> None:
    from truestep.checkers.workers import Workers, processors
    from truestep.classes.grading import result_rows, texts_of
    from truestep.classes.groups import grouped
    from truestep.classes.review import review_table
    from truestep.classes.running import homework_of

    homework = homework_of(store)
    with Workers(processors()) as workers:
        groups = grouped(store, homework, result_rows(store), workers, wants_all)
    made = review_table(store, groups, texts_of(store), is_anonymous)
    count = f"{len(groups)} group{'s' * (len(groups) != 1)}"
    back = f"truestep review {output} --store {store.folder}"
    then = f": {count}; fill in decision or points, and read it back with `{back}`"
    hand_over(made, None if output is None else Path(output), then)


def _read(store: Store, table: str, by: str) -> int:
    from truestep.checkers.workers import SECONDS
    from truestep.classes.grading import result_rows
    from truestep.classes.review import ReviewFault, read_back
    from truestep.classes.running import bytes_of, homework_of, regraded
    from truestep.commands.classes.grading import means_of

    try:
        count = read_back(store, homework_of(store), result_rows(store), bytes_of(table), by)
    except ReviewFault as fault:
        refuse(f"{table}: {fault}")
    store.note(f"review: {count} decisions by {by}")
    click.echo(f"{count} new decision{'s' * (count != 1)}")
    outcome = regraded(store, means_of(SECONDS))
    click.echo(outcome.summary)
    return outcome.status
