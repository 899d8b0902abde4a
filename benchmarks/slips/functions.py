"""Functions of arrays: those of NumPy, those of the field, those that a problem defines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.slips.arrays import Array, Misshapen, Unsupported, together
from benchmarks.slips.drawing import At, Drawing
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.notation import UserFunction

STEP = 3e-4
STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))
CALLS: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "log": np.log,
    "sigmoid": lambda t: 1 / (1 + np.exp(-t)),
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sech": lambda t: 1 / np.cosh(t),
    "coth": lambda t: 1 / np.tanh(t),
    "relu": lambda t: np.maximum(t, 0),
    "leaky relu": lambda t: np.where(t > 0, t, t / 100),
    "softplus": lambda t: np.log1p(np.exp(t)),
    "gelu": lambda t: t * (1 + np.vectorize(math.erf)(t / math.sqrt(2))) / 2,
    "erf": np.vectorize(math.erf),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arctan": np.arctan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "abs": np.abs,
    "sign": np.sign,
    "sqrt": np.sqrt,
}


class Functions(Drawing):
    """A drawing in which functions have values; the derivative of one is a difference quotient."""

    def _apply(self, node: Expression, at: At) -> Array:
        name, primes, power = node.data
        if power is not None:
            raise Unsupported("a power of a function")
        arguments = [self.value(arg, at) for arg in node.args]
        if primes:
            (argument,) = arguments
            return np.asarray(sum(c * self._called(name, primes - 1, [argument + k * STEP]) for k, c in STENCIL) / STEP)
        return self._called(name, 0, arguments)

    def _called(self, name: str, primes: int, arguments: list[Array]) -> Array:
        if primes:
            raise Unsupported("a second prime")
        user = self.notation.functions.get(name)
        if user is not None and user.body is not None:
            return self._defined_function(user, arguments)
        if name in ("max", "min") and len(arguments) > 1:
            return together(lambda *parts: (np.max if name == "max" else np.min)(parts, axis=0), arguments)
        if len(arguments) != 1:
            raise Unsupported("several arguments")
        (value,) = arguments
        if user is not None and name not in CALLS:
            if user.kind != "elementwise":
                raise Unsupported("an unknown function")
            a, b = self.random(name).normal(size=2)
            return np.asarray(np.sin(a * value + b) + a * value**2)
        if name in CALLS:
            return np.asarray(CALLS[name](value))
        match name:
            case "softmax":
                axis = 0 if value.shape[1] == 1 else 1
                return np.asarray(np.exp(value) / np.exp(value).sum(axis=axis, keepdims=True))
            case "log-softmax":
                return np.asarray(
                    value - np.log(np.exp(value).sum(axis=0 if value.shape[1] == 1 else 1, keepdims=True))
                )
            case "log-sum-exp":
                return np.full((1, 1), np.log(np.exp(value).sum()))
            case "diag":
                return np.diag(value.ravel()) if 1 in value.shape else np.diag(value).reshape(-1, 1)
            case "trace" | "det":
                if value.shape[0] != value.shape[1]:
                    raise Misshapen(name)
                return np.full((1, 1), np.trace(value) if name == "trace" else np.linalg.det(value))
        raise Unsupported(name)

    def _defined_function(self, user: UserFunction, arguments: list[Array]) -> Array:
        assert user.body is not None
        names = [str(formal.data) for formal in user.formals]
        whole = user.kind == "scalar" or user.entry is not None or len(arguments) > 1

        def at(*values: Any) -> Array:
            with self._with_formals(
                dict(
                    zip(names, (np.asarray(value).reshape(np.shape(value) or (1, 1)) for value in values), strict=True)
                )
            ):
                if user.entry is None:
                    return self.value(user.body, {})
                parts = [self.scalar(user.body, {user.entry: place}) for place in range(values[0].size)]
                return np.array(parts).reshape(values[0].shape)

        if whole or arguments[0].size == 1:
            return at(*arguments)
        return np.array([float(at(one).flat[0]) for one in arguments[0].flat]).reshape(arguments[0].shape)

    @contextmanager
    def _with_formals(self, formals: dict[str, Array]) -> Iterator[None]:
        before, memo = self.formals, self.memo
        self.formals, self.memo = {**before, **formals}, {}
        try:
            yield
        finally:
            self.formals, self.memo = before, memo
