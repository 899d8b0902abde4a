"""Two sides of different shapes: a transposed one is a matter of layout, zero fits every shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.decide import decide
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import Verdict, undecided
from truestep.checkers.works.claim import Claim, Judgement
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.shapes import describe
from truestep.derivations.meaning import entries, shaped_terms
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.findings.table import message_of

if TYPE_CHECKING:
    from truestep.checkers.comparing.world import World
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Term

POSTFIX = "a derivative operator behind its operand leaves open how it is meant"
NO_BATCH = "this sums over the samples of a batch, which the problem does not have"


@dataclass(frozen=True)
class Sides:
    """What judges sides of different shapes, in one scope and world."""

    scope: Scope
    world: World

    def judged(
        self, left: Value, right: Value, claim: Claim, masks: tuple[Term, ...], notes: tuple[Finding, ...]
    ) -> Judgement:
        """The judgement on sides that differ in shape."""
        node, along = claim.right, along_diagonal(left, right, claim, self.scope)
        if along is not None and claim.left not in self.world.setting.find:
            verdict = self._entry_by_entry(left, along, masks)
            if verdict.is_right:
                return Judgement(verdict, span=node.span, notes=(*notes, Finding("diag-left-out", node.span)))
        if reason := _unclear(left, right, node):
            return Judgement(undecided(reason), notes=notes)
        args = {"found": describe(right.dims), "left": describe(left.dims)}
        misfit = Judgement(Verdict("wrong", reason=message_of("shape", args)), "shape", args, node.span, notes)
        for whole, other in ((left, right), (right, left)):
            if other.is_scalar and other.term.op == "constant" and other.term.data == 0:
                return Judgement(self._entry_by_entry(whole, other, masks), span=node.span, notes=notes)
        if len(left.dims) == len(right.dims) == 2 and (left.dims[1], left.dims[0]) == right.dims:
            return self.transposed(left, right, masks, misfit)
        return misfit

    def transposed(self, left: Value, right: Value, masks: tuple[Term, ...], otherwise: Judgement) -> Judgement:
        """The judgement on sides of which one may be the transpose of the other."""
        if not self._entry_by_entry(left, shaped_terms.transpose(right), masks).is_right:
            return otherwise
        more = () if left.dims == right.dims else ((otherwise.code, otherwise.args),)
        return replace(otherwise, code="transposed", args={"case": "whole"}, more=more)

    def _entry_by_entry(self, one: Value, other: Value, masks: tuple[Term, ...]) -> Verdict:
        at = shaped_terms.axes_for(self.scope.arena, one.dims)
        return decide(Question(one.entry(*at), other.term if other.is_scalar else other.entry(*at), masks), self.world)


def _unclear(left: Value, right: Value, node: Expression) -> str:
    """Why a side of another shape may be meant of something else; "" if nothing says so."""
    if any(child.data == "postfix" for child in node.walk()):
        return POSTFIX
    reduced = any(one.head == "code" and len(one.data) == 3 and one.data[1] == 0 for one in node.walk())
    return NO_BATCH if reduced and left.is_vector and right.is_scalar else ""


def along_diagonal(left: Value, right: Value, claim: Claim, scope: Scope) -> Value | None:
    r"""The diagonal matrix of a right side that may be the slopes of a function of single numbers: ``\\tanh'(z)``."""
    is_slope = strip_groups(claim.left).head in ("derivative", "gradient") and entries.is_square(left)
    is_vector = right.is_vector and left.dims[0] in right.dims
    return entries.diagonal(right, left.dims, scope) if is_slope and is_vector else None
