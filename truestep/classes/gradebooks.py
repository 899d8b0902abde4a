"""What a class earned, as tables: one row for each student, and one for each file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from truestep.classes.tables import csv_of
from truestep.classes.totals import amount, neat

if TYPE_CHECKING:
    from collections.abc import Sequence

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
