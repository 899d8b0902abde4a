"""Losses: squared errors, the binary cross-entropy, hinge, Huber, Kullback-Leibler and focal loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Contains, Function, IndexedBase, Integer, Interval, Rational, Sum, Symbol, log, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    size, k, y, outputs, loss = _vectors()
    yield stated(
        "mse-gradient",
        title="The gradient of the mean squared error",
        text="Derive the gradient of L by the predictions.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.1.4; the loss is eq. (5.4)",
        given=equation(loss, Sum((outputs[k] - y[k]) ** 2, (k, 1, size)) / size),
        find=derivative(loss, outputs),
        answer=Integer(2) / size * (outputs - y),
        also=r"-\frac{2}{n} (y - \hat{y})",
        wrong={
            r"2 (\hat{y} - y)": "missing-mean",
            r"\frac{1}{n} (\hat{y} - y)": "missing-factor-2",
            r"\frac{2}{n} (y - \hat{y})": "sign",
            r"\frac{2}{n} \sum_{k=1}^{n} (\hat{y}_k - y_k)": "missing-delta",
        },
        final_form=("no sums",),
    )

    yield stated(
        "sse-gradient",
        title="The gradient of the sum of squared errors",
        text="Derive the gradient of L by the predictions.",
        source=f"{BISHOP}, section 5.3.1, eq. (5.54); the loss is eq. (5.46)",
        given=equation(loss, Rational(1, 2) * Sum((outputs[k] - y[k]) ** 2, (k, 1, size))),
        find=derivative(loss, outputs),
        answer=outputs - y,
        also=r"-(y - \hat{y})",
        wrong={
            r"2 (\hat{y} - y)": "extra-factor-2",
            r"\frac{1}{2} (\hat{y} - y)": "missing-factor-2",
            r"y - \hat{y}": "sign",
            r"\frac{1}{n} (\hat{y} - y)": "extra-mean",
        },
        final_form=("no sums",),
    )

    yield stated(
        "squared-norm-gradient",
        title="The gradient of a squared norm",
        text="Derive the gradient of L by the predictions.",
        source="Petersen and Pedersen, The Matrix Cookbook (2012), section 2.6",
        symbols={r"\hat{y}": "k", "y": "k", "L": "scalar"},
        given=r"L = \|\hat{y} - y\|_2^2",
        find=r"\frac{\partial L}{\partial \hat{y}}",
        answer=r"2 (\hat{y} - y)",
        also=r"2 \hat{y} - 2 y",
        wrong={
            r"\hat{y} - y": "missing-factor-2",
            r"2 (y - \hat{y})": "sign",
            r"2 \|\hat{y} - y\|": "claimed-shape",
            r"\frac{2}{k} (\hat{y} - y)": "extra-mean",
            r"2 (\hat{y} - y)^T": "layout",
        },
        final_form=("no sums",),
    )

    j = Symbol("j")
    yield stated(
        "bce-gradient",
        title="The derivative of the binary cross-entropy by a prediction",
        text="Derive the derivative of L by the j-th prediction.",
        source=f"{BISHOP}, section 4.3.2; the loss is eq. (4.90)",
        given=equation(loss, -Sum(_likelihood(y[k], outputs[k]), (k, 1, size))),
        assume=Contains(outputs[k], Interval.open(0, 1)),
        find=derivative(loss, outputs[j]),
        answer=(outputs[j] - y[j]) / (outputs[j] * (1 - outputs[j])),
        also=r"-\frac{y_j}{\hat{y}_j} + \frac{1 - y_j}{1 - \hat{y}_j}",
        wrong={
            r"-\frac{y_j}{\hat{y}_j} - \frac{1 - y_j}{1 - \hat{y}_j}": "missing-inner-derivative",
            r"\frac{y_j}{\hat{y}_j} - \frac{1 - y_j}{1 - \hat{y}_j}": "sign",
            r"-\frac{\hat{y}_j}{y_j} + \frac{1 - \hat{y}_j}{1 - y_j}": "swapped-labels",
            r"-\frac{y_j}{\hat{y}_j}": "missing-term",
            r"\hat{y}_j - y_j": "wrong-variable",
        },
        final_form=("no sums",),
    )

    yield stated(
        "bce-mean-gradient",
        title="The gradient of the mean binary cross-entropy",
        text="Derive the gradient of L by the predictions.",
        source=f"{BISHOP}, section 4.3.2; the loss is eq. (4.90), divided by n",
        given=equation(loss, -Sum(_likelihood(y[k], outputs[k]), (k, 1, size)) / size),
        assume=Contains(outputs[k], Interval.open(0, 1)),
        find=derivative(loss, outputs),
        answer=r"\frac{1}{n} \left( \frac{1 - y}{1 - \hat{y}} - \frac{y}{\hat{y}} \right)",
        also=r"\frac{\hat{y} - y}{n \hat{y} \circ (1 - \hat{y})}",
        wrong={
            r"\frac{1 - y}{1 - \hat{y}} - \frac{y}{\hat{y}}": "missing-mean",
            r"\frac{1}{n} \left( \frac{y}{\hat{y}} - \frac{1 - y}{1 - \hat{y}} \right)": "sign",
            r"\frac{1 - y}{1 - \hat{y}} - \frac{1}{n} \frac{y}{\hat{y}}": "bracket-lost",
            r"-\frac{1}{n} \left( \frac{1 - y}{1 - \hat{y}} + \frac{y}{\hat{y}} \right)": "missing-inner-derivative",
        },
        final_form=("no sums",),
    )

    y, outputs, z, loss = symbols(r"y \hat{y} z L")
    yield stated(
        "bce-logit",
        title="The derivative of the binary cross-entropy by the logit",
        text="Derive the derivative of L by z, in terms of the prediction and the label.",
        source=f"{BISHOP}, section 5.2, exercise 5.6 and eq. (5.18); the loss is eq. (5.21)",
        given=[equation(outputs, Function(r"\sigma")(z)), equation(loss, -_likelihood(y, outputs))],
        find=derivative(loss, z),
        answer=outputs - y,
        also=[r"-y (1 - \hat{y}) + (1 - y) \hat{y}", r"\sigma(z) - y"],
        wrong={
            r"y - \hat{y}": "sign",
            r"\hat{y} (1 - \hat{y}) (\hat{y} - y)": "extra-factor",
            r"\frac{\hat{y} - y}{\hat{y} (1 - \hat{y})}": "missing-inner-derivative",
            r"-y (1 - \hat{y})": "missing-term",
        },
    )

    yield stated(
        "mse-sigmoid-logit",
        title="The derivative of the squared error of a sigmoid by the logit",
        text="Derive the derivative of L by z, in terms of the prediction and the label.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.2, on the squared error with a "
        "sigmoid",
        given=[equation(outputs, Function(r"\sigma")(z)), equation(loss, (outputs - y) ** 2)],
        find=derivative(loss, z),
        answer=r"2 (\hat{y} - y) \hat{y} (1 - \hat{y})",
        also=r"2 (\hat{y} - y) (\hat{y} - \hat{y}^2)",
        wrong={
            r"2 (\hat{y} - y)": "missing-inner-derivative",
            r"(\hat{y} - y) \hat{y} (1 - \hat{y})": "missing-factor-2",
            r"2 (y - \hat{y}) \hat{y} (1 - \hat{y})": "sign",
            r"2 (\hat{y} - y) (1 - \hat{y}^2)": "wrong-function",
        },
    )

    size, k, j, loss = symbols("K k j D")
    p, q = IndexedBase("p", shape=(size,)), IndexedBase("q", shape=(size,))
    yield stated(
        "kl-divergence-gradient",
        title="The Kullback-Leibler divergence by the model's distribution",
        text="Derive the derivative of D by the j-th entry of q, taken for itself.",
        source=f"{BISHOP}, section 1.6.1",
        given=equation(loss, Sum(p[k] * log(p[k] / q[k]), (k, 1, size))),
        assume=["p_k > 0", "q_k > 0"],
        find=derivative(loss, q[j]),
        answer=-p[j] / q[j],
        also="-p_j q_j^{-1}",
        wrong={
            r"\frac{p_j}{q_j}": "sign",
            r"-\frac{q_j}{p_j}": "reciprocal",
            r"\log \frac{p_j}{q_j} + 1": "wrong-variable",
            r"-\sum_{k=1}^{K} \frac{p_k}{q_k}": "missing-delta",
        },
        final_form=("no sums",),
    )

    yield stated(
        "hinge-loss-gradient",
        title="The gradient of the hinge loss by the weights",
        text="Derive the gradient of L by w, where the margin is not exactly 1.",
        source=f"{BISHOP}, section 7.1.2; the loss is eq. (7.45)",
        symbols={"w": "d", "x": "d", "y": "scalar", "L": "scalar"},
        given=r"L = \max(0, 1 - y w^T x)",
        find=r"\frac{\partial L}{\partial w}",
        answer=r"-y x \mathbf{1}[y w^T x < 1]",
        also=r"\begin{cases} -y x & y w^T x < 1 \\ 0 & \text{otherwise} \end{cases}",
        wrong={
            "-y x": "one-case-only",
            r"y x \mathbf{1}[y w^T x < 1]": "sign",
            r"-y x \mathbf{1}[y w^T x > 1]": "one-case-only",
            r"-x \mathbf{1}[y w^T x < 1]": "missing-factor",
        },
    )

    yield stated(
        "huber-loss-derivative",
        title="The derivative of the Huber loss",
        text="Derive the derivative of L by the residual r.",
        source="Boyd and Vandenberghe, Convex Optimization (2004), section 6.1.2, with half the penalty",
        symbols={"r": "scalar", "d": "scalar", "L": "scalar"},
        given=r"L = \begin{cases} \frac{1}{2} r^2 & |r| \le d \\ d |r| - \frac{1}{2} d^2 & |r| > d \end{cases}",
        assume="d > 0",
        find=r"\frac{\partial L}{\partial r}",
        answer=r"\begin{cases} r & |r| \le d \\ d \operatorname{sign}(r) & |r| > d \end{cases}",
        also=r"\max(-d, \min(d, r))",
        wrong={
            "r": "one-case-only",
            r"d \operatorname{sign}(r)": "one-case-only",
            r"\begin{cases} r & |r| \le d \\ d & |r| > d \end{cases}": "missing-factor",
            r"\begin{cases} 2 r & |r| \le d \\ d \operatorname{sign}(r) & |r| > d \end{cases}": "extra-factor-2",
        },
    )

    p, loss = symbols("p L")
    yield stated(
        "focal-loss-derivative",
        title="The derivative of the focal loss",
        text="Derive the derivative of L by the predicted probability p of the right class.",
        source="Lin, Goyal, Girshick, He and Dollar, Focal Loss for Dense Object Detection (2017), section 3.2, with "
        "gamma = 2",
        symbols={"p": "scalar", "L": "scalar"},
        given=equation(loss, -((1 - p) ** 2) * log(p)),
        assume=r"p \in (0, 1)",
        find=derivative(loss, p),
        answer=r"2 (1 - p) \log p - \frac{(1 - p)^2}{p}",
        also=r"(1 - p) \left( 2 \log p - \frac{1 - p}{p} \right)",
        wrong={
            r"-\frac{(1 - p)^2}{p}": "product-rule",
            r"-2 (1 - p) \log p - \frac{(1 - p)^2}{p}": "missing-inner-derivative",
            r"2 (1 - p) \log p + \frac{(1 - p)^2}{p}": "sign",
            r"\frac{2 (1 - p)}{p}": "product-rule",
        },
    )


def _likelihood(label: Any, output: Any) -> Any:
    """The log-likelihood of a label."""
    return label * log(output) + (1 - label) * log(1 - output)


def _vectors() -> tuple[Any, Any, Any, Any, Any]:
    """The size, an index, the labels, the predictions and the loss."""
    size, k, loss = symbols("n k L")
    return size, k, IndexedBase("y", shape=(size,)), IndexedBase(r"\hat{y}", shape=(size,)), loss
