"""Least squares and ridge regression: gradients and Hessians."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import MatrixSymbol, Symbol, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
SHAPES = {"X": "N x d", "w": "d", "y": "N", "L": "scalar"}


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    x, w, y, loss = _objects()
    yield stated(
        "least-squares-gradient",
        title="Least squares: the gradient",
        text="Derive the gradient of L by w.",
        source=f"{BISHOP}, section 3.1.1",
        symbols=SHAPES,
        given=r"L = \|X w - y\|_2^2",
        find=derivative(loss, w),
        answer=2 * x.T * (x * w - y),
        also=["2 X^T X w - 2 X^T y", "-2 X^T (y - X w)"],
        wrong={
            "X^T (X w - y)": "missing-factor-2",
            "2 X^T (y - X w)": "sign",
            "2 X (X w - y)": "transposed",
            "2 (X w - y)^T X": "layout",
            "2 (X w - y)": "missing-inner-derivative",
        },
    )

    yield stated(
        "least-squares-mean-gradient",
        title="Least squares: the gradient of the mean squared error",
        text="Derive the gradient of L by w.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.1.4",
        symbols=SHAPES,
        given=r"L = \frac{1}{N} \|X w - y\|_2^2",
        find=derivative(loss, w),
        answer=r"\frac{2}{N} X^T (X w - y)",
        also=r"\frac{2}{N} (X^T X w - X^T y)",
        wrong={
            "2 X^T (X w - y)": "missing-mean",
            r"\frac{1}{N} X^T (X w - y)": "missing-factor-2",
            r"\frac{2}{N} X^T (y - X w)": "sign",
            r"\frac{2}{N} X^T X w - 2 X^T y": "bracket-lost",
        },
    )

    yield stated(
        "least-squares-hessian",
        title="Least squares: the Hessian",
        text="Derive the Hessian of L by w.",
        source="Boyd and Vandenberghe, Convex Optimization (2004), section 3.1.4, on quadratic functions",
        symbols=SHAPES,
        given=r"L = \|X w - y\|_2^2",
        find=r"\frac{\partial^2 L}{\partial w \partial w^T}",
        answer=2 * x.T * x,
        also="(2 X^T X)^T",
        wrong={
            "X^T X": "missing-factor-2",
            "2 X X^T": "transposed",
            "2 X^T X w": "extra-factor",
            "2 X": "missing-factor",
        },
    )

    yield stated(
        "weighted-least-squares-gradient",
        title="Weighted least squares: the gradient",
        text="R is the diagonal matrix of the weights r of the examples. Derive the gradient of L by w.",
        source=f"{BISHOP}, section 4.3.3, for the weighted normal equations",
        symbols={**SHAPES, "r": "N"},
        given=r"L = \frac{1}{2} (X w - y)^T \operatorname{diag}(r) (X w - y)",
        find=derivative(loss, w),
        answer=r"X^T \operatorname{diag}(r) (X w - y)",
        also=r"X^T (r \circ (X w - y))",
        wrong={
            r"2 X^T \operatorname{diag}(r) (X w - y)": "extra-factor-2",
            "X^T (X w - y)": "missing-factor",
            r"\operatorname{diag}(r) X^T (X w - y)": "product-order",
            r"X^T \operatorname{diag}(r) (y - X w)": "sign",
        },
    )

    yield stated(
        "ridge-gradient",
        title="Ridge regression: the gradient",
        text="Derive the gradient of L by w.",
        source=f"{BISHOP}, section 3.1.4; the loss is twice eq. (3.27)",
        symbols={**SHAPES, r"\lambda": "scalar"},
        given=r"L = \|X w - y\|_2^2 + \lambda \|w\|_2^2",
        find=derivative(loss, w),
        answer=r"2 X^T (X w - y) + 2 \lambda w",
        also=r"2 (X^T X + \lambda I) w - 2 X^T y",
        wrong={
            r"2 X^T (X w - y) + \lambda w": "missing-factor-2",
            "2 X^T (X w - y)": "missing-term",
            r"2 X^T (X w - y) + 2 \lambda": "wrong-exponent",
            r"2 X^T (X w - y) - 2 \lambda w": "sign",
            r"2 X^T (X w - y + \lambda w)": "bracket-lost",
        },
    )

    yield stated(
        "ridge-hessian",
        title="Ridge regression: the Hessian",
        text="Derive the Hessian of L by w.",
        source=f"{BISHOP}, section 3.1.4; the loss is twice eq. (3.27)",
        symbols={**SHAPES, r"\lambda": "scalar"},
        given=r"L = \|X w - y\|_2^2 + \lambda \|w\|_2^2",
        find=r"\frac{\partial^2 L}{\partial w \partial w^T}",
        answer=r"2 X^T X + 2 \lambda I",
        also=r"2 (X^T X + \lambda I)",
        wrong={
            r"2 X^T X + 2 \lambda": "claimed-shape",
            r"X^T X + \lambda I": "missing-factor-2",
            "2 X^T X": "missing-term",
            r"2 X X^T + 2 \lambda I": "transposed",
            r"2 X^T X + 2 \lambda \mathbf{1}_d \mathbf{1}_d^T": "missing-delta",
        },
    )


def _objects() -> tuple[MatrixSymbol, MatrixSymbol, MatrixSymbol, Symbol]:
    count, size = symbols("N d")
    return MatrixSymbol("X", count, size), MatrixSymbol("w", size, 1), MatrixSymbol("y", count, 1), Symbol("L")
