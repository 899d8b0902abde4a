"""Checking a filled-in handout, box by box."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from truestep import status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from checkers.boxes import Checked
    from problems.homework import Homework


def check_homework(data: bytes, name: str, homework: Homework, write: Callable[[str], None] | None) -> int:
    """Check every box of a handout; with ``write``, each record is written as JSON, else there is a report.

    Returns the exit status of all.  Raises DocumentFault where the handout's marks are damaged.
    """
    from checkers.boxes import check_boxes
    from checkers.documents.formats import decode
    from checkers.marking import total

    source = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    statuses, marks = [], []
    for checked in check_boxes(source, homework, name):
        statuses.append(status.of_record(checked.record))
        marks += [checked.record["marks"]] if "marks" in checked.record else []
        if write is not None:
            write(status.as_json(checked.record))
        else:
            _report(checked, name, homework)
    if write is None and marks:
        sys.stdout.write(f"Marks in all: {said(total(marks))}.\n")
    return status.of_all(statuses)


def said(marks: Mapping[str, Any]) -> str:
    """Marks in words.

    >>> said({"earned": 3, "of": 5}), said({"earned": None, "at_least": 3, "at_most": 4.5, "of": 5})
    ('3 of 5', 'between 3 and 4.5 of 5')
    """
    if marks["earned"] is None:
        return f"between {marks['at_least']:g} and {marks['at_most']:g} of {marks['of']:g}"
    return f"{marks['earned']:g} of {marks['of']:g}"


def _report(checked: Checked, name: str, homework: Homework) -> None:
    from truestep.report import show

    question = checked.question
    title = f"{question.id}" + (f" ({question.title})" if question.title else "")
    show(checked.record, checked.rows, name, f"{title} of {homework.title}")
    sys.stdout.write("\n")
