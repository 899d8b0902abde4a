"""Signs, and factors that are missing or stand there once too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.chain import composed
from truestep.checkers.mistakes.families.problems import CUBIC, LEAST_SQUARES, MEAN_SQUARES, UNIT, UPDATE
from truestep.checkers.mistakes.places import hadamard, is_number, places, times, turned
from truestep.checkers.mistakes.scaling import Scaled, code_of, scaled
from truestep.derivations.language.expression import Expression, add, free_indices, negative, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.card import Undo
    from truestep.checkers.mistakes.case import Case
    from truestep.checkers.mistakes.places import Place

MAX_FACTORS = 10
MAX_WHOLES = 6


def _by_factor(code: str) -> Undo:
    """The lines in which a factor of this kind is put in or taken out."""

    def undo(case: Case) -> Iterator[Candidate]:
        for found in scaled(case):
            if code_of(case, found) == code:
                yield Candidate(found.expression, _place_of(found), remark=str(found.factor.of))

    return undo


def _place_of(found: Scaled) -> tuple[int, int]:
    """Where a factor that is too much is written, else the whole that it belongs to."""
    node, factor = found.place.node, found.factor
    if factor.symbol is not None and (factor.divides or factor.of == "size"):
        for child in node.walk():
            if child.data == factor.symbol.data and child.span != (0, 0):
                return child.span
    return node.span


def missing_factors(case: Case) -> Iterator[Candidate]:
    """A factor that stands in the problem, at a term or at the whole: an entry, a vector, a matrix."""
    if case.clash is not None:
        yield from _between(case, case.clash)
    for place in _wholes(case):
        node = place.node
        for entry in case.entries:
            yield Candidate(place.put(times(node, entry)), node.span)
        for inserted in shaped_products(case, node):
            yield Candidate(place.put(inserted), node.span)


def _between(case: Case, clash: Place) -> Iterator[Candidate]:
    """A vector or matrix put among the factors, or to one of the terms, that do not go together."""
    node = clash.node
    pool = [one for name in case.shaped[:MAX_FACTORS] for one in (name, turned(name))]
    if node.head == "product":
        for position in range(1, len(node.args) + 1):
            for one in pool:
                args = (*node.args[:position], one, *node.args[position:])
                signs = (*node.data[:position], "", *node.data[position:])
                changed = Expression("product", args, signs, node.span)
                yield Candidate(clash.put(changed), node.args[position - 1].span)
    for position, arg in enumerate(node.args if node.head == "add" else ()):
        inner = arg.args[0] if arg.head == "negative" else arg
        for one in pool:
            for made in (times(inner, one), times(one, inner)):
                whole = negative(made) if arg.head == "negative" else made
                args = (*node.args[:position], whole, *node.args[position + 1 :])
                yield Candidate(clash.put(Expression("add", args, None, node.span)), arg.span)


def shaped_products(case: Case, node: Expression) -> Iterator[Expression]:
    """A term times a vector or matrix of the problem, or times one minus it."""
    for factor in case.shaped[:MAX_FACTORS]:
        dims = case.arrays[str(factor.data)]
        yield times(node, factor)
        yield times(node, turned(factor))
        if 1 not in dims:
            yield times(factor, node)
            yield times(turned(factor), node)
        else:
            yield hadamard(node, factor)
            yield hadamard(node, Expression("group", (add(number(1), negative(factor)),)))
            yield times(factor, node)


def _wholes(case: Case) -> list[Place]:
    """The line, the terms of its sums, and the bodies of its sums over an index."""
    out: list[Place] = []
    for place in case.places:
        above = place.above
        entrywise = place.node.head == "product" and {"odot", "circ", "star"} & set(place.node.data)
        if above is None or above.head in ("add", "sum", "negative") or entrywise:
            out.append(place)
    return out[:MAX_WHOLES]


def missing_scalar_factor(case: Case) -> Iterator[Candidate]:
    """A scalar at some place, then what stands in the problem."""
    inner = composed(case)  # then a number may be an inner derivative
    yield from (one for one in _by_factor("missing-factor")(case) if one.remark != "number" or not inner)
    loose = free_indices(case.right) | case.outer
    for place in places(case.right):
        above = place.above
        if above is not None and above.head == "add" and is_number(place.node) and not loose:
            for name in case.scalars:
                yield Candidate(place.put(times(place.node, name)), place.node.span)
    yield from missing_factors(case)


SIGN = Card(
    "sign",
    "A sign is wrong",
    "The line is right but for one minus sign, which is missing or one too many.",
    "A minus in front of a bracket, of an exponent or of an inner derivative is easily carried to one term only.",
    "Which minus signs stand in what this line comes from, and to which terms does each of them belong?",
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3x^2 + a",)),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3x^2 + a^2 x",)),
    _by_factor("sign"),
    plants=(
        r"A + B ~ A - B",
        r"A - B ~ A + B",
        r"-A ~ A",
        r"A ~ -A : the whole",
    ),
)
MISSING_FACTOR_2 = Card(
    "missing-factor-2",
    "A factor 2 is missing",
    "The line, or one of its terms, is half of what it should be.",
    "The 2 that an exponent brings down is forgotten where so many losses begin with a half that cancels it.",
    "What does the power rule do with the exponent, and is there anything here that cancels it?",
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = X^T (X w - y)",)),
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = X^T X w",)),
    _by_factor("missing-factor-2"),
    plants=(
        r"2 A ~ A",
        r"\frac{2 A}{B} ~ \frac{A}{B}",
        r"\frac{2}{A} ~ \frac{1}{A}",
    ),
)
EXTRA_FACTOR_2 = Card(
    "extra-factor-2",
    "A factor 2 is too many",
    "The line, or one of its terms, is twice what it should be.",
    "The 2 from the exponent is written down by habit even where a half in front of the loss takes it away.",
    "Which factor stands in front of the square, and what do the two make together?",
    Example(UNIT, (r"\frac{\partial L}{\partial w} = 2 (a - y) a (1 - a) x",)),
    Example(UNIT, (r"\frac{\partial L}{\partial w} = 7 (a - y) a (1 - a) x",)),
    _by_factor("extra-factor-2"),
    plants=(
        r"\frac{A}{2} ~ A",
        r"A ~ 2 A : the whole",
    ),
)
MISSING_MEAN = Card(
    "missing-mean",
    "The division by the number of terms is missing",
    "The line is right but for one over the size: a sum stands where a mean is asked for.",
    "The factor in front of the sum has nothing to do with the differentiation and is left behind.",
    "Is the quantity a sum or a mean, and where did the factor in front of the sum go?",
    Example(MEAN_SQUARES, (r"\frac{\partial L}{\partial \hat{y}} = 2 (\hat{y} - y)",)),
    Example(MEAN_SQUARES, (r"\frac{\partial L}{\partial \hat{y}} = \frac{5}{N} (\hat{y} - y)",)),
    _by_factor("missing-mean"),
    plants=(
        r"\frac{A}{N} ~ A",
        r"\frac{A}{N B} ~ \frac{A}{B}",
        r"\frac{A}{B N} ~ \frac{A}{B}",
    ),
)
EXTRA_MEAN = Card(
    "extra-mean",
    "A division by the number of terms is too many",
    "The line is right but for one over the size, which does not stand in the problem or stands there once only.",
    "Most losses in books are means, so the factor is written down before the definition is looked at.",
    "Where in the definition does this division come from?",
    Example(
        {
            "symbols": {"\\hat{y}": "N", "y": "N", "L": "scalar"},
            "given": [r"L = \|\hat{y} - y\|^2"],
            "find": r"\frac{\partial L}{\partial \hat{y}}",
        },
        (r"\frac{\partial L}{\partial \hat{y}} = \frac{2}{N} (\hat{y} - y)",),
    ),
    Example(MEAN_SQUARES, (r"\frac{\partial L}{\partial \hat{y}} = \frac{2}{N} (\hat{y} - y)^2",)),
    _by_factor("extra-mean"),
    plants=(r"A ~ \frac{1}{N} A : the whole",),
)
MISSING_SIZE = Card(
    "missing-size",
    "A size is missing as a factor",
    "The line is too small by the number of terms of a sum.",
    "A sum of equal terms looks like one term, and its length is forgotten.",
    "How often is the same term added here?",
    Example(
        {
            "symbols": {"x": "scalar", "f": "scalar", "i": "index N"},
            "given": [r"f = \sum_{i=1}^N x^2"],
            "find": r"\frac{\partial f}{\partial x}",
        },
        (r"\frac{\partial f}{\partial x} = 2 x",),
    ),
    Example(MEAN_SQUARES, (r"\frac{\partial L}{\partial \hat{y}} = \frac{2}{N} \hat{y}",)),
    _by_factor("missing-size"),
    plants=(
        r"N A ~ A",
        r"A N ~ A",
    ),
)
EXTRA_SIZE = Card(
    "extra-size",
    "A size is too many as a factor",
    "The line is too large by the number of terms of a sum.",
    "Where a sum has been resolved its length is still counted, though one term only was left.",
    "How many terms of the sum are left after the differentiation?",
    Example(
        {
            "symbols": {"x": "N", "f": "scalar", "i": "index N", "j": "index N"},
            "given": [r"f = \sum_{i=1}^N x_i^2"],
            "find": r"\frac{\partial f}{\partial x_j}",
        },
        (r"\frac{\partial f}{\partial x_j} = 2 N x_j",),
    ),
    Example(MEAN_SQUARES, (r"\frac{\partial L}{\partial \hat{y}} = \frac{2}{N} y",)),
    _by_factor("extra-size"),
    plants=(r"A ~ N A : the whole",),
)
MISSING_LEARNING_RATE = Card(
    "missing-learning-rate",
    "The learning rate is missing",
    "The step of an update is right but for the rate in front of the gradient.",
    "All the work is in the gradient, and the rate is a constant that nothing acts on.",
    "What stands between the old value and the gradient in the rule for an update?",
    Example(UPDATE, (r"w - (w^T x - y) x",)),
    Example(UPDATE, (r"w - \alpha (w^T x - y)^2 x",)),
    _by_factor("missing-learning-rate"),
    plants=(
        r"t A ~ A : t is a rate",
        r"A t B ~ A B : t is a rate",
    ),
)
MISSING_FACTOR = Card(
    "missing-factor",
    "A factor is missing",
    "The line, or one of its terms, lacks one factor that stands in the problem.",
    "A factor that is constant, or that was pulled out some lines before, drops out while a line is copied.",
    "Which factors stand in what this line comes from, and does each of them stand here too?",
    Example(
        {
            "symbols": {"x": "scalar", "f": "scalar", "a": "scalar", "b": "scalar"},
            "given": [r"f = a x^2 + b x"],
            "find": r"\frac{\partial f}{\partial x}",
        },
        (r"\frac{\partial f}{\partial x} = 2 x + b",),
    ),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3 x^2 + 7",)),
    missing_scalar_factor,
    rows=(r"A ~ 1 : A is named, A is no derivative, a factor",),
)
EXTRA_FACTOR = Card(
    "extra-factor",
    "A factor is too many",
    "The line is right without one of the factors in it.",
    "A factor of the chain is written down that belongs to another quantity, or was already there.",
    "What does each factor stand for, and does every one of them belong to what is asked?",
    Example(
        {
            "symbols": {"x": "n", "w": "K x n", "b": "K", "z": "K", "L": "scalar", "i": "index K", "l": "index n"},
            "given": [r"z_i = \sum_{l=1}^{n} w_{il} x_l + b_i", "L = L(z)"],
            "find": r"\frac{\partial z_i}{\partial w_{il}}",
        },
        (r"\frac{\partial z_i}{\partial w_{il}} = \frac{\partial L}{\partial z_i} x_l",),
    ),
    Example(CUBIC, (r"\frac{\partial f}{\partial x} = 3 x^2 - 2 a^2",)),
    _by_factor("extra-factor"),
    early=(r"A ~ A A", r"A B ~ A A B", r"A B ~ A B A"),
    rows=(
        r"1 ~ A : of a product, A is no number",
        r"A ~ \frac{A}{B}",
        r"1 ~ A : of a product",
    ),
    plants=(r"A ~ A A : A is a name, A is a scalar, of a product",),
)
LOGARITHM_BASE = Card(
    "logarithm-base",
    "The logarithm has another base",
    "The line is off by the constant that lies between the natural logarithm and the one to the base 2.",
    "Entropy is measured in bits in one book and with the natural logarithm in another.",
    "To which base is the logarithm of this problem taken?",
    Example({"symbols": {"p": "scalar"}, "assume": ["p > 0"], "answer": r"-\log p"}, (r"-\log_2 p",)),
    Example({"symbols": {"p": "scalar"}, "assume": ["p > 0"], "answer": r"-\log p"}, (r"-\log (p + 1)",)),
    _by_factor("logarithm-base"),
)
TWOS = (MISSING_FACTOR_2, EXTRA_FACTOR_2)
SIZES = (MISSING_LEARNING_RATE, MISSING_MEAN, EXTRA_MEAN, MISSING_SIZE, EXTRA_SIZE)
