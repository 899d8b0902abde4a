r"""Comparisons that are claimed: ``\frac{ds}{dx} = s(1 - s) \le \frac14``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing.looking import is_somewhere
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.chain_steps import NOT_CHECKED, LineVerdict
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.reading.chains import COMPOSED
from truestep.derivations.meaning import truths
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Claim

NEVER = Verdict("wrong", reason="no values were found for which this comparison holds")
COMPARED = ("<", ">", "<=", ">=")


def ordered(bench: Bench, claim: Claim) -> LineVerdict:
    """A comparison of what is made of several quantities, or a slope: refuted where single points at most meet it."""
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
