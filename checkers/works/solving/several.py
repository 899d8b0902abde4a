"""Gradients that vanish at several points, and rows on the way to the last unknown of several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import (
    EQUATION,
    STATIONARY,
    at_solution,
    is_posed,
    mentions,
    solved_for,
    unknowns,
)
from truestep.checkers.works.solving.systems import HOLDS
from truestep.checkers.works.solving.there import loosely
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict

    Pair = tuple[Expression, Expression]
    Solved = Callable[[Iterable[Pair]], Bench | None]


def several(
    before: Sequence[LineVerdict],
    verdicts: Sequence[LineVerdict],
    slopes: Sequence[Expression],
    found: Mapping[str, Pair],
    unknown: tuple[frozenset[str], frozenset[str]],
    solved: Solved,
) -> list[LineVerdict]:
    """The verdicts at the values ``found``, by what ``unknown`` names as open yet and as unknown at all.

    A row that says that a gradient vanishes which still holds an open unknown is one of the equations. One that is
    false there is right where each of its values makes the gradients vanish as well: they are zero at several points.
    """
    open_yet, names = unknown
    there = solved(found.values()) if open_yet else None
    out: list[LineVerdict] = []
    for first, verdict in zip(before, verdicts, strict=True):
        if there is not None and verdict.verdict is EQUATION and _poses(verdict, slopes, there):
            verdict = replace(verdict, verdict=STATIONARY)
        elif verdict.verdict.is_wrong and first.verdict is EQUATION and _is_root(first, slopes, found, names, solved):
            verdict = replace(first, verdict=HOLDS)
        out.append(verdict)
    return out


def _poses(verdict: LineVerdict, slopes: Sequence[Expression], there: Bench) -> bool:
    def poses(one: Claim) -> bool:
        def equal(left: Expression, right: Expression) -> bool:
            return loosely(replace(one, left=left, right=right), there)[0].is_right

        return is_posed(one.left, one.right, slopes, equal, None)

    return bool(verdict.posed) and all(map(poses, verdict.posed))


def _is_root(
    verdict: LineVerdict, slopes: Sequence[Expression], found: Mapping[str, Pair], names: frozenset[str], solved: Solved
) -> bool:
    """Whether each equation of a row is the value of an unknown at which the gradients vanish."""
    for one in verdict.posed:
        left, right = at_solution(strip_groups(one.left), names), at_solution(one.right, names)
        name = solved_for(left, names)
        if name is None or mentions(right, names):
            return False
        values = {**found, name: (left, right)}
        there = solved(values.values())
        zeros = [node for node in slopes if unknowns([node]) <= values.keys() and mentions(node, frozenset((name,)))]
        if there is None or not zeros:
            return False
        if not all(there.judge(Claim(node, number(0), one.reading)).verdict.is_right for node in zeros):
            return False
    return bool(verdict.posed)
