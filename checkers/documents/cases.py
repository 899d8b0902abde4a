r"""Conditions that stand in the words before a display: "for $j \neq c$:" holds for the rows that follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truestep.checkers.documents.work import Work

_CONDITION = re.compile(
    r"\b(?P<word>case|if|when|for|suppose|assume|assuming)\b[^$\\.]{0,40}(?:\$|\\\()(?P<condition>[^$]{3,40}?)(?:\$|\\\))",
    re.IGNORECASE,
)
_OWN_ROW = re.compile(
    r"(?:\\(?:text|textbf|textit|mathrm|mbox)\s*\{|\\quad|[\s&{}:,.;$()]|\b(?:case|if|when|for|suppose|assume|fall|für|wenn|cas|[1-9])\b|[当若])*"
    r"(?P<condition>[A-Za-z]\s*(?:=|\\neq?(?![A-Za-z])|≠|\\not\s*=)\s*[A-Za-z])[\s:,.}$]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\b(?:case|if|when|for|suppose|assume|fall|für|wenn|cas)\b|[当若]|\\neq?\b", re.IGNORECASE)
_RELATION = re.compile(r"[\s&]*=")
_COMMAND = re.compile(r"\\[A-Za-z]+")
LONGEST = 120
_INDEX_RELATION = re.compile(r"\s*[A-Za-z]\s*(?:=|\\neq?|≠|\\not\s*=)\s*[A-Za-z]\s*")
_ALL = re.compile(
    r"\b(altogether|combin\w+|together|in total|overall|both cases|in general|finally|in summary)\b", re.IGNORECASE
)


def conditioned(work: Work) -> list[str]:
    r"""The rows of a work, each with the condition that the words before it put it under.

    A condition holds until the next words; one that is called a case holds until the next case or a summary.
    """
    marks = sorted(
        [(row.line, row.column, 0, row.text) for row in work.prose]
        + [(row.line, row.column, 1, row.text) for row in work.rows]
    )
    out: list[str] = []
    condition, sticky = "", False
    for _, _, is_row, text in marks:
        if is_row:
            out.append(
                f"{text} \\quad \\text{{if }} {condition}"
                if condition and "cases" not in text and text.strip()
                else text
            )
            continue
        found = [hit for hit in _CONDITION.finditer(text) if _INDEX_RELATION.fullmatch(hit["condition"])]
        if found:
            condition, sticky = found[-1]["condition"].strip(), found[-1]["word"].lower() == "case"
        elif not sticky or _ALL.search(text):
            condition, sticky = "", False
    return under_own_rows(out)


def under_own_rows(rows: list[str]) -> list[str]:
    r"""The rows, each under the condition that a row of its own before it puts it under.

    It holds for rows with both of its indices on their left, and for those that go on from them.

    >>> under_own_rows([r"\text{For } i = j:", "p_{ij} = 0", "q = 1"])[1:]
    ['p_{ij} = 0 \\quad \\text{if } i = j', 'q = 1']
    """
    out: list[str] = []
    condition, holds = "", False
    for row in rows:
        own = _OWN_ROW.fullmatch(row) if len(row) < LONGEST and _WORD.search(row) else None
        if own is not None:
            condition, holds = own["condition"], False
        elif condition and not _RELATION.match(row):
            left = _COMMAND.sub(" ", row.partition("=")[0])
            holds = condition[0] in left and condition[-1] in left
        stated = own is None and holds and "\\text{if" not in row and "cases" not in row
        out.append(f"{row} \\quad \\text{{if }} {condition}" if stated else row)
    return out
