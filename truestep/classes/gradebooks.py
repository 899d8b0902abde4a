"""What a class earned, as tables: one row for each student or file, and the gradebooks that platforms take back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from truestep.classes.students import BY_HAND, PASSED
from truestep.classes.tables import csv_of
from truestep.classes.totals import amount, neat
from truestep.problems.homework.lateness import moment

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
                BY_HAND if row.form == PASSED and (row.name, row.digest) in found.by_file else row.form,
                "yes" if (row.name, row.digest) in counted else "no",
                "; ".join(json.loads(row.told)["said"] if row.told else [row.fault]),
            ]
            for row in rows
        ),
    )


class Book(NamedTuple):
    """A gradebook: its rows in order, what the homework is called and worth, and who is who on the platform's list."""

    rows: Sequence[Row]
    title: str
    of: float
    questions: Mapping[str, float]
    roster: Mapping[str, Person]
    open_as: str = ""  # "least" or "most", where a person has not decided; else the cell stays as it is
    due: str = ""
    name: str = ""

    def total(self, row: Row) -> str:
        """The total of a student; empty where a person has not decided."""
        return points_of(row.low, row.high, self.open_as)

    def of_roster(self, row: Row, *titles: str) -> str:
        """What the list says of a student in the first of some columns that it has."""
        person = self.roster.get(row.key)
        columns = {title.casefold(): value for title, value in person.columns.items()} if person is not None else {}
        return next((columns[title.casefold()] for title in titles if title.casefold() in columns), "")

    @property
    def titles(self) -> list[str]:
        """The columns of the list."""
        return list(next(iter(self.roster.values())).columns) if self.roster else []


def points_of(low: float, high: float, open_as: str) -> str:
    """What was earned as a cell; empty where it is open, and neither the least nor the most of it counts.

    >>> points_of(3, 3, ""), points_of(3, 4, ""), points_of(3, 4, "most")
    ('3', '', '4')
    """
    if neat(low) != neat(high) and not open_as:
        return ""
    return f"{neat(high if open_as == 'most' else low):g}"


def _plain(book: Book) -> bytes:
    header = ["id", "name", "email", "section", "marks", "of", *book.questions]
    return csv_of(header, (_plain_row(book, row) for row in book.rows))


def _plain_row(book: Book, row: Row) -> list[str]:
    return [row.key, row.name, row.email, row.section, book.total(row), f"{book.of:g}", *_each(book, row)]


def _each(book: Book, row: Row) -> list[str]:
    return [points_of(row.marks[name].low, row.marks[name].high, book.open_as) for name in book.questions]


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


def _canvas_column(book: Book) -> str:
    titles = book.titles
    return next((title for title in titles if title.startswith(f"{book.title} (") or title == book.title), book.title)


def _canvas(book: Book) -> bytes:
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", _canvas_column(book)]
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
        book.total(row) or book.of_roster(row, _canvas_column(book)),
    ]


# what Moodle takes a worksheet for: it refuses one without the time of the last change
_MOODLE = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Last modified (grade)")
_COMMENTS = "Feedback comments"


def _moodle(book: Book) -> bytes:
    titles = book.titles
    header = titles if {"Identifier", "Grade"} <= set(titles) else list(_MOODLE)
    header = header if _COMMENTS in header else [*header, _COMMENTS]
    return csv_of(header, (_moodle_row(book, row, header) for row in book.rows))


def _moodle_row(book: Book, row: Row, header: Sequence[str]) -> list[str]:
    """What the worksheet says of a student, with the grade and the comments filled in."""
    number = moodle_number(book, row)
    status = "No submission" if row.state == "nothing handed in" else "Submitted for grading"
    said = {"Full name": row.name, "Email address": row.email, "Status": status, "Maximum grade": f"{book.of:g}"}
    told = {title: book.of_roster(row, title) or said.get(title, "") for title in header}
    comments = "; ".join(f"{name}: {amount(mark.low, mark.high)} of {mark.of:g}" for name, mark in row.marks.items())
    told |= {"Identifier": f"Participant {number}", "Grade": book.total(row) or told.get("Grade", "")}
    return [{**told, _COMMENTS: comments}[title] for title in header]


def moodle_number(book: Book, row: Row) -> str:
    """The number under which an assignment in Moodle knows a student."""
    known = book.of_roster(row, "Identifier") or book.of_roster(row, "Moodle ID") or row.id
    return known.removeprefix("Participant ")


_NBGRADER = "assignment duedate timestamp student_id last_name first_name email".split()
_NBGRADER_SCORES = "raw_score late_submission_penalty score max_score".split()


def _nbgrader(book: Book) -> bytes:
    """What ``nbgrader export`` writes.

    Source: nbgrader's CsvExportPlugin.
    """
    return csv_of([*_NBGRADER, *_NBGRADER_SCORES], (_nbgrader_row(book, row) for row in book.rows))


def _nbgrader_row(book: Book, row: Row) -> list[str]:
    first, last = _names(row.name)
    score, earned = (
        book.total(row),
        sum(mark.high if book.open_as == "most" else mark.low for mark in row.marks.values()),
    )
    raw = max(neat(earned), float(score)) if score else 0.0
    scores = [str(raw), str(neat(raw - float(score))), str(float(score))] if score else ["", "", ""]
    student, name, _ = next(iter(notebooks_of(row)), Notebook(row.key, book.name, ""))
    return [name, _in_utc(book.due), _in_utc(row.at), student, last, first, row.email, *scores, str(float(book.of))]


def _in_utc(at: str) -> str:
    """A time as nbgrader keeps it; one of which the zone is not told as it is."""
    found = moment(at)
    if found is None:
        return at
    return str(found if found.tzinfo is None else found.astimezone(datetime.UTC).replace(tzinfo=None))


class Notebook(NamedTuple):
    """Where a notebook lies in nbgrader's folders."""

    student: str
    assignment: str
    name: str


def below_submitted(file: str) -> tuple[str, str, str] | None:
    """Of a file in nbgrader's folders the student, the assignment and its name; None of any other.

    >>> below_submitted("course/submitted/ann/hw1/norms.ipynb")
    ('ann', 'hw1', 'norms.ipynb')
    """
    *above, name = file.split("/")
    place = next((place for place, part in enumerate(above[:-2]) if part == "submitted"), None)
    return None if place is None else (above[place + 1], above[place + 2], name)


def notebook_at(file: str) -> Notebook | None:
    """The notebook that a file in nbgrader's folders is; None where it is none."""
    found = below_submitted(file)
    if found is None or not found[2].endswith(".ipynb"):
        return None
    return Notebook(*found[:2], found[2].removesuffix(".ipynb"))


def notebooks_of(row: Row) -> list[Notebook]:
    """The notebooks that a student handed in, and that lie in nbgrader's folders."""
    return [found for file in row.files if (found := notebook_at(file)) is not None]


class Form(NamedTuple):
    """A gradebook of a platform: the table, and the column in which the platform's own list has the grade."""

    table: Callable[[Book], bytes]
    column: Callable[[Book], str]


GRADEBOOKS = {
    "plain": Form(_plain, lambda book: "marks"),
    "gradescope": Form(_gradescope, lambda book: "Total Score"),
    "canvas": Form(_canvas, _canvas_column),
    "moodle": Form(_moodle, lambda book: "Grade"),
    "nbgrader": Form(_nbgrader, lambda book: "score"),
}
