"""What a sum of products of entries is called in matrix notation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.deriving.rule_names import MATRIX_FORM, MATRIX_PRODUCT
from truestep.derivations.deriving.rules.linear import COOKBOOK
from truestep.derivations.deriving.rules.rule import Example

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.nodes import Node

GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 2.2"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of matrix notation: ``fits`` tells it from the outermost operator."""

    name: str
    source: str
    fits: Callable[[Node], bool]
    example: Example


def is_sums(node: Node) -> bool:
    """A 1, the sums of the rows."""
    return node.op == "chain" and any(arg.op == "ones" for arg in node.args) and 1 in node.dims


def is_outer(node: Node) -> bool:
    """a b^T."""
    return node.op == "chain" and any(arg.dims[0] == 1 for arg in node.args) and 1 not in node.dims


def is_matrix_vector(node: Node) -> bool:
    """A b."""
    return node.op == "chain" and not node.is_scalar and 1 in node.dims


def is_matrix_product(node: Node) -> bool:
    """A B."""
    return node.op == "chain" and 1 not in node.dims


def is_hadamard(node: Node) -> bool:
    """a * b, entry by entry."""
    return node.op == "entrywise"


def is_diag(node: Node) -> bool:
    """diag(a)."""
    return node.op == "diag"


def is_any(node: Node) -> bool:
    """Everything else."""
    return node.op != ""


FORMS = (
    Form(
        "row and column sums",
        f"{COOKBOOK}, section 9.7",
        is_sums,
        Example({"f": "scalar", "a": "m", "X": "m x n"}, (r"f = \sum_{i=1}^m \sum_{j=1}^n a_i X_{ij}",), "a"),
    ),
    Form(
        "outer product",
        f"{GOODFELLOW}; {COOKBOOK}, eq. (70)",
        is_outer,
        Example({"f": "scalar", "a": "m", "X": "m x n", "b": "n"}, ("f = a^T X b",), "X"),
    ),
    Form(
        "matrix-vector product",
        f"{GOODFELLOW}, eq. (2.5)",
        is_matrix_vector,
        Example({"f": "scalar", "a": "m", "X": "m x n", "b": "n"}, ("f = a^T X b",), "b"),
    ),
    Form(
        MATRIX_PRODUCT,
        f"{GOODFELLOW}, eq. (2.5)",
        is_matrix_product,
        Example({"f": "scalar", "A": "p x m", "X": "m x n", "B": "n x p"}, (r"f = \operatorname{tr}(A X B)",), "X"),
    ),
    Form(
        "Hadamard product",
        f"{GOODFELLOW}",
        is_hadamard,
        Example({"f": "scalar", "a": "n", "x": "n", "b": "n"}, (r"f = \sum_{i=1}^n a_i x_i b_i",), "x"),
    ),
    Form(
        "diagonal matrix",
        f"{GOODFELLOW[:-3]}2.6",
        is_diag,
        Example({"f": "n", "a": "n", "x": "n"}, (r"f = a \odot x",), "x"),
    ),
    Form(
        MATRIX_FORM,
        f"{COOKBOOK}",
        is_any,
        Example({"f": "n", "x": "n"}, (r"f = \operatorname{softmax}(x)",), "x"),
    ),
)


def form_of(node: Node) -> str:
    """The name of the form that a node has, whatever scalar stands before it."""
    core = node.args[-1] if node.op == "mul" else node
    return next(form.name for form in FORMS if form.fits(core))
