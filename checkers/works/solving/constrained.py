r"""Unknowns under constraints: what is solved with a multiplier (Boyd and Vandenberghe, Convex Optimization, 5.5.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import EQUATION, at_solution, is_zero, solved_for
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict

    Solved = Callable[[Iterable[tuple[Expression, Expression]]], Bench | None]


def by_multiplier(
    verdict: LineVerdict,
    before: Sequence[LineVerdict],
    names: frozenset[str],
    unsaid: frozenset[str],
    solved: Solved,
) -> LineVerdict:
    """An unknown in terms of a multiplier: put into what the work has set to zero, it must make that zero."""
    for equation in verdict.posed if verdict.verdict is EQUATION else ():
        left, right = at_solution(strip_groups(equation.left), names), at_solution(equation.right, names)
        if solved_for(left, names) is None or not unsaid & right.names:
            continue
        there = solved([(left, right)])
        if there is None:
            continue
        for side in _zeros(before):
            outcome = there.judge(Claim(at_solution(side, names), number(0), equation.reading)).verdict
            if outcome.is_right:
                return replace(verdict, verdict=Verdict("right", "proved", reason="this solves the equation"))
            if outcome.is_wrong:
                fault = Finding("not-a-solution", equation.right.span)
                return replace(verdict, verdict=outcome, findings=(*verdict.findings, fault))
    return verdict


def _zeros(verdicts: Sequence[LineVerdict]) -> Iterator[Expression]:
    """What a work has set to zero, the last first."""
    for verdict in reversed(verdicts):
        for statement in verdict.statements:
            sides = [part.expression for part in statement.parts]
            if len(sides) > 1 and any(map(is_zero, sides)):
                yield from (side for side in reversed(sides) if not is_zero(side))
