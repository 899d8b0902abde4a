"""Signs, and factors that are missing or stand there once too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.families.chain import composed
from truestep.checkers.mistakes.places import hadamard, is_number, places, times, turned
from truestep.checkers.mistakes.scaling import Scaled, code_of, scaled, written_factors
from truestep.derivations.language.expression import Expression, add, free_indices, negative, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.card import Undo
    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.places import Place

MAX_FACTORS = 10
MAX_WHOLES = 6


def by_factor(code: str) -> Undo:
    """The lines in which a factor of this kind is put in or taken out."""

    def undo(case: Case) -> Iterator[Candidate]:
        for found in scaled(case):
            if code_of(case, found) == code:
                yield Candidate(found.expression, _place_of(found), remark=str(found.factor.of))

    return undo


def _place_of(found: Scaled) -> tuple[int, int]:
    """Where a factor that is too much is written, else the whole that it belongs to."""
    node, factor = found.place.node, found.factor
    above, below = written_factors(node)
    extra = above if factor.divides else below if factor.of == "size" else []
    same = (one.span for one in extra if factor.symbol is not None and one.data == factor.symbol.data)
    return next((span for span in same if span != (0, 0)), node.span)


def missing_factors(case: Case) -> Iterator[Candidate]:
    """A factor that stands in the problem, at a term or at the whole: an entry, a vector, a matrix."""
    if case.clash is not None:
        yield from _between(case, case.clash)
    for place in _wholes(case):
        node = place.node
        for entry in case.entries:
            yield Candidate(place.put(times(node, entry)), node.span)
        for inserted in shaped_products(case, node):
            yield Candidate(place.put(inserted), node.span)


def _between(case: Case, clash: Place) -> Iterator[Candidate]:
    """A vector or matrix put among the factors, or to one of the terms, that do not go together."""
    node = clash.node
    pool = [one for name in case.shaped[:MAX_FACTORS] for one in (name, turned(name))]
    if node.head == "product":
        for position in range(1, len(node.args) + 1):
            for one in pool:
                args = (*node.args[:position], one, *node.args[position:])
                signs = (*node.data[:position], "", *node.data[position:])
                changed = Expression("product", args, signs, node.span)
                yield Candidate(clash.put(changed), node.args[position - 1].span)
    for position, arg in enumerate(node.args if node.head == "add" else ()):
        inner = arg.args[0] if arg.head == "negative" else arg
        for one in pool:
            for made in (times(inner, one), times(one, inner)):
                whole = negative(made) if arg.head == "negative" else made
                args = (*node.args[:position], whole, *node.args[position + 1 :])
                yield Candidate(clash.put(Expression("add", args, None, node.span)), arg.span)


def shaped_products(case: Case, node: Expression) -> Iterator[Expression]:
    """A term times a vector or matrix of the problem, or times one minus it."""
    for factor in case.shaped[:MAX_FACTORS]:
        dims = case.arrays[str(factor.data)]
        yield times(node, factor)
        yield times(node, turned(factor))
        if 1 not in dims:
            yield times(factor, node)
            yield times(turned(factor), node)
        else:
            yield hadamard(node, factor)
            yield hadamard(node, Expression("group", (add(number(1), negative(factor)),)))
            yield times(factor, node)


def _wholes(case: Case) -> list[Place]:
    """The line, the terms of its sums, and the bodies of its sums over an index."""
    out: list[Place] = []
    for place in case.places:
        above = place.above
        entrywise = place.node.head == "product" and {"odot", "circ", "star"} & set(place.node.data)
        if above is None or above.head in ("add", "sum", "negative") or entrywise:
            out.append(place)
    return out[:MAX_WHOLES]


def missing_scalar_factor(case: Case) -> Iterator[Candidate]:
    """A scalar at some place, then what stands in the problem."""
    inner = composed(case)  # then a number may be an inner derivative
    yield from (one for one in by_factor("missing-factor")(case) if one.remark != "number" or not inner)
    loose = free_indices(case.right) | case.outer
    for place in places(case.right):
        above = place.above
        if above is not None and above.head == "add" and is_number(place.node) and not loose:
            for name in case.scalars:
                yield Candidate(place.put(times(place.node, name)), place.node.span)
    yield from missing_factors(case)
