"""The linear layer z = W x + b under a loss of which nothing is known but that it depends on z."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Function, HadamardProduct, MatrixSymbol, OneMatrix, Symbol, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.4, algorithm 6.4"
COOKBOOK = "Petersen and Pedersen, The Matrix Cookbook (2012), section 2.4"


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
        return [equation(self.outputs, self.weights * self.inputs + self.bias), self.dependency]

    @property
    def dependency(self) -> Any:
        """That the loss depends on the outputs."""
        return equation(self.loss, Function("J")(self.outputs))


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    layer, i = _layer(), Symbol("i")
    yield stated(
        "linear-layer-input",
        title="The gradient of a linear layer by its input",
        text="Derive the gradient of J by x from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.inputs),
        answer=layer.weights.T * derivative(layer.loss, layer.outputs),
        also=r"\left( \frac{\partial J}{\partial z}^T W \right)^T",
        wrong={
            r"W \frac{\partial J}{\partial z}": "transposed",
            r"\frac{\partial J}{\partial z}^T W": "layout",
            r"\frac{\partial J}{\partial z} W^T": "product-order",
            r"W^T \circ \frac{\partial J}{\partial z}": "hadamard-for-product",
            r"W^T x \frac{\partial J}{\partial z}": "extra-factor",
        },
        must_show=derivative(layer.loss, layer.inputs[i, 0]),
        final_form=("no sums",),
    )

    layer, (i, j) = _layer(), symbols("i j")
    yield stated(
        "linear-layer-weights",
        title="The gradient of a linear layer by its weights",
        text="Derive the gradient of J by W from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.weights),
        answer=derivative(layer.loss, layer.outputs) * layer.inputs.T,
        also=r"\left( x \frac{\partial J}{\partial z}^T \right)^T",
        wrong={
            r"x \frac{\partial J}{\partial z}^T": "transposed",
            r"\frac{\partial J}{\partial z}^T x": "inner-for-outer",
            r"x^T \frac{\partial J}{\partial z}": "product-order",
            r"\frac{\partial J}{\partial z}": "missing-inner-derivative",
        },
        must_show=derivative(layer.loss, layer.weights[i, j]),
        final_form=("no sums",),
    )

    layer, i = _layer(), Symbol("i")
    yield stated(
        "linear-layer-bias",
        title="The gradient of a linear layer by its bias",
        text="Derive the gradient of J by b from the gradient of J by z.",
        source=SOURCE,
        given=layer.given,
        find=derivative(layer.loss, layer.bias),
        answer=derivative(layer.loss, layer.outputs),
        also=r"I \frac{\partial J}{\partial z}",
        wrong={
            r"W^T \frac{\partial J}{\partial z}": "wrong-variable",
            r"b \circ \frac{\partial J}{\partial z}": "extra-factor",
            r"\mathbf{1}^T \frac{\partial J}{\partial z}": "inner-for-outer",
        },
        must_show=derivative(layer.loss, layer.bias[i, 0]),
        final_form=("no sums",),
    )

    yield stated(
        "linear-layer-jacobian",
        title="The Jacobian of a linear layer",
        text="Derive the Jacobian of z by x in denominator layout, of the shape M x K.",
        source=f"{COOKBOOK}, first-order derivatives",
        given=layer.given[:1],
        find=derivative(layer.outputs, layer.inputs),
        answer=layer.weights.T,
        also=r"(W I)^T",
        wrong={"W": "layout", "W^T x": "extra-factor", "W^T + b": "constant-kept"},
    )

    yield stated(
        "linear-layer-jacobian-numerator",
        title="The Jacobian of a linear layer in numerator layout",
        text="Derive the Jacobian of z by x in numerator layout, of the shape K x M.",
        source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3.1, for the layout",
        given=layer.given[:1],
        find=derivative(layer.outputs, layer.inputs),
        answer=layer.weights,
        also="I W",
        wrong={"W^T": "layout", "W x": "extra-factor", "W + b": "constant-kept"},
        layout="numerator",
    )

    layer, (i, j, k) = _layer(), symbols("i j k")
    yield stated(
        "linear-layer-output-by-weight",
        title="One output of a linear layer by one weight",
        text="Derive the derivative of the k-th output by the weight in row i and column j.",
        source=f"{COOKBOOK}, first-order derivatives",
        given=layer.given[:1],
        find=derivative(layer.outputs[k, 0], layer.weights[i, j]),
        answer=r"\delta_{ki} x_j",
        also=r"\begin{cases} x_j & i = k \\ 0 & i \neq k \end{cases}",
        wrong={
            "x_j": "missing-delta",
            r"\delta_{kj} x_i": "delta-indices",
            r"\delta_{ki} x_k": "wrong-index",
            r"\delta_{ki} W_{ij} x_j": "extra-factor",
        },
    )

    layer, a = _layer(), MatrixSymbol("a", Symbol("K"), 1)
    upstream = derivative(layer.loss, a)
    yield stated(
        "sigmoid-layer-weights",
        title="The gradient of a layer of sigmoids by its weights",
        text="Derive the gradient of J by W from the gradient of J by a.",
        source=SOURCE,
        given=[
            layer.given[0],
            equation(a, layer.outputs.applyfunc(Function(r"\sigma"))),
            equation(layer.loss, Function("J")(a)),
        ],
        find=derivative(layer.loss, layer.weights),
        answer=HadamardProduct(upstream, a, OneMatrix(Symbol("K"), 1) - a) * layer.inputs.T,
        also=r"\operatorname{diag}(a \circ (1 - a)) \frac{\partial J}{\partial a} x^T",
        wrong={
            r"\frac{\partial J}{\partial a} x^T": "missing-inner-derivative",
            r"\left(\frac{\partial J}{\partial a} \circ a\right) x^T": "wrong-function",
            r"x \left(\frac{\partial J}{\partial a} \circ a \circ (1 - a)\right)^T": "transposed",
            r"\frac{\partial J}{\partial a} \circ a \circ (1 - a)": "missing-factor",
        },
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
