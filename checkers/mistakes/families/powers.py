"""Exponents, reciprocals, logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.problems import CUBIC
from truestep.checkers.mistakes.places import bracketed, plain, raised
from truestep.checkers.mistakes.scaling import code_of, scaled
from truestep.derivations.language.expression import Expression, negative, number
from truestep.derivations.meaning.entries import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

RAISED = frozenset(("symbol", "entry", "member", "apply", "group", "add", "sum", "quotient", "abs", "norm", "power"))


def _with_exponent(node: Expression, exponent: Fraction) -> Expression:
    below = node.args[1]
    whole = number(abs(exponent), below.span)
    return Expression("power", (node.args[0], negative(whole) if exponent < 0 else whole), node.data, node.span)


def other_exponent(case: Case) -> Iterator[Candidate]:
    """A power one higher or lower, of the other sign, left out, put in, or moved from the argument to the function."""
    for found in scaled(case):
        if code_of(case, found) == "wrong-exponent":
            yield Candidate(found.expression, found.place.node.span)
    for place in case.places:
        node = place.node
        exponent = exact_number(node.args[1]) if node.head == "power" else None
        if exponent is None:
            continue
        yield Candidate(place.put(node.args[0]), node.span)
        for other in (-exponent, exponent - 1, exponent + 1):
            if other not in (0, 1):
                yield Candidate(place.put(_with_exponent(node, other)), node.span)
        if exponent < 0:
            continue
        inner = plain(node.args[0])
        if inner.head == "apply":
            argument = Expression("power", (bracketed(inner.args[0]), node.args[1]), None, node.span)
            yield Candidate(place.put(Expression("apply", (argument,), inner.data, node.span)), node.span)
    yield from _moved_out(case)
    for place in case.places:
        node = place.node
        above = place.above
        is_below = above is not None and above.head == "quotient" and place.slot[1] == 1
        if (plain(node).head in RAISED or (is_below and plain(node).head == "product")) and not (
            above is not None and above.head == "power"
        ):
            yield Candidate(place.put(raised(node, 2)), node.span)


def _moved_out(case: Case) -> Iterator[Candidate]:
    """f(x^2) for f(x)^2."""
    for place in case.places:
        node = place.node
        inner = plain(node.args[0]) if node.head == "apply" and len(node.args) == 1 else node
        if node.head == "apply" and inner.head == "power":
            outer = Expression("apply", (inner.args[0],), node.data, node.span)
            yield Candidate(place.put(Expression("power", (outer, inner.args[1]), None, node.span)), node.span)


LOG_SUM = {"symbols": {"z": "scalar"}, "answer": r"\log(1 + e^{z})"}
SQUARE = {"symbols": {"a": "scalar", "b": "scalar"}, "answer": r"(a - b)^2"}
INVERSE = {
    "symbols": {"x": "scalar", "f": "scalar"},
    "given": [r"f = \log x"],
    "assume": ["x > 0"],
    "find": r"\frac{\partial f}{\partial x}",
}

WRONG_EXPONENT = Card(
    "wrong-exponent",
    "An exponent is wrong",
    "A power is one too high or too low, has the other sign, or stands on the wrong thing.",
    "The power rule brings the exponent down and lowers it, and one of the two is forgotten.",
    "What happens to an exponent here, and what exactly does it stand on?",
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3x^3 - a",)),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 4x^4 - a",)),
    other_exponent,
    plants=(
        r"A^2 ~ A^3 : A is a scalar",
        r"A^2 ~ A : A is a scalar",
        r"A^3 ~ A^2 : A is a scalar",
        r"A^{-1} ~ A : A is a scalar",
        r"A^{-2} ~ A^{-1} : A is a scalar",
        r"A^{-1} ~ A^{-2} : A is a scalar",
        r"A^2 ~ A^{-2} : A is a scalar",
    ),
)
RECIPROCAL = Card(
    "reciprocal",
    "A factor stands above the line that belongs below it, or the reverse",
    "A quantity and its reciprocal are exchanged.",
    "Differentiating a logarithm or a quotient turns things over, and it is done once too often or not at all.",
    "What divides what here, and what does the derivative of the outermost function look like?",
    Example(INVERSE, (r"\frac{\partial f}{\partial x} = x",)),
    Example(INVERSE, (r"\frac{\partial f}{\partial x} = x + 1",)),
    early=(r"\frac{A}{B} ~ \frac{B}{A}",),
    rows=(r"\frac{1}{A} ~ A : A is no number, a divisor or factor",),
)
EXPONENT_RULE = Card(
    "exponent-rule",
    "A power is distributed over a sum",
    "A square, a power or an exponential of a sum is taken term by term.",
    "Powers go through products one factor at a time, and a sum looks much the same.",
    "What do you get when you write the power out as a product and multiply the brackets?",
    Example(SQUARE, (r"a^2 - b^2",)),
    Example(SQUARE, (r"a^2 - 2b^2",)),
    rows=(
        r"(A + B)^C ~ A^C + B^C",
        r"(A - B)^C ~ A^C - B^C",
        r"(A + B)^T (A + B) ~ A^T A + B^T B",
        r"(A - B)^T (A - B) ~ A^T A - B^T B",
        r"e^{A + B} ~ e^A + e^B",
        r"e^{A B} ~ e^{A + B}",
        r"e^{A + B} ~ e^{A B}",
        r"e^{-A} ~ -e^A",
    ),
)
LOG_OF_SUM_SPLIT = Card(
    "log-of-sum-split",
    "The logarithm of a sum is split",
    "The logarithm is taken of each term, or a logarithm of a product is treated as a product of logarithms.",
    "The logarithm turns products into sums, and in a hurry it is led through a sum too.",
    "For which operation inside does a logarithm come apart, and which one stands here?",
    Example(LOG_SUM, (r"\log(1) + \log(e^{z})",)),
    Example(LOG_SUM, (r"\log(1) + \log(2 z)",)),
    rows=(
        r"\log(A + B) ~ \log A + \log B",
        r"\log(A + B + C) ~ \log A + \log B + \log C",
        r"\log \sum_i A ~ \sum_i \log A",
        r"\log A + \log B ~ \log A \log B",
        r"\log A - \log B ~ \frac{\log A}{\log B}",
    ),
)
POWERS = (LOG_OF_SUM_SPLIT, EXPONENT_RULE)
