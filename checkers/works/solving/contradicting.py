r"""Equations that contradict one that a work has rightly set up: the same two sides with another sign or factor.

From A = B and A = -B follows B = 0, so that only one of the two can be what the gradient tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.conditions import is_supposed
from truestep.checkers.works.equations import EQUATION, STATIONARY, is_zero
from truestep.derivations.language.expression import Expression, add, negative, number, product
from truestep.derivations.language.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict

MOST_KNOWN = 3


def contradicted(verdicts: Sequence[LineVerdict], bench: Bench) -> list[LineVerdict]:
    """The verdicts, with equations refuted that are open and contradict one before them that a gradient tells."""
    known: list[Claim] = []
    out: list[LineVerdict] = []
    for verdict in verdicts:
        if verdict.verdict == STATIONARY:
            known += [one for one in verdict.posed if not (is_zero(one.left) or is_zero(one.right))]
        is_open = verdict.verdict is EQUATION and len(verdict.posed) == 1 and not is_supposed(verdict)
        false = _refuted(verdict.posed[0], known[-MOST_KNOWN:], bench) if is_open else None
        if false is not None:
            fault = Finding("not-a-solution", verdict.posed[0].right.span)
            verdict = replace(verdict, verdict=false, findings=(*verdict.findings, fault))
        out.append(verdict)
    return out


def _refuted(one: Claim, known: Sequence[Claim], bench: Bench) -> Verdict | None:
    """The verdict on an equation that has the sides of a known one with another factor; None where it has not."""
    moved = _group(add(one.left, negative(one.right)))
    for other in reversed(known):
        for side in _others(other.left, other.right):
            if bench.judge(Claim(moved, side)).verdict.is_right:
                verdict = bench.judge(one).verdict
                return verdict if verdict.is_wrong else None
    return None


def _others(left: Expression, right: Expression) -> Iterator[Expression]:
    """What equations with the wrong sign or factor between two sides have moved to one side."""
    two = number(2)
    half = Expression("quotient", (number(1), two), "frac")
    doubled = add(left, negative(product(two, right))), add(product(two, left), negative(right))
    for wrong in (add(left, right), *doubled):
        for scaled in (_group(wrong), product(half, _group(wrong)), product(two, _group(wrong))):
            yield scaled
            yield negative(scaled)


def _group(node: Expression) -> Expression:
    return Expression("group", (node,), None, node.span)
