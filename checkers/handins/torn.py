"""Text that was copied out of a PDF: fractions and exponents stand in pieces, on lines of their own."""

from __future__ import annotations

import re

REASON = "its formulas stand in pieces on several lines, as in text that is copied out of a PDF: a person reads it"
_SIGN = re.compile(r"[=+\-−±·×⊙≤≥<>≈]")
SHORT, SHARE, FEWEST = 2, 0.25, 3


def is_torn(text: str) -> bool:
    """Whether the formulas of a plain text are torn: many lines are a sign or two, and some are a relation alone.

    >>> is_torn("∂J\\n∂z\\n=\\n2\\nN\\nx\\n+\\n1\\nM\\ny\\n=\\n0"), is_torn("∂J/∂z\\n= p - q\\n1\\n2")
    (True, False)
    """
    lines = [line for line in ("".join(line.split()) for line in text.split("\n")) if line]
    short = [line for line in lines if len(line) <= SHORT]
    signs = sum(_SIGN.fullmatch(line) is not None for line in short)
    return "$" not in text and len(short) >= SHARE * len(lines) and signs >= FEWEST
