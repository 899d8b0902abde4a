"""Whether what words name of a vector holds: its length, its direction, the sum of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.said.deciding import filled, inner, node_of, total
from truestep.derivations.language.expression import NONE, Expression, free_indices, grouped, number, product

if TYPE_CHECKING:
    from truestep.checkers.works.said.deciding import Deciding, Spoken


def unit(judge: Deciding, one: Spoken) -> bool:
    """Whether what is called a unit vector has another length."""
    return not judge.is_free(one.subject) and judge.unequal(node_of("norm", one.subject, data=""), number(1))


def length(judge: Deciding, one: Spoken) -> bool:
    """Whether the norm is another one than is told, where that is not how many entries there are."""
    if len(one.values) != 1 or judge.is_free(one.subject) or len(judge.sizes(one.subject)) != 1:
        return False
    norm = node_of("norm", one.subject, data="")
    return not judge.sizes(one.values[0]) and not _is_size(one.values[0]) and judge.unequal(norm, one.values[0])


def _is_size(node: Expression) -> bool:
    return node.has("size") and not node.has("symbol")


def orthogonal(judge: Deciding, one: Spoken) -> bool:
    """Of a derivative that is asked for: a residual is orthogonal to the inputs at a solution."""
    is_one = len(one.values) == 1 and one.subject in judge.lines.setting.find
    return is_one and judge.unequal(inner(one.subject, one.values[0]), number(0))


def parallel(judge: Deciding, one: Spoken) -> bool:
    """Of two vectors the inner product is the product of their lengths, but for its sign."""
    if len(one.values) != 1 or judge.is_free(one.subject) or len(judge.sizes(one.subject)) != 1:
        return False
    (other,) = one.values
    across = inner(one.subject, other)
    lengths = product(grouped(inner(one.subject, one.subject)), grouped(inner(other, other)))
    return judge.sizes(other) == judge.sizes(one.subject) and judge.unequal(product(across, across), lengths)


def along(judge: Deciding, one: Spoken) -> bool:
    """Whether what is said to point somewhere points away from it, or the reverse."""
    is_one = len(one.values) == 1 and not judge.is_free(one.subject)
    return is_one and judge.misses(inner(one.subject, one.values[0]), one.sign, number(0), False)


def sums(judge: Deciding, one: Spoken) -> bool:
    """All entries, or those of each row and column of a symmetric matrix."""
    spelled = number(one.said.number) if one.said.number is not None else None
    target = one.values[0] if one.is_whole and len(one.values) == 1 else spelled
    indices = free_indices(one.subject)
    if target is not None and not one.said.share and len(indices) == 1 and not judge.sizes(one.subject):
        over = Expression("sum", (one.subject, NONE, NONE, NONE), tuple(indices), one.subject.span)
        return judge.unequal(over, target)
    is_given = one.subject.head == "symbol" and str(one.subject.data) in judge.lines.given
    is_told = one.subject in judge.lines.setting.find or is_given
    if target is None or not is_told or len(judge.sizes(one.subject)) != (1 if one.said.share == "entries" else 2):
        return False
    if one.said.share == "entries":
        return judge.unequal(total(one.subject), target)
    totals = [node_of("code", grouped(one.subject), data=("sum", axis, False)) for axis in (0, 1)]
    return one.said.share == "rows" and all(judge.unequal(total, filled(target, total)) for total in totals)
