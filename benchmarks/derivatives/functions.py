"""The functions of the field on arrays, as records and derived expressions name them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def sigmoid(z: Any) -> Any:
    """1 / (1 + exp(-z)), entrywise."""
    return 1 / (1 + np.exp(-z))


def softmax(z: Any, axis: int = -1) -> Any:
    """exp(z) over its sum along an axis."""
    exponential = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return exponential / np.sum(exponential, axis=axis, keepdims=True)


def erf(z: Any) -> Any:
    """The error function, entrywise; NumPy has none."""
    return np.vectorize(math.erf, otypes=[float])(z)


def normal_distribution(z: Any) -> Any:
    """The distribution function of the standard normal."""
    return (1 + erf(z / np.sqrt(2))) / 2


def normal_density(z: Any) -> Any:
    """The density of the standard normal."""
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


LIBRARY = {
    "np": np,
    "numpy": np,
    "math": math,
    "erf": erf,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "Phi": normal_distribution,
    "phi": normal_density,
}
