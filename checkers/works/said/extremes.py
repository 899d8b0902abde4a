"""What is called the largest or the smallest value of a function, and the place where it has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.works.said.deciding import AGAINST, LOOSE, MARGIN, TINY, beyond, node_of
from truestep.checkers.works.said.settled import is_value
from truestep.derivations.language.expression import grouped, number

if TYPE_CHECKING:
    from truestep.checkers.works.said.deciding import Deciding, Spoken
    from truestep.derivations.language.expression import Expression


def is_passed(judge: Deciding, node: Expression, sign: str, value: Expression) -> bool:
    """Whether what is called the largest value is passed somewhere, or not come near to."""
    if not judge.is_of_one(node) or not judge.is_of_one(value) or judge.may_turn_at(node, value, sign):
        return False
    near = beyond(value, AGAINST[sign], MARGIN)
    return judge.somewhere(node, sign, value) or judge.nowhere(node, sign, near)


def greatest(judge: Deciding, one: Spoken) -> bool:
    """Where it is largest the slope is zero, and it does not bend upwards."""
    by, slope, bend = judge.variable(), judge.derived(one.subject, 1), judge.derived(one.subject, 2)
    if by is None or slope is None or bend is None or judge.point is None or judge.sizes(by):
        return False
    sign = {"largest": ">", "smallest": "<"}.get(one.said.kind)
    if sign is not None and _is_passed_from(judge, one.subject, sign):
        return True
    return judge.unequal(slope, number(0)) or (sign is not None and judge.always(bend, sign, number(0)))


def _is_passed_from(judge: Deciding, node: Expression, sign: str) -> bool:
    """Whether a function of the variable alone has a larger value than right beside the point."""
    if judge.point is None or not judge.is_of_one(node):
        return False
    whole, (by, place) = replace(judge, point=None), judge.point
    beside = (beyond(place, one, TINY) for one in LOOSE)
    return any(whole.somewhere(node, sign, node_of("at", grouped(node), by, grouped(one))) for one in beside)


def attained(judge: Deciding, one: Spoken) -> bool:
    """Where a bound is attained that is told, it is the value; of any other the slope is zero there."""
    if judge.point is None or not one.values:
        return greatest(judge, one)
    return is_value(one.values[0]) and judge.unequal(one.subject, one.values[0])
