"""The linear layer z = W x + b under a loss of which nothing is known but that it depends on z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Function, MatrixSymbol, Symbol, symbols

from problems.problem import Problem
from problems.stated import derivative, equation, stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.4, algorithm 6.4"


@dataclass(frozen=True)
class _Layer:
    weights: Any
    inputs: Any
    bias: Any
    outputs: Any
    loss: Any

    @property
    def given(self) -> list[Any]:
        """The layer, and that the loss depends on its outputs."""
        layer = equation(self.outputs, self.weights * self.inputs + self.bias)
        return [layer, equation(self.loss, Function("J")(self.outputs))]


def by_input() -> Problem:
    """The gradient by the input."""
    layer, i = _layer(), Symbol("i")
    return stated(
        "linear-layer-input",
        title="The gradient of a linear layer by its input",
        text="Derive the gradient of J by x from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.inputs),
        answer=layer.weights.T * derivative(layer.loss, layer.outputs),
        must_show=derivative(layer.loss, layer.inputs[i, 0]),
        final_form=("no sums",),
    )


def by_weights() -> Problem:
    """The gradient by the weights."""
    layer, (i, j) = _layer(), symbols("i j")
    return stated(
        "linear-layer-weights",
        title="The gradient of a linear layer by its weights",
        text="Derive the gradient of J by W from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.weights),
        answer=derivative(layer.loss, layer.outputs) * layer.inputs.T,
        must_show=derivative(layer.loss, layer.weights[i, j]),
        final_form=("no sums",),
    )


def by_bias() -> Problem:
    """The gradient by the bias."""
    layer, i = _layer(), Symbol("i")
    return stated(
        "linear-layer-bias",
        title="The gradient of a linear layer by its bias",
        text="Derive the gradient of J by b from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.bias),
        answer=derivative(layer.loss, layer.outputs),
        must_show=derivative(layer.loss, layer.bias[i, 0]),
        final_form=("no sums",),
    )


def _layer() -> _Layer:
    rows, columns = symbols("K M")
    return _Layer(
        MatrixSymbol("W", rows, columns),
        MatrixSymbol("x", columns, 1),
        MatrixSymbol("b", rows, 1),
        MatrixSymbol("z", rows, 1),
        Symbol("J"),
    )
