"""A whole on one side and its entry on the other."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import free_indices
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.works.claim import Claim
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Axis, Term


def entrywise(left: Value, right: Value, claim: Claim, scope: Scope) -> Iterator[tuple[Value, Value, bool]]:
    r"""A whole on one side and its entry on the other: ``\partial s / \partial z = s_i (\delta_{ij} - s_j)``.

    With each whether its letters stand for the places in the order of the alphabet, or in which they are written;
    those of a Jacobian may stand for either.
    """
    here, there = free_indices(claim.left), free_indices(claim.right)
    either = claim.left.head == "derivative" and not value_of(claim.left.args[0], scope).is_scalar
    for entry, at, is_usual in _entries(left, there - here, claim.right, scope) if not left.is_scalar else ():
        if right.is_scalar:
            yield scalar(entry), right, is_usual or either
        elif right.is_vector and at[0].size in right.dims:
            own = right.entry(*(1 if size == 1 else at[0] for size in right.dims))
            yield scalar(entry), scalar(own), is_usual or either
    is_part = left.is_scalar and not right.is_scalar
    for entry, _, is_first in _entries(right, here - there, claim.left, scope) if is_part else ():
        yield left, scalar(entry), is_first


def _entries(
    whole: Value, letters: frozenset[str], node: Expression, scope: Scope
) -> Iterator[tuple[Term, list[Axis], bool]]:
    """The entries of a whole at free letters, each used once where its range is that of the place; usual ones first."""
    written = dict.fromkeys(str(child.data) for child in node.walk() if child.head == "index" and child.data in letters)
    orders = [sorted(letters), [*written]]
    sizes = [size for size in whole.dims if size != 1]
    known = letters <= set(scope.free) and len(sizes) == len(letters)
    fitting = [at for at in permutations(sorted(letters)) if known and [scope.free[k].size for k in at] == sizes]
    for names in sorted(fitting, key=lambda at: [*at] not in orders):
        at = [scope.free[name] for name in names]
        rest = iter(at)
        entry = whole.entry(*(1 if size == 1 else next(rest) for size in whole.dims))
        yield entry, at, [*names] in orders or len(fitting) == 1
