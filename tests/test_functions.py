"""Laws over the table of functions: value, derivative, spellings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from evaluating import evaluated, term_value
from sources import table

from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME, BY_SPELLING, FUNCTIONS, Function
from truestep.derivations.meaning.differentiate import Variable, differentiate
from truestep.derivations.meaning.terms import Arena, Term

DATA = table("functions")
ELEMENTWISE = tuple(function for function in FUNCTIONS if function.kind == "elementwise")
EVERYWHERE = (-2.5, -0.75, -0.125, 0.25, 1.0, 3.5)
POINTS = {"log": (0.125, 1.0, 7.5), "sqrt": (0.25, 1.0, 6.0), "arcsin": (-0.5, 0.25), "arccos": (-0.5, 0.25)}
NO_DERIVATIVE = {"arcsin", "arccos"}
OWN: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sigmoid": lambda x: (1 + mpmath.tanh(x / 2)) / 2,
    "tanh": mpmath.tanh,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "sech": mpmath.sech,
    "coth": mpmath.coth,
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "leaky relu": lambda x: x if x > 0 else x / 100,
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "arctan": mpmath.atan,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "erf": mpmath.erf,
    "abs": abs,
    "sign": mpmath.sign,
    "sqrt": mpmath.sqrt,
}

Z = np.array([0.5, -1.0, 2.0])
A = np.array([[2.0, 1.0, 0.5], [-1.0, 3.0, 0.0], [0.25, 1.0, -2.0]])
WHOLE: dict[str, tuple[str, Any]] = {
    "softmax": ("z", np.exp(Z) / np.exp(Z).sum()),
    "log-softmax": ("z", Z - np.log(np.exp(Z).sum())),
    "log-sum-exp": ("z", np.log(np.exp(Z).sum())),
    "max": ("a, b", 1.5),
    "min": ("a, b", -0.5),
    "argmax": ("z", np.argmax(Z) + 1),
    "argmin": ("z", np.argmin(Z) + 1),
    "trace": ("A", np.trace(A)),
    "det": ("A", np.linalg.det(A)),
    "diag": ("z", np.diag(Z)),
}


def close(got: Any, wanted: Any) -> bool:
    return bool(np.allclose(np.asarray(got, dtype=float), np.asarray(wanted, dtype=float), rtol=1e-9, atol=1e-12))


def faults_of_value(function: Function) -> list[float]:
    """The points where a row's body is not what mpmath says of the function."""
    assert function.body is not None
    arena = Arena()
    body = function.body(arena, arena.quantity("x", ()))
    points = POINTS.get(function.name, EVERYWHERE)
    return [x for x in points if not close(term_value(arena, body, {"x": x}), OWN[function.name](mpmath.mpf(x)))]


def faults_of_derivative(function: Function) -> list[float]:
    """The points where the derivative of a row's body is not the slope of mpmath's own function."""
    assert function.body is not None
    arena = Arena()
    slope = differentiate(arena, function.body(arena, arena.quantity("x", ())), Variable("x", ()))
    points = POINTS.get(function.name, EVERYWHERE)
    return [
        x
        for x in points
        if not close(term_value(arena, slope, {"x": x}), mpmath.diff(OWN[function.name], mpmath.mpf(x)))
    ]


def test_every_elementwise_function_has_an_independent_value_here() -> None:
    assert {function.name for function in ELEMENTWISE} == set(OWN)
    assert {function.name for function in FUNCTIONS} - set(OWN) == {*WHOLE, "vec"}


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.name)
def test_value(function: Function) -> None:
    assert not faults_of_value(function)


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.name)
def test_derivative(function: Function) -> None:
    if function.name in NO_DERIVATIVE:
        with pytest.raises(MeaningFault, match="not decided"):
            faults_of_derivative(function)
    else:
        assert not faults_of_derivative(function)


def of(name: str, arena: Arena, t: Term) -> Term:
    body = BY_NAME[name].body
    assert body is not None
    return body(arena, t)


PLANTED: dict[str, Callable[[Arena, Term], Term]] = {
    "tanh": lambda arena, t: arena.negative(of("tanh", arena, t)),
    "sigmoid": lambda arena, t: of("tanh", arena, t),
    "gelu": lambda arena, t: of("relu", arena, t),
    "relu": lambda arena, t: t,
    "exp": lambda arena, t: arena.add((arena.constant(1), t)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_wrong_row_is_caught(name: str) -> None:
    wrong = Function(name, (name,), "elementwise", PLANTED[name])
    assert faults_of_value(wrong)
    assert faults_of_derivative(wrong)


def forms(spelling: str) -> list[str]:
    return list(DATA["command" if spelling.startswith("\\") else "word"])


SPELLED = [
    (function.name, spelling, form)
    for function in ELEMENTWISE
    for spelling in function.spellings
    for form in forms(spelling)
]


@pytest.mark.parametrize(("name", "spelling"), [(name, s) for name, s, form in SPELLED if form == forms(s)[0]])
def test_every_spelling_is_read_to_the_same_value(name: str, spelling: str) -> None:
    x = POINTS.get(name, EVERYWHERE)[0]
    wanted = OWN[name](mpmath.mpf(x))
    statement = {"symbols": {"x": "scalar"}}
    texts = [form.format(name=spelling, argument="x") for form in forms(spelling)]
    if spelling.startswith("\\"):
        texts += [f"{spelling} x", f"{spelling}{{x}}", f"{spelling}{{(x)}}"]
    wrong = [text for text in texts if not close(evaluated(statement, text, {"x": x}, {}), wanted)]
    assert not wrong


@pytest.mark.parametrize("name", WHOLE)
def test_functions_of_arrays_against_numpy(name: str) -> None:
    argument, wanted = WHOLE[name]
    statement = {"symbols": {"z": "n", "A": "n x n", "a": "scalar", "b": "scalar"}}
    numbers = {"z": Z, "A": A, "a": 1.5, "b": -0.5}
    texts = [form.format(name=s, argument=argument) for s in BY_NAME[name].spellings for form in forms(s)]
    wrong = [text for text in texts if not close(evaluated(statement, text, numbers, {"n": 3}), wanted)]
    assert not wrong


def test_no_spelling_belongs_to_two_functions() -> None:
    assert len(BY_SPELLING) == sum(len(function.spellings) for function in FUNCTIONS)
