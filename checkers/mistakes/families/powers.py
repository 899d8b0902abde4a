"""Exponents, reciprocals, logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.card import Candidate, Card, Example
from truestep.checkers.mistakes.families.problems import CUBIC
from truestep.checkers.mistakes.places import Place, bracketed, over, plain, raised, times, turned
from truestep.checkers.mistakes.scaling import code_of, scaled
from truestep.derivations.language.expression import Expression, add, negative, number
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


def turned_over(case: Case) -> Iterator[Candidate]:
    """A quotient turned over; a factor that should be a divisor."""
    if plain(case.right).head in ("symbol", "entry", "apply", "power", "sum"):
        yield Candidate(over(number(1), case.right), case.right.span)
    for place in case.places:
        node = place.node
        if node.head == "quotient":
            yield Candidate(place.put(over(node.args[1], node.args[0])), node.span)
        elif place.above is not None and place.above.head in ("product", "quotient") and node.head in RAISED:
            yield Candidate(place.put(over(number(1), node)), node.span)


def fraction_turned_over(case: Case) -> Iterator[Candidate]:
    """A written fraction turned over."""
    for place in case.places:
        if place.node.head == "quotient":
            yield Candidate(place.put(over(place.node.args[1], place.node.args[0])), place.node.span)


def power_rules(case: Case) -> Iterator[Candidate]:
    """The square of a sum for the sum of squares; exponents added where they are multiplied, and the reverse."""
    for place in case.places:
        node = place.node
        if node.head == "add" and len(node.args) == 2:
            yield from (Candidate(place.put(one), node.span) for one in _square_of_sum(node))
        if node.head == "add":
            yield from (Candidate(place.put(one), node.span) for one in _exponentials(node))
        if node.head == "power" and plain(node.args[0]).head == "constant":
            exponent = plain(node.args[1])
            if place.above is not None and place.above.head == "negative":
                yield Candidate(_taken_in(place), node.span)
            if exponent.head == "product":
                terms = add(*exponent.args)
                yield Candidate(place.put(Expression("power", (node.args[0], terms), None, node.span)), node.span)
            if exponent.head == "add":
                yield Candidate(
                    place.put(Expression("power", (node.args[0], times(*exponent.args)), None, node.span)), node.span
                )


def _taken_in(place: Place) -> Expression:
    """``e^{-a}`` for ``-e^a``."""
    base, exponent = place.node.args
    raised_to = Expression("power", (base, negative(bracketed(exponent))), place.node.data, place.node.span)
    depth = next(k for k in reversed(range(len(place.path))) if place.path[k][0].head == "negative")
    return Place(place.path[depth][0], place.path[:depth]).put(raised_to)


def _square_of_sum(node: Expression) -> Iterator[Expression]:
    """``a^2 - b^2`` for ``(a - b)^2``, with powers or with inner products."""
    signs = [arg.head == "negative" for arg in node.args]
    first, second = (plain(arg.args[0]) if arg.head == "negative" else plain(arg) for arg in node.args)
    if signs[0]:
        return
    if first.head == second.head == "power" and exact_number(first.args[1]) == exact_number(second.args[1]) is not None:
        body = add(first.args[0], negative(second.args[0]) if signs[1] else second.args[0])
        yield Expression("power", (bracketed(body), first.args[1]), None, node.span)
    if first.head == second.head == "product" and len(first.args) == len(second.args) == 2:
        a, b = first.args[1], second.args[1]
        if plain(first.args[0]).head == plain(second.args[0]).head == "transpose":
            body = bracketed(add(a, negative(b) if signs[1] else b))
            yield times(turned(body), body)


def _exponentials(node: Expression) -> Iterator[Expression]:
    """``e^a + e^b`` for ``e^{a + b}``."""
    parts = [plain(arg) for arg in node.args]
    if all(part.head == "power" and plain(part.args[0]).head == "constant" for part in parts):
        yield Expression("power", (parts[0].args[0], add(*(part.args[1] for part in parts))), None, node.span)


def log_of_whole(case: Case) -> Iterator[Candidate]:
    """The logarithm of a sum where a sum of logarithms is written, and the reverse of other rules for it."""
    for place in case.places:
        node = place.node
        if node.head == "add":
            parts = [plain(arg) for arg in node.args]
            if len(parts) > 1 and all(_is_log(part) for part in parts):
                inside = add(*(part.args[0] for part in parts))
                yield Candidate(place.put(Expression("apply", (inside,), parts[0].data, node.span)), node.span)
        inner = plain(node.args[0]) if node.head == "sum" else node
        if node.head == "sum" and _is_log(inner):
            total = Expression("sum", (bracketed(inner.args[0]), *node.args[1:]), node.data, node.span)
            yield Candidate(place.put(Expression("apply", (total,), inner.data, node.span)), node.span)
        if node.head in ("product", "quotient") and all(_is_log(plain(arg)) for arg in node.args):
            a, b = node.args[0], node.args[1]
            yield Candidate(place.put(add(a, negative(b) if node.head == "quotient" else b)), node.span)


def _is_log(node: Expression) -> bool:
    return node.head == "apply" and node.data[0] == "log" and len(node.args) == 1


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
    "value",
    "An exponent is wrong",
    "A power is one too high or too low, has the other sign, or stands on the wrong thing.",
    "The power rule brings the exponent down and lowers it, and one of the two is forgotten.",
    "What happens to an exponent here, and what exactly does it stand on?",
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3x^3 - a",)),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 4x^4 - a",)),
    other_exponent,
)
RECIPROCAL = Card(
    "reciprocal",
    "value",
    "A factor stands above the line that belongs below it, or the reverse",
    "A quantity and its reciprocal are exchanged.",
    "Differentiating a logarithm or a quotient turns things over, and it is done once too often or not at all.",
    "What divides what here, and what does the derivative of the outermost function look like?",
    Example(INVERSE, (r"\frac{\partial f}{\partial x} = x",)),
    Example(INVERSE, (r"\frac{\partial f}{\partial x} = x + 1",)),
    turned_over,
    fraction_turned_over,
)
EXPONENT_RULE = Card(
    "exponent-rule",
    "value",
    "A power is distributed over a sum",
    "A square, a power or an exponential of a sum is taken term by term.",
    "Powers go through products one factor at a time, and a sum looks much the same.",
    "What do you get when you write the power out as a product and multiply the brackets?",
    Example(SQUARE, (r"a^2 - b^2",)),
    Example(SQUARE, (r"a^2 - 2b^2",)),
    power_rules,
)
LOG_OF_SUM_SPLIT = Card(
    "log-of-sum-split",
    "value",
    "The logarithm of a sum is split",
    "The logarithm is taken of each term, or a logarithm of a product is treated as a product of logarithms.",
    "The logarithm turns products into sums, and in a hurry it is led through a sum too.",
    "For which operation inside does a logarithm come apart, and which one stands here?",
    Example(LOG_SUM, (r"\log(1) + \log(e^{z})",)),
    Example(LOG_SUM, (r"\log(1) + \log(2 z)",)),
    log_of_whole,
)
POWERS = (LOG_OF_SUM_SPLIT, EXPONENT_RULE)
