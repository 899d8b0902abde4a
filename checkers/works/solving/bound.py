r"""What holds at the best value of an unknown under equations: these, and no slope of the loss along them.

Of one equation g = 0 the slope of the loss is a multiple of that of g, so that it has no part beside it:
:math:`\nabla J \|\nabla g\|^2 = \nabla g \langle \nabla g, \nabla J \rangle` (Boyd and Vandenberghe, Convex
Optimization, section 4.2.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import (
    Expression,
    difference,
    free_indices,
    grouped,
    product,
    symbol,
)
from truestep.problems.statements.constraints import may_be_at_bound, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.derivations.language.liberties import Reading
    from truestep.problems.statements.prepared import Setting

_SLOPES = ("derivative", "gradient")


def equations_of(setting: Setting, name: str) -> list[tuple[Expression, Expression]]:
    """The equations that are assumed of a quantity, but for those of gradients."""
    found = setting.assumptions.equations
    return [(left, right) for left, right in found if left.head not in _SLOPES and name in names_of(left, right)]


def is_bound(setting: Setting, name: str) -> bool:
    """Whether an unknown is asked for that makes a loss the best under equations."""
    return name in setting.assumptions.losses


def at_best(setting: Setting, name: str, reading: Reading) -> tuple[list[Claim], bool]:
    """What holds where a quantity has its best value, and whether that is all that decides it."""
    equations, loss = equations_of(setting, name), setting.assumptions.losses.get(name)
    claims = [Claim(left, right, reading) for left, right in equations]
    if loss is None:
        return claims, False
    if len(equations) != 1 or any(free_indices(side) for side in equations[0]):
        return claims, False
    left, right = equations[0]
    unknown, gap = symbol(name), difference(left, right)
    along, across = (Expression("derivative", (top, unknown), "Leibniz", left.span) for top in (loss, gap))
    declared = setting.notation.declared(name)
    is_column = declared is not None and declared.dims[-1] == 1
    whole, part = (inner(across, other, is_column) for other in (across, along))
    claims.append(Claim(product(along, whole), product(across, part), reading))
    known = setting.assumptions.properties.get(name)
    is_inside = known is None or ((known.low is None or known.open) and (known.high is None) and not known.values)
    return claims, is_inside or not may_be_at_bound(known)


def inner(one: Expression, other: Expression, is_column: bool) -> Expression:
    """The inner product of two arrays of one shape: of columns, or the trace of that of matrices."""
    whole = product(Expression("transpose", (one,)), other)
    inner = whole if is_column else Expression("apply", (whole,), ("trace", 0, None))
    return grouped(inner)


def multipliers(setting: Setting) -> frozenset[str]:
    """The scalars of which no given says what they are."""
    known = {*setting.scope.arena.definitions, *setting.scope.arena.dependencies}
    scalars = (name.full for name in setting.notation.names.values() if name.declared.dims == (1, 1))
    return frozenset(scalars) - known


def all_hold(claims: Sequence[Claim], there: Bench) -> bool:
    """Whether claims are right in a world."""
    return all(there.judge(claim).verdict.is_right for claim in claims)
