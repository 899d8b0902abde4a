"""The report of a check, for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from truestep.readable import readable, visible

if TYPE_CHECKING:
    from checkers.documents import Row

Record = Mapping[str, Any]


class Mark(NamedTuple):
    """How a verdict looks: a sign, the same where only ASCII can be shown, and a colour."""

    sign: str
    ascii: str
    style: str


MARKS = {
    "right": Mark("✓", "+", "green"),
    "wrong": Mark("✗", "x", "bold red"),
    "undecided": Mark("?", "?", "yellow"),
    "unreadable": Mark("!", "!", "magenta"),
    "not_checked": Mark("·", "-", "dim"),
}


def show(
    record: Record,
    rows: Sequence[Row],
    name: str,
    problem: str,
    file: TextIO | None = None,
    width: int | None = None,
) -> None:
    """Print the report of a check record whose lines are `rows`."""
    stream = file or sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        for part in _parts(record, rows, f"{name}, problem {problem}", "utf" not in console.encoding.lower()):
            console.print(part)
    # cells are filled up with blanks, which nobody needs in a file
    lines = (line if console.is_terminal else line.rstrip() for line in captured.get().split("\n"))
    stream.write("\n".join(lines))


def _parts(record: Record, rows: Sequence[Row], title: str, plain: bool) -> Iterator[RenderableType]:
    yield Text(visible(title), style="bold")
    yield Text()
    yield _lines(record, rows, plain)
    for finding in _findings(record, None):
        yield Text(f"Note: {visible(str(finding.get('message', '')))}")
    yield Text()
    for sentence in summary(record, rows):
        yield Text(sentence)


def _lines(record: Record, rows: Sequence[Row], plain: bool) -> Table:
    """The table of lines, each with what was found about it."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in record.get("lines") or ():
        index = int(line.get("line", 0))
        row = rows[index] if 0 <= index < len(rows) else None
        formula = Text(_formula(row.text if row else "", plain), overflow="fold")
        details = _details(record, line, row.text if row else "")
        place = f"line {row.line}" if row else ""
        table.add_row(str(index + 1), place, _verdict(line, plain), Group(formula, *details))
    return table


def _formula(source: str, plain: bool) -> str:
    return " ".join(visible(source).split()) if plain else readable(source)


def _verdict(line: Record, plain: bool) -> Text:
    verdict = str(line.get("verdict", "undecided"))
    mark = MARKS.get(verdict, MARKS["undecided"])
    return Text(f"{mark.ascii if plain else mark.sign} {verdict.replace('_', ' ')}", style=mark.style)


def _findings(record: Record, index: int | None) -> list[Record]:
    return [finding for finding in record.get("findings") or () if finding.get("line") == index]


def _details(record: Record, line: Record, source: str) -> Iterable[RenderableType]:
    """What is said under a line: each finding with its place, the reason, the witness."""
    findings = _findings(record, line.get("line"))
    for finding in findings:
        yield Text(visible(str(finding.get("message", ""))), style="" if line.get("verdict") == "right" else "bold")
        if span := _span(finding.get("span") or line.get("span"), len(source)):
            yield Excerpt(source, *span)
    if line.get("reason") and not any(finding.get("message") == line["reason"] for finding in findings):
        yield Text(visible(str(line["reason"])))
    if isinstance(line.get("witness"), Mapping):
        yield from _witness(line["witness"])
    if findings or line.get("reason") or line.get("witness"):
        yield Text()


def _span(span: Any, length: int) -> tuple[int, int] | None:
    """The span where it lies in the text."""
    if not isinstance(span, Sequence) or len(span) != 2 or not all(isinstance(edge, int) for edge in span):
        return None
    start, end = max(span[0], 0), min(span[1], length)
    return (start, max(end, start + 1)) if start <= length else None


class Excerpt:
    """A line's source with a caret under a place in it, cut to the width that there is."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self.source = visible(source)
        self.start = start
        self.end = end

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown, caret = self.within(options.max_width)
        yield Text(shown, style="dim", no_wrap=True, overflow="crop")
        yield Text(caret, style="red", no_wrap=True, overflow="crop")

    def within(self, width: int) -> tuple[str, str]:
        """The excerpt and its caret, at most `width` columns wide.

        >>> Excerpt("a + b = c", 4, 5).within(20)
        ('a + b = c', '    ^')
        """
        first = 0
        while first < self.start and cell_len(self.source[first : self.end]) > max(width - 4, 4):
            first += 1
        if cell_len(self.source) > width and first:
            first = max(self.start - max(width // 4, 1), first)
        shown, lead = self.source[first:], "… " if first else ""
        caret = " " * cell_len(lead + self.source[first : self.start])
        caret += "^" * max(1, cell_len(self.source[self.start : self.end]))
        while shown and cell_len(lead + shown) > width:
            shown = shown[: max(len(shown) - max(1, (cell_len(lead + shown) - width) // 2), 0)]
        return lead + shown, caret[:width]


def _witness(witness: Record) -> Iterable[RenderableType]:
    """The small case at which the two sides differ."""
    table = Table.grid(padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for group in ("values", "index"):
        entries = witness.get(group)
        for name, value in entries.items() if isinstance(entries, Mapping) else ():
            table.add_row(readable(str(name)), number(value))
    for side in ("left", "right"):
        if side in witness:
            table.add_row(Text(f"{side} side", style="bold"), number(witness[side]))
    yield Text("The two sides differ, for example, at")
    yield table


def number(value: Any) -> str:
    """A number, a vector or a matrix of a witness.

    >>> number(0.5), number([1, 2.25]), number([[1, 0], [0, 1]])
    ('0.5', '(1, 2.25)', '[1, 0; 0, 1]')
    """
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple) for item in value):
            return "[" + "; ".join(number(item).strip("()") for item in value) + "]"
        return "(" + ", ".join(number(item) for item in value) + ")"
    return visible(str(value))


def summary(record: Record, rows: Sequence[Row]) -> Iterable[str]:
    """The closing sentences: the whole, the final answer, the first wrong line, what stays for a person."""
    if "error" in record:
        yield f"Not checked: {visible(str(record['error']))}"
        return
    final = record.get("final") or {}
    yield _whole(record, final.get("verdict"))
    if isinstance(final.get("line"), int) and final.get("verdict"):
        said = str(final["verdict"]).replace("_", " ")
        proof = f" ({final['evidence']})" if final.get("evidence") else ""
        yield f"Final answer: {_place(final['line'], rows)}, {said}{proof}."
    first = record.get("first_wrong_line")
    if isinstance(first, int):
        yield f"First wrong line: {_place(first, rows)}."
    still_open = _open_lines(record)
    if still_open:
        yield "For a person to look at: " + "; ".join(still_open) + "."
    marks = record.get("marks")
    if isinstance(marks, Mapping) and marks.get("of") is not None:
        earned, most = marks.get("earned"), f"{marks['of']:g}"
        yield f"Marks: for a person to give, of {most}." if earned is None else f"Marks: {earned:g} of {most}."


def _whole(record: Record, final: Any) -> str:
    verdict = record.get("verdict")
    if verdict == "right":
        return "Right: the final answer holds, and no line is wrong."
    if verdict == "wrong" and final == "right":
        return "Wrong on the way: the final answer is right, but the work is not."
    if verdict == "wrong" and final == "wrong":
        return "Wrong: the final answer does not hold."
    if verdict == "wrong":
        return "Wrong: a line does not hold; the final answer could not be judged."
    if verdict == "not_checked":
        return "Not checked: there is nothing here that could be checked."
    if verdict == "unreadable":
        return "Unreadable: the work could not be read as mathematics."
    return "Undecided: nothing was found wrong, but not everything could be shown to be right."


def _place(index: int, rows: Sequence[Row]) -> str:
    return f"{index + 1} (line {rows[index].line} of the file)" if 0 <= index < len(rows) else str(index + 1)


def _open_lines(record: Record) -> list[str]:
    """The lines that were not decided, by the verdict they have."""
    grouped: dict[str, list[str]] = {"undecided": [], "unreadable": []}
    for line in record.get("lines") or ():
        if line.get("verdict") in grouped:
            grouped[str(line["verdict"])].append(str(int(line.get("line", 0)) + 1))
    return [
        f"{verdict} {'lines' if len(numbers) > 1 else 'line'} {', '.join(numbers)}"
        for verdict, numbers in grouped.items()
        if numbers
    ]
