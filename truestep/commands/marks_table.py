"""The marks of a class: one row of CSV for each submission."""

from __future__ import annotations

import csv
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from truestep.commands import status
from truestep.commands.readable import visible
from truestep.problems.findings.table import row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.handouts import Checked
    from truestep.problems.homework.homework import Homework

SUFFIXES = (".tex", ".latex", ".ltx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def write_table(names: Sequence[str], homework: Homework) -> int:
    """Write the table of all submissions, each as soon as it is marked; the exit status of all.

    Columns: the submission, what it earned in all, of what, each question, which questions a person has to look at, the
    codes of mistakes by question, and why a submission could not be read.
    """
    worth = {question.id: homework.worth(question) for question in homework.questions if question.is_answered}
    parts = [name for name, points in worth.items() if points is not None]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["submission", "marks", "of", *map(text, parts), "for a person", "mistakes", "fault"])
    statuses = []
    for path in submissions(names):
        row, state = _row(path, homework, parts)
        table.writerow(row)
        sys.stdout.flush()
        statuses.append(state)
    return status.of_all(statuses)


def submissions(names: Sequence[str]) -> Iterator[pathlib.Path]:
    """The files, and those within the folders that are handouts by their suffix, in order."""
    for name in names:
        path = pathlib.Path(name)
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
        else:
            yield path


def text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and no control character for another row.

    >>> text("=1+1"), text("1(a)"), text("mallory\\rvictim.tex")
    ("'=1+1", '1(a)', 'mallory victim.tex')
    """
    return f"'{visible(cell)}" if cell.startswith(FORMULA) else visible(cell)


def _row(path: pathlib.Path, homework: Homework, parts: Sequence[str]) -> tuple[list[str], int]:
    from truestep.checkers.documents import DocumentFault
    from truestep.checkers.documents.formats import LARGEST, decode
    from truestep.checkers.handouts import check_boxes
    from truestep.commands.saying import unread

    try:
        with path.open("rb") as file:
            source = decode(file.read(LARGEST + 1))
        checked = list(check_boxes(source, homework, path.stem))
    except OSError as fault:
        return _fault(path, unread(str(path), fault), parts), status.FAULT
    except DocumentFault as fault:
        return _fault(path, visible(str(fault)), parts), status.FAULT
    return _cells(path, checked, parts), status.of_all(status.of_record(one.record) for one in checked)


def _fault(path: pathlib.Path, message: str, parts: Sequence[str]) -> list[str]:
    return [text(str(path)), "", "", *("" for _ in parts), "", "", text(message)]


def _cells(path: pathlib.Path, checked: Sequence[Checked], parts: Sequence[str]) -> list[str]:
    from truestep.checkers.marking import total

    marks = {one.question.id: one.record["marks"] for one in checked if "marks" in one.record}
    whole = total(marks.values())
    person = [
        one.question.id
        for one in checked
        if "error" in one.record or marks.get(one.question.id, {}).get("for_a_person")
    ]
    faults = [f"{one.question.id}: {one.record['error']}" for one in checked if "error" in one.record]
    return [
        text(str(path)),
        amount(whole),
        f"{whole['of']:g}",
        *(amount(marks[name]) if name in marks else "" for name in parts),
        text("; ".join(person)),
        text("; ".join(filter(None, (_mistakes(one) for one in checked)))),
        text("; ".join(faults)),
    ]


def amount(marks: dict[str, Any]) -> str:
    """What was earned, or between what and what.

    >>> amount({"earned": 3, "of": 5}), amount({"earned": None, "at_least": 3, "at_most": 4.5, "of": 5})
    ('3', '3..4.5')
    """
    if marks["earned"] is None:
        return f"{marks['at_least']:g}..{marks['at_most']:g}"
    return f"{marks['earned']:g}"


def _mistakes(checked: Checked) -> str:
    """The codes of what was found in one box, each once, with the first line it is on."""
    first: dict[str, int | None] = {}
    for finding in checked.record.get("findings", ()):
        if row_of(finding["code"]).is_blamed:
            first.setdefault(finding["code"], finding["line"])
    codes = [code if line is None else f"{code} (line {line + 1})" for code, line in first.items()]
    return f"{checked.question.id}: {', '.join(codes)}" if codes else ""
