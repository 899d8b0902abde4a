r"""Where the answer stands in a text: in a box, behind words that announce it, else in the last formula.

>>> found(r"So $x = 3$. The answer is $\boxed{x = 3}$, as $3 > 2$.")
'x = 3'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from truestep.checkers.answers.forms import JOINING
from truestep.checkers.documents.displays import pieces
from truestep.derivations.language import altering
from truestep.derivations.language.functions import WORDS
from truestep.derivations.language.latex.groups import partners
from truestep.derivations.language.latex.lexer import Lexeme, lex
from truestep.derivations.language.reading.plain_text import GREEK

BOXES = frozenset((r"\boxed", r"\fbox", r"\framebox"))
# what announces an answer, in the languages that works are written in
ANNOUNCING = (
    "the final answer is",
    "the answer is",
    "the correct answer is",
    "final answer",
    "answer",
    "die antwort ist",
    "die antwort lautet",
    "antwort",
    "ergebnis",
    "la réponse est",
    "réponse",
    "la respuesta es",
    "respuesta",
    "ответ",
    "答案是",
    "答案为",
    "答案",
)
_ANNOUNCED = re.compile(
    rf"(?:####|(?<!\w)(?:{'|'.join(ANNOUNCING)}))(?!n['’]t)[\s*_]{{0,9}}[:：=]?(?![^\W\d_]{{2}})[\s*_]{{0,9}}",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.。](?=\s|$)|\n")
_PROSE = re.compile(r"(?<![\\A-Za-z])[^\W\d_]{2,}(?:[\s,;:']+[^\W\d_]{2,})+")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?")
_WORD = re.compile(r"(?<![\\A-Za-z{_^])[^\W\d_]{2,}(?![^\W\d_])(?=[\s,.:;)!?]|$)")
NUMBERS = frozenset(("pi", "inf", "infty"))
MOST, FEW_WORDS = 100_000, 4


def found(text: str) -> str:
    r"""The answer in a text, as it was written; the whole text where it is a formula alone, and nothing where none is.

    >>> found("**Answer:** 42."), found("x^2 - 1"), found(r"We get \(y = 2\) at last."), found("I do not know that.")
    ('42', 'x^2 - 1', 'y = 2', '')
    """
    text = text[-MOST:].strip()
    boxes = list(_boxed(text))
    if boxes:  # those on one line are several answers
        last = text.rfind("\n", 0, boxes[-1][0])
        return ", ".join(dict.fromkeys(inner for start, inner in boxes if start > last))
    behind = list(_ANNOUNCED.finditer(text))
    if behind and text[behind[-1].end() :].strip():
        rest = text[behind[-1].end() :]
        return _other(rest[end:]) if (end := altering.denied_from(rest)) else _stated(rest)
    fenced = _formulas(text)
    if fenced:
        return fenced[-1]
    if not _PROSE.search(text):
        return text
    numbers = _NUMBER.findall(text)
    return numbers[-1] if numbers else text if len(text.split()) <= FEW_WORDS else ""


def _boxed(text: str) -> Iterator[tuple[int, str]]:
    """What stands in boxes, each to its closing brace, and where it starts."""
    lexemes: list[Lexeme] = list(lex(text))
    steps = [({"open": 1, "close": -1}.get(one.kind, 0), "{") for one in lexemes]
    partner = partners(steps)
    for place, lexeme in enumerate(lexemes):
        after = place + 1
        if lexeme.kind == "word" and lexeme.text in BOXES and after < len(lexemes) and partner[after] > after:
            yield lexeme.start, text[lexemes[after].end : lexemes[partner[after]].start].strip()


def _other(rest: str) -> str:
    """What holds in place of the formula or number that a text begins with, where the words behind that say so."""
    several = [(one.start, one.end, rest[one.inner : one.outer].strip()) for one in pieces(rest) if one.kind != "break"]
    several = several or [(one.start(), one.end(), one[0].rstrip(",")) for one in _NUMBER.finditer(rest)]
    if len(several) != 2 or several[0][0]:
        return ""
    (_, end, _), (start, _, stated) = several
    return stated if altering.is_rather(rest[end:start]) else ""


def _stated(rest: str) -> str:
    """What follows the announcement: the formula that stands there at once, else its words to the end of the line."""
    line = rest.strip()
    first = next((one for one in pieces(line) if one.kind != "break"), None)
    if first is not None and first.start == 0:
        return line[first.inner : first.outer].strip()
    line = line[: end.start()] if (end := _ENDS.search(line)) else line
    inside = _formulas(line)
    return inside[0] if inside and _PROSE.search(line) else _before_words(line).strip("*_ ").rstrip(" ,;(")


def _before_words(line: str) -> str:
    """A formula up to the words that comment on it; where words come first the only number behind them."""
    found = next((one for one in _WORD.finditer(line) if _comments(one[0])), None)
    if found is None or "$" in line:
        return line
    if line[: found.start()].strip("*_ ,;("):
        return line[: found.start()]
    numbers = _NUMBER.findall(line)
    if not _PROSE.search(line) or len(line.split()) <= FEW_WORDS:
        return line
    return numbers[0] if len(numbers) == 1 else ""


def _comments(word: str) -> bool:
    """Whether a word is neither a function, nor the name of a letter or number, nor one that joins values."""
    return word.lower() not in JOINING and word not in WORDS and word not in GREEK and word not in NUMBERS


def _formulas(text: str) -> list[str]:
    """The formulas of a text, without what sets them off."""
    return [text[one.inner : one.outer].strip() for one in pieces(text) if one.kind != "break"]
