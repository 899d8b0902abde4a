r"""Pictures made of lines, marks and labels, in centimetres with y upwards; as TikZ and as SVG.

>>> print(tikz(Picture(1, 1, (Line(((0, 0), (1, 1)), "axis"),))))
\begin{tikzpicture}[x=1cm, y=1cm]
\useasboundingbox (0,0) rectangle (1,1);
\draw[black!55, line width=0.5pt] (0,0) -- (1,1);
\end{tikzpicture}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable

Point = tuple[float, float]

# how each kind of line looks in print; on a page its name is a class of the style sheet
STYLES = {
    "axis": "black!55, line width=0.5pt",
    "grid": "black!12, line width=0.4pt",
    "edge": "black!70, line width=0.6pt",
    "back": "blue!65!black, line width=0.5pt, dash pattern=on 2.5pt off 1.5pt",
    "curve0": "blue!65!black, line width=1.1pt",
    "curve1": "red!70!black, line width=1.1pt, dash pattern=on 4pt off 2pt",
    "curve2": "green!45!black, line width=1.1pt, dash pattern=on 1pt off 1.5pt",
    "curve3": "violet!80!black, line width=1.1pt, dash pattern=on 5pt off 2pt on 1pt off 2pt",
}
CURVES = 4
PIXELS = 38.0
TIP = "url(#tip)"


@dataclass(frozen=True, slots=True)
class Line:
    """A run of points, joined; with ``arrow`` it ends in a tip."""

    points: tuple[Point, ...]
    style: str
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A formula at a point: centred, or beginning (``left``) or ending (``right``) there."""

    at: Point
    formula: str
    anchor: str = "center"
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A round mark around a point, or a square one that may be wider than high."""

    at: Point
    radius: float
    is_round: bool = True
    wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a size, its items in the order in which they are drawn, and what it shows, in words."""

    width: float
    height: float
    items: tuple[Line | Label | Node, ...]
    alternative: str = ""


def beside(pictures: tuple[Picture, ...], columns: int, gap: float = 0.5) -> Picture:
    """The pictures in rows of so many.

    >>> beside((Picture(2, 1, ()), Picture(2, 1, ()), Picture(2, 1, ())), 2, 0.5).height
    2.5
    """
    wide = max(picture.width for picture in pictures)
    tall = max(picture.height for picture in pictures)
    lines = -(-len(pictures) // columns)
    items: list[Line | Label | Node] = []
    for place, picture in enumerate(pictures):
        x = (place % columns) * (wide + gap)
        y = (lines - 1 - place // columns) * (tall + gap)
        items += [_moved(item, x, y) for item in picture.items]
    count = min(columns, len(pictures))
    said = "; ".join(picture.alternative for picture in pictures if picture.alternative)
    return Picture(count * wide + (count - 1) * gap, lines * tall + (lines - 1) * gap, tuple(items), said)


def _moved(item: Line | Label | Node, x: float, y: float) -> Line | Label | Node:
    if isinstance(item, Line):
        return Line(tuple((a + x, b + y) for a, b in item.points), item.style, item.arrow)
    at = (item.at[0] + x, item.at[1] + y)
    if isinstance(item, Label):
        return Label(at, item.formula, item.anchor, item.is_small)
    return Node(at, item.radius, item.is_round, item.wide)


def tikz(picture: Picture) -> str:
    """The picture in TikZ; needs no library of it but ``arrows.meta``."""
    body = [_tikz_item(item) for item in picture.items]
    box = f"\\useasboundingbox (0,0) rectangle {_point((picture.width, picture.height))};"
    return "\n".join([r"\begin{tikzpicture}[x=1cm, y=1cm]", box, *body, r"\end{tikzpicture}"])


def _tikz_item(item: Line | Label | Node) -> str:
    if isinstance(item, Line):
        tip = ", -{Stealth[length=5pt]}" if item.arrow else ""
        return f"\\draw[{STYLES[item.style]}{tip}] {_path(item)};"
    if isinstance(item, Label):
        anchor = {"left": "west", "right": "east"}.get(item.anchor, "center")
        size = r"\scriptsize" if item.is_small else r"\small"
        return f"\\node[anchor={anchor}, inner sep=1pt, font={size}] at {_point(item.at)} {{${item.formula}$}};"
    if item.is_round:
        return f"\\draw[black!70, fill=white, line width=0.6pt] {_point(item.at)} circle ({item.radius:g});"
    (x, y), half = item.at, item.radius * item.wide
    corners = f"{_point((x - half, y - item.radius))} rectangle {_point((x + half, y + item.radius))}"
    return f"\\draw[black!70, fill=black!6, line width=0.6pt, rounded corners=2pt] {corners};"


def _path(line: Line) -> str:
    """The way through the points: smooth where an arrow bends, straight else."""
    if not line.arrow or len(line.points) < 3:
        return " -- ".join(_point(point) for point in line.points)
    bends = " ".join(
        f".. controls {_point(first)} and {_point(second)} .. {_point(end)}"
        for first, second, end in _bends(line.points)
    )
    return f"{_point(line.points[0])} {bends}"


def _bends(points: tuple[Point, ...]) -> list[tuple[Point, Point, Point]]:
    """The Bezier curves of a smooth way through points (Catmull and Rom): two controls and the end of each."""
    out = []
    for place in range(len(points) - 1):
        before, start, end = points[max(place - 1, 0)], points[place], points[place + 1]
        after = points[min(place + 2, len(points) - 1)]
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        out.append((first, second, end))
    return out


def _point(point: Point) -> str:
    return f"({_number(point[0])},{_number(point[1])})"


def _number(value: float) -> str:
    """A length of no more digits than can be seen."""
    return f"{round(value, 3):g}"


def svg(picture: Picture, math: Callable[[str], str], words: Callable[[str], str]) -> str:
    """The picture in SVG; ``math`` makes MathML of a label's formula, ``words`` escapes a text."""
    wide, tall = picture.width * PIXELS, picture.height * PIXELS
    body = "\n".join(_svg_item(item, picture, math) for item in picture.items)
    title = f"<title>{words(picture.alternative)}</title>" if picture.alternative else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {tall:.0f}" width="{wide:.0f}" role="img">'
    if TIP not in body:
        return f"{head}{title}\n{body}\n</svg>"
    name = f"tip{crc32(body.encode()):x}"  # one page may hold several pictures
    tip = (
        f'<defs><marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
    )
    return f"{head}{title}{tip}\n{body.replace(TIP, f'url(#{name})')}\n</svg>"


def _svg_item(item: Line | Label | Node, picture: Picture, math: Callable[[str], str]) -> str:
    def pixel(point: Point) -> tuple[str, str]:
        return f"{point[0] * PIXELS:.1f}", f"{(picture.height - point[1]) * PIXELS:.1f}"

    if isinstance(item, Line):
        path = "L".join(" ".join(pixel(point)) for point in item.points)
        if item.arrow and len(item.points) > 2:
            bends = ["C" + ",".join(" ".join(pixel(point)) for point in bend) for bend in _bends(item.points)]
            path = " ".join(pixel(item.points[0])) + "".join(bends)
        tip = f' marker-end="{TIP}"' if item.arrow else ""
        return f'<path class="{item.style}" fill="none" d="M{path}"{tip}/>'
    x, y = pixel(item.at)
    if isinstance(item, Label):
        return _svg_label(item, float(x), float(y), math)
    radius = item.radius * PIXELS
    if item.is_round:
        return f'<circle class="node" cx="{x}" cy="{y}" r="{radius:.1f}"/>'
    left, top = float(x) - radius * item.wide, float(y) - radius
    side = f'width="{2 * radius * item.wide:.1f}" height="{2 * radius:.1f}"'
    return f'<rect class="node" x="{left:.1f}" y="{top:.1f}" {side} rx="4"/>'


def _svg_label(item: Label, x: float, y: float, math: Callable[[str], str]) -> str:
    """A label is a box of text that is wide enough, set at the side that is anchored."""
    wide, tall = 260.0, 30.0
    start = {"left": x, "right": x - wide}.get(item.anchor, x - wide / 2)
    size = " small" if item.is_small else ""
    inner = f'<div xmlns="http://www.w3.org/1999/xhtml" class="label {item.anchor}{size}">{math(item.formula)}</div>'
    return (
        f'<foreignObject x="{start:.1f}" y="{y - tall / 2:.1f}" width="{wide:g}" height="{tall:g}" '
        f'class="label">{inner}</foreignObject>'
    )
