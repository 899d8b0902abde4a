"""A count that stands in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_SUM = re.compile(r"[\d(](?:[\d\s+*×·(),=.x-]|\\times|\\cdot|\{,\})*[\d)]|\d")
_FORMULA = re.compile(r"\$([^$]+)\$")
_TOTAL = re.compile(r"\b(?:total|altogether|in all|overall|answer|sum)\b", re.IGNORECASE)
_SO = re.compile(r"\b(?:so|thus|hence|therefore|giving|gives|sums? to|adds? up to)\b", re.IGNORECASE)
_POINTS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_LAYER = re.compile(r"\b(?:layer|step|part)\s+\d+\b|#\s*\d+|\d+(?:st|nd|rd|th)\b", re.IGNORECASE)


def sums_alone(rows: Sequence[str]) -> list[str]:
    """The rows, each sentence with one count in it cut down to that, at its place; any other row as it is.

    >>> sums_alone(["The total is 557057 parameters.", "a = 3"])
    ['             557057            ', 'a = 3']
    """
    whole = [_POINTS.sub(_without_points, row) for row in rows]
    return [_alone(row) if _WORDS.search(row) else row for row in whole]


def _without_points(found: re.Match[str]) -> str:
    """557.057 as the 557057 that a count can only be, at its place."""
    return found[0].replace(".", "").ljust(len(found[0]))


def _alone(row: str) -> str:
    formulas = list(_FORMULA.finditer(row))
    if formulas and _WORDS.search(_FORMULA.sub(" ", row)):
        start, end = formulas[-1].span(1)
        return " " * start + row[start:end]
    if formulas or "\\" in row:
        return row
    hidden = _LAYER.sub(lambda found: " " * len(found[0]), row)
    found = list(_SUM.finditer(hidden))
    total = _TOTAL.search(hidden) or next(reversed(list(_SO.finditer(hidden))), None)
    if len(found) > 1 and total is not None:
        found = [one for one in found if one.start() > total.start()][:1]
    if len(found) != 1:
        return row
    start, end = found[0].span()
    return " " * start + row[start:end] + " " * (len(row) - end)
