"""Activations: the derivatives of the sigmoid and of tanh in terms of their own values."""

from __future__ import annotations

import sympy
from sympy import Function, HadamardProduct, MatrixSymbol, OneMatrix, Symbol, symbols

from problems.problem import Problem
from problems.stated import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"


def sigmoid() -> Problem:
    """The derivative of the sigmoid."""
    z, a = symbols("z a")
    return stated(
        "sigmoid-derivative",
        title="The derivative of the sigmoid",
        text="Derive the derivative of a by z, in terms of a alone.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.88)",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, 1 / (1 + sympy.exp(-z))),
        find=derivative(a, z),
        answer=a * (1 - a),
        only=a,
    )


def sigmoid_layer() -> Problem:
    """The gradient through a layer of sigmoids."""
    size, loss = Symbol("K"), Symbol("J")
    z, a = MatrixSymbol("z", size, 1), MatrixSymbol("a", size, 1)
    return stated(
        "sigmoid-layer",
        title="The gradient through a layer of sigmoids",
        text="Derive the gradient of J by z from the gradient of J by a.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.4, algorithm 6.4, with "
        f"{BISHOP}, eq. (4.88)",
        given=[equation(a, z.applyfunc(Function(r"\sigma"))), equation(loss, Function("J")(a))],
        find=derivative(loss, z),
        answer=HadamardProduct(derivative(loss, a), a, OneMatrix(size, 1) - a),
        final_form=("no sums",),
    )


def tanh() -> Problem:
    """The derivative of tanh."""
    z, a = symbols("z a")
    return stated(
        "tanh-derivative",
        title="The derivative of tanh",
        text="Derive the derivative of a by z, in terms of a alone.",
        source=f"{BISHOP}, section 5.3.2, eq. (5.60)",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, sympy.tanh(z)),
        find=derivative(a, z),
        answer=1 - a**2,
        only=a,
    )
