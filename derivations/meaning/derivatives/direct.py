"""Derivatives with other quantities held fixed, where those that something is made of depend on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.derivatives.recurrences import is_step
from truestep.derivations.meaning.differentiate import depends, quantities

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope


def directly(top: Expression, name: str, scope: Scope, node: Expression) -> frozenset[str] | None:
    """The one definition to differentiate through where what else stands in it may be held fixed; None for all.

    By an intermediate quantity, and in doubt by one that a derivative is asked by: there it may forget a path.
    """
    whole = top.args[0] if top.head == "entry" else top
    arena, told, own = scope.arena, scope.arena.definitions, str(whole.data)
    is_open = name in scope.asked_by or name not in told
    if is_step(top, name, scope):
        return frozenset(told) if scope.takes("held-steps", node.span) else None
    inside = _made_of(own, scope) if whole.head == "symbol" else frozenset[str]()
    if whole.head == "apply":  # \mathcal{L}(h, c), by the one where the other depends on it
        inside, own = frozenset(str(one.data) for one in whole.args if one.head == "symbol"), ""
    if whole.head in ("group", "product", "add"):  # \partial (x^T y) / \partial x, of a y that is held fixed
        inside, own, is_open = frozenset(str(one.data) for one in whole.walk() if one.head == "symbol"), "", True
    if str(node.data).startswith("held "):
        if not {*node.data.split()[1:]} <= inside - {name}:
            raise MeaningFault("what is held fixed does not stand in what is differentiated", node.span)
        return frozenset((own,))
    if (is_open and node.mark) or name not in inside:
        return None
    others = any(depends(arena, told[one].body, name) for one in inside - {name} if one in told)
    return frozenset((own,)) if others and scope.takes("direct" if is_open else "fixed-others", node.span) else None


def _made_of(name: str, scope: Scope) -> frozenset[str]:
    """The quantities in the definition of a name, or those that it is an unspecified function of."""
    told = scope.arena.definitions
    linked = frozenset(parent for parent, _ in scope.arena.dependencies.get(name, ()))
    return quantities(told[name].body) if name in told else linked
