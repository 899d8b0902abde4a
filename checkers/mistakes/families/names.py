"""Names: one quantity for another, the left side of another derivative, and counts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.families.chain import swapped
from truestep.checkers.mistakes.places import places
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression, add, free_indices, number, symbol
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

MAX_NAMES = 10
NUMBERS = (0, 1, 2, 3, 4, 5, 6, 8, 9, 10)
MARKS = (r"\hat{", r"\tilde{", r"\bar{", r"\widehat{")


def exchanged_labels(case: Case) -> Iterator[Candidate]:
    """The predictions and the labels exchanged, everywhere or at one place."""
    for name, dims in case.arrays.items():
        partner = next((name[len(mark) : -1] for mark in MARKS if name.startswith(mark)), None)
        if partner is not None and case.arrays.get(partner) == dims:
            pair = {symbol(name): symbol(partner), symbol(partner): symbol(name)}
            yield Candidate(swapped(case.right, pair), case.right.span)
            for place in case.places:
                if place.path:
                    yield Candidate(place.put(swapped(place.node, pair)), place.node.span)


def other_name(case: Case) -> Iterator[Candidate]:
    """One symbol replaced by another of its shape, at one place, everywhere, or the two exchanged."""
    used = list(dict.fromkeys(node.data for node in case.right.walk() if node.head == "symbol"))
    if strip_groups(case.right).head in ("symbol", "number"):
        return
    for place in case.places:
        node = place.node
        if node.head == "symbol":
            for name in _alike(case, str(node.data)):
                yield Candidate(place.put(symbol(name, node.span)), node.span)
        if node.head == "entry" and node.args[0].head == "symbol":
            for name in _alike(case, str(node.args[0].data)):
                base = symbol(name, node.args[0].span)
                yield Candidate(place.put(Expression("entry", (base, *node.args[1:]), None, node.span)), node.span)
        if node.head == "derivative":
            yield from (Candidate(place.put(one), node.span) for one in _other_derivatives(case, node))
    for name in used:
        for other in _alike(case, str(name)):
            pair = {symbol(str(name)): symbol(other), symbol(other): symbol(str(name))}
            yield Candidate(swapped(case.right, pair), case.right.span)
    numbers = list(dict.fromkeys(node for node in case.right.walk() if node.head in ("number", "size")))
    for place in case.places:
        if place.node.head in ("number", "size"):
            for written in numbers:
                if written != place.node:
                    yield Candidate(place.put(written), place.node.span)


def other_number(case: Case) -> Iterator[Candidate]:
    """Another small number beside symbols."""
    if exact_number(case.right) is not None:
        return
    for place in case.places:
        if place.node.head == "number":
            for value in NUMBERS:
                yield Candidate(place.put(number(Fraction(value), place.node.span)), place.node.span)


def _alike(case: Case, name: str) -> list[str]:
    """The names of one shape, those written alike first."""
    dims = case.arrays.get(name)
    found = [other for other, known in case.arrays.items() if known == dims and other != name]
    return sorted(found, key=lambda other: other[:1] != name[:1])[:MAX_NAMES]


def _other_derivatives(case: Case, node: Expression) -> Iterator[Expression]:
    """A partial derivative of or by another quantity."""
    for slot in range(len(node.args)):
        if node.args[slot].head != "symbol":
            continue
        for name in case.arrays:
            if name != node.args[slot].data:
                args = (*node.args[:slot], symbol(name), *node.args[slot + 1 :])
                yield Expression("derivative", args, node.data, node.span)


def other_left(case: Case) -> Iterator[Candidate]:
    """The same right side under the name of another derivative that is asked for or given; not where it is zero."""
    if case.written is not None and not case.written.seen.array.any():
        return
    for asked in case.setting.find:
        if strip_groups(asked) != strip_groups(case.left):
            yield Candidate(case.right, case.left.span, left=asked)
    if case.left.head == "derivative":
        for name in list(case.arrays)[:MAX_NAMES]:
            variable = symbol(name)
            if variable not in case.left.args:
                left = Expression("derivative", (case.left.args[0], variable), case.left.data, case.left.span)
                yield Candidate(case.right, case.left.span, left=left)


def other_left_index(case: Case) -> Iterator[Candidate]:
    """The same right side under the left side that is asked for, of which this one is a copy with another index."""
    for asked in case.setting.find:
        if strip_groups(asked) != strip_groups(case.left) and _alike_but_indices(asked, case.left):
            yield Candidate(case.right, case.left.span, left=asked)
    top = case.left.args[0] if case.left.head == "derivative" else case.left
    letters = sorted(free_indices(case.right) - free_indices(top))
    for place in places(top) if case.variables else ():
        for new in letters if place.node.head == "entry" else ():
            args = (place.node.args[0], *(Expression("index", (), new) for _ in place.node.args[1:]))
            changed = place.put(Expression("entry", args, None, place.node.span))
            left = Expression("derivative", (changed, *case.variables), case.left.data, case.left.span)
            if any(_same(case, asked, left) for asked in case.setting.find):
                yield Candidate(case.right, case.left.span, left=left)


def _same(case: Case, one: Expression, other: Expression) -> bool:
    return case.bench.judge(Claim(one, other, case.reading, case.condition)).verdict.is_right


def _alike_but_indices(one: Expression, other: Expression) -> bool:
    """Whether two expressions are the same up to the names of their indices."""
    one, other = strip_groups(one), strip_groups(other)
    if one.head == other.head == "index":
        return True
    same = one.head == other.head and len(one.args) == len(other.args)
    data = one.head == "derivative" or one.data == other.data
    return same and data and all(_alike_but_indices(a, b) for a, b in zip(one.args, other.args, strict=True))


def with_biases(case: Case) -> Iterator[Candidate]:
    """A count with some of the terms of the reference that are no products: those are the biases."""
    if not case.setting.answer or exact_number(case.setting.answer[-1]) is None:
        return
    reference = case.setting.answer[-1]
    terms = reference.args if reference.head == "add" else (reference,)
    biases = [term for term in terms if term.head != "product" and exact_number(term) is not None][:6]
    for chosen in range(1, 1 << len(biases)):
        left_out = [term for k, term in enumerate(biases) if chosen >> k & 1]
        yield Candidate(add(case.right, *left_out), case.right.span)
