"""The page of a class: marks of each question, the commonest mistakes, what was not read, what everyone got wrong."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from truestep.classes.totals import neat
from truestep.output.readable import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.classes.store import Store
    from truestep.classes.totals import Row
    from truestep.problems.homework.homework import Homework

BARS = 10
MOST = 8
DOUBTED = 0.9  # the share of wrong answers from which on the key may be doubted
FEWEST = 3
WIDTH, HEIGHT = 320, 90
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c1c1c; }
table { border-collapse: collapse; } td, th { padding: .2rem .7rem .2rem 0; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; } code { background: #f3f3f3; padding: 0 .2rem; overflow-wrap: anywhere; }
.doubt { background: #fff3d6; padding: .4rem .7rem; } rect { fill: #4a6fa5; } text { font-size: 10px; fill: #555; }
section { border-top: 1px solid #ddd; margin-top: 1.5rem; }
"""


@dataclass
class About:
    """What is told of one question."""

    id: str
    title: str
    of: float
    points: list[float] = field(default_factory=list)
    open: int = 0
    wrong: int = 0
    judged: int = 0
    mistakes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)

    @property
    def is_doubtful(self) -> bool:
        """Whether so many got it wrong that the statement or its key may be."""
        return self.judged >= FEWEST and self.wrong >= DOUBTED * self.judged


def statistics(store: Store, homework: Homework, rows: Sequence[Row]) -> list[About]:
    """What is told of each question, in order; students who handed nothing in are left out."""
    here = [row for row in rows if row.state == "graded"]
    out = []
    for question in homework.questions:
        if question.is_answered:
            about = About(question.id, question.title, homework.worth(question) or 0.0)
            for row in here:
                if question.id in row.marks:
                    _count(about, store, row)
            out.append(about)
    return out


def _count(about: About, store: Store, row: Row) -> None:
    mark = row.marks[about.id]
    if mark.low == mark.high:
        about.points.append(mark.low)
    about.open += mark.is_open
    about.judged += mark.verdict in ("right", "wrong")
    about.wrong += mark.verdict == "wrong"
    found = store.judged(mark.key) if mark.key and (mark.codes or mark.is_open) else None
    record = json.loads(found[1]) if found is not None else {}
    lines = {line["line"]: line.get("text", "") for line in record.get("lines", ())}
    for code in mark.codes:
        about.mistakes[code] += 1
        line = next((one["line"] for one in record.get("findings", ()) if one["code"] == code), None)
        if line is not None and lines.get(line):
            about.examples.setdefault(code, lines[line])
    for text in {one.get("text", "") for one in record.get("lines", ()) if one["verdict"] == "unreadable"}:
        about.unread[" ".join(text.split())] += 1


def page(homework: Homework, rows: Sequence[Row], abouts: Sequence[About]) -> str:
    """The page as HTML, without a network and without JavaScript; nobody is named on it."""
    totals = [row.low for row in rows if row.state == "graded" and row.low == row.high]
    graded = sum(row.state == "graded" for row in rows)
    open_ = sum(row.is_open for row in rows)
    of = sum(about.of for about in abouts)
    parts = [
        f"<h1>{_text(homework.title)}</h1>",
        f"<p>{len(rows)} students, {graded} hand-ins graded, {open_} with something open.</p>",
        *(_plot(totals, of) if totals else ()),
        *_overview(abouts),
        *(line for about in abouts for line in _section(about)),
    ]
    head = f'<meta charset="utf-8"><title>{_text(homework.title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(parts) + "\n</body></html>\n"


def _overview(abouts: Sequence[About]) -> Iterator[str]:
    heads = "".join(f"<th class=n>{name}" for name in ("of", "mean", "median", "right", "wrong", "open"))
    yield f"<table><tr><th>question{heads}</tr>"
    for about in abouts:
        points = sorted(about.points)
        mean = f"{neat(sum(points) / len(points)):g}" if points else ""
        median = f"{neat((points[len(points) // 2] + points[(len(points) - 1) // 2]) / 2):g}" if points else ""
        cells = [f"{about.of:g}", mean, median, str(about.judged - about.wrong), str(about.wrong), str(about.open)]
        title = _text(f"{about.id} {about.title}")
        yield f"<tr><td>{title}" + "".join(f"<td class=n>{cell}" for cell in cells) + "</tr>"
    yield "</table>"


def _section(about: About) -> Iterator[str]:
    yield f"<section><h2>{_text(f'{about.id} {about.title}')}</h2>"
    if about.is_doubtful:
        message = f"{about.wrong} of {about.judged} answers are wrong: does the statement ask what its key answers?"
        yield f'<p class="doubt">{message}</p>'
    yield from _plot(about.points, about.of) if about.points else ()
    yield from _listed("Commonest mistakes", about.mistakes, about.examples)
    yield from _listed("Lines that were not read", about.unread, {})
    yield "</section>"


def _listed(title: str, counted: Counter[str], examples: Mapping[str, str]) -> Iterator[str]:
    if counted:
        yield f"<h3>{title}</h3><table>"
        for text, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST]:
            example = f"<td><code>{_text(examples[text][:300])}</code>" if text in examples else ""
            yield f"<tr><td class=n>{count}<td><code>{_text(text[:300])}</code>{example}</tr>"
        yield "</table>"


def _plot(points: Sequence[float], of: float) -> Iterator[str]:
    """A histogram of marks."""
    counts: dict[int, int] = defaultdict(int)
    for value in points:
        counts[min(BARS - 1, int(BARS * value / of)) if of else 0] += 1
    highest = max(counts.values())
    width = WIDTH / BARS
    yield f'<svg width="{WIDTH}" height="{HEIGHT + 30}" role="img" aria-label="marks of {len(points)} students">'
    for place in range(BARS):
        height = HEIGHT * counts[place] / highest
        left = place * width
        yield f'<rect x="{left + 1:g}" y="{HEIGHT + 12 - height:.1f}" width="{width - 2:g}" height="{height:.1f}"/>'
        if counts[place]:
            yield _label(left + width / 2, HEIGHT + 9 - height, str(counts[place]), "middle")
    yield _label(0, HEIGHT + 26, "0", "start") + _label(WIDTH, HEIGHT + 26, f"{of:g}", "end") + "</svg>"


def _label(left: float, top: float, text: str, anchor: str) -> str:
    return f'<text x="{left:g}" y="{top:.1f}" text-anchor="{anchor}">{text}</text>'


def _text(text: str) -> str:
    return escape(visible(text))
