"""From passages to rows: which formulas are lines of the work, and which belong to the prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from truestep.checkers.documents.displays import Piece, pieces
from truestep.checkers.documents.rows import Part, has_rows, split
from truestep.checkers.documents.scan import without_sizes
from truestep.checkers.documents.work import Passage, Row, Work
from truestep.derivations.language.latex.lexer import HIDDEN
from truestep.derivations.language.latex.macros import Macro, definitions

_RELATION = re.compile(
    r"[=<>≈≤≥]|\\(?:approx|equiv|leq?|geq?|propto|implies|iff|Rightarrow|therefore|begin)(?![A-Za-z])"
)
_LONGEST_FURNITURE = 600
LONGEST_WORDS = 400


@lru_cache(maxsize=1)
def _furniture() -> re.Pattern[str]:
    """What may stand beside a formula that is alone on its line."""
    return re.compile(
        r"\\(?:item(?:\[[^\]\n]{0,30}\])?|noindent|(?:big|med|small)skip|newline|par|q?quad|centering|hfill|left|right)"
        r"(?![A-Za-z])"
        r"|\\[vh]space\*?\{[^{}\n]{0,20}\}|\\(?:begin|end)\{[A-Za-z*]{1,30}\}(?:\[[^\]\n]{0,60}\]|\{[^{}\n]{0,60}\}){0,2}"
        r"|\\\\(?:\[[^\]\n]{0,10}\])?|\\[ ,;:!]|&nbsp;"
        r"|(?m:^[ \t]*(?:\#{1,6}|[-*+•]|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivx]{1,4})[.)])(?=[\s$\\]|$))"
        r"|[\s.,;:*_>~{}\0]"
    )


@dataclass
class _Paragraph:
    """A stretch of text between displays and blank lines, with the formulas inside it."""

    start: int
    formulas: list[Piece] = field(default_factory=list)

    def stands_alone(self, text: str, end: int) -> bool:
        """Whether the paragraph is nothing but formulas."""
        between = end - self.start - sum(formula.end - formula.start for formula in self.formulas)
        if not self.formulas or between > _LONGEST_FURNITURE:
            return False
        edges = [
            self.start,
            *(edge for formula in self.formulas for edge in (formula.start, formula.end)),
            end,
        ]
        rest = "$".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        return not _furniture().sub("", rest).replace("$", "")


@dataclass
class _Collector:
    """Rows and prose of one passage."""

    passage: Passage
    asides: bool
    words: str = ""  # that stand before the next formula
    spoken: int = 0  # where the last formula ends
    rows: list[Row] = field(default_factory=list)
    said: list[Row] = field(default_factory=list)
    prose: list[Row] = field(default_factory=list)

    def run(self) -> None:
        text = self.passage.text
        if self.passage.display:
            self._rows(split(text, 0, len(text)), 0, len(text))
            return
        paragraph = _Paragraph(0)
        for piece in pieces(text):
            if piece.kind == "inline" or (self.asides and _is_aside(text, piece)):
                paragraph.formulas.append(piece)
                continue
            self._close(paragraph, piece.start)
            paragraph = _Paragraph(piece.end)
            if piece.kind == "display":
                self._rows(split(text, piece.inner, piece.outer), piece.start, piece.end)
        self._close(paragraph, len(text))
        self.words += text[self.spoken :] + "\n\n"

    def _close(self, paragraph: _Paragraph, end: int) -> None:
        text = self.passage.text
        alone = paragraph.stands_alone(text, end)
        for formula in paragraph.formulas:
            rows = split(text, formula.inner, formula.outer)
            if alone or has_rows(text[formula.inner : formula.outer]):
                self._rows(rows, formula.start, formula.end)
            else:
                self._rows([part for part in rows if part.text.strip()], formula.start, formula.end, inline=True)
        said = text[paragraph.start : end].replace(HIDDEN, " ")
        if not alone and said.strip():
            offset = paragraph.start + len(said) - len(said.lstrip())
            self.prose.append(Row(said.strip(), *self.passage.place(offset)))

    def _rows(self, parts: Iterable[Part], start: int, end: int, inline: bool = False) -> None:
        """Takes the rows of a formula from its start to its end; the words before it are the first one's."""
        place, cell = self.passage.place, self.passage.cell
        before = self.words + self.passage.text[self.spoken : start].replace(HIDDEN, " ")
        for part in parts:
            row = Row(part.text, *place(part.offset), place(part.end), cell, before=before, inline=inline)
            (self.said if inline else self.rows).append(row)
            before = ""
        self.words, self.spoken = before, end


def _is_aside(text: str, piece: Piece) -> bool:
    """Whether `$$x$$` is a remark inside a sentence, as kramdown writes inline mathematics."""
    if piece.kind != "display" or not text.startswith("$$", piece.start) or piece.outer - piece.inner > 200:
        return False
    inside = text[piece.inner : piece.outer]
    if "\n" in inside or _RELATION.search(inside):
        return False
    before = text[max(text.rfind("\n", 0, piece.start) + 1, piece.start - 200) : piece.start]
    stop = text.find("\n", piece.end)
    after = text[piece.end : min(stop if stop >= 0 else len(text), piece.end + 200)]
    return bool(_furniture().sub("", before) or _furniture().sub("", after))


def collect(passages: Iterable[Passage], asides: bool = False) -> Work:
    """The work that stands in the passages; with `asides`, a short `$$x$$` within a sentence is prose.

    >>> from truestep.checkers.documents.work import whole
    >>> collect([whole("so $a$ is\\n$$b = c$$")]).rows
    (Row(text='b = c', line=2, column=3),)
    """
    rows: list[Row] = []
    said: list[Row] = []
    prose: list[Row] = []
    words = tail = ""
    macros: dict[str, Macro] = {}
    for passage, defined in _without_macros(passages):
        macros |= {macro.name: macro for macro in defined}
        collector = _Collector(passage, asides, words)
        collector.run()
        words, tail = collector.words[-LONGEST_WORDS:], collector.words[:LONGEST_WORDS]
        said += collector.said
        rows += collector.rows
        prose += collector.prose
    return Work(tuple(rows), tuple(macros.values()), tuple(prose), tuple(said), tail=tail)


def _without_macros(passages: Iterable[Passage]) -> Iterator[tuple[Passage, tuple[Macro, ...]]]:
    for passage in passages:
        macros, text = definitions(without_sizes(passage.text))
        yield passage if text == passage.text else replace(passage, text=text), macros
