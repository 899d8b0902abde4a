"""Expression -> LaTeX, and expression -> a line of Unicode; the only writer."""

from __future__ import annotations

from truestep.derivations.language.writing.latex import latex
from truestep.derivations.language.writing.text import text

__all__ = ["latex", "text"]
