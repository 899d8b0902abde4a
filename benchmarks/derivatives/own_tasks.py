"""The tasks at hand where no records are given: the problems of the book whose answer is a whole array, and their like.

Beside each statement stands what it defines in NumPy, written by hand; the expected derivative is taken from that by
central differences, so nothing here says what the answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.derivatives.drawing import draw_array, draw_sizes
from benchmarks.derivatives.functions import sigmoid, softmax
from benchmarks.derivatives.tasks import Array, Draw, Task
from truestep.problems.statements.problem import Problem

STEP = 1e-5
TOLERANCE = 1e-6

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """A problem: what is differentiated by what, the givens as LaTeX, and as functions in their order."""

    id: str
    category: str
    symbols: Mapping[str, str]
    given: tuple[str, ...]
    defined: Mapping[str, Callable[[Values], Any]]
    by: str
    of: str
    assume: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def tasks() -> list[Task]:
    """The tasks of all statements."""
    return [_task(statement) for statement in STATEMENTS]


def central_differences(statement: Statement, drawn: Draw) -> Array:
    """The derivative at the drawn values: the axes of what is differentiated by come first."""
    point = np.asarray(drawn.values[statement.by])
    columns: list[Any] = []
    for place in np.ndindex(point.shape):
        moved = np.zeros(point.shape)
        moved[place] = STEP
        above, below = (_forward(statement, drawn, point + sign * moved)[statement.of] for sign in (1, -1))
        columns.append((np.asarray(above) - below) / (2 * STEP))
    return np.reshape(columns, (*point.shape, *np.shape(columns[0])))


def _forward(statement: Statement, drawn: Draw, point: Any) -> dict[str, Any]:
    values: dict[str, Any] = {**drawn.values, statement.by: point}
    for name, function in statement.defined.items():
        values[name] = function(values)
    return values


def _task(statement: Statement) -> Task:
    shapes = {name: _shape(text) for name, text in statement.symbols.items()}
    problem = Problem(
        symbols=statement.symbols,
        given=statement.given,
        assume=statement.assume,
        find=(rf"\frac{{\partial {statement.of}}}{{\partial {statement.by}}}",),
    )

    def draw(random: np.random.Generator) -> Draw:
        sizes = draw_sizes(shapes, statement.properties, random)
        values: dict[str, Any] = {}
        for name, shape in shapes.items():
            if name not in statement.defined:
                dims = tuple(sizes[size] for size in shape)
                values[name] = draw_array(dims, statement.properties.get(name, ()), random)
        for name, function in statement.defined.items():
            values[name] = np.asarray(function(values))
        return Draw(sizes, values)

    return Task(
        statement.id,
        statement.category,
        problem,
        draw,
        lambda drawn: central_differences(statement, drawn),
        TOLERANCE,
    )


def _shape(text: str) -> tuple[str, ...]:
    return () if text == "scalar" else tuple(text.split(" x "))


def _cross_entropy(outputs: str) -> Callable[[Values], Any]:
    return lambda v: -np.sum(v["y"] * np.log(v[outputs]))


def _layer(v: Values) -> Any:
    return v["W"] @ v["x"] + v["b"]


LAYER = {"W": "K x M", "x": "M", "b": "K"}
SOFTMAX = r"\hat{y}_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}"
CROSS_ENTROPY = r"L = -\sum_{k=1}^{K} y_k \log \hat{y}_k"

STATEMENTS = (
    Statement(
        "softmax-jacobian",
        "softmax",
        {"z": "K", r"\hat{y}": "K"},
        (SOFTMAX,),
        {r"\hat{y}": lambda v: softmax(v["z"])},
        by="z",
        of=r"\hat{y}",
    ),
    Statement(
        "cross-entropy-gradient",
        "softmax",
        {"y": "K", "z": "K", r"\hat{y}": "K", "L": "scalar"},
        (SOFTMAX, CROSS_ENTROPY),
        {r"\hat{y}": lambda v: softmax(v["z"]), "L": _cross_entropy(r"\hat{y}")},
        by="z",
        of="L",
        assume=(r"\sum_k y_k = 1",),
        properties={"y": ("simplex",)},
    ),
    Statement(
        "cross-entropy-weights",
        "softmax",
        {**LAYER, "y": "K", "z": "K", r"\hat{y}": "K", "L": "scalar"},
        ("z = W x + b", r"\hat{y} = \operatorname{softmax}(z)", CROSS_ENTROPY),
        {"z": _layer, r"\hat{y}": lambda v: softmax(v["z"]), "L": _cross_entropy(r"\hat{y}")},
        by="W",
        of="L",
        assume=(r"\sum_k y_k = 1",),
        properties={"y": ("simplex",)},
    ),
    *(
        Statement(
            f"linear-layer-{name}",
            "layers",
            {**LAYER, "g": "K", "z": "K", "J": "scalar"},
            ("z = W x + b", "J = g^T z"),
            {"z": _layer, "J": lambda v: v["g"] @ v["z"]},
            by=by,
            of="J",
        )
        for name, by in (("input", "x"), ("weights", "W"), ("bias", "b"))
    ),
    Statement(
        "sigmoid-layer",
        "layers",
        {**LAYER, "g": "K", "z": "K", "a": "K", "J": "scalar"},
        ("z = W x + b", r"a = \sigma(z)", "J = g^T a"),
        {"z": _layer, "a": lambda v: sigmoid(v["z"]), "J": lambda v: v["g"] @ v["a"]},
        by="W",
        of="J",
    ),
    Statement(
        "sigmoid-derivative",
        "activations",
        {"z": "scalar", "a": "scalar"},
        (r"a = \frac{1}{1 + e^{-z}}",),
        {"a": lambda v: sigmoid(v["z"])},
        by="z",
        of="a",
    ),
    Statement(
        "tanh-jacobian",
        "activations",
        {"z": "K", "a": "K"},
        (r"a = \tanh(z)",),
        {"a": lambda v: np.tanh(v["z"])},
        by="z",
        of="a",
    ),
    Statement(
        "mse-gradient",
        "losses",
        {"y": "n", r"\hat{y}": "n", "L": "scalar"},
        (r"L = \frac{1}{n} \sum_{k=1}^{n} (\hat{y}_k - y_k)^2",),
        {"L": lambda v: np.mean((v[r"\hat{y}"] - v["y"]) ** 2)},
        by=r"\hat{y}",
        of="L",
    ),
    Statement(
        "sse-gradient",
        "losses",
        {"y": "n", r"\hat{y}": "n", "L": "scalar"},
        (r"L = \frac{1}{2} \|\hat{y} - y\|^2",),
        {"L": lambda v: np.sum((v[r"\hat{y}"] - v["y"]) ** 2) / 2},
        by=r"\hat{y}",
        of="L",
    ),
    Statement(
        "bce-logit",
        "losses",
        {"y": "scalar", "z": "scalar", r"\hat{y}": "scalar", "L": "scalar"},
        (r"\hat{y} = \sigma(z)", r"L = -(y \log \hat{y} + (1 - y) \log(1 - \hat{y}))"),
        {
            r"\hat{y}": lambda v: sigmoid(v["z"]),
            "L": lambda v: -(v["y"] * np.log(v[r"\hat{y}"]) + (1 - v["y"]) * np.log(1 - v[r"\hat{y}"])),
        },
        by="z",
        of="L",
        properties={"y": ("prob",)},
    ),
    Statement(
        "least-squares",
        "regression",
        {"X": "m x n", "w": "n", "y": "m", "L": "scalar"},
        (r"L = \frac{1}{m} \|X w - y\|^2",),
        {"L": lambda v: np.sum((v["X"] @ v["w"] - v["y"]) ** 2) / len(v["y"])},
        by="w",
        of="L",
    ),
    Statement(
        "quadratic-form",
        "regression",
        {"x": "n", "A": "n x n", "f": "scalar"},
        ("f = x^T A x",),
        {"f": lambda v: v["x"] @ v["A"] @ v["x"]},
        by="x",
        of="f",
    ),
    Statement(
        "trace-of-product",
        "matrices",
        {"X": "m x n", "A": "n x m", "f": "scalar"},
        (r"f = \operatorname{tr}(A X)",),
        {"f": lambda v: np.trace(v["A"] @ v["X"])},
        by="X",
        of="f",
    ),
    Statement(
        "log-determinant",
        "matrices",
        {"X": "n x n", "f": "scalar"},
        (r"f = \log |\det(X)|",),
        {"f": lambda v: np.linalg.slogdet(v["X"])[1]},
        by="X",
        of="f",
        assume=(r"\det(X) \neq 0",),
        properties={"X": ("inv",)},
    ),
)
