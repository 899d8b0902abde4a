"""What a check says, as objects: the report with its lines, findings and marks."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, convert

from truestep.derivations.language.faults import StatementFault
from truestep.library.given import Source
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.reports.model import Report as Shown

Says = Literal["right", "wrong", "undecided", "unreadable", "not_checked"]
ROW, REST = 90, 260  # pixels


class Witness(Struct, frozen=True):
    """Small values for which two sides differ, and both sides' values there."""

    values: dict[str, Any]
    left: Any
    right: Any
    index: dict[str, int] | None = None
    on_line: dict[str, Any] | None = None


class Place(Struct, frozen=True):
    """A place in the file, in lines and columns from 1; in a notebook also the cell, from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None


class Line(Struct, frozen=True):
    """One row of the work: what it says, how it was read, and what is said of it."""

    line: int
    verdict: Says
    text: str = ""
    evidence: str = ""
    witness: Witness | None = None
    reason: str = ""
    role: str = ""
    read: str = ""
    liberties: tuple[str, ...] = ()
    source: Place | None = None


class Final(Struct, frozen=True):
    """The final answer, and the line that it stands on."""

    verdict: Says
    line: int | None = None
    evidence: str = ""
    witness: Witness | None = None
    reason: str = ""


class Finding(Struct, frozen=True):
    """A mistake, a broken rule, or a slip of notation."""

    line: int | None
    kind: str
    code: str
    message: str
    span: tuple[int, int] | None = None
    args: dict[str, Any] = {}


class MarkItem(Struct, frozen=True, rename={"what": "for"}):
    """What one thing earned, of what, and why."""

    what: str
    earned: float | None
    of: float
    why: str


class Marks(Struct, frozen=True):
    """What was earned, of what; ``earned`` is None where a person has something to decide."""

    earned: float | None
    of: float
    items: tuple[MarkItem, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


class Convention(Struct, frozen=True):
    """What was assumed for the work as a whole."""

    code: str
    message: str
    from_line: int


class Question(Struct, frozen=True):
    """A reading that would make an undecided line right."""

    line: int
    as_written: str
    if_meant: str
    message: str


@dataclass(frozen=True)
class Report:
    """What a check says of a work: the verdict, the final answer, and every line.

    ``first_wrong`` is the place in ``lines`` of the first that a grader would dock.
    """

    verdict: Says
    final: Final
    first_wrong: int | None
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    marks: Marks | None
    conventions: tuple[Convention, ...]
    questions: tuple[Question, ...]
    record: Mapping[str, Any] = field(repr=False)
    source: Source = field(repr=False)
    problem: Problem = field(repr=False)
    reveal: str = field(default="none", repr=False)

    def to_json(self) -> str:
        """The check record."""
        return json.dumps(self.record)

    def to_html(self) -> str:
        """The report as one HTML page, without a script.  Raises StatementFault where a package is missing."""
        from truestep.reports.html_page import page

        return page(self.shown())

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from truestep.reports.markdown import markdown

        return markdown(self.shown())

    def shown(self) -> Shown:
        """The report as its renderings take it."""
        from truestep.reports.model import Report as Shown
        from truestep.reports.pieces import text_of
        from truestep.reports.record_part import part_of_record

        title = self.problem.title or self.problem.id or "Report"
        work = self.source.read(self.problem)
        part = part_of_record(dict(self.record), work, self.problem, title, self.reveal)
        return Shown(text_of(title), self.source.name or "the work", (part,))

    def _repr_html_(self) -> str | None:
        try:
            page = self.to_html()
        except StatementFault:  # the extra is missing: a notebook shows the Markdown
            return None
        height = REST + ROW * len(self.lines)
        frame = f'sandbox style="width: 100%; height: {height}px; border: 0; resize: vertical"'
        return f'<iframe title="Report" {frame} srcdoc="{html.escape(page)}"></iframe>'

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a shell without a browser shows: the report for a terminal."""
        from io import StringIO

        from truestep.output.printing import PAPER
        from truestep.reports.terminal import show

        text = StringIO()
        show(self.shown(), text, PAPER)
        printer.text(text.getvalue().rstrip())


def report_of(record: Mapping[str, Any], source: Source, problem: Problem, reveal: str = "none") -> Report:
    """The report that a check record says."""
    marks = record.get("marks")
    return Report(
        record["verdict"],
        convert(record["final"], Final),
        record["first_wrong_line"],
        convert(record["lines"], tuple[Line, ...]),
        convert(record["findings"], tuple[Finding, ...]),
        None if marks is None else convert(marks, Marks),
        convert(record.get("conventions", ()), tuple[Convention, ...]),
        convert(record.get("questions", ()), tuple[Question, ...]),
        record,
        source,
        problem,
        reveal,
    )
