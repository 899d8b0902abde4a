r"""Conditions: ``i = j``, ``k \neq i``, ``z > 0``, in words, under a sum, in cases and indicators."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.expression import NONE, Expression
from derivations.reading.tokens import canonical

if TYPE_CHECKING:
    from derivations.reading.parser import Parser
    from derivations.reading.tokens import Token

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
Range = tuple[int, int]
_OTHERWISE = re.compile(r"^\W*(otherwise|else|sonst|o\.?w\.?)\W*$", re.IGNORECASE)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


_OPENING = {
    **dict.fromkeys((r"\{", "(", "[", r"\begin", r"\langle"), 1),
    **dict.fromkeys((r"\}", ")", "]", r"\end", r"\rangle"), -1),
}
_GROUP = {"open": 1, "close": -1}


def nesting(token: Token) -> int:
    """How a token changes the depth of brackets, groups and environments."""
    return _OPENING.get(token.text, 0) + _GROUP.get(token.kind, 0)


def has_relation(parser: Parser) -> bool:
    """Whether a comparison stands in the range, outside inner brackets."""
    depth = 0
    for token in parser.tokens[parser.at : parser.end]:
        depth += nesting(token)
        if depth <= 0 and token.kind in ("mark", "command") and token.text in COMPARISONS:
            return True
    return False


def condition(parser: Parser, low: int, high: int) -> Expression:
    """A condition that fills a range; words such as "if" are passed over."""
    tokens = parser.tokens
    while high - 1 > low and (tokens[high - 1].text in (",", ".", ";", ":") or tokens[high - 1].kind == "space"):
        high -= 1
    parts: list[tuple[str, int, int]] = []
    begin, joint, depth, within = low, "and", 0, 0
    for place in range(low, high):
        token = tokens[place]
        depth += nesting(token)
        within += _OPENING.get(token.text, 0)
        split = _joint(token) or ("and" if token.text == "," and depth == 0 else "")
        if within > 0:
            continue
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
    if _OR.search(word) or token.text in (r"\lor", r"\vee"):
        return "or"
    return "and" if _AND.search(word) or token.text in (r"\land", r"\wedge") else ""


def simple(parser: Parser, low: int, high: int) -> Expression:
    """One comparison, or "otherwise"."""
    tokens = parser.tokens
    words = "".join(token.text for token in tokens[low:high] if token.kind == "text").strip()
    rest = [place for place in range(low, high) if tokens[place].kind not in ("text", "space")]
    letters = "".join(tokens[place].text for place in rest)
    if _OTHERWISE.match(words or letters):
        return Expression("otherwise", (), None, (tokens[low].start, tokens[high - 1].end))
    if not rest:
        parser.fail("a condition is missing here")
    low, high = _without_if(parser, rest[0], rest[-1] + 1)
    while high - 1 > low and tokens[high - 1].text in ("?", ".", ",", ";"):
        high -= 1
    if _is_bracketed(tokens, low, high) and has_relation(parser.inside(low + 1, high - 1)):
        return condition(parser, low + 1, high - 1)
    return comparison(parser, low, high)


def _is_bracketed(tokens: list[Token], low: int, high: int) -> bool:
    """Whether one pair of round brackets encloses the whole range."""
    if tokens[low].text != "(" or tokens[high - 1].text != ")":
        return False
    depths = itertools.accumulate(nesting(token) for token in tokens[low : high - 1])
    return all(depth > 0 for depth in depths)


def _without_if(parser: Parser, low: int, high: int) -> tuple[int, int]:
    """Passes over "if", "for", "when" written as plain letters."""
    for word in ("if", "for", "when"):
        if "".join(token.text for token in parser.tokens[low : low + len(word)] if token.kind == "letter") == word:
            return low + len(word), high
    return low, high


def comparison(parser: Parser, low: int, high: int) -> Expression:
    """``a < b``, ``a < b < c``, ``i == j``, ``x \\in [a, b]``."""
    tokens = parser.tokens
    places, depth = list[int](), 0
    for place in range(low, high):
        token = tokens[place]
        depth += nesting(token)
        if depth == 0 and token.kind in ("mark", "command") and token.text in COMPARISONS:
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


def side(parser: Parser, start: int, end: int) -> Expression:
    """One side of a comparison; a letter that is no quantity is an index."""
    text = canonical(parser.tokens[start:end])
    notation = parser.notation
    known = notation.names.get((text, None, None))
    if known is None and (
        text in notation.indices
        or text in parser.bound
        or (len(text) == 1 and text.isalpha() and text not in notation.sizes and text not in CONSTANTS)
    ):
        span = (parser.tokens[start].start, parser.tokens[end - 1].end)
        return Expression("index", (), text, span)
    return parser.inside(start, end).whole()


def _set(parser: Parser, start: int, end: int) -> Expression:
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


Limits = tuple[tuple[str, ...], Expression, Expression, Expression]


def lower_limit(parser: Parser, low: int, high: int, whole_sets: bool = False) -> Limits:
    r"""What stands under a sum: the bound indices, the lower and the upper limit, and the condition.

    A set that is named only is the whole range, unless ``whole_sets`` asks for one that says so.
    """
    tokens = parser.tokens
    if tokens[low].text == r"\substack":
        low, high = low + 2, high - 1
    names: list[str] = []
    lower, upper = NONE, NONE
    conditions: list[Expression] = []
    parts = _split(parser, low, high)
    while parts:
        start, end = parts.pop(0)
        texts = [token.text for token in tokens[start:end]]
        relation = next((k for k, text in enumerate(texts) if text in COMPARISONS), None)
        if relation is None:
            names += _letters(parser, start, end)
            continue
        between = _between(texts)
        if between is not None:  # 1 \le i \le n
            names.append(canonical(tokens[start + relation + 1 : start + between]))
            lower = _limit(parser, start, start + relation, ())
            upper = _limit(parser, start + between + 1, end, tuple(names))
            continue
        name = canonical(tokens[start : start + relation])
        if name not in names and (texts[relation] == "=" or not (names and name in parser.notation.indices)):
            names.append(name)
        inner = parser.inside(start, end, *names)
        if texts[relation] == "=":
            lower = _limit(parser, start + relation + 1, end, tuple(names))
            if len(parts) > 1 and tokens[parts[0][0]].text == r"\dots":  # i = 1, \dots, n
                upper = _limit(parser, *parts[1], tuple(names))
                del parts[:2]
        elif texts[relation] != r"\in":
            conditions.append(comparison(inner, start, end))
        else:
            ends = _counted(tokens, start + relation + 1, end)
            if ends is not None:
                one = Expression("number", (), (Fraction(1), None), inner.span_from(start))
                lower, upper = (one if part is None else _limit(parser, *part, ()) for part in ends)
            elif whole_sets or tokens[start + relation + 1].text == r"\{":
                conditions.append(comparison(inner, start, end))
    result: Expression = NONE
    for node in conditions:
        result = node if result is NONE else Expression("and", (result, node), None, node.span)
    return tuple(names), lower, upper, result


def _between(texts: list[str]) -> int | None:
    r"""Where the second sign of ``1 \le i \le n`` stands."""
    places = [k for k, text in enumerate(texts) if text in COMPARISONS]
    if [texts[k] for k in places] != [r"\le", r"\le"] or not "".join(texts[: places[0]]).isdigit():
        return None
    return places[1]


def _counted(tokens: list[Token], start: int, end: int) -> tuple[Range | None, Range] | None:
    r"""The first and the last of ``\{1, \dots, n\}`` and of ``[n]``."""
    commas = [k for k in range(start, end) if tokens[k].text == ","]
    brackets = tokens[start].text + tokens[end - 1].text
    if brackets == "[]" and not commas and end > start + 2:
        return None, (start + 1, end - 1)
    if brackets != r"\{\}" or len(commas) not in (2, 3) or canonical(tokens[commas[-2] + 1 : commas[-1]]) != r"\dots":
        return None
    first, second = (canonical(tokens[a + 1 : b]) for a, b in ((start, commas[0]), (commas[0], commas[1])))
    if len(commas) == 3 and (not (first + second).isdigit() or int(second) != int(first) + 1):
        return None
    return (start + 1, commas[0]), (commas[-1] + 1, end - 1)


def _limit(parser: Parser, start: int, end: int, names: tuple[str, ...]) -> Expression:
    if start >= end:
        parser.fail("the lower limit is missing")
    return parser.inside(start, end, *names).whole()


def _letters(parser: Parser, start: int, end: int) -> list[str]:
    """Indices written side by side under a sum: ``i, j`` or ``ij``."""
    found: list[str] = []
    for token in parser.tokens[start:end]:
        if token.text == "'" and found:
            found[-1] += "'"
        elif token.kind in ("letter", "command"):
            found.append(token.text)
        elif token.kind not in ("open", "close", "space"):
            parser.fail("this is no index", (token.start, token.end))
    if not found:
        parser.fail("the index of this sum is missing")
    return found


def _split(parser: Parser, low: int, high: int) -> list[tuple[int, int]]:
    r"""The parts under a sum, at commas, colons and ``\\``."""
    parts, begin, depth = [], low, 0
    for place in range(low, high):
        token = parser.tokens[place]
        depth += {r"\{": 1, r"\}": -1, "(": 1, ")": -1}.get(token.text, 0) + {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0 and token.text in (",", ":", "|", r"\\", ";") and token.kind in ("mark", "command"):
            parts.append((begin, place))
            begin = place + 1
    parts.append((begin, high))
    return [(start, end) for start, end in parts if start < end]


def split_at_if(parser: Parser, low: int, high: int) -> list[tuple[int, int]]:
    """A row of cases without ``&``: split where the words or a wide space begin the condition."""
    for place in range(low + 1, high):
        token = parser.tokens[place]
        if token.kind == "space" or (
            token.kind == "text" and re.search(r"\b(if|for|when|otherwise|else)\b", token.text)
        ):
            return [(low, place), (place, high)]
    return [(low, high)]


def without_comma(parser: Parser, low: int, high: int) -> tuple[int, int]:
    """A value without the comma behind it."""
    while high - 1 > low and (parser.tokens[high - 1].text in (",", ";") or parser.tokens[high - 1].kind == "space"):
        high -= 1
    return low, high
