"""A class graded, once or anew: files are taken into a store, judged and marked, and the tables are written.

Quick where nothing is new.  What happens is told as it happens; nothing is printed here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.handins.layouts import whose
from truestep.checkers.handins.sources import given
from truestep.checkers.workers import SECONDS, Limits, processors
from truestep.classes.difference import differences
from truestep.classes.gradebooks import files_table, marks_table
from truestep.classes.grading import Grading, Progress, result_rows
from truestep.classes.program import program
from truestep.classes.roster import Roster, RosterFault, read_roster
from truestep.classes.store import FileRow, StoreFault, digest_of
from truestep.classes.writing import write_whole
from truestep.commands import status
from truestep.problems.homework.homework_file import load_homework

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.classes.store import Store
    from truestep.classes.totals import Row
    from truestep.problems.homework.homework import Homework

MARKS, FILES, APART, DONE = "marks.csv", "files.csv", "\n", "done"


class GivenFault(StoreFault):
    """A file that is given for a class and cannot be used; the message says which, and why."""


class Means(NamedTuple):
    """What judges, how long it may take for an answer, and who is told how far it is, and what is odd."""

    timeout: float = SECONDS
    jobs: int | None = None
    dask: str = ""
    progress: Callable[[Progress], None] = lambda progress: None
    say: Callable[[str], None] = lambda message: None


class Outcome(NamedTuple):
    """The results of all students, in the order of their keys, and what they are in short."""

    rows: Sequence[Row]
    summary: str

    @property
    def status(self) -> int:
        """The exit status: whether a person has something to decide."""
        return status.OPEN if any(row.is_open for row in self.rows) else status.RIGHT


def graded(store: Store, homework: str, names: Sequence[str], roster: str, means: Means) -> Outcome:
    """Grades what is given and what was given before; what is done is not done again.

    Raises StoreFault, StatementFault and OSError.
    """
    state, new, listed = _taken(store, homework, names, roster, means)
    store.put(homework=_placed(homework), submissions=APART.join(names), roster=_placed(roster))
    if not new and store.get(DONE) == state and store.get("tables") == _written(store):
        means.say("nothing is new: all of it was graded before")
        return Outcome(result_rows(store), store.get("summary"))
    store.note(f"grade: {new} new files")
    return _run(store, homework, listed, means, state)


def _placed(name: str) -> str:
    """A name that means the same file in whatever folder a later command is run; an id stays."""
    return os.path.abspath(name) if name and Path(name).is_file() else name


def previewed(store: Store, homework: str, names: Sequence[str], roster: str, means: Means) -> tuple[list[str], int]:
    """What grading would change, student by student, and the exit status that it would have; no marks change."""
    _, _, listed = _taken(store, homework, names, roster, means)
    _, rows = _grading(store, load_homework(homework), listed, means).run(writes=False)
    return list(differences(result_rows(store), rows)), Outcome(rows, "").status


def regraded(store: Store, means: Means) -> Outcome:
    """Marks what is in a store once more, as it was graded last."""
    homework, roster = store.get("homework"), store.get("roster")
    listed = bytes_of(roster) if roster else b""
    state = signature(store, bytes_of(homework), listed)
    return _run(store, homework, roster_of(roster, listed) if roster else None, means, state)


def given_last(store: Store) -> tuple[str, tuple[str, ...], str]:
    """The homework, the submissions and the roster that a store was graded with last.  Raises StoreFault."""
    homework = store.get("homework")
    if not homework:
        raise StoreFault(f"{store.folder}: nothing was graded here yet; name a HOMEWORK and SUBMISSIONs")
    return homework, tuple(filter(None, store.get("submissions").split(APART))), store.get("roster")


def homework_of(store: Store) -> Homework:
    """The homework that a store was graded with last.  Raises StoreFault and StatementFault."""
    name = store.get("homework")
    if not name:
        raise StoreFault(f"{store.folder}: nothing was graded here yet")
    os.environ["TRUESTEP_SALT"] = store.get("salt")
    return load_homework(name)


def bytes_of(name: str) -> bytes:
    """The bytes of a file; of an id of a homework that comes with truestep, the id itself.  Raises GivenFault."""
    path = Path(name)
    if not path.is_file() and path.suffix not in (".toml", ".csv"):
        return name.encode()
    try:
        return path.read_bytes()
    except OSError as fault:
        raise GivenFault(f"{name}: cannot be read ({fault.strerror or fault})") from None


def roster_of(name: str, data: bytes) -> Roster:
    """The roster of a file with these bytes.  Raises GivenFault."""
    try:
        return Roster(read_roster(data))
    except RosterFault as fault:
        raise GivenFault(f"{name}: {fault}") from None


def _taken(
    store: Store, homework: str, names: Sequence[str], roster: str, means: Means
) -> tuple[str, int, Roster | None]:
    """The state of a class with what is given, how many files are new, and the roster."""
    missing = [name for name in names if not os.path.lexists(name)]
    if missing:
        raise GivenFault(f"{missing[0]}: there is no such file or folder")
    stated, listed = bytes_of(homework), bytes_of(roster) if roster else b""
    damaged = store.forget_damaged_files()
    if damaged:
        means.say(f"{damaged} rows of the store were damaged; what is given now is read again")
    new = take_in(store, names)
    listed_as = roster_of(roster, listed) if roster else None
    return signature(store, stated, listed), new, listed_as


def take_in(store: Store, names: Sequence[str]) -> int:
    """Keeps all files that are given, and how many of them are new, or were damaged in the store.

    Raises StoreFault where they cannot be kept.
    """
    known = store.files()
    run = 1 + max((row.run for row in known), default=0)
    before = {(row.name, row.digest) for row in known}
    new: dict[tuple[str, str], FileRow] = {}
    mended = 0
    for one in given(names):
        digest = "" if one.fault else store.keep(one.data)
        mended += digest in store.written and (one.name, digest) in before
        if (one.name, digest) not in before:
            row = FileRow(one.name, digest, one.at, json.dumps(whose(one.root, one.path)), one.fault, run)
            new[one.name, digest] = row
    if new:
        store.add_files(list(new.values()))
    return len(new) + mended


def signature(store: Store, homework: bytes, roster: bytes) -> str:
    """What tells a state of a class from all others: the program, the statements, all files, what was decided."""
    files = [part for row in store.files() for part in (row.name, row.digest)]
    decided = [str(one) for row in store.decisions() for one in row]
    return digest_of(program(), homework, roster, *files, "decided", *decided)


def _grading(store: Store, homework: Homework, roster: Roster | None, means: Means) -> Grading:
    os.environ["TRUESTEP_SALT"] = store.get("salt")  # every run of a store, and every worker, draws the same
    jobs, limits = means.jobs or processors(), Limits(means.timeout)
    return Grading(store, homework, roster, jobs, limits, means.progress, dask=means.dask)


def _run(store: Store, homework: str, roster: Roster | None, means: Means, state: str) -> Outcome:
    loaded = load_homework(homework)
    found, rows = _grading(store, loaded, roster, means).run()
    for said in found.said:
        means.say(said)
    questions = [question.id for question in loaded.questions if question.is_answered]
    made = {MARKS: marks_table(rows, questions), FILES: files_table(store.files(), found)}
    for name, table in made.items():
        try:
            write_whole(store.folder / name, table)
        except OSError as fault:
            raise StoreFault(f"{store.folder / name}: cannot be written ({fault.strerror or fault})") from None
    outcome = Outcome(rows, _summary(rows, store, len(store.files())))
    store.note("grade: done")
    store.put(done=state, summary=outcome.summary, tables=_written(store))
    return outcome


def _written(store: Store) -> str:
    """What tells the tables that lie in a store from others; nothing where one is missing."""
    places = [store.folder / name for name in (MARKS, FILES)]
    return digest_of(*(place.read_bytes() for place in places)) if all(map(Path.is_file, places)) else ""


def _summary(rows: Sequence[Row], store: Store, files: int) -> str:
    open_ = [row for row in rows if row.is_open]
    answers = sum(mark.is_open for row in rows for mark in row.marks.values())
    lines = [
        f"{len(rows)} students, {files} files, {sum(row.state == 'graded' for row in rows)} hand-ins graded",
        f"{len(open_)} students with something for a person, {answers} answers",
        f"the marks are in {store.folder / MARKS}, a row for each file in {store.folder / FILES}",
    ]
    return "\n".join(lines)
