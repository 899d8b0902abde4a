"""Regularisation: penalties on the weights, for themselves and beside a loss."""

from __future__ import annotations

from collections.abc import Iterator

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

DEEP = "Goodfellow, Bengio and Courville, Deep Learning (2016)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield stated(
        "l2-penalty-gradient",
        title="The gradient of the L2 penalty",
        text="Derive the gradient of R by w.",
        source=f"{DEEP}, section 7.1.1",
        symbols={"w": "d", r"\lambda": "scalar", "R": "scalar"},
        given=r"R = \frac{\lambda}{2} \|w\|_2^2",
        find=r"\frac{\partial R}{\partial w}",
        answer=r"\lambda w",
        also=r"\frac{\lambda}{2} 2 w",
        wrong={
            r"2 \lambda w": "extra-factor-2",
            r"\frac{\lambda}{2} w": "missing-factor-2",
            r"\lambda \|w\|_2": "claimed-shape",
            r"\lambda": "wrong-exponent",
            r"\lambda w^T": "layout",
        },
    )

    yield stated(
        "l1-penalty-gradient",
        title="The gradient of the L1 penalty",
        text="Derive the gradient of R by w, where no entry of w is 0.",
        source=f"{DEEP}, section 7.1.2",
        symbols={"w": "d", r"\lambda": "scalar", "R": "scalar"},
        given=r"R = \lambda \sum_{i=1}^{d} |w_i|",
        assume=r"w_i \neq 0",
        find=r"\frac{\partial R}{\partial w}",
        answer=r"\lambda \operatorname{sign}(w)",
        also=r"\lambda \frac{w}{\operatorname{abs}(w)}",
        wrong={
            r"\lambda \mathbf{1}_d": "one-case-only",
            r"\lambda w": "wrong-function",
            r"-\lambda \operatorname{sign}(w)": "sign",
            r"\operatorname{sign}(w)": "missing-factor",
        },
    )

    yield stated(
        "frobenius-penalty-gradient",
        title="The gradient of the squared Frobenius norm",
        text="Derive the gradient of R by W.",
        source="Petersen and Pedersen, The Matrix Cookbook (2012), section 2.7",
        symbols={"W": "K x M", r"\lambda": "scalar", "R": "scalar"},
        given=r"R = \lambda \|W\|_F^2",
        find=r"\frac{\partial R}{\partial W}",
        answer=r"2 \lambda W",
        also=r"\lambda (W + W)",
        wrong={
            r"\lambda W": "missing-factor-2",
            r"2 \lambda W^T": "transposed",
            r"2 \lambda \|W\|_F": "claimed-shape",
            "2 W": "missing-factor",
        },
    )

    yield stated(
        "regularised-layer-weights",
        title="A linear layer with weight decay: the gradient by the weights",
        text="The loss depends on z. Derive the gradient of J by W from the gradient of L by z.",
        source=f"{DEEP}, section 7.1.1, with algorithm 6.4 of section 6.5.4",
        symbols={
            "W": "K x M",
            "x": "M",
            "b": "K",
            "z": "K",
            "L": "scalar",
            "J": "scalar",
            r"\lambda": "scalar",
        },
        given=["z = W x + b", "L = L(z)", r"J = L + \frac{\lambda}{2} \|W\|_F^2"],
        find=r"\frac{\partial J}{\partial W}",
        answer=r"\frac{\partial L}{\partial z} x^T + \lambda W",
        also=r"\lambda W + \left( x \frac{\partial L}{\partial z}^T \right)^T",
        wrong={
            r"\frac{\partial L}{\partial z} x^T": "missing-term",
            r"\frac{\partial L}{\partial z} x^T + \frac{\lambda}{2} W": "missing-factor-2",
            r"x \frac{\partial L}{\partial z}^T + \lambda W^T": "transposed",
            r"\frac{\partial L}{\partial z} x^T - \lambda W": "sign",
        },
        final_form=("no sums",),
    )

    yield stated(
        "regularised-logistic-gradient",
        title="Logistic regression with the L2 penalty: the gradient",
        text="Each row of X is an example. Derive the gradient of J by w.",
        source="Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.3, eq. (4.96), with the penalty "
        f"of {DEEP}, section 7.1.1",
        symbols={
            "X": "N x d",
            "w": "d",
            "z": "N",
            r"\hat{y}": "N",
            "y": "N",
            "L": "scalar",
            "J": "scalar",
            r"\lambda": "scalar",
        },
        given=[
            "z = X w",
            r"\hat{y} = \sigma(z)",
            r"L = -\frac{1}{N} \sum_{n=1}^{N} (y_n \log \hat{y}_n + (1 - y_n) \log(1 - \hat{y}_n))",
            r"J = L + \frac{\lambda}{2} \|w\|_2^2",
        ],
        find=r"\frac{\partial J}{\partial w}",
        answer=r"\frac{1}{N} X^T (\hat{y} - y) + \lambda w",
        also=r"\lambda w - \frac{X^T (y - \hat{y})}{N}",
        wrong={
            r"\frac{1}{N} X^T (\hat{y} - y)": "missing-term",
            r"X^T (\hat{y} - y) + \lambda w": "missing-mean",
            r"\frac{1}{N} (X^T (\hat{y} - y) + \lambda w)": "bracket-lost",
            r"\frac{1}{N} X^T (\hat{y} - y) + 2 \lambda w": "extra-factor-2",
        },
        final_form=("no sums",),
    )
