r"""The rules of differentiation gone wrong: what a mistaken rule makes of the line before, compared with the line.

With f, g for the parts and f', g' for their derivatives, the mistaken rules are: for a product f'g, fg', f'g'; for a
quotient f'/g', (f'g + fg') / g^2, (fg' - f'g) / g^2, (f'g - fg') / g.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.card import Candidate, Card, Example
from truestep.checkers.mistakes.families.copied import without_part_of_product_rule
from truestep.checkers.mistakes.places import bracketed, over, places, plain, raised, times
from truestep.derivations.language.expression import Expression, add, negative
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.checkers.mistakes.card import Undo
    from truestep.checkers.mistakes.case import Case

    Rule = Callable[[Expression, Expression], Iterator[Expression]]

MAX_DEPTH = 4
SQUARED = ("add", "power", "symbol", "entry")


def by(top: Expression, bottom: Expression) -> Expression:
    """The partial derivative of one expression by another."""
    return Expression("derivative", (bracketed(top), bottom), "Leibniz", top.span)


def _slipping(rule: Rule) -> Undo:
    """What a mistaken rule makes of the derivatives on the left side or in the line before."""

    def undo(case: Case) -> Iterator[Candidate]:
        sources = [case.left] if case.before is None else [case.left, case.before]
        for source in sources:
            for place in places(source):
                node = place.node
                if node.head == "derivative" and len(node.args) == 2:
                    for wrong in _slips(case, rule, node.args[0], node.args[1], MAX_DEPTH):
                        yield Candidate(place.put(bracketed(wrong)), case.right.span, slip=True)

    return undo


def _slips(case: Case, rule: Rule, top: Expression, bottom: Expression, depth: int) -> Iterator[Expression]:
    """The derivative of an expression with the mistaken rule used once, at the top or further inside."""
    top = plain(top)
    if depth == 0:
        return
    if top.head in ("symbol", "entry"):
        body = case.bodies.get(strip_groups(top))
        if body is not None:
            yield from _slips(case, rule, body, bottom, depth - 1)
        return
    varying = sum(_varies(case, arg, bottom) for arg in top.args)
    if varying > 1 or top.head not in ("product", "quotient") or rule is _square_slips:
        yield from rule(top, bottom)
    if top.head == "negative":
        for wrong in _slips(case, rule, top.args[0], bottom, depth - 1):
            yield negative(bracketed(wrong))
    elif top.head == "add":
        for position, arg in enumerate(top.args):
            rest = [by(other, bottom) for k, other in enumerate(top.args) if k != position]
            for wrong in _slips(case, rule, arg, bottom, depth - 1):
                yield add(bracketed(wrong), *rest)
    elif top.head == "product":
        for position, arg in enumerate(top.args):
            for wrong in _slips(case, rule, arg, bottom, depth - 1):
                factors = (*top.args[:position], bracketed(wrong), *top.args[position + 1 :])
                others = times(*(other for k, other in enumerate(top.args) if k != position))
                yield add(times(*factors), times(bracketed(arg), by(others, bottom)))
    elif top.head == "sum":
        for wrong in _slips(case, rule, top.args[0], bottom, depth - 1):
            yield Expression("sum", (bracketed(wrong), *top.args[1:]), top.data, top.span)


def _varies(case: Case, node: Expression, bottom: Expression) -> bool:
    """Whether an expression may depend on what the derivative is taken by."""
    names = {child for child in bottom.walk() if child.head == "symbol"}
    return any(child in names or child in case.bodies for child in strip_groups(node).walk())


def _parts(node: Expression) -> Iterator[tuple[Expression, Expression]]:
    """A product as two factors, in every way."""
    for cut in range(1, len(node.args)):
        yield times(*node.args[:cut]), times(*node.args[cut:])


def _product_slips(top: Expression, bottom: Expression) -> Iterator[Expression]:
    if top.head == "product":
        for f, g in _parts(top):
            yield times(by(f, bottom), by(g, bottom))
            yield times(by(f, bottom), g)
            yield times(f, by(g, bottom))


def _quotient_parts(top: Expression, bottom: Expression) -> tuple[Expression, ...]:
    f, g = top.args
    return bracketed(f), bracketed(g), by(f, bottom), by(g, bottom)


def _sign_slips(top: Expression, bottom: Expression) -> Iterator[Expression]:
    if top.head == "quotient":
        f, g, df, dg = _quotient_parts(top, bottom)
        yield over(add(times(df, g), times(f, dg)), raised(g, 2))


def _order_slips(top: Expression, bottom: Expression) -> Iterator[Expression]:
    if top.head == "quotient":
        f, g, df, dg = _quotient_parts(top, bottom)
        yield over(add(times(f, dg), negative(times(df, g))), raised(g, 2))


def _square_slips(top: Expression, bottom: Expression) -> Iterator[Expression]:
    if top.head == "quotient":
        f, g, df, dg = _quotient_parts(top, bottom)
        yield over(add(times(df, g), negative(times(f, dg))), g)


def _apart_slips(top: Expression, bottom: Expression) -> Iterator[Expression]:
    if top.head == "quotient":
        _, g, df, dg = _quotient_parts(top, bottom)
        yield over(df, dg)
        yield over(times(df, g), raised(g, 2))


def _has_fraction(case: Case) -> bool:
    """Whether the line has a fraction with a sum above or below, as the quotient rule leaves it."""
    fractions = [place.node for place in case.places if place.node.head == "quotient"]
    return any(plain(arg).head in ("add", "sum", "product") for node in fractions for arg in node.args)


def _square_of_denominator(case: Case) -> Iterator[Candidate]:
    """A quotient with its denominator squared: where its numerator is the difference of the rule."""
    if _has_fraction(case):
        yield from _slipping(_square_slips)(case)
    for place in case.places:
        node = place.node
        heads = [plain(arg).head for arg in node.args]
        if node.head == "quotient" and (heads[1] == "sum" or (heads[0] == "add" and heads[1] in SQUARED)):
            yield Candidate(place.put(over(node.args[0], raised(node.args[1], 2))), node.args[1].span)


def _sign_in_numerator(case: Case) -> Iterator[Candidate]:
    """A quotient over a square with the sign of the second term above changed."""
    if _has_fraction(case):
        yield from _slipping(_sign_slips)(case)
    for place in case.places:
        node = place.node
        above = plain(node.args[0]) if node.head == "quotient" else node
        if node.head == "quotient" and above.head == "add" and len(above.args) == 2 and _is_square(node.args[1]):
            first, second = above.args
            changed = second.args[0] if second.head == "negative" else negative(bracketed(second))
            yield Candidate(place.put(over(add(first, changed), node.args[1])), second.span)


def _order_in_numerator(case: Case) -> Iterator[Candidate]:
    """A quotient over a square with the two terms above exchanged."""
    if _has_fraction(case):
        yield from _slipping(_order_slips)(case)
    for place in case.places:
        node = place.node
        above = plain(node.args[0]) if node.head == "quotient" else node
        if node.head != "quotient" or above.head != "add" or len(above.args) != 2 or not _is_square(node.args[1]):
            continue
        if above.args[1].head == "negative" and plain(above.args[0]).head == "product":
            yield Candidate(place.put(over(negative(bracketed(above)), node.args[1])), above.span)


def _is_square(node: Expression) -> bool:
    inner = plain(node)
    return inner.head == "power" and plain(inner.args[1]).data == (2, None)


PRODUCT = {
    "symbols": {"x": "scalar", "f": "scalar"},
    "given": [r"f = x^2 e^{x}"],
    "find": r"\frac{\partial f}{\partial x}",
}
QUOTIENT = {
    "symbols": {"x": "scalar", "f": "scalar"},
    "given": [r"f = \frac{x^2}{1 + x}"],
    "find": r"\frac{\partial f}{\partial x}",
}

PRODUCT_RULE = Card(
    "product-rule",
    "value",
    "The product rule is not applied in full",
    "One factor only is differentiated, or both at once.",
    "A product of derivatives is the shortest thing to write, and it looks like the rule for sums.",
    "Which terms does the product rule have, one for each factor?",
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x}",)),
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x} + 1",)),
    _slipping(_product_slips),
    without_part_of_product_rule,
)
QUOTIENT_SIGN = Card(
    "quotient-sign",
    "value",
    "The quotient rule has a plus where its minus belongs",
    "The two terms above the fraction line are added.",
    "The numerator of the quotient rule is the product rule but for one sign.",
    "What is the sign between the two terms of the quotient rule, and why?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) + x^2}{(1 + x)^2}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) + x^3}{(1 + x)^2}",)),
    _sign_in_numerator,
)
QUOTIENT_SQUARE = Card(
    "quotient-square",
    "value",
    "The denominator of the quotient rule is not squared",
    "The numerator is right, and the denominator is the old one.",
    "All attention is on the numerator, and the denominator is copied.",
    "What becomes of the denominator in the quotient rule?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) - x^2}{1 + x}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x (1 + x) - x^3}{1 + x}",)),
    _square_of_denominator,
)
QUOTIENT_ORDER = Card(
    "quotient-order",
    "value",
    "The two terms of the quotient rule are exchanged",
    "The difference above the fraction line is taken the wrong way round.",
    "The order does not matter in the product rule, and here it does.",
    "Which of the two is differentiated in the first term of the quotient rule?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{x^2 - 2 x (1 + x)}{(1 + x)^2}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{x^2 - 3 x (1 + x)}{(1 + x)^2}",)),
    _order_in_numerator,
)
QUOTIENT_APART = Card(
    "quotient-apart",
    "value",
    "Numerator and denominator are differentiated apart",
    "The derivative of a quotient is written as a quotient of derivatives, or the denominator counts as constant.",
    "A derivative may be taken term by term in a sum, and the same is tried with a fraction.",
    "Which rule belongs to a fraction whose two parts both depend on the variable?",
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x}{1 + x}",)),
    Example(QUOTIENT, (r"\frac{\partial f}{\partial x} = \frac{2 x}{2 + x}",)),
    _slipping(_apart_slips),
)
QUOTIENTS = (QUOTIENT_SIGN, QUOTIENT_ORDER, QUOTIENT_SQUARE)
PARTS = (QUOTIENT_APART, PRODUCT_RULE)
