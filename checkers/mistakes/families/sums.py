"""Sums over an index: missing, too many, over the wrong range, and what stands inside or outside of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.families.indices import MAX_INDICES, index_like
from truestep.checkers.mistakes.places import Place, bracketed, renamed
from truestep.derivations.language.expression import NONE, Expression, free_indices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case


AROUND = ("add", "quotient", "apply", "power")


def summed(body: Expression, name: str) -> Expression:
    """The sum over an index, over all of its range."""
    return Expression("sum", (bracketed(body), NONE, NONE, NONE), (name,), body.span)


def with_sum(case: Case) -> Iterator[Candidate]:
    """A sum over an index that stands in the line and not on the left."""
    loose = sorted(free_indices(case.right) - case.outer)[:MAX_INDICES]
    for name in loose:
        for place in case.places:
            if name in free_indices(place.node) and (place.above is None or place.above.head in AROUND):
                yield Candidate(place.put(summed(place.node, name)), place.node.span)


def _sums(case: Case) -> list[Place]:
    return [place for place in case.places if place.node.head == "sum"]


def without_sum(case: Case) -> Iterator[Candidate]:
    """The body of a sum without the sum, its index another where it must be."""
    for place in _sums(case):
        node = place.node
        yield Candidate(place.put(node.args[0]), node.span)
        for bound in node.data or ():
            for name in sorted(case.outer):
                yield Candidate(place.put(renamed(node.args[0], {bound: name})), node.span)


def other_sum(case: Case) -> Iterator[Candidate]:
    """A sum over another index of its body."""
    for place in _sums(case):
        node = place.node
        body = node.args[0]
        for name in sorted(free_indices(body) | case.outer):
            if name not in (node.data or ()):
                yield Candidate(place.put(summed(body, name)), node.span)
                yield Candidate(
                    place.put(summed(renamed(body, {name: node.data[0]}) if node.data else body, name)), node.span
                )


def whole_range(case: Case) -> Iterator[Candidate]:
    """A sum without its condition, or from the first entry on."""
    for place in _sums(case):
        node = place.node
        if node.args[3] != NONE or node.args[1] != NONE or node.args[2] != NONE:
            yield Candidate(
                place.put(Expression("sum", (node.args[0], NONE, NONE, NONE), node.data, node.span)), node.span
            )
        for bound in node.data or ():
            if node.args[3] == NONE:
                for name in sorted(case.outer):
                    condition = Expression("relation", (index_like(bound, node), index_like(name, node)), "!=")
                    args = (*node.args[:3], condition)
                    yield Candidate(place.put(Expression("sum", args, node.data, node.span)), node.span)
