"""From a written expression to a node, with sums over indices taken up into products of matrices."""

from __future__ import annotations

from truestep.derivations.deriving.lifting.heads import lifting_for
from truestep.derivations.deriving.lifting.shaped import Lifting, Shaped

__all__ = ["Lifting", "Shaped", "lifting_for"]
