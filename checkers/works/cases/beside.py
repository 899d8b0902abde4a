r"""Rows that are false as they stand and true of something else that a work goes on from.

The loss of one example, where that of all is given; a factor of the chain rule that the next lines lay out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.derivations.language.expression import NONE, Expression, free_indices, number, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import normal, strip_groups

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict

OTHER_LAYOUT = Verdict(
    "undecided", reason="the sides have other shapes; as a factor that the next lines lay out, this is right"
)
OF_ONE = Verdict(
    "undecided", reason="as written the two sides are not equal; if the loss of one example is meant, they are"
)
_SLOPES = ("derivative", "gradient")
MOST_SIZES = 4


def with_others_meant(
    verdicts: list[LineVerdict], final: Final, goals: Sequence[Expression], bench: Bench
) -> list[LineVerdict]:
    r"""The verdicts of a work that carries nothing false on, such rows of it left open.

    ``\frac{\partial z}{\partial W} = h`` before ``\frac{\partial L}{\partial W} = \delta h^T``; but for the loss of
    one example with its letter, only where the work ends rightly, and no row goes on from that of all.
    """
    asked, counts = {*map(normal, goals)}, _counts_of_examples(goals, bench)
    losses = {normal(strip_groups(goal.args[0])) for goal in goals if goal.head in _SLOPES}

    def meant(wrong: Sequence[Answered], goes_on: bool) -> Verdict | None:
        is_answer = final.verdict.is_wrong and any(one.row == final.row for one in wrong)
        if not wrong or is_answer or any(normal(strip_groups(one.left)) in asked for one in wrong):
            return None
        if all(
            _is_of_one(one, bench, losses if final.verdict.is_right and not goes_on else (), counts) for one in wrong
        ):
            return OF_ONE
        return OTHER_LAYOUT if final.verdict.is_right and all(_is_factor(one, bench) for one in wrong) else None

    def opened(verdict: LineVerdict, before: LineVerdict | None) -> LineVerdict:
        goes_on = (
            before is not None and before.verdict.is_right and any(one.parts[0].relation for one in verdict.statements)
        )
        wrong = [answer for answer in verdict.answers if answer.judgement.verdict.is_wrong]
        other = meant(wrong, goes_on) if verdict.verdict.is_wrong else None
        return replace(verdict, verdict=other, findings=(), answers=()) if other is not None else verdict

    if any(verdict.carried for verdict in verdicts) or not any(verdict.verdict.is_wrong for verdict in verdicts):
        return verdicts
    out = [*map(opened, verdicts, (None, *verdicts))]
    return out if any(verdict.verdict.is_wrong for verdict in out) else [*map(_not_recovered, out)]


def _not_recovered(verdict: LineVerdict) -> LineVerdict:
    return replace(verdict, findings=tuple(one for one in verdict.findings if one.code != "recovered"))


def _is_factor(answer: Answered, bench: Bench) -> bool:
    """Whether a derivative is written transposed, or has more axes than the factor that is written for it."""
    if strip_groups(answer.left).head not in _SLOPES:
        return False
    if answer.judgement.code == "transposed":
        return True
    try:
        dims = [[str(size) for size in bench.value(side, answer.reading)[0].dims if size != 1] for side in answer.sides]
    except Fault:
        return False
    return len(dims[0]) > 2 >= len(dims[1]) > 0 and {*dims[1]} <= {*dims[0]}


def _counts_of_examples(goals: Sequence[Expression], bench: Bench) -> frozenset[str]:
    """The sizes that may count examples: the givens sum over them, or divide by them, and nothing asked by has them."""
    below = [node for goal in goals if goal.head in _SLOPES for node in goal.args[1:]]
    with suppress(Fault):
        wholes = [part for node in below for part in (node, *node.walk()) if part is node or part.head == "symbol"]
        taken = {size for part in wholes for size in bench.value(part, Reading())[0].dims}
        rights = [right for _, right in bench.world.setting.given]
        summed = {letter for right in rights for node in right.walk() if node.head == "sum" for letter in node.data}
        known = bench.scope.notation.indices
        counts = {known[letter].dims[0] for letter in summed & known.keys()}
        counts |= {node.data for right in rights for node in right.walk() if node.head == "size"}
        return frozenset(str(size) for size in counts - taken)
    return frozenset()


def _is_of_one(answer: Answered, bench: Bench, losses: Container[Expression], counts: frozenset[str]) -> bool:
    """Whether a side is right as that of one example: summed over a letter of its own, or over a count, or both."""
    whole, left = Expression("group", (answer.right,), None, answer.right.span), strip_groups(answer.left)
    letters = tuple(sorted(free_indices(answer.right) - free_indices(answer.left)))
    if len(letters) == 1:
        declared = bench.scope.notation.indices.get(letters[0])
        size = declared.dims[0] if declared is not None else bench.scope.free.get(letters[0], ("", 0))[0]
        if str(size) not in counts:
            return False
        whole = Expression("sum", (whole, NONE, NONE, NONE), letters, answer.right.span)
    elif left.head not in _SLOPES or normal(strip_groups(left.args[0])) not in losses:
        return False
    sizes = [Expression("size", (), name) for name in sorted(counts)[:MOST_SIZES]]
    shares = [product(Expression("quotient", (number(1), size), "frac"), whole) for size in sizes]
    sides = [whole, *shares] if letters else shares
    return any(bench.judge(replace(answer, right=side)).verdict.is_right for side in sides)
