"""Relations in the text of a row, outside of braces."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import partners
from truestep.derivations.language.latex.lexer import lex
from truestep.derivations.language.reading.rowtext import ARROWS, ASSIGNMENTS, EQUALITIES, ORDERS, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.derivations.language.latex.lexer import Lexeme

_EQUATING = EQUALITIES | ASSIGNMENTS
_RELATIONS = (
    _EQUATING | frozenset(ORDERS) | ARROWS | UNCHECKED | {r"\leq", r"\geq", r"\ne", r"\to", r"\implies", r"\iff"}
)


@lru_cache(maxsize=1024)
def left_text(text: str) -> str | None:
    r"""What stands before the first equals sign of a row, outside of braces; None where nothing does.

    >>> left_text("r := a - b"), left_text(r"r \coloneqq a"), left_text("a_{i=1} + b"), left_text("&= b")
    ('r ', 'r ', None, None)
    """
    for lexeme in _outside(text):
        if "=" in lexeme.text or lexeme.text in _EQUATING:
            head = text[: lexeme.start + max(lexeme.text.find("="), 0)].removesuffix(":")
            return head if head.strip(" &:") else None
    return None


@lru_cache(maxsize=1024)
def is_related(text: str) -> bool:
    r"""Whether a relation stands in a row, outside of braces.

    >>> is_related(r"- \sum_{i \in S} x_i"), is_related(r"- x \le 1"), is_related("- x = y")
    (False, True, True)
    """
    return any("=" in lexeme.text or lexeme.text in _RELATIONS for lexeme in _outside(text))


def _outside(text: str) -> Iterator[Lexeme]:
    row = [*lex(text)]
    pairs, place = partners(({"open": 1, "close": -1}.get(lexeme.kind, 0), "{") for lexeme in row), 0
    while place < len(row):
        if row[place].kind not in ("open", "close"):
            yield row[place]
        place = max(place, pairs[place]) + 1
