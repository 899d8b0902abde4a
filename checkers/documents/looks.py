"""How a stretch of a document looks, and why nothing of it is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from truestep.derivations.language.latex.colours import BLACK, WHITE, Colour, alike, in_css

PAGE = 20.0  # centimetres within which text is seen
_CENTIMETRES = {
    "cm": 1.0,
    "mm": 0.1,
    "in": 2.54,
    "pt": 0.035,
    "px": 0.026,
    "em": 0.42,
    "ex": 0.18,
    "rem": 0.42,
    "vw": 0.3,
}
_LENGTH = re.compile(r"\s*([-+]?[0-9]*\.?[0-9]+)\s*([a-z]{2,3})?")
_DECLARATION = re.compile(r"([a-z-]{1,30})\s{0,9}:\s{0,9}([^;{}]{1,200})")
_CLEAR = re.compile(r"\s*(?:transparent|rgba\s*\([^()]*[,/]\s*0*\.?0*\s*%?\s*\))")
STRUCK, COLOURED, SMALL, FAR, HIDDEN = (
    "it is struck out",
    "it has the colour of its ground",
    "it has no size",
    "it lies outside the page",
    "it is not shown",
)


@dataclass(frozen=True)
class Look:
    """The colours of ink and ground, and why the rest is not seen."""

    ink: Colour | None = BLACK
    ground: Colour | None = WHITE
    gone: str = ""

    @property
    def unseen(self) -> str:
        """Why nothing is seen; nothing where it is."""
        return self.gone or (COLOURED if alike(self.ink, self.ground) else "")


def centimetres(length: str) -> float | None:
    r"""A length in centimetres; None where it cannot be told.

    >>> centimetres("-50cm"), centimetres("2in"), centimetres(r"\textwidth")
    (-50.0, 5.08, None)
    """
    found = _LENGTH.match(length)
    if found is None:
        return None
    if float(found[1]) == 0:
        return 0.0
    return float(found[1]) * _CENTIMETRES[found[2]] if found[2] in _CENTIMETRES else None


def is_tiny(length: str, least: float = 0.03) -> bool:
    """Whether a length is too small for anything to be read."""
    found = centimetres(length)
    return found is not None and abs(found) < least


def is_far(length: str) -> bool:
    """Whether a length leads out of the page."""
    found = centimetres(length)
    return found is not None and abs(found) >= PAGE


def styled(look: Look, css: str) -> Look:
    """The look after the declarations of a style.

    >>> styled(Look(), "color: #fff").unseen, styled(Look(), "display:none").unseen
    ('it has the colour of its ground', 'it is not shown')
    """
    said = dict(_DECLARATION.findall(css.lower()))
    if "color" in said:
        look = replace(look, ink=look.ground if _CLEAR.match(said["color"]) else in_css(said["color"]))
    for key in ("background", "background-color"):
        if key in said:
            look = replace(look, ground=in_css(said[key]))
    is_absent = said.get("display", "").startswith("none") or said.get("visibility", "").startswith(("hidden", "coll"))
    scale = re.search(r"scale\w{0,2}\(\s*0*\.?0*\s*[),]", said.get("transform", ""))
    heights = [key for key in ("height", "max-height", "width", "max-width") if is_tiny(said.get(key, "1cm"))]
    if is_absent or is_nothing(said.get("opacity", "1")):
        return replace(look, gone=HIDDEN)
    if is_tiny(said.get("font-size", "1cm")) or scale or (heights and "overflow" in said):
        return replace(look, gone=SMALL)
    if any(is_far(said.get(key, "")) for key in ("left", "top", "right", "bottom", "text-indent", "margin-left")):
        return replace(look, gone=FAR)
    return look


def is_nothing(number: str) -> bool:
    """Whether a factor leaves nothing."""
    found = _LENGTH.match(number)
    return found is not None and abs(float(found[1])) < 0.05
