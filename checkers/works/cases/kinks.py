r"""Where what a problem gives bends: the conditions on either side, and what words say of the side: "above zero"."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.language import case_words
from truestep.derivations.language.expression import Expression, is_number, number
from truestep.derivations.language.functions import FUNCTIONS
from truestep.derivations.language.phrases.ends import PART
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.grouping import Group

_KINKS = {function.name: function.kinks for function in FUNCTIONS}
_ORDERS = {"<": "<", "<=": "<", ">": ">", ">=": ">"}
_TURNED = {"<": ">", ">": "<"}


def kinks(given: Sequence[tuple[Expression, Expression]]) -> list[Expression]:
    """The conditions under which what is given is one smooth function, of each pair of opposite ones the first."""
    found = (one for _, right in given for node in right.walk() for one in _bends(node))
    return list(dict.fromkeys(found))


def of_hinge(given: Sequence[tuple[Expression, Expression]]) -> Expression | None:
    """The condition under which the one hinge in what is given is not zero; None without one."""
    nodes = [node for _, right in given for node in right.walk() if node.head == "apply" and node.data[0] == "max"]
    found = {one for node in nodes for one in _bends(node)}
    only = found.pop() if len(found) == 1 else None
    return only if only is not None and not any(map(is_number, only.args[:1])) and is_number(only.args[1]) else None


def _bends(node: Expression) -> Iterator[Expression]:
    if node.head == "cases":
        yield from (one for one in node.args[1::2] if one.head == "relation" and one.data in _ORDERS)
    elif node.head == "abs":
        yield _above(node.args[0], number(0))
    elif node.head == "apply" and node.data[0] in ("max", "min") and len(node.args) == 2:
        low, high = sorted(node.args, key=lambda one: one.head != "number")
        yield _above(high, low)
    elif node.head == "apply" and len(node.args) == 1:
        yield from (_above(node.args[0], number(Fraction(at))) for at in _KINKS.get(node.data[0], ()))


def _above(left: Expression, right: Expression) -> Expression:
    return Expression("relation", (strip_groups(left), right), ">", left.span)


def side_of_zero(case: Expression) -> str:
    """On which side of zero a condition puts the one quantity that it is of: ``>`` or ``<``; else nothing."""
    if case.head != "relation" or case.data not in _ORDERS:
        return ""
    left, right = case.args
    is_of_zero = right.head == "number" and right.data[0] == 0 and left.head in ("symbol", "entry", "member")
    return _ORDERS[case.data] if is_of_zero else ""


def may_mean(case: Expression, before: str) -> bool:
    """Whether the words before a formula do not say another side of zero than a condition.

    >>> above = Expression("relation", (Expression("symbol", (), "z"), number(0)), ">")
    >>> [may_mean(above, words) for words in ("For positive inputs", "so", "Below zero it is flat, hence")]
    [True, True, False]
    """
    said = side_said(before)
    return not said or said == side_of_zero(case)


def side_said(before: str) -> str:
    """The side of zero that the words before a formula speak of last; nothing where they speak of none."""
    signs = (case_words.said_of_sign(part) for part in reversed(PART.split(before)))
    return next(filter(None, signs), "")


def with_sides(found: Sequence[Group], rows: Sequence[Row]) -> list[Group]:
    """The formulas, where words put one on a side of zero as a claim of its own: "for positive inputs $f' = 1$"."""
    return [
        replace(group, told="") if group.told == "condition" and _is_claimed(group, rows[group.rows[0]]) else group
        for group in found
    ]


def _is_claimed(group: Group, row: Row) -> bool:
    equals = next((place for place, token in enumerate(group.tokens) if token.text == "="), 0)
    return group.inline and equals > 1 and bool(side_said(row.before))
