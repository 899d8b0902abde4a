"""What a slip makes of a right side: of the line before, of the reference, of a line of the derivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from truestep.checkers.mistakes.card import Candidate
from truestep.checkers.mistakes.places import Place, places, plain, without
from truestep.checkers.mistakes.trial import CLOSE
from truestep.derivations.language.expression import Expression, free_indices, number
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.checkers.mistakes.case import Case

NAMED = ("symbol", "constant", "member")
ALONE = ("add", "sum", "negative")


def is_comparable(case: Case) -> bool:
    """Whether something can have been lost: the line is not zero, and no index stands free that the left side lacks."""
    if case.written is None or free_indices(case.right) - case.outer:
        return False
    return bool((np.abs(case.written.seen.array) > CLOSE).any())


def is_slope(node: Expression) -> bool:
    """Whether a factor is a derivative, written as one or with a prime."""
    inner = plain(node)
    return inner.head == "derivative" or (inner.head == "apply" and inner.data[1] > 0)


def is_delta(node: Expression) -> bool:
    """Whether a factor is a Kronecker delta."""
    return plain(node).head == "kronecker"


def is_other_factor(node: Expression) -> bool:
    """Whether a factor is more than numbers and sizes, and not of a kind that has a name of its own."""
    is_named = any(child.head in NAMED for child in node.walk())
    return is_named and not (is_slope(node) or is_delta(node))


def without_factor(case: Case, wanted: Callable[[Expression], bool]) -> Iterator[Candidate]:
    """A right side without one of its factors, the last such factor first."""
    for place in _places(case):
        node = place.node
        if node.head == "product":
            for position in reversed(range(len(node.args))):
                if wanted(node.args[position]):
                    yield _made(case, place.put(without(node, position)))
        elif wanted(node) and (place.above is None or place.above.head in ALONE):
            yield _made(case, place.put(number(1)))


def without_term(case: Case, wanted: Callable[[Expression], bool]) -> Iterator[Candidate]:
    """A right side without one of its terms."""
    for place in _places(case):
        node = place.node
        if node.head == "add":
            for position, arg in enumerate(node.args):
                if wanted(arg):
                    yield _made(case, place.put(without(node, position)))


def without_part_of_product_rule(case: Case) -> Iterator[Candidate]:
    """One term of what the product rule made."""
    for form in case.forms if is_comparable(case) else ():
        node = plain(form.expression)
        if "product rule" in form.rule and node.head == "add":
            for position in range(len(node.args)):
                yield _made(case, without(node, position))


def _places(case: Case) -> Iterator[Place]:
    if is_comparable(case):
        for form in case.forms:
            yield from places(form.expression)


def _made(case: Case, expression: Expression) -> Candidate:
    return Candidate(expression, case.right.span, slip=True)


def by_a_link(case: Case) -> Iterator[Candidate]:
    """The derivative by a quantity between what is differentiated and the variable."""
    if len(case.variables) != 1 or not is_comparable(case):
        return
    top, (variable,) = case.left.args[0], case.variables
    base = variable.args[0] if variable.head == "entry" else variable
    dims = case.arrays.get(str(base.data))
    for left in case.bodies:
        bare = left.args[0] if left.head == "entry" else left
        if bare.head == "symbol" and bare not in (base, top) and case.arrays.get(str(bare.data)) == dims:
            link = Expression("entry", (bare, *variable.args[1:])) if variable.head == "entry" else bare
            yield _made(case, Expression("derivative", (top, link), "Leibniz", top.span))


def repeated_term(case: Case) -> Iterator[Candidate]:
    """A term left out that stands there twice."""
    yield from _repeated(case, "add")


def repeated_factor(case: Case) -> Iterator[Candidate]:
    """A factor left out that stands there twice."""
    yield from _repeated(case, "product")


def _repeated(case: Case, head: str) -> Iterator[Candidate]:
    for place in case.places:
        node = place.node
        bare = [strip_groups(arg) for arg in node.args] if node.head == head else []
        for position, arg in enumerate(bare):
            if arg in bare[:position]:
                yield Candidate(place.put(without(node, position)), node.args[position].span)
