"""The problems on which the examples of the cards stand."""

from __future__ import annotations

from typing import Any

CUBIC: dict[str, Any] = {
    "symbols": {"x": "scalar", "a": "scalar", "f": "scalar"},
    "given": ["f = x^3 - a x"],
    "find": r"\frac{\partial f}{\partial x}",
}
LAYER: dict[str, Any] = {
    "symbols": {"W": "K x M", "x": "M", "b": "K", "z": "K", "J": "scalar"},
    "given": ["z = W x + b", "J = J(z)"],
}
BY_INPUT = {**LAYER, "find": r"\frac{\partial J}{\partial x}"}
BY_WEIGHTS = {**LAYER, "find": r"\frac{\partial J}{\partial W}"}
BY_WEIGHT = {**LAYER, "find": r"\frac{\partial J}{\partial W_{ij}}"}
MEAN_SQUARES: dict[str, Any] = {
    "symbols": {"\\hat{y}": "N", "y": "N", "L": "scalar", "i": "index N"},
    "given": [r"L = \frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i)^2"],
    "find": r"\frac{\partial L}{\partial \hat{y}}",
}
LEAST_SQUARES: dict[str, Any] = {
    "symbols": {"X": "N x D", "w": "D", "y": "N", "L": "scalar"},
    "given": [r"L = \|X w - y\|^2"],
    "find": r"\frac{\partial L}{\partial w}",
}
SOFTMAX: dict[str, Any] = {
    "symbols": {"z": "K", "s": "K", "i": "index K", "j": "index K", "k": "index K"},
    "given": [r"s_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}"],
    "find": r"\frac{\partial s_i}{\partial z_j}",
}
CROSS_ENTROPY: dict[str, Any] = {
    "symbols": {**SOFTMAX["symbols"], "y": "K", "L": "scalar"},
    "given": [*SOFTMAX["given"], r"L = -\sum_{k=1}^K y_k \log s_k"],
    "assume": [r"y_k \in \{0, 1\}", r"\sum_{k=1}^K y_k = 1"],
    "find": r"\frac{\partial L}{\partial z_i}",
}
SIGMOID: dict[str, Any] = {
    "symbols": {"z": "scalar", "a": "scalar"},
    "given": [r"a = \sigma(z)"],
    "find": r"\frac{\partial a}{\partial z}",
}
UNIT: dict[str, Any] = {
    "symbols": {
        "w": "scalar",
        "x": "scalar",
        "b": "scalar",
        "z": "scalar",
        "a": "scalar",
        "y": "scalar",
        "L": "scalar",
    },
    "given": ["z = w x + b", r"a = \sigma(z)", r"L = \frac{1}{2} (a - y)^2"],
    "find": r"\frac{\partial L}{\partial w}",
}
UPDATE: dict[str, Any] = {
    "symbols": {"w": "D", "x": "D", "y": "scalar", "L": "scalar", r"\alpha": "scalar"},
    "given": [r"L = \frac{1}{2} (w^T x - y)^2"],
    "find": r"w - \alpha \frac{\partial L}{\partial w}",
}
