"""Commas for decimal points: those that touch digits on both sides, in a row or in the whole work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.liberties import Choice, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PART = re.compile(r"(?:^|[=≈+\-−·*] ?|\\approx *)0,\d+(?![\d,)\]])", re.MULTILINE)
_POINT = re.compile(r"\d\.\d")


def with_points(tokens: Sequence[Token], reading: Reading, offers: set[Choice]) -> Sequence[Token]:
    """The tokens with commas read as decimal points: those that touch digits on both sides.

    Between round or square brackets such a comma may part two numbers, unless another comma does so there.
    """
    commas = [place for place, token in enumerate(tokens) if token.text == ","]
    if not commas:
        return tokens
    out = list(tokens)
    points = {place for place in commas if _touches_digits(tokens, place)}
    around = _brackets(tokens) if points else {}
    parting = {around[place] for place in commas if place not in points and place in around}
    for place in sorted(points):
        bracket = around.get(place)
        is_entry = bracket is not None and tokens[bracket].text in "([" and bracket not in parting
        is_part = reading.convention.commas and tokens[place - 1].text == "0"  # (-0,5)
        if is_entry and not is_part and _ends_entry(tokens, place + 1):
            continue
        offers.add(Choice("decimal-comma", tokens[place].start))
        if reading.takes("decimal-comma", tokens[place].start):
            out[place] = tokens[place]._replace(text=".")
    return out


def writes_commas(rows: Iterable[str]) -> bool:
    """Whether a work writes decimal commas: parts of one in two of its rows, and no number with a point.

    >>> writes_commas(["a = 0,5", "b = 0,25 a"]), writes_commas(["a = 0,5"]), writes_commas(["x = (0,5)", "y = (0,1)"])
    (True, False, False)
    """
    texts = [*rows]
    return sum(_PART.search(text) is not None for text in texts) > 1 and not any(map(_POINT.search, texts))


def _ends_entry(tokens: Sequence[Token], place: int) -> bool:
    """Whether a bracket closes behind the digits at a place."""
    while place < len(tokens) and tokens[place].kind == "digit":
        place += 1
    return place < len(tokens) and tokens[place].text in (")", "]", r"\right")


def _touches_digits(tokens: Sequence[Token], place: int) -> bool:
    around = tokens[max(place - 1, 0) : place + 2]
    is_between = [one.kind for one in around] == ["digit", "mark", "digit"]
    return is_between and around[0].end == tokens[place].start and tokens[place].end == around[2].start


def _brackets(tokens: Sequence[Token]) -> dict[int, int]:
    """The innermost bracket that is open at each place that stands in one."""
    row = tree(tokens)
    found: dict[int, int] = {}
    opened: list[int] = []
    for place in range(len(tokens)):
        if opened and row.partner[opened[-1]] == place:
            opened.pop()
        if opened:
            found[place] = opened[-1]
        if row.opens(place) and row.partner[place] > place:
            opened.append(place)
    return found
