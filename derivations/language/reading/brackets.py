r"""Brackets: groups, tuples, conditions in brackets, bars with ``\left``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.latex.groups import ALONE
from truestep.derivations.language.reading import bars, conditions, operators

if TYPE_CHECKING:
    from truestep.derivations.language.reading.cursor import Cursor


def bracket(parser: Cursor, listed: bool = False) -> Expression:
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
    end = find_close(parser, opening.text, closer, left)
    inner = parser.inside(parser.at, end)
    parser.at = end + 1 + left
    span = parser.span_from(start)
    if opening.text == r"\langle":
        return inner_product(inner, span)
    if opening.text in (r"\lfloor", r"\lceil"):
        return Expression("floor" if "floor" in opening.text else "ceiling", (inner.whole(),), None, span)
    if conditions.has_relation(inner) or _asks(inner):
        return Expression("indicator", (conditions.condition(inner, inner.at, inner.end),), None, span)
    first = inner.sum()
    if inner.is_next(","):
        entries = [first]
        while inner.is_next(","):
            inner.take()
            if inner.peek() is None and len(entries) == 1:  # (n,)
                break
            entries.append(Expression("dots", (), None, _taken(inner)) if inner.is_next(r"\dots") else inner.sum())
        if inner.peek() is not None or (opening.text == r"\{" and not listed):
            inner.fail("this list cannot be read")
        if any(entry.head == "dots" for entry in entries):
            if entries[-1].head == "dots":
                inner.fail("these dots leave open how the entries go on", span)
            return Expression("pattern", (entries[0], entries[-1]), (1, 2), span)
        return Expression("tuple", tuple(entries), opening.text, span)
    if inner.peek() is not None:
        inner.fail(f"{inner.tokens[inner.at].text!r} does not fit here")
    return (
        Expression(first.head, first.args, first.data, span)
        if first.head == "number"
        else Expression("group", (first,), None, span)
    )


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
    return Expression("norm", (inner,), bars.norm_kind(parser), parser.span_from(start))


def _asks(inner: Cursor) -> bool:
    return inner.end > inner.at and inner.tokens[inner.end - 1].text == "?"


def _brace_of_cases(parser: Cursor) -> Expression:
    r"""``\left\{ \begin{array}{ll} ... \end{array} \right.``"""
    node = operators.environment(parser, as_cases=True)
    if parser.is_next(r"\right"):
        parser.take()
        parser.take()
    return node


def find_close(parser: Cursor, opening: str, closer: str, left: bool) -> int:
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
