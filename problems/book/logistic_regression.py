"""Logistic regression: gradient and Hessian, for one example and for a batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Function, MatrixSymbol, Symbol, log, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    parts, loss, (w, x, _, p, y) = _example()
    yield stated(
        "logistic-regression-weights",
        title="Logistic regression: the gradient by the weights",
        text="Derive the gradient of L by w for one example.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.91), for one example",
        find=derivative(loss, w),
        answer=(p - y) * x,
        also=[r"\hat{y} x - y x", "-(y - \\hat{y}) x"],
        wrong={
            r"(y - \hat{y}) x": "sign",
            r"\hat{y} - y": "missing-inner-derivative",
            r"(\hat{y} - y) x^T": "layout",
            r"(\hat{y} - y) w": "wrong-variable",
            r"(\hat{y} - y) \hat{y} (1 - \hat{y}) x": "extra-factor",
        },
        **parts,
    )

    parts, loss, (_, _, b, p, y) = _example()
    yield stated(
        "logistic-regression-bias",
        title="Logistic regression: the derivative by the bias",
        text="Derive the derivative of L by b for one example.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.91), for one example and a feature that is 1",
        find=derivative(loss, b),
        answer=p - y,
        also=r"\sigma(w^T x + b) - y",
        wrong={r"y - \hat{y}": "sign", r"(\hat{y} - y) x": "wrong-variable", r"(\hat{y} - y) b": "extra-factor"},
        **parts,
    )

    parts, _, (_, x, _, p, _) = _example()
    yield stated(
        "logistic-regression-hessian",
        title="Logistic regression: the Hessian",
        text="Derive the Hessian of L by w for one example.",
        source=f"{BISHOP}, section 4.3.3, eq. (4.97), for one example",
        find=r"\frac{\partial^2 L}{\partial w \partial w^T}",
        answer=p * (1 - p) * (x * x.T),
        also=r"(\hat{y} - \hat{y}^2) x x^T",
        wrong={
            r"-\hat{y} (1 - \hat{y}) x x^T": "sign",
            r"\hat{y} (1 - \hat{y}) x^T x": "inner-for-outer",
            "x x^T": "missing-inner-derivative",
            r"\hat{y} (1 - \hat{y}) x": "missing-factor",
            r"(\hat{y} - y) x x^T": "wrong-function",
        },
        **parts,
    )

    yield stated(
        "logistic-loss-plus-minus",
        title="The logistic loss with labels plus and minus one",
        text="The label y is 1 or -1. Derive the gradient of L by w.",
        source=f"{BISHOP}, section 7.1.2; the loss is eq. (7.48)",
        symbols={"w": "d", "x": "d", "y": "scalar", "L": "scalar"},
        given=r"L = \log(1 + e^{-y w^T x})",
        find=r"\frac{\partial L}{\partial w}",
        answer=r"-y \sigma(-y w^T x) x",
        also=[r"-\frac{y x}{1 + e^{y w^T x}}", r"(\sigma(y w^T x) - 1) y x"],
        wrong={
            r"y \sigma(-y w^T x) x": "sign",
            r"-y \sigma(y w^T x) x": "exponent-rule",
            r"-\sigma(-y w^T x) x": "missing-factor",
            r"\frac{x}{1 + e^{-y w^T x}}": "missing-inner-derivative",
        },
    )

    yield _batch(
        "logistic-regression-batch",
        title="Logistic regression: the gradient for a batch",
        text="Each row of X is an example. Derive the gradient of L by w.",
        source=f"{BISHOP}, section 4.3.3, eq. (4.96)",
        factor="-",
        find=r"\frac{\partial L}{\partial w}",
        answer=r"X^T (\hat{y} - y)",
        also=r"-X^T (y - \hat{y})",
        wrong={
            r"X^T (y - \hat{y})": "sign",
            r"X (\hat{y} - y)": "transposed",
            r"(\hat{y} - y)^T X": "layout",
            r"\frac{1}{N} X^T (\hat{y} - y)": "extra-mean",
        },
    )

    yield _batch(
        "logistic-regression-batch-mean",
        title="Logistic regression: the gradient of the mean loss of a batch",
        text="Each row of X is an example, and the loss is the mean over them. Derive the gradient of L by w.",
        source=f"{BISHOP}, section 4.3.3, eq. (4.96), divided by N",
        factor=r"-\frac{1}{N}",
        find=r"\frac{\partial L}{\partial w}",
        answer=r"\frac{1}{N} X^T (\hat{y} - y)",
        also=r"\frac{X^T \hat{y} - X^T y}{N}",
        wrong={
            r"X^T (\hat{y} - y)": "missing-mean",
            r"\frac{1}{N} X^T (y - \hat{y})": "sign",
            r"\frac{1}{N} X (\hat{y} - y)": "transposed",
            r"\frac{1}{N} (\hat{y} - y)": "missing-inner-derivative",
        },
    )

    yield _batch(
        "logistic-regression-batch-hessian",
        title="Logistic regression: the Hessian for a batch",
        text="Each row of X is an example. Derive the Hessian of L by w.",
        source=f"{BISHOP}, section 4.3.3, eq. (4.97)",
        factor="-",
        find=r"\frac{\partial^2 L}{\partial w \partial w^T}",
        answer=r"X^T \operatorname{diag}(\hat{y} \circ (1 - \hat{y})) X",
        also=r"X^T \operatorname{diag}(\hat{y}) X - X^T \operatorname{diag}(\hat{y})^2 X",
        wrong={
            "X^T X": "missing-inner-derivative",
            r"-X^T \operatorname{diag}(\hat{y} \circ (1 - \hat{y})) X": "sign",
            r"X \operatorname{diag}(\hat{y} \circ (1 - \hat{y})) X^T": "transposed",
            r"\frac{1}{N} X^T \operatorname{diag}(\hat{y} \circ (1 - \hat{y})) X": "extra-mean",
            r"X^T \operatorname{diag}(\hat{y} - y) X": "wrong-function",
        },
    )


def _example() -> tuple[dict[str, Any], Any, tuple[Any, Any, Any, Any, Any]]:
    """What is given, the loss, and the weights, the input, the bias, the prediction and the label."""
    size = Symbol("d")
    w, x = MatrixSymbol("w", size, 1), MatrixSymbol("x", size, 1)
    b, z, p, y, loss = symbols(r"b z \hat{y} y L")
    given = [
        "z = w^T x + b",
        equation(p, Function(r"\sigma")(z)),
        equation(loss, -(y * log(p) + (1 - y) * log(1 - p))),
    ]
    shapes = {"w": "d", "x": "d", "b": "scalar", "z": "scalar", r"\hat{y}": "scalar", "y": "scalar", "L": "scalar"}
    return {"given": given, "symbols": shapes, "names": {"p": r"\hat{y}"}}, loss, (w, x, b, p, y)


def _batch(identifier: str, *, factor: str, **rest: Any) -> Problem:
    """A batch of N examples, with a factor in front of the sum of their log-likelihoods."""
    return stated(
        identifier,
        symbols={"X": "N x d", "w": "d", "z": "N", r"\hat{y}": "N", "y": "N", "L": "scalar"},
        given=[
            "z = X w",
            r"\hat{y} = \sigma(z)",
            rf"L = {factor} \sum_{{n=1}}^{{N}} (y_n \log \hat{{y}}_n + (1 - y_n) \log(1 - \hat{{y}}_n))",
        ],
        final_form=("no sums",),
        **rest,
    )
