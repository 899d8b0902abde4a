"""From a written expression to a node, with sums over indices taken up into products of matrices."""

from __future__ import annotations

from derivations.lifting.heads import lifting_for
from derivations.lifting.shaped import Lifting, Shaped

__all__ = ["Lifting", "Shaped", "lifting_for"]
