"""tensorgrad: a problem as a tensor network with named edges, and `Derivative(...).full_simplify()`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

from sympy import Symbol

from benchmarks.derivatives.algebra import COLUMNS, ROWS, Algebra, Size
from benchmarks.derivatives.judging import NotDone
from benchmarks.derivatives.stating import Stated
from truestep.derivations.numpy.code import python_name

FUNCTIONS = {"exp", "log", "sqrt", "tanh", "erf", "sigmoid", "relu", "abs", "step"}
NAMED = {"step": "gt0"}


@dataclass(frozen=True)
class TensorNetworks(Algebra):
    """Tensors, their edges for axes; ``tool`` is the module tensorgrad, ``functions`` its module of functions."""

    tool: Any
    functions: Any

    def axes(self, value: Any) -> tuple[str, ...]:
        """The edges."""
        return tuple(value.edges)

    def variable(self, name: str, dims: tuple[Size, Size]) -> Any:
        """A Variable with its edges."""
        if any(isinstance(size, int) and size != 1 for size in dims):
            raise NotDone("an explicit size")
        edges = {axis: Symbol(str(size)) for axis, size in zip((ROWS, COLUMNS), dims, strict=True) if size != 1}
        return self.tool.Variable(python_name(name), **edges)

    def number(self, value: Fraction) -> Any:
        """An order-0 tensor of that weight."""
        return self._weighted(value)

    def constant(self, name: str) -> Any:
        """An order-0 tensor with a float for its weight."""
        return self._weighted(math.e if name == "e" else math.pi)

    def size(self, name: str) -> Any:
        """A copy tensor without edges, which is worth its size."""
        return self.tool.Delta(Symbol(name))

    def identity(self, like: Any) -> Any:
        """A copy tensor of two edges."""
        return self.tool.Delta(like.shape[ROWS], ROWS, COLUMNS)

    def rename(self, value: Any, names: Mapping[str, str]) -> Any:
        """The tensor with its edges renamed, those that are there."""
        renamed = {old: new for old, new in names.items() if old in value.edges}
        return value.rename(**renamed) if renamed else value

    def add(self, values: Sequence[Any]) -> Any:
        """A Sum, which fills missing edges."""
        return self.tool.Sum(list(values))

    def multiply(self, values: Sequence[Any]) -> Any:
        """The entrywise product over common edges."""
        result = values[0]
        for value in values[1:]:
            result = result * value
        return result

    def contract(self, values: Sequence[Any], summed: Sequence[str]) -> Any:
        """A plain contraction where two tensors meet in every common edge, else a product that is summed."""
        counts = Counter(edge for value in values for edge in value.edges)
        if all(count == (2 if edge in summed else 1) for edge, count in counts.items()):
            return self.tool.Product(list(values))
        product = self.multiply(values)
        return self.functions.sum(product, set(summed)) if summed else product

    def power(self, value: Any, exponent: Fraction) -> Any:
        """Each entry to a power."""
        return self.functions.pow(value, exponent.numerator if exponent.denominator == 1 else exponent)

    def apply(self, function: str, value: Any) -> Any:
        """A function of each entry."""
        if function not in FUNCTIONS:
            raise NotDone(f"no function {function}")
        return getattr(self.functions, NAMED.get(function, function))(value)

    def inverse(self, value: Any) -> Any:
        """The inverse; in tensorgrad the edge of a name meets the edge of the same name in the inverse."""
        return self.functions.inverse(value).rename(**{ROWS: COLUMNS, COLUMNS: ROWS})

    def determinant(self, value: Any) -> Any:
        """The determinant over both edges."""
        return self.functions.det(value)

    def trace(self, value: Any) -> Any:
        """Both edges joined."""
        return self.functions.trace(value)

    def diagonal(self, value: Any) -> Any:
        """A vector joined with a copy tensor of two further edges."""
        return self.functions.diag(value, [ROWS, COLUMNS])

    def _weighted(self, value: Fraction | float) -> Any:
        return self.tool.Sum([self.tool.Product([])], [value])


def load() -> TensorNetworks:
    """The algebra; an ImportError where tensorgrad is not installed."""
    return TensorNetworks(import_module("tensorgrad"), import_module("tensorgrad.functions"))


@dataclass(frozen=True)
class Network:
    """A derived tensor, and its edges in the order of the answer's axes."""

    tensor: Any
    edges: tuple[str, ...]


def derive(algebra: TensorNetworks, stated: Stated) -> Network:
    """The derivative by each variable in turn, simplified."""
    result, edges = stated.value, [axis for axis in (ROWS, COLUMNS) if axis in stated.value.edges]
    for place, variable in enumerate(stated.variables):
        named = {edge: f"by_{place}_{edge}" for edge in variable.edges}
        result = algebra.tool.Derivative(result, variable, named).full_simplify()
        edges = [*(named[axis] for axis in (ROWS, COLUMNS) if axis in named), *edges]
    return Network(result, tuple(edges))
