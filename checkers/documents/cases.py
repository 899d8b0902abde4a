r"""Conditions that stand in the words before a display: "for $j \neq c$:" holds for the rows that follow."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row, Work

_CASE = re.compile(r"\b(?:case|fall|cas|caso|случай)\b|情况|情況", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
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
    r"""The formulas of a work in their order, each with the role that its words tell and the condition it is under.

    A condition holds until the next words; one that is called a case holds until the next case or a summary.
    """
    out: list[Row] = []
    condition, sticky, used, role = "", False, False, ""
    formulas = work.formulas
    for row, after in zip(formulas, [*(following.before for following in formulas[1:]), ""], strict=False):
        role = words.told(row.before, after, role) if row.before or row.inline else ""
        row = replace(row, told=role)
        is_said = _LETTER.search(row.before) is not None
        if row.inline and role == "condition" and _INDEX_RELATION.fullmatch(row.text):
            condition, sticky, used = row.text.strip(), _CASE.search(row.before) is not None, False
            out.append(row)
            continue
        if is_said and (_ALL.search(row.before) or (not sticky and (used or "\n\n" in row.before.strip()))):
            condition, sticky = "", False
        used = used or not row.inline
        out.append(replace(row, under=condition) if "cases" not in row.text and row.text.strip() else row)
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
