"""Numbers as hands compute them: each decimal stands for what rounds to it, and what comes of them may be as far off.

``0.721 * 0.279`` comes to ``0.201``; ``0.721 * 0.379`` does not, whatever it stands for.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression, number
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.derivations.language.reading.chains import Part

ROUGH = 0.05  # how far hands that round on the way come from what they compute


def comes_to(first: Expression, second: Expression) -> bool:
    """Whether a number is what another one comes to, where hands round.

    >>> comes_to(number(Fraction(4)), number(Fraction(5)))
    False
    """
    value, other = exact_number(first), exact_number(second)
    if value is None or other is None:
        return False
    gap = abs(value - other)
    return gap <= slack(first) + slack(second) or gap <= ROUGH * abs(value)


def broken(parts: Sequence[Part]) -> tuple[Expression, Expression] | None:
    """Two numbers side by side in a chain of which the second is not what the first one comes to."""
    for first, second in itertools.pairwise(parts):
        sides = first.expression, second.expression
        is_number = second.relation in ("=", "~") and None not in map(exact_number, sides)
        if is_number and not comes_to(*sides):
            return sides
    return None


def slack(side: Expression) -> Fraction:
    """How far a number may be from what its decimals were rounded from: a unit in the last place of each."""
    value, total = exact_number(side), Fraction(0)
    for node in side.walk() if value is not None else ():
        if node.head == "number" and node.data[1]:
            moved = exact_number(side.map(partial(_shifted, node)))
            total += abs(moved - value) if moved is not None and value is not None else 0
    return total


def is_within(verdict: Verdict, side: Expression) -> bool:
    """Whether a false number is no further from the true one than its decimals allow."""
    there = verdict.witness
    if there is None or not isinstance(there.left, float | int) or not isinstance(there.right, float | int):
        return False
    return abs(there.left - there.right) <= slack(side)


def _shifted(decimal: Expression, node: Expression) -> Expression:
    return number(node.data[0] + Fraction(1, 10 ** node.data[1])) if node is decimal else node
