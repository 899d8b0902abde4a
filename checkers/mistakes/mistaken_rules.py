"""Mistaken rules of differentiation, used once at the top of a derivative or further inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.patterns import Site
from truestep.checkers.mistakes.places import bracketed, by, places, plain, times
from truestep.derivations.language.expression import Expression, add, negative
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.patterns import Row

MAX_DEPTH = 4


def slipped(case: Case, slips: list[Row]) -> Iterator[Candidate]:
    """What mistaken rules make of the derivatives on the left side or in the line before.

    A rule that leaves a fraction is tried where the line has one with a sum or a product in it.
    """
    fractions = [place.node for place in case.places if place.node.head == "quotient"]
    is_quotient = any(plain(arg).head in ("add", "sum", "product") for node in fractions for arg in node.args)
    chosen = [slip for slip in slips if is_quotient or slip.slipped.head != "quotient"]
    sources = [case.left] if case.before is None else [case.left, case.before]
    for place in (place for source in sources for place in places(source)):
        node = place.node
        if chosen and node.head == "derivative" and len(node.args) == 2:
            for wrong in _slips(case, chosen, node.args[0], node.args[1], MAX_DEPTH):
                yield Candidate(place.put(bracketed(wrong)), case.right.span, slip=True)


def _slips(case: Case, slips: list[Row], top: Expression, bottom: Expression, depth: int) -> Iterator[Expression]:
    """The derivative of an expression with the mistaken rule used once, at the top or further inside."""
    top = plain(top)
    if depth == 0:
        return
    if top.head in ("symbol", "entry"):
        body = case.bodies.get(strip_groups(top))
        if body is not None:
            yield from _slips(case, slips, body, bottom, depth - 1)
        return
    varying = [_varies(case, arg, bottom) for arg in top.args]
    if sum(varying) > 1 or (top.head == "quotient" and varying[1]):
        site = Site(lambda _: None, spend=case.bench.scope.arena.effort.spend)
        yield from (wrong for slip in slips for wrong, _ in slip.made(by(top, bottom), site))
    if top.head == "negative":
        for wrong in _slips(case, slips, top.args[0], bottom, depth - 1):
            yield negative(bracketed(wrong))
    elif top.head == "add":
        for position, arg in enumerate(top.args):
            rest = [by(other, bottom) for k, other in enumerate(top.args) if k != position]
            for wrong in _slips(case, slips, arg, bottom, depth - 1):
                yield add(bracketed(wrong), *rest)
    elif top.head == "product":
        for position, arg in enumerate(top.args):
            for wrong in _slips(case, slips, arg, bottom, depth - 1):
                factors = (*top.args[:position], bracketed(wrong), *top.args[position + 1 :])
                others = times(*(other for k, other in enumerate(top.args) if k != position))
                yield add(times(*factors), times(bracketed(arg), by(others, bottom)))
    elif top.head == "sum":
        for wrong in _slips(case, slips, top.args[0], bottom, depth - 1):
            yield Expression("sum", (bracketed(wrong), *top.args[1:]), top.data, top.span)


def _varies(case: Case, node: Expression, bottom: Expression) -> bool:
    """Whether an expression may depend on what the derivative is taken by."""
    names = {child for child in bottom.walk() if child.head == "symbol"}
    return any(child in names or child in case.bodies for child in strip_groups(node).walk())
