"""What the problem or the work settles, so that a formula which says otherwise of it is false and supposes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.equations import root, solved_for, unknowns
from truestep.derivations.language.expression import free_indices
from truestep.derivations.language.reading.chains import COMPOSED
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.checkers.works.chain_steps import Steps
    from truestep.derivations.language.expression import Expression


def is_value(node: Expression) -> bool:
    """Whether no name stands in an expression, so that it is one value, or several numbers."""
    return not node.has("symbol", "member", "unknown", "index", "size")


def is_settled(left: Expression, right: Expression, steps: Steps) -> bool:
    """Whether the problem or the work settles what a left side is: a derivative, a given, something asked.

    A number that a letter of the work's own takes settles not which one it takes next: at t = 1 and t = 2.
    """
    plain = strip_groups(left)
    if plain.head == "value":  # at a point
        return is_settled(plain.args[0], right, steps)
    if plain.head in ("derivative", "gradient", "prime") or (plain.head == "apply" and plain.data[1]):
        return True
    if plain.head == "differential":  # of a quantity that is settled; d J = 0 is set
        is_form = right.has("differential") and plain.args[0].head in COMPOSED
        return is_form or (not is_value(right) and is_settled(plain.args[0], right, steps))
    asked = [strip_groups(node) for node in steps.setting.find]
    if plain.head in ("mean", "spread") and plain not in asked:  # of what varies by a law that is told
        laws = steps.setting.scope.chance
        varies = [name for name in plain.names if name in laws]
        return bool(varies) and all(laws[name].kind != "moments" for name in varies)
    found = quantity_of(plain, steps.setting.notation)
    now = steps.bench.introduced.get(str(plain.data)) if right.head == "number" else None
    if now is not None and now.is_scalar and now.term.op == "constant":
        return False
    known = found is not None and found[0] in steps.given
    known = known or (not is_value(right) and solved_for(plain, asked_names(steps)) is not None)
    return known or plain in asked or bool({plain.data, f"{plain.data}()"} & steps.bench.introduced.keys())


def is_identity(left: Expression, right: Expression) -> bool:
    """Whether what is made of several quantities is said to equal what is no mere value."""
    plain = strip_groups(left)
    while plain.head == "negative":
        plain = strip_groups(plain.args[0])
    return plain.head in (*COMPOSED, "root", "transpose") and not is_value(right)


def asked_names(steps: Steps) -> frozenset[str]:
    """The unknowns that are asked for."""
    return unknowns(steps.goals) & {root(node) for node in steps.setting.find}


def may_be_assumed(pairs: Iterable[tuple[Expression, Expression]], steps: Steps) -> bool:
    """Whether equations only tie quantities that nothing defines: ``X^T X = I``, ``y^2 = y``, but no rule of algebra.

    A rule has a function in it, a sum of what its letter does not change, or several quantities on the right that all
    stand on the left.
    """
    sides = [tuple({*side.walk()} for side in pair) for pair in pairs]
    nodes = {node for pair in sides for side in pair for node in side}
    is_rule = any(node.head in ("apply", "derivative", "gradient", "prime", "unknown", "root") for node in nodes)
    is_rule = is_rule or any(node.head == "sum" and set(node.data or ()) - free_indices(node.args[0]) for node in nodes)
    is_rule = is_rule or any(node.head == "power" and not is_value(node.args[1]) for node in nodes)
    names = [[{str(node.data) for node in side if node.head == "symbol"} for side in pair] for pair in sides]
    is_rule = is_rule or all(len(right) > 1 and right <= left for left, right in names)
    found = [quantity_of(node, steps.setting.notation) for node in nodes]
    return not is_rule and not any(one is not None and one[0] in steps.given for one in found)
