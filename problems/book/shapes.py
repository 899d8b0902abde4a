"""Shapes: of gradients, of Jacobians, and of what a layer passes on for a batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = (
    "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.6, on gradients of the shape of their arrays"
)
SIZES = {"m": "size", "r": "size", "N": "size"}


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _shape(
        "shape-of-weight-gradient",
        title="The shape of a gradient by a matrix",
        text="A layer maps m inputs to r outputs by weights $w_1$ of the shape m x r. Which shape has the gradient of "
        "the loss by these weights?",
        symbols={"w_1": "m x r"},
        answer=r"\mathbb{R}^{m \times r}",
        also=["(m, r)", "m x r"],
        wrong={"(r, m)": "transposed", "(m, 1)": "claimed-shape", "(r)": "claimed-shape"},
    )

    yield _shape(
        "shape-of-bias-gradient",
        title="The shape of a gradient by a bias",
        text="A layer maps m inputs to r outputs, for a batch of N. Which shape has the gradient of the loss by the "
        "bias of the layer?",
        symbols={},
        answer=r"\mathbb{R}^{r}",
        also=["(r)", "(r, 1)"],
        wrong={"(N, r)": "missing-sum", "(m)": "claimed-shape", "(m, r)": "claimed-shape"},
    )

    yield _shape(
        "shape-of-input-jacobian",
        title="The shape of a layer's Jacobian by its input",
        text="A layer maps a vector of m inputs to r outputs by weights of the shape m x r. Which shape has the "
        "Jacobian of its outputs by its inputs, in denominator layout?",
        symbols={},
        answer=r"\mathbb{R}^{m \times r}",
        also=["(m, r)", "m x r"],
        wrong={"(r, m)": "layout", "(m, m)": "claimed-shape", "(r)": "claimed-shape"},
    )

    yield _shape(
        "shape-of-batch-input-gradient",
        title="The shape of the gradient by the inputs of a batch",
        text="A layer maps m inputs to r outputs; the upstream gradient of a batch of N examples has the shape (N, r). "
        "Which shape has the gradient of the loss by the inputs of the layer?",
        symbols={},
        answer=r"\mathbb{R}^{N \times m}",
        also=["(N, m)", "N x m"],
        wrong={"(N, r)": "claimed-shape", "(m, N)": "transposed", "(m, r)": "claimed-shape"},
    )

    yield _shape(
        "shape-of-attention-scores",
        title="The shape of attention scores",
        text="N queries and m keys have r entries each, in the rows of two matrices. Which shape has the matrix of all "
        "scores, a row for each query?",
        symbols={},
        source="Vaswani et al., Attention Is All You Need (2017), section 3.2.1",
        answer=r"\mathbb{R}^{N \times m}",
        also=["(N, m)", "N x m"],
        wrong={"(m, N)": "transposed", "(r, r)": "product-order", "(N, r)": "claimed-shape"},
    )


def _shape(identifier: str, *, symbols: dict[str, str], **rest: Any) -> Problem:
    return stated(
        identifier, **{"source": SOURCE, "symbols": {**SIZES, **symbols}, "find": (), "kind": "shape", **rest}
    )
