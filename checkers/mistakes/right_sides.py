"""Right sides that a left side may have: what stood before, the reference, the lines of a derivation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.deriving.derive import derive
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import negative, number
from truestep.derivations.language.faults import Fault
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.derived import goal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting

MAX_FORMS = 8


class Form(NamedTuple):
    """A right side, and the rule by which a derivation came to it."""

    expression: Expression
    rule: str = ""


def forms(case: Case) -> list[Form]:
    """Right sides with the values of the left side at the points of the trial, those that stand nearest first."""
    return case.keep("forms", lambda: _forms(case))


def _forms(case: Case) -> list[Form]:
    found: dict[Expression, Form] = {}
    for form in known(case):
        found.setdefault(strip_groups(form.expression), form)
    trial, target = case.trial, case.target
    return [form for form in found.values() if trial.agrees(trial.look(form.expression, target), target)][:MAX_FORMS]


def known(case: Case) -> Iterator[Form]:
    """What stood before, the lines of a derivation, the reference: not looked at yet."""
    if case.before is not None:
        yield Form(case.before)
    left, world = strip_groups(case.left), case.bench.world
    key = left, case.setting is not world.setting  # with names of the work's own
    if key not in world.derivations:
        world.derivations[key] = tuple(_derived(case.setting, left))
    yield from (Form(*line) for line in world.derivations[key])
    yield from (Form(answer) for answer in case.setting.answer)
    if left in case.bodies:
        yield Form(case.bodies[left])


def _derived(setting: Setting, left: Expression) -> Iterator[tuple[Expression, str]]:
    """The lines of the derivation of a derivative; none where there is none."""
    if left.head not in ("derivative", "gradient"):
        return
    try:
        solution = derive(goal_of(setting, left))
    except (Stuck, Fault, RecursionError):
        return
    for derivation in reversed(solution.derivations):
        yield from ((step.after.map(_as_read), step.rule) for step in derivation.steps)


def _as_read(node: Expression) -> Expression:
    """A number below zero as it is read: with a minus."""
    return negative(number(-node.data[0])) if node.head == "number" and node.data[0] < 0 else node
