"""Terms and brackets: a bracket that is lost, a term that is missing or too many, a constant that should vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.problems import CUBIC, LEAST_SQUARES
from truestep.checkers.mistakes.places import bracketed, plain, without
from truestep.derivations.language.expression import Expression, add, free_indices, negative, number
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

MAX_TERMS = 10
SUMMED = ("add", "negative", "group", "sum")


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
    "A bracket is lost, or closes too early",
    "A factor, a divisor or a function reaches over fewer terms than it should.",
    "On paper the bracket is seen by the size of a fraction line or sign, and in a typed line it is gone.",
    "Over which terms does this factor reach as it is written, and over which should it?",
    Example(MEANS, (r"\frac{1}{K} a + b",)),
    Example(MEANS, (r"\frac{1}{K} a + 2 b",)),
    rows=(
        r"C (A + B) ~ C A + B",
        r"-C (A + B) ~ -C A - B",
        r"\frac{A + B}{C} ~ \frac{A}{C} + B",
        r"\frac{A}{C + B} ~ \frac{A}{C} + B",
        r"f(A + B) ~ f(A) + B",
        r"A^{B + C} ~ A^B + C",
        r"\frac{D (A + B)}{C} ~ \frac{D A + B}{C}",
    ),
    plants=(r"-(A + B) ~ -A + B",),
)
BRACKET_TOO_WIDE = Card(
    "bracket-too-wide",
    "A bracket closes too late",
    "A factor, a divisor or a function reaches over more terms than it should.",
    "What is typed behind an opening bracket stays inside until someone closes it.",
    "Which terms stand inside this bracket, and which of them belong outside?",
    Example(WIDE, (r"2 \sigma(2 x - 1)",)),
    Example(WIDE, (r"2 \sigma(2 x - 3)",)),
    rows=(
        r"C A + B ~ C (A + B)",
        r"-C A - B ~ -C (A + B)",
        r"\frac{A}{C} + B ~ \frac{A + B}{C}",
        r"\frac{A}{C} + B ~ \frac{A}{C + B}",
        r"f(A) + B ~ f(A + B)",
        r"A^B + C ~ A^{B + C}",
        r"\frac{D A + B}{C} ~ \frac{D (A + B)}{C}",
        r"C f(A) + B ~ C f(A + B)",
    ),
)
CONSTANT_KEPT = Card(
    "constant-kept",
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
    "A term is too many",
    "The line is right without one of its terms.",
    "A term is counted twice, or stays though it is zero.",
    "Where does each term of this line come from, and does each come once?",
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = 2 X^T (X w - y) + w",)),
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = 5 X^T (X w - y) + w",)),
    early=(r"A ~ A + A", r"A + B ~ A + A + B"),
    rows=(r"0 ~ A : a term",),
    plants=(r"A + B ~ A + A + B", r"B + A ~ B + A + A"),
)
MISSING_TERM = Card(
    "missing-term",
    "A term is missing",
    "The line is right but for one term that was in the line before or in the givens.",
    "A short term at the end of a long line is left behind while the line is copied.",
    "How many terms has what this line comes from, and where is each of them here?",
    Example(AFFINE, (r"z = W x",)),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3 x^2 + 1",)),
    added_term,
    rows=(r"A ~ 0 : a term",),
)
