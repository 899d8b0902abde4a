"""Answers by entry: the derivatives by each entry of a small array, where the one by the array is asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE
from truestep.derivations.meaning.calculus import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.chain_steps import Answered
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.prepared import Setting

MOST_ENTRIES = 9


def all_entries(asked: Expression, answers: Sequence[Answered], setting: Setting) -> list[Answered]:
    """The derivatives by each entry of the array by which a derivative is asked for; none where one is missing."""
    node = normal(asked)
    by = node.args[1] if node.head == "derivative" and len(node.args) == 2 else NONE
    declared = setting.notation.declared(str(by.data)) if by.head == "symbol" else None
    sizes = [size for size in declared.dims if size != 1] if declared is not None else []
    count = math.prod(size for size in sizes if isinstance(size, int))
    if not sizes or not all(isinstance(size, int) for size in sizes) or count > MOST_ENTRIES:
        return []
    found: dict[tuple[object, ...], Answered] = {}
    for answer in answers:
        left = normal(answer.left)
        part = left.args[1] if left.head == "derivative" and len(left.args) == 2 else NONE
        is_part = part.head == "entry" and part.args[0] == by and left.args[0] == node.args[0]
        if is_part and answer.condition is None and all(place.head == "number" for place in part.args[1:]):
            found[tuple(place.data[0] for place in part.args[1:])] = answer
    return list(found.values()) if len(found) == count else []
