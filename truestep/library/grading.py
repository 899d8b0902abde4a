"""A class graded: ``truestep.grade``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from truestep.checkers.workers import SECONDS
from truestep.classes.running import FILES, MARKS, Means, graded
from truestep.classes.store import Store
from truestep.classes.totals import Row

SALT = "TRUESTEP_SALT"


@dataclass(frozen=True)
class Answer:
    """What an answer earned, at least and at most, of what; what a person has to look at, and named mistakes."""

    question: str
    at_least: float
    at_most: float
    of: float
    verdict: str
    for_a_person: tuple[str, ...]
    mistakes: tuple[str, ...]
    is_open: bool

    @property
    def earned(self) -> float | None:
        """What it earned; None where a person decides."""
        return self.at_least if self.at_least == self.at_most else None


@dataclass(frozen=True)
class Student:
    """What a student earned in all, and for each answer; ``file`` is the one that counts."""

    id: str
    name: str
    email: str
    section: str
    state: str
    file: str
    at_least: float
    at_most: float
    of: float
    late: str
    said: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def earned(self) -> float | None:
        """What the student earned; None where a person decides."""
        return self.at_least if self.at_least == self.at_most else None


@dataclass(frozen=True)
class Class:
    """A graded class: its students, what was told of its files, and the places of the store and of both tables."""

    students: tuple[Student, ...]
    said: tuple[str, ...]
    store: Path
    marks: Path
    files: Path

    @property
    def open(self) -> tuple[tuple[Student, Answer], ...]:
        """The answers on which a person has to decide."""
        return tuple((student, one) for student in self.students for one in student.answers if one.is_open)

    def __getitem__(self, identifier: str) -> Student:
        """The student of an id.  Raises KeyError."""
        found: Mapping[str, Student] = {student.id: student for student in self.students}
        return found[identifier]


def grade(
    homework: str | Path,
    submissions: str | Path | Sequence[str | Path],
    store: str | Path,
    jobs: int | None = None,
    *,
    roster: str | Path | None = None,
    timeout: float = SECONDS,
) -> Class:
    """Grades the hand-ins of a class into a store, a folder that is made where it is not.

    ``homework`` is an id or a TOML file, ``submissions`` are files, folders and archives, as platforms give them out;
    ``jobs`` workers judge at once, as many as processors where it is None, each answer within ``timeout`` seconds.
    What was graded before is kept, and only what is new or changed is judged; an end at any moment loses nothing.

    Raises StatementFault where the homework cannot be used, StoreFault for the store and for what is given, OSError.
    """
    several = [submissions] if isinstance(submissions, str | Path) else submissions
    said: list[str] = []
    means = Means(timeout, jobs, say=said.append)
    with _salted(), Store(Path(store)) as opened:
        outcome = graded(opened, str(homework), [str(one) for one in several], str(roster or ""), means)
    folder = Path(store)
    return Class(tuple(map(_student, outcome.rows)), tuple(said), folder, folder / MARKS, folder / FILES)


@contextmanager
def _salted() -> Iterator[None]:
    """Leaves the salt of this process as it is: a store has its own."""
    before = os.environ.get(SALT)
    try:
        yield
    finally:
        os.environ.pop(SALT, None)
        os.environ |= {} if before is None else {SALT: before}


def _student(row: Row) -> Student:
    answers = tuple(
        Answer(name, one.low, one.high, one.of, one.verdict, one.person, one.codes, one.is_open)
        for name, one in row.marks.items()
    )
    who = (row.id or row.key, row.name, row.email, row.section)
    return Student(*who, row.state, row.file, row.low, row.high, row.of, row.late, row.said, answers)
