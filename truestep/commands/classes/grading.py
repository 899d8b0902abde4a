"""``truestep grade``: the hand-ins of a class in, marks kept in a store out."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truestep.commands.editing.completing import homework_id
from truestep.commands.saying import refuse, timeout_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.classes.grading import Progress
    from truestep.classes.running import Means
    from truestep.classes.store import Store


@click.command()
@click.argument("homework", metavar="[HOMEWORK]", required=False, shell_complete=homework_id)
@click.argument("submissions", metavar="[SUBMISSION]...", nargs=-1)
@click.option(
    "--store", "folder", metavar="FOLDER", required=True, help="Where all of it is kept; made where it is not."
)
@click.option("--roster", metavar="CSV", help="Who is in the class: columns id, name, email, section, platforms' ids.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many workers judge at once; as many as processors.")
@click.option("--dask", metavar="ADDRESS", default="", help="Judge on the Dask cluster whose scheduler is there.")
@click.option("--resume", is_flag=True, help="Go on with the HOMEWORK and the SUBMISSIONs of the last run.")
@click.option("--preview", is_flag=True, help="Show what would change, student by student, and change no marks.")
@timeout_option
def grade(
    homework: str | None,
    submissions: tuple[str, ...],
    folder: str,
    roster: str | None,
    jobs: int | None,
    dask: str,
    resume: bool,
    preview: bool,
    timeout: float,
) -> None:
    """Grade the hand-ins of a class: files, folders and archives, as platforms give them out.

    What was graded before is kept, and only what is new or changed is judged; an end at any moment loses nothing.
    Exit status: 0 every student has marks, 2 the input or the usage is at fault, 3 a person has something to decide.
    """
    if resume and (homework or submissions):
        raise click.UsageError("--resume goes on with the HOMEWORK and SUBMISSIONs of the last run: name none.")
    if not resume and (not homework or not submissions):
        raise click.UsageError("name a HOMEWORK and SUBMISSIONs: files, folders or archives; or give --resume.")
    with opened(folder) as store:
        from truestep.classes.running import given_last, graded, previewed

        if resume:
            homework, submissions, known = given_last(store)
            roster = roster or known
        assert homework is not None
        means = means_of(timeout, jobs, dask)
        if preview:
            lines, code = previewed(store, homework, submissions, roster or "", means)
            click.echo("\n".join(lines) if lines else "nothing changes")
            sys.exit(code)
        outcome = graded(store, homework, submissions, roster or "", means)
        click.echo(outcome.summary)
        sys.exit(outcome.status)


@contextmanager
def opened(folder: str, writes: bool = True) -> Iterator[Store]:
    """The store in a folder; what it or the system refuses ends the command with a message."""
    from truestep.classes.store import Store, StoreFault
    from truestep.derivations.language.faults import StatementFault

    try:
        with Store(Path(folder), writes) as store:
            yield store
    except (StoreFault, StatementFault) as fault:
        refuse(str(fault))
    except BrokenPipeError:
        raise
    except OSError as fault:
        refuse(f"{fault.filename or folder}: {fault.strerror or fault}")


def means_of(timeout: float, jobs: int | None = None, dask: str = "") -> Means:
    """What judges, with what is told of it on the error stream."""
    from truestep.classes.running import Means

    return Means(timeout, jobs, dask, _Told(), _say)


def _say(message: str) -> None:
    from truestep.output.readable import visible

    click.echo(f"truestep: {visible(message)}", err=True)


class _Told:
    """Progress on the error stream: one line that is written anew on a screen, else a line now and then."""

    EVERY = 20

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, progress: Progress) -> None:
        line = f"truestep: {progress.done} answers done, {progress.left} to go, about {progress.seconds_to_go:.0f} s"
        self.count += 1
        if sys.stderr.isatty():
            click.echo(f"\r{line}\x1b[K", err=True, nl=False)
        elif self.count % self.EVERY == 1:
            click.echo(line, err=True)
