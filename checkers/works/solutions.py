r"""What solves the equations of a work: put in for the unknown, it must make the gradient zero and every equation true.

Where a work sets ``\nabla_w J = 0`` and ends in ``w = ...``, the value found is taken as the definition of ``w``; a
derivative by ``w`` is then one at that value (Boyd and Vandenberghe, Convex Optimization, section 4.2.3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works import granting
from truestep.checkers.works.chain_steps import LineVerdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import (
    EQUATION,
    asked_unknowns,
    at_solution,
    is_posed,
    is_zero,
    mentions,
    names_in,
    root,
    solved_for,
    unknowns,
)
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import LIBERTIES, Reading
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.problems.statements.prepared import Setting


def with_solutions(
    verdicts: Sequence[LineVerdict],
    setting: Setting,
    bench: Bench,
    carrying: Carrying,
) -> list[LineVerdict]:
    """The verdicts of a work, its equations judged at the solution that it finds; without one they stay open."""
    goals = (*setting.find, *setting.assumptions.stationary)
    names, given = unknowns(goals) | asked_unknowns(setting), asked_unknowns(setting)
    found = _solutions(verdicts, setting, names)
    there = carrying.solved(found.values()) if found else None
    if there is None:
        return list(verdicts)
    reading = next((one.reading for verdict in verdicts for one in verdict.posed), Reading())
    asked = [node for node in goals if node.head == "derivative" and unknowns([node]) <= set(found)]
    zero = [there.judge(Claim(node, number(0), reading)).verdict for node in asked]
    if (zero and all(verdict.is_right for verdict in zero)) or (given and given == names):
        said = frozenset[str]().union(*(names_in(side) for pair in found.values() for side in pair))
        return [_judged(verdict, names, there, _multipliers(setting) - said) for verdict in verdicts]
    wrong = next((verdict for verdict in zero if verdict.is_wrong), None)
    last = next(
        (k for k in reversed(range(len(verdicts))) if any(_solves(one, names) for one in verdicts[k].posed)), None
    )
    if wrong is None or last is None or len(names) > 1 or not _is_stationary(verdicts, goals, bench):
        return list(verdicts)
    return [_refuted(verdict, wrong, names) if k == last else verdict for k, verdict in enumerate(verdicts)]


def _solutions(
    verdicts: Sequence[LineVerdict], setting: Setting, names: frozenset[str]
) -> dict[str, tuple[Expression, Expression]]:
    """The unknowns with the values that a work finds for them, or that the problem gives; multipliers are such too."""
    multipliers, found = _multipliers(setting), dict[str, tuple[Expression, Expression]]()
    for equation in (one for verdict in verdicts for one in verdict.posed):
        left = at_solution(strip_groups(equation.left), names)
        name = solved_for(left, names) or (root(left) if root(left) in multipliers else None)
        if name is not None and not mentions(equation.right, frozenset((name,))):
            found[name] = left, at_solution(equation.right, names)
    given = zip(setting.find, setting.answer, strict=False)
    return found | {root(node): (node, answer) for node, answer in given if root(node) in names}


def _multipliers(setting: Setting) -> frozenset[str]:
    """The scalars of which no given says what they are."""
    known = {*setting.scope.arena.definitions, *setting.scope.arena.dependencies}
    scalars = (name.full for name in setting.notation.names.values() if name.declared.dims == (1, 1))
    return frozenset(scalars) - known


def _is_stationary(verdicts: Sequence[LineVerdict], goals: Sequence[Expression], bench: Bench) -> bool:
    """Whether a work sets a gradient that is asked for to zero, and nothing else."""

    def equal(asked: Expression, side: Expression) -> bool:
        return bench.judge(Claim(asked, side)).verdict.is_right

    return any(
        (is_zero(one.right) and strip_groups(one.left) in [strip_groups(node) for node in goals])
        or is_posed(one.left, one.right, goals, equal)
        for verdict in verdicts
        for one in verdict.posed
    )


def _solves(equation: Claim, names: frozenset[str]) -> bool:
    return solved_for(strip_groups(equation.left), names) is not None


def _judged(verdict: LineVerdict, names: frozenset[str], there: Bench, unsaid: frozenset[str]) -> LineVerdict:
    """A row of equations at the solution; a gradient that equals something but zero there says nothing in general.

    What holds a scalar whose value there nothing says, such as a multiplier, is not refuted.
    """
    if verdict.verdict is not EQUATION or not verdict.posed:
        return verdict
    for equation in verdict.posed:
        if equation.left.head in ("derivative", "gradient") and not is_zero(equation.right):
            return verdict
        sides = at_solution(equation.left, names), at_solution(equation.right, names)
        outcome, slips = _loosely(replace(equation, left=sides[0], right=sides[1]), there)
        verdict = replace(verdict, findings=(*verdict.findings, *slips))
        if outcome.is_wrong and any(unsaid & names_in(side) for side in sides):
            return verdict
        if outcome.is_wrong:
            fault = Finding("not-a-solution", equation.right.span)
            return replace(verdict, verdict=outcome, findings=(*verdict.findings, fault))
        if not outcome.is_right:
            return verdict
    return replace(verdict, verdict=Verdict("right", "proved", reason="this holds at the solution"))


def _loosely(equation: Claim, there: Bench) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict at the solution, which speaks for a liberty with which the equation holds; and what was needed."""
    there.offers.clear()
    outcome = there.judge(equation).verdict
    refused = granting.refused(there.world.setting.problem)
    offered = {code for code, _ in there.offers} - refused if outcome.is_wrong else ()
    for code in [row.code for row in LIBERTIES if row.in_meaning and row.code in offered]:
        reading = equation.reading.taking(code)
        verdict = there.judge(replace(equation, reading=reading)).verdict
        if verdict.is_right:
            return verdict, tuple(granting.needed(reading, equation.right.span[1]))
        outcome = outcome if verdict.is_wrong else verdict
    return outcome, ()


def _refuted(verdict: LineVerdict, wrong: Verdict, names: frozenset[str]) -> LineVerdict:
    """The row that states what is no solution."""
    place = next(equation.right.span for equation in verdict.posed if _solves(equation, names))
    fault = Finding("not-a-solution", place, {"case": "stationary"})
    return replace(verdict, verdict=wrong, findings=(*verdict.findings, fault))
