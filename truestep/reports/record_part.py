"""The part of a report that one check record makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.checkers.documents import Row
from truestep.reports import making
from truestep.reports.levels import LEVELS
from truestep.reports.revealing import revealed

if TYPE_CHECKING:
    from truestep.checkers.documents import Work
    from truestep.problems.statements.problem import Problem
    from truestep.reports.model import Part


def part_of_record(
    record: dict[str, Any], work: Work, problem: Problem, title: str, reveal: str = "none", name: str = ""
) -> Part:
    """The part of a report on a record and the work that it speaks of, with as much of the solution as is revealed."""
    level = LEVELS.index(reveal)
    shown = None if record.get("verdict") == "right" and reveal == "hint" else revealed(problem, reveal)
    lines = [line for line in record.get("lines", ()) if "source" in line]
    rows = [Row(line["text"], line["source"]["line"], line["source"]["column"]) for line in lines]
    spoken_of = making.Work(rows or work.rows, work.macros, problem, is_hinted=level > 0, is_revealed=level > 1)
    return making.part_of(record, spoken_of, title, name, shown)
