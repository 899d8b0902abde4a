r"""Brackets and bars: groups, tuples, conditions in brackets, absolute values and norms."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression, is_number
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.functions import COMMANDS
from truestep.derivations.language.latex.groups import ALONE
from truestep.derivations.language.reading import conditions, operators
from truestep.derivations.language.reading.tokens import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.derivations.language.reading.cursor import Cursor

MOST = 12
UNPAIRED = 100  # what it costs to leave bars without a partner
BARS = ("|", r"\|", r"\Vert", r"\parallel")
DOTS = (r"\dots", r"\ldots", r"\cdots")
_OPENING = ("+", "-", "/", "*", ",", ";", "(", "[", r"\{", "=", "<", ">", "^", "_", "&", r"\\", ":")
_BETWEEN = (r"\cdot", r"\times", r"\odot", r"\circ", r"\otimes", r"\le", r"\ge", r"\neq", r"\right", r"\in", r"\approx")
_OPERATORS = (*_BETWEEN, r"\frac", r"\sum", r"\prod")


class _Bar(NamedTuple):
    """A bar as part of a way to pair them: where it stands, its signs, and whether it opens."""

    place: int
    sign: str
    opens: bool


def bracket(parser: Cursor, listed: bool = False, parted: tuple[str, ...] = (",",)) -> Expression:
    """A bracketed expression, a tuple, or a condition in brackets."""
    start = parser.at
    left = parser.is_next(r"\left")
    if left:
        parser.take()
        if parser.is_next("."):
            parser.fail("\\left. has no visible bracket")
    opening = parser.take()
    if opening.text in ("|", r"\|"):
        return _left_bars(parser, opening.text, start)
    if opening.text == r"\{" and parser.is_next(r"\begin"):
        return _brace_of_cases(parser)
    closer = CLOSERS.get(opening.text)
    if closer is None:
        parser.fail(f"{opening.text!r} is no bracket", (opening.start, opening.end))
    end = find_close(parser, opening.text, closer, left, mended=True)
    inner = parser.inside(parser.at, end)
    parser.at = min(end + 1 + left, parser.end)
    span = parser.span_from(start)
    if opening.text == r"\langle":
        return inner_product(inner, span)
    if opening.text in (r"\lfloor", r"\lceil"):
        return Expression("floor" if "floor" in opening.text else "ceiling", (inner.whole(),), None, span)
    if conditions.has_relation(inner) or _asks(inner):
        return Expression("indicator", (conditions.condition(inner, inner.at, inner.end),), None, span)
    shown = _shown(inner)
    if shown is not None:
        return Expression("typical", (shown,), None, span)
    first = inner.sum()
    if inner.is_next(*parted):
        entries = [first]
        while inner.is_next(*parted):
            inner.take()
            if inner.peek() is None and len(entries) == 1:  # (n,)
                break
            entries.append(Expression("dots", (), None, _taken(inner)) if inner.is_next(r"\dots") else inner.sum())
        if inner.peek() is not None or (opening.text == r"\{" and not listed):
            inner.fail("this list cannot be read")
        if entries[-1].head == "dots":
            inner.fail("these dots leave open how the entries go on", span)
        return Expression("tuple", tuple(entries), opening.text, span)
    if inner.peek() is not None:
        inner.fail(f"{inner.tokens[inner.at].text!r} does not fit here")
    if first.head == "number":
        return Expression(first.head, first.args, first.data, span)
    is_total = opening.text == "[" and first.head == "derivative" and parser.tokens[start + 1 + left].text == "D"
    whole = Expression("group", (first,), None, span)
    return along(parser, whole, start) if is_total else whole


def along(parser: Cursor, slope: Expression, start: int) -> Expression:
    """``D f(x)[h]``, ``[D_x f](h)``: a slope along what stands in the bracket behind it; the slope if none does."""
    if not parser.is_next("(", "["):
        return slope
    return Expression("inner", (slope, parser.factor()), None, parser.span_from(start))


def _shown(inner: Cursor) -> Expression | None:
    r"""The entry between the dots of ``[\dots x_i \dots]``; None where nothing of the kind is."""
    places = [k for k in range(inner.at, inner.end) if inner.tokens[k].text not in (",", r"\dots")]
    if not places or inner.at in places or inner.end - 1 in places or not inner.is_next(r"\dots"):
        return None
    return inner.inside(places[0], places[-1] + 1).whole()


def _taken(parser: Cursor) -> tuple[int, int]:
    token = parser.take()
    return (token.start, token.end)


def _left_bars(parser: Cursor, opening: str, start: int) -> Expression:
    r"""``\left| x \right|`` and ``\left\| x \right\|``."""
    end = find_close(parser, opening, opening, left=True)
    inner = parser.inside(parser.at, end).whole()
    parser.at = end + 2
    if opening == "|":
        return Expression("abs", (inner,), None, parser.span_from(start))
    return normed(parser, inner, start)


def _asks(inner: Cursor) -> bool:
    return inner.end > inner.at and inner.tokens[inner.end - 1].text == "?"


def _brace_of_cases(parser: Cursor) -> Expression:
    r"""``\left\{ \begin{array}{ll} ... \end{array} \right.``"""
    node = operators.environment(parser, as_cases=True)
    if parser.is_next(r"\right"):
        parser.take()
        parser.take()
    return node


def find_close(parser: Cursor, opening: str, closer: str, left: bool, mended: bool = False) -> int:
    r"""The place of the closing bracket (of its ``\right`` where the opening one has ``\left``)."""
    tokens, start = parser.tokens, parser.at - 1
    token = tokens[start]
    if left:
        fence = next(place for place in range(start, -1, -1) if tokens[place].text == r"\left")
        stop = tokens.fences[fence]
        if ALONE < stop < parser.end and (stop + 1 == parser.end or tokens[stop + 1].text not in (closer, *_CLOSING)):
            parser.fail("this bracket is closed by no bracket", (token.start, token.end))
    else:
        stop = tokens.printed[start]
        stop = stop if stop == ALONE or tokens[stop].text == closer else ALONE
    if not ALONE < stop < parser.end:
        if mended and parser.takes("open-bracket", start):
            return parser.end
        parser.fail(f"the bracket {opening} is not closed", (token.start, token.end))
    return stop


def inner_product(inner: Cursor, span: tuple[int, int]) -> Expression:
    r"""``\langle a, b \rangle``, a list of more than two entries, or angle brackets used as brackets."""
    first = inner.sum()
    if not inner.is_next(","):
        if inner.peek() is not None:
            inner.fail("this does not fit between angle brackets")
        return Expression("group", (first,), None, span)
    entries = [first]
    while inner.is_next(","):
        inner.take()
        entries.append(inner.sum())
    if inner.peek() is not None:
        inner.fail("this does not fit between angle brackets")
    if len(entries) == 2:
        return Expression("inner", tuple(entries), None, span)
    return Expression("tuple", tuple(entries), r"\langle", span)


_CLOSING = (")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil")
CLOSERS = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}


def bars(parser: Cursor) -> Expression:
    r"""``|x|``, ``\|x\|_2``, ``||x||^2``."""
    start = parser.at
    parser.take()
    first, last = _pair(parser, start)
    inner = parser.inside(start + _width(first), last.place).whole()
    parser.at = last.place + _width(last)
    if first.sign == "|":
        return Expression("abs", (inner,), None, parser.span_from(start))
    return normed(parser, inner, start)


def normed(parser: Cursor, inner: Expression, start: int) -> Expression:
    """The norm that the subscript names, if there is one."""
    kind, exponent = "", tuple[Expression, ...]()
    if parser.is_next("_"):
        parser.take()
        low, high = parser.argument("_")
        kind = canonical(parser.tokens[low:high]).strip("{}")
        kind = {r"\infty": "inf", r"\text{F}": "F", r"\mathrm{F}": "F"}.get(kind, kind)
        if kind not in ("1", "2", "F", "*", "inf"):
            kind, exponent = "p", (parser.inside(low, high).whole(),)
    return Expression("norm", (inner, *exponent), kind, parser.span_from(start))


def _width(bar: _Bar) -> int:
    return len(bar.sign) if bar.sign != r"\|" else 1


def _pair(parser: Cursor, start: int) -> tuple[_Bar, _Bar]:
    """The bar at a place and its partner, in the way that leaves the fewest factors side by side."""
    places = [
        k
        for k in parser.tokens.top(start, parser.end)
        if parser.tokens[k].text in ("|", r"\|")
        and parser.tokens[k].kind != "text"
        and parser.tokens[k - 1].text not in (r"\left", r"\right", r"\middle")
    ][:MOST]
    ways = list(_ways(parser, places, 0, ()))
    least = min((cost for cost, _ in ways), default=0)
    cheapest = [way for cost, way in ways if cost == least]
    if all(bar.sign != "|" for way in cheapest for bar in way):  # a norm is seldom a factor within a norm
        shallow = min(map(_nested, cheapest), default=0)
        cheapest = [way for way in cheapest if _nested(way) == shallow]
    found = {_partner(way) for way in cheapest}
    if not found:
        parser.fail("this bar is not closed")
    if len(found) > 1:
        parser.fail("these bars can be paired in two ways: write \\left| and \\right|")
    return found.pop()


def _nested(way: tuple[_Bar, ...]) -> int:
    """How many pairs stand within another."""
    opened = itertools.accumulate(1 if bar.opens else -1 for bar in way)
    return sum(depth > 1 for bar, depth in zip(way, opened, strict=True) if bar.opens)


def _partner(way: tuple[_Bar, ...]) -> tuple[_Bar, _Bar]:
    depth = 0
    for bar in way:
        depth += 1 if bar.opens else -1
        if not depth:
            return way[0], bar
    raise AssertionError(way)


def _ways(
    parser: Cursor, places: list[int], at: int, before: tuple[_Bar, ...]
) -> Iterator[tuple[int, tuple[_Bar, ...]]]:
    """All ways to pair the bars from one on, each with what it costs."""
    open_bars: list[_Bar] = []
    for bar in before:
        if bar.opens:
            open_bars.append(bar)
        else:
            open_bars.pop()
    if before and not open_bars:
        yield UNPAIRED * (at < len(places)), before
    if at == len(places):
        return
    place = places[at]
    sign = parser.tokens[place].text
    twice = sign == "|" and at + 1 < len(places) and places[at + 1] == place + 1
    for text in ("||", "|") if twice else (sign,):
        after = place + (len(text) if text != r"\|" else 1)
        is_value = _ends_value(parser, place, before)
        costs = _begins_value(parser, after, places)
        if open_bars and open_bars[-1].sign == text and is_value:
            for cost, way in _ways(parser, places, at + 1 + (text == "||"), (*before, _Bar(place, text, opens=False))):
                yield cost + costs, way
        if after < parser.end and (costs or parser.tokens[after].text in ("+", "-", "|", r"\|")):
            split = text == "|" and twice
            for cost, way in _ways(parser, places, at + 1 + (text == "||"), (*before, _Bar(place, text, opens=True))):
                yield cost + is_value + split, way


def _ends_value(parser: Cursor, place: int, before: tuple[_Bar, ...]) -> bool:
    """Whether a value ends before a bar."""
    if not before:
        return False
    if before[-1].place + _width(before[-1]) == place:
        return not before[-1].opens
    token = parser.tokens[place - 1]
    return token.kind in ("text", "unit") or not (token.text in (*_OPENING, *_OPERATORS) or token.text in COMMANDS)


def _begins_value(parser: Cursor, place: int, places: list[int]) -> bool:
    """Whether a value begins behind a bar, other than with a bar."""
    if place >= parser.end or place in places:
        return False
    token = parser.tokens[place]
    if token.kind == "mark":
        return token.text in ("(", "[", r"\{")
    return token.kind not in ("close", "space") and token.text not in _BETWEEN


def pass_dependency(parser: Cursor, name: str, is_entry: bool = False) -> list[Expression]:
    r"""Passes over the remark of what a quantity depends on, as in ``J(z)`` and ``L(\hat y, y)``.

    Behind an entry, or a gap, a bracket with scripts of its own is a factor: ``\hat{y}_w (v_c)_j``, ``dL/dz (v_c)_j``.
    What is starred is a point, and an unknown name where the row has a quantity, too: each quantity there and its
    value, in turn, are given back.
    """
    start = parser.at
    if not parser.is_next("(", r"\left"):
        parser.at = start  # braces that were passed may bear a script: {}^t
        return []
    points = list[Expression]()
    notation = parser.notation
    left = parser.is_next(r"\left")
    if left:
        parser.take()
    if not parser.is_next("("):
        parser.at = start
        return []
    parser.take()
    count = 0
    try:
        end = find_close(parser, "(", ")", left)
        inner = parser.inside(parser.at, end)
        while True:
            if inner.is_next(*DOTS):  # J(x_1, \dots, x_n, w)
                inner.take()
                inner.take()
            node = inner.factor()
            count += 1
            if count == 1 and is_letter(node) and inner.peek() is None and is_below_nabla(parser, start):
                raise LookupError
            if node.head == "unknown" and notation.declared(base := str(node.data).removesuffix("^*")) is not None:
                points += [Expression("symbol", (), base, node.span), node]
            elif node.head == "unknown" and inner.peek() is None and count == 1:
                points += [replace(one, span=node.span) for one in own_argument(parser, start)]
                points += [node] if points else []
            is_listed = (
                node.head == "power" and node.args[0].head == "symbol" and (count > 1 or inner.is_next(",", ";"))
            )
            heads = ("symbol", "member", "entry", "unknown", "size", "call")
            if not (node.head in heads or is_listed) or node.data == name:  # \ell(\mu, \sigma^2)
                raise LookupError
            if not inner.is_next(",", ";", *BARS):
                break
            inner.take()
        following = parser.tokens[end + 1 + left].text if end + 1 + left < parser.end else ""
        is_apart = start > 0 and parser.tokens[start - 1].end < parser.tokens[start].start
        if (is_entry or is_apart) and following in ("_", "^"):
            raise LookupError
        if inner.peek() is not None or not (name in notation.depends or name in notation.defined or count > 1):
            raise LookupError
    except (LookupError, ReadingFault):
        parser.at = start
        return []
    parser.at = end + 1 + left
    return points


def own_argument(parser: Cursor, start: int) -> list[Expression]:
    """The quantity that stands elsewhere in the row where an unknown name does here: x in ``f(x) = f(u) + ...``."""
    name, tokens = parser.tokens[start - 1].text, parser.tokens
    for place in range(len(tokens) - 3):
        close = tokens.partner[place + 1] if [one.text for one in tokens[place : place + 2]] == [name, "("] else 0
        if place != start - 1 and close > place + 2:
            inner = parser.inside(place + 2, close)
            found = inner.factor()
            if inner.peek() is None and found.head == "symbol":
                return [found]
    return []


def is_below_nabla(parser: Cursor, start: int) -> bool:
    r"""Whether a name that ends here has primes, or a nabla before it: ``f'``, ``\nabla f``, ``\nabla^2_x f``."""
    tokens, place = parser.tokens, start - 2
    while tokens[place].kind == "close" or (place > 0 and tokens[place - 1].text in ("_", "^")):
        place = tokens.partner[place] - 2 if tokens[place].kind == "close" else place - 2
    return tokens[start - 1].text in ("'", r"\prime") or (place >= 0 and tokens[place].text == r"\nabla")


def is_letter(node: Expression) -> bool:
    """Whether nobody declared what a name stands for, so that it may be a point: p, x_0 of a number x or an array."""
    if node.head == "entry" and node.args[0].head == "symbol":
        return is_number(*node.args[1:]) and node.args[-1].data == (0, None)
    is_name = node.head == "unknown" and all(one.head == "number" for one in node.args)
    return is_name and not str(node.data).endswith("^*")
