"""Checking a filled-in handout, box by box."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from truestep import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.boxes import Checked
    from problems.homework import Homework


def check_homework(data: bytes, name: str, homework: Homework, write: Callable[[str], None] | None) -> int:
    """Check every box of a handout; with ``write``, each record is written as JSON, else there is a report.

    Returns the exit status of all.  Raises DocumentFault where the handout's marks are damaged.
    """
    from checkers.boxes import check_boxes
    from checkers.documents.formats import decode

    source = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    statuses = []
    for checked in check_boxes(source, homework, name):
        statuses.append(status.of_record(checked.record))
        if write is not None:
            write(status.as_json(checked.record))
        else:
            _report(checked, name, homework)
    return status.of_all(statuses)


def _report(checked: Checked, name: str, homework: Homework) -> None:
    from truestep.report import show

    question = checked.question
    title = f"{question.id}" + (f" ({question.title})" if question.title else "")
    show(checked.record, checked.rows, name, f"{title} of {homework.title}")
    sys.stdout.write("\n")
