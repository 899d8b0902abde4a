"""The store of a class: one SQLite database, and copies of the hand-ins by their content beside it.

All that is written is written in transactions, so an end at any moment leaves what was finished before it.  What is
read back carries a checksum: a row that was damaged counts as missing, and is made again from the hand-ins.  What
people decided cannot be made again, so a file beside the database has it once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.classes.writing import BESIDE, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATABASE, LOCK, COPIES, DECISIONS = "class.sqlite", "lock.sqlite", "handins", "decisions.jsonl"
FORM = "2"
PUT = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
EVERY = 0.25  # seconds between two commits while answers come in
DECIDED = "question, answer, student, item, decision, points, comment, by, at"
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
    name TEXT, digest TEXT, at TEXT, who TEXT, fault TEXT, run INTEGER, form TEXT, told TEXT, answers TEXT, sum TEXT,
    PRIMARY KEY (name, digest));
CREATE TABLE judged (key TEXT PRIMARY KEY, question TEXT, brief TEXT, record TEXT, sum TEXT);
CREATE TABLE marked (student TEXT PRIMARY KEY, signature TEXT, row TEXT, sum TEXT);
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY, question TEXT, answer TEXT, student TEXT, item TEXT, decision TEXT, points REAL,
    comment TEXT, by TEXT, at TEXT, sum TEXT);
CREATE TABLE groups (id TEXT PRIMARY KEY, question TEXT, texts TEXT);
CREATE TABLE journal (number INTEGER PRIMARY KEY, at TEXT, event TEXT);
"""


class StoreFault(Exception):
    """A store that cannot be used; the message says which, and what to do."""


class FileRow(NamedTuple):
    """A file that was given: when it was last changed and whose it is as far as that is told, and what was read."""

    name: str
    digest: str
    at: str
    who: str
    fault: str
    run: int
    form: str = ""
    told: str = ""
    answers: str = ""


def digest_of(*parts: str | bytes) -> str:
    """What tells some texts from all others.

    >>> digest_of("a", "b") == digest_of("ab")
    False
    """
    made = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        made.update(str(len(data)).encode() + b":" + data)
    return made.hexdigest()[:40]


def sealed(text: str) -> str:
    """A text with what tells whether it was damaged.

    >>> opened(sealed("a")), opened(sealed("a").replace("a", "b"))
    ('a', None)
    """
    return f"{digest_of(text)} {text}"


def opened(text: str) -> str | None:
    """The text that was sealed; None where it was damaged."""
    kept, _, inside = text.partition(" ")
    return inside if digest_of(inside) == kept else None


def _file(row: FileRow) -> tuple[Any, ...]:
    return (*row[:8], sealed(row.answers), digest_of(*map(str, row[:8])))


class Store:
    """A store that is open; ``writes`` holds the lock of the one who writes.

    Raises StoreFault where it cannot be opened, or somebody else writes to it.
    """

    def __init__(self, folder: Path, writes: bool = True) -> None:
        self.folder = folder
        self._lock: sqlite3.Connection | None = None
        self._committed = 0.0
        self.written: set[str] = set()
        if not writes and not (folder / DATABASE).is_file():
            raise StoreFault(f"{folder}: there is no store here; `truestep grade ... --store {folder}` makes one")
        with self._told():
            if writes:
                (folder / COPIES).mkdir(parents=True, exist_ok=True)
                self._take_lock()
            self.base = sqlite3.connect(folder / DATABASE, isolation_level=None)
            self.base.text_factory = lambda data: data.decode("utf-8", "replace")  # what is damaged has another sum
            try:
                self._begin(writes)
            except BaseException:
                self.close()
                raise

    def _begin(self, writes: bool) -> None:
        wanted = [one.strip() for one in TABLES.split(";") if one.strip()]
        if writes:
            self.base.execute("PRAGMA journal_mode=WAL")
            self.base.execute("PRAGMA synchronous=NORMAL")  # what a power cut takes is judged again
            with self.transaction():
                for statement in wanted:
                    self.base.execute(statement.replace("TABLE", "TABLE IF NOT EXISTS", 1))
                if not self.rows("SELECT 1 FROM meta LIMIT 1"):
                    self.base.execute(PUT, ("form", sealed(FORM)))
                if not self.get("salt"):
                    salt = os.environ.get("TRUESTEP_SALT") or secrets.token_hex(8)
                    self.base.execute(PUT, ("salt", sealed(salt)))
            for left in filter(Path.is_file, [*self.folder.glob(BESIDE), *(self.folder / COPIES).glob(BESIDE)]):
                left.unlink(missing_ok=True)
            faults = [one for (one,) in self.rows("PRAGMA integrity_check(1)") if one != "ok"]
            if {one for (one,) in self.rows("SELECT sql FROM sqlite_master WHERE type = 'table'")} != set(wanted):
                faults.append("its tables are not those of a store")
            if faults:
                raise StoreFault(self._damaged(" ".join(faults[0].split())))
        if self.get("form") != FORM:
            message = "this store was made by another version of truestep, or is damaged; grade into a new one"
            raise StoreFault(f"{self.folder}: {message}")
        if writes:
            self._restore_decisions()

    def _damaged(self, why: object) -> str:
        mend = "move it away and grade again: the hand-ins are in the folder beside it, and what people decided"
        return f"{self.folder / DATABASE}: the database is damaged ({why}); {mend}"

    def _take_lock(self) -> None:
        self._lock = sqlite3.connect(self.folder / LOCK, isolation_level=None, timeout=0.2)
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            self._lock.close()
            if "locked" not in str(fault):
                raise
            message = f"{self.folder}: somebody else is grading into this store; wait until they are done"
            raise StoreFault(message) from None

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            place = fault.filename or self.folder
            raise StoreFault(f"{place}: cannot be written ({fault.strerror or fault})") from None
        except sqlite3.OperationalError as fault:
            raise StoreFault(f"{self.folder / DATABASE}: cannot be written ({fault})") from None
        except sqlite3.Error as fault:
            raise StoreFault(self._damaged(fault)) from None

    def close(self) -> None:
        """Ends the work on the store; another may begin."""
        for one in (getattr(self, "base", None), self._lock):
            if one is not None:
                with suppress(sqlite3.Error):
                    one.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within, or nothing of it."""
        with self._told():
            self.commit()
            self.base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                with suppress(sqlite3.Error):
                    self.base.execute("ROLLBACK")
                raise
            self.base.execute("COMMIT")

    def commit(self) -> None:
        """What came in since the last commit is kept."""
        with self._told():
            if self.base.in_transaction:
                self.base.execute("COMMIT")
        self._committed = time.monotonic()

    def _soon(self, statement: str, values: Sequence[Any]) -> None:
        """A row that is kept with the next commit, which is not far."""
        with self._told():
            if not self.base.in_transaction:
                self.base.execute("BEGIN IMMEDIATE")
            self.base.execute(statement, values)
        if time.monotonic() - self._committed > EVERY:
            self.commit()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement selects."""
        with self._told():
            return self.base.execute(statement, values).fetchall()

    # What is kept by name.

    def get(self, key: str, default: str = "") -> str:
        """A value that is kept by its name; one that was damaged is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        value = opened(str(found[0][0])) if found else None
        return default if value is None else value

    def put(self, **values: str) -> None:
        """Keeps values by their names."""
        for key, value in values.items():
            self._soon(PUT, (key, sealed(value)))
        self.commit()

    def note(self, event: str) -> None:
        """A line in the journal."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        self._soon("INSERT INTO journal (at, event) VALUES (?, ?)", (at, event))

    # Hand-ins.

    def keep(self, data: bytes) -> str:
        """A copy of some bytes by their content, and what it is called; ``written`` has those that were not there."""
        digest = digest_of(data)
        path = self.folder / COPIES / digest
        with self._told():
            is_kept = path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
            if not is_kept:
                write_whole(path, data, waits=False)
                self.written.add(digest)
        return digest

    def copy_of(self, digest: str) -> bytes | None:
        """The bytes that were kept; None where they are missing or damaged."""
        with suppress(OSError):
            data = (self.folder / COPIES / digest).read_bytes()
            return data if digest_of(data) == digest else None
        return None

    def add_files(self, rows: Sequence[FileRow]) -> None:
        """Files that were given in a run; one that is known by name and content stays as it is."""
        with self.transaction():
            self.base.executemany("INSERT OR IGNORE INTO files VALUES (?,?,?,?,?,?,?,?,?,?)", map(_file, rows))

    def set_read(self, row: FileRow) -> None:
        """What was read in a file that was given."""
        self._soon("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?)", _file(row))

    def files(self) -> list[FileRow]:
        """All files that were ever given, by name, without the answers that were read; damaged rows are left out."""
        columns = "name, digest, at, who, fault, run, form, told, '', sum"
        found = self.rows(f"SELECT {columns} FROM files ORDER BY name, run, digest")
        return [FileRow(*row[:-1]) for row in found if digest_of(*map(str, row[:8])) == row[-1]]

    def forget_damaged_files(self) -> int:
        """Leaves out the rows of files that were damaged, so that they are read again; how many there were."""
        found = self.rows("SELECT rowid, * FROM files")
        bad = [row[:1] for row in found if digest_of(*map(str, row[1:9])) != row[-1]]
        with self.transaction():
            self.base.executemany("DELETE FROM files WHERE rowid = ?", bad)
        return len(bad)

    def answers_of(self, name: str, digest: str) -> str | None:
        """What was read in a file; None where that is damaged."""
        found = self.rows("SELECT answers FROM files WHERE name = ? AND digest = ?", (name, digest))
        return opened(found[0][0]) if found else None

    # What was judged.

    def brief(self, key: str) -> str | None:
        """What is told in short of an answer; None where it is not judged, or damaged."""
        found = self.judged(key)
        return None if found is None else found[0]

    def judged(self, key: str) -> tuple[str, str] | None:
        """In short and in full what was judged of an answer; None where it is not judged, or damaged."""
        found = self.rows("SELECT question, brief, record, sum FROM judged WHERE key = ?", (key,))
        for question, brief, record, kept in found:
            if digest_of(key, question, brief, record) == kept:
                return brief, record
            self._soon("DELETE FROM judged WHERE key = ?", (key,))
        return None

    def add_judged(self, key: str, question: str, brief: str, record: str) -> None:
        """What was judged of an answer."""
        kept = digest_of(key, question, brief, record)
        self._soon("INSERT OR REPLACE INTO judged VALUES (?,?,?,?,?)", (key, question, brief, record, kept))

    # What students earned.

    def marked(self) -> dict[str, tuple[str, str]]:
        """By student what their marks rest on, and the marks; a damaged row is left out."""
        found = self.rows("SELECT student, signature, row, sum FROM marked ORDER BY student")
        return {row[0]: (row[1], row[2]) for row in found if digest_of(*row[:3]) == row[3]}

    def set_marked(self, rows: Sequence[tuple[str, str, str]], gone: Sequence[str]) -> None:
        """The marks of some students, all at once."""
        with self.transaction():
            self.base.executemany("DELETE FROM marked WHERE student = ?", [(one,) for one in gone])
            values = [(*row, digest_of(*row)) for row in rows]
            self.base.executemany("INSERT OR REPLACE INTO marked VALUES (?,?,?,?)", values)

    # What people decided.

    def decisions(self) -> list[tuple[Any, ...]]:
        """The decisions in the order in which they were made; a damaged one is left out."""
        return [row[1:] for row in self._decisions()]

    def _decisions(self) -> list[tuple[Any, ...]]:
        found = self.rows(f"SELECT number, {DECIDED}, sum FROM decisions ORDER BY number")
        return [row[:-1] for row in found if digest_of(*map(str, row[:-1])) == row[-1]]

    def add_decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Decisions, all at once, and on the disk."""
        before = self._decisions()
        first = 1 + max((row[0] for row in before), default=0)
        self._set_decisions([*before, *((number, *row) for number, row in enumerate(rows, first))])

    def _set_decisions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.base.execute("PRAGMA synchronous=FULL")
        with self.transaction():
            self.base.execute("DELETE FROM decisions")
            values = [(*row, digest_of(*map(str, row))) for row in rows]
            marks = ",".join("?" * 11)
            self.base.executemany(f"INSERT INTO decisions (number, {DECIDED}, sum) VALUES ({marks})", values)
            lines = "".join(f"{sealed(json.dumps(row))}\n" for row in rows)
            write_whole(self.folder / DECISIONS, lines.encode())

    def _restore_decisions(self) -> None:
        """What the database or the file beside it has lost, the other one has."""
        path = self.folder / DECISIONS
        lines = path.read_bytes().decode("utf-8", "replace").split("\n")[:-1] if path.is_file() else []
        kept = {row[0]: row for line in lines if (text := opened(line)) for row in [tuple(json.loads(text))]}
        known = {row[0]: row for row in self._decisions()}
        (count,) = self.rows("SELECT count(*) FROM decisions")[0]
        if not len(known) == len(kept) == len(lines) == count:
            whole = kept | known
            self._set_decisions([whole[number] for number in sorted(whole)])

    def set_groups(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """The groups of answers that were shown to people: id, question, the texts as JSON; known ones stay known."""
        with self.transaction():
            values = [(name, *map(sealed, about)) for name, *about in rows]
            self.base.executemany("INSERT OR REPLACE INTO groups VALUES (?,?,?)", values)

    def groups(self) -> dict[str, tuple[str, str]]:
        """By id the question and the texts of groups that were shown; a damaged one is left out."""
        found = ((name, opened(one), opened(other)) for name, one, other in self.rows("SELECT * FROM groups"))
        return {name: (one, other) for name, one, other in found if one is not None and other is not None}
