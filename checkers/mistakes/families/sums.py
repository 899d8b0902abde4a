"""Sums over an index: missing, too many, over the wrong range, and what stands inside or outside of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.indices import MAX_INDICES, index_like, renamed
from truestep.checkers.mistakes.places import Place, bracketed
from truestep.derivations.language.expression import NONE, Expression, free_indices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case


AROUND = ("add", "quotient", "apply", "power")


def summed(body: Expression, name: str) -> Expression:
    """The sum over an index, over all of its range."""
    return Expression("sum", (bracketed(body), NONE, NONE, NONE), (name,), body.span)


def with_sum(case: Case) -> Iterator[Candidate]:
    """A sum over an index that stands in the line and not on the left."""
    loose = sorted(free_indices(case.right) - case.outer)[:MAX_INDICES]
    for name in loose:
        for place in case.places:
            if name in free_indices(place.node) and (place.above is None or place.above.head in AROUND):
                yield Candidate(place.put(summed(place.node, name)), place.node.span)


def _sums(case: Case) -> list[Place]:
    return [place for place in case.places if place.node.head == "sum"]


def without_sum(case: Case) -> Iterator[Candidate]:
    """The body of a sum without the sum, its index another where it must be."""
    for place in _sums(case):
        node = place.node
        yield Candidate(place.put(node.args[0]), node.span)
        for bound in node.data or ():
            for name in sorted(case.outer):
                yield Candidate(place.put(renamed(node.args[0], {bound: name})), node.span)


def other_sum(case: Case) -> Iterator[Candidate]:
    """A sum over another index of its body."""
    for place in _sums(case):
        node = place.node
        body = node.args[0]
        for name in sorted(free_indices(body) | case.outer):
            if name not in (node.data or ()):
                yield Candidate(place.put(summed(body, name)), node.span)
                yield Candidate(
                    place.put(summed(renamed(body, {name: node.data[0]}) if node.data else body, name)), node.span
                )


def whole_range(case: Case) -> Iterator[Candidate]:
    """A sum without its condition, or from the first entry on."""
    for place in _sums(case):
        node = place.node
        if node.args[3] != NONE or node.args[1] != NONE or node.args[2] != NONE:
            yield Candidate(
                place.put(Expression("sum", (node.args[0], NONE, NONE, NONE), node.data, node.span)), node.span
            )
        for bound in node.data or ():
            if node.args[3] == NONE:
                for name in sorted(case.outer):
                    condition = Expression("relation", (index_like(bound, node), index_like(name, node)), "!=")
                    args = (*node.args[:3], condition)
                    yield Candidate(place.put(Expression("sum", args, node.data, node.span)), node.span)


ENTRIES = {
    "symbols": {"W": "K x M", "x": "M", "z": "K", "i": "index K", "j": "index M", "k": "index K"},
    "answer": r"\sum_{j=1}^M W_{ij} x_j",
}
AFFINE = {
    "symbols": {"w": "n x m", "x": "n", "b": "m", "i": "index n", "j": "index m"},
    "answer": r"\sum_{i=1}^{n} w_{ij} x_i + b_j",
}
RESIDUALS = {
    "symbols": {"r": "N", "x": "N", "i": "index N"},
    "answer": r"\sum_{i=1}^{N} r_i x_i",
}
THROUGH = {
    "symbols": {"z": "n", "a": "n", "L": "scalar", "i": "index n", "j": "index n"},
    "given": [r"a_j = \frac{e^{z_j}}{\sum_{k=1}^{n} e^{z_k}}", "L = L(a)"],
    "find": r"\frac{\partial L}{\partial z_i}",
}


MISSING_SUM = Card(
    "missing-sum",
    "A sum over an index is missing",
    "An index stands on the right and not on the left, and nothing sums over it.",
    "In the chain rule for one path there is no sum; with many paths their contributions add up.",
    "Along how many paths does the variable act, and which index counts them?",
    Example(
        THROUGH,
        (r"\frac{\partial L}{\partial z_i} = \frac{\partial L}{\partial a_j} \frac{\partial a_j}{\partial z_i}",),
    ),
    Example(THROUGH, (r"\frac{\partial L}{\partial z_i} = \frac{\partial L}{\partial a_j} a_j",)),
    with_sum,
    plants=(r"\sum_i A ~ A",),
)
ESCAPED_INDEX = Card(
    "escaped-index",
    "A bound index stands outside its sum",
    "The index of a sum is used behind the sum, where it means nothing.",
    "The sum sign is written once at the beginning, and what follows is felt to be inside.",
    "How far does the sum reach, and where is its index used?",
    Example(RESIDUALS, (r"\left(\sum_{i=1}^N r_i\right) x_i",)),
    Example(RESIDUALS, (r"\left(\sum_{i=1}^N r_i^2\right) x_i",)),
    rows=(
        r"\sum_i A B ~ \left(\sum_i A\right) B : i in B",
        r"\sum_i B A ~ B \sum_i A : i in B",
        r"\sum_i (A + B) ~ \sum_i A + B : i in B",
    ),
)
TERM_OUTSIDE_SUM = Card(
    "term-outside-sum",
    "A term stands outside the sum that belongs inside",
    "A term is added once that should be added for every value of the index.",
    "The sum sign seems to reach to the end of the line, but it ends at the first plus without a bracket.",
    "Which terms does the sum cover as it is written, and which should it?",
    Example(
        {"symbols": {"x": "N", "c": "scalar", "i": "index N"}, "answer": r"\sum_{i=1}^{N} (x_i + c)"},
        (r"\sum_{i=1}^{N} x_i + c",),
    ),
    Example(
        {"symbols": {"x": "N", "c": "scalar", "i": "index N"}, "answer": r"\sum_{i=1}^{N} (x_i + c)"},
        (r"\sum_{i=1}^{N} x_i^2 + c",),
    ),
    rows=(r"\sum_i (A + B) ~ \sum_i A + B",),
)
TERM_INSIDE_SUM = Card(
    "term-inside-sum",
    "A term stands inside the sum that belongs outside",
    "A term is added for every value of the index that should be added once.",
    "A bracket is drawn around everything that follows the sum sign.",
    "Does this term depend on the index of the sum, and how often should it be counted?",
    Example(AFFINE, (r"\sum_{i=1}^{n} (w_{ij} x_i + b_j)",)),
    Example(AFFINE, (r"\sum_{i=1}^{n} (w_{ij} x_i^2 + b_j)",)),
    rows=(r"\sum_i A + B ~ \sum_i (A + B)", r"\sum_i B + A ~ \sum_i (A + B)"),
)
EXTRA_SUM = Card(
    "extra-sum",
    "A sum is too many",
    "All terms are summed where one of them is meant.",
    "The sum of the definition is carried along after the differentiation has picked out a single term.",
    "Which terms of the sum depend on the variable at all?",
    Example(
        {
            "symbols": {"x": "N", "L": "scalar", "i": "index N", "j": "index N"},
            "given": [r"L = \sum_{i=1}^N x_i^3"],
            "find": r"\frac{\partial L}{\partial x_j}",
        },
        (r"\frac{\partial L}{\partial x_j} = \sum_{i=1}^N 3 x_i^2",),
    ),
    Example(
        {
            "symbols": {"x": "N", "L": "scalar", "i": "index N", "j": "index N"},
            "given": [r"L = \sum_{i=1}^N x_i^3"],
            "find": r"\frac{\partial L}{\partial x_j}",
        },
        (r"\frac{\partial L}{\partial x_j} = \sum_{i=1}^N 5 x_i",),
    ),
    without_sum,
)
SUM_OVER_WRONG_INDEX = Card(
    "sum-over-wrong-index",
    "A sum runs over the wrong index",
    "The index that should be fixed is summed over, and the one that should be summed over is fixed.",
    "Which index is repeated is not seen at a glance in a product of matrices.",
    "Which index stands twice in the product, and which ones does the left side fix?",
    Example(ENTRIES, (r"\sum_{i=1}^K W_{ij} x_j",)),
    Example(ENTRIES, (r"\sum_{i=1}^K W_{ij}^2 x_j",)),
    other_sum,
    plants=(r"\sum_i A ~ \sum_j A : j like i",),
)
SUM_RANGE = Card(
    "sum-range",
    "A sum leaves out a term, or has one too many",
    "The sum runs over all indices but one, or over that one as well.",
    "A case distinction splits one term off, and later the sum is taken for the whole again.",
    "Which index does the sum leave out, and is that term counted anywhere else?",
    Example(
        {"symbols": {"z": "K", "j": "index K", "k": "index K"}, "answer": r"\frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}"},
        (r"\frac{e^{z_k}}{\sum_{j \neq k} e^{z_j}}",),
    ),
    Example(
        {"symbols": {"z": "K", "j": "index K", "k": "index K"}, "answer": r"\frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}"},
        (r"\frac{z_k}{\sum_{j \neq k} e^{z_j}}",),
    ),
    whole_range,
)
PRODUCT_OF_SUMS = Card(
    "product-of-sums",
    "Two sums are multiplied where products are summed",
    "A sum of products is written as the product of two sums.",
    "A sum may be split at a plus, and the same is done at a product.",
    "Which pairs of terms are multiplied in a sum of products, and which in a product of sums?",
    Example(RESIDUALS, (r"\sum_{i=1}^{N} r_i \sum_{i=1}^{N} x_i",)),
    Example(RESIDUALS, (r"\sum_{i=1}^{N} r_i \sum_{i=1}^{N} x_i^2",)),
    rows=(r"\sum_i A B ~ \left(\sum_i A\right) \left(\sum_i B\right)", r"\sum_i A B ~ \sum_i A \left(\sum_i B\right)"),
)
SCOPES = (ESCAPED_INDEX, TERM_OUTSIDE_SUM, TERM_INSIDE_SUM, PRODUCT_OF_SUMS)
SUMS = (MISSING_SUM, SUM_RANGE, EXTRA_SUM, SUM_OVER_WRONG_INDEX)
