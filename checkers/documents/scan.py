"""The parts of a source that are no mathematics, hidden.

Hidden characters are replaced one for one, so that every offset in the hidden text is an offset in the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.lexer import Lexeme, blank, lex

if TYPE_CHECKING:
    from collections.abc import Iterator

# environments whose rows are rows of the work
ROWED = frozenset(
    "align aligned alignat alignedat xalignat flalign gather gathered split eqnarray IEEEeqnarray equation "
    "displaymath dmath multline multlined".split()
)
CONTINUED = frozenset({"multline", "multlined"})

# environments whose content is not read at all
VERBATIM = frozenset("verbatim Verbatim lstlisting minted alltt comment filecontents tikzpicture".split())

_VERB = re.compile(r"\*?([^A-Za-z*\s])[^\n]{0,400}?\1")
_CONDITION = re.compile(r"\\if(?!f$)[a-z@]*$", re.IGNORECASE)
_PROSE = re.compile(r"(?:(?<![\\A-Za-z{])[A-Za-z]{2,}[,;:.]?\s+){3}")


def reads_as_prose(text: str) -> bool:
    """Whether three words in a row stand in the text.

    >>> reads_as_prose("where we use the chain rule"), reads_as_prose(r"\\\\frac{a}{b} = \\\\log x")
    (True, False)
    """
    return _PROSE.search(text) is not None


def hide(text: str) -> str:
    """The source with comments, verbatim environments, `\\verb` and `\\iffalse` hidden.

    >>> hide("50\\\\% a %b").replace(chr(0), "~")
    '50\\\\% a ~~'
    """
    if not any(mark in text for mark in ("%", r"\verb", r"\iffalse", *VERBATIM)):
        return text
    parts: list[str] = []
    position = 0
    for start, stop in _hidden(text):
        parts += [text[position:start], blank(text[start:stop])]
        position = stop
    return "".join([*parts, text[position:]])


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Where what is hidden begins and ends."""
    position = 0
    endless: set[str] = set()
    while position < len(text):
        for lexeme in lex(text, position):
            stop = _hidden_until(text, lexeme, endless)
            if stop > lexeme.start:
                yield lexeme.start, stop
                position = stop
                break
        else:
            return


def _condition_end(text: str, start: int) -> int:
    r"""Where what stands behind ``\iffalse`` is printed again: at its ``\else`` or its ``\fi``."""
    depth = 0
    for lexeme in lex(text, start):
        if lexeme.kind == "word" and _CONDITION.match(lexeme.text):
            depth += 1
        elif lexeme.text in (r"\fi", r"\else") and not depth:
            return lexeme.end
        depth -= lexeme.text == r"\fi"
    return len(text)


def _hidden_until(text: str, lexeme: Lexeme, endless: set[str]) -> int:
    """Where what is hidden from this lexeme on ends; its start if nothing is."""
    if lexeme.kind == "comment":
        return lexeme.end
    if lexeme.kind == "word" and lexeme.text == r"\verb":
        found = _VERB.match(text, lexeme.end)
        return found.end() if found else lexeme.start
    if lexeme.kind == "word" and lexeme.text == r"\iffalse":
        return _condition_end(text, lexeme.end)
    name = lexeme.environment if lexeme.kind == "begin" else ""
    if name.rstrip("*") in VERBATIM and name not in endless:
        closer = f"\\end{{{name}}}"
        end = text.find(closer, lexeme.end)
        if end >= 0:
            return end + len(closer)
        endless.add(name)
    return lexeme.start
