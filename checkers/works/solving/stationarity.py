"""Whether a work sets a gradient to zero: as it stands, as a multiple of it, or by an equation with the same root."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import are_vectors, is_posed, is_zero
from truestep.derivations.language.expression import Expression, add, difference, negative, number, product
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict

    Solved = Callable[[Iterable[tuple[Expression, Expression]]], Bench | None]


def is_stationary(verdicts: Sequence[LineVerdict], goals: Sequence[Expression], bench: Bench, solved: Solved) -> bool:
    """Whether a work sets a gradient that is asked for to zero."""

    def equal(asked: Expression, side: Expression) -> bool:
        return bench.judge(Claim(asked, side)).verdict.is_right

    def is_set(one: Claim) -> bool:
        is_zeroed = is_zero(one.right) and strip_groups(one.left) in [strip_groups(node) for node in goals]
        return is_zeroed or is_posed(one.left, one.right, goals, equal, partial(are_vectors, bench))

    posed = [one for verdict in verdicts for one in verdict.posed]
    return any(map(is_set, posed)) or any(has_its_root(one, goals, bench, solved) for one in posed)


def has_its_root(one: Claim, goals: Sequence[Expression], bench: Bench, solved: Solved) -> bool:
    """Whether the one value that solves a linear equation for a number makes its gradient zero."""
    for node in (node for node in goals if node.head == "derivative" and len(node.args) == 2):
        unknown = strip_groups(node.args[1])
        moved = difference(one.left, one.right)
        at = [moved.map(partial(_put_number, unknown, value)) for value in (0, 1, 2)]
        if moved in at or not bench.value(unknown, Reading())[0].is_scalar:
            continue
        slope = difference(at[0], at[1])
        there = solved([(unknown, Expression("quotient", (at[0], slope), "frac"))])
        bent = add(at[0], at[2], negative(product(number(2), at[1])))
        is_linear = there is not None and there.judge(Claim(bent, number(0))).verdict.is_right
        vanishing = Claim(node, number(0), one.reading)
        is_met = there is not None and is_linear and there.judge(vanishing).verdict.is_right
        if is_met and not bench.judge(vanishing).verdict.is_right:  # else it vanishes whatever the unknown is
            return True
    return False


def is_root_where(one: Claim, goals: Sequence[Expression], solved: Solved) -> bool:
    """Whether the value that a claim gives an unknown under a condition makes its gradient zero where that holds."""
    left, nodes = strip_groups(one.left), [node for node in goals if node.head == "derivative" and len(node.args) == 2]
    zeros = [Claim(node, number(0), one.reading, one.condition) for node in nodes if strip_groups(node.args[1]) == left]
    there = solved([(left, one.right)]) if one.condition is not None and zeros else None
    return there is not None and all(there.judge(zero).verdict.is_right for zero in zeros)


def _put_number(unknown: Expression, value: int, node: Expression) -> Expression:
    return number(value) if node == unknown else node
