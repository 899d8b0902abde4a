"""The cross-entropy of a softmax: its gradient by the logits and by the weights."""

from __future__ import annotations

from typing import Any

from sympy import Contains, Eq, FiniteSet, Idx, IndexedBase, Piecewise, Sum, Symbol, log, symbols

from problems.book.softmax import softmax
from problems.problem import Problem
from problems.stated import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
BY_LOGITS = f"{BISHOP}, section 5.2, exercise 5.7 and eq. (5.18); the loss is eq. (5.24)"


def gradient() -> Problem:
    """The whole gradient by the logits."""
    parts, loss, _, (y, outputs, z) = _loss()
    return stated(
        "cross-entropy-gradient",
        title="The gradient of the cross-entropy by the logits",
        text="Derive the gradient of the cross-entropy by the logits of the softmax.",
        source=BY_LOGITS,
        find=derivative(loss, z),
        answer=outputs - y,
        final_form=("no sums",),
        **parts,
    )


def gradient_entry() -> Problem:
    """One entry of the gradient."""
    parts, loss, j, (y, outputs, z) = _loss()
    return stated(
        "cross-entropy-gradient-entry",
        title="The derivative of the cross-entropy by one logit",
        text="Derive the derivative of the cross-entropy by the j-th logit of the softmax.",
        source=BY_LOGITS,
        find=derivative(loss, z[j]),
        answer=outputs[j] - y[j],
        final_form=("no sums",),
        **parts,
    )


def weight_rule() -> Problem:
    """The rule for one weight, by whether its class is the right one."""
    size, inputs, i, j, k, m = symbols("K d i j k m")
    c = Idx("c", (1, size))
    x, z, outputs = (IndexedBase(name, shape=(length,)) for name, length in (("x", inputs), ("z", size), ("P", size)))
    w = IndexedBase("w", shape=(inputs, size))
    loss = Symbol("L")
    return stated(
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
        final_form=("no sums",),
    )


def _loss() -> tuple[dict[str, Any], Any, Any, tuple[Any, Any, Any]]:
    """What is given and assumed, the loss, an index, and the labels, outputs and logits."""
    size, j, k, loss = symbols("K j k L")
    y, outputs, z = (IndexedBase(name, shape=(size,)) for name in ("y", r"\hat{y}", "z"))
    given = [softmax(outputs, z), equation(loss, -Sum(y[k] * log(outputs[k]), (k, 1, size)))]
    assume = [equation(Sum(y[k], (k, 1, size)), 1), Contains(y[k], FiniteSet(0, 1))]
    return {"given": given, "assume": assume}, loss, j, (y, outputs, z)
