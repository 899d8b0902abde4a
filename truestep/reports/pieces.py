r"""Sentences with formulas in them: what is a formula is told apart once, and each rendering sets it in its own way.

>>> for piece in text_of(r"no line gives \frac{\partial J}{\partial x}, nor W^T"):
...     print(piece.is_formula, piece.text)
False no line gives
True \frac{\partial J}{\partial x}
False , nor
True W^T
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 2000
_DOLLARS = re.compile(r"\$([^$]{1,400})\$")
_WORD = re.compile(r"\s+|(?:\\.|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,200}\}){0,50}\}){0,200}\}|[^\s{}])+|.", re.DOTALL)
_OUTSIDE = re.compile(r"(['\"(]*)(.*?)([.,;:?!'\")]*)", re.DOTALL)
_FORMULA = re.compile(r"\\[A-Za-z|]|[^\s]_|[^\s]\^")
_A_LETTER = re.compile(r"\w\b")  # mathematics keeps its letters
_SIZES = re.compile(r"\b([A-Za-z0-9]+) x (?=[A-Za-z0-9]+\b)")

_SPOKEN = re.compile(r"\b([Aa]) (?=[AEFHILMNORSXaefhilmnorsx8] ×)")


class Piece(NamedTuple):
    """A stretch of words, or a formula in LaTeX."""

    text: str
    is_formula: bool = False


Text = tuple[Piece, ...]


def words(text: str) -> Text:
    """A text without formulas."""
    return (Piece(text),) if text else ()


def formula(latex: str) -> Text:
    """A formula alone."""
    return (Piece(latex, True),)


def text_of(message: str) -> Text:
    """A message whose formulas stand between dollars, or can be told by their LaTeX."""
    message = message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
    out: list[Piece] = []
    for place, part in enumerate(_DOLLARS.split(message)):
        out += formula(part) if place % 2 else _bare(part)
    return _joined(out)


def _bare(text: str) -> list[Piece]:
    out: list[Piece] = []
    for word in _WORD.findall(text):
        if not _FORMULA.search(word):
            out.append(Piece(word))
            continue
        before, core, after = _brackets(word)
        out += [Piece(before), Piece(core, True), Piece(after)]
    return out


def _brackets(word: str) -> tuple[str, str, str]:
    """What belongs to the sentence before a formula, the formula, and what belongs to the sentence after it."""
    found = _OUTSIDE.fullmatch(word)
    assert found is not None
    before, core, after = found.groups()
    while core.count("(") > core.count(")") and after.startswith(")"):
        core, after = core + ")", after[1:]
    while after.startswith("'") and not before.endswith("'"):
        core, after = core + "'", after[1:]
    return before, core, after


def _joined(pieces: list[Piece]) -> Text:
    out: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if out and not piece.is_formula and not out[-1].is_formula:
            out[-1] = Piece(out[-1].text + piece.text)
        else:
            out.append(piece)
    return tuple(piece if piece.is_formula else Piece(_sized(piece.text)) for piece in out)


def _sized(text: str) -> str:
    """Shapes as they are written and spoken.

    >>> _sized("a M x K matrix")
    'an M × K matrix'
    """
    return _SPOKEN.sub(r"\1n ", _SIZES.sub(r"\1 × ", text))


def sentence(message: str) -> Text:
    """A message as a sentence: with a capital and a full stop, unless it begins or ends otherwise.

    >>> sentence("the two sides are not equal")
    (Piece(text='The two sides are not equal.', is_formula=False),)
    """
    made = list(text_of(message.strip()))
    if not made:
        return ()
    if not made[0].is_formula and (made[0].text[:2] == "a " or not _A_LETTER.match(made[0].text)):
        made[0] = Piece(made[0].text[:1].upper() + made[0].text[1:])
    if made[-1].is_formula or made[-1].text[-1:] not in ".?!":
        made.append(Piece("."))
    return _joined(made)
