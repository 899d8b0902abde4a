"""The composition of affine maps: that it is one affine map again, and with which weights and bias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import MatrixSymbol, symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import equation, stated

SOURCE = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1, on linear hidden layers"
NAMES = {"f_1(x)": "h", "f_2(h)": "y", "f_2(f_1(x))": "y", r"(f_2 \circ f_1)(x)": "y"}


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    parts, (w1, b1, w2, b2, x) = _maps()
    yield stated(
        "affine-composition",
        title="Two affine maps, one after the other",
        text="Write y in terms of x and the parameters.",
        answer=w2 * w1 * x + w2 * b1 + b2,
        also=["W_2 (W_1 x + b_1) + b_2", "(W_2 W_1) x + (W_2 b_1 + b_2)"],
        wrong={
            "W_1 W_2 x + W_2 b_1 + b_2": "product-order",
            "W_2 W_1 x + b_1 + b_2": "bracket-lost",
            "W_2 W_1 x + b_2": "forgotten-bias",
            "W_2 W_1 x + W_1 b_2 + b_1": "wrong-variable",
            "W_2 W_1 x + b_1 W_2 + b_2": "product-order",
        },
        **parts,
    )

    parts, (w1, _, w2, _, _) = _maps()
    yield stated(
        "affine-composition-jacobian",
        title="Two affine maps: the weights of the one map that they are",
        text="Derive the Jacobian of y by x in numerator layout: the weights of the one affine map that the two are.",
        answer=w2 * w1,
        also="W_2 I W_1",
        wrong={
            "W_1 W_2": "product-order",
            "W_1^T W_2^T": "layout",
            "W_2 + W_1": "wrong-function",
            "W_2 W_1 x": "extra-factor",
        },
        **{**parts, "find": r"\frac{\partial y}{\partial x}", "layout": "numerator"},
    )

    parts, (_, _, w2, _, _) = _maps()
    yield stated(
        "affine-composition-bias",
        title="Two affine maps: the output by the first bias",
        text="Derive the Jacobian of y by the first bias in numerator layout.",
        answer=w2,
        also="W_2 I",
        wrong={"W_2^T": "layout", "I": "missing-inner-derivative", "W_2 b_1": "extra-factor"},
        **{**parts, "find": r"\frac{\partial y}{\partial b_1}", "layout": "numerator"},
    )

    yield stated(
        "affine-composition-shapes",
        title="Two affine maps: the shapes",
        text="The first map is from s to t dimensions, the second from t to u. Give the shapes of all four parameters.",
        source=SOURCE,
        symbols={"W_1": "t x s", "b_1": "t", "W_2": "u x t", "b_2": "u", "s": "size", "t": "size", "u": "size"},
        find=["W_1", "b_1", "W_2", "b_2"],
        answer=[r"\mathbb{R}^{t \times s}", r"\mathbb{R}^{t}", r"\mathbb{R}^{u \times t}", r"\mathbb{R}^{u}"],
        also=r"W_1 \in \mathbb{R}^{t \times s}" "\n" r"b_1 \in \mathbb{R}^{t}" "\n" r"W_2: (u, t)" "\n" "b_2: (u, 1)",
        wrong={
            "W_1: (s, t)\nb_1: t\nW_2: (u, t)\nb_2: u": "transposed",
            "W_1: (t, s)\nb_1: s\nW_2: (u, t)\nb_2: t": "claimed-shape",
            "W_1: (t, s)\nb_1: t\nW_2: (t, u)\nb_2: u": "transposed",
        },
        kind="shape",
    )


def _maps() -> tuple[dict[str, Any], tuple[Any, Any, Any, Any, Any]]:
    """What a statement says of the two maps, and their parameters and the input."""
    s, t, u = symbols("s t u")
    w1, b1, w2, b2 = (MatrixSymbol(name, *shape) for name, shape in _shapes(s, t, u))
    x, h, y = (MatrixSymbol(name, size, 1) for name, size in (("x", s), ("h", t), ("y", u)))
    given = [equation(h, w1 * x + b1), equation(y, w2 * h + b2)]
    return {"source": SOURCE, "given": given, "names": NAMES, "find": y}, (w1, b1, w2, b2, x)


def _shapes(s: Any, t: Any, u: Any) -> tuple[tuple[str, tuple[Any, Any]], ...]:
    return ("W_1", (t, s)), ("b_1", (t, 1)), ("W_2", (u, t)), ("b_2", (u, 1))
