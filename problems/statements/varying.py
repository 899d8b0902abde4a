"""Derivatives that vanish since nothing says that what is differentiated varies: told to the author, never graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.meaning.differentiate import quantities, roots
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import axes_for
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope


def refuse_constant(
    texts: Sequence[str], find: Sequence[Expression], lefts: Sequence[Expression], scope: Scope
) -> None:
    r"""Raises StatementFault where the top and the bottom of a derivative that is asked for have nothing in common."""
    arena = scope.arena
    tied = {name for system in arena.systems for one in system.constraints for name in quantities(one.gap)}
    told = {found[0] for left in lefts if (found := quantity_of(left, scope.notation)) is not None}
    tied |= told - arena.definitions.keys()  # a given that is not understood may say so
    for text, node in zip(texts, find, strict=False):
        if node.head != "derivative":
            continue
        parts = [quantity_of(part, scope.notation) for part in node.args]
        names = [one[0] for one in parts if one is not None]
        if len(names) < len(node.args) or any(name not in arena.shapes for name in names) or not tied.isdisjoint(names):
            continue
        above, below = roots(arena, names[:1]), roots(arena, names[1:])
        is_understood = tied.isdisjoint(above | below) and not scope.aliases.keys() & (above | below | {*names})
        is_apart = (
            is_understood and bool(above and below) and above.isdisjoint(below) and names[0] not in arena.definitions
        )
        if is_apart and not arena.recurring and names[0] not in arena.told and _is_zero(node, scope):
            top, by = names[0], names[-1]
            raise StatementFault(
                f"find: {quoted(text)} is 0 whatever is done, since nothing says that {top} depends on {by};"
                f" give {top} = {top}({by}), or state the answer",
                code="constant",
            )


def _is_zero(node: Expression, scope: Scope) -> bool:
    """Whether a derivative is 0 as a term, so that no right answer but 0 could be called right."""
    try:
        value = value_of(node, scope)
        term = value.entry(*axes_for(scope.arena, value.dims))
    except Fault:
        return False
    return term.op == "constant" and term.data == 0
