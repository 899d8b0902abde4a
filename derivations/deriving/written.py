"""What a course of rules found, as written: its stages as a chain of equalities, its result in matrix notation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.contracting import NoMatrixForm, matrix_form
from truestep.derivations.deriving.algebra.tidying import Tidying
from truestep.derivations.deriving.displays.entries_shown import Unwritable
from truestep.derivations.deriving.displays.proofs import lemma
from truestep.derivations.deriving.steps import Derivation, Step, Stuck
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.monomials import Entry, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.differentiating import Stage
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.language.expression import Expression


class Written:
    """Writes what is derived from some givens; each small derivation that a step makes use of stands once."""

    def __init__(self, givens: Givens) -> None:
        self.givens = givens
        self.fixed = list(givens.letters.names)
        self.proved: set[Node] = set()

    def chain(self, goal: Expression, stages: Sequence[Stage]) -> Derivation:
        """The stages as a chain of equalities that begins with the goal."""
        letters, showing = self.givens.letters, self.givens.showing
        steps: list[Step] = []
        before = goal
        for stage in stages:
            letters.keep([*self.fixed, *_appearing(stage.polynomial)])
            try:
                after = showing.polynomial(stage.polynomial)
            except Unwritable as unwritable:
                raise Stuck(str(unwritable), "there is no notation for this as a whole") from None
            if after != before:
                because = self._because(stage)
                steps.append(Step(before, stage.rule, after, stage.trivial, because, self._details(stage.used)))
                before = after
        return Derivation(goal, tuple(steps))

    def _because(self, stage: Stage) -> Expression | None:
        """The sum that is one, as a relation."""
        if stage.because is None:
            return None
        entry, axis = stage.because
        letters = self.givens.letters
        letters.keep([*letters.names, *(place for place in entry[1:] if isinstance(place, Axis))])
        return self.givens.showing.sums_to_one(entry, axis)

    def _details(self, used: Sequence[Entry]) -> tuple[Derivation, ...]:
        out: list[Derivation] = []
        for entry in used:
            if entry[0] not in self.proved:
                self.proved.add(entry[0])
                out += lemma(self.givens, entry)
        return tuple(out)

    def matrix_form(self, result: Polynomial, free: list[Axis]) -> list[Node] | None:
        """The result as one node, then with common factors taken out; None where no matrix notation says it."""
        givens = self.givens
        tidying = Tidying(givens.entries, givens.definitions, givens.goal.simplex)
        result = givens.entries.clean(tidying.multiplied_out(result, True))
        try:
            plain = matrix_form(givens.workshop, result, free)
            givens.showing.whole(plain)
        except (NoMatrixForm, Unwritable):
            return None
        better = collected(givens.workshop, plain)
        try:
            givens.showing.whole(better)
        except Unwritable:
            return [plain]
        return [plain] if better is plain else [plain, better]


def _appearing(polynomial: Polynomial) -> list[Axis]:
    return list(dict.fromkeys(axis for one in polynomial for axis in one.axes()))
