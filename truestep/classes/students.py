"""From files to students: which files are one hand-in, whose it is, and which attempt counts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from truestep.checkers.handins.layouts import METADATA, Who, gradescope_submitters
from truestep.checkers.handins.sources import is_of_the_system
from truestep.classes.roster import Person, Roster, plain
from truestep.classes.store import StoreFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.classes.store import FileRow, Store

READ, EMPTY, METADATA_FILE = "read", "empty", "metadata"  # states of a file, as they are read
BY_HAND, PASSED = "for a person", "passed over"


@dataclass(frozen=True)
class Attempt:
    """One hand-in of one student: its files, and when it was handed in, as far as that is told."""

    unit: str
    files: tuple[FileRow, ...]
    at: str = ""  # when the platform says that it came in
    seen: str = ""  # when its files were last changed
    is_late: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether anything in it was read."""
        return any(row.form == READ for row in self.files)

    @property
    def order(self) -> tuple[bool, str, int, str]:
        """The later attempt comes later."""
        return self.is_valid, self.at or self.seen, max((row.run for row in self.files), default=0), self.unit


@dataclass
class Student:
    """Somebody of the class: the attempts, the one that counts last, and what is to be said."""

    person: Person
    attempts: list[Attempt] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the student is called in the store."""
        return self.person.key

    @property
    def counted(self) -> Attempt | None:
        """The latest attempt in which something was read; where there is none, the latest."""
        return max(self.attempts, key=lambda one: one.order) if self.attempts else None


class Class:
    """The students of a class, made from the files that were given; ``by_file`` says for each file whose it is."""

    def __init__(self, store: Store, rows: Sequence[FileRow], roster: Roster | None) -> None:
        self.roster = roster
        self.said: list[str] = []
        self.by_file: dict[tuple[str, str], str] = {}
        self._metadata = self._submitters(store, rows)
        self._stamps = _stamps(rows)
        self.students: dict[str, Student] = {}
        attempts = list(_attempts(rows))
        known = {one.unit: fields for one in attempts if (fields := _fields(one))}
        for attempt in attempts:  # one that does not say whose it is may be a later version of one that does
            for person in self._people(attempt, _fields(attempt) or known.get(attempt.unit, {})):
                self._add(person, self._timed(attempt))
        for one in roster.people if roster is not None else ():
            self.students.setdefault(one.key, Student(one))
        self._tell_look_alikes()
        self._tell_copies()
        self.students = dict(sorted(self.students.items()))

    def _submitters(self, store: Store, rows: Sequence[FileRow]) -> dict[str, tuple[list[dict[str, str]], str]]:
        """By the unit of a submission who handed it in and when, from files of metadata."""
        out: dict[str, tuple[list[dict[str, str]], str]] = {}
        for row in rows:
            folder, _, last = row.name.rpartition("/")
            data = store.copy_of(row.digest) if last in METADATA else None
            if data is None:
                continue
            try:
                found = gradescope_submitters(data.decode("utf-8", "replace"))
            except ModuleNotFoundError:
                raise StoreFault(
                    f"{row.name} says who handed in what; to read it takes `pip install 'truestep[class]'`"
                ) from None
            except ValueError as fault:
                self.said.append(f"{row.name}: {fault}")
                continue
            out |= {f"{folder}/{name}": told for name, told in found.items()}
        return out

    def _timed(self, attempt: Attempt) -> Attempt:
        at = self._metadata.get(attempt.unit, ([], ""))[1] or self._stamps.get(attempt.unit, "")
        return replace(attempt, at=at) if at else attempt

    def _people(self, attempt: Attempt, fields: dict[str, str]) -> Iterator[Person]:
        """Who handed in an attempt, whose ``fields`` say something: several where it is of a group."""
        submitters = self._metadata.get(attempt.unit, ([], ""))[0]
        for told in submitters:
            yield self._known(Person(told.get("sid", ""), told.get("name", ""), told.get("email", "")))
        if not submitters:
            who = Who(*json.loads(attempt.files[0].who))
            name = (who.name if who.platform != "canvas" else "") or fields.get("name", "")
            mine = Person(who.id or fields.get("id", ""), name or who.name, fields.get("email", ""))
            listed = Person(mine.id, who.name or who.id, mine.email)  # a folder may be called by a name
            known = self.roster.find(listed) if self.roster is not None else None
            if known is None and not mine.key:
                mine = Person(id=self._stem(attempt.unit))
            yield known or self._known(mine)

    def _known(self, person: Person) -> Person:
        return (self.roster.find(person) if self.roster is not None else None) or person

    def _stem(self, unit: str) -> str:
        """What a file without a name in it goes by: its own, or its whole path where another one is called so."""
        stem = PurePosixPath(unit).stem
        taken = self.students.get(stem)
        return stem if taken is None or any(one.unit == unit for one in taken.attempts) else unit

    def _add(self, person: Person, attempt: Attempt) -> None:
        student = self.students.setdefault(person.key, Student(person))
        if not student.person.name and person.name:
            student.person = person
        student.attempts.append(attempt)
        for row in attempt.files:
            self.by_file[row.name, row.digest] = person.key

    def _tell_look_alikes(self) -> None:
        seen: dict[str, str] = {}
        for key, student in sorted(self.students.items()):
            spelled = plain(student.person.name or key)
            other = seen.setdefault(spelled, key)
            if other != key:
                student.said.append(f"the name looks like that of {other}: is it the same student?")
        for student in self.students.values():
            if self.roster is not None and student.person not in self.roster.people:
                student.said.append("not on the roster")

    def _tell_copies(self) -> None:
        """Students whose files are the same, byte for byte, though they did not hand in together."""
        by_digest: dict[str, set[str]] = defaultdict(set)
        for key, student in self.students.items():
            for attempt in student.attempts:
                if attempt.unit not in self._metadata or len(self._metadata[attempt.unit][0]) < 2:
                    for row in attempt.files:
                        if row.form == READ:
                            by_digest[row.digest].add(key)
        for keys in by_digest.values():
            for key in keys if len(keys) > 1 else ():
                others = ", ".join(sorted(keys - {key})[:5])
                self.students[key].said.append(f"a file is the same, byte for byte, as one of {others}")


def _fields(attempt: Attempt) -> dict[str, str]:
    """What the files of an attempt say of the one who handed in; the first that says something holds."""
    fields: dict[str, str] = {}
    for row in attempt.files:
        fields = _told(row) | fields
    return fields


def _told(row: FileRow) -> dict[str, str]:
    told: dict[str, str] = json.loads(row.told)["fields"] if row.told else {}
    return told


def _stamps(rows: Sequence[FileRow]) -> dict[str, str]:
    """By unit when it was handed in, as nbgrader's files say."""
    found = ((Who(*json.loads(row.who)).unit, _told(row).get("at", "")) for row in rows if row.form == METADATA_FILE)
    return {unit: at for unit, at in found if at}


def _attempts(rows: Sequence[FileRow]) -> Iterator[Attempt]:
    """Files that were handed in together; of a file that was given again with other content, the last one counts.

    Files of one folder that name different students are hand-ins of their own.
    """
    units: dict[str, list[FileRow]] = defaultdict(list)
    others: dict[str, list[FileRow]] = defaultdict(list)
    for row in rows:
        who = Who(*json.loads(row.who))
        if row.form not in (METADATA_FILE, PASSED, ""):
            units[who.unit].append(row)
        elif row.form == PASSED and who.platform and not is_of_the_system(row.name.split("/")):
            others[who.unit].append(row._replace(form=BY_HAND))  # all that somebody handed in: a person looks at it
    units.update({unit: several for unit, several in others.items() if unit not in units})
    for unit, several in sorted(units.items()):
        who = Who(*json.loads(several[0].who))
        names = {plain(name) for row in several if (name := _told(row).get("name") or _told(row).get("id"))}
        parts = {row.name: [row] for row in several} if who.platform == "folder" and len(names) > 1 else {unit: several}
        for name, here in parts.items():
            runs: dict[int, list[FileRow]] = defaultdict(list)
            for row in here:
                runs[row.run].append(row)
            latest: dict[str, FileRow] = {}
            for run in sorted(runs):  # what comes later replaces what has the same name, and makes another attempt
                latest |= {row.name: row for row in runs[run]}
                files = tuple(latest[key] for key in sorted(latest))
                yield Attempt(name, files, "", max(row.at for row in files), any(_is_late(row) for row in files))


def _is_late(row: FileRow) -> bool:
    return Who(*json.loads(row.who)).is_late
