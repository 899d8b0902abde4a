"""A display, split into its rows: at `\\\\` outside braces, `cases`, arrays and matrices."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import dropwhile
from typing import NamedTuple

from truestep.checkers.documents.scan import CONTINUED, ROWED
from truestep.derivations.language.latex.lexer import HIDDEN, Lexeme, base_name, lex

_OPTION = re.compile(r"\s{0,4}\[[tbc]\]")
_COLUMNS = re.compile(r"\s{0,4}\{[^{}\n]{0,30}\}")
# an array that is used as an align: right, relation, left, and a remark
_ALIGNED_ARRAY = re.compile(r"\s{0,4}\{\s{0,4}(?:r\s{0,4}c?|l\s{0,4}c|r\s{0,4}c\s{0,4}l)\s{0,4}l\s{0,4}\}")
_RELATION = re.compile(
    r"[\s&\0]*(?:=|<|>|:=|\\(?:approx|equiv|leq?|geq?|propto|sim|implies|iff|therefore|Rightarrow|to)"
    r"(?![A-Za-z]))"
)
_BARE = re.compile(
    r"(?:[\s.,;:~&\0]|\\(?:q?quad|nonumber|notag|hfill|hline|displaystyle)(?![A-Za-z])|\\[,;:! ]"
    r"|\\(?:label|tag|vspace|hspace)\*?\{[^{}]{0,80}\})*"
)
_EDGE = re.compile(r"(?:\s|\0|\\\s)*")
_LONGEST_BARE = 200
_BRACED = ("cases", "dcases", "array", "matrix", "aligned", "gathered")
_BRACE = re.compile(r"[\s\0]{0,20}\\left\s{0,4}\\\{[\s\0]{0,20}")
_BRACE_END = re.compile(r"[\s\0]{0,20}\\right\s{0,4}\.")
_ANY_COLUMNS = re.compile(r"\s{0,4}\{[rcl|@{}\s]{1,20}\}")
_SIGN_COLUMN = re.compile(rf"&{_RELATION.pattern}\s*&")
_EQUATION = re.compile(r"[^&=]{1,400}&?=&?[^&]*")
_ROWS_INSIDE = re.compile(r"[\s\0]{0,20}\{[\s\0]{0,20}\\begin\s{0,4}\{(?:aligned|gathered|split|alignedat)\}")
GROUPING = frozenset((r"\eqalign", r"\eqalignno", r"\displaylines"))
_BLANK = " \t\n" + HIDDEN


class _Cut(NamedTuple):
    """A stretch that is left out of the rows; `row` says whether a new row begins after it."""

    start: int
    end: int
    row: bool


class Part(NamedTuple):
    """The text of a row, the offset of its first character, and that behind its last one."""

    text: str
    offset: int
    end: int = 0


def split(text: str, start: int, end: int) -> list[Part]:
    r"""The rows of the display text[start:end], blank ones left out.

    >>> [part.offset for part in split(r"a &= b \\ &= \begin{cases}1\\2\end{cases}", 0, 99)]
    [0, 10]
    """
    return [Part(one.text, start + one.offset, start + one.end) for one in _split(text[start:end])]


@lru_cache(maxsize=1024)
def _split(text: str) -> tuple[Part, ...]:
    walk = _Walk(text, 0, len(text))
    if not walk.balanced:
        walk = _Walk(text, 0, len(text), heed_braces=False)
    return tuple(_parts(text, 0, len(text), walk.cuts))


def has_rows(text: str) -> bool:
    r"""Whether an environment of rows stands in the text.

    >>> has_rows(r"\begin{aligned} a &= b \end{aligned}"), has_rows("x")
    (True, False)
    """
    return "\\begin" in text and any(
        base_name(found.environment) in ROWED for found in lex(text) if found.kind == "begin"
    )


@dataclass
class _Walk:
    """One pass over a display that notes where its rows end."""

    text: str
    start: int
    end: int
    heed_braces: bool = True
    balanced: bool = True
    cuts: list[_Cut] = field(default_factory=list)
    _braces: int = 0
    _lefts: int = 0
    _opaque: list[str] = field(default_factory=list)
    _continued: int = 0
    _interlude: tuple[int, int] | None = None
    _grouped: int | None = None  # where a command whose argument holds rows begins
    _base: int = 0  # the braces around the rows

    def __post_init__(self) -> None:
        for found in lex(self.text, self.start, self.end):
            if found.kind != "text":
                self._take(found)
        self.balanced = self.balanced and self._braces == 0

    def _take(self, found: Lexeme) -> None:
        kind = found.kind
        if kind == "comment":
            self._cut(found.start, found.end, row=False)
        elif kind in ("open", "close"):
            self._brace(found)
        elif kind == "begin":
            self._begin(found)
        elif kind == "end":
            self._end(found)
        elif kind == "newrow":
            self._newrow(found)
        elif kind == "word":
            self._command(found)

    def _cut(self, start: int, end: int, row: bool) -> None:
        self.cuts.append(_Cut(start, end, row))

    def _brace(self, found: Lexeme) -> None:
        self._braces += 1 if found.text == "{" else -1
        if self._grouped is not None and found.text == "{":
            self._cut(self._grouped, found.end, row=False)
            self._grouped, self._base = None, self._braces
        elif self._base and found.text == "}" and self._braces < self._base:
            self._cut(found.start, found.end, row=True)
            self._base = 0
        self.balanced = self.balanced and self._braces >= 0
        if self._interlude and found.text == "}" and self._braces == self._interlude[1]:
            self._cut(self._interlude[0], found.end, row=True)
            self._interlude = None

    def _inside(self) -> bool:
        return bool(self._opaque) or (self.heed_braces and self._braces > self._base)

    def _begin(self, found: Lexeme) -> None:
        name = base_name(found.environment)
        aligned = self._aligned(found) if name == "array" else None
        if not self._inside() and self._is_system(found):
            columns = _ANY_COLUMNS.match(self.text, found.end, self.end) if name == "array" else None
            self._cut(self.start, columns.end() if columns else found.end, row=False)
            return
        if self._inside() or self._lefts > 0 or not (aligned or name in ROWED):
            self._opaque.append(name)
            return
        stop = found.end
        for option in (
            _OPTION,
            _COLUMNS if name in {"alignat", "alignedat", "xalignat", "IEEEeqnarray"} else None,
        ):
            more = option.match(self.text, stop, self.end) if option else None
            stop = more.end() if more else stop
        self._continued += name in CONTINUED
        self._cut(found.start, aligned.end() if aligned else stop, row=False)

    def _aligned(self, found: Lexeme) -> re.Match[str] | None:
        """The columns of an array that is used as an align: by what they are, or since each row has one for a sign."""
        if usual := _ALIGNED_ARRAY.match(self.text, found.end, self.end):
            return usual
        columns = _ANY_COLUMNS.match(self.text, found.end, self.end)
        if columns is None or not _is_bare(self.text[self.start : found.start]):
            return None
        end = self.text.find(f"\\end{{{found.environment}}}", columns.end(), self.end)
        rows = [row for row in self.text[columns.end() : end].split(r"\\") if not _is_bare(row)]
        return columns if end >= 0 and all(map(_SIGN_COLUMN.search, rows)) else None

    def _is_system(self, found: Lexeme) -> bool:
        """Whether a brace over rows opens the display and each row is an equation of its own, without a condition."""
        name, before = base_name(found.environment), self.text[self.start : found.start]
        is_braced = name in ("cases", "dcases") if _is_bare(before) else _BRACE.fullmatch(before) is not None
        if name not in _BRACED or not is_braced:
            return False
        end = self.text.find(f"\\end{{{found.environment}}}", found.end, self.end)
        rows = [row for row in self.text[found.end : end].split(r"\\") if not _is_bare(row)]
        return end >= 0 and len(rows) > 1 and all(map(_EQUATION.fullmatch, rows))

    def _end(self, found: Lexeme) -> None:
        name = base_name(found.environment)
        if self._opaque:
            if name in self._opaque[-8:]:
                while self._opaque.pop() != name:
                    pass
        elif name in ROWED or name in _BRACED:
            self._continued -= name in CONTINUED
            brace = _BRACE_END.match(self.text, found.end, self.end)
            self._cut(found.start, brace.end() if brace else found.end, row=True)

    def _newrow(self, found: Lexeme) -> None:
        if self._inside():
            return
        self._lefts = 0
        goes_on = self._continued > 0 and not _RELATION.match(self.text, found.end, self.end)
        self._cut(found.start, found.end, row=not goes_on)

    def _command(self, found: Lexeme) -> None:
        name = found.text
        is_frame = name == "\\boxed" and _ROWS_INSIDE.match(self.text, found.end, self.end)
        if (name in GROUPING or is_frame) and not self._inside():
            self._grouped = found.start
        elif name == "\\left":
            self._lefts += 1
        elif name == "\\right":
            self._lefts -= 1
        elif name in {"\\intertext", "\\shortintertext"} and not self._inside():
            self._interlude = (found.start, self._braces)


def _parts(text: str, start: int, end: int, cuts: list[_Cut]) -> list[Part]:
    """The stretches between the cuts, joined into rows."""
    parts: list[Part] = []
    current: list[Part] = []
    position = start
    for cut in [*cuts, _Cut(end, end, row=True)]:
        if cut.start > position:
            current.append(Part(text[position : cut.start], position))
        if cut.row:
            parts += _joined(current)
            current = []
        position = max(position, cut.end)
    return parts


def _joined(stretches: list[Part]) -> list[Part]:
    """The stretches as one row, stripped; nothing where no mathematics is in them."""
    kept = list(dropwhile(lambda part: _is_bare(part.text), stretches))
    joined = "".join(part.text for part in kept)
    if _is_bare(joined):
        return []
    edge = _EDGE.match(kept[0].text)
    skip = edge.end() if edge else 0
    row = joined[skip:].replace(HIDDEN, "").rstrip()
    # a control space at the end keeps its space
    row = row + " " if row.endswith("\\") and not row.endswith("\\\\") else row
    last = next(part for part in reversed(kept) if part.text.strip(_BLANK))
    end = last.offset + len(last.text.rstrip(_BLANK))
    return [Part(row, kept[0].offset + skip, end)] if row.strip() else []


def _is_bare(text: str) -> bool:
    """Whether there are only blanks, punctuation and labels in the text."""
    return not text.strip() or (len(text) <= _LONGEST_BARE and _BARE.fullmatch(text) is not None)
