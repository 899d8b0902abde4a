"""Products of arrays: transposes, the order of factors, and which product is meant."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import LINEAR, Place, plain, times, turned
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

ENTRYWISE = ("odot", "circ", "star")
SHAPED = frozenset(
    ("symbol", "member", "entry", "derivative", "gradient", "transpose", "add", "apply", "power", "product")
)


def _may_turn(case: Case, place: Place) -> bool:
    """Whether a transpose here could mean something: no scalar, no number, not already the whole."""
    node = plain(place.node)
    if node.head not in SHAPED or not place.path:
        return False
    return node.head != "symbol" or case.arrays.get(str(node.data), SCALAR) != SCALAR


def transposed(case: Case) -> Iterator[Candidate]:
    """One factor transposed, or all of its occurrences; a transpose left out."""
    for place in case.places:
        above = place.above
        if above is not None and above.head == "transpose":
            continue
        if _may_turn(case, place) and above is not None and above.head in LINEAR | {"add", "entry"}:
            yield Candidate(place.put(turned(place.node)), place.node.span)
    marked = [place for place in case.places if place.node.head == "transpose"]
    if len(marked) > 1:
        yield Candidate(_without_transposes(case.right), marked[0].node.span)
    names = {node.data for node in case.right.walk() if node.head == "symbol"}
    for name in sorted(names):
        if case.arrays.get(name, SCALAR) != SCALAR:
            yield Candidate(_all_turned(case.right, name), case.right.span)


def _without_transposes(node: Expression) -> Expression:
    return node.map(lambda child: child.args[0] if child.head == "transpose" else child)


def _all_turned(node: Expression, name: str) -> Expression:
    """Every occurrence of a name transposed, those that were transposed made plain."""
    if node.head == "transpose" and plain(node.args[0]).data == name:
        return node.args[0]
    if node.head == "symbol" and node.data == name:
        return turned(node)
    if node.head in ("entry", "derivative"):
        return node
    args = tuple(_all_turned(arg, name) for arg in node.args)
    return Expression(node.head, args, node.data, node.span)


def reordered_and_turned(case: Case) -> Iterator[Candidate]:
    """The factors of a product in another order, one or more of them transposed."""
    for place in case.places:
        node = place.node
        if node.head != "product":
            continue
        parts, scalars = _parts(case, node)
        if not 2 <= len(parts) <= 3:
            continue
        for order in permutations(parts):
            for flags in product((False, True), repeat=len(order)):
                if order != tuple(parts) and any(flags):
                    made = [turned(part) if flag else part for part, flag in zip(order, flags, strict=True)]
                    yield Candidate(place.put(times(*scalars, *made)), node.span)


def _parts(case: Case, node: Expression) -> tuple[list[Expression], list[Expression]]:
    """The factors that may be arrays, and those that are numbers or scalars for certain."""
    parts, scalars = list[Expression](), list[Expression]()
    for arg in node.args:
        bare = plain(arg)
        is_scalar = bare.head in ("number", "size", "quotient", "constant") or (
            bare.head == "symbol" and case.arrays.get(str(bare.data), SCALAR) == SCALAR
        )
        (scalars if is_scalar else parts).append(arg)
    return parts, scalars
