"""Terms and brackets: a bracket that is lost, a term that is missing or too many, a constant that should vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.card import Candidate, Card, Example
from truestep.checkers.mistakes.families.copied import repeated_term, without_term
from truestep.checkers.mistakes.families.problems import CUBIC, LEAST_SQUARES
from truestep.checkers.mistakes.places import bracketed, over, plain, times, without
from truestep.derivations.language.expression import Expression, add, free_indices, negative, number
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

MAX_TERMS = 10
SUMMED = ("add", "negative", "group", "sum")


def bracket(case: Case) -> Iterator[Candidate]:
    """A bracket around more terms: of a factor, a divisor, a function."""
    for place in case.places:
        node = place.node
        if node.head == "add":
            yield from (Candidate(place.put(one), node.span) for one in _widened(node))
        if node.head == "quotient":
            yield from (Candidate(place.put(one), node.span) for one in _common_factor(node))


def narrower_bracket(case: Case) -> Iterator[Candidate]:
    """A bracket around fewer terms: of a factor, a divisor, a function."""
    for place in case.places:
        node = place.node
        if node.head == "product":
            yield from (Candidate(place.put(one), node.span) for one in _narrowed(node))
        if node.head == "quotient":
            yield from (Candidate(place.put(one), node.span) for one in _narrowed_fraction(node))
        if node.head in ("apply", "power"):
            yield from (Candidate(place.put(one), node.span) for one in _narrowed_function(node))


def _widened(node: Expression) -> Iterator[Expression]:
    """``c a + b`` as ``c (a + b)``, ``a / c + b`` as ``(a + b) / c``, ``f(a) + b`` as ``f(a + b)``."""
    for position, arg in enumerate(node.args):
        minus = arg.head == "negative"
        first = plain(arg.args[0]) if minus else plain(arg)
        rest = node.args[position + 1 :]
        before = node.args[:position]
        if not rest:
            return
        for signed in [False, True] if minus else [False]:
            for count in range(len(rest), 0, -1):
                tail = [negative(bracketed(one)) for one in rest[:count]] if signed else list(rest[:count])
                for wide in _around(first, tail):
                    yield add(*before, negative(wide) if minus else wide, *rest[count:])


def _around(first: Expression, rest: list[Expression]) -> Iterator[Expression]:
    """The factors, the divisor or the function of a first term around all of the terms."""
    if first.head == "product":
        for cut in range(len(first.args) - 1, 0, -1):
            yield times(*first.args[:cut], add(times(*first.args[cut:]), *rest))
    elif first.head == "quotient":
        yield over(add(first.args[0], *rest), first.args[1])
        yield over(first.args[0], add(first.args[1], *rest))
    elif first.head == "apply" and len(first.args) == 1:
        yield Expression("apply", (add(first.args[0], *rest),), first.data, first.span)
    elif first.head == "power":
        yield Expression("power", (first.args[0], add(first.args[1], *rest)), first.data, first.span)


def _narrowed(node: Expression) -> Iterator[Expression]:
    """``c (a + b)`` as ``c a + b``; ``2 f(x - 1)`` as ``2 f(x) - 1``."""
    last = plain(node.args[-1])
    front = node.args[:-1]
    if last.head == "add" and node.data[-1] not in ("odot", "circ", "star"):
        yield add(times(*front, last.args[0]), *last.args[1:])
    inner = plain(last.args[0]) if last.head == "apply" and len(last.args) == 1 else last
    if last.head == "apply" and inner.head == "add":
        for cut in range(1, len(inner.args)):
            head = Expression("apply", (add(*inner.args[:cut]),), last.data, last.span)
            yield add(times(*front, head), *inner.args[cut:])


def _common_factor(node: Expression) -> Iterator[Expression]:
    """``(c a + b) / d`` as ``c (a + b) / d``."""
    above = plain(node.args[0])
    first = plain(above.args[0]) if above.head == "add" else above
    if above.head == "add" and first.head == "product":
        yield over(times(*first.args[:-1], add(first.args[-1], *above.args[1:])), node.args[1])


def _narrowed_fraction(node: Expression) -> Iterator[Expression]:
    """``(a + b) / c`` as ``a + b / c``, and ``a / (b + c)`` as ``a / b + c``."""
    above, below = (plain(arg) for arg in node.args)
    if above.head == "add":
        yield add(*above.args[:-1], over(above.args[-1], node.args[1]))
        yield add(over(above.args[0], node.args[1]), *above.args[1:])
    if below.head == "add":
        yield add(over(node.args[0], below.args[0]), *below.args[1:])


def _narrowed_function(node: Expression) -> Iterator[Expression]:
    """``f(a + b)`` as ``f(a) + b``, and ``e^{a + b}`` as ``e^a + b``."""
    slot = 1 if node.head == "power" else 0
    inner = plain(node.args[slot])
    if inner.head == "add" and (node.head == "power" or len(node.args) == 1):
        for cut in range(1, len(inner.args)):
            args = (*node.args[:slot], add(*inner.args[:cut]), *node.args[slot + 1 :])
            yield add(Expression(node.head, args, node.data, node.span), *inner.args[cut:])


def _depends(case: Case, node: Expression) -> bool:
    """Whether a term contains the variable, or a quantity that the givens make of other things."""
    names = {child.data for variable in case.variables for child in variable.walk() if child.head == "symbol"}
    return any(
        child.head == "symbol" and (child.data in names or strip_groups(child) in case.bodies) for child in node.walk()
    )


def _stands_before(case: Case, node: Expression) -> bool:
    """Whether a term stands in the givens or in the line before."""
    term = strip_groups(plain(node.args[0] if node.head == "negative" else node))
    sources = (*case.bodies.values(), *([] if case.before is None else [strip_groups(case.before)]))
    return any(term == child for source in sources for child in source.walk())


def kept_constant(case: Case) -> Iterator[Candidate]:
    """A term without the variable left out of a derivative."""
    for place in case.places:
        node = place.node
        outermost = all(parent.head in SUMMED for parent, _ in place.path)
        if node.head == "add" and case.variables and outermost:
            for position, arg in enumerate(node.args):
                if not _depends(case, arg) and _stands_before(case, arg):
                    yield Candidate(place.put(without(node, position)), arg.span)


def dropped_term(case: Case) -> Iterator[Candidate]:
    """A term left out."""
    for place in case.places:
        node = place.node
        if node.head == "add":
            for position, arg in enumerate(node.args):
                yield Candidate(place.put(without(node, position)), arg.span)


def added_term(case: Case) -> Iterator[Candidate]:
    """A term of the line before, of the givens, or one symbol, put in with either sign."""
    known = [strip_groups(plain(arg)) for place in case.places if place.node.head == "add" for arg in place.node.args]
    pool = [term for source in _sources(case) for term in terms_of(source) if term not in known]
    top = case.bodies.get(strip_groups(case.left.args[0])) if case.variables else None
    parts = [] if top is None else terms_of(top)
    pool += [Expression("derivative", (part, case.variables[0]), "Leibniz", part.span) for part in parts]
    written = set(strip_groups(case.right).walk())
    pool += [one for one in (*case.scalars, number(1), *case.entries[:4], *case.shaped[:4]) if one not in written]
    whole = strip_groups(case.right)
    for term in list(dict.fromkeys(pool))[:MAX_TERMS]:
        if term == whole or free_indices(term) - case.outer:
            continue
        for signed in (term, negative(bracketed(term))):
            yield Candidate(add(case.right, signed), case.right.span)
    for place in case.places:
        if place.path and place.above is not None and place.above.head not in ("add", "negative"):
            for term in (*case.scalars[:4], number(1)):
                if plain(place.node).head in ("add", "product", "symbol", "apply"):
                    yield Candidate(place.put(bracketed(add(place.node, term))), place.node.span)
                    yield Candidate(place.put(bracketed(add(place.node, negative(term)))), place.node.span)


def _sources(case: Case) -> list[Expression]:
    """The line before where it is right, and the given of the left side."""
    body = case.bodies.get(strip_groups(case.left))
    return [one for one in (case.before, body) if one is not None]


def terms_of(node: Expression) -> list[Expression]:
    """The terms of a sum without their signs; none of an expression that is no sum."""
    inner = plain(node)
    if inner.head != "add":
        return []
    return [strip_groups(arg.args[0] if arg.head == "negative" else arg) for arg in inner.args]


MEANS = {"symbols": {"K": "size", "a": "scalar", "b": "scalar"}, "answer": r"\frac{1}{K} (a + b)"}
WIDE = {"symbols": {"x": "scalar"}, "answer": r"2 \sigma(2 x) - 1"}
POLYNOMIAL = {
    "symbols": {"x": "scalar", "f": "scalar", "c": "scalar"},
    "given": ["f = x^2 + x + c"],
    "find": r"\frac{\partial f}{\partial x}",
}
AFFINE = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K"},
    "given": ["z = W x + b"],
    "find": "z",
}

BRACKET_LOST = Card(
    "bracket-lost",
    "value",
    "A bracket is lost, or closes too early",
    "A factor, a divisor or a function reaches over fewer terms than it should.",
    "On paper the bracket is seen by the size of a fraction line or sign, and in a typed line it is gone.",
    "Over which terms does this factor reach as it is written, and over which should it?",
    Example(MEANS, (r"\frac{1}{K} a + b",)),
    Example(MEANS, (r"\frac{1}{K} a + 2 b",)),
    bracket,
)
BRACKET_TOO_WIDE = Card(
    "bracket-too-wide",
    "value",
    "A bracket closes too late",
    "A factor, a divisor or a function reaches over more terms than it should.",
    "What is typed behind an opening bracket stays inside until someone closes it.",
    "Which terms stand inside this bracket, and which of them belong outside?",
    Example(WIDE, (r"2 \sigma(2 x - 1)",)),
    Example(WIDE, (r"2 \sigma(2 x - 3)",)),
    narrower_bracket,
)
CONSTANT_KEPT = Card(
    "constant-kept",
    "value",
    "A constant is kept that should vanish",
    "A term that does not depend on the variable is still there after the differentiation.",
    "A constant beside the variable is copied along with it.",
    "Does this term change when the variable changes?",
    Example(POLYNOMIAL, (r"\frac{\partial f}{\partial x} = 2 x + 1 + c",)),
    Example(POLYNOMIAL, (r"\frac{\partial f}{\partial x} = 2 x + c x + 3",)),
    kept_constant,
)
EXTRA_TERM = Card(
    "extra-term",
    "value",
    "A term is too many",
    "The line is right without one of its terms.",
    "A term is counted twice, or stays though it is zero.",
    "Where does each term of this line come from, and does each come once?",
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = 2 X^T (X w - y) + w",)),
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = 5 X^T (X w - y) + w",)),
    dropped_term,
    repeated_term,
)
MISSING_TERM = Card(
    "missing-term",
    "value",
    "A term is missing",
    "The line is right but for one term that was in the line before or in the givens.",
    "A short term at the end of a long line is left behind while the line is copied.",
    "How many terms has what this line comes from, and where is each of them here?",
    Example(AFFINE, (r"z = W x",)),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3 x^2 + 1",)),
    added_term,
    lambda case: without_term(case, lambda term: True),
)
