r"""Conditions that stand in the words before a display: "for $j \neq c$:" holds for the rows that follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checkers.documents.work import Work

_CONDITION = re.compile(
    r"\b(?P<word>case|if|when|for|suppose|assume|assuming)\b[^$\\.]{0,40}(?:\$|\\\()(?P<condition>[^$]{3,40}?)(?:\$|\\\))",
    re.IGNORECASE,
)
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
    return out
