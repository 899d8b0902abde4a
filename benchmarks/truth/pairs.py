"""Pairs of expressions: equal by rewriting, or different by a mutation that is seen at a point that is given."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.truth.trees import Tree, Values, add, latex, made, minus, name, number, of, over, power, times, value

SCALARS = ("a", "b", "x", "y")
PRIMES = (96959, 137279, 219839, 90239)
DRAWS = 12
CLOSE = 1e-7
SHAPES: dict[str, Any] = {
    **dict.fromkeys(SCALARS, "scalar"),
    "u": "n",
    "v": "n",
    "w": "m",
    "A": "m x n",
    "B": "n x m",
    "C": "n x n",
    "D": "n x n",
    "n": "size",
    "m": "size",
    "k": "size",
    "l": "size",
    "p": "scalar",
    "q": "scalar",
}
ASSUMED = ("p > 0", "q > 0")


@dataclass(frozen=True)
class Pair:
    """Two expressions and whether they are equal."""

    family: str
    left: Tree
    right: Tree
    equal: bool
    how: str = ""
    at: dict[str, Any] = field(default_factory=dict)
    assume: tuple[str, ...] = ()
    imposed: Callable[[dict[str, Any]], dict[str, Any]] = field(default=lambda at: at, repr=False, compare=False)

    @property
    def record(self) -> dict[str, Any]:
        """The pair as a check record: the left side is the reference, the right side the answer."""
        used = {node.data for side in (self.left, self.right) for node in side.walk() if node.op == "name"}
        used |= {
            node.data[0] for side in (self.left, self.right) for node in side.walk() if node.op in ("entry", "total")
        }
        used |= {key for key in SHAPES if any(key in fact for fact in self.assume) and key in "uaCx"}
        symbols = {key: shape for key, shape in SHAPES.items() if key in used}
        sizes = {word for shape in symbols.values() for word in shape.split() if SHAPES.get(word) == "size"}
        symbols |= dict.fromkeys(sizes, "size")
        assume = [*self.assume, *(fact for fact in ASSUMED if fact[0] in symbols)]
        return {
            "problem": {"symbols": symbols, "answer": latex(self.left), "assume": assume},
            "lines": [latex(self.right)],
        }


def attack(how: str, left: Tree, right: Tree, equal: bool = False, **at: float) -> Pair:
    """A pair of this kind, with the values at which it shows."""
    return Pair("attack", left, right, equal, how, dict(at))


# Values.


def point(chance: random.Random, **sizes: int) -> dict[str, Any]:
    """Values for all names: sizes that differ, numbers of both signs."""
    n, m, k, size = chance.sample(range(2, 8), 4)
    n, m, k, size = (sizes.get(letter, drawn) for letter, drawn in zip("nmkl", (n, m, k, size), strict=True))
    draw = np.random.default_rng(chance.randrange(2**32))
    shapes = {"n": (n, 1), "m": (m, 1), "m x n": (m, n), "n x m": (n, m), "n x n": (n, n)}
    out: dict[str, Any] = {"n": n, "m": m, "k": k, "l": size}
    for key, shape in SHAPES.items():
        if shape == "scalar":
            out[key] = draw.uniform(0.2, 2) * (1 if key in "pq" else draw.choice((-1, 1)))
        elif shape != "size":
            out[key] = draw.uniform(0.2, 1.5, shapes[shape]) * draw.choice((-1, 1), shapes[shape])
    return out


def differs(left: Tree, right: Tree, at: Values) -> bool | None:
    """Whether two trees differ at a point; None where one has no value there, or shapes differ."""
    try:
        one, other = (np.asarray(value(tree, at), dtype=float) for tree in (left, right))
    except (ValueError, np.linalg.LinAlgError):
        return None
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return None
    return bool((np.abs(one - other) > CLOSE * (1 + np.abs(one) + np.abs(other))).any())


def is_as_said(pair: Pair, chance: random.Random) -> bool:
    """Whether a pair made on purpose is equal, or different at the values that it names and at most of others."""
    if pair.equal or "seen" in pair.at:
        return True
    sizes = {letter: pair.at[letter] for letter in "nmkl" if letter in pair.at}
    places = [pair.imposed({**point(chance, **sizes), **pair.at}) for _ in range(3 if pair.assume else 1)]
    return any(differs(pair.left, pair.right, at) for at in places)


def seen_different(left: Tree, right: Tree, chance: random.Random, also: Values | None = None) -> dict[str, Any] | None:
    """A point at which two trees differ for sure."""
    base = [point(chance) for _ in range(DRAWS)]
    for at in ([{**base[0], **also}] if also else []) + base:
        if differs(left, right, at):
            return at
    return None


# Expressions, by what they are: a number, a vector of n entries, a matrix of n x n entries.


def scalar(chance: random.Random, depth: int) -> Tree:
    """A random number-valued expression of the field."""
    if depth <= 0:
        return chance.choice([name(chance.choice(SCALARS)), name(chance.choice("pq")), number(chance.randint(1, 5))])
    inner = lambda: scalar(chance, depth - 1)  # noqa: E731
    positive = lambda: chance.choice([name(chance.choice("pq")), add(number(1), power(inner(), 2)), of("exp", inner())])  # noqa: E731
    pick = chance.randrange(16)
    if pick < 3:
        return add(inner(), inner())
    if pick < 6:
        return times(inner(), inner())
    if pick < 7:
        return add(inner(), minus(inner()))
    if pick < 8:
        return over(inner(), positive())
    if pick < 9:
        return power(inner(), chance.randint(2, 3))
    if pick < 11:
        return of(chance.choice(("log", "sqrt")), positive())
    if pick < 12:
        return chance.choice(
            [times(made("transpose", vector(chance, 1)), vector(chance, 1)), power(made("norm", vector(chance, 1)), 2)]
        )
    if pick < 13:
        return made("total", total_body(chance), data=("n", "i"))
    if pick < 14:
        return made("trace", square(chance, 1))
    kinds = ("sin", "cos", "tanh", "sigmoid", "softplus", "relu", "abs", "exp")
    return of(chance.choice(kinds), scalar(chance, min(1, depth - 1)))


def total_body(chance: random.Random) -> Tree:
    """What stands under a sum over i."""
    entry = made("entry", data=(chance.choice("uv"), "i"))
    other = chance.choice([made("entry", data=(chance.choice("uv"), "i")), name(chance.choice(SCALARS)), number(2)])
    return chance.choice(
        [
            times(entry, other),
            add(entry, other),
            of(chance.choice(("exp", "relu", "tanh")), times(entry, other)),
            power(entry, 2),
        ]
    )


def vector(chance: random.Random, depth: int) -> Tree:
    """A random vector of n entries."""
    if depth <= 0:
        return name(chance.choice("uv"))
    pick = chance.randrange(7)
    if pick == 0:
        return times(square(chance, depth - 1), vector(chance, depth - 1))
    if pick == 1:
        return times(name("B"), name("w"))
    if pick == 2:
        return add(vector(chance, depth - 1), vector(chance, depth - 1))
    if pick == 3:
        return times(name(chance.choice(SCALARS)), vector(chance, depth - 1))
    if pick == 4:
        return made("hadamard", vector(chance, depth - 1), vector(chance, depth - 1))
    if pick == 5:
        return of(chance.choice(("exp", "tanh", "relu", "sigmoid")), vector(chance, depth - 1))
    return times(made("transpose", name("A")), name("w"))


def square(chance: random.Random, depth: int) -> Tree:
    """A random matrix of n x n entries."""
    if depth <= 0:
        return name(chance.choice("CD"))
    pick = chance.randrange(7)
    if pick == 0:
        return times(square(chance, depth - 1), square(chance, depth - 1))
    if pick == 1:
        return made("transpose", square(chance, depth - 1))
    if pick == 2:
        return add(square(chance, depth - 1), square(chance, depth - 1))
    if pick == 3:
        return times(name("B"), name("A"))
    if pick == 4:
        return made("inverse", square(chance, 0))
    if pick == 5:
        return times(vector(chance, depth - 1), made("transpose", vector(chance, depth - 1)))
    return made("hadamard", square(chance, depth - 1), square(chance, depth - 1))


KINDS: dict[str, Callable[[random.Random], Tree]] = {
    "scalar": lambda chance: scalar(chance, 3),
    "small": lambda chance: scalar(chance, 2),
    "vector": lambda chance: vector(chance, 2),
    "matrix": lambda chance: square(chance, 2),
    "mean": lambda chance: over(times(number(chance.randint(1, 3)), scalar(chance, 2)), name(chance.choice("nmkl"))),
}


def pairs(count: int, seed: int) -> Iterator[Pair]:
    """So many pairs, the same for the same seed."""
    from benchmarks.truth.assumed import assumed
    from benchmarks.truth.attacks import ATTACKS
    from benchmarks.truth.laws import LAWS
    from benchmarks.truth.mutating import mutated
    from benchmarks.truth.rewriting import rewritten

    chance = random.Random(seed)
    made_ = 0
    while made_ < count:
        family = chance.choice([*KINDS, "attack", "law", "assumed"])
        if family not in KINDS:
            pair = chance.choice({"attack": ATTACKS, "law": LAWS, "assumed": (assumed,)}[family])(chance)
            if is_as_said(pair, chance):
                made_ += 1
                yield pair
            continue
        left = KINDS[family](chance)
        if chance.random() < 0.5:
            right, how = rewritten(left, chance)
            if seen_different(left, right, chance) is None:  # else floats lose what a law keeps: 1/(1/e^{99} + y - y)
                made_ += 1
                yield Pair(family, left, right, True, how)
            continue
        right, how = mutated(left, chance)
        at = seen_different(left, right, chance)
        if at is not None:
            made_ += 1
            yield Pair(family, left, rewritten(right, chance)[0] if chance.random() < 0.5 else right, False, how, at)
