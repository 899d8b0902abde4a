"""The function that a ``<customresponse>`` of edX calls: an answer in, a mark and a message out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from msgspec import structs

from truestep.checkers.handouts import EMPTY
from truestep.checkers.records import check_record
from truestep.output.readable import visible
from truestep.problems.homework.named import problem_named
from truestep.problems.statements.statement import problem_in, statement_of
from truestep.reports.record_part import part_of_record
from truestep.reports.terminal import show_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Told = dict[str, Any]

WIDTH = 72
LONGEST = 20_000
NOT_COUNTED = "This attempt does not count."


class NotDecided(Exception):
    """An answer that is neither right nor wrong as far as can be told: edX shows the message, and counts no attempt."""


def grader(
    problem: str | Mapping[str, Any], undecided: float | None = None, reveal: str = "none"
) -> Callable[[object, object], Told]:
    """The check function of a problem: an id of the book, HOMEWORK/QUESTION, or the statement as a table.

    It takes what edX expects, which is not looked at, and the answer: a text, or the lines of a derivation as a list.
    ``undecided`` is the share that counts of what could not be decided; where it is None, NotDecided is raised.

    Raises StatementFault where the problem cannot be used.  Source: edX, "Custom Python-evaluated input problem".

    >>> check = grader({"symbols": {"s": "scalar"}, "answer": "s (1 - s)"})
    >>> told = check(None, "s - s^2")
    >>> told["ok"], told["grade_decimal"], told["msg"].startswith("<pre>✓ Right.")
    (True, 1.0, True)
    >>> check(None, "s + s^2")["ok"]
    False
    >>> check(None, "perhaps <b>")
    Traceback (most recent call last):
    truestep.platforms.edx.NotDecided: ... This attempt does not count.
    """
    stated = problem_named(problem) if isinstance(problem, str) else problem_in(dict(problem))[0]
    stated = structs.replace(stated, points=stated.points or 1.0)
    table = statement_of(stated)

    def check(expect: object, answer: object) -> Told:
        record = check_record({"id": "", "problem": table, **_work(answer)})
        if "error" in record:
            raise NotDecided(f"{_line(record['error'])} {NOT_COUNTED}")
        made = io.StringIO()
        show_part(part_of_record(record, EMPTY, stated, "", reveal), made, WIDTH)
        text = made.getvalue().strip("\n")
        low, high, of = _marks(record)
        if low != high and undecided is None:
            told, _, _ = text.partition("\n\n")
            raise NotDecided(f"{_line(told)} {NOT_COUNTED}")
        share = (low + (undecided or 0.0) * (high - low)) / of
        is_right = True if share >= 1 and low == high else "partial" if share > 0 or low != high else False
        return {"ok": is_right, "grade_decimal": round(min(1.0, max(0.0, share)), 4), "msg": message(text)}

    return check


def message(text: str) -> str:
    """A text as well-formed XML, of which nothing is read as markup.

    >>> message("a < b & c")
    '<pre>a &lt; b &amp; c</pre>'
    """
    cut = text if len(text) <= LONGEST else text[:LONGEST] + "\n..."
    shown = "\n".join(visible(line) for line in cut.split("\n"))
    return f"<pre>{escape(shown)}</pre>"


def _work(answer: object) -> Told:
    """What was answered, as a check record has it: a longer text is a document, and may be LaTeX or Markdown."""
    if isinstance(answer, list | tuple):
        return {"lines": [str(line) for line in answer if str(line).strip()]}
    text = str(answer)
    return {"submission": text} if "\n" in text.strip() else {"lines": [text.strip()]}


def _marks(record: Told) -> tuple[float, float, float]:
    """What is earned at least and at most, of what."""
    marks = record["marks"]
    earned = marks["earned"]
    low, high = (earned, earned) if earned is not None else (marks["at_least"], marks["at_most"])
    return float(low), float(high), float(marks["of"])


def _line(text: str) -> str:
    """A text on one line, as edX shows the last line of what is raised; a page takes it for HTML."""
    return escape(visible(" ".join(text.split())))[:1000]
