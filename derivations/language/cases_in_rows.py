r"""Cases on one row: ``y = a if c, b if d``, ``y = {a, c; b, d}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language import case_words
from truestep.derivations.language.latex.groups import Token, tree
from truestep.derivations.language.reading.rowtext import EQUALITIES, ORDERS
from truestep.derivations.language.reading.stated_conditions import relations

if TYPE_CHECKING:
    from truestep.derivations.language.faults import Span
    from truestep.derivations.language.latex.groups import Tree

_Rows = list[tuple[tuple[int, int], tuple[int, int]]]


def as_cases(tokens: Tree) -> Tree:
    """``y = a if c, b if d`` and ``y = {a, c; b, d}`` as values with their conditions in an environment."""
    rows = _listed(tokens) or _said(tokens)
    if len(rows) < 2:
        return tokens
    first, edge = rows[0][0][0], (tokens[rows[0][0][0]].start, tokens[-1].end)
    out = [*tokens[: first - (tokens[first - 1].text in ("{", r"\{"))], *_environment(r"\begin", edge)]
    for value, condition in rows:
        out += [*tokens[slice(*value)], Token("mark", "&", *edge), *tokens[slice(*condition)]]
        out.append(Token("command", "\\\\", *edge))
    return tree([*out[:-1], *_environment(r"\end", edge)])


def _environment(word: str, edge: Span) -> list[Token]:
    letters = [Token("letter", letter, *edge) for letter in "cases"]
    return [Token("command", word, *edge), Token("open", "{", *edge), *letters, Token("close", "}", *edge)]


def _begin(tokens: Tree, end: int) -> int:
    """Where the side begins that ends at a place; 0 where no relation stands before it."""
    return next((k + 1 for k in relations(tokens, 0, end)[::-1] if tokens[k].text in EQUALITIES), 0)


def _listed(tokens: Tree) -> _Rows:
    """The rows of a list in braces: between semicolons, each parted by its last comma."""
    last = len(tokens) - 1
    begin = _begin(tokens, last) if tokens and tokens[last].text in ("}", r"\}") else 0
    if not begin or tokens[begin].text not in ("{", r"\{") or tokens.partner[begin] != last:
        return []
    rows: _Rows = []
    start = begin + 1
    for stop in (*(k for k in tokens.top(start, last) if tokens[k].text == ";"), last):
        comma = next((k for k in [*tokens.top(start, stop)][::-1] if tokens[k].text == ","), 0)
        if not comma or not (relations(tokens, comma + 1, stop) or tokens[comma + 1].kind == "text"):
            return []
        rows.append(((start, comma), (comma + 1, stop)))
        start = stop + 1
    return rows


def _said(tokens: Tree) -> _Rows:
    """The rows of values with words before their conditions; "otherwise" stands behind the last value or before it."""
    if "text" not in tokens.kinds:
        return []
    words = [k for k in tokens.top(0, len(tokens)) if tokens[k].kind == "text"]
    opening = [k for k in words if case_words.ends_with(tokens[k].text, "if") or _is_for_some(tokens, k)]
    rest = words[-1] if words and case_words.has(tokens[words[-1]].text, "rest") and words[-1] not in opening else 0
    is_before = bool(rest) and any(one.kind not in ("mark", "space") for one in tokens[rest + 1 :])
    ends = [*opening, rest] if rest else opening
    begin = _begin(tokens, ends[0]) if len(ends) > 1 else 0
    if not begin:
        return []
    rows: _Rows = []
    for place, following in zip(ends, [*ends[1:], len(tokens)], strict=True):
        if place == rest:
            rows.append(((place + 1, len(tokens)) if is_before else (begin, place), (place, place + 1)))
            break
        is_last = following == len(tokens) or (is_before and following == rest)
        cut = following if is_last else _cut(tokens, place + 1, following)
        if not begin < place < cut or (not is_last and cut + 1 >= following):
            return []
        rows.append(((begin, place), (place + 1, cut - (tokens[cut - 1].text in (",", ";")))))
        begin = cut + 1
    return rows


def _is_for_some(tokens: Tree, place: int) -> bool:
    """Whether a "for" stands there, and an inequality behind it before other words: "a for x > 0"."""
    stop = next((k for k in range(place + 1, len(tokens)) if tokens[k].kind == "text"), len(tokens))
    is_ordered = any(
        tokens[k].text in ORDERS and tokens[k].text not in EQUALITIES for k in relations(tokens, place + 1, stop)
    )
    return is_ordered and case_words.ends_with(tokens[place].text, "for")


def _cut(tokens: Tree, start: int, end: int) -> int:
    """Where a condition ends and the next value begins: at the last comma, "and" or gap with no relation behind it."""
    place = next((k for k in [*tokens.top(start, end)][::-1] if k + 1 < end and _parts(tokens[k])), 0)
    return 0 if not place or relations(tokens, place + 1, end) else place


def _parts(token: Token) -> bool:
    is_and = token.kind == "text" and case_words.is_alone(token.text.strip(" ,"), "and")
    return is_and or token.text in (",", ";") or token.kind == "space"
