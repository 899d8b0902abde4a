"""The parts of a source that are no mathematics, hidden.

Hidden characters are replaced one for one, so that every offset in the hidden text is an offset in the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.latex.groups import ALONE, partners
from truestep.derivations.language.latex.lexer import Lexeme, base_name, blank, lex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# environments whose rows are rows of the work
ROWED = frozenset(
    "align aligned alignat alignedat xalignat flalign gather gathered split eqnarray IEEEeqnarray equation "
    "displaymath dmath multline multlined".split()
)
CONTINUED = frozenset({"multline", "multlined"})

# environments whose content is not read at all
SIZING = {r"\resizebox": 2, r"\scalebox": 1}  # with the number of lengths before what they size
VERBATIM = frozenset("verbatim Verbatim lstlisting minted alltt comment filecontents tikzpicture".split())

_VERB = re.compile(r"\*?([^A-Za-z*\s])[^\n]{0,400}?\1")
_CONDITION = re.compile(r"\\if(?!f$|thenelse$)[a-z@]*$", re.IGNORECASE)
_SWITCH = re.compile(r"\s*\\if([A-Za-z@]+)")
_COMPARED = re.compile(r"\s*(-?\d{1,9})\s*([<=>])\s*(-?\d{1,9})(?!\d)")
_LETTERS = re.compile(r"\s*([0-9A-Za-z])([0-9A-Za-z])")
_BEFORE_BLANK = re.compile(r"[0-9A-Za-z](?=\s)")
_PROSE = re.compile(r"(?:(?<![\\A-Za-z{])[A-Za-z]{2,}[,;:.]?\s+){3}")


def reads_as_prose(text: str) -> bool:
    """Whether three words in a row stand in the text.

    >>> reads_as_prose("where we use the chain rule"), reads_as_prose(r"\\\\frac{a}{b} = \\\\log x")
    (True, False)
    """
    return _PROSE.search(text) is not None


def hide(text: str) -> str:
    r"""The source with comments, verbatim environments, ``\verb`` and the branches that are not taken hidden.

    >>> hide("50\\% a %b").replace(chr(0), "~")
    '50\\% a ~~'
    """
    if not any(mark in text for mark in ("%", r"\verb", r"\if", *VERBATIM)):
        return text
    parts: list[str] = []
    position = 0
    for start, stop in _hidden(text):
        parts += [text[position:start], blank(text[start:stop])]
        position = stop
    return "".join([*parts, text[position:]])


def without_sizes(text: str) -> str:
    r"""The source with what only sizes a formula hidden: ``\resizebox{3em}{!}{$x$}`` within a display is x.

    >>> without_sizes(r"\[ \scalebox{2}{$x$} \]").replace(chr(0), "")
    '\\[ x \\]'
    """
    if not any(word in text for word in SIZING):
        return text
    parts = list(lex(text))
    partner = partners({"open": (1, "{"), "close": (-1, "{")}.get(one.kind, (0, "")) for one in parts)
    hidden: list[tuple[int, int]] = []
    depth, is_open = 0, False
    for place, one in enumerate(parts):
        is_rowed = one.kind in ("begin", "end") and base_name(one.environment) in ROWED
        depth += {"begin": 1, "end": -1}[one.kind] if is_rowed else {r"\[": 1, r"\]": -1}.get(one.text, 0)
        is_open ^= one.text == "$$"
        if one.text in SIZING and (depth > 0 or is_open):
            hidden += _sized(parts, partner, place)
    for start, end in hidden:
        text = text[:start] + blank(text[start:end]) + text[end:]
    return text


def _sized(parts: Sequence[Lexeme], partner: Sequence[int], place: int) -> Iterator[tuple[int, int]]:
    """A command for the size of something and its lengths, then what closes it, dollar signs inside included."""
    at = place + 1
    for _ in range(SIZING[parts[place].text]):
        if partner[at : at + 1] in ([], [ALONE]):
            return
        at = partner[at] + 1
    last = partner[at] if at < len(parts) else ALONE
    if last > at:
        inner = [one for one in parts[at : last + 1] if one.text.strip()]
        dollars = len(inner) > 3 and inner[1].text == inner[-2].text == "$"
        first = 1 + dollars + (inner[1 + dollars].text == r"\displaystyle")
        yield parts[place].start, inner[first - 1].end
        yield inner[-2 if dollars else -1].start, parts[last].end


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    """Where what is hidden begins and ends."""
    hiding = _Hiding(text)
    position = 0
    while position < len(text):
        for lexeme in lex(text, position):
            stop = hiding.until(lexeme)
            if stop > lexeme.start:
                yield lexeme.start, stop
                position = stop
                break
        else:
            return


class _Hiding:
    """What is hidden of a text that is read from its start on: conditions are known as far as they stand in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.endless: set[str] = set()
        self.switches: dict[str, bool] = {"true": True, "false": False}
        self.taken: list[bool] = []  # of the conditions that are open, whether the branch that is read is the only one

    def until(self, lexeme: Lexeme) -> int:
        """Where what is hidden from this lexeme on ends; its start if nothing is."""
        if lexeme.kind == "comment":
            return lexeme.end
        if lexeme.kind == "word":
            return self._word(lexeme)
        name = lexeme.environment if lexeme.kind == "begin" else ""
        if name.rstrip("*") in VERBATIM and name not in self.endless:
            closer = f"\\end{{{name}}}"
            end = self.text.find(closer, lexeme.end)
            if end >= 0:
                return end + len(closer)
            self.endless.add(name)
        return lexeme.start

    def _word(self, lexeme: Lexeme) -> int:
        word = lexeme.text
        if word == r"\verb":
            found = _VERB.match(self.text, lexeme.end)
            return found.end() if found else lexeme.start
        if word == r"\newif" and (switch := _SWITCH.match(self.text, lexeme.end)):
            self.switches[switch[1]] = False
            return switch.end()
        name = word[1:].removesuffix("true").removesuffix("false")
        if name in self.switches and word != rf"\{name}":
            self.switches[name] = word.endswith("true")
        if _CONDITION.match(word):
            return self._condition(lexeme)
        if word in (r"\else", r"\fi") and self.taken:
            is_only = self.taken.pop()
            return self._end_of_branch(lexeme.end)[0] if is_only and word == r"\else" else lexeme.start
        return lexeme.start

    def _condition(self, lexeme: Lexeme) -> int:
        holds, end = self._holds(lexeme)
        if holds is None:
            self.taken.append(False)
            return lexeme.start
        if holds:
            self.taken.append(True)
            return end
        end, has_other = self._end_of_branch(end)
        if has_other:
            self.taken.append(False)
        return end

    def _holds(self, lexeme: Lexeme) -> tuple[bool | None, int]:
        """Whether a condition holds, None where that is not known, and where it ends."""
        name, at = lexeme.text[3:], lexeme.end
        if name in self.switches:
            return self.switches[name], at
        if name == "num" and (found := _COMPARED.match(self.text, at)):
            left, right = int(found[1]), int(found[3])
            return {"<": left < right, "=": left == right, ">": left > right}[found[2]], found.end()
        if name == "" and (found := _LETTERS.match(self.text, at)):
            return found[1] == found[2], found.end()
        if name == "" and (found := _BEFORE_BLANK.match(self.text, at)):  # \if0 \dots \fi compares 0 with the blank
            return False, found.end()
        return None, at

    def _end_of_branch(self, start: int) -> tuple[int, bool]:
        r"""Where what is not printed ends: at its ``\else``, which is told, or its ``\fi``."""
        depth = 0
        for lexeme in lex(self.text, start):
            if lexeme.kind == "word" and _CONDITION.match(lexeme.text):
                depth += 1
            elif lexeme.text in (r"\fi", r"\else") and not depth:
                return lexeme.end, lexeme.text == r"\else"
            depth -= lexeme.text == r"\fi"
        return len(self.text), False
