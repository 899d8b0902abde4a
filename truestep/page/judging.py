"""What a page asks workers for: a work judged, and a statement looked through, each as HTML with what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from msgspec.json import encode

from truestep.checkers.documents import DocumentFault
from truestep.checkers.remembering.keeping import precedents_of
from truestep.derivations.language.faults import StatementFault
from truestep.library.checking import record_of
from truestep.library.given import Source
from truestep.library.reporting import report_of
from truestep.output.readable import visible
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import problem_from
from truestep.reports.html_page import fragment
from truestep.reports.pieces import text_of

CHECKED = "truestep.page.judging:checked"
NOTHING = "Nothing is written yet."
WORDS = {
    "right": "holds",
    "wrong": "does not hold",
    "undecided": "is not decided",
    "unreadable": "cannot be read",
    "not_checked": "is not checked",
}
WHOLE = {
    "right": "All is right.",
    "wrong": "Not right yet.",
    "undecided": "Not decided.",
    "unreadable": "Not all of it can be read.",
    "not_checked": "Nothing is claimed yet.",
}


def asked_of(problem: Problem, text: str, name: str, reveal: str) -> str:
    """The request for ``checked``."""
    return json.dumps({"problem": encode(problem).decode(), "text": text, "name": name, "reveal": reveal})


@lru_cache(maxsize=64)
def _problem(stated: str) -> Problem:
    return problem_from(json.loads(stated))


def checked(given: str) -> str:
    """What a page shows of a work: ``html``, ``said`` for those who listen, the ``rows`` with their places."""
    table = json.loads(given)
    if not table["text"].strip():
        return json.dumps(_said(NOTHING, "not_checked"))
    problem = _problem(table["problem"])
    source = Source(data=table["text"].encode("utf-8", "replace"), name=table["name"])
    try:
        with precedents_of(problem) as known:  # rows that stand as they stood are not judged again
            record = record_of(source, problem, True, known)
        report = report_of(record, source, problem, table["reveal"])
        made = fragment(replace(report.shown(), title=text_of("")))
    except (DocumentFault, StatementFault) as fault:
        return json.dumps(_said(visible(str(fault)), "unreadable"))
    rows = [
        {"line": line["source"]["line"], "verdict": line["verdict"], "number": line["line"] + 1}
        for line in record["lines"]
        if "source" in line
    ]
    return json.dumps(_said(_told(record), record["verdict"], made, rows))


def _told(record: dict[str, Any]) -> str:
    """One sentence for those who listen."""
    first = record["first_wrong_line"]
    if first is not None:
        return f"Row {first + 1} {WORDS['wrong']}."
    left = [line["line"] + 1 for line in record["lines"] if line["verdict"] in ("undecided", "unreadable")]
    whole = WHOLE[record["verdict"]]
    return f"{whole} Row {left[0]} {WORDS[record['lines'][left[0] - 1]['verdict']]}." if left else whole


def _said(said: str, verdict: str, html: str = "", rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"said": said, "verdict": verdict, "html": html, "rows": rows or []}


def late(reason: str) -> dict[str, Any]:
    """What is shown where a limit ended the judging."""
    return _said(f"Not decided: {reason}.", "undecided")
