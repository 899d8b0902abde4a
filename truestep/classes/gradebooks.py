"""What a class earned, as tables: one row for each student or file, and the gradebooks that platforms take back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from truestep.classes.tables import csv_of
from truestep.classes.totals import amount, neat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.classes.roster import Person
    from truestep.classes.store import FileRow
    from truestep.classes.students import Class
    from truestep.classes.totals import Row


def marks_table(rows: Sequence[Row], questions: Sequence[str]) -> bytes:
    """One row for each student: marks as ``3..5`` where a person decides."""
    header = ["id", "name", "email", "section", "marks", "of", *questions]
    header += ["state", "late", "for a person", "mistakes", "said", "file"]
    return csv_of(header, (_cells(row, questions) for row in rows))


def _cells(row: Row, questions: Sequence[str]) -> list[str]:
    marks = [(name, row.marks[name]) for name in questions if name in row.marks]
    return [
        row.id or row.key,
        row.name,
        row.email,
        row.section,
        amount(row.low, row.high),
        f"{neat(row.of):g}",
        *(amount(mark.low, mark.high) for _, mark in marks),
        row.state,
        row.late,
        "; ".join(name for name, mark in marks if mark.is_open),
        "; ".join(f"{name}: {', '.join(mark.codes)}" for name, mark in marks if mark.codes),
        "; ".join(row.said),
        row.file,
    ]


def files_table(rows: Sequence[FileRow], found: Class) -> bytes:
    """One row for each file that was ever given: whose it is, whether it counts, and what is to be said of it."""
    counted = {
        (row.name, row.digest)
        for student in found.students.values()
        if student.counted is not None
        for row in student.counted.files
    }
    return csv_of(
        ["file", "student", "state", "counts", "said"],
        (
            [
                row.name,
                found.by_file.get((row.name, row.digest), ""),
                row.form,
                "yes" if (row.name, row.digest) in counted else "no",
                "; ".join(json.loads(row.told)["said"] if row.told else [row.fault]),
            ]
            for row in rows
        ),
    )


class Book(NamedTuple):
    """A gradebook: its rows in order, what the homework is called and worth, and who is who on the roster."""

    rows: Sequence[Row]
    title: str
    of: float
    questions: Mapping[str, float]
    roster: Mapping[str, Person]
    open_as: str = ""  # "least" or "most", where a person has not decided; else the cell stays empty

    def total(self, row: Row) -> str:
        """The total of a student."""
        return _points(row.low, row.high, self.open_as)

    def of_roster(self, row: Row, *titles: str) -> str:
        """What the roster says of a student in the first of some columns that it has."""
        person = self.roster.get(row.key)
        columns = {title.casefold(): value for title, value in person.columns.items()} if person is not None else {}
        return next((columns[title.casefold()] for title in titles if title.casefold() in columns), "")


def _points(low: float, high: float, open_as: str) -> str:
    if neat(low) != neat(high) and not open_as:
        return ""
    return f"{neat(high if open_as == 'most' else low):g}"


def _plain(book: Book) -> bytes:
    header = ["id", "name", "email", "section", "marks", "of", *book.questions]
    return csv_of(header, (_plain_row(book, row) for row in book.rows))


def _plain_row(book: Book, row: Row) -> list[str]:
    return [row.key, row.name, row.email, row.section, book.total(row), f"{book.of:g}", *_each(book, row)]


def _each(book: Book, row: Row) -> list[str]:
    return [_points(row.marks[name].low, row.marks[name].high, book.open_as) for name in book.questions]


def _gradescope(book: Book) -> bytes:
    header = ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status"]
    header += ["Submission Time", *(f"{name} ({points:g} pts)" for name, points in book.questions.items())]
    return csv_of(header, (_gradescope_row(book, row) for row in book.rows))


def _gradescope_row(book: Book, row: Row) -> list[str]:
    total = book.total(row)
    status = "Missing" if row.state == "nothing handed in" else "Graded" if total else "Ungraded"
    who = [*_names(row.name), row.id, row.email, row.section]
    return [*who, total, f"{book.of:g}", status, row.at, *_each(book, row)]


def _names(name: str) -> tuple[str, str]:
    """First and last name, as they are written: Doe, Jane or Jane Doe."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return first, last


def _canvas(book: Book) -> bytes:
    person = next(iter(book.roster.values()), None)
    titles = list(person.columns) if person is not None else []
    column = next((title for title in titles if title.startswith(f"{book.title} (") or title == book.title), book.title)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    worth = ["    Points Possible", "", "", "", "", f"{book.of:g}"]
    return csv_of(header, [worth, *(_canvas_row(book, row) for row in book.rows)])


def _canvas_row(book: Book, row: Row) -> list[str]:
    known = row.key in book.roster
    own = book.of_roster(row, "ID", "Canvas ID", "Canvas User ID") if known else row.id
    return [
        book.of_roster(row, "Student") or row.name,
        own or row.id,
        book.of_roster(row, "SIS User ID") or (row.id if known else ""),
        book.of_roster(row, "SIS Login ID", "login"),
        book.of_roster(row, "Section") or row.section,
        book.total(row),
    ]


def _moodle(book: Book) -> bytes:
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Feedback comments"]
    return csv_of(header, (_moodle_row(book, row) for row in book.rows))


def _moodle_row(book: Book, row: Row) -> list[str]:
    identifier = book.of_roster(row, "Identifier") or book.of_roster(row, "Moodle ID") or row.id
    identifier = identifier if identifier.startswith("Participant ") else f"Participant {identifier}"
    status = "No submission" if row.state == "nothing handed in" else "Submitted for grading"
    comments = "; ".join(f"{name}: {amount(mark.low, mark.high)} of {mark.of:g}" for name, mark in row.marks.items())
    return [identifier, row.name, row.email, status, book.total(row), f"{book.of:g}", comments]


GRADEBOOKS = {"plain": _plain, "gradescope": _gradescope, "canvas": _canvas, "moodle": _moodle}
