r"""Documents without boxes, cut by their headings and the numbers of questions.

``1(a)``, ``Problem 2``, ``\subsection*{Aufgabe 3}``, ``**(b)**``, the title of a question: what follows a heading up to
the next one is the answer.  Marked or worded headings count wherever they stand; a bare number at the beginning of a
line only in the order of the questions, and where no heading names its question in full.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.latex.macros import group_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Tokens = tuple[str, ...]

WORDS = (
    "question problem exercise task part answer solution prob ques ex q p no nr "
    "aufgabe frage teil teilaufgabe übung lösung problème exercice partie réponse ejercicio pregunta problema parte "
    "esercizio domanda opgave vraag zadanie задача задание упражнение вопрос 问题 問題 题 題 第"
).split()
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_WORDS = re.compile(rf"(?:[\[(]?(?:{_WORD})(?![a-z])[ \t.:#№]*){{1,3}}", re.IGNORECASE)
_NUMBER = re.compile(r"[\[(]?(\d{1,3})(?![\d])[\])]?")
_SUB = re.compile(
    r"[ \t]*[.,_–-]?[ \t]*(?:part[ \t]*)?\(([a-z]|[ivx]{1,4}|\d{1,2})\)"
    r"|(?:[._-]|,?[ \t]*part[ \t]+)?([a-z]|[ivx]{1,4})(?![a-z0-9^_'=(])\)?|[._-](\d{1,2})(?!\d)\)?",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\(([a-z]|[ivx]{1,4})\)|([a-z])(?:\)|\.(?=[ \t]|$)|(?=[ \t]*$))", re.IGNORECASE)
_CLOSED = re.compile(r"[ \t]*(?:题|題)?[ \t]*(?:[.:)\]—–]|-{2,}|$)")
_TOKEN = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_POINTS = re.compile(r"\\hfill.*|[(\[]?\d+(?:[.,]\d+)?[ \t]*(?:points?|pts?|punkte|marks?)\b.*", re.IGNORECASE)
_SIZES = re.compile(r"\\(?:large|Large|LARGE|huge|bf|bfseries|sffamily|normalfont|small|quad|noindent)(?![A-Za-z])")
_SECTIONS = r"\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph|question|problem|exercise)\*?[ \t]*"
_ENVIRONMENTS = "problem|question|exercise|solution|answer|homeworkProblem"
_BEFORE = r"(?:\\(?:noindent|bigskip|medskip|smallskip|par|item)(?![A-Za-z]))?[ \t]*"
_MARKUP = (
    re.compile(rf"{_SECTIONS}\{{"),
    re.compile(rf"\\begin\{{(?:{_ENVIRONMENTS})\*?\}}[ \t]*[\[{{]"),
    re.compile(_BEFORE + r"\\(?:textbf|underline|textsc|emph|textit)[ \t]*\{"),
    re.compile(r"\\item[ \t]*\["),
    re.compile(r"\#{1,6}[ \t]+"),
    re.compile(r"(?:[-*+][ \t]+)?(?:\*\*|__)(?=\S)"),
    re.compile(r"<h[1-6][^>]*>"),
)
_HEADED = re.compile(rf"{_SECTIONS}(?=\{{)")
_LABEL = re.compile(r"\\label\{[^{}]*\}|%.*")
_INLINE = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(?:" + _BEFORE + r"\\(?:textbf|underline|textsc|emph|textit)|\\item|\*\*|__)"
)
_LISTS = re.compile(
    r"\\(begin|end)\{(?:enumerate|itemize|description|parts|questions)\}|\\(item|part|question)\b(?![ \t]*[\[{])"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8}
_SIGNS = tuple("=+-*/^·×<>,\\")
_EDGES = " \t*_}])"
LONGEST = 300


class Section(NamedTuple):
    """The text between a heading and the next: the question that it answers, none where none was found."""

    question: str
    heading: str
    start: int
    end: int


class _Head(NamedTuple):
    """A heading: its tokens, whether it is sure to be one, where it stands and where its text begins."""

    tokens: Tokens
    sure: bool
    start: int
    end: int
    text: str


def tokens_of(identifier: str) -> Tokens:
    """The numbers and letters of an id, small.

    >>> tokens_of("1(a)"), tokens_of("Q2.b"), tokens_of("03")
    (('1', 'a'), ('2', 'b'), ('3',))
    """
    found = [token.lower().lstrip("0") or "0" for token in _TOKEN.findall(identifier)]
    return tuple(found[1:] if len(found) > 1 and found[0] in WORDS else found)


@dataclass
class Cutter:
    """Cuts documents for one homework; ``titles`` are those of its questions, by id."""

    ids: Sequence[str]
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_tokens = {tokens_of(one): one for one in self.ids}
        self.order = {one: place for place, one in enumerate(self.ids)}
        self.numbers = {tokens[:1] for tokens in self.by_tokens}
        self.by_title = {bare(title): tokens_of(one) for one, title in self.titles.items() if bare(title)}

    def sections(self, text: str, kind: str) -> list[Section]:
        """The sections of a document; the first one is what stands before all headings.

        >>> [(one.question, one.start) for one in Cutter(["1(a)", "1(b)"]).sections("Ann\\n1(a)\\nx\\n1(b)\\ny", "txt")]
        [('', 0), ('1(a)', 9), ('1(b)', 16)]
        """
        seen = [*self._lines(text), *(_items(text) if kind == "tex" else ())]
        heads = list(self._chosen(sorted(seen, key=lambda one: (one.start, not one.sure))))
        stops = [head.start for _, head in heads] + [len(text)]
        out = [Section("", "", 0, stops[0])]
        for (question, head), stop in zip(heads, stops[1:], strict=True):
            out.append(Section(question, head.text, min(head.end, stop), stop))
        return out

    def _chosen(self, heads: Sequence[_Head]) -> Iterator[tuple[str, _Head]]:
        """The headings that begin an answer, each with its question; none where there is no such question."""
        sure = [head.tokens for head in heads if head.sure]
        is_full = any(tokens in self.by_tokens and len(tokens) > 1 for tokens in sure)
        is_numbered = any(tokens[:1] in self.numbers for tokens in sure)
        number: Tokens = ()
        last = -1
        for head in heads:
            question = self._question(head, number)
            if not head.sure:
                is_number = len(head.tokens) == 1 and head.tokens[0].isdigit()
                is_known = head.tokens[:1] in self.numbers and (is_number or bool(question))
                is_next = self.order[question] > last if question else is_known and head.tokens > number
                if is_full or (is_numbered and is_number) or not is_next:
                    continue
            if question is None:
                continue
            number = tokens_of(question)[:1] if question else head.tokens[:1]
            last = max(last, self.order[question]) if question else last
            yield question, head

    def _question(self, head: _Head, number: Tokens) -> str | None:
        """The question of a heading; nothing where there is none of its number, None where it is no such heading."""
        for tokens in (head.tokens, (*number, *head.tokens)):
            for spelled in (tokens, *_respelled(tokens)):
                if spelled in self.by_tokens:
                    return self.by_tokens[spelled]
        return "" if head.tokens and head.tokens[0].isdigit() else None

    def _lines(self, text: str) -> Iterator[_Head]:
        """The lines that look like headings."""
        start = 0
        for line in text.split("\n"):
            cuts = sorted({0, *(one.start() for one in _HEADED.finditer(line.split("%")[0])), len(line)})
            for place, stop in itertools.pairwise(cuts):
                end = min(start + stop + (stop == len(line)), len(text))
                if (head := self._head(line[place : min(stop, place + LONGEST)], start + place, end)) is not None:
                    yield head
            start += len(line) + 1

    def _head(self, line: str, start: int, after: int) -> _Head | None:
        offset, is_marked = _inside(line)
        inside = line[offset:]
        told = bare(_POINTS.sub("", inside))
        if is_marked and told in self.by_title:
            return _Head(self.by_title[told], True, start, after, inside.strip())
        worded = _WORDS.match(inside)
        place = worded.end() if worded else 0
        tokens, end = _identifier(inside, place)
        if not tokens or (worded is None and not is_marked and not _is_likely(inside, tokens, end)):
            return None
        if worded is not None and not is_marked and not _CLOSED.match(inside, end) and len(inside) - end > 60:
            return None  # a sentence that speaks of a question
        closed = _CLOSED.match(inside, end)
        rest = inside[closed.end() if closed else end :]
        behind, headed = after, _HEADED.match(line)
        title = group_at(line, headed.end()) if headed is not None else None
        if title is not None and _LABEL.sub("", line[title[1] + 1 :]).strip():
            behind = start + title[1] + 1
        if rest.strip(_EDGES) and (not is_marked or _INLINE.match(line)):  # what stands behind belongs to the answer
            behind = start + len(line) - len(rest.lstrip(_EDGES))
        return _Head(tokens, is_marked or worded is not None, start, behind, inside.strip())


def _respelled(tokens: Tokens) -> Iterator[Tokens]:
    """Other ways of counting parts: letters, numbers, roman numbers."""
    if len(tokens) > 1:
        last = tokens[-1]
        values = [int(last) if last.isdigit() else _ROMAN.get(last, 0), ord(last) - 96 if len(last) == 1 else 0]
        for value in values:
            if 0 < value < 27:
                yield (*tokens[:-1], chr(96 + value))
                yield (*tokens[:-1], str(value))


def _inside(line: str) -> tuple[int, bool]:
    """Where the text of a heading begins in its line, behind all marks of headings, and whether there are any."""
    place, is_marked = len(line) - len(line.lstrip()), False
    while True:
        found = next((one for pattern in _MARKUP if (one := pattern.match(line, place))), None)
        size = _SIZES.match(line, place) if found is None else None
        if found is None and size is None:
            return place, is_marked
        is_marked = is_marked or found is not None
        place = (found or size).end()  # type: ignore[union-attr]
        place += len(line[place:]) - len(line[place:].lstrip(" \t{"))


def _identifier(text: str, place: int) -> tuple[Tokens, int]:
    """The numbers and letters that stand at a place, and where they end."""
    found = _NUMBER.match(text, place)
    if found is None:
        letter = _LETTER.match(text, place)
        return (((letter[1] or letter[2]).lower(),), letter.end()) if letter else ((), place)
    tokens, end = [found[1].lstrip("0") or "0"], found.end()
    while len(tokens) < 3 and (sub := _SUB.match(text, end)):
        tokens.append((sub[1] or sub[2] or sub[3]).lower())
        end = sub.end()
    return tuple(tokens), end


def _is_likely(text: str, tokens: Tokens, end: int) -> bool:
    """Whether a number at the beginning of a line is that of a question, and nothing that is computed with."""
    rest = text[end:].lstrip()
    return bool(_CLOSED.match(text, end) or ")" in text[:end] or text[end - 1] == ".") and not rest.startswith(_SIGNS)


def _items(text: str) -> Iterator[_Head]:
    """The items of the outermost lists of LaTeX, counted as it counts them."""
    depth, count = 0, 0
    for found in _LISTS.finditer(text):
        if found[1] == "begin":
            depth += 1
            count = 0 if depth == 1 else count
        elif found[1] == "end":
            depth = max(0, depth - 1)
        elif depth == 1 and (count := count + 1) < 27:
            yield _Head((chr(96 + count),), False, found.start(), found.end(), found[0])


def bare(title: str) -> str:
    r"""A title without its markup and its number, for comparing.

    >>> bare("**Label smoothing**"), bare(r"1\quad Label smoothing}")
    ('label smoothing', 'label smoothing')
    """
    plain = re.sub(r"\\[A-Za-z]+\*?|[{}$*_#~\\\[\]]", " ", title).casefold()
    plain = re.sub(rf"^(?:\W|\d|(?:{_WORD})\b|\([a-z]\))+", "", plain)
    return " ".join(re.findall(r"\w+", plain))
