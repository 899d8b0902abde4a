"""The formulas of the table of functions, read by the reader that reads everything else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.notation import Name, Notation
from truestep.derivations.language.reading.parser import Parser
from truestep.derivations.language.reading.tokens import tokenize
from truestep.derivations.language.shapes import Declared

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression


@cache
def formula(text: str) -> Expression:
    r"""The expression of a formula in the argument t and the value v.

    >>> formula(r"\frac{1}{1 + t}").head
    'quotient'
    """
    scalar = Declared("array")
    names: dict[tuple[str, str | None, str | None], Name] = {
        (name, None, None): Name(name, name, None, None, scalar) for name in ("t", "v")
    }
    tokens = tokenize(text)
    return Parser(tokens, 0, len(tokens), Notation(names), Reading()).whole()
