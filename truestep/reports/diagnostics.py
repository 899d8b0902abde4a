"""What a check says, each finding with its place in the file: for editors, and for what runs on every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from truestep.output.readable import Readable, visible
from truestep.problems.findings.row import FAULT, NOTE, OPEN, RULE
from truestep.reports.excerpt import span_within
from truestep.reports.model import READ_AS
from truestep.reports.numerals import number
from truestep.reports.record_part import part_of_record
from truestep.reports.remarks import diagnosed, remark

if TYPE_CHECKING:
    from truestep.checkers.documents import Work
    from truestep.problems.statements.problem import Problem
    from truestep.reports.model import Case, Line
    from truestep.reports.pieces import Text

ERROR, WARNING, INFORMATION = "error", "warning", "note"
LEVELS = {"wrong": ERROR, "undecided": WARNING, "unreadable": WARNING}
Record = Mapping[str, Any]
Source = Mapping[str, int]


@dataclass(frozen=True)
class Diagnostic:
    """Something said of a place in a file: lines and columns from 1, in characters; in a notebook also the cell."""

    level: str
    code: str
    message: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    cell: int | None = None


def diagnostics(record: Record, work: Work, problem: Problem, text: str = "") -> list[Diagnostic]:
    """What a record says of each place of a work with this ``text``, in the order of the file.

    A line that is not right has one that says all of it, with a further one for each further place in it.
    """
    return Findings(record, work, problem, text).diagnostics()


class Findings:
    """What a record says of a work, by the places in the work's text."""

    def __init__(self, record: Record, work: Work, problem: Problem, text: str = "") -> None:
        self.record, self.text = record, text.split("\n")
        self.rows: list[Record] = [line for line in record["lines"] if "source" in line]
        self.part = part_of_record(dict(record), work, problem, "")
        self.readable = Readable()

    def diagnostics(self) -> list[Diagnostic]:
        """What is to be mended or looked at, in the order of the file."""
        several = [one for line in self.part.lines if line.verdict in LEVELS for one in self.of_line(line)]
        several += self.beside_lines()
        if self.part.verdict != "right" and all(one.level == INFORMATION for one in several):
            said = " ".join(self.told(text) for text in (self.part.headline, *self.part.summary))
            several.append(self.at(WARNING, self.part.verdict, said, None, None))
        return sorted(several, key=lambda one: (one.line, one.column))

    def told_at(self, line: int, column: int) -> str:
        """How the formula at a place was read, what is said of it, and numbers for which it fails; else nothing."""
        formulas = [one for one in (*self.rows, *self.record.get("context", ())) if _holds(one["source"], line, column)]
        if not formulas:
            return ""
        one = formulas[0]
        shown = next((row for row in self.part.lines if row.number - 1 == one.get("line")), None)
        role, verdict = str(one.get("role", "")), str(one.get("verdict", ""))
        said = [": ".join(filter(None, (role, verdict.replace("_", " ")))) + self._sure(one)]
        said += [f"{READ_AS} {self.readable(str(one['read']))}"] if one.get("read") else []
        said += [str(one["reason"])] if one.get("reason") else []
        said += [self.case(shown.case)] if shown is not None and shown.case else []
        return "\n".join(map(visible, said))

    def _sure(self, one: Record) -> str:
        return f" ({one['evidence']})" if one.get("evidence") else ""

    def of_line(self, line: Line) -> Iterator[Diagnostic]:
        """What is said of a line that is not right."""
        index = line.number - 1
        findings = [one for one in self.record["findings"] if one.get("line") == index]
        cards = [card.code for one in findings if (card := diagnosed(one)) is not None]
        codes = [str(one["code"]) for one in findings if remark(one, line.verdict).tone in (FAULT, OPEN)]
        code = next(iter([*cards, *codes]), line.verdict)
        first, *others = line.remarks or (None,)
        said = [self.told(one.said) for one in line.remarks] + ([self.case(line.case)] if line.case else [])
        said += [f"{label}: {self.told(text)}" for advice in line.advice for label, text in advice.said]
        head = "Here it first goes wrong. " if line.is_first_wrong else ""
        yield self.at(LEVELS[line.verdict], code, head + " ".join(said), index, first.span if first else None)
        for one in others:
            if one is not None and one.span is not None:
                yield self.at(LEVELS[line.verdict], code, self.told(one.said), index, one.span)

    def beside_lines(self) -> Iterator[Diagnostic]:
        """Slips of notation, and what the answer lacks."""
        verdicts = {line["line"]: line["verdict"] for line in self.record["lines"]}
        for finding in self.record["findings"]:
            index = finding.get("line")
            tone, said, _ = remark(finding, verdicts.get(index, ""))
            if tone in (NOTE, RULE) or (index is None and tone == FAULT):
                level = INFORMATION if tone == NOTE else WARNING
                yield self.at(level, str(finding["code"]), self.told(said), index, finding.get("span"))

    def told(self, text: Text) -> str:
        return "".join(self.readable(piece.text) if piece.is_formula else visible(piece.text) for piece in text)

    def case(self, case: Case) -> str:
        """The numbers for which a line fails."""
        values = [f"{self.told(name)} = {number(value)}" for name, value in (*case.values, *case.index)]
        sides = [f"{self.told(name)} {number(value)}" for name, value in case.sides]
        return f"For {', '.join(values)}: {', '.join(sides)}." if values else f"{', '.join(sides)}."

    def at(self, level: str, code: str, message: str, index: Any, span: Any) -> Diagnostic:
        """Something said of a span in a row; of what no row is named for, at the final answer."""
        final = self.record["final"].get("line")
        index = index if isinstance(index, int) else final if isinstance(final, int) else len(self.rows) - 1
        if not 0 <= index < len(self.rows):
            return Diagnostic(level, code, message)
        source, text = self.rows[index]["source"], self.rows[index]["text"]
        cell = source.get("cell")
        inside = span_within(span, len(text))
        if inside is None:
            end = (source.get("end_line", source["line"]), source.get("end_column", source["column"]))
            return Diagnostic(level, code, message, source["line"], source["column"], *end, cell)
        start, (line, column) = self.place(source, text, inside[0]), self.place(source, text, inside[1] - 1)
        return Diagnostic(level, code, message, *start, line, column + 1, cell)

    def place(self, source: Source, text: str, offset: int) -> tuple[int, int]:
        """The place in the file of a character of a row; later lines of a row may be indented or quoted there."""
        above = text[:offset].split("\n")
        line, column = source["line"] + len(above) - 1, len(above[-1])
        if len(above) == 1:
            return line, source["column"] + column
        own = text.split("\n")[len(above) - 1]
        there = self.text[line - 1].find(own) if line <= len(self.text) else -1
        return line, max(there, 0) + column + 1


def _holds(source: Source, line: int, column: int) -> bool:
    """Whether a place lies in a formula."""
    end = (source.get("end_line", source["line"]), source.get("end_column", source["column"]))
    return (source["line"], source["column"]) <= (line, column) <= end
