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
    """Raises StatementFault where a derivative that is asked for vanishes, since no given speaks of what it is of."""
    arena = scope.arena
    told = {found[0] for left in lefts if (found := quantity_of(left, scope.notation)) is not None}
    tied = {name for system in arena.systems for one in system.constraints for name in quantities(one.gap)}
    known = {*told, *tied, *arena.definitions, *arena.told}  # by a given that is not understood, too
    for text, node in zip(texts, find, strict=False):
        parts = [quantity_of(part, scope.notation) for part in node.args] if node.head == "derivative" else []
        names = [one[0] for one in parts if one is not None]
        is_untold = len(names) == len(parts) > 0 and names[0] in arena.shapes and names[0] not in known
        is_untold = is_untold and roots(arena, names[:1]).isdisjoint(roots(arena, names[1:]))
        if is_untold and not arena.recurring and _is_zero(node, scope.like(free=dict(scope.free), ran={})):
            top, by = names[0], names[-1]
            raise StatementFault(
                f"{quoted(text)} is 0 whatever is done, since nothing says that {top} depends on {by};"
                f" give {top} = {top}({by}), or state the answer",
                code="constant",
                key="find",
                entry=text,
            )


def _is_zero(node: Expression, scope: Scope) -> bool:
    """Whether a derivative is 0 as a term, so that no right answer but 0 could be called right."""
    try:
        value = value_of(node, scope)
        term = value.entry(*axes_for(scope.arena, value.dims))
    except Fault:
        return False
    return term.op == "constant" and term.data == 0
