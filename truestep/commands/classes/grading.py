"""``truestep grade``: the hand-ins of a class in, marks kept in a store out."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from truestep.commands import status
from truestep.commands.editing.completing import homework_id
from truestep.commands.saying import refuse, timeout_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.classes.grading import Grading, Progress
    from truestep.classes.roster import Roster
    from truestep.classes.store import Store
    from truestep.classes.totals import Row
    from truestep.problems.homework.homework import Homework

MARKS, FILES, APART = "marks.csv", "files.csv", "\n"


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
        if resume:
            homework, submissions, roster = _last(store, roster)
        assert homework is not None
        sys.exit(_graded(store, homework, submissions, roster or "", Means(timeout, jobs, dask), preview))


@contextmanager
def opened(folder: str, writes: bool = True) -> Iterator[Store]:
    """The store in a folder; what it or the system refuses ends the command with a message."""
    from truestep.classes.store import Store, StoreFault

    try:
        with Store(Path(folder), writes) as store:
            yield store
    except StoreFault as fault:
        refuse(str(fault))
    except BrokenPipeError:
        raise
    except OSError as fault:
        refuse(f"{fault.filename or folder}: {fault.strerror or fault}")


def _last(store: Store, roster: str | None) -> tuple[str, tuple[str, ...], str]:
    homework = store.get("homework")
    if not homework:
        refuse(f"{store.folder}: nothing was graded here yet; name a HOMEWORK and SUBMISSIONs")
    names = tuple(filter(None, store.get("submissions").split(APART)))
    return homework, names, roster or store.get("roster")


class Means(NamedTuple):
    """What judges, and how long it may take for an answer."""

    timeout: float
    jobs: int | None = None
    dask: str = ""


def _graded(store: Store, homework: str, names: tuple[str, ...], roster: str, means: Means, preview: bool) -> int:
    from truestep.classes.intake import DONE, signature, take_in

    _check_places(names)
    stated, listed = bytes_of(homework), bytes_of(roster) if roster else b""
    damaged = store.forget_damaged_files()
    if damaged:
        _say(f"{damaged} rows of the store were damaged; what is given now is read again")
    new = take_in(store, names)
    listed_as = roster_of(roster, listed) if roster else None
    if preview:
        return _previewed(store, homework, listed_as, means)
    store.put(homework=homework, submissions=APART.join(names), roster=roster)
    state = signature(store, stated, listed)
    if not new and store.get(DONE) == state and store.get("tables") == _written(store):
        _say("nothing is new: all of it was graded before")
        click.echo(store.get("summary"))
        return int(store.get("status"))
    store.note(f"grade: {new} new files")
    return _run(store, homework, listed_as, means, state)


def _previewed(store: Store, homework: str, roster: Roster | None, means: Means) -> int:
    """Shows what grading would change."""
    from truestep.classes.difference import differences
    from truestep.classes.grading import result_rows

    _, rows = _grading(store, _homework(homework), roster, means).run(writes=False)
    lines = list(differences(result_rows(store), rows))
    click.echo("\n".join(lines) if lines else "nothing changes")
    return status.OPEN if any(row.is_open for row in rows) else status.RIGHT


def _grading(store: Store, homework: Homework, roster: Roster | None, means: Means) -> Grading:
    from truestep.checkers.workers import Limits, processors
    from truestep.classes.grading import Grading

    os.environ["TRUESTEP_SALT"] = store.get("salt")  # every run of a store, and every worker, draws the same
    told, limits = _Told(), Limits(means.timeout)
    return Grading(store, homework, roster, means.jobs or processors(), limits, told, dask=means.dask)


def _run(store: Store, homework: str, roster: Roster | None, means: Means, state: str) -> int:
    from truestep.classes.gradebooks import files_table, marks_table
    from truestep.classes.writing import write_whole

    loaded = _homework(homework)
    found, rows = _grading(store, loaded, roster, means).run()
    for said in found.said:
        _say(said)
    questions = [question.id for question in loaded.questions if question.is_answered]
    made = {MARKS: marks_table(rows, questions), FILES: files_table(store.files(), found)}
    for name, table in made.items():
        try:
            write_whole(store.folder / name, table)
        except OSError as fault:
            refuse(f"{store.folder / name}: cannot be written ({fault.strerror or fault})")
    summary = _summary(rows, store, len(store.files()))
    code = status.OPEN if any(row.is_open for row in rows) else status.RIGHT
    store.note("grade: done")
    store.put(done=state, summary=summary, status=str(code), tables=_written(store))
    click.echo(summary)
    return code


def _written(store: Store) -> str:
    """What tells the tables that lie in a store from others; nothing where one is missing."""
    from truestep.classes.store import digest_of

    places = [store.folder / name for name in (MARKS, FILES)]
    return digest_of(*(place.read_bytes() for place in places)) if all(map(Path.is_file, places)) else ""


def _check_places(names: tuple[str, ...]) -> None:
    missing = [name for name in names if not os.path.lexists(name)]
    if missing:
        refuse(f"{missing[0]}: there is no such file or folder")


def bytes_of(name: str) -> bytes:
    """The bytes of a file; of an id of a homework that comes with truestep, the id itself."""
    path = Path(name)
    if not path.is_file() and path.suffix not in (".toml", ".csv"):
        return name.encode()
    try:
        return path.read_bytes()
    except OSError as fault:
        refuse(f"{name}: cannot be read ({fault.strerror or fault})")


def homework_of(store: Store) -> Homework:
    """The homework that a store was graded with last."""
    name = store.get("homework")
    if not name:
        refuse(f"{store.folder}: nothing was graded here yet")
    os.environ["TRUESTEP_SALT"] = store.get("salt")
    return _homework(name)


def regrade(store: Store) -> int:
    """Marks what is in a store once more, as it was graded last; the exit status."""
    from truestep.checkers.workers import SECONDS
    from truestep.classes.intake import signature

    homework, roster = store.get("homework"), store.get("roster")
    listed = bytes_of(roster) if roster else b""
    state = signature(store, bytes_of(homework), listed)
    return _run(store, homework, roster_of(roster, listed) if roster else None, Means(SECONDS), state)


def _homework(name: str) -> Homework:
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.homework.homework_file import load_homework

    try:
        return load_homework(name)
    except StatementFault as fault:
        refuse(str(fault))


def roster_of(name: str, data: bytes) -> Roster:
    """The roster of a file; a fault in it ends the command."""
    from truestep.classes.roster import Roster, RosterFault, read_roster

    try:
        return Roster(read_roster(data))
    except RosterFault as fault:
        refuse(f"{name}: {fault}")


def _say(message: str) -> None:
    from truestep.commands.readable import visible

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


def _summary(rows: list[Row], store: Store, files: int) -> str:
    open_ = [row for row in rows if row.is_open]
    answers = sum(mark.is_open for row in rows for mark in row.marks.values())
    lines = [
        f"{len(rows)} students, {files} files, {sum(row.state == 'graded' for row in rows)} hand-ins graded",
        f"{len(open_)} students with something for a person, {answers} answers",
        f"the marks are in {store.folder / MARKS}, a row for each file in {store.folder / FILES}",
    ]
    return "\n".join(lines)
