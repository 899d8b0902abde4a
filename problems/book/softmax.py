"""The softmax: the Jacobian of the outputs by the logits."""

from __future__ import annotations

from typing import Any

from sympy import IndexedBase, KroneckerDelta, Ne, Sum, Symbol, exp, symbols

from problems.problem import Problem
from problems.stated import derivative, equation, stated

SOURCE = (
    "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4, eq. (4.106); the softmax is eq. (4.104)"
)


def jacobian() -> Problem:
    """One entry of the Jacobian, both cases in one with the Kronecker delta."""
    s, z = _vectors()
    i, j = symbols("i j")
    return stated(
        "softmax-jacobian",
        title="The Jacobian of the softmax",
        text="Derive the derivative of the i-th output by the j-th logit.",
        source=SOURCE,
        given=softmax(s, z),
        find=derivative(s[i], z[j]),
        answer=s[i] * (KroneckerDelta(i, j) - s[j]),
        final_form=("no sums",),
    )


def diagonal() -> Problem:
    """An entry on the diagonal."""
    s, z = _vectors()
    i = Symbol("i")
    return stated(
        "softmax-jacobian-diagonal",
        title="The softmax by its own logit",
        text="Derive the derivative of the i-th output by the i-th logit.",
        source=f"{SOURCE}, with k = j",
        given=softmax(s, z),
        find=derivative(s[i], z[i]),
        answer=s[i] * (1 - s[i]),
        final_form=("no sums",),
    )


def off_diagonal() -> Problem:
    """An entry off the diagonal."""
    s, z = _vectors()
    i, j = symbols("i j")
    return stated(
        "softmax-jacobian-off-diagonal",
        title="The softmax by another logit",
        text="Derive the derivative of the i-th output by the j-th logit for i other than j.",
        source=f"{SOURCE}, with k other than j",
        given=softmax(s, z),
        assume=Ne(i, j),
        find=derivative(s[i], z[j]),
        answer=-s[i] * s[j],
        final_form=("no sums",),
    )


def softmax(outputs: Any, logits: Any) -> Any:
    """The definition, entry by entry."""
    k, j = symbols("k j")
    return equation(outputs[k], exp(logits[k]) / Sum(exp(logits[j]), (j, 1, outputs.shape[0])))


def _vectors() -> tuple[Any, Any]:
    size = Symbol("K")
    return IndexedBase(r"\hat{y}", shape=(size,)), IndexedBase("z", shape=(size,))
