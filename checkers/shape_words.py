r"""Shapes in words: "has t rows and s columns", "a vector of length t", "a u x t matrix"."""

from __future__ import annotations

import re

_SIZE = r"(\\?[A-Za-z]\w{0,2}|\d{1,4})"
_BY = r"\s*(?:\\times|×|x|by)\s*"
_TEXT = re.compile(r"\\(?:text|mathrm|mbox|textrm)\s*\{([^{}]*)\}")
_WHOLE = re.compile(rf"(?:shape\s*)?[(\[]?\s*{_SIZE}\s*(?:x|by|\*|×)\s*{_SIZE}\s*[)\]]?")
_NAME = re.compile(r"(?:the\s+(?:matrix|vector|weights?|bias)\s+)?(\\?[A-Za-z][\w\\{}^()]*)")
_PATTERNS = (
    re.compile(rf"{_SIZE}\s+rows?\s+and\s+{_SIZE}\s+columns?"),
    re.compile(rf"(?:size|shape|dimensions?|dimension)\s+{_SIZE}{_BY}{_SIZE}(?![A-Za-z])"),
    re.compile(rf"(?<![A-Za-z]){_SIZE}{_BY}{_SIZE}\s+matrix"),
    re.compile(rf"vector\s+(?:of|with)\s+(?:length|size|dimension)\s+{_SIZE}"),
    re.compile(rf"vector\s+(?:of|with)\s+{_SIZE}\s+(?:entries|elements|components|numbers)"),
    re.compile(rf"(?:length|dimension)\s+{_SIZE}(?![A-Za-z])"),
)


def shape_in_words(text: str) -> tuple[str | None, tuple[str | int, ...]] | None:
    """What a sentence says the shape of, as written (None where it names nothing), and that shape; or None.

    >>> shape_in_words("- $W_1$ has $t$ rows and $s$ columns, because of the input.")
    ('W_1', ('t', 's'))
    >>> shape_in_words(r"N \\text{ by } m")
    (None, ('N', 'm'))
    """
    plain = _TEXT.sub(r" \1 ", text).replace("$", "").replace("\\(", "").replace("\\)", "").strip("-*• \t.")
    whole = _WHOLE.fullmatch(plain)
    if whole is not None:
        return None, _sizes(whole.groups())
    for pattern in _PATTERNS:
        found = pattern.search(plain)
        if found is not None:
            name = _NAME.match(plain)
            named = name is not None and name.end() <= found.start()
            return (name[1] if name is not None and named else None), _sizes(found.groups())
    return None


def _sizes(words: tuple[str, ...]) -> tuple[str | int, ...]:
    return tuple(int(size) if size.isdigit() else size for size in words)
