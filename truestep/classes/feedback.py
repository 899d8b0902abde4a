"""Reports as the files in which platforms take feedback back: by their names it is known whose each is."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.checkers.documents.formats import decode
from truestep.checkers.documents.work import DocumentFault
from truestep.checkers.handins.layouts import SECRET, STAMP, moodle_folder
from truestep.checkers.handins.reading import Reader
from truestep.classes.gradebooks import Notebook, below_submitted, moodle_number, notebook_at, notebooks_of, points_of
from truestep.classes.tables import csv_of
from truestep.output.readable import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from truestep.classes.gradebooks import Book
    from truestep.classes.store import Store
    from truestep.classes.totals import Row
    from truestep.problems.homework.homework import Homework

LONGEST = 200  # bytes of a name: file systems take 255
NOWHERE = ("", ".", "..")
ODD = re.compile(r"[^\w.@-]+")


def report_names(book: Book, suffix: str) -> Iterator[tuple[Row, str]]:
    """What the report of each student is called, where it goes to no platform."""
    for row in book.rows:
        yield row, (ODD.sub("-", row.key).strip("-.")[:80] or "student") + suffix


def moodle_names(book: Book, suffix: str) -> Iterator[tuple[Row, str]]:
    """Where the feedback for each student lies in the archive that Moodle takes: as in its download.

    A student of whom neither the download nor the list tells a number has none.  Source: Moodle's
    ``mod/assign/feedback/file/importziplib.php``, which splits the name of a folder at its underscores.
    """
    for row in book.rows:
        own = next((folder for file in row.files if (folder := moodle_folder(file))), "")
        number = moodle_number(book, row)
        if not own and number.isdecimal():
            own = f"{row.name.replace('_', ' ') or 'Participant'}_{number}_assignsubmission_file"
        if own:
            yield row, f"{safe(own)}/feedback{suffix}"


def nbgrader_names(book: Book, suffix: str) -> Iterator[tuple[Row, str]]:
    """Where the feedback for each student lies in nbgrader's folders: ``feedback/STUDENT/ASSIGNMENT/NAME``."""
    for row in book.rows:
        for path in notebooks_of(row) or [Notebook(row.key, book.name, book.name)]:
            student, assignment, name = (safe(part) for part in path)
            yield row, f"feedback/{student}/{assignment}/{name}{suffix}"


def nbgrader_files(store: Store) -> Iterator[tuple[str, bytes]]:
    """What ``nbgrader release_feedback`` needs beside the feedback: the files that it laid beside the notebooks."""
    for file in sorted(store.files(), key=lambda one: one.run):
        found = below_submitted(file.name)
        if found is not None and found[2] in (STAMP, SECRET) and (data := store.copy_of(file.digest)) is not None:
            yield f"feedback/{safe(found[0])}/{safe(found[1])}/{found[2]}", data


CELLS = "assignment notebook student_id grade_id question score max_score".split()


def cell_marks(store: Store, homework: Homework, book: Book) -> bytes:
    """The marks of the cells that nbgrader grades by hand, by their ids; no score where a person decides."""
    reader = Reader(homework)
    latest = {file.name: file.digest for file in sorted(store.files(), key=lambda one: one.run)}
    return csv_of(CELLS, (cells for row in book.rows for cells in _cells(store, reader, latest, book, row)))


def _cells(store: Store, reader: Reader, latest: Mapping[str, str], book: Book, row: Row) -> Iterator[list[str]]:
    """The first cell of a question has its marks, and others of the same question none."""
    seen: set[str] = set()
    for file in row.files:
        path, data = notebook_at(file), store.copy_of(latest.get(file, ""))
        for name, question in _graded(reader, data) if path is not None and data is not None else ():
            mark = row.marks.get(question)
            if path is not None and mark is not None:
                score = points_of(mark.low, mark.high, book.open_as) if question not in seen else "0"
                seen.add(question)
                yield [path.assignment, path.name, path.student, name, question, score, f"{mark.of:g}"]


def _graded(reader: Reader, data: bytes) -> list[tuple[str, str]]:
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError, DocumentFault):
        return [(name, question) for name, question, _ in reader.graded_cells(decode(data))]
    return []


def safe(name: str) -> str:
    """A name that leads to no other folder, and that a file system takes.

    >>> safe("../a"), safe(".."), len(safe("é" * 300).encode())
    ('..-a', '-', 200)
    """
    plain = visible(name).replace("/", "-").replace("\\", "-")
    plain = plain.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
    return "-" if plain.strip() in NOWHERE else plain


def apart(names: Iterable[tuple[Row, str]]) -> Iterator[tuple[str, str]]:
    """The key of each student with the name, a number before the ending where another one has it."""
    taken: set[str] = set()
    for row, name in names:
        stem, dot, suffix = name.rpartition(".")
        number, one = 1, name
        while one.casefold() in taken:
            number += 1
            one = f"{stem}-{number}{dot}{suffix}"
        taken.add(one.casefold())
        yield row.key, one


NAMES = {"reports": report_names, "moodle-feedback": moodle_names, "nbgrader": nbgrader_names}
