"""Products of arrays: transposes, the order of factors, and which product is meant."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

from truestep.checkers.mistakes.candidate import Candidate
from truestep.checkers.mistakes.card import Card, Example
from truestep.checkers.mistakes.families.problems import BY_INPUT, BY_WEIGHTS, LEAST_SQUARES
from truestep.checkers.mistakes.places import LINEAR, Place, plain, times, turned
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.checkers.mistakes.case import Case

ENTRYWISE = ("odot", "circ", "star")
SHAPED = frozenset(
    ("symbol", "member", "entry", "derivative", "gradient", "transpose", "add", "apply", "power", "product")
)


def _may_turn(case: Case, place: Place) -> bool:
    """Whether a transpose here could mean something: no scalar, no number, not already the whole."""
    node = plain(place.node)
    if node.head not in SHAPED or not place.path:
        return False
    return node.head != "symbol" or case.arrays.get(str(node.data), SCALAR) != SCALAR


def transposed(case: Case) -> Iterator[Candidate]:
    """One factor transposed, or all of its occurrences; a transpose left out."""
    for place in case.places:
        above = place.above
        if above is not None and above.head == "transpose":
            continue
        if _may_turn(case, place) and above is not None and above.head in LINEAR | {"add", "entry"}:
            yield Candidate(place.put(turned(place.node)), place.node.span)
    marked = [place for place in case.places if place.node.head == "transpose"]
    if len(marked) > 1:
        yield Candidate(_without_transposes(case.right), marked[0].node.span)
    names = {node.data for node in case.right.walk() if node.head == "symbol"}
    for name in sorted(names):
        if case.arrays.get(name, SCALAR) != SCALAR:
            yield Candidate(_all_turned(case.right, name), case.right.span)


def _without_transposes(node: Expression) -> Expression:
    return node.map(lambda child: child.args[0] if child.head == "transpose" else child)


def _all_turned(node: Expression, name: str) -> Expression:
    """Every occurrence of a name transposed, those that were transposed made plain."""
    if node.head == "transpose" and plain(node.args[0]).data == name:
        return node.args[0]
    if node.head == "symbol" and node.data == name:
        return turned(node)
    if node.head in ("entry", "derivative"):
        return node
    args = tuple(_all_turned(arg, name) for arg in node.args)
    return Expression(node.head, args, node.data, node.span)


def reordered_and_turned(case: Case) -> Iterator[Candidate]:
    """The factors of a product in another order, one or more of them transposed."""
    for place in case.places:
        node = place.node
        if node.head != "product":
            continue
        parts, scalars = _parts(case, node)
        if not 2 <= len(parts) <= 3:
            continue
        for order in permutations(parts):
            for flags in product((False, True), repeat=len(order)):
                if order != tuple(parts) and any(flags):
                    made = [turned(part) if flag else part for part, flag in zip(order, flags, strict=True)]
                    yield Candidate(place.put(times(*scalars, *made)), node.span)


def _parts(case: Case, node: Expression) -> tuple[list[Expression], list[Expression]]:
    """The factors that may be arrays, and those that are numbers or scalars for certain."""
    parts, scalars = list[Expression](), list[Expression]()
    for arg in node.args:
        bare = plain(arg)
        is_scalar = bare.head in ("number", "size", "quotient", "constant") or (
            bare.head == "symbol" and case.arrays.get(str(bare.data), SCALAR) == SCALAR
        )
        (scalars if is_scalar else parts).append(arg)
    return parts, scalars


LAYOUT = Card(
    "layout",
    "This is the transpose of what it should be: the other layout",
    "Every entry is right, but rows and columns are exchanged.",
    "Books lay the derivative out in two ways, and half of them do not say which one they use.",
    "Which shape must the derivative have in the layout of this problem, and which shape is this?",
    Example(BY_WEIGHTS, (r"\frac{\partial J}{\partial W} = x \left(\frac{\partial J}{\partial z}\right)^T",)),
    Example(BY_WEIGHTS, (r"\frac{\partial J}{\partial W} = b \left(\frac{\partial J}{\partial z}\right)^T",)),
    rows=(r"A^T ~ A : the whole, A is an array", r"A ~ A^T : the whole, A is an array"),
)
TRANSPOSED = Card(
    "transposed",
    "A factor is transposed, or lacks its transpose",
    "The right factors stand there, but one of them has its rows and columns exchanged.",
    "In the scalar case there is no transpose, and the rule is remembered from there.",
    "Which shape does each factor have, and which entries meet in the sum that this product is?",
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = W \frac{\partial J}{\partial z}",)),
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = W b",)),
    transposed,
    plants=(r"A ~ A^T : a part, A is a name, A is an array", r"A^T ~ A : A is a name, A is an array"),
)
PRODUCT_ORDER = Card(
    "product-order",
    "The factors of a product stand in the wrong order",
    "The right factors stand there, but matrices do not commute.",
    "The chain rule is written for scalars from left to right, where the order does not matter.",
    "Which size do neighbouring factors share, and in which order can they be multiplied?",
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} W^T",)),
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} b^T",)),
    rows=(
        r"A B ~ B A : A is an array, B is an array",
        r"A B C ~ C B A : A is an array, C is an array",
    ),
)
ORDER_AND_TRANSPOSE = Card(
    "order-and-transpose",
    "The factors stand in the wrong order, and one is transposed that should not be, or the reverse",
    "The right factors stand there, but their order and a transpose are both wrong.",
    "Factors are pushed around until something can be multiplied, and then the sizes fit the wrong quantity.",
    "What is one entry of this product as a sum, and over which index does it run?",
    Example(
        {
            "symbols": {"U": "d x V", "v": "d", "t": "V", "J": "scalar"},
            "given": ["t = U^T v", "J = J(t)"],
            "find": r"\frac{\partial J}{\partial v}",
        },
        (r"\frac{\partial J}{\partial v} = \frac{\partial J}{\partial t} U^T",),
    ),
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} x",)),
    reordered_and_turned,
)
PRODUCT_FOR_HADAMARD = Card(
    "product-for-hadamard",
    "A matrix product stands where entries are multiplied one by one",
    "Two arrays of one shape are multiplied as matrices or summed up, though each entry meets its own partner only.",
    "The sign of the entrywise product is left out, and what is left reads as another product.",
    "Does each entry of the result depend on one pair of entries, or on a whole row and column?",
    Example(
        {
            "symbols": {"z": "K", "a": "K", "J": "scalar"},
            "given": [r"a = \sigma(z)", "J = J(a)"],
            "find": r"\frac{\partial J}{\partial z}",
        },
        (r"\frac{\partial J}{\partial z} = \left(\frac{\partial J}{\partial a}\right)^T \sigma'(z)",),
    ),
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = W^T b",)),
    rows=(r"A \odot B ~ A B", r"A \odot B ~ A^T B", r"A \odot B ~ A B^T"),
)
HADAMARD_FOR_PRODUCT = Card(
    "hadamard-for-product",
    "Entries are multiplied one by one where a matrix product belongs",
    "The entrywise product stands where a row meets a column.",
    "In code the star multiplies entry by entry, and it is written down as the product sign.",
    "Is there a sum over an index hidden in this product?",
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = W^T \odot \frac{\partial J}{\partial z}",)),
    Example(BY_INPUT, (r"\frac{\partial J}{\partial x} = W^T \odot W^T",)),
    rows=(r"A B ~ A \odot B",),
)
INNER_FOR_OUTER = Card(
    "inner-for-outer",
    "An inner product stands where an outer product belongs",
    "Two vectors are multiplied to a number, though each entry of one must meet each entry of the other.",
    "The two differ only by the factor that carries the transpose.",
    "Is the result a number or a matrix, and which factor must then be the column?",
    Example(
        {"symbols": {"s": "K"}, "answer": r"\operatorname{diag}(s) - s s^T"},
        (r"\operatorname{diag}(s) - s^T s",),
    ),
    Example(
        {"symbols": {"s": "K"}, "answer": r"\operatorname{diag}(s) - s s^T"}, (r"\operatorname{diag}(s) - 2 s^T s",)
    ),
    rows=(r"A B^T ~ A^T B : A is a vector, B is a vector", r"A A^T ~ \|A\|^2 : A is a vector"),
)
OUTER_FOR_INNER = Card(
    "outer-for-inner",
    "An outer product stands where an inner product belongs",
    "Two vectors are multiplied to a matrix, though their entries should be summed up.",
    "The two differ only by the factor that carries the transpose.",
    "Is the result a number or a matrix, and which factor must then be the row?",
    Example(
        {"symbols": {"w": "D", "x": "D", "f": "scalar"}, "answer": r"w^T x", "strict": ["trace-left-out"]}, (r"w x^T",)
    ),
    Example(LEAST_SQUARES, (r"\frac{\partial L}{\partial w} = 2 w y^T",)),
    rows=(r"A^T B ~ A B^T : A is a vector, B is a vector",),
)
PRODUCTS = (
    LAYOUT,
    PRODUCT_FOR_HADAMARD,
    HADAMARD_FOR_PRODUCT,
    INNER_FOR_OUTER,
    OUTER_FOR_INNER,
    TRANSPOSED,
    PRODUCT_ORDER,
)
