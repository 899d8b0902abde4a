r"""What is asked of a stationary point without being its place: its least loss, :math:`X w`, :math:`\log \sigma`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.equations import EQUATION, root, unknowns
from truestep.checkers.works.solving.systems import System, where_vanishing
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.differentiate import depends
from truestep.derivations.meaning.shaped_terms import axes_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Claim, Judgement, Result
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting

_SLOPES = ("derivative", "gradient", "prime")


def at_optimum(
    claim: Claim,
    judgement: Judgement,
    setting: Setting,
    bench: Bench,
    carrying: Carrying,
    results: Sequence[Result] = (),
) -> Judgement | None:
    """The judgement on what is asked where the gradients vanish that are assumed to; None where it is in general.

    Where the unknowns cannot be eliminated, as they are not where a gradient is no line in its own, the claim is an
    equation that holds at the solution which the work finds.
    """
    stationary = setting.assumptions.stationary
    names, asked = unknowns(stationary), None if setting.answer or not stationary else _asked(claim, setting, bench)
    if asked is None or asked.head in _SLOPES or root(asked) in names or not _varies(claim, names, bench):
        return None
    system = System(setting, carrying, results)
    made = system.put({}) if system.slopes else None
    if system.slopes:
        there = None if made is None or made.open else made.there
    else:
        there = where_vanishing(stationary[0], carrying, results)
    if there is None:
        return replace(judgement, verdict=EQUATION, is_posed=True)
    return there.judge(replace(claim, left=asked))


def _asked(claim: Claim, setting: Setting, bench: Bench) -> Expression | None:
    r"""What is asked, where a left side is that, or a name of the work's own for it: ``\hat{y} = X w = ...``."""
    left = strip_groups(claim.left)
    for asked in map(strip_groups, setting.find):
        is_own = left.head == "unknown" and bench.judge(replace(claim, left=asked, right=left)).verdict.is_right
        if is_own or asked == left:
            return asked
    return None


def _varies(claim: Claim, names: frozenset[str], bench: Bench) -> bool:
    """Whether the left side of a claim varies with an unknown."""
    try:
        value, scope = bench.value(claim.left, claim.reading)
        term = value.entry(*axes_for(scope.arena, value.dims))
    except Fault:
        return False
    return any(depends(scope.arena, term, name) for name in names)
