"""Stochastic gradient descent: that its estimate is unbiased, and what one step is."""

from __future__ import annotations

from collections.abc import Iterator

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.1.3"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield stated(
        "sgd-unbiased",
        title="Stochastic gradient descent is unbiased",
        text="One of N examples is drawn uniformly. Show that the expectation of the gradient of its loss is the "
        "gradient of the mean loss.",
        source=SOURCE,
        symbols={"w": "d", "L": "scalar", r"\ell": "N", "i": "index N"},
        given=[r"\ell = \ell(w)", r"L = \frac{1}{N} \sum_{i=1}^{N} \ell_i"],
        assume=r"i \sim \text{Uniform}",
        find=r"\mathbb{E}_i\left[\frac{\partial \ell_i}{\partial w}\right]",
        answer=r"\frac{\partial L}{\partial w}",
        also=r"\frac{1}{N} \sum_{i=1}^{N} \frac{\partial \ell_i}{\partial w}",
        wrong={
            r"N \frac{\partial L}{\partial w}": "missing-mean",
            r"\frac{1}{N} \frac{\partial L}{\partial w}": "extra-mean",
            r"\sum_{i=1}^{N} \frac{\partial \ell_i}{\partial w}": "missing-mean",
            r"-\frac{\partial L}{\partial w}": "sign",
        },
    )

    yield stated(
        "sgd-full-gradient",
        title="The gradient of the mean loss",
        text="Derive the gradient of the mean loss of a linear model by its weights, as a sum over the examples.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 5.9",
        symbols={"X": "N x d", "w": "d", "y": "N", "L": "scalar"},
        given=r"L = \frac{1}{2 N} \sum_{n=1}^{N} \left( \sum_{i=1}^{d} X_{ni} w_i - y_n \right)^2",
        find=r"\frac{\partial L}{\partial w_j}",
        answer=r"\frac{1}{N} \sum_{n=1}^{N} \left( \sum_{i=1}^{d} X_{ni} w_i - y_n \right) X_{nj}",
        also=r"\frac{1}{N} [X^T (X w - y)]_j",
        wrong={
            r"\sum_{n=1}^{N} \left( \sum_{i=1}^{d} X_{ni} w_i - y_n \right) X_{nj}": "missing-mean",
            r"\frac{1}{N} \sum_{n=1}^{N} \left( \sum_{i=1}^{d} X_{ni} w_i - y_n \right)": "missing-inner-derivative",
            r"\frac{2}{N} \sum_{n=1}^{N} \left( \sum_{i=1}^{d} X_{ni} w_i - y_n \right) X_{nj}": "extra-factor-2",
            r"\frac{1}{N} \sum_{n=1}^{N} (X_{nj} w_j - y_n) X_{nj}": "missing-sum",
        },
    )

    yield stated(
        "sgd-step",
        title="One step of gradient descent",
        text="Write the weights after one step with the learning rate $\\alpha$, in terms of w, x, y and $\\alpha$.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3",
        symbols={
            "w": "d",
            "x": "d",
            "y": "scalar",
            "L": "scalar",
            r"\alpha": "scalar",
            "w^{\\text{new}}": "d",
        },
        given=[
            r"L = \frac{1}{2} (w^T x - y)^2",
            r"w^{\text{new}} = w - \alpha \frac{\partial L}{\partial w}",
        ],
        find=r"w^{\text{new}}",
        answer=r"w - \alpha (w^T x - y) x",
        also=r"w + \alpha (y - w^T x) x",
        wrong={
            r"w + \alpha (w^T x - y) x": "sign",
            "w - (w^T x - y) x": "missing-learning-rate",
            r"-\alpha (w^T x - y) x": "missing-term",
            r"w - 2 \alpha (w^T x - y) x": "extra-factor-2",
            r"w - \alpha (w^T x - y) w": "wrong-variable",
        },
        final_form=("no derivatives",),
    )

    yield stated(
        "sgd-weight-decay",
        title="One step of gradient descent with weight decay",
        text="Write the weights after one step with the learning rate $\\alpha$, in terms of w and the gradient of L.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.1.1",
        symbols={
            "w": "d",
            "L": "scalar",
            "J": "scalar",
            r"\alpha": "scalar",
            r"\lambda": "scalar",
            "w^{\\text{new}}": "d",
        },
        given=[
            "L = L(w)",
            r"J = L + \frac{\lambda}{2} \|w\|_2^2",
            r"w^{\text{new}} = w - \alpha \frac{\partial J}{\partial w}",
        ],
        find=r"w^{\text{new}}",
        answer=r"(1 - \alpha \lambda) w - \alpha \frac{\partial L}{\partial w}",
        also=r"w - \alpha \left( \frac{\partial L}{\partial w} + \lambda w \right)",
        wrong={
            r"(1 - \lambda) w - \alpha \frac{\partial L}{\partial w}": "missing-learning-rate",
            r"w - \alpha \frac{\partial L}{\partial w}": "missing-term",
            r"(1 + \alpha \lambda) w - \alpha \frac{\partial L}{\partial w}": "sign",
            r"(1 - 2 \alpha \lambda) w - \alpha \frac{\partial L}{\partial w}": "extra-factor-2",
        },
    )
