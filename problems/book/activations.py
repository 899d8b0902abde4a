"""Activations: their derivatives, where it can be in terms of their own values, and the gradient through a layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy
from sympy import Function, HadamardProduct, MatrixSymbol, OneMatrix, Symbol, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
DEEP = "Goodfellow, Bengio and Courville, Deep Learning (2016)"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    z, a = symbols("z a")
    yield stated(
        "sigmoid-derivative",
        title="The derivative of the sigmoid",
        text="Derive the derivative of a by z, in terms of a alone.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.88)",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, 1 / (1 + sympy.exp(-z))),
        find=derivative(a, z),
        answer=a * (1 - a),
        also="a - a^2",
        wrong={
            "a (a - 1)": "sign",
            "a (1 + a)": "sign",
            "1 - a": "missing-factor",
            "1 - a^2": "wrong-function",
            "a^2": "missing-inner-derivative",
        },
        only=a,
    )

    yield stated(
        "sigmoid-derivative-exponential",
        title="The derivative of the sigmoid, in exponentials",
        text="Derive the derivative of a by z, in terms of z.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.88), with the sigmoid put in",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, 1 / (1 + sympy.exp(-z))),
        find=derivative(a, z),
        answer=sympy.exp(-z) / (1 + sympy.exp(-z)) ** 2,
        also=[r"\frac{e^z}{(1 + e^z)^2}", r"\frac{1}{2 + e^z + e^{-z}}"],
        wrong={
            r"-\frac{e^{-z}}{(1 + e^{-z})^2}": "sign",
            r"\frac{1}{(1 + e^{-z})^2}": "missing-inner-derivative",
            r"\frac{e^{-z}}{1 + e^{-z}}": "quotient-square",
            r"\frac{e^{-z}}{(1 + e^{-z})^{-2}}": "wrong-exponent",
            r"\frac{e^{-z}}{1 + e^{-2 z}}": "bracket-lost",
        },
    )

    yield stated(
        "sigmoid-second-derivative",
        title="The second derivative of the sigmoid",
        text="Derive the second derivative of a by z, in terms of a alone.",
        source=f"{BISHOP}, section 4.3.2, eq. (4.88), used twice",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, 1 / (1 + sympy.exp(-z))),
        find=r"\frac{d^2 a}{d z^2}",
        answer="a (1 - a) (1 - 2 a)",
        also="a - 3 a^2 + 2 a^3",
        wrong={
            "1 - 2 a": "missing-inner-derivative",
            "a (1 - a)^2": "product-rule",
            "-a (1 - a) (1 - 2 a)": "sign",
            "a (1 - a) (1 + 2 a)": "sign",
        },
        only="a",
    )

    z, f = symbols("z f")
    yield stated(
        "log-sigmoid-derivative",
        title="The derivative of the log-sigmoid",
        text="Derive the derivative of f by z.",
        source=f"{DEEP}, section 3.10",
        given=r"f = \log \sigma(z)",
        symbols={"z": "scalar", "f": "scalar"},
        find=derivative(f, z),
        answer=r"1 - \sigma(z)",
        also=[r"\sigma(-z)", r"\frac{1}{1 + e^z}"],
        wrong={
            r"\frac{1}{\sigma(z)}": "missing-inner-derivative",
            r"\sigma(z)": "wrong-function",
            r"\sigma(z) - 1": "sign",
            r"\sigma(z) (1 - \sigma(z))": "missing-factor",
        },
    )

    yield stated(
        "tanh-derivative",
        title="The derivative of tanh",
        text="Derive the derivative of a by z, in terms of a alone.",
        source=f"{BISHOP}, section 5.3.2, eq. (5.60)",
        symbols={"z": "scalar", "a": "scalar"},
        given=equation(a, sympy.tanh(z)),
        find=derivative(a, z),
        answer=1 - a**2,
        also="(1 - a) (1 + a)",
        wrong={
            "1 - a": "wrong-function",
            "a (1 - a)": "wrong-function",
            "1 + a^2": "sign",
            "a^2 - 1": "sign",
        },
        only=a,
    )

    x, s = symbols("x s")
    yield stated(
        "softplus-derivative",
        title="The derivative of the softplus",
        text="Derive the derivative of s by x.",
        source=f"{DEEP}, section 3.10",
        given=equation(s, sympy.log(1 + sympy.exp(x))),
        symbols={"x": "scalar", "s": "scalar"},
        find=derivative(s, x),
        answer=sympy.exp(x) / (1 + sympy.exp(x)),
        also=[r"\sigma(x)", r"\frac{1}{1 + e^{-x}}", "1 - e^{-s}"],
        wrong={
            r"\frac{1}{1 + e^x}": "missing-inner-derivative",
            "1": "log-of-sum-split",
            r"e^x (1 + e^x)": "reciprocal",
            r"\sigma(x) (1 - \sigma(x))": "wrong-function",
        },
    )

    yield stated(
        "relu-derivative",
        title="The derivative of ReLU",
        text="Derive the derivative of s by x, for x other than 0.",
        source=f"{DEEP}, section 6.3.1",
        symbols={"x": "scalar", "s": "scalar"},
        given=r"s = \operatorname{ReLU}(x)",
        assume=r"x \neq 0",
        find=derivative(Symbol("s"), Symbol("x")),
        answer=r"\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}",
        also=[r"\mathbf{1}[x > 0]", r"\frac{1 + \operatorname{sign}(x)}{2}"],
        wrong={
            "1": "one-case-only",
            r"\mathbf{1}[x < 0]": "sign",
            r"\operatorname{sign}(x)": "wrong-function",
            r"\operatorname{ReLU}(x)": "wrong-function",
            r"x \mathbf{1}[x > 0]": "extra-factor",
        },
    )

    yield stated(
        "leaky-relu-derivative",
        title="The derivative of the leaky ReLU",
        text="Derive the derivative of s by x, for x other than 0.",
        source=f"{DEEP}, section 6.3.1",
        symbols={"x": "scalar", "s": "scalar", r"\alpha": "scalar"},
        given=r"s = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}",
        assume=r"x \neq 0",
        find=derivative(Symbol("s"), Symbol("x")),
        answer=r"\begin{cases} 1 & x > 0 \\ \alpha & x < 0 \end{cases}",
        also=r"\mathbf{1}[x > 0] + \alpha \mathbf{1}[x < 0]",
        wrong={
            r"\mathbf{1}[x > 0]": "one-case-only",
            r"\begin{cases} 1 & x > 0 \\ \alpha x & x < 0 \end{cases}": "extra-factor",
            r"\begin{cases} 1 & x > 0 \\ -\alpha & x < 0 \end{cases}": "sign",
        },
    )

    yield stated(
        "elu-derivative",
        title="The derivative of the exponential linear unit",
        text="Derive the derivative of s by x, for x other than 0.",
        source="Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear "
        "Units (2016), section 3",
        symbols={"x": "scalar", "s": "scalar", r"\alpha": "scalar"},
        given=r"s = \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases}",
        assume=r"x \neq 0",
        find=derivative(Symbol("s"), Symbol("x")),
        answer=r"\begin{cases} 1 & x > 0 \\ \alpha e^x & x < 0 \end{cases}",
        also=r"\begin{cases} 1 & x > 0 \\ s + \alpha & x < 0 \end{cases}",
        wrong={
            r"\begin{cases} 1 & x > 0 \\ \alpha (e^x - 1) & x < 0 \end{cases}": "constant-kept",
            r"\begin{cases} 1 & x > 0 \\ \alpha & x < 0 \end{cases}": "missing-inner-derivative",
            r"\begin{cases} 1 & x > 0 \\ e^x & x < 0 \end{cases}": "missing-factor",
        },
    )

    yield stated(
        "swish-derivative",
        title="The derivative of swish (SiLU)",
        text="Derive the derivative of s by x.",
        source="Ramachandran, Zoph and Le, Searching for Activation Functions (2017), section 4, with beta = 1",
        symbols={"x": "scalar", "s": "scalar"},
        given=r"s = x \sigma(x)",
        find=derivative(Symbol("s"), Symbol("x")),
        answer=r"\sigma(x) + x \sigma(x) (1 - \sigma(x))",
        also=[r"s + \sigma(x) (1 - s)", r"\sigma(x) (1 + x - s)"],
        wrong={
            r"\sigma(x) (1 - \sigma(x))": "product-rule",
            r"x \sigma(x) (1 - \sigma(x))": "missing-term",
            r"\sigma(x) + \sigma(x) (1 - \sigma(x))": "product-rule",
            r"\sigma(x) - x \sigma(x) (1 - \sigma(x))": "sign",
        },
    )

    yield stated(
        "gelu-derivative",
        title="The derivative of GELU",
        text="Derive the derivative of s by x.",
        source="Hendrycks and Gimpel, Gaussian Error Linear Units (2016), section 2",
        symbols={"x": "scalar", "s": "scalar"},
        given=r"s = \frac{x}{2} \left( 1 + \operatorname{erf}\left( \frac{x}{\sqrt{2}} \right) \right)",
        find=derivative(Symbol("s"), Symbol("x")),
        answer=r"\frac{1}{2} \left( 1 + \operatorname{erf}\left( \frac{x}{\sqrt{2}} \right) \right)"
        r" + \frac{x}{\sqrt{2 \pi}} e^{-\frac{x^2}{2}}",
        also=r"\frac{s}{x} + \frac{x e^{-x^2 / 2}}{\sqrt{2 \pi}}",
        wrong={
            r"\frac{1}{2} \left( 1 + \operatorname{erf}\left( \frac{x}{\sqrt{2}} \right) \right)": "product-rule",
            r"\frac{1}{2} \left( 1 + \operatorname{erf}\left( \frac{x}{\sqrt{2}} \right) \right)"
            r" + \frac{x}{\sqrt{\pi}} e^{-\frac{x^2}{2}}": "missing-inner-derivative",
            r"\frac{1}{2} \left( 1 + \operatorname{erf}\left( \frac{x}{\sqrt{2}} \right) \right)"
            r" + \frac{x}{\sqrt{2 \pi}} e^{\frac{x^2}{2}}": "exponent-rule",
        },
    )

    parts, a, upstream = _layer(r"\sigma")
    yield stated(
        "sigmoid-layer",
        title="The gradient through a layer of sigmoids",
        source=f"{DEEP}, section 6.5.4, algorithm 6.4, with {BISHOP}, eq. (4.88)",
        answer=HadamardProduct(upstream, a, OneMatrix(Symbol("K"), 1) - a),
        also=[
            r"\operatorname{diag}(a \circ (1 - a)) \frac{\partial J}{\partial a}",
            r"\frac{\partial J}{\partial a} \circ (a - a \circ a)",
        ],
        wrong={
            r"\frac{\partial J}{\partial a} \circ (1 - a)": "missing-factor",
            r"\frac{\partial J}{\partial a} a^T (1 - a)": "product-for-hadamard",
            r"a \circ (1 - a)": "missing-factor",
            r"\frac{\partial J}{\partial a} \circ (1 - a \circ a)": "wrong-function",
            r"\frac{\partial J}{\partial a}^T (a \circ (1 - a))": "inner-for-outer",
        },
        **parts,
    )

    parts, a, upstream = _layer("tanh")
    yield stated(
        "tanh-layer",
        title="The gradient through a layer of hyperbolic tangents",
        source=f"{DEEP}, section 6.5.4, algorithm 6.4, with {BISHOP}, eq. (5.60)",
        answer=HadamardProduct(upstream, OneMatrix(Symbol("K"), 1) - HadamardProduct(a, a)),
        also=r"\operatorname{diag}(1 - a \circ a) \frac{\partial J}{\partial a}",
        wrong={
            r"\frac{\partial J}{\partial a} \circ (1 - a)": "wrong-function",
            r"\frac{\partial J}{\partial a} \circ a \circ (1 - a)": "wrong-function",
            r"(1 - a^T a) \frac{\partial J}{\partial a}": "product-for-hadamard",
            r"1 - a \circ a": "missing-factor",
        },
        **parts,
    )

    parts, _, _ = _layer("ReLU")
    yield stated(
        "relu-layer",
        title="The gradient through a layer of ReLUs",
        source=f"{DEEP}, section 6.5.4, algorithm 6.4, with section 6.3.1",
        answer=r"\frac{\partial J}{\partial a} \circ \mathbf{1}[z > 0]",
        also=r"\operatorname{diag}(\mathbf{1}[z > 0]) \frac{\partial J}{\partial a}",
        wrong={
            r"\frac{\partial J}{\partial a}": "one-case-only",
            r"\frac{\partial J}{\partial a} \circ a": "wrong-function",
            r"\frac{\partial J}{\partial a} \circ \mathbf{1}[z < 0]": "sign",
            r"\operatorname{ReLU}\left(\frac{\partial J}{\partial a}\right)": "derivative-at-wrong-place",
        },
        **parts,
    )


def _layer(function: str) -> tuple[dict[str, Any], Any, Any]:
    """What a statement says of a layer of one function, its values, and the gradient that comes from above."""
    size, loss = Symbol("K"), Symbol("J")
    z, a = MatrixSymbol("z", size, 1), MatrixSymbol("a", size, 1)
    parts = {
        "text": "Derive the gradient of J by z from the gradient of J by a.",
        "given": [equation(a, z.applyfunc(Function(function))), equation(loss, Function("J")(a))],
        "find": derivative(loss, z),
        "final_form": ("no sums",),
    }
    return parts, a, derivative(loss, a)
