"""Exponents, reciprocals, logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import bracketed, plain, raised
from truestep.checkers.mistakes.scaling import code_of, scaled
from truestep.derivations.language.expression import Expression, negative, number
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

RAISED = frozenset(("symbol", "entry", "member", "apply", "group", "add", "sum", "quotient", "abs", "norm", "power"))


def _with_exponent(node: Expression, exponent: Fraction) -> Expression:
    below = node.args[1]
    whole = number(abs(exponent), below.span)
    return Expression("power", (node.args[0], negative(whole) if exponent < 0 else whole), node.data, node.span)


def other_exponent(case: Case) -> Iterator[Candidate]:
    """A power one higher or lower, of the other sign, left out, put in, or moved from the argument to the function."""
    for found in scaled(case):
        if code_of(case, found) == "wrong-exponent":
            yield Candidate(found.expression, found.place.node.span)
    for place in case.places:
        node = place.node
        exponent = exact_number(node.args[1]) if node.head == "power" else None
        if exponent is None:
            continue
        yield Candidate(place.put(node.args[0]), node.span)
        for other in (-exponent, exponent - 1, exponent + 1):
            if other not in (0, 1):
                yield Candidate(place.put(_with_exponent(node, other)), node.span)
        if exponent < 0:
            continue
        inner = plain(node.args[0])
        if inner.head == "apply":
            argument = Expression("power", (bracketed(inner.args[0]), node.args[1]), None, node.span)
            yield Candidate(place.put(Expression("apply", (argument,), inner.data, node.span)), node.span)
    yield from _moved_out(case)
    for place in case.places:
        node = place.node
        above = place.above
        is_below = above is not None and above.head == "quotient" and place.slot[1] == 1
        if (plain(node).head in RAISED or (is_below and plain(node).head == "product")) and not (
            above is not None and above.head == "power"
        ):
            yield Candidate(place.put(raised(node, 2)), node.span)


def _moved_out(case: Case) -> Iterator[Candidate]:
    """f(x^2) for f(x)^2."""
    for place in case.places:
        node = place.node
        inner = plain(node.args[0]) if node.head == "apply" and len(node.args) == 1 else node
        if node.head == "apply" and inner.head == "power":
            outer = Expression("apply", (inner.args[0],), node.data, node.span)
            yield Candidate(place.put(Expression("power", (outer, inner.args[1]), None, node.span)), node.span)
