"""Losses: squared errors and the binary cross-entropy."""

from __future__ import annotations

from typing import Any

from sympy import Contains, Function, IndexedBase, Integer, Interval, Rational, Sum, Symbol, log, symbols

from problems.problem import Problem
from problems.stated import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"


def mean_squared() -> Problem:
    """The mean of the squared errors."""
    size, k, y, outputs, loss = _vectors()
    return stated(
        "mse-gradient",
        title="The gradient of the mean squared error",
        text="Derive the gradient of L by the predictions.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.1.4; the loss is eq. (5.4)",
        given=equation(loss, Sum((outputs[k] - y[k]) ** 2, (k, 1, size)) / size),
        find=derivative(loss, outputs),
        answer=Integer(2) / size * (outputs - y),
        final_form=("no sums",),
    )


def sum_squared() -> Problem:
    """Half the sum of the squared errors."""
    size, k, y, outputs, loss = _vectors()
    return stated(
        "sse-gradient",
        title="The gradient of the sum of squared errors",
        text="Derive the gradient of L by the predictions.",
        source=f"{BISHOP}, section 5.3.1, eq. (5.54); the loss is eq. (5.46)",
        given=equation(loss, Rational(1, 2) * Sum((outputs[k] - y[k]) ** 2, (k, 1, size))),
        find=derivative(loss, outputs),
        answer=outputs - y,
        final_form=("no sums",),
    )


def binary() -> Problem:
    """The binary cross-entropy by one prediction."""
    size, k, y, outputs, loss = _vectors()
    j = Symbol("j")
    return stated(
        "bce-gradient",
        title="The derivative of the binary cross-entropy by a prediction",
        text="Derive the derivative of L by the j-th prediction.",
        source=f"{BISHOP}, section 4.3.2; the loss is eq. (4.90)",
        given=equation(loss, -Sum(_likelihood(y[k], outputs[k]), (k, 1, size))),
        assume=Contains(outputs[k], Interval.open(0, 1)),
        find=derivative(loss, outputs[j]),
        answer=(outputs[j] - y[j]) / (outputs[j] * (1 - outputs[j])),
        final_form=("no sums",),
    )


def binary_logit() -> Problem:
    """The binary cross-entropy of a sigmoid by its logit."""
    y, outputs, z, loss = symbols(r"y \hat{y} z L")
    return stated(
        "bce-logit",
        title="The derivative of the binary cross-entropy by the logit",
        text="Derive the derivative of L by z, in terms of the prediction and the label.",
        source=f"{BISHOP}, section 5.2, exercise 5.6 and eq. (5.18); the loss is eq. (5.21)",
        given=[equation(outputs, Function(r"\sigma")(z)), equation(loss, -_likelihood(y, outputs))],
        find=derivative(loss, z),
        answer=outputs - y,
    )


def _likelihood(label: Any, output: Any) -> Any:
    """The log-likelihood of a label."""
    return label * log(output) + (1 - label) * log(1 - output)


def _vectors() -> tuple[Any, Any, Any, Any, Any]:
    """The size, an index, the labels, the predictions and the loss."""
    size, k, loss = symbols("n k L")
    return size, k, IndexedBase("y", shape=(size,)), IndexedBase(r"\hat{y}", shape=(size,)), loss
