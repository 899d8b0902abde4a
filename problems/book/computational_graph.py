"""Computational graphs of scalars: the chain rule along all paths, in symbols and at numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import symbols

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import derivative, equation, stated

SOURCE = "New York University, DS-GA 1008 Deep Learning, homework 1, section 1.4"
NETWORK = "Baydin, Pearlmutter, Radul and Siskind, Automatic Differentiation in Machine Learning (2018), section 3.2"
SCALARS = ("x_0", "w_0", "w_1", "b_0", "b_1", "xw_0", "xwb_0", "x_1", "xw_1", "y_1", "yx", "z")


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _graph(
        "graph-by-x",
        "x",
        answer="2 a^2 + 4 x y a",
        also=["2 (x y + z)^2 + 4 x y (x y + z)", "2 a (a + 2 x y)"],
        wrong={
            "2 a^2": "missing-term",
            "4 x y a": "product-rule",
            "2 a^2 + 2 x y a": "missing-factor-2",
            "a^2 + 4 x y a": "missing-factor-2",
            "2 a^2 + 4 x a": "missing-factor",
        },
    )

    yield _graph(
        "graph-by-y",
        "y",
        answer="4 x^2 a",
        also=["4 x^2 (x y + z)", "(b + 2 x a) x"],
        wrong={
            "2 x^2 a": "missing-factor-2",
            "4 x a": "missing-inner-derivative",
            "4 x^2": "missing-factor",
            "4 x^2 a + b": "extra-term",
        },
    )

    yield _graph(
        "graph-by-z",
        "z",
        answer="4 x a",
        also=["4 x (x y + z)", "b + 2 x a"],
        wrong={"2 x a": "missing-factor-2", "b": "product-rule", "4 x": "missing-factor", "4 x^2 a": "wrong-variable"},
    )

    yield _numbers(
        "scalar-network-first-weight",
        "w_0",
        answer="-0.2",
        also=r"1 \cdot 1 \cdot w_1 \cdot 1 \cdot x_0",
        wrong={"0.2": "sign", "0.4": "wrong-variable", "0": "one-case-only", "-0.06": "derivative-at-wrong-place"},
    )

    yield _numbers(
        "scalar-network-second-weight",
        "w_1",
        answer="0.4",
        also="x_1",
        wrong={
            "-0.2": "wrong-variable",
            "0.3": "forgotten-bias",
            "1": "missing-inner-derivative",
            "-0.08": "extra-factor",
        },
    )

    yield _numbers(
        "scalar-network-first-bias",
        "b_0",
        answer="-0.2",
        also="w_1",
        wrong={"1": "missing-inner-derivative", "0.2": "sign", "0": "one-case-only"},
    )

    yield _numbers(
        "scalar-network-second-bias",
        "b_1",
        answer="1",
        also=r"1 \cdot 1",
        wrong={"-0.3": "extra-factor", "0": "one-case-only", "-0.2": "wrong-variable"},
    )

    yield _numbers(
        "scalar-network-output",
        "",
        answer="0.62",
        also=r"\operatorname{ReLU}(0.4 \cdot (-0.2) - 0.3 + 1.0)",
        wrong={"0": "missing-term", "-0.38": "missing-term", "1.62": "extra-term", "0.92": "forgotten-bias"},
    )


def _graph(identifier: str, variable: str, **rest: Any) -> Problem:
    """The derivative of the output w of a graph by one of its inputs."""
    x, y, z, a, b, w = symbols("x y z a b w")
    return stated(
        identifier,
        title=f"A computational graph: the output by {variable}",
        text=f"Derive the derivative of w by {variable} along the graph.",
        source=SOURCE,
        symbols=dict.fromkeys("xyzabw", "scalar"),
        given=["a = x y + z", "b = (x + x) a", equation(w, a * b)],
        find=derivative(w, {"x": x, "y": y, "z": z}[variable]),
        **rest,
    )


def _numbers(identifier: str, variable: str, **rest: Any) -> Problem:
    """A quantity of a scalar network with ReLUs and a skip connection, at numbers."""
    asked = f"the derivative of z by {variable}" if variable else "the output z"
    return stated(
        identifier,
        title=f"A scalar network at numbers: {asked}",
        text=f"Compute {asked} at the numbers given.",
        source=f"{NETWORK}, for the method",
        symbols=dict.fromkeys(SCALARS, "scalar"),
        given=[
            *("x_0 = 1.0", "w_0 = 0.3", "w_1 = -0.2", "b_0 = 0.1", "b_1 = -0.3"),
            *("xw_0 = x_0 w_0", "xwb_0 = xw_0 + b_0", r"x_1 = \operatorname{ReLU}(xwb_0)"),
            *("xw_1 = x_1 w_1", "y_1 = xw_1 + b_1", "yx = y_1 + x_0", r"z = \operatorname{ReLU}(yx)"),
        ],
        find=rf"\frac{{dz}}{{d{variable}}}" if variable else "z",
        **rest,
    )
