"""A network of two layers with sigmoids, a softmax and the cross-entropy: the gradient by each of its quantities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = (
    "Stanford CS224n, Natural Language Processing with Deep Learning, assignment 1, neural network basics, here with "
    "columns; the recursion is Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.4, algorithm 6.4"
)
SHAPES = {
    "x": "D",
    "W_1": "H x D",
    "b_1": "H",
    "z_1": "H",
    "h": "H",
    "W_2": "K x H",
    "b_2": "K",
    "z_2": "K",
    r"\hat{y}": "K",
    "y": "K",
    "L": "scalar",
}
GIVEN = [
    "z_1 = W_1 x + b_1",
    r"h = \sigma(z_1)",
    "z_2 = W_2 h + b_2",
    r"\hat{y} = \operatorname{softmax}(z_2)",
    r"L = -\sum_{k=1}^{K} y_k \log \hat{y}_k",
]


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _network(
        "two-layer-second-weights",
        "W_2",
        title="Two layers: the gradient by the second weights",
        answer=r"(\hat{y} - y) h^T",
        also=r"\left( h (\hat{y} - y)^T \right)^T",
        wrong={
            r"h (\hat{y} - y)^T": "transposed",
            r"(y - \hat{y}) h^T": "sign",
            r"(\hat{y} - y) x^T": "wrong-variable",
            r"(\hat{y} - y)^T h": "inner-for-outer",
        },
    )

    yield _network(
        "two-layer-second-bias",
        "b_2",
        title="Two layers: the gradient by the second bias",
        answer=r"\hat{y} - y",
        also=r"-(y - \hat{y})",
        wrong={
            r"y - \hat{y}": "sign",
            r"W_2^T (\hat{y} - y)": "wrong-variable",
            r"(\hat{y} - y) \circ b_2": "extra-factor",
        },
    )

    yield _network(
        "two-layer-hidden",
        "h",
        title="Two layers: the gradient by the hidden layer",
        answer=r"W_2^T (\hat{y} - y)",
        also=r"W_2^T \hat{y} - W_2^T y",
        wrong={
            r"W_2 (\hat{y} - y)": "transposed",
            r"(\hat{y} - y) W_2^T": "product-order",
            r"(\hat{y} - y)^T W_2": "layout",
            r"W_2^T (y - \hat{y})": "sign",
        },
    )

    yield _network(
        "two-layer-hidden-sums",
        "z_1",
        title="Two layers: the gradient by what enters the sigmoids",
        answer=r"W_2^T (\hat{y} - y) \circ h \circ (1 - h)",
        also=r"\operatorname{diag}(h \circ (1 - h)) W_2^T (\hat{y} - y)",
        wrong={
            r"W_2^T (\hat{y} - y)": "missing-inner-derivative",
            r"W_2^T (\hat{y} - y) \circ h": "wrong-function",
            r"W_2^T (\hat{y} - y) \circ (1 - h \circ h)": "wrong-function",
            r"W_2^T ((\hat{y} - y) \circ \hat{y} \circ (1 - \hat{y}))": "derivative-at-wrong-place",
        },
    )

    yield _network(
        "two-layer-first-weights",
        "W_1",
        title="Two layers: the gradient by the first weights",
        answer=r"\left( W_2^T (\hat{y} - y) \circ h \circ (1 - h) \right) x^T",
        also=r"\operatorname{diag}(h \circ (1 - h)) W_2^T (\hat{y} - y) x^T",
        wrong={
            r"W_2^T (\hat{y} - y) x^T": "missing-inner-derivative",
            r"x \left( W_2^T (\hat{y} - y) \circ h \circ (1 - h) \right)^T": "transposed",
            r"\left( W_2 (\hat{y} - y) \circ h \circ (1 - h) \right) x^T": "transposed",
            r"\left( W_2^T (\hat{y} - y) \circ h \circ (1 - h) \right) h^T": "wrong-variable",
        },
    )

    yield _network(
        "two-layer-first-bias",
        "b_1",
        title="Two layers: the gradient by the first bias",
        answer=r"W_2^T (\hat{y} - y) \circ h \circ (1 - h)",
        also=r"\operatorname{diag}(h \circ (1 - h)) W_2^T (\hat{y} - y)",
        wrong={
            r"W_2^T (\hat{y} - y)": "missing-inner-derivative",
            r"W_2^T (y - \hat{y}) \circ h \circ (1 - h)": "sign",
            r"\hat{y} - y": "missing-factor",
        },
    )

    yield _network(
        "two-layer-input",
        "x",
        title="Two layers: the gradient by the input",
        answer=r"W_1^T \left( W_2^T (\hat{y} - y) \circ h \circ (1 - h) \right)",
        also=r"W_1^T \operatorname{diag}(h \circ (1 - h)) W_2^T (\hat{y} - y)",
        wrong={
            r"W_1^T W_2^T (\hat{y} - y)": "missing-inner-derivative",
            r"W_1 \left( W_2^T (\hat{y} - y) \circ h \circ (1 - h) \right)": "transposed",
            r"W_2^T W_1^T \left( (\hat{y} - y) \circ h \circ (1 - h) \right)": "product-order",
            r"\left( W_1^T W_2^T (\hat{y} - y) \right) \circ h \circ (1 - h)": "derivative-at-wrong-place",
        },
    )


def _network(identifier: str, variable: str, **rest: Any) -> Problem:
    """The gradient of the network's loss by one quantity."""
    return stated(
        identifier,
        text=f"Derive the gradient of $L$ by ${variable}$, in terms of the quantities of the network.",
        source=SOURCE,
        symbols=SHAPES,
        given=GIVEN,
        assume=r"\sum_{k=1}^{K} y_k = 1",
        names={"W^{(1)}": "W_1", "b^{(1)}": "b_1", "W^{(2)}": "W_2", "b^{(2)}": "b_2", "a": "h"},
        find=rf"\frac{{\partial L}}{{\partial {variable}}}",
        final_form=("no sums", "no derivatives"),
        **rest,
    )
