"""Plots of functions and their derivatives; the values come from a function that is passed in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.faults import StatementFault
from truestep.problems.sheets.typeset.characters import spoken
from truestep.problems.sheets.typeset.drawing import CURVES, Label, Line, Picture, Point, beside
from truestep.problems.sheets.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from truestep.problems.homework.homework import Figure

# formula, variable, points, order of the derivative -> values, None where there is none
Sample = Callable[[str, str, Sequence[float], int], Sequence[float | None]]
Item = Line | Label

POINTS = 400
WIDE, NARROW, TALL = 10.5, 7.2, 5.0
LEFT, BOTTOM, LEGEND = 0.9, 0.6, 0.72
LARGEST_JUMP = 0.2
THINNEST = 0.004


class Curve(NamedTuple):
    """A function to be drawn: its label and its values at the points of the plot."""

    label: str
    values: Sequence[float | None]


def plot(figure: Figure, sample: Sample) -> Picture:
    """The picture of a figure of kind ``plot``.

    Raises StatementFault where a function cannot be drawn.

    >>> from truestep.problems.homework.homework import Figure
    >>> drawn = plot(Figure("plot", functions=("x",)), lambda formula, name, points, order: points)
    >>> [round(length) for length in (drawn.width, drawn.height)]
    [10, 6]
    """
    points = _points(figure.range)
    several = [_curves(figure, place, points, sample) for place in range(len(figure.functions))]
    groups = several if figure.panels else [[curve for curves in several for curve in curves]]
    if any(len(curves) > CURVES for curves in groups):
        raise StatementFault(f"at most {CURVES} curves fit into one plot; set panels = true", key="figure")
    wide = NARROW if figure.panels and len(groups) > 1 else WIDE
    panels = tuple(_panel(curves, points, wide) for curves in groups)
    return beside(panels, 2) if len(panels) > 1 else panels[0]


def _points(ends: tuple[float, float]) -> list[float]:
    """Evenly spread points; an even number of them misses the middle, where kinks are."""
    low, high = ends
    return [low + (high - low) * k / (POINTS - 1) for k in range(POINTS)]


def _curves(figure: Figure, place: int, points: Sequence[float], sample: Sample) -> list[Curve]:
    formula = figure.functions[place]
    label = plain_mathematics(figure.labels[place] if figure.labels else formula)
    variable = plain_mathematics(figure.variable)
    curves = []
    if figure.derivatives != "only":
        curves.append(Curve(label, sample(formula, figure.variable, points, 0)))
    if figure.derivatives != "no":
        curves.append(Curve(rf"\frac{{d}}{{d{variable}}}\, {label}", sample(formula, figure.variable, points, 1)))
    return curves


def _panel(curves: Sequence[Curve], points: Sequence[float], wide: float) -> Picture:
    """One pair of axes with its curves, and below it a line for each that says what it is."""
    low, high = _limits([value for curve in curves for value in curve.values if value is not None])
    legend = LEGEND * len(curves) + 0.2
    frame = _Frame(points[0], points[-1], low, high, LEFT, legend + BOTTOM, wide - 0.2, legend + TALL)
    items: list[Item] = [*_axes(frame)]
    for place, curve in enumerate(curves):
        items += [Line(run, f"curve{place}") for run in _runs(curve.values, points, frame)]
        y = legend - LEGEND * (place + 0.5)
        items += [Line(((LEFT, y), (LEFT + 1.0, y)), f"curve{place}"), Label((LEFT + 1.2, y), curve.label, "left")]
    said = "plot of " + ", ".join(spoken(curve.label) for curve in curves)
    return Picture(wide, legend + TALL + 0.15, tuple(items), said)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest value to be shown, without those that run away."""
    if not values:
        raise StatementFault("no function has a value in this range", key="figure")
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    inner_low, inner_high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
    if high - low > 20 * (inner_high - inner_low) > 0:
        low, high = inner_low, inner_high
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    margin = 0.06 * (high - low)
    return low - margin, high + margin


class _Frame(NamedTuple):
    """Where numbers lie on the paper."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    left: float
    bottom: float
    right: float
    top: float

    def x(self, value: float) -> float:
        return self.left + (value - self.x_low) / (self.x_high - self.x_low) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom + (value - self.y_low) / (self.y_high - self.y_low) * (self.top - self.bottom)


def _axes(frame: _Frame) -> list[Item]:
    """The grid with its numbers, the axes through zero, and the frame."""
    items: list[Item] = []
    for value in ticks(frame.x_low, frame.x_high):
        x = frame.x(value)
        items.append(Line(((x, frame.bottom), (x, frame.top)), "axis" if value == 0 else "grid"))
        items.append(Label((x, frame.bottom - 0.25), _number(value), "center", True))
    for value in ticks(frame.y_low, frame.y_high):
        y = frame.y(value)
        items.append(Line(((frame.left, y), (frame.right, y)), "axis" if value == 0 else "grid"))
        items.append(Label((frame.left - 0.12, y), _number(value), "right", True))
    corners = ((frame.left, frame.top), (frame.left, frame.bottom), (frame.right, frame.bottom))
    return [*items, Line(corners, "axis")]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two ends, about five of them.

    >>> ticks(-4, 4), ticks(0, 0.9)
    ([-4.0, -2.0, 0.0, 2.0, 4.0], [0.0, 0.2, 0.4, 0.6, 0.8])
    """
    rough = (high - low) / 5
    scale = 10 ** math.floor(math.log10(rough))
    step = next(width * scale for width in (1, 2, 5, 10) if width * scale >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + k) * step, 12) + 0.0 for k in range(count)]


def _number(value: float) -> str:
    return f"{value:g}"


def _runs(values: Sequence[float | None], points: Sequence[float], frame: _Frame) -> list[tuple[Point, ...]]:
    """The curve as runs of points, broken where it jumps, where it has no value, and where it leaves the frame."""
    runs: list[list[Point]] = [[]]
    before: float | None = None
    for point, value in zip(points, values, strict=True):
        if value is None or not frame.y_low <= value <= frame.y_high:
            runs.append([])
            before = None
            continue
        if before is not None and abs(value - before) > LARGEST_JUMP * (frame.y_high - frame.y_low):
            runs.append([])
        runs[-1].append((frame.x(point), frame.y(value)))
        before = value
    return [tuple(_thinned(run)) for run in runs if len(run) > 1]


def _thinned(run: Sequence[Point]) -> list[Point]:
    """As few of the points as show the same curve (Douglas and Peucker)."""
    (x, y), (right, top) = run[0], run[-1]
    length = math.hypot(right - x, top - y) or 1.0
    off = [abs((right - x) * (b - y) - (top - y) * (a - x)) / length for a, b in run]
    worst = max(range(len(run)), key=lambda place: off[place])
    if len(run) < 3 or off[worst] < THINNEST:
        return [run[0], run[-1]]
    return [*_thinned(run[: worst + 1])[:-1], *_thinned(run[worst:])]
