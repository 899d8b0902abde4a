r"""Sets of real numbers between rational ends: intervals, unions, differences, ``|x - 2| < 1``, ``x \neq 1``.

A set is written as the places at which it begins and ends, in turn; before a number is another place than behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial

from truestep.checkers.answers.doubts import degree, read_bare
from truestep.checkers.answers.forms import Form, Formula, Infinite, Relation, Several, Tuple, Without
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.meaning.entries import exact_number

Number = Fraction | float
Place = tuple[Number, int]  # a number, and 0 before it or 1 behind it
Region = tuple[tuple[Place, Place], ...]  # from where to where, in their order, none touching another
LOWEST: Place = (-math.inf, 1)
HIGHEST: Place = (math.inf, 0)
ALL: Region = ((LOWEST, HIGHEST),)
BARS = {"|": "|", r"\lvert": r"\rvert", r"\vert": r"\vert", r"\left|": r"\right|", r"\left\lvert": r"\right\rvert"}


def is_region(form: Form) -> bool:
    """Whether a form can only be meant as a set of numbers, and is none of those that are compared part by part."""
    if isinstance(form, Several):
        return any(map(is_region, form.items))
    if isinstance(form, Relation):
        return form.sign == "!=" or (form.sign != "=" and _inside(form.left) is not None)
    return isinstance(form, Without)


def region_of(form: Form) -> Region | None:
    r"""The set that a form is; None where it is none, or its ends are not rational numbers.

    >>> from truestep.checkers.answers.forms import form_of
    >>> region_of(form_of("|x - 2| < 1")) == region_of(form_of("(1, 3)"))
    True
    >>> region_of(form_of(r"\mathbb{R} \setminus \{0\}")) == region_of(form_of(r"(-\infty, 0) \cup (0, \infty)"))
    True
    """
    match form:
        case Formula(unit=""):
            value = _value(form)
            return None if value is None else (((value, 0), (value, 1)),)
        case Tuple(items=(low, high), brackets=("(" | "[" as first, ")" | "]" as last)):
            ends = _value(low), _value(high)
            return None if ends[0] is None or ends[1] is None else _between(ends[0], first == "[", ends[1], last == "]")
        case Several():
            return _of_several(form)
        case Without():
            whole, removed = region_of(form.whole), region_of(form.removed)
            return None if whole is None or removed is None else without(whole, removed)
        case Relation(right=Formula(unit="")):
            return _solutions(form)
    return None


def _of_several(form: Several) -> Region | None:
    r"""All parts together; where they exclude values, what none of them does: ``x \neq 2, x \neq 3``."""
    parts = [one for item in form.items if (one := region_of(item)) is not None]
    if len(parts) < len(form.items):
        return None
    excluding = [isinstance(one, Relation) and one.sign == "!=" for one in form.items]
    if any(excluding):
        gaps = (gap for one in parts for gap in without(ALL, one))
        return without(ALL, union(gaps)) if all(excluding) else None
    whole = union(part for one in parts for part in one)
    is_apart = len(whole) == sum(map(len, parts))
    return whole if is_apart or not form.is_list else None  # x > 1, x < 3


def union(parts: Iterable[tuple[Place, Place]]) -> Region:
    """Parts of which those that touch are one."""
    out: list[tuple[Place, Place]] = []
    for low, high in sorted(parts):
        if out and low <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], high)
        elif low < high:
            out.append((low, high))
    return tuple(out)


def without(whole: Region, removed: Region) -> Region:
    """What is in one set and not in another."""
    gaps = list(_gaps(removed))
    shared = [(max(low, first), min(high, last)) for low, high in whole for first, last in gaps]
    return union((low, high) for low, high in shared if low < high)


def _gaps(region: Region) -> Iterator[tuple[Place, Place]]:
    """The numbers that are not in a set."""
    begin = LOWEST
    for low, high in region:
        yield begin, low
        begin = high
    yield begin, HIGHEST


def _between(low: Number, is_low: bool, high: Number, is_high: bool) -> Region:
    begin, end = (low, 0 if is_low else 1), (high, 1 if is_high else 0)
    begin, end = max(begin, LOWEST), min(end, HIGHEST)
    return ((begin, end),) if begin < end else ()


def _value(form: Form) -> Number | None:
    """A rational number, or infinity."""
    if isinstance(form, Infinite):
        return -math.inf if form.is_negative else math.inf
    read = read_bare(form.text) if isinstance(form, Formula) and not form.unit else None
    return None if read is None else exact_number(read)


def _solutions(relation: Relation) -> Region | None:
    r"""The numbers for which ``|a x + b|`` is less, or more, than a number, or x another one."""
    right, inner = _value(relation.right), _inside(relation.left)
    read = read_bare(inner or (relation.left.text if isinstance(relation.left, Formula) else ""))
    line = None if read is None else _line(read)
    if not isinstance(right, Fraction) or line is None:
        return None
    slope, shift = line
    centre, radius = -shift / slope, right / abs(slope)
    if inner is None:
        value = (right - shift) / slope
        return without(ALL, (((value, 0), (value, 1)),)) if relation.sign == "!=" else None
    within = _between(centre - radius, "=" in relation.sign, centre + radius, "=" in relation.sign)
    if relation.sign in ("<", "<="):
        return within
    outside = _between(centre - radius, "=" not in relation.sign, centre + radius, "=" not in relation.sign)
    return without(ALL, outside) if relation.sign in (">", ">=") else None


def _line(read: Expression) -> tuple[Fraction, Fraction] | None:
    """Slope and shift of an expression that is linear in its only name."""
    names = {str(node.data) for node in read.walk() if node.head == "unknown"}
    if len(names) != 1 or degree(read, frozenset(names)) != 1:
        return None
    first, second = (exact_number(read.map(partial(_at, number(x)))) for x in (0, 1))
    return None if first is None or second is None or first == second else (second - first, first)


def _at(value: Expression, node: Expression) -> Expression:
    return value if node.head == "unknown" else node


def _inside(form: Form) -> str | None:
    """What stands between the bars of an absolute value."""
    text = form.text.strip() if isinstance(form, Formula) and not form.unit else ""
    for opening, closing in BARS.items():
        inner = text[len(opening) : len(text) - len(closing)].strip()
        if text.startswith(opening) and text.endswith(closing) and inner and "|" not in inner and "vert" not in inner:
            return inner
    return None
