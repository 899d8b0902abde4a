"""Whether the cases of an answer cover what is asked, need their condition, and are met under what is assumed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.domains import covers_labels, is_unmet
from truestep.checkers.comparing.looking import is_somewhere
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.conditions import names_of
from truestep.derivations.language.expression import EXCLUDED, ONLY, Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.reading.conditions import negated
from truestep.derivations.meaning import shaped_terms, truths
from truestep.derivations.meaning.scope import value_of
from truestep.problems.findings.table import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.prepared import Setting

NEVER_MET = Verdict("undecided", reason="one of these cases is never met under what is assumed")
_ORDERS = ("<", ">", "<=", ">=")


def gap() -> Verdict:
    """The verdict on cases that leave something out."""
    return Verdict("wrong", reason=message_of("missing-case", {}))


def denies(condition: Expression) -> bool:
    """Whether a condition says where an answer does not hold, and that is more than single points: "unless x > 0"."""
    return condition.mark in (EXCLUDED, ONLY) and condition.data != "!="


def has_gap(bench: Bench, answer: Claim) -> bool:
    """Whether cases in an answer leave out more than a single point."""
    scope = bench.scope_for(answer.reading)
    for node in answer.right.walk() if answer.right.has("cases") else ():
        conditions = node.args[1::2] if node.head == "cases" else ()
        if not conditions or any(condition.head == "otherwise" for condition in conditions):
            continue
        if _left_out(bench, scope, conditions, answer.condition):
            return True
    return False


def _left_out(
    bench: Bench, scope: Scope, conditions: Sequence[Expression], condition: Expression | None
) -> bool | None:
    """Whether no condition holds at more than single points; None where that is not decided."""
    arena = scope.arena
    try:
        rest = [arena.add((arena.constant(1), arena.negative(truths.truth(one, scope)))) for one in conditions]
        question = Question(arena.multiply(rest), arena.constant(0), bench.masks(scope, condition))
        bench.world.fit(question.reach)
        return is_somewhere(question, bench.world)
    except Fault:
        return None


def covers(bench: Bench, chosen: Sequence[Claim]) -> bool | None:
    """Whether the conditions of the cases cover everything; None where that is not decided."""
    scope = bench.scope_for(chosen[0].reading)
    conditions = [one.condition for one in chosen if one.condition is not None]
    labels = covers_labels(conditions, bench.world.setting)
    if labels is not None:
        return labels or None
    rest = _left_out(bench, scope, conditions, None)
    return None if rest is None else not rest


def needs_condition(bench: Bench, target: Expression, chosen: Sequence[Claim]) -> bool:
    """Whether an answer is not known to hold where none of its conditions does: it may not exist there."""
    rest = [negated(one.condition) for one in chosen if one.condition is not None and _is_plain(one.condition)]
    if len(rest) < len(chosen):
        return True
    outside = rest[0] if len(rest) == 1 else Expression("and", tuple(rest))
    if any(is_unmet(node, bench.world.setting) for one in rest for node in one.walk()):
        return False  # single values, beside which it holds as it does without them
    claims = [Claim(target, one.right, one.reading, outside) for one in chosen]
    is_so = any(bench.judge(claim).verdict.is_right for claim in claims)
    return not (is_so and _exists(bench, bench.scope_for(chosen[0].reading), target, outside))


def _exists(bench: Bench, scope: Scope, node: Expression, condition: Expression) -> bool:
    """Whether a quantity, and with a derivative what it is of, has a value somewhere where a condition holds."""
    arena = scope.arena
    try:
        value = value_of(node.args[0] if node.head == "derivative" else node, scope)
        term = value.entry(*shaped_terms.axes_for(arena, value.dims))
        question = Question(arena.add((term, arena.constant(1))), term, bench.masks(scope, condition))
        bench.world.fit(question.reach)
        return is_somewhere(question, bench.world) is True
    except Fault:
        return False


def _is_plain(condition: Expression) -> bool:
    return condition.head in ("relation", "and", "or") and not condition.has("unread", "indices", "otherwise")


def of_idle_cases(bench: Bench, target: Expression, answer: Claim) -> Verdict | None:
    """The verdict on cases of an answer that no value meets under the bounds assumed; None where all are met.

    Such a case is judged without these bounds: what it says is true there, or it is wrong.
    """
    scope, setting = bench.scope_for(answer.reading), bench.world.setting
    found: Verdict | None = None
    for node in (node for node in answer.right.walk() if node.head == "cases") if answer.right.has("cases") else ():
        values, conditions = node.args[::2], node.args[1::2]
        told = [one for one in conditions if one.head != "otherwise"]
        for value, condition in zip(values, conditions, strict=True):
            here = condition if condition in told else negated(told[0] if len(told) == 1 else _any(told))
            if not _is_of_orders(here) or _is_met(bench, scope, here, answer.condition):
                continue
            there = _unbounded(setting, here)
            claim = Claim(target, answer.right.map(partial(_taken, node, value)))
            outcome = there.judge(replace(claim, reading=answer.reading, condition=here)).verdict
            if outcome.is_wrong:
                return outcome
            found = found if outcome.is_right else NEVER_MET
    return found


def _taken(cases: Expression, value: Expression, node: Expression) -> Expression:
    return value if node == cases else node


def _any(conditions: Sequence[Expression]) -> Expression:
    return Expression("or", tuple(conditions))


def _is_of_orders(condition: Expression) -> bool:
    nodes = [node for node in condition.walk() if node.head == "relation"]
    return _is_plain(condition) and all(node.data in _ORDERS and not node.has("index", "size") for node in nodes)


def _is_met(bench: Bench, scope: Scope, here: Expression, condition: Expression | None) -> bool:
    """Whether a condition holds at more than single points, as far as that is seen."""
    arena = scope.arena
    try:
        question = Question(truths.truth(here, scope), arena.constant(0), bench.masks(scope, condition))
        bench.world.fit(question.reach)
        return is_somewhere(question, bench.world) is not False
    except Fault:
        return True


def _unbounded(setting: Setting, condition: Expression) -> Bench:
    """The bench of the world in which nothing bounds the quantities of a condition."""
    names, known = names_of(condition), setting.assumptions.properties
    freed = {name: replace(one, low=None, high=None, open=False) for name, one in known.items() if name in names}
    assumptions = replace(setting.assumptions, properties={**known, **freed})
    return Bench(World(replace(setting.anew(), assumptions=assumptions)))
