"""Points on both sides of every kink, and between any two: found along lines through points that were drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from truestep.checkers.comparing import drawing
from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach
from truestep.checkers.comparing.question import has_constants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from truestep.checkers.comparing.question import Question
    from truestep.derivations.meaning.terms import Term

    Array = NDArray[Any]

LINES = 8
FAR = 4
STEPS = 33
HALVINGS = 40
MOST_ZEROS = 96
MOST_ENTRIES = 6
NEAR = (1e-3, 1e-5, 1e-7)


def around_kinks(question: Question, evaluator: Evaluator) -> Evaluator | None:
    """A model at points beside and between the zeros of what stands under kinks; None where no threshold is written."""
    arena = evaluator.model.arena
    bends = [term for term in question.bends(arena) if has_constants(term, arena)]
    if not bends:
        return None
    for term in question.terms:  # draws all that the sides depend on
        evaluator.value(term, 0)
    lines = _Lines(evaluator)
    grid = np.linspace(0, 1, STEPS)
    which = np.repeat(np.arange(LINES), STEPS)
    values = lines.values(bends, which, np.tile(grid, LINES)).reshape(-1, LINES, STEPS)
    with np.errstate(all="ignore"):
        changes = np.argwhere((values[:, :, 1:] > 0) != (values[:, :, :-1] > 0))[:MOST_ZEROS]
    if not len(changes):
        return None
    kink, line, step = changes.T
    low, high = grid[step], grid[step + 1]
    rises = values[kink, line, step + 1] > 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = lines.values(bends, line, middle)[kink, np.arange(len(line))] > 0
        low, high = np.where(above == rises, low, middle), np.where(above == rises, middle, high)
    return lines.at(*_between(line, (low + high) / 2))


def _between(line: Array, zeros: Array) -> tuple[Array, Array]:
    """The middles between the zeros of each line, and points close to each zero."""
    lines, places = [], []
    for one in np.unique(line):
        own = np.sort(np.concatenate(([0.0, 1.0], zeros[line == one])))
        near = [zeros[line == one] + sign * gap for gap in NEAR for sign in (-1, 1)]
        here = np.clip(np.concatenate(((own[1:] + own[:-1]) / 2, *near)), 0, 1)
        places.append(here)
        lines.append(np.full(len(here), one))
    return np.concatenate(lines), np.concatenate(places)


class _Lines:
    """Lines through pairs of the points of a model: what can be moved moves, what has a few values only stays."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.model = evaluator.model
        order = np.random.default_rng(self.model.salt).permutation(self.model.points)
        across = drawing.opposite_points(self.model.style, self.model.points)
        across += self._far_apart()
        self.first = np.array([*(one for one, _ in across), *order])[:LINES]
        self.second = np.array([*(other for _, other in across), *order[::-1]])[:LINES]

    def _far_apart(self) -> list[tuple[int, int]]:
        """Pairs of points of large numbers with as many signs as may be that differ, so that lines pass all between."""
        moved = [(key[0], values) for key, values in self.model.drawn.items() if not self._stays(key[0])]
        rows = [values.reshape(len(values), -1) for _, values in moved if values.size and values.dtype == float]
        rows = [row for row in rows if len(row) == self.model.points]
        if not rows:
            return []
        entries = np.concatenate(rows, axis=1)
        large = np.argsort(-np.median(np.abs(entries), axis=1), kind="stable")[: 4 * FAR]
        signs = entries[large] > 0
        return [(int(large[k]), int(large[np.argmax((signs != signs[k]).sum(axis=1))])) for k in range(FAR)]

    def _stays(self, name: str) -> bool:
        """Whether a quantity has few values, or a structure."""
        known = self.model.properties.get(name)
        fixed = name in self.model.arena.labels or (known is not None and bool(known.binary or known.values))
        return fixed or (known is not None and bool(known.structure))

    def at(self, line: Array, place: Array) -> Evaluator:
        """The model at a place on each of some lines."""
        model, drawn = self.model, {}
        for (name, level), values in model.drawn.items():
            start, end = values[self.first[line]], values[self.second[line]]
            share = place.reshape(-1, *[1] * (values.ndim - 1))
            drawn[name, level] = start if self._stays(name) else start * (1 - share) + end * share
        return Evaluator(replace(model, points=len(line), drawn=drawn, solved={}))

    def values(self, terms: Sequence[Term], line: Array, place: Array) -> Array:
        """The values of terms at places on lines, entry by entry: what is looked at first, then the points."""
        evaluator = self.at(line, place)
        rows = []
        for term in terms:
            with np.errstate(all="ignore"):
                found = np.asarray(evaluator.value(term, 0)[0], dtype=float)
            flat = np.broadcast_to(found, (len(line), *found.shape[1:])).reshape(len(line), -1)
            if flat.shape[1] == 0:
                raise OutOfReach
            rows += list(flat.T[:MOST_ENTRIES])
        return np.array(rows)
