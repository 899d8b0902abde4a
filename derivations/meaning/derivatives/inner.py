r"""What a function that is written without its argument is taken of: ``\partial f / \partial w`` for ``f(z)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.meaning.introduced import Function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.meaning.scope import Scope


def called_of(top: Expression, bottoms: Sequence[Expression], scope: Scope) -> Expression:
    r"""The function as one of the argument it is introduced with, if that is a quantity; else of what it is by."""
    known = scope.introduced[f"{top.data}()"]
    own = known.own if isinstance(known, Function) else ()
    is_other = len(own) == 1 and own[0] not in bottoms
    is_by_names = all(one.head in ("symbol", "entry", "member") for one in bottoms)
    if is_other and is_by_names and (own[0].head != "unknown" or own[0].data in scope.introduced):
        return Expression("call", own, top.data, bottoms[0].span)
    return Expression("call", tuple(dict.fromkeys(bottoms)), top.data, bottoms[0].span)
