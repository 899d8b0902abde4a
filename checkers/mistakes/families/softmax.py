"""Case distinctions, and the softmax, whose every entry depends on every input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.places import by, hadamard, plain, times
from truestep.checkers.mistakes.trial import CLOSE
from truestep.derivations.language.expression import Expression, add, negative, number, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case


def swapped_cases(case: Case) -> Iterator[Candidate]:
    """The values of two cases of equal and of different indices exchanged."""
    for place in case.places:
        node = place.node
        if node.head == "cases" and len(node.args) >= 4 and any(_is_of_indices(one) for one in node.args[1::2]):
            args = (node.args[2], node.args[1], node.args[0], *node.args[3:])
            yield Candidate(place.put(Expression("cases", args, node.data, node.span)), node.span)


def _is_of_indices(condition: Expression) -> bool:
    return condition.head == "relation" and condition.data in ("=", "!=") and condition.args[0].head == "index"


def in_one_case(case: Case) -> Iterator[Candidate]:
    """The line as it stands where two indices are equal, or where they are not."""
    if case.condition is not None:
        yield from _in_the_other_case(case)
        return
    names = sorted(case.outer)
    reference = (*case.setting.answer, case.left)
    names += [
        str(child.data)
        for node in reference
        for child in node.walk()
        if child.head == "index" and child.data not in names
    ]
    names = list(dict.fromkeys(names))[:3]
    for k, first in enumerate(names):
        for second in names[k + 1 :]:
            for relation in ("!=", "="):
                if _says_something(case, first, second, relation):
                    condition = _compared(first, second, relation)
                    yield Candidate(case.right, case.right.span, condition=condition)


def _says_something(case: Case, first: str, second: str, relation: str) -> bool:
    """Whether the problem leaves the two cases open, and the left side is anything but zero in this one."""
    known = [{str(arg.data) for arg in node.args} for node in case.setting.assumptions.conditions]
    if {first, second} in known:
        return False
    if not {first, second} <= case.outer:
        return True
    delta = Expression("kronecker", (Expression("index", (), first), Expression("index", (), second)))
    factor = delta if relation == "=" else add(number(1), negative(delta))
    seen = case.trial.look(times(factor, case.left), case.target)
    return seen is not None and bool((np.abs(seen.array) > CLOSE).any())


def _compared(first: str, second: str, relation: str) -> Expression:
    indices = (Expression("index", (), first), Expression("index", (), second))
    return Expression("relation", indices, relation)


def _in_the_other_case(case: Case) -> Iterator[Candidate]:
    """The line as it stands, under the opposite of its condition."""
    condition = case.condition
    if condition is not None and condition.head == "relation" and condition.data in ("=", "!="):
        other = Expression("relation", condition.args, "!=" if condition.data == "=" else "=")
        yield Candidate(case.right, case.right.span, condition=other)


def off_diagonal(case: Case) -> Iterator[Candidate]:
    """The two cases exchanged, in a case distinction or by the condition of the line."""
    yield from swapped_cases(case)
    if case.condition is not None:
        yield from _in_the_other_case(case)


def one_case(case: Case) -> Iterator[Candidate]:
    """The line holds in one case of two indices only, or for the true class only."""
    if case.condition is None:
        yield from in_one_case(case)
    known = case.setting.assumptions.properties
    hot = [name for name in case.arrays if name in known and known[name].binary]
    for place in case.places:
        if plain(place.node).head == "number" and plain(place.node).data[0] in (0, 1):
            for name in hot:
                if case.target.dims == case.arrays[name]:
                    yield Candidate(place.put(symbol(name, place.node.span)), place.node.span)
                for entry in case.entries:
                    if entry.args[0].data == name:
                        yield Candidate(place.put(entry), place.node.span)


def diagonal_only(case: Case) -> Iterator[Candidate]:
    """What the chain rule makes with the diagonal of the Jacobian alone: the derivative by s, times s (1 - s)."""
    if len(case.variables) != 1:
        return
    vectors = [name for name in case.shaped if 1 in case.arrays[str(name.data)]]
    top = case.left.args[0]
    for name in [*vectors, *case.entries]:
        if name not in (top, case.variables[0]):
            outer = by(top, name)
            slope = hadamard(name, add(number(1), negative(name)))
            yield Candidate(hadamard(outer, slope), case.right.span, slip=True)
