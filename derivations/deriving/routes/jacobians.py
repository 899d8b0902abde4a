"""The chain rule with whole Jacobians: their product in the layout of the problem, with its shapes, then each of them.

Goodfellow, Bengio and Courville, *Deep Learning* (2016), section 6.5.2, eq. (6.46); Petersen and Pedersen, *The Matrix
Cookbook* (2012), section 2.8.1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.phrasing import size_written, transposed
from truestep.derivations.deriving.displays.proofs import chained, partial
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.routes.graph import between
from truestep.derivations.deriving.steps import Derivation, Solution, Step, Stuck
from truestep.derivations.deriving.variables import asked_variables, bare
from truestep.derivations.language.expression import Expression, grouped, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.language.shapes import Dims

Link = tuple[str, str]  # what is derived, and by what


def by_jacobians(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of goals that ask for derivatives along one way each; raises Stuck."""
    known: dict[Link, Expression] = {}
    return tuple(_along(goal, known) for goal in goals)


def _along(goal: Goal, known: dict[Link, Expression]) -> Solution:
    """Each Jacobian once, then their product."""
    top, by = asked_variables(goal)
    names = way(goal, top.name, by.name)
    links = [*zip(names[1:], names, strict=False)]
    if len(links) < 2:
        return differentiated(goal)
    plain = replace(goal, only=frozenset(), letters={}, table=False)
    shown: list[Derivation] = []
    for link in links:
        if link not in known:
            shown += _jacobian(plain, link, known)
    whole = differentiated(plain)
    sides = links if not goal.numerator else links[::-1]  # dz/dx dh/dz, in numerator layout dh/dz dz/dx
    givens = Givens(goal)
    factors = [_with_shape(givens, link) for link in sides]
    values = [transposed(known[link]) if _is_by_scalar(givens, link) else known[link] for link in sides]
    lines = [("chain rule", _times(factors)), ("each Jacobian", _times(values))]
    lines.append(("multiplying", whole.answer))
    lines += [(step.rule, step.after) for step in differentiated(goal).derivations[-1].steps[-1:] if goal.only]
    product = chained(bare(goal.asked), lines)
    return replace(whole, asked=bare(goal.asked), derivations=(*shown, product), answer=product.answer)


def way(goal: Goal, top: str, name: str) -> list[str]:
    """The quantities from a variable up to what is derived; raises Stuck where they are no single way."""
    on_the_way = between(goal, top, name) | {top}
    uses: dict[str, set[str]] = {one.name: {str(node.data) for node in one.body.walk()} for one in goal.equations}
    uses |= {one: set(parents) for one, parents in goal.dependencies.items()}
    names = [name]
    while names[-1] != top:
        users = [user for user in on_the_way if names[-1] in uses.get(user, ())]
        if len(users) != 1:
            raise Stuck(names[-1], "several ways lead on from it; the route backprop adds them")
        names += users
    return names


def _jacobian(goal: Goal, link: Link, known: dict[Link, Expression]) -> list[Derivation]:
    """One Jacobian on one row, its entries inside the step; an unspecified one stands for itself."""
    of, by = (symbol(name) for name in link)
    if link[1] in goal.dependencies.get(link[0], ()):
        known[link] = partial(of, by)
        return []
    found = differentiated(replace(goal, asked=partial(of, by)))
    known[link] = found.answer
    last = found.derivations[-1]
    step = Step(partial(of, by), last.steps[-1].rule if last.steps else "definition", found.answer)
    return [Derivation(partial(of, by), (replace(step, details=found.derivations[:-1]),), is_row=True)]


def _with_shape(givens: Givens, link: Link) -> Expression:
    """A Jacobian with its shape beneath."""
    of, by = (givens.symbol(name).dims for name in link)
    written = partial(symbol(link[0]), symbol(link[1]))
    written = transposed(written) if _is_by_scalar(givens, link) else written
    rows, columns = (_length(of), _length(by)) if givens.goal.numerator else (_length(by), _length(of))
    if rows == columns == 1:
        return written
    sizes = tuple(size_written(size) for size in (rows, columns))
    return Expression("underbrace", (written, Expression("product", sizes, ("", "times"))))


def _is_by_scalar(givens: Givens, link: Link) -> bool:
    """Whether it is a vector by a scalar, a column in either layout, and here a row."""
    of, by = (_length(givens.symbol(name).dims) for name in link)
    return by == 1 and of != 1 and not givens.goal.numerator


def _length(dims: Dims) -> str | int:
    if 1 not in dims:
        raise Stuck("a Jacobian", "by or of a matrix it has more than two indices; the route backprop takes matrices")
    return dims[1] if dims[0] == 1 else dims[0]


def _times(factors: Sequence[Expression]) -> Expression:
    """The product of the factors, a negative one and a sum in brackets."""
    factors = [grouped(one) if one.head in ("negative", "add", "product") else one for one in factors]
    return Expression("product", tuple(factors), ("",) * len(factors))
