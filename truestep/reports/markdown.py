"""A report as Markdown, as GitHub reads it; what a person wrote stands in code, or is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from truestep.output.readable import Readable, readable, visible
from truestep.reports import marks_shown
from truestep.reports.excerpt import within
from truestep.reports.model import READ_AS, sign
from truestep.reports.numerals import before, number

if TYPE_CHECKING:
    from truestep.reports.model import Advice, Aside, Case, Line, Marks, Part, Report, Revealed, Seen, Step
    from truestep.reports.pieces import Text

WIDE = 96
LONGEST_ROW = 600
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~&$=^]|^\s*-|(?<=^\d)[.)]|(?<=^\d\d)[.)])")
# what GitHub makes a link or a picture of by itself, even where it is escaped
_LINKED = re.compile(r"(\S*(?:@|://|www\.|#\d|:\w+:)\S*)", re.IGNORECASE)


def markdown(report: Report) -> str:
    """The report as a Markdown text."""
    return "\n".join(_report(report)).rstrip() + "\n"


def escaped(text: str) -> str:
    r"""A text of which nothing is read as Markdown or HTML, with the blanks at its ends kept.

    >>> print(escaped("[a](b) <i> 1. *x*"))
    \[a\](b) \<i\> 1. \*x\*
    """
    parts = _LINKED.split(re.sub(r"\s+", " ", visible(text)))
    return "".join(code(part) if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """A text in a code span, with as many backticks around it as it takes.

    >>> print(code("a ` b"))
    ``a ` b``
    """
    shown = " ".join(visible(text).split()) or " "
    shown = shown if len(shown) <= LONGEST_ROW else shown[:LONGEST_ROW] + " …"
    ticks = "`" * (_longest_run(shown) + 1)
    room = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{room}{shown}{room}{ticks}"


def fenced(lines: tuple[str, ...], kind: str = "") -> list[str]:
    """Lines as they are, in a block of code."""
    fence = "`" * max(3, *(_longest_run(line) + 1 for line in lines))
    return [f"{fence}{kind}", *lines, fence, ""]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _said(text: Text) -> str:
    """A sentence with its formulas in code."""
    return "".join(code(readable(piece.text)) if piece.is_formula else escaped(piece.text) for piece in text)


def _cell(text: str) -> str:
    """What stands in a table, where a bar would end it."""
    return re.sub(r"\\*\|", r"\\|", text)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    made = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (heads, *rows)]
    return [made[0], "|" + "---|" * len(heads), *made[1:], ""]


def _verdict(verdict: str) -> str:
    return f"{sign(verdict).sign} {sign(verdict).word}"


def _report(report: Report) -> Iterator[str]:
    yield from (f"# {_said(report.title).strip() or 'Report'}", "", f"A report on {code(report.submission)}", "")
    if report.is_homework:
        yield from _overview(report)
    rows_read = Readable()
    for part in report.written:
        if report.is_homework:
            yield from (f"## {_heading(part)}", "")
        yield from _part(part, "###" if report.is_homework else "##", rows_read)


def _overview(report: Report) -> list[str]:
    """The parts of a homework, each with its verdict, and its marks where there are any."""
    heads: tuple[str, ...] = ("Part", "Verdict", "Marks", "At a glance")
    rows: list[tuple[str, ...]] = [
        (_heading(part), _verdict(part.verdict), marks_shown.earned(part), _said(part.state)) for part in report.parts
    ]
    if report.marks:
        rows.append(("**Together**", "", f"**{marks_shown.points(report.marks.total)}**", ""))
    else:
        heads, rows = (heads[:2] + heads[3:]), [row[:2] + row[3:] for row in rows]
    return _table(heads, rows)


def _heading(part: Part) -> str:
    return f"{escaped(part.name)} {_said(part.title)}".rstrip()


def _part(part: Part, level: str, read: Readable) -> Iterator[str]:
    yield from (f"**{sign(part.verdict).sign} {_said(part.headline)}**", "")
    told = [*part.summary, *([marks_shown.told(part.marks)] if part.marks else [])]
    if told:
        yield from (" ".join(_said(text) for text in told), "")
    if part.lines:
        rows = [(str(line.number), _verdict(line.verdict), code(read(line.formula))) for line in part.lines]
        yield from _table(("Line", "Verdict", "What you wrote"), rows)
    if part.left_out:
        yield from (f"{part.left_out} more lines are not shown.", "")
    for line in part.lines:
        if line.remarks or line.case or line.advice:
            yield from _line(line, level)
    yield from _asides(f"{level} Still to mend", part.rules)
    yield from _asides(f"{level} On notation", part.notes)
    yield from _asides(f"{level} For a person to look at", part.for_a_person)
    yield from _read(f"{level} How this was read", part.notable)
    yield from _items(f"{level} Marks", part.marks)
    yield from _revealed(level, part.revealed)


def _line(line: Line, level: str) -> Iterator[str]:
    yield from (f"{level} Line {line.number}: {_verdict(line.verdict)}", "")
    for remark in line.remarks:
        lead = "**Here it first goes wrong.** " if line.is_first_wrong and remark is line.remarks[0] else ""
        yield from (lead + _said(remark.said), "")
        if remark.span:
            yield from (f"On line {line.at} of the file:", "")
            yield from fenced(within(line.source, remark.span, WIDE))
    if line.case:
        yield from _case(line.case)
    for advice in line.advice:
        yield from _advice(advice)


def _case(case: Case) -> Iterator[str]:
    rows = [(_said(entry.name), code(number(entry.value))) for entry in (*case.values, *case.index)]
    rows += [(f"**{_said(side.name)}**", code(number(side.value))) for side in case.sides]
    yield from _table(("Try it with numbers" if case.values else "In numbers", "Value"), rows)


def _advice(advice: Advice) -> Iterator[str]:
    for label, text in advice.said:
        yield from (f"**{label}:** {_said(text)}", "")


def _asides(heading: str, asides: tuple[Aside, ...]) -> Iterator[str]:
    if not asides:
        return
    yield from (heading, "")
    for aside in asides:
        yield f"- {before(aside.numbers)}{_said(aside.said)}"
        if aside.span:
            yield ""
            yield from (f"  {shown}".rstrip() for shown in fenced(within(aside.source, aside.span, WIDE)))
    yield ""


def _read(heading: str, several: Sequence[Seen]) -> Iterator[str]:
    if not several:
        return
    yield from (heading, "")
    rows = []
    for one in several:
        read = "" if one.is_same else code(readable(one.read))
        rows.append((one.at, one.role, code(readable(one.written)), " ".join(filter(None, (read, _said(one.note))))))
    yield from _table(("Place", "Role", "What you wrote", READ_AS.capitalize()), rows)


def _items(heading: str, marks: Marks | None) -> Iterator[str]:
    if marks is None or not marks.items:
        return
    yield from (heading, "")
    rows = [(_said(item.what), marks_shown.points(item.marks), _said(item.why)) for item in marks.items]
    yield from _table(("For", "Marks", "Why"), [*rows, ("**Together**", f"**{marks_shown.points(marks.total)}**", "")])


def _revealed(level: str, shown: Revealed | None) -> Iterator[str]:
    if shown is None:
        return
    if shown.rules:
        yield from (f"{level} Rules that a derivation of this uses", "")
        yield from (*(f"- {_said(rule)}" for rule in shown.rules), "")
    if shown.answers:
        yield from (f"{level} The answer", "")
        for left, right in shown.answers:
            yield from fenced((" ".join(visible(f"{left} {right}").split()),), "math")
    if shown.steps:
        yield from (f"{level} A derivation", "")
    for steps in shown.steps:
        rows = [(code(readable(_row(step, place))), _said(step.rule)) for place, step in enumerate(steps)]
        yield from _table(("Step", "Rule"), rows)
    for note in shown.notes:
        yield from (_said(note), "")


def _row(step: Step, place: int) -> str:
    return f"{step.left} {step.right}" + (f" if {step.condition}" if step.condition and not place else "")
