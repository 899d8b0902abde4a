"""Rows of equations judged in the world in which unknowns have the values that a work finds for them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works import granting
from truestep.checkers.works.chain_steps import Answered, LineVerdict
from truestep.checkers.works.claim import Claim, Judgement
from truestep.checkers.works.conditions import is_supposed
from truestep.checkers.works.equations import (
    EQUATION,
    SLOPES,
    are_slopes,
    are_vectors,
    at_solution,
    is_posed,
    is_zero,
    mentions,
    root,
    solved_for,
)
from truestep.checkers.works.solving.systems import HOLDS, System
from truestep.checkers.works.solving.values import restates
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import LIBERTIES
from truestep.derivations.meaning.calculus import normal, strip_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Result
    from truestep.derivations.language.reading.chains import Part
    from truestep.problems.statements.prepared import Setting


BOUNDED = Verdict("undecided", reason="whether this is a bound at the solution is not decided")


def solves(equation: Claim, names: frozenset[str]) -> bool:
    """Whether an equation says what an unknown is."""
    return solved_for(strip_groups(equation.left), names) is not None


def without_unknowns(verdict: LineVerdict, names: frozenset[str], scalars: frozenset[str]) -> frozenset[str]:
    """The scalars that a row of equations may determine: all, where none of the unknowns stands in it."""
    sides = [at_solution(side, names) for one in verdict.posed for side in one.sides]
    return frozenset() if any(mentions(side, names) for side in sides) else scalars


def of_own_functions(
    verdicts: Sequence[LineVerdict],
    before: Sequence[LineVerdict],
    results: Sequence[Result],
    names: frozenset[str],
    bench: Bench,
) -> list[LineVerdict]:
    """The verdicts, with equations left open that set a gradient of a function to zero which the work names itself."""
    goals = [
        Expression("derivative", (Expression("group", (one.right,), None, one.right.span), symbol(name)), "Leibniz")
        for one in results
        for name in sorted(names & one.right.names)
    ]

    def is_own(one: Claim) -> bool:
        def equal(left: Expression, right: Expression) -> bool:
            return loosely(replace(one, left=left, right=right), bench)[0].is_right

        return is_posed(one.left, one.right, goals, equal, partial(are_vectors, bench))

    def is_open(old: LineVerdict, new: LineVerdict) -> bool:
        return (
            new.verdict.is_wrong
            and old.verdict is EQUATION
            and bool(goals and old.posed)
            and all(map(is_own, old.posed))
        )

    return [old if is_open(old, new) else new for old, new in zip(before, verdicts, strict=True)]


def judged(
    verdict: LineVerdict,
    names: frozenset[str],
    there: Bench,
    unsaid: frozenset[str],
    system: System | None = None,
) -> LineVerdict:
    """A row of equations at the solution; a slope that equals something but zero there says nothing in general.

    A row that is right apart from equations in it is as false as these.
    What holds a scalar whose value there nothing says, such as a multiplier, is not refuted, nor what words suppose.
    What one unknown of several is in terms of others is more than that it is so at the solution.
    """
    is_open = verdict.verdict is EQUATION
    told = [(one.left, one.right) for one in verdict.answers]  # which are right, perhaps when rounded

    def is_posed_beside(one: Claim) -> bool:
        is_about = any(mentions(at_solution(side, names), names) for side in (one.left, one.right))
        return is_about and (one.left, one.right) not in told and one.left.head not in SLOPES

    posed = [one for one in verdict.posed if is_open or is_posed_beside(one)]
    if not (is_open or verdict.verdict.is_right) or not posed:
        return verdict
    for equation in posed:
        if equation.left.head in SLOPES and not (is_zero(equation.right) or _bends(equation.left)):
            return verdict
        sides = at_solution(equation.left, names), at_solution(equation.right, names)
        outcome, slips = loosely(replace(equation, left=sides[0], right=sides[1]), there)
        verdict = replace(verdict, findings=(*verdict.findings, *slips))
        if outcome.is_wrong and (is_supposed(verdict) or any(unsaid & side.names for side in sides)):
            return verdict
        if outcome.is_wrong:
            fault = Finding("not-a-solution", equation.right.span)
            return replace(verdict, verdict=outcome, findings=(*verdict.findings, fault))
        if not outcome.is_right or not _follows(sides, equation, names, system):
            return verdict
    return replace(verdict, verdict=HOLDS) if is_open else verdict


def _bends(node: Expression) -> bool:
    """Whether an expression is a derivative of a derivative."""
    return node.head == "derivative" and (len(node.args) > 2 or node.args[0].head == "derivative")


def _follows(
    sides: tuple[Expression, Expression], equation: Claim, names: frozenset[str], system: System | None
) -> bool:
    """Whether what is told of one unknown in terms of others follows from some of the gradients that vanish."""
    if system is None or not solves(equation, names) or sides[1].names.isdisjoint(system.slopes):
        return True
    return system.verdict(sides[0], replace(equation, left=sides[0], right=sides[1])) is HOLDS


def valued_from(
    first: int, verdicts: Sequence[LineVerdict], setting: Setting, there: Bench, unknowns: frozenset[str] = frozenset()
) -> list[LineVerdict]:
    """The verdicts, those from a row on ``valued``: one that begins with a relation has the left side before it."""
    out: list[LineVerdict] = []
    left: tuple[Part, ...] = ()
    for place, verdict in enumerate(verdicts):
        headed = [
            replace(one, parts=(*left, *one.parts)) if one.parts[0].relation else one for one in verdict.statements
        ]
        left = headed[-1].parts[:1] if headed and not headed[-1].parts[0].relation else left
        new = valued(replace(verdict, statements=tuple(headed)), setting, there, unknowns)
        out.append(replace(new, statements=verdict.statements) if place >= first else verdict)
    return out


def valued(verdict: LineVerdict, setting: Setting, there: Bench, unknowns: frozenset[str] = frozenset()) -> LineVerdict:
    """A row that gives a given, or zero, the value that it has at the solution found before, and not in general.

    Of gradients that hold no unknown, what holds none of the ``unknowns`` may be so too, and a
    given of which one is gone.
    """
    given = {strip_groups(left) for left, _ in setting.given}
    firsts = [strip_groups(one.parts[0].expression) for one in verdict.statements]
    sides = [part.expression for one in verdict.statements for part in one.parts]
    is_slope = are_slopes(firsts) or any(side.has("derivative", "gradient") for side in sides)
    is_apart = bool(unknowns) and not is_slope and not any(mentions(side, unknowns) for side in sides)
    is_zeroed = all(is_zero(one.parts[-1].expression) for one in verdict.statements) and not are_slopes(firsts)
    lasts = [one.parts[-1].expression for one in verdict.statements]
    is_value = given.issuperset(firsts) and not any(
        restates(left, right, setting, unknowns) for left, right in zip(firsts, lasts, strict=True)
    )
    if not verdict.verdict.is_wrong or not (is_apart or is_zeroed or is_value):
        return verdict
    valued = [(one.parts[0], part, one.condition) for one in verdict.statements for part in one.parts[1:]]
    equated = [
        Claim(left.expression, part.expression, condition=said) for left, part, said in valued if part.relation == "="
    ]
    if not equated or not all(there.judge(claim).verdict.is_right for claim in equated):
        return verdict
    return replace(verdict, verdict=HOLDS if len(equated) == len(valued) else BOUNDED, findings=())


def answering(verdict: LineVerdict, names: frozenset[str], find: Sequence[Expression]) -> LineVerdict:
    """A row at the solution as an answer, where it says what is asked for, or is left open."""
    if not verdict.verdict.is_right and verdict.verdict is not EQUATION:
        return verdict
    found = [
        Answered(**vars(replace(one, left=asked)), judgement=Judgement(verdict.verdict))
        for one in map(_turned_back, verdict.posed)
        for asked in find
        if _says(one, asked, names)
    ]
    return replace(verdict, answers=(*verdict.answers, *found))


def _says(equation: Claim, asked: Expression, names: frozenset[str]) -> bool:
    """Whether an equation says what is asked for: an unknown, or what is made of the unknowns at the solution."""
    left, right = strip_groups(equation.left), at_solution(equation.right, names)
    if left.head == "at" and left.args[1] == at_solution(left.args[2], names):  # f(x^*)
        left = strip_groups(left.args[0])
    if root(asked) in names:
        return root(asked) == solved_for(left, names) and not mentions(right, frozenset((root(asked),)))
    open_ = names if root(asked) else names & asked.names  # u^T S u may be a multiplier
    return left.head not in SLOPES and normal(at_solution(left, names)) == normal(asked) and not mentions(right, open_)


def _turned_back(equation: Claim) -> Claim:
    """``A^T = B`` as ``A = B^T``."""
    left = strip_groups(equation.left)
    if left.head != "transpose":
        return equation
    return replace(
        equation, left=left.args[0], right=Expression("transpose", (equation.right,), None, equation.right.span)
    )


def loosely(equation: Claim, there: Bench) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict at the solution, which speaks for a liberty with which the equation holds; and what was needed."""
    there.offers.clear()
    outcome = there.judge(equation).verdict
    refused = granting.refused(there.world.setting.problem)
    offered = {code for code, _ in there.offers} - refused if not outcome.is_right else ()
    for code in [row.code for row in LIBERTIES if row.in_meaning and row.code in offered]:
        reading = equation.reading.taking(code)
        verdict = there.judge(replace(equation, reading=reading)).verdict
        if verdict.is_right:
            return verdict, tuple(granting.needed(reading, equation.right.span[1]))
        outcome = verdict if outcome.is_wrong and not verdict.is_wrong else outcome
    return outcome, ()
