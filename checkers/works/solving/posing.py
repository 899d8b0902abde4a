"""Which gradients a work itself sets to zero, beside those that are assumed to vanish."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import is_posed, is_zero, root, slope_of, unknowns
from truestep.checkers.works.solving.stationarity import has_its_root
from truestep.checkers.works.solving.there import solves
from truestep.derivations.language.expression import Expression, grouped, negative, symbol
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import normal, strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.solving.stationarity import Solved
    from truestep.problems.statements.prepared import Setting


def with_own_slopes(verdicts: Sequence[LineVerdict], setting: Setting, bench: Bench) -> Setting:
    """The setting in which gradients vanish that the work sets to zero, of what another is to be stationary of.

    They are by quantities of the problem that nothing defines. It is the same where all lines are true.
    """
    known = setting.assumptions.stationary
    goals = [node for node in (*setting.find, *known) if node.head == "derivative" and len(node.args) == 2]
    tops = {normal(strip_groups(node.args[0])) for node in goals}
    taken = unknowns(goals)
    if not tops or all(one.verdict.is_right for one in verdicts):
        return setting
    own = [
        node
        for node in dict.fromkeys(slope for verdict in verdicts for slope in _zeroed(verdict))
        if node.head == "derivative" and len(node.args) == 2 and normal(strip_groups(node.args[0])) in tops
    ]
    own = [
        node for node in own if (name := root(node.args[1])) not in taken | {""} and not bench.is_defined(symbol(name))
    ]
    if not own:
        return setting
    return replace(setting, assumptions=replace(setting.assumptions, stationary=[*known, *own]))


def _zeroed(verdict: LineVerdict) -> Iterator[Expression]:
    """The derivatives that a row sets to zero."""
    for statement in verdict.statements:
        sides = [strip_groups(part.expression) for part in statement.parts]
        if len(sides) > 1 and not statement.parts[0].relation and is_zero(sides[-1]):
            yield sides[0]


def posing(verdicts: Sequence[LineVerdict], setting: Setting, bench: Bench, solved: Solved) -> Setting:
    """The setting in which gradients vanish that are asked for and that the work itself sets to zero.

    It is the same where all lines are true: others may be meant where they vanish.
    """
    goals = [node for node in setting.find if node.head == "derivative" and len(node.args) == 2]
    if not goals or all(one.verdict.is_right for one in verdicts):
        return setting
    known, posed = setting.assumptions.stationary, list[Expression]()

    def equal(left: Expression, right: Expression) -> bool:
        return bench.judge(Claim(left, right)).verdict.is_right

    def poses(one: Claim, node: Expression) -> bool:
        is_told = solves(one, unknowns([node])) or is_posed(one.left, one.right, [node], equal, None)
        return is_told or has_its_root(one, [node], bench, solved)

    for verdict in verdicts:
        posed += [node for node in goals if any(poses(one, node) for one in verdict.posed)]
        for statement in verdict.statements:
            sides = [strip_groups(part.expression) for part in statement.parts]
            if len(sides) > 1 and is_zero(sides[-1]) and not statement.parts[0].relation:
                slopes = {slope_of(side) for side in sides[:-1] if side.head in ("derivative", "gradient")}
                others = [] if verdict.verdict.is_right or slopes else sides[:1]
                posed += [node for node in goals if slope_of(node) in slopes or _is_value_of(node, others, bench)]
    own = [node for node in dict.fromkeys(posed) if node not in known]
    if not own:
        return setting
    return replace(setting, assumptions=replace(setting.assumptions, stationary=[*known, *own]))


def _is_value_of(slope: Expression, sides: Sequence[Expression], bench: Bench) -> bool:
    """Whether a gradient, or its negative, is one of these sides."""
    each = (Claim(slope, one, Reading()) for side in sides for one in (side, negative(grouped(side))))
    return any(bench.judge(claim).verdict.is_right for claim in each)
