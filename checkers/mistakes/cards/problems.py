"""The problems on which the examples of the cards stand."""

from __future__ import annotations

SCALAR = {
    "symbols": {"x": "scalar", "a": "scalar", "f": "scalar"},
    "given": ["f = x^3 - a x"],
    "find": r"\frac{\partial f}{\partial x}",
}
