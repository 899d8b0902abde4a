r"""Comparisons that are claimed: ``\frac{ds}{dx} = s(1 - s) \le \frac14``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.looking import is_somewhere
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.chain_steps import NOT_CHECKED, LineVerdict
from truestep.checkers.works.names.arbitrary import as_before
from truestep.derivations.language.expression import ANEW, Expression, grouped, negative, number
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.reading.chains import COMPOSED
from truestep.derivations.language.reading.rowtext import LOEWNER
from truestep.derivations.meaning import entries, truths
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Claim

NEVER = Verdict("wrong", reason="no values were found for which this comparison holds")
COMPARED = ("<", ">", "<=", ">=")


def ordered(bench: Bench, claim: Claim) -> LineVerdict:
    """A comparison of what is made of several quantities, or a slope: refuted where single points at most meet it.

    Matrices are compared by their quadratic forms (R. Horn, C. Johnson: Matrix Analysis, 2nd ed., definition 7.7.1).
    """
    if claim.relation in LOEWNER.values():
        return _by_forms(bench, claim)
    made = (*COMPOSED, "derivative", "gradient", "abs", "norm")
    if claim.relation not in COMPARED or strip_groups(claim.left).head not in made:
        return LineVerdict(NOT_CHECKED)
    scope, met = bench.scope_for(claim.reading), Expression("relation", (claim.left, claim.right), claim.relation)
    try:
        truth = truths.truth(met, scope)
        question = Question(truth, scope.arena.constant(0), bench.masks(scope, claim.condition))
        bench.world.fit(question.reach)
        is_met = is_somewhere(question, bench.world)
    except Fault:
        return LineVerdict(NOT_CHECKED)
    return LineVerdict(NEVER if is_met is False else NOT_CHECKED)


def _by_forms(bench: Bench, claim: Claim) -> LineVerdict:
    r"""``A \succeq B``: refuted where ``v^T (A - B) v`` is negative at all points but single ones."""
    try:
        dims = {bench.value(side, claim.reading)[0].dims for side in claim.sides} - {(1, 1)}
    except Fault:
        return LineVerdict(NOT_CHECKED)
    size = next(iter(dims), (1, 0))
    if len(dims) != 1 or size[0] != size[1]:
        return LineVerdict(NOT_CHECKED)
    vector = Expression("unknown", (), ANEW, claim.right.span)
    turned = Expression("transpose", (vector,), None, claim.right.span)
    is_zero = claim.right.head == "number" and claim.right.data[0] == 0
    between = claim.left if is_zero else Expression("add", (claim.left, negative(grouped(claim.right))), None)
    form = Expression("product", (turned, grouped(between), vector), ("", "", ""), claim.left.span)
    with as_before(bench.introduced):
        bench.introduced[ANEW] = entries.anything("v", (size[0], 1), bench.scope)
        return ordered(bench, replace(claim, left=form, right=number(0), relation=claim.relation.split()[1]))
