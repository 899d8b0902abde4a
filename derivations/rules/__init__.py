"""The rules of derivation, in the order in which they are tried; one family a module."""

from __future__ import annotations

from derivations.rules.elementwise import ELEMENTWISE
from derivations.rules.linear import LINEAR
from derivations.rules.matrices import MATRICES
from derivations.rules.rule import Bench, Rule, Target

__all__ = ["RULES", "Bench", "Rule", "Target"]

RULES = (*LINEAR, *ELEMENTWISE, *MATRICES)
