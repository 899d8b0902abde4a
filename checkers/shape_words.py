r"""Shapes in words: "has t rows and s columns", "a vector of length t", "a u x t matrix"."""

from __future__ import annotations

import re

_SIZE = r"(\\?[A-Za-z]\w{0,2}|\d{1,4})"
_BY = r"\s*(?:\\times|×|x|by)\s*"
_PATTERNS = (
    re.compile(rf"{_SIZE}\s+rows?\s+and\s+{_SIZE}\s+columns?"),
    re.compile(rf"(?:size|shape|dimensions?|dimension)\s+{_SIZE}{_BY}{_SIZE}(?![A-Za-z])"),
    re.compile(rf"(?<![A-Za-z]){_SIZE}{_BY}{_SIZE}\s+matrix"),
    re.compile(rf"vector\s+(?:of|with)\s+(?:length|size|dimension)\s+{_SIZE}"),
    re.compile(rf"vector\s+(?:of|with)\s+{_SIZE}\s+(?:entries|elements|components|numbers)"),
    re.compile(rf"(?:length|dimension)\s+{_SIZE}(?![A-Za-z])"),
)


def shape_in_words(text: str) -> tuple[str, tuple[str | int, ...]] | None:
    """What a sentence says the shape of, as written, and that shape; None where it says none.

    >>> shape_in_words("- $W_1$ has $t$ rows and $s$ columns, because of the input.")
    ('W_1', ('t', 's'))
    """
    plain = text.replace("$", "").replace("\\(", "").replace("\\)", "").lstrip("-*• \t")
    for pattern in _PATTERNS:
        found = pattern.search(plain)
        if found is not None:
            name = re.match(r"(?:the\s+(?:matrix|vector|weights?|bias)\s+)?(\\?[A-Za-z][\w\\{}^()]*)", plain)
            if name is None or name.end() > found.start():
                return None
            return name[1], tuple(int(size) if size.isdigit() else size for size in found.groups())
    return None
