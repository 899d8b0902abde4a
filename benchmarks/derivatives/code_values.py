"""The values that the names of derived code have in a model of the examiner, and the value of what was asked there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from truestep.checkers.comparing.evaluate import Evaluator, aligned
from truestep.derivations.language.expression import Expression, symbol
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import axes_for, axes_in
from truestep.derivations.meaning.terms import Axis, Term
from truestep.derivations.numpy.code import python_name
from truestep.problems.statements.prepared import Setting

Array = Any
LABEL = 1  # of a class, counted from 0


class Point:
    """One point of a model: what every name of the code is there, and what expressions are."""

    def __init__(
        self, setting: Setting, evaluator: Evaluator, point: int, labels: frozenset[str] = frozenset()
    ) -> None:
        self.setting, self.evaluator, self.point = setting, evaluator, point
        self.labels = labels  # the letters that are arguments of the code
        self.scope = setting.scope
        self.letters = {python_name(name): name for name in self._declared()}

    def _declared(self) -> Iterator[str]:
        notation = self.setting.notation
        yield from (name.full for name in notation.names.values())
        yield from (one.name for one in notation.families.values())
        yield from notation.indices

    def arrays(self, names: set[str]) -> dict[str, Array]:
        """The arrays of some names of code, and the sizes among them."""
        sizes = {python_name(size): count for size, count in self.evaluator.model.sizes.items()}
        return {name: sizes[name] if name in sizes else self.array(name) for name in sorted(names)}

    def array(self, name: str) -> Array:
        """The array of a name: a quantity, a label counted from 0, a differential, a partial of what is unspecified."""
        if name in self.letters:
            return self._quantity(self.letters[name])
        for above, below in ((a, b) for a in self.letters for b in self.letters if name == f"d{a}_d{b}"):
            sides = symbol(self.letters[above]), self._named(self.letters[below])
            return self.value(Expression("derivative", sides, "Leibniz"))
        if name[:1] == "d" and name[1:] in self.letters:
            return self.value(Expression("differential", (self._named(self.letters[name[1:]]),)))
        raise KeyError(name)

    def _named(self, name: str) -> Expression:
        """A quantity, or any member of a family."""
        notation = self.setting.notation
        key = next((key for key, one in notation.families.items() if one.name == name), None)
        if key is None:
            return symbol(name)
        size = notation.families[key].index.dims[0]
        letter = next(letter for letter, one in notation.indices.items() if one.dims[0] == size)
        return Expression("member", (Expression("index", (), letter),), key)

    def _quantity(self, name: str) -> Array:
        arena = self.scope.arena
        if name in self.labels and name not in arena.labels:
            return LABEL
        if name in arena.labels:
            return int(float(self.evaluator.model.array(name, (), 0)[self.point])) - 1
        if name in arena.shapes and name not in arena.definitions:
            drawn = self.evaluator.model.array(name, (), 0)
            return plain(drawn[min(self.point, len(drawn) - 1)])
        return self.value(self._named(name))

    def value(self, node: Expression) -> Array:
        """The array that an expression is: its free indices first, in the order in which they stand, then its shape."""
        value = value_of(node, self.scope)
        places = axes_for(self.scope.arena, value.dims)
        term = value.entry(*places)
        free = [
            self.scope.free[name] for name in _in_order(node) if name in self.scope.free and name not in self.labels
        ]
        found = self.entries(term, (*free, *axes_in(places)))
        stacked = (np.prod([self.evaluator.size(axis) for axis in axes_in((place,))], dtype=int) for place in places)
        sizes = [size for place, size in zip(places, stacked, strict=True) if place != 1]
        return found.reshape((*found.shape[: len(free)], *sizes))

    def where(self, node: Expression) -> Array:
        """Where an array over the free indices of an expression is asked for: not where two that are unequal meet."""
        letters = [name for name in _in_order(node) if name in self.scope.free and name not in self.labels]
        sizes = [self.evaluator.size(self.scope.free[name]) for name in letters]
        places = dict(zip(letters, np.indices(sizes), strict=True))
        mask = np.ones(sizes, dtype=bool)
        for one in self.setting.assumptions.conditions:
            left, right = (str(side.data) for side in one.args)
            if one.data == "!=" and {left, right} <= places.keys():
                mask &= places[left] != places[right]
        return mask

    def entries(self, term: Term, wanted: tuple[Axis, ...]) -> Array:
        """The values of a term over some axes; those of labels at the label."""
        model, at_label = self.evaluator.model, set(term.axes) - {*wanted}
        ordered = tuple(sorted({*wanted, *at_label}))
        shape = (model.points, *(self.evaluator.size(axis) for axis in ordered))
        with np.errstate(all="ignore"):
            values, bad = self.evaluator.value(term, 0)
        found = np.broadcast_to(aligned(values, term.axes, ordered), shape)[self.point]
        if bad is not None:
            flaws = np.broadcast_to(aligned(bad, term.axes, ordered), shape)[self.point]
            found = np.where(flaws, np.nan, found)
        found = np.asarray(found)[tuple(LABEL if axis in at_label else slice(None) for axis in ordered)]
        kept = [axis for axis in ordered if axis not in at_label]
        return plain(np.transpose(np.asarray(found), [kept.index(axis) for axis in wanted]))


def _in_order(node: Expression) -> list[str]:
    """The letters of an expression; those of what a derivative is taken by come first."""
    parts = [*node.args[1:], node.args[0]] if node.head == "derivative" else list(node.args)
    own = [str(node.data)] if node.head == "index" else []
    return list(dict.fromkeys([*own, *(letter for part in parts for letter in _in_order(part))]))


def plain(values: Array) -> Array:
    """Numbers of any precision as doubles, without axes of one entry."""
    doubles = np.asarray(values).astype(float)
    return doubles.reshape([size for size in doubles.shape if size != 1])


def agree(got: Array, wanted: Array, where: Array, tolerance: float) -> bool:
    """Whether two arrays have one shape and nearly the same entries, where they are asked for and there is a value."""
    left = np.asarray(got, dtype=float)
    left = left.reshape([size for size in left.shape if size != 1])
    if left.shape != wanted.shape:
        return False
    kept = np.isfinite(wanted) & where.reshape(where.shape + (1,) * (wanted.ndim - where.ndim))
    scale = float(np.abs(wanted[kept]).max(initial=0.0))
    return bool(np.all(np.abs(left[kept] - wanted[kept]) <= tolerance * max(scale, 1.0)))
