"""Sizes and shapes: a size is a symbol or an integer, a shape is a row count and a column count."""

from __future__ import annotations

import re
from dataclasses import dataclass

from truestep.derivations.language.faults import StatementFault, quoted

Size = str | int
Dims = tuple[Size, ...]

SCALAR: Dims = (1, 1)
MAX_INTEGER_SIZE = 64
PROPERTIES = (
    ("positive", ("x > 0",)),
    ("negative", ("x < 0",)),
    ("nonnegative", (r"x \ge 0",)),
    ("symmetric", ("W = W^T",)),
    ("one-hot", (r"y_k \in \{0, 1\}", r"\sum_k y_k = 1")),
)
_INDEX = re.compile(r"index\s+(?:(?P<low>\d+|-\s*\S+?)\s*\.\.\s*)?(?P<size>.+)$")
_DERIVED = re.compile(r"(?P<times>\d*)\s*(?P<name>\\?[A-Za-z][\w\\{}']*)\s*(?P<more>[+-]\s*\d+)?")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a statement says of one name: ``array`` of some dims, ``index`` over a size, or ``size``."""

    kind: str
    dims: Dims = SCALAR
    low: int | str = 1  # or the negative of a size: -m


BY = re.compile(r"\s+(?:x|by|×|\\times)\s+|\s*×\s*|(?<=\d)\s*x\s*(?=\d)")  # between the sizes of a shape


def parse_size(text: str) -> Size:
    r"""A size as written: an integer, or the name of a size.

    >>> parse_size(" 8 "), parse_size("K")
    (8, 'K')
    """
    text = text.strip().strip("$").strip()
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    derived = derived_size(text)
    if derived is not None:
        return text.replace(" ", "")
    if text.isdigit():
        if not 1 <= int(text) <= MAX_INTEGER_SIZE:
            raise StatementFault(f"the size {text} is outside 1..{MAX_INTEGER_SIZE}; write a letter for a large size")
        return int(text)
    if not text or len(text) > 40 or not re.fullmatch(r"\\?[A-Za-z][\w\\{}']*", text):
        raise StatementFault(f"{quoted(text)} is no size: write an integer or one name, such as K")
    return text


def derived_size(size: str) -> tuple[int, str, int] | None:
    """A size that another one tells, as factor, name and what is added; None where it is one of its own.

    >>> derived_size("K-1"), derived_size("2m+1"), derived_size("K")
    ((1, 'K', -1), (2, 'm', 1), None)
    """
    found = _DERIVED.fullmatch(size.strip())
    if found is None or not (found["times"] or found["more"]):
        return None
    return int(found["times"] or 1), found["name"], int((found["more"] or "0").replace(" ", ""))


def _range(low: str, high: str) -> Declared:
    """``0..K-1`` and ``1..K`` over K values, ``-m..m`` over 2m + 1; ``0..n`` is over n values."""
    derived = derived_size(high)
    if low.startswith("-"):
        name = low[1:].strip()
        if name != high.strip():
            raise StatementFault(f"{quoted(low + '..' + high)} is no range: write -{name}..{name}")
        return Declared("index", (f"2{name}+1", 1), f"-{name}")
    if low == "0" and derived is not None and derived[0] == 1 and derived[2] == -1:
        return Declared("index", (derived[1], 1), 0)
    return Declared("index", (parse_size(high), 1), int(low))


def parse_shape(text: str) -> Declared:
    """A shape as a statement writes it.

    >>> parse_shape("K x M").dims, parse_shape("K").dims, parse_shape("scalar").dims
    (('K', 'M'), ('K', 1), (1, 1))
    >>> parse_shape("index 0..n")
    Declared(kind='index', dims=('n', 1), low=0)
    """
    text = text.strip() if isinstance(text, str) else str(text)
    if text == "scalar":
        return Declared("array")
    if text == "size":
        return Declared("size")
    for word, facts in PROPERTIES:
        if word in text.lower().split():
            known = ", ".join(quoted(fact) for fact in facts)
            raise StatementFault(f"{word} is no shape: write the shape alone, and this under assume, such as {known}")
    found = _INDEX.match(text)
    if found:
        return _range(found["low"] or "1", found["size"])
    parts = BY.split(text)
    if len(parts) == 1:
        if len(text) > 3 and _is_a_word(text):
            raise StatementFault(f"{quoted(text)} is no size; write scalar, or the sizes of the array: K, K x M")
        return Declared("array", (parse_size(parts[0]), 1))
    if len(parts) == 2:
        return Declared("array", (parse_size(parts[0]), parse_size(parts[1])))
    raise StatementFault(f"{quoted(text)} is no shape; write scalar, K, K x M, 1 x K, index K or size")


def _is_a_word(text: str) -> bool:
    """Whether a text is a word for a shape, or nearly one."""
    from difflib import get_close_matches

    return bool(get_close_matches(text.lower(), ("scalar", "vector", "matrix"), cutoff=0.8))


def describe(dims: Dims) -> str:
    r"""A shape in words a student uses.

    >>> describe((1, 1)), describe(("K", 1)), describe((1, "K")), describe(("K", "M"))
    ('a scalar', 'a column vector of K', 'a row vector of K', 'a K x M matrix')
    """
    if all(size == 1 for size in dims):
        return "a scalar"
    if len(dims) != 2:
        return f"an array of {' x '.join(map(str, dims))}"
    rows, columns = dims
    if columns == 1:
        return f"a column vector of {rows}"
    if rows == 1:
        return f"a row vector of {columns}"
    return f"a {rows} x {columns} matrix"
