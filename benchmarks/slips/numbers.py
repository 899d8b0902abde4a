"""Lines evaluated in NumPy, apart from the checker's models: the judge of what is truly equal.

Arrays have rows and columns; a derivative is a difference quotient of order four in the step.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.slips.trees import index_sizes
from derivations.expression import Expression, free_indices
from derivations.notation import UserFunction
from derivations.shapes import Dims, Size
from problems.assumptions import Property, quantity_of
from problems.setting import Setting

Array = np.ndarray[Any, Any]
At = Mapping[str, int]

STEP = 3e-4
STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))
CALLS: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "log": np.log,
    "sigmoid": lambda t: 1 / (1 + np.exp(-t)),
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sech": lambda t: 1 / np.cosh(t),
    "coth": lambda t: 1 / np.tanh(t),
    "relu": lambda t: np.maximum(t, 0),
    "leaky relu": lambda t: np.where(t > 0, t, t / 100),
    "softplus": lambda t: np.log1p(np.exp(t)),
    "gelu": lambda t: t * (1 + np.vectorize(math.erf)(t / math.sqrt(2))) / 2,
    "erf": np.vectorize(math.erf),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arctan": np.arctan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "abs": np.abs,
    "sign": np.sign,
    "sqrt": np.sqrt,
}
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


class Unsupported(Exception):
    """This is not evaluated here."""


class Misshapen(Exception):
    """These shapes do not fit: the line says nothing."""


class Numbers:
    """One drawing of all that a problem leaves open; ``signed`` draws of both signs, else positive."""

    def __init__(self, setting: Setting, sizes: Mapping[str, int], seed: int, signed: bool) -> None:
        self.setting, self.notation, self.sizes = setting, setting.notation, sizes
        self.seed, self.signed = seed, signed
        self.moved: dict[str, Array] = {}
        self.formals: dict[str, Array] = {}
        self.memo: dict[Any, Array] = {}
        self.ranges: Mapping[str, Size] = {}
        self.labels: dict[str, int] = {}
        for name, known in self.notation.indices.items():
            self.labels[name] = int(self.random(name).integers(self.size(known.dims[0])))

    def random(self, *about: str) -> np.random.Generator:
        """Numbers that depend on what they are drawn for alone."""
        return np.random.default_rng([self.seed, *map(ord, "|".join(about))])

    def size(self, size: Size) -> int:
        """A size as a number."""
        if isinstance(size, int):
            return size
        if size not in self.sizes:
            raise Unsupported(f"the size {size}")
        return self.sizes[size]

    def shape(self, dims: Dims) -> tuple[int, ...]:
        """A shape in numbers."""
        return tuple(self.size(size) for size in dims)

    # Named quantities

    def quantity(self, name: str) -> Array:
        """A named quantity; of a family, the members one after the other."""
        if name in self.moved:
            return self.moved[name]
        if name not in self.memo:
            self.memo[name] = self._made(name)
        return self.memo[name]

    def full_shape(self, name: str) -> tuple[int, ...]:
        """The shape of a quantity, of a family with the number of members first."""
        family = next((one for one in self.notation.families.values() if one.name == name), None)
        if family is not None:
            return (self.size(family.index.dims[0]), *self.shape(family.member.dims))
        declared = self.notation.declared(name)
        if declared is None:
            raise Unsupported(f"the name {name}")
        return self.shape(declared.dims)

    def _made(self, name: str) -> Array:
        found = [pair for pair in (*self.setting.given, *self.setting.assumptions.solved) if self._named(pair) == name]
        if found:
            return self._defined(name, *found[0])
        parents = self.setting.scope.arena.dependencies.get(name)
        if parents:
            return self._dependent(name, [parent for parent, _ in parents])
        return self._drawn(name)

    def _named(self, pair: tuple[Expression, Expression]) -> str:
        found = quantity_of(pair[0], self.notation)
        return found[0] if found is not None else ""

    def _defined(self, name: str, left: Expression, right: Expression) -> Array:
        shape = self.full_shape(name)
        _, indices = quantity_of(left, self.notation) or ("", ())
        if not indices:
            value = np.asarray(self.value(right, self.labels))
            if value.size == 1:
                return np.full(shape, value.flat[0])
            if value.shape != shape:
                raise Unsupported(f"the definition of {name}")
            return value
        out = np.zeros(shape)
        free = [place for place, size in enumerate(shape) if size != 1]
        if len(free) != len(indices) or any(index.head != "index" for index in indices):
            raise Unsupported(f"the definition of {name}")
        for places in itertools.product(*(range(shape[place]) for place in free)):
            at = {**self.labels, **{index.data: place for index, place in zip(indices, places, strict=True)}}
            full = [0] * len(shape)
            for slot, place in zip(free, places, strict=True):
                full[slot] = place
            out[tuple(full)] = self.scalar(right, at)
        return out

    def _dependent(self, name: str, parents: Sequence[str]) -> Array:
        """Something smooth and arbitrary of the parents."""
        shape = self.full_shape(name)
        out = np.zeros(shape)
        for place in np.ndindex(shape):
            for parent in parents:
                value = self.quantity(parent)
                random = self.random(name, parent, str(place))
                tilt, bend = random.normal(size=value.shape), random.normal(size=value.shape)
                out[place] += np.sin((tilt * value).sum() / 2) + (bend * np.cos(value)).sum()
        return out

    def _drawn(self, name: str) -> Array:
        shape, random = self.full_shape(name), self.random(name)
        known = self.setting.assumptions.properties.get(name, Property())
        array = random.normal(size=shape) if self.signed else random.uniform(0.1, 2.5, size=shape)
        if known.low is not None or known.high is not None:
            low = float(known.low) if known.low is not None else float(known.high or 0) - 2
            high = float(known.high) if known.high is not None else low + 2
            array = low + (high - low) * random.uniform(0.1, 0.9, size=shape)
        if array.ndim == 2 and shape[0] == shape[1] != 1:
            array = array + 2 * np.eye(shape[0])  # an inverse is then a moderate one
        if known.symmetric:
            array = array + array.T
        if known.simplex is not None or known.hot is not None:
            axis = [place for place, size in enumerate(shape) if size != 1][known.simplex or 0]
            if known.binary or known.hot is not None:
                return self._one_hot(shape, axis, known, random)
            array = np.abs(array) / np.abs(array).sum(axis=axis, keepdims=True)
        elif known.binary:
            array = random.integers(0, 2, size=shape).astype(float)
        return array

    def _one_hot(self, shape: tuple[int, ...], axis: int, known: Property, random: np.random.Generator) -> Array:
        hot = known.hot
        if hot is not None:
            if len(hot) != 1 or hot[0].head != "index" or hot[0].data not in self.labels:
                raise Unsupported("this one-hot label")
            where = np.full((*shape[:axis], 1, *shape[axis + 1 :]), self.labels[hot[0].data])
        else:
            where = random.integers(shape[axis], size=(*shape[:axis], 1, *shape[axis + 1 :]))
        array = np.zeros(shape)
        np.put_along_axis(array, where, 1.0, axis)
        return array

    # Expressions

    def scalar(self, node: Expression, at: At) -> float:
        """The value of a scalar."""
        value = self.value(node, at)
        if value.size != 1:
            raise Misshapen("a scalar is wanted")
        return float(value.flat[0])

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

    # Functions

    def _apply(self, node: Expression, at: At) -> Array:
        name, primes, power = node.data
        if power is not None:
            raise Unsupported("a power of a function")
        arguments = [self.value(arg, at) for arg in node.args]
        if primes:
            (argument,) = arguments
            return np.asarray(sum(c * self._called(name, primes - 1, [argument + k * STEP]) for k, c in STENCIL) / STEP)
        return self._called(name, 0, arguments)

    def _called(self, name: str, primes: int, arguments: list[Array]) -> Array:
        if primes:
            raise Unsupported("a second prime")
        user = self.notation.functions.get(name)
        if user is not None and user.body is not None:
            return self._defined_function(user, arguments)
        if name in ("max", "min") and len(arguments) > 1:
            return together(lambda *parts: (np.max if name == "max" else np.min)(parts, axis=0), arguments)
        if len(arguments) != 1:
            raise Unsupported("several arguments")
        (value,) = arguments
        if user is not None and name not in CALLS:
            if user.kind != "elementwise":
                raise Unsupported("an unknown function")
            a, b = self.random(name).normal(size=2)
            return np.asarray(np.sin(a * value + b) + a * value**2)
        if name in CALLS:
            return np.asarray(CALLS[name](value))
        match name:
            case "softmax":
                axis = 0 if value.shape[1] == 1 else 1
                return np.asarray(np.exp(value) / np.exp(value).sum(axis=axis, keepdims=True))
            case "log-softmax":
                return np.asarray(
                    value - np.log(np.exp(value).sum(axis=0 if value.shape[1] == 1 else 1, keepdims=True))
                )
            case "log-sum-exp":
                return np.full((1, 1), np.log(np.exp(value).sum()))
            case "diag":
                return np.diag(value.ravel()) if 1 in value.shape else np.diag(value).reshape(-1, 1)
            case "trace" | "det":
                if value.shape[0] != value.shape[1]:
                    raise Misshapen(name)
                return np.full((1, 1), np.trace(value) if name == "trace" else np.linalg.det(value))
        raise Unsupported(name)

    def _defined_function(self, user: UserFunction, arguments: list[Array]) -> Array:
        assert user.body is not None
        names = [str(formal.data) for formal in user.formals]
        whole = user.kind == "scalar" or user.entry is not None or len(arguments) > 1

        def at(*values: Any) -> Array:
            with self._with_formals(
                dict(
                    zip(names, (np.asarray(value).reshape(np.shape(value) or (1, 1)) for value in values), strict=True)
                )
            ):
                if user.entry is None:
                    return self.value(user.body, {})
                parts = [self.scalar(user.body, {user.entry: place}) for place in range(values[0].size)]
                return np.array(parts).reshape(values[0].shape)

        if whole or arguments[0].size == 1:
            return at(*arguments)
        return np.array([float(at(one).flat[0]) for one in arguments[0].flat]).reshape(arguments[0].shape)

    @contextmanager
    def _with_formals(self, formals: dict[str, Array]) -> Iterator[None]:
        before, memo = self.formals, self.memo
        self.formals, self.memo = {**before, **formals}, {}
        try:
            yield
        finally:
            self.formals, self.memo = before, memo

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


def together(change: Callable[..., Array], values: Sequence[Array]) -> Array:
    """Entry by entry; a scalar stands at every place."""
    shapes = {value.shape for value in values if value.size != 1}
    if len(shapes) > 1:
        raise Misshapen("entry by entry")
    if shapes and any(value.size == 1 for value in values):
        values = [value.reshape(()) if value.size == 1 else value for value in values]
    return np.asarray(change(*values))


def folded(factors: Sequence[Array], signs: Sequence[str]) -> Array:
    """The product from left to right; the shapes say which product each is."""
    out = factors[0]
    for factor, sign in zip(factors[1:], signs[1:], strict=True):
        out = _multiplied(out, sign, factor)
    return out


def _multiplied(left: Array, sign: str, right: Array) -> Array:
    if left.size == 1 or right.size == 1:
        return together(np.multiply, [left, right])
    if sign in ("odot", "circ"):
        return together(np.multiply, [left, right])
    if sign not in ("", "cdot", "times"):
        raise Unsupported(sign)
    if left.ndim == 2 == right.ndim and left.shape[1] == right.shape[0]:
        return np.asarray(left @ right)
    if left.shape == right.shape and 1 in left.shape:
        return np.full((1, 1), (left * right).sum()) if sign == "cdot" else left * right
    raise Misshapen("a product")


def arranged(found: tuple[Array, tuple[int, ...]], numerator: bool) -> Array:
    """A derivative in a layout: that of a scalar is shaped as the bottom, a Jacobian has the bottom's rows."""
    parts, below = found
    top = parts.shape[1:]
    if np.prod(top) == 1:
        out = parts.reshape(below)
        return out.T if numerator and len(below) == 2 else out
    if np.prod(below) == 1:
        return parts.reshape(top)
    if 1 in top and 1 in below:
        out = parts.reshape(int(np.prod(below)), int(np.prod(top)))
        return out.T if numerator else out
    return parts.reshape([size for size in (*below, *top) if size != 1])
