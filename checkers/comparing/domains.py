"""Where a side exists, in the symbols of the line, as ``x > 0``; where a condition is met, and where cases clash."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING

from truestep.checkers.comparing.evaluate import OutOfReach
from truestep.checkers.comparing.looking import is_somewhere
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.signs import NONNEGATIVE
from truestep.derivations.language.expression import free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.writing.text import text
from truestep.derivations.meaning import truths
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.scope import value_of
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.comparing.signs import Signs
    from truestep.checkers.comparing.world import World
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Term
    from truestep.problems.statements.prepared import Setting

MAX_SHOWN = 3
UNMET = "no point was found where the condition holds"
CLASHING = "two of these cases hold at once, and they say different things"
_ORDERS = ("<", ">", "<=", ">=", "!=")


def said(sides: tuple[Expression, ...], scope: Scope, signs: Signs) -> str:
    """Where both sides exist, in a few words."""
    found: dict[str, None] = {}
    for side in sides:
        for node, relation in _limits(side):
            if not _holds(node, scope, signs):
                found[f"{text(node, scope.notation)} {relation} 0"] = None
    return ", ".join(list(found)[:MAX_SHOWN])


def _limits(side: Expression) -> Iterator[tuple[Expression, str]]:
    """What must be positive, or not negative, so that a side has a value."""
    for node in side.walk():
        if node.head == "apply" and node.data[0] == "log":
            yield node.args[0], ">"
        elif node.head == "root" or (node.head == "apply" and node.data[0] == "sqrt"):
            yield node.args[0], "≥"
        elif node.head == "power":
            exponent = exact_number(node.args[1])
            if exponent is None or exponent.denominator > 1:
                yield node.args[0], ">" if exponent is None or exponent < 0 else "≥"


def _holds(node: Expression, scope: Scope, signs: Signs) -> bool:
    """Whether that is so for all values but single ones, or cannot be told."""
    with suppress(Fault, RecursionError):
        value = value_of(node, scope)
        return not value.is_scalar or signs.of(value.term) >= NONNEGATIVE
    return True


def covers_labels(conditions: Sequence[Expression], setting: Setting) -> bool | None:
    """Whether conditions such as ``y = 1`` and ``y = 0`` name both values of a label; None where none is of a label."""
    found = [one.args for one in conditions if is_unmet(one, setting)]
    if not found:
        return None
    values = {exact_number(right) for _, right in found}
    return len({left for left, _ in found}) == 1 and values in ({0, 1}, {-1, 1})


def is_unmet(condition: Expression, setting: Setting) -> bool:
    """Whether no point of the models meets an equality (or none fails to): a quantity is none of few values.

    Nor does any meet one of what is made of quantities: ``X^T X = I``.
    """
    if condition.head != "relation" or condition.data not in ("=", "!="):
        return False
    found = quantity_of(condition.args[0], setting.notation)
    if found is None:
        return condition.data == "=" and _is_made(condition)
    known = setting.assumptions.properties.get(found[0])
    return known is None or not (known.binary or known.values or known.hot)


def _is_made(condition: Expression) -> bool:
    """Whether a relation is one of quantities as such, with no letter that is free, and none that is unknown."""
    is_plain = strip_groups(condition.args[0]).head in ("index", "size", "number")
    is_free = any(free_indices(side) for side in condition.args)
    return condition.has("symbol", "member") and not (is_plain or is_free or condition.has("unknown", "unread"))


def doubted(
    sides: tuple[Expression, ...],
    condition: Expression | None,
    scope: Scope,
    masks: tuple[Term, ...],
    world: World,
) -> str:
    """Why a claim that agrees is not right yet: cases of it clash, or no point was found where its condition holds."""
    if condition is not None and _is_nowhere(condition, scope, world):
        return UNMET
    return CLASHING if clashes(sides, scope, masks, world) else ""


def _is_nowhere(condition: Expression, scope: Scope, world: World) -> bool:
    """Whether no point is found where a condition of orders holds, or one on letters of indices."""
    orders = [node for node in condition.walk() if node.head == "relation"]
    is_of_orders = all(node.data in _ORDERS and not node.has("index") for node in orders)
    is_of_letters = all(side.head == "index" for node in orders for side in node.args)
    if not orders or not (is_of_orders or is_of_letters) or condition.has("indices", "unread", "otherwise"):
        return False
    with suppress(Fault, OutOfReach, RecursionError):
        question = Question(truths.truth(condition, scope), scope.arena.constant(0), ())
        world.fit(question.reach)
        return not is_somewhere(question, world)
    return False


def clashes(sides: tuple[Expression, ...], scope: Scope, masks: tuple[Term, ...], world: World) -> bool:
    """Whether cases that hold at once differ at more than single points."""
    arena = scope.arena
    for node in (node for side in sides if side.has("cases") for node in side.walk()):
        known = list(zip(node.args[::2], node.args[1::2], strict=True)) if node.head == "cases" else []
        for (one, here), (other, there) in combinations(known, 2):
            if "otherwise" in (here.head, there.head) or one == other:
                continue
            with suppress(Fault, OutOfReach):
                both = [truths.truth(condition, scope) for condition in (here, there)]
                left, right = (arena.multiply((*both, value_of(value, scope).term)) for value in (one, other))
                question = Question(left, right, masks)
                world.fit(question.reach)
                if is_somewhere(question, world):
                    return True
    return False
