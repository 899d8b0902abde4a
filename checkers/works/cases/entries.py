"""Answers by entry: the derivatives by each entry of a small array, where the one by the array is asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE
from truestep.derivations.meaning.calculus import normal, strip_groups

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


def is_ungoverned(asked: Expression, left: Expression, among: Sequence[Expression]) -> bool:
    r"""Whether a left side is the only gradient of its function that is asked for, without what it is taken by."""

    def of(node: Expression) -> bool:
        node = normal(node)
        by = node.args[1:] if node.head == "derivative" else ()
        return len(set(by)) == 1 and len(by) == int(left.data) and node.args[0] == normal(left.args[0])

    return left.head == "gradient" and of(asked) and sum(map(of, among)) == 1


def is_entry_of(asked: Expression, left: Expression) -> bool:
    """Whether a left side is any entry of the derivative that is asked for: that says the whole, entry by entry."""
    asked = strip_groups(asked)
    if left.head == "entry" and asked.head in ("symbol", "derivative", "gradient"):  # (\nabla_z L)_j
        letters = [str(arg.data) for arg in left.args[1:] if arg.head == "index"]
        is_any = len(letters) == len(left.args) - 1 == len(set(letters))
        whole = strip_groups(left.args[0])
        return is_any and (normal(whole) == normal(asked) or is_ungoverned(asked, whole, (asked,)))
    if asked.head not in ("derivative", "gradient") or left.head != "derivative":
        return False
    letters = []
    if asked.head == "gradient":  # by the one array that the entries are of
        wholes = [part.args[0] for part in left.args[1:] if part.head == "entry"]
        if len(set(wholes)) != 1 or len(wholes) != asked.data:
            return False
        asked = replace(asked, args=(*asked.args, *wholes))
    for whole, part in zip(asked.args, strip_groups(left).args, strict=False):
        whole = whole.args[0] if whole.head == "transpose" else whole  # by x^T
        if part.head == "entry" and part.args[0] == whole:
            letters += [str(index.data) if index.head == "index" else "" for index in part.args[1:]]
        elif part != whole:
            return False
    return len(asked.args) == len(left.args) and "" not in letters and len(set(letters)) == len(letters) > 0
