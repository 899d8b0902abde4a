"""Models that are said with the letter of the data: ``y = a x + b`` where the statement calls that the prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.asides import quiet
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.problems.statements.prepared import Setting

A_MODEL = Verdict("not_checked", reason="this says the model, with the letter of the data for what it gives")


def without_models(verdicts: Sequence[LineVerdict], setting: Setting, bench: Bench) -> list[LineVerdict]:
    """The verdicts, of which that on a model that is said with the letter of the data accuses nobody."""
    return [quiet(one, A_MODEL) if one.verdict.is_wrong and _is_model(one, setting, bench) else one for one in verdicts]


def _is_model(verdict: LineVerdict, setting: Setting, bench: Bench) -> bool:
    """Whether a line equates what nothing defines with all of what a given says of another quantity of its shape."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    if [part.relation for part in parts] != ["", "="]:
        return False
    left, right = (strip_groups(part.expression) for part in parts)
    given = {found[0] for one, _ in setting.given if (found := quantity_of(one, setting.notation)) is not None}
    declared = setting.notation.declared(str(left.data)) if left.head == "symbol" else None
    if declared is None or left.data in given or left in map(strip_groups, setting.find):
        return False
    others = [name for name in given if (other := setting.notation.declared(name)) and other.dims == declared.dims]
    readings = Reading(), Reading().taking("broadcast")
    claims = [Claim(Expression("symbol", (), name), right, reading) for name in others for reading in readings]
    return any(bench.judge(claim).verdict.is_right for claim in claims)
