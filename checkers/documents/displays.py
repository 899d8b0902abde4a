"""Where the formulas of a LaTeX or Markdown text stand, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from truestep.checkers.documents.scan import ROWED, reads_as_prose
from truestep.derivations.language.latex.lexer import Lexeme, base_name, lex

Kind = Literal["display", "inline", "break"]
_FARTHEST = 10_000
_BREAKS = frozenset(
    f"\\{name}" for name in "item par section subsection subsubsection paragraph subparagraph part maketitle".split()
)
_EDGES = frozenset(("shift", "symbol", "begin", "end", "blank"))
DELIMITED = re.compile(r"\$\$|\\begin\{|\\\[|\\\(|\$`|```|:::\{math\}")
CLOSERS = (("$$", "$$"), ("\\[", "\\]"), ("$", "$"), ("\\(", "\\)"))


class Piece(NamedTuple):
    """A formula with its delimiters (start, end) and without (inner, outer), or a paragraph's break."""

    kind: Kind
    start: int
    end: int
    inner: int
    outer: int


@dataclass
class _Open:
    """A formula that has begun."""

    closer: str
    start: int
    inner: int
    inline: bool = False
    nested: int = 0
    across_blank: bool = False

    def piece(self, outer: int, end: int) -> Piece:
        """The formula between its delimiters; an environment keeps its own, for rows.split to read."""
        outer = end if self.inner == self.start else outer
        return Piece("inline" if self.inline else "display", self.start, end, self.inner, outer)


@lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[Piece, ...]:
    """The displays, the inline formulas and the paragraph breaks of a text, in order.

    >>> [(piece.kind, piece.inner, piece.outer) for piece in pieces("so $a$ is $$b=c$$")]
    [('inline', 4, 5), ('display', 12, 15)]
    """
    return tuple(_Search(text).run())


@dataclass
class _Search:
    text: str
    open: _Open | None = None
    _last: dict[str, int] = field(default_factory=dict)

    def run(self) -> Iterator[Piece]:
        for found in lex(self.text):
            if found.kind in _EDGES or _is_break(found):
                yield from self._take(found)
        if self.open and not self.open.inline:
            yield self.open.piece(len(self.text), len(self.text))

    def _take(self, found: Lexeme) -> Iterator[Piece]:
        if self.open is None:
            self.open = _opened(found)
        elif self.open.inline:
            yield from self._within_inline(self.open, found)
        else:
            yield from self._within_display(self.open, found)
        if self.open is None and _is_break(found):
            yield Piece("break", found.start, found.end, found.start, found.end)

    def _within_inline(self, formula: _Open, found: Lexeme) -> Iterator[Piece]:
        token = found.text
        if token == formula.closer:
            yield formula.piece(found.start, found.end)
            self.open = None
        elif token == "$$" and formula.closer == "$" and not self.text[found.start - 1].isspace():
            # $a$$b$ is one formula after another
            yield formula.piece(found.start, found.start + 1)
            self.open = _Open("$", found.start + 1, found.end, inline=True)
        elif found.kind == "blank":
            self.open = None
        elif not self._wraps(formula, found):
            begun = _opened(found)
            self.open = begun if begun and not begun.inline else formula

    def _wraps(self, formula: _Open, found: Lexeme) -> bool:
        """Whether the environment that begins here ends inside the inline formula."""
        if found.kind != "begin":
            return False
        closer = f"\\end{{{found.environment}}}"
        end = self.text.find(closer, found.end, found.end + _FARTHEST)
        after = self.text[end + len(closer) : end + len(closer) + 20]
        return end >= 0 and after.lstrip(" \n.,;\0").startswith(formula.closer)

    def _within_display(self, formula: _Open, found: Lexeme) -> Iterator[Piece]:
        if found.kind == "blank":
            if not self._goes_on(formula, found.end):
                yield formula.piece(found.start, found.start)
                self.open = None
        elif _name(found) == formula.closer:
            if found.kind == "begin":
                formula.nested += 1
            elif formula.nested:
                formula.nested -= 1
            else:
                yield formula.piece(found.start, found.end)
                self.open = None

    def _goes_on(self, formula: _Open, offset: int) -> bool:
        """Whether a display goes on after a blank line: its end is to come, and no prose before it."""
        if not formula.across_blank:
            closer = formula.closer if formula.closer in {"$$", "\\]"} else f"\\end{{{formula.closer}"
            if closer not in self._last:
                self._last[closer] = self.text.rfind(closer)
            if self._last[closer] < offset:
                return False
            end = self.text.find(closer, offset)
            if closer == "$$" and reads_as_prose(self.text[offset:end]):
                return False
            formula.across_blank = True
        return True


def _name(found: Lexeme) -> str:
    """What a token is compared by: an environment's name without its star, or the token itself."""
    if found.kind in {"begin", "end"}:
        return base_name(found.environment)
    return found.text


def _is_break(found: Lexeme) -> bool:
    """Whether a paragraph of text ends here, where no formula is open."""
    kind = found.kind
    if kind in {"begin", "end"}:
        return _name(found) not in ROWED
    return kind in {"blank", "newrow"} or (kind == "word" and found.text in _BREAKS)


def _opened(found: Lexeme) -> _Open | None:
    """The formula that begins with this token, if one does."""
    token = found.text
    if found.kind == "begin" and _name(found) in ROWED:
        return _Open(_name(found), found.start, found.start)
    for opener, closer in CLOSERS:
        if token == opener:
            return _Open(closer, found.start, found.end, inline=opener in {"$", "\\("})
    return None
