"""Expression -> LaTeX, and expression -> a line of Unicode; the only writer."""

from __future__ import annotations

from derivations.writing.latex import latex
from derivations.writing.text import text

__all__ = ["latex", "text"]
