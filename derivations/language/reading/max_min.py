r"""The largest and the smallest over an index: ``\max_i x_i``, ``\min_{j \neq k} z_j``, ``\arg\max_i x_i``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE, Expression, add, free_indices, joined
from truestep.derivations.language.faults import ReadingFault
from truestep.derivations.language.reading import limits, operators

if TYPE_CHECKING:
    from truestep.derivations.language.reading.cursor import Cursor

Range = tuple[int, int]
EXTREMES = frozenset(("max", "min", "argmax", "argmin"))


def extreme(parser: Cursor, head: str, below: Range, above: Range | None, start: int) -> Expression:
    """The extreme of what follows over the indices below the sign."""
    stated = limits.under(parser, *below, whole_sets=True)
    names, high = tuple(stated.names), stated.upper
    if above is not None:
        high = parser.inside(*above).whole()
    span = parser.span_from(start)
    if above is not None and stated.lower is NONE:
        parser.fail("a superscript without a lower limit is not read here", span)
    known = [parser.notation.names.get((name, None, None)) for name in names]
    if any(name is not None and name.declared.kind != "index" for name in known):
        parser.fail("an extreme over a quantity is not read here, only one over an index", span)
    inner = parser.inside(parser.at, parser.end, *names)
    body = _body(inner, names)
    parser.at = inner.at
    if body.head == "tuple":
        parser.fail(f"a list behind this {head} is not read here", body.span)
    if not free_indices(body) >= set(names):
        parser.fail(f"what stands behind this {head} does not vary with {' and '.join(names)}", span)
    return Expression(head, (body, stated.lower, high, stated.condition), names, parser.span_from(start))


def _body(parser: Cursor, names: tuple[str, ...]) -> Expression:
    """The product behind the sign, and further terms as a sum would take them."""
    start = parser.at
    terms = [_signed(parser, names)]
    while parser.is_next("+", "-") and parser.reaches(names, start):
        minus = parser.take().text == "-"
        term = _product(parser, names)
        terms.append(Expression("negative", (term,), None, term.span) if minus else term)
    return add(*terms)


def _signed(parser: Cursor, names: tuple[str, ...]) -> Expression:
    start = parser.at
    minus = parser.is_next("-", "+") and parser.take().text == "-"
    term = _product(parser, names)
    return Expression("negative", (term,), None, parser.span_from(start)) if minus else term


def _product(parser: Cursor, names: tuple[str, ...]) -> Expression:
    r"""Factors side by side up to the last that varies with an index; behind ``\cdot`` and the like only such a one.

    Raises ReadingFault where a factor follows without a sign that may belong to it or not: ``\max_i x_i y``.
    """
    factors, signs, loose = [_factor(parser)], [""], 0
    seen = not free_indices(factors[0]).isdisjoint(names)
    bracketed = seen and factors[0].head == "group"
    while (token := parser.peek()) is not None:
        sign = parser.sign_next()
        if sign and seen and not _varies_behind(parser, names):
            break
        if sign:
            parser.take()
        elif not parser.starts_factor(token) or (bracketed and not _varies(parser, names)):
            break
        factors.append(_factor(parser, signed=bool(sign)))
        signs.append(sign)
        varies = not free_indices(factors[-1]).isdisjoint(names)
        seen, loose = seen or varies, 0 if varies or not seen else loose + 1
    if loose:
        parser.fail(
            "brackets must say whether this factor belongs to the extreme before it",
            (factors[-loose].span[0], factors[-1].span[1]),
        )
    if parser.is_next("/") and _varies_behind(parser, names):
        parser.take()
        below = _factor(parser, signed=True)
        above = _joined(factors, signs)
        return Expression("quotient", (above, below), "slash", joined(above, below))
    return _joined(factors, signs)


def _factor(parser: Cursor, signed: bool = False) -> Expression:
    """A factor, or a derivative operator with what it acts on."""
    operator = operators.derivative_operator(parser)
    if operator is None or not parser.has_operand():
        return parser.signed_factor() if signed else parser.factor()
    body = operators.operand(parser, operator.args)
    return Expression("derivative", (body, *operator.args), "operator", joined(operator, body))


def _joined(factors: list[Expression], signs: list[str]) -> Expression:
    return factors[0] if len(factors) == 1 else Expression("product", tuple(factors), tuple(signs), joined(*factors))


def _varies_behind(parser: Cursor, names: tuple[str, ...]) -> bool:
    """Whether what follows the next sign varies with an index."""
    start = parser.at
    parser.take()
    found = _varies(parser, names)
    parser.at = start
    return found


def _varies(parser: Cursor, names: tuple[str, ...]) -> bool:
    """Whether the next factor varies with an index; an extreme inside it takes no more than it must."""
    if parser.is_ahead:
        return False
    ahead = parser.looking()
    ahead.is_ahead = True
    try:
        return not free_indices(_factor(ahead, signed=True)).isdisjoint(names)
    except ReadingFault:
        return False
