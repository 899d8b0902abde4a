r"""Texts that a person wrote, in Markdown with formulas in ``$...$`` and ``$$...$$``, as a run of plain pieces.

>>> [piece.kind for piece in pieces("Let $x$ be **one**.")]
['paragraph', 'text', 'math', 'text', 'strong', 'text', 'end', 'text', 'end']
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.faults import StatementFault
from truestep.problems.sheets.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

DEEPEST_LIST = 4
MAX_TEXT = 40_000
RULES = ("list", "emphasis", "backticks", "escape", "newline", "link", "fence", "table")
_KINDS = {
    "paragraph": "paragraph",
    "bullet_list": "list",
    "ordered_list": "numbers",
    "list_item": "item",
    "em": "emphasis",
    "strong": "strong",
    "table": "table",
    "tr": "row",
    "th": "cell",
    "td": "cell",
    "link": "link",
}
# pieces within a line, and their text where the token holds none
_INLINE = {
    "text": ("text", ""),
    "text_special": ("text", ""),
    "code_inline": ("code", ""),
    "softbreak": ("text", "\n"),
    "hardbreak": ("break", ""),
}
_SCHEMES = ("https://", "http://", "mailto:")


class Piece(NamedTuple):
    """A stretch of text (``text``, ``code``, ``math``, ``display``, ``break``), or the start or ``end`` of a part."""

    kind: str
    text: str = ""
    data: Any = None


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a text; every formula in it is plain mathematics.

    Raises StatementFault where one is not.
    """
    if len(text) > MAX_TEXT:
        raise StatementFault(f"a text has {len(text)} characters; at most {MAX_TEXT} are set")
    return tuple(_merged(_blocks(_markdown().parse(text.strip()))))


def line(text: str) -> tuple[Piece, ...]:
    """The pieces of a title: one paragraph without its ends.

    >>> line("a *b*")[0]
    Piece(kind='text', text='a ', data=None)
    """
    found = [piece for piece in pieces(" ".join(text.split())) if piece.kind != "display"]
    whole = found[:1] == [Piece("paragraph")] and found[-1:] == [Piece("end", data="paragraph")]
    if not found or (whole and not any(piece.kind in ("paragraph", "item") for piece in found[1:])):
        return tuple(found[1:-1])
    return (Piece("text", " ".join(text.split())),)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"maxNesting": 12}).enable(list(RULES))
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    return parser


def _formula(state: StateInline, silent: bool) -> bool:
    """``$...$`` and ``$$...$$``; a dollar that nothing closes is a dollar."""
    start = state.pos
    if state.src[start] != "$":
        return False
    mark = "$$" if state.src.startswith("$$", start) else "$"
    end = _closing(state.src, start + len(mark), mark)
    if end < 0 or end > state.posMax or not _is_formula(state.src, start + len(mark), end, mark):
        return False
    if not silent:
        token = state.push("display" if mark == "$$" else "math", "", 0)
        token.content = state.src[start + len(mark) : end]
    state.pos = end + len(mark)
    return True


def _is_formula(text: str, start: int, end: int, mark: str) -> bool:
    """Whether what stands between two dollars is a formula, and not the words between two prices."""
    if mark == "$" and (text[start].isspace() or text[end - 1].isspace() or text[end + 1 : end + 2].isdigit()):
        return False
    return bool(text[start:end].strip())


def _closing(text: str, start: int, mark: str) -> int:
    place = start
    while (place := text.find("$", place)) >= 0:
        if text[place - 1] != "\\" or place == start:
            return place if text.startswith(mark, place) else -1
        place += 1
    return -1


def _blocks(tokens: Sequence[Token]) -> Iterator[Piece]:
    depth = 0
    for token in tokens:
        depth += {"list_open": 1, "list_close": -1}.get(token.type.partition("_")[2], 0)
        if depth > DEEPEST_LIST:
            raise StatementFault(f"lists are nested more than {DEEPEST_LIST} deep; LaTeX sets no more")
        if token.type == "inline":
            yield from _inline(token.children or ())
        elif token.type in ("fence", "code_block"):
            yield Piece("listing", token.content)
        elif token.type not in ("thead_open", "thead_close", "tbody_open", "tbody_close"):
            yield _bound(token)


def _bound(token: Token) -> Piece:
    """The start or the end of a part."""
    name, _, edge = token.type.rpartition("_")
    kind = _KINDS[name]
    if edge == "close":
        return Piece("end", data=kind)
    if kind == "numbers":
        return Piece(kind, data=min(int(token.attrGet("start") or 1), 999))
    if kind == "link":
        return Piece(kind, data=str(token.attrGet("href")))
    return Piece(kind)


def _inline(tokens: Iterable[Token]) -> Iterator[Piece]:
    for token in tokens:
        if token.type in ("math", "display"):
            yield Piece(token.type, plain_mathematics(token.content))
        elif token.type in _INLINE:
            kind, text = _INLINE[token.type]
            yield Piece(kind, token.content or text)
        else:
            yield _bound(token)


def _merged(found: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces without empty texts; texts side by side are one, and a display needs no blanks around it."""
    held, after_display = "", False
    for piece in found:
        if piece.kind == "text":
            held += piece.text
            continue
        held = held.lstrip() if after_display else held
        held = held.rstrip() if piece.kind == "display" else held
        if held:
            yield Piece("text", held)
        held, after_display = "", piece.kind == "display"
        yield piece
    if held:
        yield Piece("text", held)
