"""Both sides of a claim brought to one shape, where what is written leaves it open or a fair grader would not mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.works.claim import is_list
from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning import entries
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import fitted, transpose

if TYPE_CHECKING:
    from truestep.checkers.works.claim import Claim
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value


def brought_together(left: Value, right: Value, claim: Claim, scope: Scope) -> tuple[Value, Value]:
    """Both sides in one shape, where what stands there leaves one open, or a fair grader would not mind."""
    left, right = _as_number(left, claim.left, right, scope), _as_number(right, claim.right, left, scope)
    left, right = fitted(left, right.dims), fitted(right, left.dims)
    if left.dims == right.dims[::-1] and 1 in left.dims and left.dims != right.dims:  # a list is a row or a column
        left = transpose(left) if is_list(claim.left) else left
        right = transpose(right) if left.dims != right.dims and is_list(claim.right) else right
    return left, _multiple_or_trace(left, right, claim.right, scope)


def _as_number(value: Value, node: Expression, other: Value, scope: Scope) -> Value:
    r"""A Jacobian of lists beside a number as its determinant: ``\frac{\partial (x, y)}{\partial (r, \theta)} = r``."""
    node = strip_groups(node)
    is_of_lists = node.head == "derivative" and all(strip_groups(arg).head == "tuple" for arg in node.args)
    if not is_of_lists or value.is_scalar or not other.is_scalar:
        return value
    return value_of(Expression("apply", (node,), ("det", 0, None), node.span), scope)


def _multiple_or_trace(left: Value, right: Value, node: Expression, scope: Scope) -> Value:
    """A right side that would fit as a multiple of the identity, or by its trace, if granted."""
    if entries.is_square(left) and entries.is_multiple(right):
        return entries.diagonal(right, left.dims, scope) if scope.takes("scalar-for-matrix", node.span) else right
    if entries.is_square(right) and entries.is_multiple(left):
        return entries.trace(right, scope) if scope.takes("trace-left-out", node.span) else right
    return right
