"""The marks of a class: one row of CSV for each submission."""

from __future__ import annotations

import csv
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from truestep.classes.tables import cell
from truestep.commands import status
from truestep.problems.findings.table import row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.handins.reading import Reader
    from truestep.checkers.handins.sources import Given
    from truestep.checkers.handouts import Checked
    from truestep.problems.homework.homework import Homework


def write_table(names: Sequence[str], homework: Homework) -> int:
    """Write the table of all submissions, each as soon as it is marked; the exit status of all.

    Columns: the file, what it earned in all, of what, each question, which questions a person has to look at, the
    codes of mistakes by question, and why a submission could not be read.
    """
    from truestep.checkers.handins.reading import Reader
    from truestep.checkers.handins.sources import given

    worth = {question.id: homework.worth(question) for question in homework.questions if question.is_answered}
    parts = [name for name, points in worth.items() if points is not None]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["submission", "marks", "of", *map(cell, parts), "for a person", "mistakes", "fault"])
    statuses = []
    reader = Reader(homework)
    for one in given(names):
        row, state = _row(one, reader, parts)
        table.writerow(row)
        sys.stdout.flush()
        statuses.append(state)
    return status.of_all(statuses)


def _row(given: Given, reader: Reader, parts: Sequence[str]) -> tuple[list[str], int]:
    from truestep.checkers.handins.reading import EMPTY, READ
    from truestep.checkers.handouts import check_document

    if given.fault:
        return _fault(given.name, given.fault, parts), status.FAULT
    document = reader.read(given.name, given.data)
    if document.state not in (READ, EMPTY):
        return _fault(given.name, "; ".join(document.said) or document.state, parts), status.FAULT
    identifier = pathlib.PurePath(given.name).stem
    checked = list(check_document(document, reader.homework, identifier))
    states = status.of_all(status.of_record(one.record) for one in checked)
    return _cells(given.name, checked, parts, document.said), states


def _fault(name: str, message: str, parts: Sequence[str]) -> list[str]:
    return [cell(name), "", "", *("" for _ in parts), "", "", cell(message)]


def _cells(name: str, checked: Sequence[Checked], parts: Sequence[str], said: Sequence[str]) -> list[str]:
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
        cell(name),
        amount(whole),
        f"{whole['of']:g}",
        *(amount(marks[name]) if name in marks else "" for name in parts),
        cell("; ".join(person)),
        cell("; ".join(filter(None, (_mistakes(one) for one in checked)))),
        cell("; ".join([*said, *faults])),
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
