"""The linear layer on a batch of N examples, a row each: gradients under a sum and under a mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import Function, MatrixSymbol, OneMatrix, Symbol, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.6, for a matrix product"


class _Batch(NamedTuple):
    inputs: Any
    weights: Any
    bias: Any
    outputs: Any
    loss: Any
    given: list[Any]


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    batch = _batch()
    yield stated(
        "batch-layer-weights",
        title="The gradient of a batch layer by its weights",
        text="Each row of X is an example. Derive the gradient of J by W from the gradient of J by Z.",
        source=SOURCE,
        given=batch.given,
        find=derivative(batch.loss, batch.weights),
        answer=batch.inputs.T * derivative(batch.loss, batch.outputs),
        also=r"\left( \frac{\partial J}{\partial Z}^T X \right)^T",
        wrong={
            r"\frac{\partial J}{\partial Z}^T X": "transposed",
            r"\frac{\partial J}{\partial Z} X^T": "product-order",
            r"X \frac{\partial J}{\partial Z}": "transposed",
            r"\frac{1}{N} X^T \frac{\partial J}{\partial Z}": "extra-mean",
        },
        final_form=("no sums",),
    )

    yield stated(
        "batch-layer-inputs",
        title="The gradient of a batch layer by its inputs",
        text="Each row of X is an example. Derive the gradient of J by X from the gradient of J by Z.",
        source=SOURCE,
        given=batch.given,
        find=derivative(batch.loss, batch.inputs),
        answer=derivative(batch.loss, batch.outputs) * batch.weights.T,
        also=r"\left( W \frac{\partial J}{\partial Z}^T \right)^T",
        wrong={
            r"W^T \frac{\partial J}{\partial Z}": "product-order",
            r"\frac{\partial J}{\partial Z} W": "transposed",
            r"W \frac{\partial J}{\partial Z}^T": "layout",
        },
        final_form=("no sums",),
    )

    yield stated(
        "batch-layer-bias",
        title="The gradient of a batch layer by its bias",
        text="Every row of Z has the bias b added. Derive the gradient of J by b from the gradient of J by Z.",
        source=SOURCE,
        given=batch.given,
        find=derivative(batch.loss, batch.bias),
        answer=derivative(batch.loss, batch.outputs).T * OneMatrix(Symbol("N"), 1),
        also=r"\left( \mathbf{1}_N^T \frac{\partial J}{\partial Z} \right)^T",
        wrong={
            r"\frac{\partial J}{\partial Z}": "missing-sum",
            r"\frac{1}{N} \frac{\partial J}{\partial Z}^T \mathbf{1}_N": "extra-mean",
            r"\frac{\partial J}{\partial Z} \mathbf{1}_K": "sum-over-wrong-index",
            r"W \frac{\partial J}{\partial Z}^T \mathbf{1}_N": "wrong-variable",
        },
        final_form=("no sums",),
    )

    yield _squared(
        "batch-squared-sum-weights",
        title="Half the sum of squared errors of a batch, by the weights",
        loss=r"J = \frac{1}{2} \sum_{n=1}^{N} \sum_{k=1}^{K} (Z_{nk} - Y_{nk})^2",
        answer="X^T (Z - Y)",
        also="X^T X W - X^T Y",
        wrong={
            "2 X^T (Z - Y)": "extra-factor-2",
            r"\frac{1}{N} X^T (Z - Y)": "extra-mean",
            "X^T (Y - Z)": "sign",
            "(Z - Y)^T X": "transposed",
            "X (Z - Y)": "transposed",
        },
    )

    yield _squared(
        "batch-squared-mean-weights",
        title="The mean squared error of a batch, by the weights",
        loss=r"J = \frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{K} (Z_{nk} - Y_{nk})^2",
        answer=r"\frac{2}{N} X^T (Z - Y)",
        also=r"\frac{2}{N} (X^T X W - X^T Y)",
        wrong={
            "2 X^T (Z - Y)": "missing-mean",
            r"\frac{1}{N} X^T (Z - Y)": "missing-factor-2",
            r"\frac{2}{N} X^T (Y - Z)": "sign",
            r"\frac{2}{N} (Z - Y)^T X": "transposed",
            r"\frac{2}{N K} X^T (Z - Y)": "extra-mean",
        },
    )

    yield stated(
        "batch-squared-mean-bias",
        title="The mean squared error of a batch, by the bias",
        text="Each row of X is an example. Derive the gradient of J by b.",
        source="Bishop, Pattern Recognition and Machine Learning (2006), section 3.1.5, for several outputs",
        symbols={"X": "N x M", "W": "M x K", "b": "K", "Y": "N x K", "Z": "N x K", "J": "scalar"},
        given=[r"Z = X W + \mathbf{1}_N b^T", r"J = \frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{K} (Z_{nk} - Y_{nk})^2"],
        find=r"\frac{\partial J}{\partial b}",
        answer=r"\frac{2}{N} (Z - Y)^T \mathbf{1}_N",
        also=r"\frac{2}{N} \left( \mathbf{1}_N^T (Z - Y) \right)^T",
        wrong={
            r"2 (Z - Y)^T \mathbf{1}_N": "missing-mean",
            r"\frac{1}{N} (Z - Y)^T \mathbf{1}_N": "missing-factor-2",
            r"\frac{2}{N} (Z - Y)": "missing-sum",
            r"\frac{2}{N} (Z - Y) \mathbf{1}_K": "sum-over-wrong-index",
        },
        final_form=("no sums",),
    )


def _squared(identifier: str, *, title: str, loss: str, **rest: Any) -> Problem:
    """The squared errors of Z = X W against Y."""
    return stated(
        identifier,
        title=title,
        text="Each row of X is an example. Derive the gradient of J by W.",
        source="Bishop, Pattern Recognition and Machine Learning (2006), section 3.1.5, for several outputs",
        symbols={"X": "N x M", "W": "M x K", "Y": "N x K", "Z": "N x K", "J": "scalar"},
        given=["Z = X W", loss],
        find=r"\frac{\partial J}{\partial W}",
        final_form=("no sums",),
        **rest,
    )


def _batch() -> _Batch:
    """The layer Z = X W + 1 b^T and that J depends on Z."""
    count, inputs, outputs = symbols("N M K")
    x, w = MatrixSymbol("X", count, inputs), MatrixSymbol("W", inputs, outputs)
    b, z, loss = MatrixSymbol("b", outputs, 1), MatrixSymbol("Z", count, outputs), Symbol("J")
    given = [equation(z, x * w + OneMatrix(count, 1) * b.T), equation(loss, Function("J")(z))]
    return _Batch(x, w, b, z, loss, given)
