"""Indices, Kronecker deltas and sums over an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import Place, bracketed, plain, renamed
from truestep.derivations.language.expression import Expression, add, free_indices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

MAX_INDICES = 5


def _names(case: Case, place: Place) -> list[str]:
    """The indices that could stand at a place: those of the left side, those bound here, then the others."""
    near = [*sorted(case.outer), *place.bound]
    rest = [name for name in case.indices if name not in near and name in free_indices(case.right)]
    return list(dict.fromkeys([*near, *rest]))[:MAX_INDICES]


def index_like(name: str, like: Expression) -> Expression:
    """An index of this name at the place of another."""
    return Expression("index", (), name, like.span)


def _with_index(case: Case, heads: tuple[str, ...]) -> Iterator[Candidate]:
    """One index replaced by another; in an entry of a matrix also the two exchanged."""
    for place in case.places:
        node = place.node
        if node.head not in heads:
            continue
        first = 1 if node.head == "entry" else 0
        slots = [k for k in range(first, len(node.args)) if node.args[k].head in ("index", "number")]
        for slot in slots:
            for name in _names(case, place):
                if name != node.args[slot].data:
                    args = (*node.args[:slot], index_like(name, node.args[slot]), *node.args[slot + 1 :])
                    yield Candidate(place.put(Expression(node.head, args, node.data, node.span)), node.span)
        if len(slots) == 2 and node.head == "entry":
            args = (node.args[0], *reversed(node.args[1:]))
            yield Candidate(place.put(Expression("entry", args, None, node.span)), node.span)


def other_index(case: Case) -> Iterator[Candidate]:
    """One index for another: at one entry, everywhere, two exchanged."""
    yield from _with_index(case, ("entry", "member"))
    yield from _out_of_its_sum(case)
    here = sorted(free_indices(case.right))
    names = sorted(case.outer | set(here))
    for old in here:
        for new in names:
            if old != new:
                yield Candidate(renamed(case.right, {old: new}), case.right.span)
    for k, first in enumerate(names):
        for second in names[k + 1 :]:
            yield Candidate(renamed(case.right, {first: second, second: first}), case.right.span)


def _out_of_its_sum(case: Case) -> Iterator[Candidate]:
    """A term with the index of a sum that should have another one, and then stands behind the sum."""
    for place in case.places:
        node, body = place.node, plain(place.node.args[0]) if place.node.args else place.node
        if node.head != "sum" or body.head != "add" or len(node.data or ()) != 1:
            continue
        for position, arg in enumerate(body.args):
            rest = add(*(one for k, one in enumerate(body.args) if k != position))
            total = Expression("sum", (bracketed(rest), *node.args[1:]), node.data, node.span)
            for name in sorted(case.outer):
                yield Candidate(place.put(add(total, renamed(arg, {node.data[0]: name}))), arg.span)
