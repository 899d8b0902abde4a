"""The value of a tensor network of tensorgrad at given arrays, by NumPy.

tensorgrad's own `evaluate` needs the named tensors that PyTorch gave up in version 2.13.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from benchmarks.derivatives.algebra import COLUMNS, ROWS
from benchmarks.derivatives.functions import erf
from benchmarks.derivatives.judging import NotDone
from benchmarks.derivatives.tensor_networks import Network

ENTRYWISE: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "erf": erf,
    "sign": np.sign,
    "abs": np.abs,
    "relu": lambda t: np.maximum(t, 0),
    "gt0": lambda t: (np.asarray(t) > 0).astype(float),
}


class Edged(NamedTuple):
    """An array and the names of its axes."""

    array: Any
    edges: tuple[str, ...]

    def along(self, edges: tuple[str, ...]) -> Any:
        """The array with its axes in another order."""
        return np.transpose(self.array, [self.edges.index(edge) for edge in edges])


def value_of(network: Network, values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    """The value of what was derived."""
    return Values(values, sizes).of(network.tensor).along(network.edges)


class Values:
    """One rule for each kind of tensor."""

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        self.values, self.sizes = values, sizes

    def of(self, tensor: Any) -> Edged:
        """The value of a tensor; NotDone for what has none, such as a derivative that was not worked out."""
        kind = type(tensor).__name__
        rule = getattr(self, f"_{kind.lower()}", None)
        if rule is None:
            raise NotDone(f"left in terms of {kind}")
        value: Edged = rule(tensor)
        return value

    def _variable(self, tensor: Any) -> Edged:
        edges = tuple(tensor.edges)
        return Edged(self.values[tensor.name], tuple(axis for axis in (ROWS, COLUMNS) if axis in edges))

    def _rename(self, tensor: Any) -> Edged:
        array, edges = self.of(tensor.tensor)
        return Edged(array, tuple(tensor.mapping.get(edge, edge) for edge in edges))

    def _delta(self, tensor: Any) -> Edged:
        size, edges = self.sizes[str(tensor.size)], tuple(tensor.edges)
        if not edges:
            return Edged(np.asarray(float(size)), ())
        array = np.zeros((size,) * len(edges))
        array[(np.arange(size),) * len(edges)] = 1
        return Edged(array, edges)

    def _zero(self, tensor: Any) -> Edged:
        return Edged(np.zeros([self.sizes[str(size)] for size in tensor.shape.values()]), tuple(tensor.edges))

    def _sum(self, tensor: Any) -> Edged:
        edges = tuple(tensor.edges)
        terms = [
            float(weight) * self.of(term).along(edges)
            for weight, term in zip(tensor.weights, tensor.terms, strict=True)
        ]
        return Edged(np.asarray(sum(terms)), edges)

    def _product(self, tensor: Any) -> Edged:
        """All factors in one sum of products."""
        edges = tuple(tensor.edges)
        factors = [self.of(factor) for factor in tensor.factors]
        numbers = {edge: place for place, edge in enumerate({edge for factor in factors for edge in factor.edges})}
        operands: list[Any] = [np.asarray(1.0), []]
        for factor in factors:
            operands += [factor.array, [numbers[edge] for edge in factor.edges]]
        return Edged(np.einsum(*operands, [numbers[edge] for edge in edges], optimize=True), edges)

    def _function(self, tensor: Any) -> Edged:
        signature = tensor.signature
        name, (array, edges) = signature.name, self.of(tensor.inputs[0])
        if name in ENTRYWISE:
            return Edged(ENTRYWISE[name](array), edges)
        if hasattr(signature, "k"):
            return Edged(np.power(array, float(signature.k)), edges)
        if name == "det":
            return Edged(np.asarray(np.linalg.det(array)), ())
        if name == "inv":
            return Edged(np.linalg.inv(array).T, edges)
        raise NotDone(f"left in terms of {name}")
