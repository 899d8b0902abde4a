"""The softmax: its Jacobian, whole and by cases, its logarithm, and the gradient through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import (
    Function,
    HadamardProduct,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Ne,
    OneMatrix,
    Sum,
    Symbol,
    exp,
    log,
    symbols,
)

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

SOURCE = (
    "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4, eq. (4.106); the softmax is eq. (4.104)"
)
SPELLINGS = {"s": r"\hat{y}", "p": r"\hat{y}", "P(y=j)": r"\hat{y}_j"}
DEEP = "Goodfellow, Bengio and Courville, Deep Learning (2016)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    s, z = _vectors()
    i, j = symbols("i j")
    yield stated(
        "softmax-jacobian",
        title="The Jacobian of the softmax",
        text="Derive the derivative of the i-th output by the j-th logit.",
        source=SOURCE,
        given=softmax(s, z),
        names=SPELLINGS,
        find=derivative(s[i], z[j]),
        answer=s[i] * (KroneckerDelta(i, j) - s[j]),
        also=[
            r"\hat{y}_j (\delta_{ij} - \hat{y}_i)",
            r"\begin{cases} \hat{y}_i (1 - \hat{y}_i) & i = j \\ -\hat{y}_i \hat{y}_j & i \neq j \end{cases}",
        ],
        wrong={
            r"\hat{y}_i (1 - \hat{y}_j)": "missing-delta",
            r"\hat{y}_i (\delta_{ij} + \hat{y}_j)": "sign",
            r"\hat{y}_i (1 - \hat{y}_i)": "one-case-only",
            r"\hat{y}_j (\delta_{ij} - \hat{y}_j)": "wrong-index",
        },
        final_form=("no sums",),
    )

    yield stated(
        "softmax-jacobian-diagonal",
        title="The softmax by its own logit",
        text="Derive the derivative of the i-th output by the i-th logit.",
        source=f"{SOURCE}, with k = j",
        given=softmax(s, z),
        names=SPELLINGS,
        find=derivative(s[i], z[i]),
        answer=s[i] * (1 - s[i]),
        also=r"\hat{y}_i - \hat{y}_i^2",
        wrong={
            r"\hat{y}_i (\hat{y}_i - 1)": "sign",
            r"-\hat{y}_i \hat{y}_i": "diagonal-for-off-diagonal",
            r"\hat{y}_i": "quotient-square",
            r"\hat{y}_i (1 - \hat{y}_j)": "escaped-index",
        },
        final_form=("no sums",),
    )

    yield stated(
        "softmax-jacobian-off-diagonal",
        title="The softmax by another logit",
        text="Derive the derivative of the i-th output by the j-th logit for i other than j.",
        source=f"{SOURCE}, with k other than j",
        given=softmax(s, z),
        names=SPELLINGS,
        assume=Ne(i, j),
        find=derivative(s[i], z[j]),
        answer=-s[i] * s[j],
        also=r"\hat{y}_i (0 - \hat{y}_j)",
        wrong={
            r"\hat{y}_i \hat{y}_j": "sign",
            r"\hat{y}_i (1 - \hat{y}_j)": "diagonal-for-off-diagonal",
            r"-\hat{y}_i^2": "wrong-index",
            "0": "softmax-elementwise",
        },
        final_form=("no sums",),
    )

    i, j, k = symbols("i j k")
    total = Sum(exp(z[k]), (k, 1, s.shape[0]))
    yield stated(
        "softmax-jacobian-exponentials",
        title="The softmax by another logit, in exponentials",
        text="Derive the derivative of the i-th output by the j-th logit for i other than j, in terms of the logits.",
        source=f"{SOURCE}, with k other than j, and with the softmax put in",
        given=softmax(s, z),
        names=SPELLINGS,
        assume=Ne(i, j),
        find=derivative(s[i], z[j]),
        answer=-exp(z[i]) * exp(z[j]) / total**2,
        also=r"-\frac{e^{z_i + z_j}}{\left(\sum_{k=1}^{K} e^{z_k}\right)^2}",
        wrong={
            r"\frac{e^{z_i} e^{z_j}}{\left(\sum_{k=1}^{K} e^{z_k}\right)^2}": "sign",
            r"-\frac{e^{z_i} e^{z_j}}{\sum_{k=1}^{K} e^{z_k}}": "quotient-square",
            r"-\frac{e^{z_i z_j}}{\left(\sum_{k=1}^{K} e^{z_k}\right)^2}": "exponent-rule",
            r"-\frac{e^{z_i} e^{z_j}}{\sum_{k=1}^{K} e^{2 z_k}}": "bracket-lost",
        },
    )

    yield stated(
        "log-softmax-derivative",
        title="The logarithm of the softmax",
        text="Derive the derivative of the logarithm of the i-th output by the j-th logit.",
        source=f"{DEEP}, section 6.2.2.3",
        given=softmax(s, z),
        names=SPELLINGS,
        find=derivative(log(s[i]), z[j]),
        answer=KroneckerDelta(i, j) - s[j],
        also=r"\mathbf{1}[i = j] - \hat{y}_j",
        wrong={
            r"1 - \hat{y}_j": "missing-delta",
            r"\delta_{ij} + \hat{y}_j": "sign",
            r"\hat{y}_i (\delta_{ij} - \hat{y}_j)": "missing-factor",
            r"\delta_{ij} - \hat{y}_i": "wrong-index",
            r"\delta_{ij} - 1": "log-of-sum-split",
        },
        final_form=("no sums",),
    )

    size, f, j, k = symbols("K f j k")
    z = IndexedBase("z", shape=(size,))
    yield stated(
        "log-sum-exp-gradient",
        title="The derivative of log-sum-exp",
        text="Derive the derivative of f by the j-th entry of z.",
        source="Boyd and Vandenberghe, Convex Optimization (2004), section 3.1.5",
        given=equation(f, log(Sum(exp(z[k]), (k, 1, size)))),
        find=derivative(f, z[j]),
        answer=exp(z[j]) / Sum(exp(z[k]), (k, 1, size)),
        also=[r"\operatorname{softmax}(z)_j", r"e^{z_j - f}"],
        wrong={
            r"\frac{1}{\sum_{k=1}^{K} e^{z_k}}": "missing-inner-derivative",
            "1": "log-of-sum-split",
            r"\frac{\sum_{k=1}^{K} e^{z_k}}{e^{z_j}}": "reciprocal",
            r"\frac{e^{z_k}}{\sum_{k=1}^{K} e^{z_k}}": "escaped-index",
        },
    )

    s, z = _vectors()
    size, t, i, j, k = symbols("K T i j k")
    yield stated(
        "softmax-temperature",
        title="The softmax with a temperature",
        text="Derive the derivative of the i-th output by the j-th logit.",
        source="Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network (2015), section 2",
        given=equation(s[k], exp(z[k] / t) / Sum(exp(z[j] / t), (j, 1, size))),
        assume="T > 0",
        find=derivative(s[i], z[j]),
        answer=s[i] * (KroneckerDelta(i, j) - s[j]) / t,
        also=r"\frac{1}{T} \hat{y}_j (\delta_{ij} - \hat{y}_i)",
        wrong={
            r"\hat{y}_i (\delta_{ij} - \hat{y}_j)": "missing-inner-derivative",
            r"T \hat{y}_i (\delta_{ij} - \hat{y}_j)": "reciprocal",
            r"\frac{\hat{y}_i (1 - \hat{y}_j)}{T}": "missing-delta",
        },
        final_form=("no sums",),
    )

    size, c, i, j, k = symbols("K c i j k")
    yield stated(
        "softmax-shift",
        title="The softmax of shifted logits",
        text="Show that the i-th output does not depend on c, by writing it in terms of z alone.",
        source=f"{DEEP}, section 6.2.2.3",
        given=equation(s[k], exp(z[k] + c) / Sum(exp(z[j] + c), (j, 1, size))),
        find=s[i],
        answer=exp(z[i]) / Sum(exp(z[j]), (j, 1, size)),
        also=r"\operatorname{softmax}(z)_i",
        wrong={
            r"\frac{e^{z_i + c}}{\sum_{j=1}^{K} e^{z_j}}": "constant-kept",
            r"\frac{e^{c} e^{z_i}}{K e^{c} \sum_{j=1}^{K} e^{z_j}}": "extra-size",
            r"\frac{e^{z_i}}{e^{z_j}}": "missing-sum",
        },
        only=z,
    )

    size, loss = symbols("K J")
    z, s = MatrixSymbol("z", size, 1), MatrixSymbol("s", size, 1)
    upstream = derivative(loss, s)
    yield stated(
        "softmax-backpropagation",
        title="The gradient through a softmax",
        text="Derive the gradient of J by z from the gradient of J by s.",
        source=f"{SOURCE}, with the chain rule of {DEEP}, section 6.5.2",
        given=[equation(s, Function("softmax")(z)), equation(loss, Function("J")(s))],
        find=derivative(loss, z),
        answer=HadamardProduct(s, upstream - OneMatrix(size, 1) * (s.T * upstream)),
        also=[
            r"(\operatorname{diag}(s) - s s^T) \frac{\partial J}{\partial s}",
            r"s \circ \frac{\partial J}{\partial s} - s \left(s^T \frac{\partial J}{\partial s}\right)",
        ],
        wrong={
            r"s \circ (1 - s) \circ \frac{\partial J}{\partial s}": "softmax-elementwise",
            r"s \circ \frac{\partial J}{\partial s} + s \left(s^T \frac{\partial J}{\partial s}\right)": "sign",
            r"s \circ \frac{\partial J}{\partial s}": "missing-term",
            r"(I - s s^T) \frac{\partial J}{\partial s}": "missing-factor",
        },
        final_form=("no sums",),
    )


def softmax(outputs: Any, logits: Any) -> Any:
    """The definition, entry by entry."""
    k, j = symbols("k j")
    return equation(outputs[k], exp(logits[k]) / Sum(exp(logits[j]), (j, 1, outputs.shape[0])))


def _vectors() -> tuple[Any, Any]:
    size = Symbol("K")
    return IndexedBase(r"\hat{y}", shape=(size,)), IndexedBase("z", shape=(size,))
