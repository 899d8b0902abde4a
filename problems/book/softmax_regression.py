"""Softmax regression on a batch: the gradients of the cross-entropy by the logits, the weights and the bias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4"
SHAPES = {"X": "N x d", "W": "d x K", "b": "K", "Z": "N x K", "P": "N x K", "Y": "N x K", "L": "scalar"}


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _regression(
        "softmax-regression-logits",
        title="Softmax regression: the gradient by the logits of a batch",
        text="The loss is the mean over N examples. Derive the gradient of L by Z.",
        source=f"{BISHOP}, eq. (4.109), divided by N",
        factor=r"\frac{1}{N}",
        find=r"\frac{\partial L}{\partial Z}",
        answer=r"\frac{1}{N} (P - Y)",
        also=r"-\frac{Y - P}{N}",
        wrong={
            "P - Y": "missing-mean",
            r"\frac{1}{N} (Y - P)": "sign",
            r"\frac{1}{N K} (P - Y)": "extra-mean",
            r"-\frac{1}{N} Y \circ (1 - P)": "softmax-elementwise",
        },
    )

    yield _regression(
        "softmax-regression-weights",
        title="Softmax regression: the gradient of the mean loss by the weights",
        text="The loss is the mean over N examples, a row of X each. Derive the gradient of L by W.",
        source=f"{BISHOP}, eq. (4.109), divided by N",
        factor=r"\frac{1}{N}",
        find=r"\frac{\partial L}{\partial W}",
        answer=r"\frac{1}{N} X^T (P - Y)",
        also=r"\frac{X^T P - X^T Y}{N}",
        wrong={
            "X^T (P - Y)": "missing-mean",
            r"\frac{1}{N} (P - Y)^T X": "transposed",
            r"\frac{1}{N} X^T (Y - P)": "sign",
            r"\frac{1}{N} (P - Y)": "missing-inner-derivative",
            r"\frac{1}{N} X^T P": "missing-term",
        },
    )

    yield _regression(
        "softmax-regression-weights-sum",
        title="Softmax regression: the gradient of the summed loss by the weights",
        text="The loss is the sum over N examples, a row of X each. Derive the gradient of L by W.",
        source=f"{BISHOP}, eq. (4.109)",
        factor="",
        find=r"\frac{\partial L}{\partial W}",
        answer="X^T (P - Y)",
        also="X^T P - X^T Y",
        wrong={
            r"\frac{1}{N} X^T (P - Y)": "extra-mean",
            "(P - Y)^T X": "transposed",
            "X^T (Y - P)": "sign",
            "X (P - Y)": "transposed",
        },
    )

    yield _regression(
        "softmax-regression-bias",
        title="Softmax regression: the gradient of the mean loss by the bias",
        text="The loss is the mean over N examples. Derive the gradient of L by b.",
        source=f"{BISHOP}, eq. (4.109), divided by N, for a feature that is 1",
        factor=r"\frac{1}{N}",
        find=r"\frac{\partial L}{\partial b}",
        answer=r"\frac{1}{N} (P - Y)^T \mathbf{1}_N",
        also=r"\frac{1}{N} \left( \mathbf{1}_N^T (P - Y) \right)^T",
        wrong={
            r"(P - Y)^T \mathbf{1}_N": "missing-mean",
            r"\frac{1}{N} (P - Y)": "missing-sum",
            r"\frac{1}{N} (P - Y) \mathbf{1}_K": "sum-over-wrong-index",
            r"\frac{1}{N} (Y - P)^T \mathbf{1}_N": "sign",
        },
    )

    yield _regression(
        "softmax-regression-inputs",
        title="Softmax regression: the gradient of the mean loss by the inputs",
        text="The loss is the mean over N examples, a row of X each. Derive the gradient of L by X.",
        source=f"{BISHOP}, eq. (4.106), with the chain rule",
        factor=r"\frac{1}{N}",
        find=r"\frac{\partial L}{\partial X}",
        answer=r"\frac{1}{N} (P - Y) W^T",
        also=r"\frac{1}{N} \left( W (P - Y)^T \right)^T",
        wrong={
            r"(P - Y) W^T": "missing-mean",
            r"\frac{1}{N} W^T (P - Y)": "product-order",
            r"\frac{1}{N} (P - Y) W": "transposed",
            r"\frac{1}{N} W (P - Y)^T": "layout",
        },
    )


def _regression(identifier: str, *, factor: str, **rest: Any) -> Problem:
    """Softmax regression with a factor in front of the sum over the examples."""
    return stated(
        identifier,
        symbols=SHAPES,
        given=[
            r"Z = X W + \mathbf{1}_N b^T",
            r"P_{nk} = \frac{e^{Z_{nk}}}{\sum_{j=1}^{K} e^{Z_{nj}}}",
            rf"L = -{factor} \sum_{{n=1}}^{{N}} \sum_{{k=1}}^{{K}} Y_{{nk}} \log P_{{nk}}",
        ],
        assume=r"\sum_{k=1}^{K} Y_{nk} = 1",
        final_form=("no sums",),
        **rest,
    )
