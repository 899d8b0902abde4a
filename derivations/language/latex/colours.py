"""Colours as LaTeX and style sheets write them: whether what is written in one can be told from its ground."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Colour = tuple[float, float, float]

WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)
NAMED: dict[str, Colour] = {
    "white": WHITE,
    "black": BLACK,
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
    "yellow": (1.0, 1.0, 0.0),
    "cyan": (0.0, 1.0, 1.0),
    "magenta": (1.0, 0.0, 1.0),
    "gray": (0.5, 0.5, 0.5),
    "grey": (0.5, 0.5, 0.5),
    "snow": (1.0, 0.98, 0.98),
    "ivory": (1.0, 1.0, 0.94),
    "ghostwhite": (0.97, 0.97, 1.0),
    "whitesmoke": (0.96, 0.96, 0.96),
}
CLOSE = 0.08
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
_HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})[0-9A-Fa-f]{0,2}")


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether one colour cannot be told from another; one that is not known can."""
    return one is not None and other is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) < CLOSE


def in_model(model: str, said: str) -> Colour | None:
    r"""The colour of ``\color[model]{said}``.

    >>> in_model("rgb", "1,1,1"), in_model("HTML", "FFFFFF"), in_model("gray", "0.5")
    ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.5, 0.5, 0.5))
    """
    if model == "HTML":
        return _hex(said)
    parts = [float(part) / (255 if model == "RGB" else 1) for part in _NUMBER.findall(said)]
    if model == "gray" and len(parts) == 1:
        return (parts[0],) * 3
    if model == "cmyk" and len(parts) == 4:
        c, m, y, k = parts
        return (1 - c) * (1 - k), (1 - m) * (1 - k), (1 - y) * (1 - k)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def mixed(said: str, defined: Mapping[str, Colour | None] = NAMED) -> Colour | None:
    """The colour of a name, or of a mixture such as ``white!90!black``.

    >>> mixed("white!50"), mixed("black!0")
    ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0))
    """
    first, *rest = (part.strip() for part in said.split("!"))
    colour = defined.get(first, defined.get(first.lower()))
    for share, name in zip(rest[::2], [*rest[1::2], "white"], strict=False):
        other = defined.get(name)
        if colour is None or other is None or not _NUMBER.fullmatch(share):
            return None
        t = float(share) / 100
        colour = tuple(t * a + (1 - t) * b for a, b in zip(colour, other, strict=True))  # type: ignore[assignment]
    return colour


def in_css(said: str) -> Colour | None:
    """The colour of a style sheet: a name, ``#fff``, ``rgb(255, 255, 255)``.

    >>> in_css("#fff"), in_css("rgb(0, 0, 0)")
    ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    """
    said = said.strip().lower()
    if said.startswith("rgb"):
        return in_model("RGB", ",".join(_NUMBER.findall(said)[:3]))
    return _hex(said) or NAMED.get(said)


def _hex(said: str) -> Colour | None:
    found = _HEX.fullmatch(said.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    red, green, blue = (int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4))
    return red, green, blue
