r"""Conditions: ``i = j``, ``k \neq i``, ``z > 0``, in words, under a sum, in cases and indicators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language import case_words
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Container

    from truestep.derivations.language.latex.groups import Token, Tree
    from truestep.derivations.language.reading.cursor import Cursor

COMPARISONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    r"\le": "<=",
    r"\ge": ">=",
    r"\neq": "!=",
    r"\in": "in",
    r"\notin": "not in",
    r"\equiv": "=",
}
CONSTANTS = ("e", "I")
_OPPOSITE = {"=": "!=", "<": ">=", ">": "<=", "in": "not in"}
_OPPOSITE |= {opposite: relation for relation, opposite in _OPPOSITE.items()}


def has_relation(parser: Cursor) -> bool:
    """Whether a comparison stands in the range, outside inner brackets."""
    tops = (parser.tokens[place] for place in parser.tokens.top(parser.at, parser.end))
    return any(token.kind in ("mark", "command") and token.text in COMPARISONS for token in tops)


def condition(parser: Cursor, low: int, high: int) -> Expression:
    """A condition that fills a range; words such as "if" are passed over."""
    tokens = parser.tokens
    while high - 1 > low and (tokens[high - 1].text in (",", ".", ";", ":") or tokens[high - 1].kind == "space"):
        high -= 1
    while high - 1 > low and tokens[low].kind == "open" and tokens.partner[low] == high - 1:
        low, high = low + 1, high - 1
    parts: list[tuple[str, int, int]] = []
    begin, joint = low, "and"
    for place in tokens.top(low, high):
        token = tokens[place]
        split = _joint(token) or ("and" if token.text == "," else "")
        if split and begin < place:
            parts.append((joint, begin, place))
            begin, joint = place + 1, split
    parts.append((joint, begin, high))
    read = [(joint, simple(parser, start, end)) for joint, start, end in parts]
    result = read[0][1]
    for joint, node in read[1:]:
        result = Expression(joint, (result, node), None, (result.span[0], node.span[1]))
    return result


def _joint(token: Token) -> str:
    """How a token joins two conditions; nothing for one that does not."""
    word = token.text if token.kind == "text" else ""
    if case_words.has(word, "or") or token.text in (r"\lor", r"\vee"):
        return "or"
    return "and" if case_words.has(word, "and") or token.text in (r"\land", r"\wedge") else ""


def simple(parser: Cursor, low: int, high: int) -> Expression:
    """One comparison, "otherwise", or what words say of the two indices."""
    tokens = parser.tokens
    named = [place for place in range(low, high) if tokens[place].kind == "text" and parser.is_name_text(tokens[place])]
    said_at = [place for place in range(low, high) if tokens[place].kind == "text" and place not in named]
    words = "".join(tokens[place].text for place in said_at).strip()
    rest = [place for place in range(low, high) if tokens[place].kind not in ("text", "space") or place in named]
    letters = "".join(tokens[place].text for place in rest)
    told = said(words) if not rest else said(letters) if not words else None
    if told is not None:
        return replace(told, span=(tokens[low].start, tokens[high - 1].end))
    if not rest:
        parser.fail("a condition is missing here")
    low, high = _without_if(parser, rest[0], rest[-1] + 1)
    while high - 1 > low and tokens[high - 1].text in ("?", ".", ",", ";"):
        high -= 1
    if _is_bracketed(tokens, low, high) and has_relation(parser.inside(low + 1, high - 1)):
        return condition(parser, low + 1, high - 1)
    return comparison(parser, low, high)


def said(words: str) -> Expression | None:
    """The condition that words alone say; None where they say none."""
    found = case_words.said_of_indices(words)
    if not found:
        return None
    return Expression("otherwise") if found == "rest" else Expression("indices", (), found)


def negated(node: Expression) -> Expression:
    """The condition that holds where this one does not.

    >>> i, j, k = (Expression("index", (), name) for name in "ijk")
    >>> both = Expression("and", (Expression("relation", (i, j), "="), Expression("relation", (j, k), "<")))
    >>> [negated(both).head, *(arg.data for arg in negated(both).args)]
    ['or', '!=', '>=']
    """
    if node.head == "relation":
        return replace(node, data=_OPPOSITE[node.data])
    return replace(node, head="or" if node.head == "and" else "and", args=tuple(map(negated, node.args)))


def _is_bracketed(tokens: Tree, low: int, high: int) -> bool:
    """Whether one pair of round brackets encloses the whole range."""
    if tokens[low].text != "(" or tokens[high - 1].text != ")":
        return False
    return tokens.partner[low] == high - 1


def _without_if(parser: Cursor, low: int, high: int) -> tuple[int, int]:
    """Passes over "if", "for", "when" written as plain letters."""
    for word in ("if", "for", "when"):
        if "".join(token.text for token in parser.tokens[low : low + len(word)] if token.kind == "letter") == word:
            return low + len(word), high
    return low, high


def comparison(parser: Cursor, low: int, high: int) -> Expression:
    """``a < b``, ``a < b < c``, ``i == j``, ``x \\in [a, b]``."""
    tokens = parser.tokens
    places = list[int]()
    for place in tokens.top(low, high):
        token = tokens[place]
        if token.kind in ("mark", "command") and token.text in COMPARISONS:
            if places and place == places[-1] + 1 and token.text == "=" and tokens[place - 1].text == "=":
                places[-1] = place
            else:
                places.append(place)
    if not places:
        parser.fail("this is no condition", (tokens[low].start, tokens[max(low, high - 1)].end))
    starts = [low, *(place + 1 for place in places)]
    ends = [place - (tokens[place - 1].text == "=" and tokens[place].text == "=") for place in places] + [high]
    sides: list[Expression] = []
    for position, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start >= end:
            parser.fail("one side of this condition is missing")
        after = COMPARISONS[tokens[places[position - 1]].text] if position else ""
        sides.append(_set(parser, start, end) if after in ("in", "not in") else side(parser, start, end))
    relations = [
        Expression(
            "relation",
            (sides[k], sides[k + 1]),
            COMPARISONS[tokens[place].text],
            (sides[k].span[0], sides[k + 1].span[1]),
        )
        for k, place in enumerate(places)
    ]
    result = relations[0]
    for other in relations[1:]:
        result = Expression("and", (result, other), None, (result.span[0], other.span[1]))
    return result


def side(parser: Cursor, start: int, end: int) -> Expression:
    """One side of a comparison; a letter that is no quantity is an index."""
    text = canonical(parser.tokens[start:end])
    notation = parser.notation
    known, letter = notation.names.get((text, None, None)), text.rstrip("'")
    if known is None and (
        letter in notation.indices
        or text in parser.bound
        or (len(text) == 1 and text.isalpha() and text not in notation.sizes and text not in CONSTANTS)
    ):
        span = (parser.tokens[start].start, parser.tokens[end - 1].end)
        return Expression("index", (), text, span)
    return parser.inside(start, end).whole()


def _set(parser: Cursor, start: int, end: int) -> Expression:
    r"""The set on the right of ``\in``: an interval, a list, or a name."""
    tokens = parser.tokens
    span = (tokens[start].start, tokens[end - 1].end)
    opening, closing_ = tokens[start].text, tokens[end - 1].text
    if opening in ("(", "[") and closing_ in (")", "]"):
        inner = parser.inside(start + 1, end - 1)
        bounds = [inner.sum()]
        while inner.is_next(","):
            inner.take()
            bounds.append(inner.sum())
        if len(bounds) == 2 and inner.peek() is None:
            return Expression("interval", tuple(bounds), opening + closing_, span)
        parser.fail("this interval cannot be read", span)
    if opening == r"\{" and closing_ == r"\}":
        text = canonical(tokens[start + 1 : end - 1])
        return Expression("listed", (), text, span)
    return Expression("set", (), canonical(tokens[start:end]), span)


def split_at_if(parser: Cursor, low: int, high: int) -> list[tuple[int, int]]:
    """A row of cases without ``&``: split where the words or a wide space begin the condition."""
    for place in range(low + 1, high):
        token = parser.tokens[place]
        if token.kind == "space" or (
            token.kind == "text" and case_words.has(token.text, "if", "for", "rest", "diagonal", "indices")
        ):
            return [(low, place), (place, high)]
    return [(low, high)]


def without_comma(parser: Cursor, low: int, high: int) -> tuple[int, int]:
    """A value without the comma behind it."""
    while high - 1 > low and (parser.tokens[high - 1].text in (",", ";") or parser.tokens[high - 1].kind == "space"):
        high -= 1
    return low, high


def cases(parser: Cursor, rows: list[list[tuple[int, int]]], span: tuple[int, int]) -> Expression:
    """Values with their conditions, a row each."""
    parts: list[Expression] = []
    for row in rows:
        cells = [cell for cell in row if cell[0] < cell[1]]
        if len(cells) == 1:
            cells = split_at_if(parser, *cells[0])
        if len(cells) != 2:
            parser.fail("each row of cases needs a value and its condition", span)
        if _tells_case(parser, *cells[0]) and not _tells_case(parser, *cells[1]):
            cells.reverse()
        if all(token.kind in ("text", "space") for token in parser.tokens[slice(*cells[0])]):
            continue  # "undefined"
        value = parser.inside(*without_comma(parser, *cells[0])).whole()
        parts += [value, _case(parser, *cells[1], parts[1::2], row is rows[-1])]
    if not parts:
        parser.fail("there is no case", span)
    return Expression("cases", tuple(parts), None, span)


def _tells_case(parser: Cursor, low: int, high: int) -> bool:
    """Whether a cell holds a condition, or the word for the rest, and no value."""
    first = parser.tokens[low]
    is_said = first.kind == "text" and case_words.has(first.text, "if", "rest")
    return is_said or has_relation(parser.inside(low, high))


def _case(parser: Cursor, low: int, high: int, before: list[Expression], is_last: bool) -> Expression:
    """The condition of a row of cases: "else if" excludes those before it; the last, if it says none, is the rest."""
    words = " ".join(token.text for token in parser.tokens[low:high] if token.kind == "text")
    try:
        found = condition(parser, low, high)
    except ReadingFault:
        if not (is_last and before) or has_relation(parser.inside(low, high)):
            raise
        return Expression("otherwise", (), None, (parser.tokens[low].start, parser.tokens[high - 1].end))
    if before and found.head in ("relation", "and", "or") and case_words.has(words, "rest"):
        return Expression("and", (*map(negated, before), found), None, found.span)
    return found


def are_subjects(tokens: Tree, parser: Cursor, arrows: Container[str]) -> bool:
    r"""Whether words stand behind expressions, and say something of these: ``f \text{ is convex} \iff ...``."""
    for place in [place for place in tokens.top(0, len(tokens)) if place and tokens[place].kind == "text"]:
        text, after = tokens[place].text.strip(), tokens[place + 1] if place + 1 < len(tokens) else None
        is_end = after is None or after.kind == "space" or after.text in (",", ";", ".", "。") or after.text in arrows
        is_joint = case_words.is_alone(text, "and") or case_words.ends_with(text, "if", "for", "unless", "where")
        if is_end and text[:1].isalpha() and not (is_joint or parser.is_name_text(tokens[place])):
            return True
    return False
