"""Rows used on a case: undone on the line as it is written, made of the right sides that the left side has."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.mistaken_rules import slipped
from truestep.checkers.mistakes.patterns import Row, Site, row
from truestep.checkers.mistakes.places import Place, bracketed, places, plain, without
from truestep.checkers.mistakes.right_sides import forms
from truestep.checkers.mistakes.trial import CLOSE
from truestep.derivations.language.expression import Expression, free_indices, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.card import Card, Undo
    from truestep.checkers.mistakes.case import Case
    from truestep.derivations.language.shapes import Dims

MOST_CARDS = 512


@cache
def known(text: str) -> Row:
    """A row of a card, read once."""
    return row(text)


def put(place: Place, new: Expression) -> Expression:
    """The whole with another part at a place; a factor 1 and a term 0 are left out."""
    neutral = {"product": 1, "add": 0}
    if place.path and plain(new).head == "number":
        parent, position = place.path[-1]
        if neutral.get(parent.head) == plain(new).data[0]:
            return Place(parent, place.path[:-1]).put(without(parent, position))
    return place.put(bracketed(new) if place.path else new)


def sites(case: Case) -> list[tuple[Place, Site]]:
    """The places of the line with what the conditions of a row may ask of them."""
    return case.keep("sites", lambda: [(place, at(site, place)) for site in (site_of(case),) for place in case.places])


def _sites_of_forms(case: Case) -> list[tuple[Place, Site]]:
    """The same of the right sides of which something can have been lost."""
    site, known = site_of(case), forms(case) if is_comparable(case) else ()
    return [(place, at(site, place, form.rule)) for form in known for place in places(form.expression)]


def site_of(case: Case) -> Site:
    """What the conditions of a row may ask of a line."""

    def dims(node: Expression) -> Dims | None:
        value = case.trial.value(node)
        return None if value is None else value.dims

    indices = (*sorted(case.outer), *sorted(free_indices(case.right) - case.outer))
    counts = tuple(str(size.data) for size in case.sizes)
    spend = case.bench.scope.arena.effort.spend
    return Site(dims, case.outer, indices, sizes=case.indices, counts=counts, spend=spend)


def at(site: Site, place: Place, rule: str = "") -> Site:
    """A site at one of the places of a line."""
    above = place.above
    indices = tuple(dict.fromkeys((*site.indices, *place.bound)))
    return site._replace(indices=indices, above="" if above is None else above.head, rule=rule, heads=place.node.heads)


def undone(case: Case, slip: Row) -> Iterator[Candidate]:
    """The lines with a slip undone."""
    seen = set[Expression]()
    for place, site in sites(case) if slip.is_undone else ():
        if not slip.may_be(place.node, site):
            continue
        for new, found in slip.undone(place.node, site):
            expression = put(place, new)
            if expression not in seen:
                seen.add(expression)
                added = [found[letter] for letter in slip.added if isinstance(found.get(letter), Expression)]
                yield Candidate(expression, joined(*added) if added else place.node.span)


def is_comparable(case: Case) -> bool:
    """Whether something can have been lost: the line is not zero, and no index stands free that the left side lacks."""
    if case.written is None or free_indices(case.right) - case.outer:
        return False
    return bool((np.abs(case.written.seen.array) > CLOSE).any())


def made(case: Case, slip: Row) -> Iterator[Candidate]:
    """What a slip makes of a right side: of the line before, of the reference, of a line of the derivation."""
    for place, site in case.keep("sites of forms", lambda: _sites_of_forms(case)):
        for new, _ in slip.made(place.node, site):
            yield Candidate(put(place, new), case.right.span, slip=True)


@lru_cache(maxsize=MOST_CARDS)
def ways(card: Card) -> Undo | None:
    """How a card is undone: by its own way, then by its rows."""
    slips = [known(text) for text in card.rows]
    rules = [known(text) for text in card.rules]
    if not card.undo and not rules and not any(slip.is_undone for slip in slips):
        return None

    def undo(case: Case) -> Iterator[Candidate]:
        if card.undo is not None:
            yield from card.undo(case)
        if rules:
            yield from slipped(case, rules)
        for slip in slips:
            yield from undone(case, slip)

    return undo


@lru_cache(maxsize=MOST_CARDS)
def telling(card: Card) -> Undo | None:
    """What is telling of a card: a part of a right side that is gone, then what it says itself."""
    slips = [slip for slip in map(known, card.rows) if not slip.is_undone]
    early = [known(text) for text in card.early]
    if not card.telling and not slips and not early:
        return None

    def undo(case: Case) -> Iterator[Candidate]:
        for slip in slips:
            yield from made(case, slip)
        for slip in early:
            yield from undone(case, slip)
        if card.telling is not None:
            yield from card.telling(case)

    return undo
