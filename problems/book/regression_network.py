"""A network of two affine layers with elementwise functions and a squared error: forward, and backward in partials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = (
    "New York University, DS-GA 1008 Deep Learning, homework 1, section 1.2; the recursion is Goodfellow, Bengio and "
    "Courville, Deep Learning (2016), section 6.5.4, algorithm 6.4"
)
SHAPES = {
    "x": "n",
    "W^{(1)}": "d x n",
    "b^{(1)}": "d",
    "z_1": "d",
    "z_2": "d",
    "W^{(2)}": "k x d",
    "b^{(2)}": "k",
    "z_3": "k",
    r"\hat{y}": "k",
    "y": "k",
    r"\ell": "scalar",
}
NAMES = {"W_1": "W^{(1)}", "W_2": "W^{(2)}", "b_1": "b^{(1)}", "b_2": "b^{(2)}", r"L(\hat{y}, y)": r"\ell"}
PARTIALS = (
    r"\frac{\partial \ell}{\partial \hat{y}}",
    r"\frac{\partial \hat{y}}{\partial z_3}",
    r"\frac{\partial z_3}{\partial z_1}",
)
LOSS, ACTIVATION, SLOPE = PARTIALS
PARAMETERS = {
    "W^{(1)}": "the first weights",
    "b^{(1)}": "the first bias",
    "W^{(2)}": "the second weights",
    "b^{(2)}": "the second bias",
}
GIVEN = [
    "z_1 = W^{(1)} x + b^{(1)}",
    "z_2 = f(z_1)",
    "z_3 = W^{(2)} z_2 + b^{(2)}",
    r"\hat{y} = g(z_3)",
    r"\ell = \|\hat{y} - y\|_2^2",
    r"f(t) = 5 \operatorname{ReLU}(t)",
]


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _network(
        "regression-network-forward",
        title="Two affine layers: the output",
        text="f is five times the ReLU and g the identity. Write the output in terms of x and the parameters.",
        given=[*GIVEN, "g(t) = t"],
        find=r"\hat{y}",
        answer=r"5 W^{(2)} \operatorname{ReLU}(W^{(1)} x + b^{(1)}) + b^{(2)}",
        also=r"W^{(2)} \max(0, 5 (W^{(1)} x + b^{(1)})) + b^{(2)}",
        wrong={
            r"W^{(2)} \operatorname{ReLU}(W^{(1)} x + b^{(1)}) + b^{(2)}": "missing-factor",
            r"5 W^{(2)} \operatorname{ReLU}(W^{(1)} x) + b^{(2)}": "forgotten-bias",
            r"5 \operatorname{ReLU}(W^{(2)} (W^{(1)} x + b^{(1)}) + b^{(2)})": "wrong-function",
            r"5 (W^{(2)} \operatorname{ReLU}(W^{(1)} x + b^{(1)}) + b^{(2)})": "bracket-lost",
        },
        only=("x", "W^{(1)}", "b^{(1)}", "W^{(2)}", "b^{(2)}"),
    )

    yield _network(
        "classification-network-forward",
        title="Two affine layers with tanh and a sigmoid: the output",
        text="f is the hyperbolic tangent and g the sigmoid. Write the output in terms of x and the parameters.",
        given=[*GIVEN[:4], r"f(t) = \tanh(t)", r"g(t) = \sigma(t)"],
        symbols={name: shape for name, shape in SHAPES.items() if name not in ("y", r"\ell")},
        find=r"\hat{y}",
        answer=r"\sigma(W^{(2)} \tanh(W^{(1)} x + b^{(1)}) + b^{(2)})",
        also=r"\frac{1}{1 + \exp(-W^{(2)} \tanh(W^{(1)} x + b^{(1)}) - b^{(2)})}",
        wrong={
            r"W^{(2)} \tanh(W^{(1)} x + b^{(1)}) + b^{(2)}": "wrong-function",
            r"\tanh(W^{(2)} \sigma(W^{(1)} x + b^{(1)}) + b^{(2)})": "wrong-function",
            r"\sigma(W^{(2)} \tanh(W^{(1)} x + b^{(1)})) + b^{(2)}": "bracket-lost",
            r"\sigma(W^{(2)} \tanh(W^{(1)} x) + b^{(2)})": "forgotten-bias",
        },
        only=("x", "W^{(1)}", "b^{(1)}", "W^{(2)}", "b^{(2)}"),
    )

    yield _backward(
        "regression-network-first-weights",
        "W^{(1)}",
        answer=rf"{SLOPE} {ACTIVATION} {LOSS} x^T",
        also=rf"\left( x {LOSS}^T \left( {ACTIVATION} \right)^T \left( {SLOPE} \right)^T \right)^T",
        wrong={
            rf"x {LOSS}^T {ACTIVATION} \left( {SLOPE} \right)^T": "transposed",
            rf"{SLOPE} {ACTIVATION} {LOSS}": "missing-inner-derivative",
            rf"{SLOPE} {LOSS} x^T": "missing-factor",
            rf"{LOSS} {ACTIVATION} {SLOPE} x^T": "product-order",
        },
    )

    yield _backward(
        "regression-network-first-bias",
        "b^{(1)}",
        answer=rf"{SLOPE} {ACTIVATION} {LOSS}",
        also=rf"\left( {LOSS}^T \left( {ACTIVATION} \right)^T \left( {SLOPE} \right)^T \right)^T",
        wrong={
            rf"{ACTIVATION} {LOSS}": "missing-factor",
            rf"{SLOPE} {ACTIVATION} {LOSS} x^T": "wrong-variable",
            rf"5 {SLOPE} {ACTIVATION} {LOSS}": "extra-factor",
        },
    )

    yield _backward(
        "regression-network-second-weights",
        "W^{(2)}",
        answer=rf"5 {ACTIVATION} {LOSS} \operatorname{{ReLU}}(W^{{(1)}} x + b^{{(1)}})^T",
        also=rf"{ACTIVATION} {LOSS} \left( 5 \operatorname{{ReLU}}(W^{{(1)}} x + b^{{(1)}}) \right)^T",
        wrong={
            rf"{ACTIVATION} {LOSS} \operatorname{{ReLU}}(W^{{(1)}} x + b^{{(1)}})^T": "missing-factor",
            rf"{ACTIVATION} {LOSS} x^T": "wrong-variable",
            rf"5 \operatorname{{ReLU}}(W^{{(1)}} x + b^{{(1)}}) \left( {ACTIVATION} {LOSS} \right)^T": "transposed",
            rf"5 {ACTIVATION} {LOSS} (W^{{(1)}} x + b^{{(1)}})^T": "one-case-only",
        },
    )

    yield _backward(
        "regression-network-second-bias",
        "b^{(2)}",
        answer=rf"{ACTIVATION} {LOSS}",
        also=rf"\left( {LOSS}^T \left( {ACTIVATION} \right)^T \right)^T",
        wrong={
            rf"{ACTIVATION}^T {LOSS} b^{{(2)}}": "extra-factor",
            rf"2 {ACTIVATION} {LOSS}": "extra-factor-2",
            rf"{SLOPE} {ACTIVATION} {LOSS}": "wrong-variable",
        },
    )

    yield _network(
        "identity-jacobian",
        title="The Jacobian of an identity output",
        text="Give the elements of the Jacobian of the output by $z_3$, where g is the identity.",
        given=[r"\hat{y} = g(z_3)", "g(t) = t"],
        symbols={"z_3": "k", r"\hat{y}": "k"},
        find=ACTIVATION,
        answer="I_k",
        also=r"\operatorname{diag}(\mathbf{1}_k)",
        wrong={"1": "claimed-shape", r"\mathbf{1}_k": "claimed-shape", r"\mathbf{1}_k \mathbf{1}_k^T": "missing-delta"},
    )

    yield _network(
        "sigmoid-jacobian",
        title="The Jacobian of a layer of sigmoids",
        text="Give the elements of the Jacobian of the output by $z_3$, where g is the sigmoid.",
        find=ACTIVATION,
        answer=r"\operatorname{diag}(\hat{y} \circ (1 - \hat{y}))",
        also=r"\operatorname{diag}(\hat{y}) (I - \operatorname{diag}(\hat{y}))",
        wrong={
            r"\hat{y} \circ (1 - \hat{y})": "claimed-shape",
            "I": "missing-inner-derivative",
            r"\operatorname{diag}(\hat{y}) - \hat{y} \hat{y}^T": "wrong-function",
            r"\operatorname{diag}(1 - \hat{y} \circ \hat{y})": "wrong-function",
        },
        given=[r"\hat{y} = \sigma(z_3)"],
        symbols={"z_3": "k", r"\hat{y}": "k"},
    )

    yield _network(
        "second-layer-jacobian",
        title="The Jacobian of the second layer by its input",
        text="Give the elements of the Jacobian of $z_3$ by $z_2$ in numerator layout, k x d.",
        given="z_3 = W^{(2)} z_2 + b^{(2)}",
        symbols={name: SHAPES[name] for name in ("z_2", "z_3", "W^{(2)}", "b^{(2)}")},
        find=r"\frac{\partial z_3}{\partial z_2}",
        answer="W^{(2)}",
        also="I W^{(2)}",
        wrong={"{W^{(2)}}^T": "layout", "W^{(2)} z_2": "extra-factor", "W^{(2)} + b^{(2)}": "constant-kept"},
        layout="numerator",
    )

    yield _network(
        "inner-jacobian",
        title="The Jacobian of the second layer by what enters the activation",
        text="f is the hyperbolic tangent. Derive the Jacobian of $z_3$ by $z_1$ in numerator layout, k x d.",
        find=SLOPE,
        answer=r"W^{(2)} \operatorname{diag}(1 - z_2 \circ z_2)",
        also=r"W^{(2)} - W^{(2)} \operatorname{diag}(z_2 \circ z_2)",
        wrong={
            "W^{(2)}": "missing-inner-derivative",
            r"W^{(2)} \operatorname{diag}(1 - z_2)": "wrong-function",
            r"\operatorname{diag}(1 - z_2 \circ z_2) {W^{(2)}}^T": "layout",
            r"W^{(2)} (1 - z_2 \circ z_2)": "product-for-hadamard",
        },
        given=[r"z_2 = \tanh(z_1)", "z_3 = W^{(2)} z_2 + b^{(2)}"],
        symbols={name: SHAPES[name] for name in ("z_1", "z_2", "z_3", "W^{(2)}", "b^{(2)}")},
        layout="numerator",
    )


def _backward(identifier: str, variable: str, **rest: Any) -> Problem:
    """A gradient of the loss by one of the parameters, in the partials that may be named."""
    return _network(
        identifier,
        title=f"Two affine layers: the gradient by {PARAMETERS[variable]} in named partials",
        text=f"Derive the gradient of the loss by ${variable}$, in the parameters, $x$, $y$ and the partials ${LOSS}$, "
        f"${ACTIVATION}$ and ${SLOPE}$ alone.",
        find=rf"\frac{{\partial \ell}}{{\partial {variable}}}",
        functions={"g": "elementwise"},
        only=("x", "y", "W^{(1)}", "b^{(1)}", "W^{(2)}", "b^{(2)}", *PARTIALS),
        **rest,
    )


def _network(identifier: str, **rest: Any) -> Problem:
    """A question about the network, with the spellings of what it declares."""
    names = {spelling: name for spelling, name in NAMES.items() if name in rest.get("symbols", SHAPES)}
    return stated(identifier, **{"source": SOURCE, "symbols": SHAPES, "given": GIVEN, "names": names, **rest})
