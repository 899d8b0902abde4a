"""Where a side exists, in the symbols of the line: ``x > 0``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.checkers.comparing.signs import NONNEGATIVE
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.writing.text import text
from truestep.derivations.meaning.arena import TooLarge
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.scope import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.comparing.signs import Signs
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.meaning.scope import Scope

MAX_SHOWN = 3


def said(sides: tuple[Expression, ...], scope: Scope, signs: Signs) -> str:
    """Where both sides exist, in a few words."""
    found: dict[str, None] = {}
    for side in sides:
        for node, relation in _limits(side):
            if not _holds(node, scope, signs):
                found[f"{text(node, scope.notation)} {relation} 0"] = None
    return ", ".join(list(found)[:MAX_SHOWN])


def _limits(side: Expression) -> Iterator[tuple[Expression, str]]:
    """What must be positive, or not negative, so that a side has a value."""
    for node in side.walk():
        if node.head == "apply" and node.data[0] == "log":
            yield node.args[0], ">"
        elif node.head == "root" or (node.head == "apply" and node.data[0] == "sqrt"):
            yield node.args[0], "≥"
        elif node.head == "power":
            exponent = exact_number(node.args[1])
            if exponent is None or exponent.denominator > 1:
                yield node.args[0], ">" if exponent is None or exponent < 0 else "≥"


def _holds(node: Expression, scope: Scope, signs: Signs) -> bool:
    """Whether that is so for all values but single ones, or cannot be told."""
    with suppress(Fault, TooLarge, RecursionError):
        value = value_of(node, scope)
        return not value.is_scalar or signs.of(value.term) >= NONNEGATIVE
    return True
