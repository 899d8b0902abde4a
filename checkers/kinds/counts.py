"""A count that stands in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.checkers.kinds.vocabulary import KIND, WORD, doubts_in, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_BESIDE = re.compile(r"(?<![\\A-Za-z_^{])[A-Za-z]{2,}(?![A-Za-z_(^])")
_SIZE = "z"  # the letter of a name that stands as a word
_WORDS_ALONE = re.compile(r"[A-Za-z\s]{0,60}")  # 1056 parameters in total, of which 1024 ...
_COLON = re.compile("[:=]")
_SUM = re.compile(r"[\d(](?:[\d\s+*×·(),=.x-]|\\times|\\cdot|\{,\})*[\d)]|\d")
_FORMULA = re.compile(r"\$([^$]+)\$")
_TOTAL = re.compile(r"\b(?:total|together|altogether|in all|overall|answer|sum)\b", re.IGNORECASE)
_SO = re.compile(r"\b(?:so|thus|hence|therefore|giving|gives|sums? to|adds? up to)\b", re.IGNORECASE)
_EXTRA = dict.fromkeys(
    "there parameters parameter learnable trainable number count network model insgesamt gibt es total sum adds up "
    "unit units hidden connections add altogether summe gesamt anzahl contains plus".split(),
    "m",
)
_POINTS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_LATEX = re.compile(r"\$[^$]*\$|\\[A-Za-z]+(?:\{[^{}]*\})?|_\{?\w+")
_LAYER = re.compile(r"\b(?:layer|step|part)\s+\d+\b|#\s*\d+|\d+(?:st|nd|rd|th)\b", re.IGNORECASE)


def sums_alone(rows: Sequence[str], sizes: Iterable[str] = ()) -> list[str]:
    """The rows, each sentence with one count in it cut down to that, at its place; any other row as it is.

    ``sizes`` are names that may stand as words between the others.

    A sentence with a word in it that could change the count is left whole, which nothing can be read from.

    >>> sums_alone(["The total is 557057 parameters.", "a = 3"])
    ['             557057            ', 'a = 3']
    """
    whole = [_POINTS.sub(_without_points, _unmarked(row)) for row in rows]
    known = _EXTRA | dict.fromkeys((size for size in sizes if size.lower() not in KIND), _SIZE)
    return [_alone(row, known) if _WORDS.search(row) else row for row in whole]


def _unmarked(row: str) -> str:
    """A row of formulas and numbers alone, as one formula; a percent sign in it begins no comment."""
    row = re.sub(r"(?<!\\)%", r"\%", row)
    return row if _WORDS.search(_FORMULA.sub(" ", row)) else row.replace("$", " ")


def _without_points(found: re.Match[str]) -> str:
    """557.057 as the 557057 that a count can only be, at its place."""
    return found[0].replace(".", "").ljust(len(found[0]))


def _is_plain(row: str, known: dict[str, str]) -> bool:
    """Whether each word of a row is one of those that count, add or tell."""
    kinds = "".join(kind_of(word, known) for word in WORD.findall(_LATEX.sub(" ", row)) if word[0].isalpha())
    return not doubts_in(kinds, "xyou") and "?" not in row


def _beside_words(row: str, known: dict[str, str]) -> re.Match[str] | None:
    """The one formula with letters in it beside words that count: ``K (M + 1) parameters in total``."""
    words = list(_BESIDE.finditer(row))
    if not words or any(kind_of(word[0], known) not in "wmg" for word in words):
        return None
    hidden = _BESIDE.sub(lambda word: "$" * len(word[0]), row)
    pieces = [piece for piece in re.finditer(r"[^\s$](?:[^$]*[^\s$])?", hidden) if re.search(r"\w", piece[0])]
    return pieces[0] if len(pieces) == 1 and re.search(r"[A-Za-z]", pieces[0][0]) else None


def _concluded(row: str, found: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The numbers behind the last "so" of a row: ``so 7850 in total``."""
    last = next(reversed(list(_SO.finditer(row))), None)
    return [] if last is None else [one for one in found if one.start() > last.start()]


def _alone(row: str, known: dict[str, str]) -> str:
    if not _is_plain(row, known):
        return row
    formulas = list(_FORMULA.finditer(row))
    beside = _beside_words(row, known)
    if beside is not None:
        return " " * beside.start() + row[beside.start() : beside.end()]
    if formulas and _WORDS.search(_FORMULA.sub(" ", row)):
        start, end = formulas[-1].span(1)
        said = row[formulas[-2].end() if len(formulas) > 1 else start : start]
        is_part = any(kind_of(word, known) in "fr" for word in WORD.findall(row[formulas[-1].end() :]))
        is_one = len(formulas) == 1 or any(sign.search(said) for sign in (_TOTAL, _SO, _COLON))
        return " " * start + row[start:end] if is_one and not is_part else row
    if formulas or "\\" in row or _SIZE in {kind_of(word, known) for word in WORD.findall(row)}:
        return row
    hidden = _LAYER.sub(lambda found: " " * len(found[0]), row)
    found = list(_SUM.finditer(hidden))
    total = _TOTAL.search(hidden) or next(reversed(list(_SO.finditer(hidden))), None)
    if len(found) > 1 and total is not None:
        later = [one for one in found if one.start() > total.start()]
        is_before = any(_WORDS_ALONE.fullmatch(hidden, one.end(), total.start()) for one in found)
        found = [] if later and is_before and _TOTAL.fullmatch(total[0]) else later[:1] or _concluded(hidden, found)
    if len(found) != 1:
        return row
    start, end = found[0].span()
    return " " * start + row[start:end] + " " * (len(row) - end)
