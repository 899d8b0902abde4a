"""Lines evaluated in NumPy, apart from the checker's models: the judge of what is truly equal.

Arrays have rows and columns; a derivative is a difference quotient of order four in the step.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.slips.arrays import Array, Misshapen, Unsupported, arranged, folded, together
from benchmarks.slips.drawing import At
from benchmarks.slips.functions import STENCIL, STEP, Functions
from benchmarks.slips.trees import index_sizes
from truestep.derivations.language.expression import Expression, free_indices
from truestep.problems.statements.assumptions import quantity_of

RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


class Numbers(Functions):
    """One drawing of a problem, in which every expression has its value."""

    def value(self, node: Expression, at: At) -> Array:
        """The value of an expression where some indices have values."""
        if node.head in ("derivative", "sum"):
            key = (node, tuple(sorted((name, at[name]) for name in free_indices(node) if name in at)))
            if key not in self.memo:
                self.memo[key] = self._rule(node, at)
            return self.memo[key]
        return self._rule(node, at)

    def _rule(self, node: Expression, at: At) -> Array:
        rule = getattr(self, f"_{node.head}", None)
        if rule is None:
            raise Unsupported(node.head)
        out: Array = rule(node, at)
        return out

    def _number(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), float(node.data[0]))

    def _constant(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), math.e if node.data == "e" else math.pi)

    def _size(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), float(self.size(node.data)))

    def _index(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), float(self._place(node, at) + 1))

    def _symbol(self, node: Expression, at: At) -> Array:
        return self.formals[node.data] if node.data in self.formals else self.quantity(node.data)

    def _unknown(self, node: Expression, at: At) -> Array:
        if node.data not in self.formals:
            raise Unsupported(f"the name {node.data}")
        return self.formals[node.data]

    def _group(self, node: Expression, at: At) -> Array:
        return self.value(node.args[0], at)

    def _place(self, node: Expression, at: At) -> int:
        if node.head == "index":
            found = at.get(node.data, self.labels.get(node.data))
            if found is None:
                raise Unsupported(f"the index {node.data}")
            return found
        if node.head == "number":
            return int(node.data[0]) - 1
        raise Unsupported("this index")

    def _member(self, node: Expression, at: At) -> Array:
        family = self.notation.families[node.data]
        return np.asarray(self.quantity(family.name)[self._place(node.args[0], at)])

    def _entry(self, node: Expression, at: At) -> Array:
        base = self.value(node.args[0], at)
        slots = [place for place, size in enumerate(base.shape) if size != 1]
        if len(slots) != len(node.args) - 1:
            raise Unsupported("a row or column")
        full = [0] * base.ndim
        for slot, index in zip(slots, node.args[1:], strict=True):
            full[slot] = self._place(index, at)
            if not 0 <= full[slot] < base.shape[slot]:
                raise Misshapen("an index beyond the last entry")
        return np.full((1, 1), base[tuple(full)])

    def _kronecker(self, node: Expression, at: At) -> Array:
        first, second = (self._place(arg, at) for arg in node.args)
        return np.full((1, 1), float(first == second))

    def _add(self, node: Expression, at: At) -> Array:
        like = next((self.value(arg, at).shape for arg in node.args if not arg.has("identity", "ones")), ())
        values = [self._fitted(arg, like[0] if like else None, at) for arg in node.args]
        return together(lambda *parts: sum(parts[1:], parts[0]), values)

    def _fitted(self, node: Expression, size: int | None, at: At) -> Array:
        """The value of a node; an identity or a vector of ones that states no size has that of its surroundings."""
        turned = node.head == "transpose" and node.args[0].head == "ones"
        bare = node.args[0] if turned else node
        if bare.head not in ("identity", "ones") or bare.args:
            return self.value(node, at)
        if size is None or size == 1:
            raise Unsupported("a size that is not stated")
        return np.eye(size) if bare.head == "identity" else np.ones((1, size) if turned else (size, 1))

    def _ones(self, node: Expression, at: At) -> Array:
        if not node.args:
            raise Unsupported("a size that is not stated")
        sizes = [int(self.scalar(arg, at)) for arg in node.args]
        return np.ones((sizes[0], sizes[1] if len(sizes) > 1 else 1))

    def _identity(self, node: Expression, at: At) -> Array:
        if not node.args:
            raise Unsupported("a size that is not stated")
        return np.eye(int(self.scalar(node.args[0], at)))

    def _negative(self, node: Expression, at: At) -> Array:
        return -self.value(node.args[0], at)

    def _quotient(self, node: Expression, at: At) -> Array:
        return together(np.divide, [self.value(arg, at) for arg in node.args])

    def _transpose(self, node: Expression, at: At) -> Array:
        value = self.value(node.args[0], at)
        if value.ndim != 2:
            raise Misshapen("no transpose")
        return value.T

    def _product(self, node: Expression, at: At) -> Array:
        factors: list[Array] = []
        for place, arg in enumerate(node.args):
            rows = next((one.shape[1] for one in reversed(factors) if one.size != 1), None)
            if rows is None and place + 1 < len(node.args) and not node.args[place + 1].has("identity", "ones"):
                rows = self.value(node.args[place + 1], at).shape[0]
            factors.append(self._fitted(arg, rows, at))
        try:
            return folded(factors, node.data)
        except Misshapen:  # an entrywise product binds weaker than juxtaposition
            starts = [k for k, sign in enumerate(node.data) if k == 0 or sign in ("odot", "circ")]
            if len(starts) == 1:
                raise
            ends = [*starts[1:], len(factors)]
            parts = [folded(factors[a:b], ("", *node.data[a + 1 : b])) for a, b in zip(starts, ends, strict=True)]
            return folded(parts, tuple(node.data[k] for k in starts))

    def _power(self, node: Expression, at: At) -> Array:
        base, exponent = (self.value(arg, at) for arg in node.args)
        if exponent.size != 1:
            if node.args[0].head == "constant":
                return np.asarray(np.exp(exponent))
            raise Misshapen("an exponent")
        raised = float(exponent.flat[0])
        if 1 in base.shape or node.data == "entrywise":
            return np.asarray(base**raised)
        if base.shape[0] != base.shape[1]:
            raise Misshapen("a power of a matrix")
        return np.asarray(np.linalg.matrix_power(base, int(raised)))

    def _root(self, node: Expression, at: At) -> Array:
        degree = 2.0 if node.args[1].head == "none" else self.scalar(node.args[1], at)
        return np.asarray(self.value(node.args[0], at) ** (1 / degree))

    def _abs(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), abs(self.scalar(node.args[0], at)))

    def _norm(self, node: Expression, at: At) -> Array:
        value = self.value(node.args[0], at)
        kinds = {"2": (value**2).sum() ** 0.5, "F": (value**2).sum() ** 0.5, "1": np.abs(value).sum()}
        if node.data not in kinds:
            raise Unsupported("this norm")
        return np.full((1, 1), kinds[node.data])

    def _indicator(self, node: Expression, at: At) -> Array:
        return self.value(node.args[0], at)

    def _relation(self, node: Expression, at: At) -> Array:
        if node.data not in RELATIONS:
            raise Unsupported("this relation")
        return together(
            lambda a, b: RELATIONS[node.data](a, b).astype(float), [self.value(arg, at) for arg in node.args]
        )

    def _cases(self, node: Expression, at: At) -> Array:
        for value, condition in zip(node.args[::2], node.args[1::2], strict=True):
            if condition.head == "otherwise" or self.scalar(condition, at):
                return self.value(value, at)
        raise Unsupported("no case holds")

    def _sum(self, node: Expression, at: At) -> Array:
        return sum(list(self._terms(node, at)), np.zeros((1, 1)))

    def _prod(self, node: Expression, at: At) -> Array:
        return np.asarray(np.prod([float(term.flat[0]) for term in self._terms(node, at)])).reshape(1, 1)

    def _max(self, node: Expression, at: At) -> Array:
        return np.full((1, 1), max(float(term.flat[0]) for term in self._terms(node, at)))

    def _terms(self, node: Expression, at: At) -> Iterator[Array]:
        body, lower, upper, condition = node.args
        sizes = {**self.ranges, **index_sizes(node, self.notation)}
        if not set(node.data) <= set(sizes):
            raise Unsupported("a range")
        first = 0
        if lower.head in ("index", "number"):
            first = self._place(lower, at)
        elif lower.head != "none":
            raise Unsupported("a lower limit")
        last = [self.size(sizes[name]) for name in node.data]
        if upper.head in ("index", "number"):
            last = [self._place(upper, at) + 1]
        elif upper.head == "size" and any(upper.data != sizes[name] for name in node.data):
            raise Misshapen("the upper limit")
        for places in itertools.product(*(range(first, end) for end in last)):
            here = {**at, **dict(zip(node.data, places, strict=True))}
            if condition.head == "none" or self.scalar(condition, here):
                yield self.value(body, here)

    # Derivatives

    def _derivative(self, node: Expression, at: At) -> Array:
        top, *bottoms = node.args
        numerator = self.setting.problem.layout == "numerator"
        if len(bottoms) == 1:
            return arranged(self._by(lambda: self.value(top, at), bottoms[0], at), numerator)
        if len(bottoms) > 2:
            raise Unsupported("a third derivative")

        def first() -> Array:
            inner, below = self._by(lambda: self.value(top, at), bottoms[0], at)
            return inner.reshape(below if below != (1, 1) else inner.shape[-2:])

        second, below = self._by(first, bottoms[1], at)
        if below == (1, 1):
            return second.reshape(second.shape[-2:])
        return second.reshape(int(np.prod(below)), -1).T

    def _by(self, of: Callable[[], Array], bottom: Expression, at: At) -> tuple[Array, tuple[int, ...]]:
        """The derivatives by each entry of the bottom, in front of the axes of the top; the bottom's shape."""
        while bottom.head in ("group", "transpose"):
            bottom = bottom.args[0]
        found = quantity_of(bottom, self.notation)
        if found is None:
            raise Unsupported("a derivative by this")
        name, indices = found
        whole = self.quantity(name)
        slots = [place for place, size in enumerate(whole.shape) if size != 1]
        if len(indices) == len(slots) or not slots:
            fixed = dict(zip(slots, (self._place(index, at) for index in indices), strict=True)) if slots else {}
        elif bottom.head == "member" or not indices:
            fixed = {0: self._place(indices[0], at)} if indices else {}
        else:
            raise Unsupported("a derivative by a row")
        ranges = [[fixed[slot]] if slot in fixed else range(size) for slot, size in enumerate(whole.shape)]
        parts = [self._quotient_of(of, name, whole, place) for place in itertools.product(*ranges)]
        below = tuple(len(one) for one in ranges)
        below = below[-2:] if len(below) == 3 else below
        return np.array(parts), below

    def _quotient_of(self, of: Callable[[], Array], name: str, whole: Array, place: tuple[int, ...]) -> Array:
        total: Any = 0.0
        for steps, weight in STENCIL:
            moved = whole.copy()
            moved[place] += steps * STEP
            with self._with(name, moved):
                total = total + weight * of()
        return np.asarray(total / STEP)

    @contextmanager
    def _with(self, name: str, array: Array) -> Iterator[None]:
        moved, memo = self.moved, self.memo
        self.moved, self.memo = {**moved, name: array}, {}
        try:
            yield
        finally:
            self.moved, self.memo = moved, memo
