r"""Conditions that stand in the words before a display: "for $j \neq c$:" holds for the rows that follow."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row, Work

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


def conditioned(work: Work) -> tuple[Row, ...]:
    r"""The rows of a work, each with the condition that the words before it put it under.

    A condition holds until the next words; one that is called a case holds until the next case or a summary.
    """
    marks = sorted(
        [(row.line, row.column, 0, row) for row in work.prose] + [(row.line, row.column, 1, row) for row in work.rows],
        key=lambda mark: mark[:3],
    )
    out: list[Row] = []
    condition, sticky = "", False
    for _, _, is_row, row in marks:
        if is_row:
            out.append(replace(row, under=condition) if "cases" not in row.text and row.text.strip() else row)
            continue
        found = [hit for hit in _CONDITION.finditer(row.text) if _INDEX_RELATION.fullmatch(hit["condition"])]
        if found:
            condition, sticky = found[-1]["condition"].strip(), found[-1]["word"].lower() == "case"
        elif not sticky or _ALL.search(row.text):
            condition, sticky = "", False
    return under_own_rows(out)


def under_own_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    r"""The rows, each under the condition that a row of its own before it puts it under.

    It holds for rows with both of its indices on their left, and for those that go on from them.

    >>> from truestep.checkers.documents.work import typed
    >>> [row.under for row in under_own_rows(typed([r"\text{For } i = j:", "p_{ij} = 0", "q = 1"]).rows)]
    ['', 'i = j', '']
    """
    out: list[Row] = []
    condition, holds = "", False
    for row in rows:
        own = _OWN_ROW.fullmatch(row.text) if len(row.text) < LONGEST and _WORD.search(row.text) else None
        if own is not None:
            condition, holds = own["condition"], False
        elif condition and not _RELATION.match(row.text):
            left = _COMMAND.sub(" ", row.text.partition("=")[0])
            holds = condition[0] in left and condition[-1] in left
        stated = own is None and holds and "\\text{if" not in row.text and not row.under and "cases" not in row.text
        out.append(replace(row, under=condition) if stated else row)
    return tuple(out)
