"""The numbers that stand as indices in a term: how large models must be to tell it from others."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derivations.shapes import Size
    from derivations.terms import Term


class Reach(NamedTuple):
    """A number at an index of a quantity, which needs so many entries, or beside an index or a size."""

    size: Size
    least: int
    needed: bool


OWN = frozenset(("quantity", "delta", "below", "positive", "nonnegative", "zero"))


def reaches(term: Term, shapes: Mapping[str, tuple[Size, ...]]) -> list[Reach]:
    """The numbers that a term of one of these operations has itself: x_5, delta_{i5}, i < 5, K = 5."""
    op, data, args = term.op, term.data, term.args
    if op == "quantity":
        places = zip(shapes[data[0]], data[1], strict=False)
        return [Reach(size, index, True) for size, index in places if isinstance(index, int) and index > 1]
    if op == "delta":
        return [Reach(data[0].size, data[1], False)] if isinstance(data[1], int) else []
    if op == "below":
        return _beside(*args) + _beside(*args[::-1])
    if args[0].op != "add" or not args[0].unusual:
        return []
    numbers = [abs(part.data) for part in args[0].args if part.op == "constant"]
    return [
        Reach(size, ceil(max(numbers) / times), False)
        for size, times in map(_counted, args[0].args)
        if times and numbers
    ]


def _counted(part: Term) -> tuple[Size, Fraction]:
    """The size that a multiple of an index or of a size counts to, and the factor; 0 for any other term."""
    factors = part.args if part.op == "multiply" else (part,)
    index = next((factor for factor in factors if factor.op in ("position", "size")), None)
    if index is None:
        return 1, Fraction(0)
    times = next((abs(factor.data) for factor in factors if factor.op == "constant"), Fraction(1))
    return index.data.size if index.op == "position" else index.data, times


def _beside(index: Term, number: Term) -> list[Reach]:
    whole = number.op == "constant" and index.op == "position"
    return [Reach(index.data.size, int(number.data) + 1, False)] if whole else []
