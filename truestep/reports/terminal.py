"""A report at a terminal: in colour where there is one, in ASCII where the encoding has no more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from truestep.output.printing import (
    FOLDED,
    KEPT,
    Block,
    Column,
    Columns,
    Indented,
    Piece,
    Row,
    Styled,
    cells,
    cropped,
    print_parts,
)
from truestep.output.readable import Readable, visible
from truestep.problems.findings.row import CARRIED, FAULT, OPEN, RECOVERED
from truestep.reports import marks_shown
from truestep.reports.excerpt import within
from truestep.reports.model import READ_AS, sign
from truestep.reports.numerals import before, number

if TYPE_CHECKING:
    from truestep.reports.model import Advice, Aside, Case, Line, Marks, Part, Remark, Report, Revealed, Seen, Step
    from truestep.reports.pieces import Text

INDENT = 4
STYLES = {FAULT: "bold", OPEN: "yellow", CARRIED: "dim", RECOVERED: "cyan"}


def show(report: Report, file: TextIO | None = None, width: int | None = None) -> None:
    """Print a report."""
    print_parts(_terminal(file).report(report), file, width)


def show_part(part: Part, file: TextIO | None = None, width: int | None = None) -> None:
    """Print what a report says of one answer."""
    print_parts(_terminal(file).part(part), file, width)


def show_read(several: Sequence[Seen]) -> None:
    """Print formulas as they were read."""
    print_parts([_terminal().read(several)])


def _terminal(file: TextIO | None = None) -> _Terminal:
    encoding = getattr(file or sys.stdout, "encoding", None) or "utf-8"
    return _Terminal("utf" not in encoding.lower())


class Excerpt:
    """A line's source with carets under a place in it, as wide as there is room."""

    def __init__(self, source: str, span: tuple[int, int], dots: str) -> None:
        self.source, self.span, self.dots = source, span, dots

    def lines(self, width: int) -> Iterator[Row]:
        """The source, and the carets below it."""
        shown, caret = within(self.source, self.span, width, self.dots)
        yield [Piece(cropped(shown, width), "dim")]
        yield [Piece(cropped(caret, width), "red")]

    def widest(self) -> int:
        """The columns of the source."""
        return cells(visible(self.source))


class _Terminal:
    def __init__(self, is_plain: bool) -> None:
        self.is_plain = is_plain
        self.dots = ".." if is_plain else "…"
        self.readable = Readable()

    def report(self, report: Report) -> Iterator[Block]:
        yield Styled(self.text(report.title), style="bold")
        yield Styled(visible(report.submission), style="dim")
        if report.is_homework:
            yield Styled()
            yield self.overview(report)
        for part in report.written:
            yield Styled()
            if report.is_homework:
                yield Styled(self.heading(part), style="bold underline")
                yield Styled()
            yield from self.part(part)

    def overview(self, report: Report) -> Block:
        """The parts of a homework, each with its verdict and marks."""
        rows: list[tuple[str | Block, ...]] = [
            (self.heading(part), self.verdict(part.verdict), marks_shown.earned(part), self.text(part.state))
            for part in report.parts
        ]
        if report.marks:
            rows.append(("together", "", marks_shown.points(report.marks.total), ""))
        return Columns((FOLDED, KEPT, KEPT, FOLDED), rows)

    def heading(self, part: Part) -> str:
        return f"{visible(part.name)}  {self.text(part.title)}".strip()

    def part(self, part: Part) -> Iterator[Block]:
        yield Styled(f"{self.sign(part.verdict)} {self.text(part.headline)}", style=f"bold {sign(part.verdict).style}")
        if part.summary:
            yield Styled(" ".join(self.text(text) for text in part.summary))
        if part.marks:
            yield Styled(self.text(marks_shown.told(part.marks)))
        if part.lines:
            yield Styled()
        numbers = len(str(len(part.lines)))
        for place, line in enumerate(part.lines):
            yield from self.line(line, numbers, place + 1 == len(part.lines))
        if part.left_out:
            yield Styled(f"({part.left_out} more lines are not shown)", style="dim")
        yield from self.asides("Still to mend", part.rules)
        yield from self.asides("On notation", part.notes)
        yield from self.asides("For a person to look at", part.for_a_person)
        if part.notable:
            yield Styled("\nHow this was read", style="bold")
            yield self.read(part.notable)
        yield from self.items(part.marks)
        yield from self.revealed(part.revealed)

    def text(self, text: Text) -> str:
        return "".join(self.formula(piece.text) if piece.is_formula else visible(piece.text) for piece in text)

    def formula(self, latex: str) -> str:
        return " ".join(visible(latex).split()) if self.is_plain else self.readable(latex)

    def sign(self, verdict: str) -> str:
        return sign(verdict).ascii if self.is_plain else sign(verdict).sign

    def verdict(self, verdict: str) -> Styled:
        return Styled(f"{self.sign(verdict)} {sign(verdict).word}", style=sign(verdict).style)

    def line(self, line: Line, width: int, is_last: bool) -> Iterator[Block]:
        row = (str(line.number), self.verdict(line.verdict), self.formula(line.formula))
        yield Columns((Column(kept=True, side="right", least=width), KEPT, FOLDED), [row])
        details = list(self.details(line))
        if details:
            yield Indented(tuple(details), INDENT, below=0 if is_last else 1)

    def details(self, line: Line) -> Iterator[Block]:
        for remark in line.remarks:
            yield from self.remark(remark, line)
        if line.case:
            yield from self.case(line.case)
        for advice in line.advice:
            yield from self.advice(advice)

    def remark(self, remark: Remark, line: Line) -> Iterator[Block]:
        start = "Here it first goes wrong. " if line.is_first_wrong and remark is line.remarks[0] else ""
        yield Styled(start + self.text(remark.said), style=STYLES.get(remark.tone, ""))
        if remark.span:
            yield Styled(f"On line {line.at} of the file:", style="dim")
            yield Excerpt(line.source, remark.span, self.dots)

    def case(self, case: Case) -> Iterator[Block]:
        yield Styled("Try it with numbers:" if case.values else "In numbers:")
        rows = [(Styled(self.text(one.name)), Styled(number(one.value))) for one in (*case.values, *case.index)]
        rows += [(Styled(self.text(one.name), "bold"), Styled(number(one.value), "bold")) for one in case.sides]
        yield Columns((Column(kept=True, style="cyan"), FOLDED), rows)

    def advice(self, advice: Advice) -> Iterator[Block]:
        for label, text in advice.said:
            yield Styled(f"{label}: ", style="bold") + Styled(self.text(text))

    def asides(self, heading: str, asides: tuple[Aside, ...]) -> Iterator[Block]:
        if not asides:
            return
        yield Styled()
        yield Styled(heading, style="bold")
        for aside in asides:
            yield self.entry(before(aside.numbers) + self.text(aside.said))
            if aside.span:
                yield Indented((Excerpt(aside.source, aside.span, self.dots),), INDENT)

    def read(self, several: Iterable[Seen]) -> Block:
        """The formulas with their places and roles, and what each was read as where that is not what stands there."""
        rows = [(Styled(one.at, "dim"), one.role, "\n".join(self.reading(one))) for one in several]
        return Indented((Columns((KEPT, KEPT, FOLDED), rows),), 2)

    def reading(self, one: Seen) -> Iterator[str]:
        """A formula, how it was read, and what is said of that."""
        yield self.formula(one.written)
        if not one.is_same:
            yield f"{READ_AS} {self.formula(one.read)}"
        if one.note:
            yield f"({self.text(one.note)})"

    def entry(self, text: str) -> Block:
        return Columns((KEPT, FOLDED), [("  -" if self.is_plain else "  •", text)], gap=1)

    def items(self, given: Marks | None) -> Iterator[Block]:
        if given is None or not given.items:
            return
        yield Styled()
        yield Styled("Marks", style="bold")
        rows = [(self.text(item.what), marks_shown.points(item.marks), self.text(item.why)) for item in given.items]
        yield Indented((Columns((FOLDED, Column(kept=True, side="right"), FOLDED), rows),), 2)

    def revealed(self, shown: Revealed | None) -> Iterator[Block]:
        if shown is None:
            return
        if shown.rules:
            yield Styled()
            yield Styled("Rules that a derivation of this uses", style="bold")
            yield self.entry(", ".join(self.text(rule) for rule in shown.rules))
        if shown.answers:
            yield Styled()
            yield Styled("The answer", style="bold")
            for left, right in shown.answers:
                yield Indented((Styled(self.formula(f"{left} {right}".strip())),), INDENT)
        if shown.steps:
            yield Styled()
            yield Styled("A derivation", style="bold")
        for place, steps in enumerate(shown.steps):
            yield Indented((self.steps(steps),), INDENT, above=1 if place else 0)
        for note in shown.notes:
            yield Styled(self.text(note), style="dim")

    def steps(self, steps: tuple[Step, ...]) -> Block:
        rows = []
        for place, step in enumerate(steps):
            condition = f" if {step.condition}" if step.condition and not place else ""
            rows.append((self.formula(f"{step.left} {step.right}") + self.formula(condition), self.text(step.rule)))
        return Columns((FOLDED, Column(style="dim")), rows)
