"""Signs."""

from __future__ import annotations

from checkers.mistakes.card import Card, Example
from checkers.mistakes.cards.problems import SCALAR

SIGN = Card(
    "sign",
    "value",
    "A sign is wrong",
    "The line is right but for one minus sign, which is missing or one too many.",
    "A minus in front of a bracket, of an exponent or of an inner derivative is easily carried to one term only.",
    "Which minus signs stand in the line before, and to which terms does each of them belong?",
    Example(SCALAR, (r"\frac{\partial f}{\partial x} = 3x^2 + a",)),
    Example(SCALAR, (r"\frac{\partial f}{\partial x} = 3x^2 + a^2",)),
)
