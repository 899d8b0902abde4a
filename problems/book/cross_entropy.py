"""The cross-entropy of a softmax: its gradient by the outputs, the logits, the weights and the bias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Contains, Eq, FiniteSet, Idx, IndexedBase, MatrixSymbol, Piecewise, Sum, log, symbols

from truestep.problems.book.softmax import SPELLINGS, softmax
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
BY_LOGITS = f"{BISHOP}, section 5.2, exercise 5.7 and eq. (5.18); the loss is eq. (5.24)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    parts, loss, _, (y, outputs, z) = _loss()
    yield stated(
        "cross-entropy-gradient",
        title="The gradient of the cross-entropy by the logits",
        text="Derive the gradient of the cross-entropy by the logits of the softmax.",
        source=BY_LOGITS,
        find=derivative(loss, z),
        answer=outputs - y,
        also=[r"-(y - \hat{y})", r"\operatorname{softmax}(z) - y"],
        wrong={
            r"y - \hat{y}": "sign",
            r"-\frac{y}{\hat{y}}": "missing-inner-derivative",
            r"\hat{y} \circ (\hat{y} - y)": "extra-factor",
            r"-y \circ (1 - \hat{y})": "softmax-elementwise",
            r"\hat{y} - 1": "one-case-only",
        },
        final_form=("no sums",),
        **parts,
    )

    parts, loss, j, (y, outputs, z) = _loss()
    yield stated(
        "cross-entropy-gradient-entry",
        title="The derivative of the cross-entropy by one logit",
        text="Derive the derivative of the cross-entropy by the j-th logit of the softmax.",
        source=BY_LOGITS,
        find=derivative(loss, z[j]),
        answer=outputs[j] - y[j],
        also=[r"-y_j (1 - \hat{y}_j) + \hat{y}_j (1 - y_j)", r"\operatorname{softmax}(z)_j - y_j"],
        wrong={
            r"y_j - \hat{y}_j": "sign",
            r"\hat{y}_j - y_k": "escaped-index",
            r"\hat{y}_j - 1": "one-case-only",
            r"-\frac{y_j}{\hat{y}_j}": "missing-inner-derivative",
            r"-y_j (1 - \hat{y}_j)": "softmax-elementwise",
        },
        final_form=("no sums",),
        **parts,
    )

    size, k, j, loss = symbols("K k j L")
    y, outputs = (IndexedBase(name, shape=(size,)) for name in ("y", r"\hat{y}"))
    yield stated(
        "cross-entropy-outputs",
        title="The derivative of the cross-entropy by one output",
        text="Derive the derivative of the cross-entropy by the j-th predicted probability.",
        source=f"{BISHOP}, section 4.3.4; the loss is eq. (4.108), for one example",
        given=equation(loss, -Sum(y[k] * log(outputs[k]), (k, 1, size))),
        assume=r"\hat{y}_k > 0",
        find=derivative(loss, outputs[j]),
        answer=-y[j] / outputs[j],
        also=r"-y_j \hat{y}_j^{-1}",
        wrong={
            r"\frac{y_j}{\hat{y}_j}": "sign",
            r"-\frac{\hat{y}_j}{y_j}": "swapped-labels",
            r"-\sum_{k=1}^{K} \frac{y_k}{\hat{y}_k}": "missing-delta",
            r"-\frac{1}{\hat{y}_j}": "missing-factor",
            r"-y_j \hat{y}_j": "reciprocal",
        },
        final_form=("no sums",),
    )

    c = Idx("c", (1, size))
    yield stated(
        "cross-entropy-one-hot",
        title="The cross-entropy with a one-hot label",
        text="The right class is c. Write the loss in terms of the prediction for c.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3",
        given=equation(loss, -Sum(y[k] * log(outputs[k]), (k, 1, size))),
        assume=[r"y_k \in \{0, 1\}", r"\sum_{k=1}^{K} y_k = 1", "y_c = 1", r"\hat{y}_k > 0"],
        find=loss,
        answer=-log(outputs[c]),
        also=r"\log \frac{1}{\hat{y}_c}",
        wrong={
            r"\log \hat{y}_c": "sign",
            r"-\sum_{k=1}^{K} \log \hat{y}_k": "missing-factor",
            r"-\frac{1}{K} \log \hat{y}_c": "extra-mean",
            r"-\log(1 - \hat{y}_c)": "wrong-function",
        },
        only=outputs,
        final_form=("no sums",),
    )

    size, inputs, i, j, k, m = symbols("K d i j k m")
    x, z, outputs = (IndexedBase(name, shape=(length,)) for name, length in (("x", inputs), ("z", size), ("P", size)))
    w = IndexedBase("w", shape=(inputs, size))
    yield stated(
        "cross-entropy-weight-rule",
        title="The gradient of the cross-entropy by one weight",
        text="The right class is c. Derive the derivative of the loss by the weight from input i to class j, for j = c "
        "and for the other classes.",
        source=f"{BISHOP}, section 4.3.4, eq. (4.109), for one example; the loss is eq. (4.108)",
        given=[
            equation(z[k], Sum(w[m, k] * x[m], (m, 1, inputs))),
            softmax(outputs, z),
            equation(loss, -log(outputs[c])),
        ],
        find=derivative(loss, w[i, j]),
        answer=Piecewise(((outputs[j] - 1) * x[i], Eq(j, c)), (outputs[j] * x[i], True)),
        also=[r"(P_j - \delta_{jc}) x_i", r"(P_j - \mathbf{1}[j = c]) x_i"],
        wrong={
            r"(P_j - 1) x_i": "one-case-only",
            r"(\delta_{jc} - P_j) x_i": "sign",
            r"P_j - \delta_{jc}": "missing-inner-derivative",
            r"(P_c - \delta_{jc}) x_i": "wrong-index",
            r"\begin{cases} P_j x_i & j = c \\ (P_j - 1) x_i & j \neq c \end{cases}": "diagonal-for-off-diagonal",
        },
        final_form=("no sums",),
        route="cases",
    )

    layer = _layer()
    yield stated(
        "cross-entropy-weights",
        title="The gradient of the cross-entropy by the weights",
        text="Derive the gradient of the cross-entropy by the weights of the last layer.",
        find=derivative(layer["loss"], layer["weights"]),
        answer=(layer["outputs"] - layer["labels"]) * layer["inputs"].T,
        also=r"\hat{y} x^T - y x^T",
        wrong={
            r"x (\hat{y} - y)^T": "transposed",
            r"(y - \hat{y}) x^T": "sign",
            r"\hat{y} - y": "missing-inner-derivative",
            r"(\hat{y} - y)^T x": "inner-for-outer",
            r"\hat{y} x^T": "missing-term",
        },
        **layer["parts"],
    )

    yield stated(
        "cross-entropy-bias",
        title="The gradient of the cross-entropy by the bias",
        text="Derive the gradient of the cross-entropy by the bias of the last layer.",
        find=derivative(layer["loss"], layer["bias"]),
        answer=layer["outputs"] - layer["labels"],
        also=r"\operatorname{softmax}(W x + b) - y",
        wrong={
            r"y - \hat{y}": "sign",
            r"(\hat{y} - y) \circ b": "extra-factor",
            r"W^T (\hat{y} - y)": "wrong-variable",
        },
        **layer["parts"],
    )

    yield stated(
        "cross-entropy-input",
        title="The gradient of the cross-entropy by the input",
        text="Derive the gradient of the cross-entropy by the input of the last layer.",
        find=derivative(layer["loss"], layer["inputs"]),
        answer=layer["weights"].T * (layer["outputs"] - layer["labels"]),
        also=r"W^T \hat{y} - W^T y",
        wrong={
            r"W (\hat{y} - y)": "transposed",
            r"(\hat{y} - y) W^T": "product-order",
            r"(\hat{y} - y)^T W": "layout",
            r"W^T (y - \hat{y})": "sign",
            r"\hat{y} - y": "missing-inner-derivative",
        },
        **layer["parts"],
    )


def _loss() -> tuple[dict[str, Any], Any, Any, tuple[Any, Any, Any]]:
    """What is given and assumed, the loss, an index, and the labels, outputs and logits."""
    size, j, k, loss = symbols("K j k L")
    y, outputs, z = (IndexedBase(name, shape=(size,)) for name in ("y", r"\hat{y}", "z"))
    given = [softmax(outputs, z), equation(loss, -Sum(y[k] * log(outputs[k]), (k, 1, size)))]
    assume = [equation(Sum(y[k], (k, 1, size)), 1), Contains(y[k], FiniteSet(0, 1))]
    return {"given": given, "assume": assume, "names": SPELLINGS}, loss, j, (y, outputs, z)


def _layer() -> dict[str, Any]:
    """A linear layer under a softmax and its cross-entropy, and what a statement about it says."""
    size, inputs, loss = symbols("K d L")
    weights, bias = MatrixSymbol("W", size, inputs), MatrixSymbol("b", size, 1)
    x, y, outputs = MatrixSymbol("x", inputs, 1), MatrixSymbol("y", size, 1), MatrixSymbol(r"\hat{y}", size, 1)
    given = [r"z = W x + b", r"\hat{y} = \operatorname{softmax}(z)", r"L = -\sum_{k=1}^{K} y_k \log \hat{y}_k"]
    parts = {
        "names": SPELLINGS,
        "given": given,
        "symbols": {"W": "K x d", "x": "d", "b": "K", "z": "K", r"\hat{y}": "K", "y": "K", "L": "scalar"},
        "assume": r"\sum_{k=1}^{K} y_k = 1",
        "source": f"{BISHOP}, section 4.3.4, eq. (4.109), for one example; the loss is eq. (4.108)",
        "final_form": ("no sums",),
    }
    return {
        "loss": loss,
        "weights": weights,
        "inputs": x,
        "bias": bias,
        "labels": y,
        "outputs": outputs,
        "parts": parts,
    }
