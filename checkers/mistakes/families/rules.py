"""The rules of differentiation gone wrong: what a mistaken rule makes of the line before, compared with the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.places import Place, bracketed, places, plain, times
from truestep.checkers.mistakes.slipping import known, site
from truestep.derivations.language.expression import Expression, add, negative
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.card import Undo
    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.patterns import Row


MAX_DEPTH = 4


def by(top: Expression, bottom: Expression) -> Expression:
    """The partial derivative of one expression by another."""
    return Expression("derivative", (bracketed(top), bottom), "Leibniz", top.span)


def slipping(*rules: str) -> Undo:
    """What a mistaken rule makes of the derivatives on the left side or in the line before."""

    def undo(case: Case) -> Iterator[Candidate]:
        slips = [known(text) for text in rules]
        sources = [case.left] if case.before is None else [case.left, case.before]
        for place in (place for source in sources for place in places(source)):
            node = place.node
            if node.head == "derivative" and len(node.args) == 2:
                for wrong in _slips(case, slips, node.args[0], node.args[1], MAX_DEPTH):
                    yield Candidate(place.put(bracketed(wrong)), case.right.span, slip=True)

    return undo


def slipping_in_a_fraction(*rules: str) -> Undo:
    """The same where the line has a fraction with a sum or product in it, as the quotient rule leaves it."""

    def undo(case: Case) -> Iterator[Candidate]:
        fractions = [place.node for place in case.places if place.node.head == "quotient"]
        if any(plain(arg).head in ("add", "sum", "product") for node in fractions for arg in node.args):
            yield from slipping(*rules)(case)

    return undo


def _slips(case: Case, slips: list[Row], top: Expression, bottom: Expression, depth: int) -> Iterator[Expression]:
    """The derivative of an expression with the mistaken rule used once, at the top or further inside."""
    top = plain(top)
    if depth == 0:
        return
    if top.head in ("symbol", "entry"):
        body = case.bodies.get(strip_groups(top))
        if body is not None:
            yield from _slips(case, slips, body, bottom, depth - 1)
        return
    varying = sum(_varies(case, arg, bottom) for arg in top.args)
    if varying > 1 or top.head == "quotient":
        yield from (wrong for slip in slips for wrong, _ in slip.made(by(top, bottom), site(case, Place(top))))
    if top.head == "negative":
        for wrong in _slips(case, slips, top.args[0], bottom, depth - 1):
            yield negative(bracketed(wrong))
    elif top.head == "add":
        for position, arg in enumerate(top.args):
            rest = [by(other, bottom) for k, other in enumerate(top.args) if k != position]
            for wrong in _slips(case, slips, arg, bottom, depth - 1):
                yield add(bracketed(wrong), *rest)
    elif top.head == "product":
        for position, arg in enumerate(top.args):
            for wrong in _slips(case, slips, arg, bottom, depth - 1):
                factors = (*top.args[:position], bracketed(wrong), *top.args[position + 1 :])
                others = times(*(other for k, other in enumerate(top.args) if k != position))
                yield add(times(*factors), times(bracketed(arg), by(others, bottom)))
    elif top.head == "sum":
        for wrong in _slips(case, slips, top.args[0], bottom, depth - 1):
            yield Expression("sum", (bracketed(wrong), *top.args[1:]), top.data, top.span)


def _varies(case: Case, node: Expression, bottom: Expression) -> bool:
    """Whether an expression may depend on what the derivative is taken by."""
    names = {child for child in bottom.walk() if child.head == "symbol"}
    return any(child in names or child in case.bodies for child in strip_groups(node).walk())


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

FIRST, SECOND = r"\frac{\partial A}{\partial t} B", r"A \frac{\partial B}{\partial t}"
OF_A_QUOTIENT = r"\frac{\partial}{\partial t} \frac{A}{B}"
QUOTIENT_RULE = rf"{OF_A_QUOTIENT} ~ \frac{{{FIRST} - {SECOND}}}{{B^2}}"

PRODUCT_RULE = Card(
    "product-rule",
    "value",
    "The product rule is not applied in full",
    "One factor only is differentiated, or both at once.",
    "A product of derivatives is the shortest thing to write, and it looks like the rule for sums.",
    "Which terms does the product rule have, one for each factor?",
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x}",)),
    Example(PRODUCT, (r"\frac{\partial f}{\partial x} = 2 x e^{x} + 1",)),
    slipping(
        r"\frac{\partial}{\partial t} (A B) ~ \frac{\partial A}{\partial t} \frac{\partial B}{\partial t}",
        r"\frac{\partial}{\partial t} (A B) ~ \frac{\partial A}{\partial t} B",
        r"\frac{\partial}{\partial t} (A B) ~ A \frac{\partial B}{\partial t}",
    ),
    rows=(r"A ~ 0 : the product rule, a term",),
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
    slipping_in_a_fraction(QUOTIENT_RULE.replace("-", "+")),
    rows=(r"\frac{A - B}{C^2} ~ \frac{A + B}{C^2}",),
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
    slipping_in_a_fraction(QUOTIENT_RULE.replace("B^2", "B")),
    rows=(r"\frac{A}{B^2} ~ \frac{A}{B} : A is a sum", r"\frac{A}{B^2} ~ \frac{A}{B} : B is a sum"),
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
    slipping_in_a_fraction(QUOTIENT_RULE.replace(FIRST, "#").replace(SECOND, FIRST).replace("#", SECOND)),
    rows=(r"\frac{A - B}{C^2} ~ \frac{B - A}{C^2} : B is a product",),
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
    slipping(
        rf"{OF_A_QUOTIENT} ~ \frac{{\frac{{\partial A}}{{\partial t}}}}{{\frac{{\partial B}}{{\partial t}}}}",
        rf"{OF_A_QUOTIENT} ~ \frac{{{FIRST}}}{{B^2}}",
    ),
)
QUOTIENTS = (QUOTIENT_SIGN, QUOTIENT_ORDER, QUOTIENT_SQUARE)
PARTS = (QUOTIENT_APART, PRODUCT_RULE)
