"""The source of a line with a place in it, cut to the room that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from truestep.output.printing import cells
from truestep.output.readable import visible


def span_within(span: Any, length: int) -> tuple[int, int] | None:
    """The span where it lies in a text of this length; None where it names no place.

    >>> span_within([2, 90], 10), span_within("ab", 10), span_within([0, 0], 10)
    ((2, 10), None, None)
    """
    if not isinstance(span, Sequence) or len(span) != 2 or not all(isinstance(edge, int) for edge in span):
        return None
    start, end = max(span[0], 0), min(span[1], length)
    return (start, end) if start < end else (start, start + 1) if span[0] < span[1] <= length else None


def cut(source: str, span: tuple[int, int] | None, room: int) -> tuple[str, str, str]:
    """What is shown before a place, the place, and after it; about ``room`` characters around it, on one line.

    >>> cut("a + b = c", (4, 5), 20)
    ('a + ', 'b', ' = c')
    """
    shown = visible(source)
    start, end = span or (0, 0)
    first = max(0, start - room // 2) if len(shown) > room else 0
    last = min(len(shown), max(end, first) + room) if len(shown) > room else len(shown)
    middle = shown[start:end]
    if len(middle) > 2 * room:
        middle = middle[:room] + " … " + middle[-room // 2 :]
    before = ("… " if first else "") + shown[first:start]
    return before, middle, shown[end:last] + (" …" if last < len(shown) else "")


def within(source: str, span: tuple[int, int], width: int, dots: str = "…") -> tuple[str, str]:
    """The source and under it carets below the place, both at most ``width`` columns wide.

    >>> within("a + b = c", (4, 5), 20)
    ('a + b = c', '    ^')
    """
    shown, (start, end) = visible(source), span
    first = 0
    if cells(shown) > width:
        most = max(width - 4, 4)
        place = cells(shown[start : min(end, start + most)])
        lead = max(min(width // 4, most - place), 0)
        first = max(start - lead, 0)
    prefix = f"{dots} " if first else ""
    shown = shown[first:]
    caret = " " * cells(prefix + shown[: start - first]) + "^" * max(1, cells(shown[start - first : end - first]))
    return _cropped(prefix + shown, width, dots), caret[:width]


def _cropped(text: str, width: int, dots: str) -> str:
    if cells(text) <= width:
        return text
    room = width - len(dots) - 1
    while text and cells(text) > room:
        text = text[: max(len(text) - max(1, (cells(text) - room) // 2), 0)]
    return f"{text} {dots}" if room > 2 else text[:width]
