r"""Open equations that contradict what a work has rightly set to zero.

Where the one gradient has a single root, they must hold there. Where a multiplier may be any number, an equation may
have the sides of one that the gradient tells, with another sign or factor: from A = B and A = -B follows B = 0, so that
only one of the two can be so.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.conditions import is_supposed
from truestep.checkers.works.equations import (
    EQUATION,
    STATIONARY,
    are_slopes,
    is_zero,
    multiples,
    root,
    slope_of,
)
from truestep.checkers.works.solving.bound import equations_of
from truestep.checkers.works.solving.systems import where_vanishing
from truestep.checkers.works.solving.there import judged, loosely
from truestep.derivations.language.expression import Expression, add, difference, grouped, negative, number, product
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.problems.statements.constraints import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.claim import Result

MOST_KNOWN = 3


def contradicted(
    verdicts: Sequence[LineVerdict],
    goals: Sequence[Expression],
    names: frozenset[str],
    bench: Bench,
    carrying: Carrying,
    results: Sequence[Result],
    plain: Sequence[bool] = (),
) -> list[LineVerdict]:
    """The verdicts, with equations refuted that are open and contradict what a gradient before them tells.

    Of the rows that are ``plain`` no words suppose anything: what they say to follow is refuted where it does not.
    """
    slopes = {normal(node): node for node in goals if node.head == "derivative" and len(node.args) == 2}
    lefts = {slope_of(strip_groups(node)) for node in slopes.values()}
    lefts |= {Expression("gradient", one.args[:1], 1) for one in lefts}
    first = next((place for place, one in enumerate(verdicts) if _sets_to_zero(one, lefts)), len(verdicts))
    is_open = any(one.verdict is EQUATION for one in verdicts[first + 1 :])
    there = _at_root(list(slopes.values()), carrying, results) if is_open else None
    known: list[Claim] = []
    out: list[LineVerdict] = []
    for place, verdict in enumerate(verdicts):
        if verdict.verdict == STATIONARY:
            known += [one for one in verdict.posed if not (is_zero(one.left) or is_zero(one.right))]
        new = verdict
        if verdict.verdict is EQUATION and there is not None and place > first:
            new = judged(verdict, names, there, frozenset())
        if verdict.verdict is EQUATION and not new.verdict.is_wrong:
            new = _against(verdict, known[-MOST_KNOWN:], bench)
        if verdict.verdict is EQUATION and not new.verdict.is_wrong and all(plain[place : place + 1]):
            new = _implied(verdict, [one for row in verdicts[:place] for one in row.posed], names, carrying, results)
        if verdict.verdict.outcome == "undecided" and not new.verdict.is_wrong:
            new = _unsolved(verdict, names, bench)
        out.append(new if new.verdict.is_wrong else verdict)
    return out


def _unsolved(verdict: LineVerdict, names: frozenset[str], bench: Bench) -> LineVerdict:
    r"""The verdict on a row ``X = 0 \Rightarrow w = v``, wrong where X is not zero at v, with all that stands in X."""
    zero: Claim | None = None
    for statement in verdict.statements:
        sides = [part.expression for part in statement.parts]
        if len(sides) < 2 or statement.parts[0].relation or any(part.relation != "=" for part in statement.parts[1:]):
            return verdict
        claim = Claim(sides[0], sides[-1], condition=statement.condition)
        left, name = strip_groups(claim.left), root(claim.left)
        is_value = name in names and name not in claim.right.names and len(sides) == 2
        if statement.follows and zero is not None and is_value and zero.left.names == difference(*claim.sides).names:
            put = zero.left.map(partial(_instead, left, grouped(claim.right)))
            outcome, _ = loosely(replace(zero, left=put), bench)
            if name not in put.names and outcome.is_wrong and outcome.witness is not None:
                fault = Finding("not-a-solution", claim.right.span)
                return replace(verdict, verdict=outcome, findings=(*verdict.findings, fault))
        zero = Claim(sides[-2], sides[-1], condition=statement.condition) if is_zero(sides[-1]) else zero
    return verdict


def _instead(old: Expression, new: Expression, node: Expression) -> Expression:
    return new if node == old else node


def _sets_to_zero(verdict: LineVerdict, lefts: Set[Expression]) -> bool:
    """Whether a row rightly sets one of these slopes to zero."""
    ends = [
        (strip_groups(one.parts[0].expression), one.parts[-1].expression)
        for one in verdict.statements
        if not one.parts[0].relation
    ]
    is_zeroed = any(is_zero(last) and slope_of(first) in lefts for first, last in ends if are_slopes([first]))
    return verdict.verdict == STATIONARY or (verdict.verdict.is_right and is_zeroed)


def _at_root(slopes: Sequence[Expression], carrying: Carrying, results: Sequence[Result]) -> Bench | None:
    """The world in which the one gradient vanishes; None where it may do so at several values.

    What holds there may do so since all vanishes there: ``A w = 2 \\lambda w`` where ``A w = \\lambda w``.
    """
    if len(slopes) != 1 or equations_of(carrying.truth, root(slopes[0].args[1])):  # a multiplier may be any number
        return None
    return where_vanishing(slopes[0], carrying, results)


def _against(verdict: LineVerdict, known: Sequence[Claim], bench: Bench) -> LineVerdict:
    """The verdict on an equation that has the sides of a known one with another factor."""
    if len(verdict.posed) != 1 or is_supposed(verdict):
        return verdict
    one = verdict.posed[0]
    moved = difference(one.left, one.right)
    sides = (side for other in reversed(known) for side in _others(other.left, other.right))
    if not any(bench.judge(Claim(moved, side)).verdict.is_right for side in sides):
        return verdict
    false = bench.judge(one).verdict
    return replace(verdict, verdict=false, findings=(*verdict.findings, Finding("not-a-solution", one.right.span)))


def _implied(
    verdict: LineVerdict,
    known: Sequence[Claim],
    names: frozenset[str],
    carrying: Carrying,
    results: Sequence[Result],
) -> LineVerdict:
    r"""The verdict on a row ``X = 0 \Rightarrow Y``, wrong where Y is false whichever quantity of X makes X zero.

    Y speaks of nothing but what is in X and holds no unknown; what else is ``known`` of that must hold there as well.
    """
    before, zero = [*known], None
    for statement in verdict.statements:
        sides = [part.expression for part in statement.parts]
        is_chain = not statement.parts[0].relation and all(part.relation == "=" for part in statement.parts[1:])
        if statement.condition is not None or not is_chain or len(sides) < 2 or is_supposed(verdict):
            return verdict
        claim = Claim(sides[-2], sides[-1])
        if statement.follows and zero is not None and _is_within(claim, zero.names - names):
            false = _false_where_zero(zero, claim, before, carrying, results)
            if false is not None:
                fault = Finding("not-a-solution", claim.right.span)
                return replace(verdict, verdict=false, findings=(*verdict.findings, fault))
        before.append(claim)
        zero = claim.left if is_zero(claim.right) else zero
    return verdict


def _is_within(claim: Claim, names: frozenset[str]) -> bool:
    """Whether a claim speaks of these quantities alone, and of no entry by its number."""
    moved = difference(claim.left, claim.right)
    places = (place for node in moved.walk() if node.head in ("entry", "member") for place in node.args)
    return bool(moved.names) and moved.names <= names and not any(place.head == "number" for place in places)


def _false_where_zero(
    zero: Expression, claim: Claim, known: Sequence[Claim], carrying: Carrying, results: Sequence[Result]
) -> Verdict | None:
    """The verdict on what is false whichever quantity makes an expression zero; None where it may be true."""
    false: Verdict | None = None
    used = difference(claim.left, claim.right).names
    for name in sorted(zero.names):
        there = carrying.solved((), results, [Held(zero, name)])
        if there is None or not there.judge(Claim(zero, number(0))).verdict.is_right:
            continue
        for one in known:
            spoken = difference(one.left, one.right).names
            if spoken & used and spoken <= zero.names and not there.judge(one).verdict.is_right:
                return None
        false = there.judge(claim).verdict
        if not false.is_wrong:
            return None
    return false


def _others(left: Expression, right: Expression) -> Iterator[Expression]:
    """What equations with the wrong sign or factor between two sides have moved to one side."""
    two = number(2)
    for wrong in (add(left, right), add(left, negative(product(two, right))), add(product(two, left), negative(right))):
        yield from multiples(wrong)
