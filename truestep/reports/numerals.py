"""Values of a witness, and numbers of lines, in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from truestep.output.readable import visible


def number(value: object) -> str:
    """A number, a vector or a matrix as a text.

    >>> number(0.5), number([1, 2.25]), number([[1, 0], [0, 1]])
    ('0.5', '(1, 2.25)', '[1, 0; 0, 1]')
    """
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple) for item in value):
            return "[" + "; ".join(number(item).strip("()") for item in value) + "]"
        return "(" + ", ".join(number(item) for item in value) + ")"
    return visible(str(value))


def marks(value: float) -> str:
    """Marks as they are written.

    >>> marks(2.0), marks(2.5)
    ('2', '2.5')
    """
    return f"{value:g}"


def runs(numbers: Sequence[int]) -> str:
    """Numbers of lines in words.

    >>> runs([1]), runs([1, 2, 3, 7]), runs([4, 5])
    ('1', '1 to 3 and 7', '4 and 5')
    """
    ordered = sorted(set(numbers))
    starts = [ordered[0]] + [after for before, after in pairwise(ordered) if after != before + 1] if ordered else []
    out: list[str] = []
    for place, start in enumerate(starts):
        end = ordered[-1] if place + 1 == len(starts) else ordered[ordered.index(starts[place + 1]) - 1]
        out += [str(start)] if start == end else [str(start), str(end)] if end == start + 1 else [f"{start} to {end}"]
    return listed(out)


def listed(entries: Sequence[str]) -> str:
    """Entries in a row, the last after an "and".

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(entries[:-1]), entries[-1]))) if entries else ""


def named(numbers: Sequence[int]) -> str:
    """The lines of some numbers.

    >>> named([2]), named([2, 3])
    ('line 2', 'lines 2 and 3')
    """
    return f"{'line' if len(set(numbers)) == 1 else 'lines'} {runs(numbers)}"


def before(numbers: Sequence[int]) -> str:
    """The lines that a sentence is about, before it.

    >>> before([2, 3]), before([])
    ('Lines 2 and 3: ', '')
    """
    told = named(numbers) if numbers else ""
    return f"{told[:1].upper()}{told[1:]}: " if told else ""
