"""What the tests of reports share: records that hold anything, and a page taken apart."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any

from truestep.checkers.documents import Row
from truestep.reports import terminal
from truestep.reports.html_page import page
from truestep.reports.making import Work, part_of
from truestep.reports.markdown import markdown
from truestep.reports.model import Report
from truestep.reports.pieces import text_of


def shown(report: Report, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    terminal.show(report, file, width)
    file.flush()
    return raw.getvalue().decode(encoding)


def record_of(rows: Sequence[str], message: str = "the two sides are not equal") -> dict[str, Any]:
    """A record in which every row is wrong, with all that a line can have."""
    witness = {"values": {row: [1, 2] for row in rows[:1]} | {"x": 3}, "left": 1, "right": 2.5}
    findings = [
        {"line": k, "kind": kind, "code": code, "message": message, "span": [0, max(len(row) // 2, 1)]}
        for k, row in enumerate(rows)
        for kind, code in (("value", "sign"), ("form", "not-allowed"), ("notation", "rounded"), ("logic", "carried"))
    ]
    return {
        "verdict": "wrong",
        "final": {"line": len(rows) - 1, "verdict": "wrong", "reason": message},
        "first_wrong_line": 0,
        "lines": [{"line": k, "verdict": "wrong", "witness": witness, "reason": message} for k in range(len(rows))],
        "findings": findings,
        "marks": {
            "earned": 1,
            "of": 4,
            "items": [{"for": message, "earned": 1, "of": 4, "why": message}],
            "for_a_person": [{"about": "shown", "line": None, "message": message}],
        },
    }


def report_of(record: dict[str, Any], rows: Sequence[str], title: str = "p", file: str = "a.tex") -> Report:
    work = Work([Row(row, 10 + place, 1) for place, row in enumerate(rows)])
    return Report(text_of(title), file, (part_of(record, work, title),))


def squeezed(text: str) -> str:
    """A text without blanks and braces."""
    return re.sub(r"[\s{}]", "", text)


FORMS: dict[str, Callable[[Report], str]] = {"terminal": shown, "markdown": markdown, "html": page}
ALLOWED = frozenset(
    "a article body caption code dd details div dl dt h1 h2 h3 head header html li main mark meta nav p pre "
    "section span strong style summary table tbody td tfoot th thead title tr ul "
    "math mrow mi mo mn mtext mspace mfrac msub msup msubsup munder mover munderover msqrt mroot mtable mtr mtd mstyle "
    "mpadded mphantom merror".split()
)
ATTRIBUTES = frozenset(
    "lang charset name content http-equiv class id href scope open aria-labelledby aria-hidden "
    "display displaystyle form stretchy fence separator linethickness width height depth lspace rspace accent "
    "columnalign rowspacing columnspacing movablelimits mathvariant minsize maxsize symmetric scriptlevel "
    "accentunder largeop voffset".split()
)


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_is_harmless(source: str) -> Page:
    found = Page(source)
    assert set(found.tags) <= ALLOWED, set(found.tags) - ALLOWED
    assert found.open == []
    for tag, name, value in found.attributes:
        assert name in ATTRIBUTES, (tag, name)
        assert name != "href" or value.startswith("#part")
    assert found.tags.count("style") == found.tags.count("title") == found.tags.count("main") == 1
    return found
