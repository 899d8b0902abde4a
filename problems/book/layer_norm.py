"""Layer normalisation, in its pieces: mean, deviations, variance, the whole, and scale and shift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import IndexedBase, KroneckerDelta, Sum, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

SOURCE = "Ba, Kiros and Hinton, Layer Normalization (2016), section 3"
BATCH = "Ioffe and Szegedy, Batch Normalization (2015), section 3"
MEAN = r"\mu = \frac{1}{n} \sum_{i=1}^{n} x_i"
VARIANCE = r"v = \frac{1}{n} \sum_{i=1}^{n} (x_i - \mu)^2"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    size, mu, i, j = symbols(r"n \mu i j")
    x = IndexedBase("x", shape=(size,))
    yield stated(
        "layer-norm-mean",
        title="Layer normalisation: the mean",
        text="Derive the derivative of the mean by the j-th entry.",
        source=SOURCE,
        given=equation(mu, Sum(x[i], (i, 1, size)) / size),
        find=derivative(mu, x[j]),
        answer=1 / size,
        also="n^{-1}",
        wrong={
            "1": "missing-mean",
            r"\frac{x_j}{n}": "extra-factor",
            r"\frac{1}{n} \sum_{i=1}^{n} x_i": "missing-delta",
        },
        final_form=("no sums",),
    )

    size, mu, i, j, k = symbols(r"n \mu i j k")
    x, c = IndexedBase("x", shape=(size,)), IndexedBase("c", shape=(size,))
    yield stated(
        "layer-norm-deviation",
        title="Layer normalisation: a deviation from the mean",
        text="Derive the derivative of the i-th deviation by the j-th entry.",
        source=SOURCE,
        given=[equation(mu, Sum(x[k], (k, 1, size)) / size), equation(c[k], x[k] - mu)],
        find=derivative(c[i], x[j]),
        answer=KroneckerDelta(i, j) - 1 / size,
        also=r"\begin{cases} 1 - \frac{1}{n} & i = j \\ -\frac{1}{n} & i \neq j \end{cases}",
        wrong={
            r"\delta_{ij}": "missing-term",
            r"1 - \frac{1}{n}": "missing-delta",
            r"\delta_{ij} - 1": "missing-mean",
            r"\delta_{ij} + \frac{1}{n}": "sign",
        },
        final_form=("no sums",),
    )

    yield _norm(
        "layer-norm-variance",
        title="Layer normalisation: the variance",
        text="Derive the derivative of the variance by the j-th entry.",
        source=SOURCE,
        given=[MEAN, VARIANCE],
        find=r"\frac{\partial v}{\partial x_j}",
        answer=r"\frac{2}{n} (x_j - \mu)",
        also=r"\frac{2 x_j - 2 \mu}{n}",
        wrong={
            r"2 (x_j - \mu)": "missing-mean",
            r"\frac{1}{n} (x_j - \mu)": "missing-factor-2",
            r"\frac{2}{n} (x_j - \mu) (1 - \frac{1}{n})": "extra-factor",
            r"\frac{2}{n} (\mu - x_j)": "sign",
            r"\frac{2}{n} x_j": "missing-term",
        },
        final_form=("no sums",),
    )

    yield _norm(
        "layer-norm-input",
        title="Layer normalisation: the gradient by the input",
        text="Derive the gradient of f by x, where g is the gradient of f by y.",
        source=f"{SOURCE}; the steps are those of {BATCH}",
        given=[
            r"\mu = \frac{1}{n} \mathbf{1}^T x",
            r"v = \frac{1}{n} \|x - \mu \mathbf{1}\|_2^2",
            r"y = \frac{x - \mu \mathbf{1}}{\sqrt{v + \epsilon}}",
            "f = g^T y",
        ],
        assume=r"\epsilon > 0",
        find=r"\frac{\partial f}{\partial x}",
        answer=r"\frac{1}{\sqrt{v + \epsilon}} \left( g - \frac{1}{n} (\mathbf{1}^T g) \mathbf{1}"
        r" - \frac{1}{n} (g^T y) y \right)",
        also=r"\frac{1}{n \sqrt{v + \epsilon}} \left( n g - (\mathbf{1}^T g) \mathbf{1} - (y^T g) y \right)",
        wrong={
            r"\frac{g}{\sqrt{v + \epsilon}}": "missing-term",
            r"\frac{1}{\sqrt{v + \epsilon}} \left( g - \frac{1}{n} (\mathbf{1}^T g) \mathbf{1} \right)": "missing-term",
            r"\frac{1}{\sqrt{v + \epsilon}} \left( g - (\mathbf{1}^T g) \mathbf{1} - (g^T y) y \right)": "missing-mean",
            r"\frac{1}{\sqrt{v + \epsilon}} \left( g - \frac{1}{n} (\mathbf{1}^T g) \mathbf{1}"
            r" + \frac{1}{n} (g^T y) y \right)": "sign",
        },
        final_form=("no sums",),
    )

    yield _affine(
        "layer-norm-scale",
        title="Layer normalisation: the gradient by the scale",
        text="The rows of X are normalised examples. Derive the gradient of J by $\\gamma$ from that by Y.",
        find=r"\frac{\partial J}{\partial \gamma}",
        answer=r"\left( \frac{\partial J}{\partial Y} \circ X \right)^T \mathbf{1}_N",
        also=r"\left( \mathbf{1}_N^T \left( X \circ \frac{\partial J}{\partial Y} \right) \right)^T",
        wrong={
            r"\frac{\partial J}{\partial Y} \circ X": "missing-sum",
            r"\left( \frac{\partial J}{\partial Y} \right)^T \mathbf{1}_N": "wrong-variable",
            r"\frac{1}{N} \left( \frac{\partial J}{\partial Y} \circ X \right)^T \mathbf{1}_N": "extra-mean",
            r"\left( \frac{\partial J}{\partial Y} \circ X \right) \mathbf{1}_n": "sum-over-wrong-index",
        },
    )

    yield _affine(
        "layer-norm-shift",
        title="Layer normalisation: the gradient by the shift",
        text="The rows of X are normalised examples. Derive the gradient of J by $\\beta$ from that by Y.",
        find=r"\frac{\partial J}{\partial \beta}",
        answer=r"\left( \frac{\partial J}{\partial Y} \right)^T \mathbf{1}_N",
        also=r"\left( \mathbf{1}_N^T \frac{\partial J}{\partial Y} \right)^T",
        wrong={
            r"\frac{\partial J}{\partial Y}": "missing-sum",
            r"\frac{1}{N} \left( \frac{\partial J}{\partial Y} \right)^T \mathbf{1}_N": "extra-mean",
            r"\frac{\partial J}{\partial Y} \mathbf{1}_n": "sum-over-wrong-index",
        },
    )


def _norm(identifier: str, **rest: Any) -> Problem:
    """A question about the normalisation of one example."""
    asked = {"x": "n", r"\mu": "scalar", "v": "scalar"}
    if "f = g^T y" in rest["given"]:
        asked |= {"y": "n", "g": "n", "f": "scalar", r"\epsilon": "scalar"}
    return stated(identifier, symbols=asked, **rest)


def _affine(identifier: str, **rest: Any) -> Problem:
    """A question about the scale and the shift of a batch."""
    return stated(
        identifier,
        source=f"{SOURCE}; {BATCH}",
        symbols={"X": "N x n", r"\gamma": "n", r"\beta": "n", "Y": "N x n", "J": "scalar"},
        given=[r"Y_{ij} = \gamma_j X_{ij} + \beta_j", "J = J(Y)"],
        final_form=("no sums",),
        **rest,
    )
