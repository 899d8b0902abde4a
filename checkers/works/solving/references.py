"""Reference answers, judged against what the givens make of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.alternatives import conventions
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.carrying import Carrying
from truestep.checkers.works.claim import Claim, Judgement
from truestep.checkers.works.equations import EQUATION, mentions, root
from truestep.checkers.works.solving.bound import at_best, equations_of
from truestep.checkers.works.solving.systems import System
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.liberties import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.comparing.world import World
    from truestep.problems.statements.prepared import Setting


def judged_references(world: World) -> Iterator[tuple[int, Expression, Judgement]]:
    """Each reference answer that can be compared with what is asked: its place, what is asked, and the judgement.

    Where several layouts are allowed the judgement is that in the first one in which the answer holds.
    """
    setting = world.setting
    if len(setting.find) != len(setting.answer):
        return
    bench = Bench(world)
    for place, (asked, answer) in enumerate(zip(setting.find, setting.answer, strict=True)):
        if asked.head == "words" or answer.head == "words":
            continue
        is_unknown = asked.head in ("symbol", "member", "entry")
        if is_unknown and not bench.is_defined(asked):
            yield from ((place, asked, one) for one in _at_answer(setting, asked, answer))
            continue
        judged = [
            bench.judge(claim, not setting.problem.exact, setting.problem.tolerance)
            for claim in _claimed(setting, asked, answer)
        ]
        best = next((one for one in judged if not one.verdict.is_wrong), judged[0])
        put_in = _at_answer(setting, asked, answer) if is_unknown and best.verdict.is_wrong else ()
        yield from ((place, asked, one) for one in ([*put_in] or [best]))  # one of several that meet an equation


def _claimed(setting: Setting, asked: Expression, answer: Expression) -> Iterator[Claim]:
    """That an answer is what is asked, in each layout that is allowed."""
    for convention in conventions(setting.problem):
        yield Claim(asked, answer, Reading(convention))


def _at_answer(setting: Setting, asked: Expression, answer: Expression) -> Iterator[Judgement]:
    """That an unknown, if it is what the answer says, meets the equations assumed of it, and makes gradients zero.

    One of several unknowns is judged with some values of the others, where the answer does not say them.
    """
    # a multiplier that stands in no loss may be any number
    is_bound = bool(equations_of(setting, root(asked))) and not setting.assumptions.multipliers
    carrying = Carrying(setting, set(), setting.scope.arena.effort)
    system = System(setting, carrying)
    among = None if is_bound else system.verdict(asked, Claim(asked, answer, Reading()))
    if among is not None and (among is not EQUATION or answer.names.isdisjoint(system.slopes)):
        yield Judgement(among)
        return
    found = () if is_bound else setting.assumptions.stationary
    stationary = [node for node in found if mentions(node, frozenset((root(asked),)))]
    claims = [*(Claim(node, number(0)) for node in stationary), *at_best(setting, root(asked), Reading())[0]]
    there = carrying.solved([(asked, answer)]) if claims else None
    if there is not None:
        yield from map(there.judge, claims)
