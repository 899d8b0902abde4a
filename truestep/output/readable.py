"""LaTeX as a line that a person reads in a terminal; a submission's text is never markup here."""

from __future__ import annotations

import functools
import unicodedata

from truestep.derivations.language.writing.as_written import as_written

LONGEST = 2000
LONGEST_ROW = 700

_HIDDEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str) -> str:
    """The text with each control, format or lone surrogate character shown as one that can be seen.

    >>> visible("a\\x1b[2J\\u202eb")
    'a␛[2J\ufffdb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\t\n\r\u2028\u2029":
        return " "
    if unicodedata.category(character) not in _HIDDEN_KINDS:
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


@functools.lru_cache(maxsize=512)
def readable(latex: str) -> str:
    r"""A formula as text; its source where that cannot be had.

    >>> readable(r"\frac{\partial J}{\partial x_j} = \sum_{k} a_k")
    '∂J/∂x_j = ∑_k a_k'
    """
    source = " ".join(visible(latex).split())
    return source if len(source) > LONGEST else " ".join(visible(as_written(source)).split()) or source


class Readable:
    """Makes formulas readable, until so many characters have been read that it would take long; then their source.

    >>> Readable(5)(r"\\alpha + \\beta")
    '\\\\alpha + \\\\beta'
    """

    def __init__(self, room: int = 60_000) -> None:
        self.room = room

    def __call__(self, latex: str) -> str:
        if len(latex) > min(self.room, LONGEST_ROW):
            source = " ".join(visible(latex[: 2 * LONGEST_ROW]).split())
            return source if len(source) <= LONGEST_ROW else source[:LONGEST_ROW] + " …"
        self.room -= len(latex)
        return readable(latex)
