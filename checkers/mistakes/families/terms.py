"""Terms and brackets: a bracket that is lost, a term that is missing or too many, a constant that should vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import bracketed, by, plain, without
from truestep.checkers.mistakes.slipping import is_comparable
from truestep.derivations.language.expression import Expression, add, free_indices, negative, number
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

MAX_TERMS = 10
SUMMED = ("add", "negative", "group", "sum")


def _depends(case: Case, node: Expression) -> bool:
    """Whether a term contains the variable, or a quantity that the givens make of other things."""
    names = {child.data for variable in case.variables for child in variable.walk() if child.head == "symbol"}
    return any(
        child.head == "symbol" and (child.data in names or strip_groups(child) in case.bodies) for child in node.walk()
    )


def _stands_before(case: Case, node: Expression) -> bool:
    """Whether a term stands in the givens or in the line before."""
    term = strip_groups(plain(node.args[0] if node.head == "negative" else node))
    sources = (*case.bodies.values(), *([] if case.before is None else [strip_groups(case.before)]))
    return any(term == child for source in sources for child in source.walk())


def kept_constant(case: Case) -> Iterator[Candidate]:
    """A term without the variable left out of a derivative."""
    for place in case.places:
        node = place.node
        outermost = all(parent.head in SUMMED for parent, _ in place.path)
        if node.head == "add" and case.variables and outermost:
            for position, arg in enumerate(node.args):
                if not _depends(case, arg) and _stands_before(case, arg):
                    yield Candidate(place.put(without(node, position)), arg.span)


def added_term(case: Case) -> Iterator[Candidate]:
    """A term of the line before, of the givens, or one symbol, put in with either sign."""
    if not is_comparable(case):
        return
    known = [strip_groups(plain(arg)) for place in case.places if place.node.head == "add" for arg in place.node.args]
    pool = [term for source in _sources(case) for term in terms_of(source) if term not in known]
    top = case.bodies.get(strip_groups(case.left.args[0])) if case.variables else None
    parts = [] if top is None else terms_of(top)
    pool += [by(part, case.variables[0]) for part in parts]
    written = set(strip_groups(case.right).walk())
    pool += [one for one in (*case.scalars, number(1), *case.entries[:4], *case.shaped[:4]) if one not in written]
    whole = strip_groups(case.right)
    for term in list(dict.fromkeys(pool))[:MAX_TERMS]:
        if term == whole or free_indices(term) - case.outer:
            continue
        for signed in (term, negative(bracketed(term))):
            yield Candidate(add(case.right, signed), case.right.span)
    for place in case.places:
        if place.path and place.above is not None and place.above.head not in ("add", "negative"):
            for term in (*case.scalars[:4], number(1)):
                if plain(place.node).head in ("add", "product", "symbol", "apply"):
                    yield Candidate(place.put(bracketed(add(place.node, term))), place.node.span)
                    yield Candidate(place.put(bracketed(add(place.node, negative(term)))), place.node.span)


def _sources(case: Case) -> list[Expression]:
    """The line before where it is right, and the given of the left side."""
    body = case.bodies.get(strip_groups(case.left))
    return [one for one in (case.before, body) if one is not None]


def terms_of(node: Expression) -> list[Expression]:
    """The terms of a sum without their signs; none of an expression that is no sum."""
    inner = plain(node)
    if inner.head != "add":
        return []
    return [strip_groups(arg.args[0] if arg.head == "negative" else arg) for arg in inner.args]
