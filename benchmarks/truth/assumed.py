"""Pairs under assumptions: what they make equal, and what they only seem to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from benchmarks.truth.pairs import Pair, point, scalar
from benchmarks.truth.trees import Tree, add, made, minus, name, number, of, over, power, times, value

X, A, U, V, C, D, N = (name(letter) for letter in ("x", "a", "u", "v", "C", "D", "n"))
ONE, ZERO = number(1), number(0)
Point = dict[str, Any]
Law = tuple[Tree, Tree]


def turn(tree: Tree) -> Tree:
    """The transpose."""
    return made("transpose", tree)


def entries(*factors: Tree) -> Tree:
    """The sum over i from 1 to n."""
    return made("total", times(*factors) if len(factors) > 1 else factors[0], data=("n", "i"))


UI, VI = made("entry", data=("u", "i")), made("entry", data=("v", "i"))


class Fact(NamedTuple):
    """What is assumed, a point at which it holds, what follows from it, and what does not."""

    assume: tuple[str, ...]
    imposed: Callable[[Point], Point]
    laws: Sequence[Law]
    errors: Sequence[Law]


def _share(at: Point) -> Point:
    return {**at, "u": at["u"] / np.sum(at["u"])}


def _shares(at: Point) -> Point:
    return _share({**at, "u": np.abs(at["u"])})


def _hot(at: Point) -> Point:
    return {**at, "u": np.eye(at["n"])[:, :1]}


def _unit(at: Point) -> Point:
    return {**at, "u": at["u"] / np.sqrt(np.sum(at["u"] ** 2))}


def _turning(at: Point) -> Point:
    return {**at, "C": np.linalg.qr(at["C"])[0]}


def _mirrored(at: Point) -> Point:
    return {**at, "C": at["C"] + at["C"].T}


def _definite(at: Point) -> Point:
    return {**at, "C": at["C"] @ at["C"].T + 0.1 * np.eye(at["n"])}


def _sign(at: Point) -> Point:
    return {**at, "a": float(np.sign(at["a"]))}


def _bit(at: Point) -> Point:
    return {**at, "a": float(at["a"] > 0)}


def _size(at: Point) -> Point:
    return {**at, "x": abs(at["x"])}


def _rest(at: Point) -> Point:
    u = at["u"].copy()
    u[1:] /= np.sum(u[1:]) or 1.0
    return {**at, "u": u}


def _corner(at: Point) -> Point:
    u = np.full(at["u"].shape, 1e-6)
    u[0] = 1 - 1e-6 * (at["n"] - 1)
    return {**at, "u": u}


def _at_one(at: Point) -> Point:
    return {**at, "a": 1 - 1e-5 * abs(at["x"])}


def _first(at: Point) -> Point:
    u = at["u"].copy()
    u[0] = 1.0
    return {**at, "u": u}


SHARE = Fraction(999, 1000)
FORM = times(turn(U), C, U)
FACTS = (
    Fact((r"\sum_{i=1}^n u_i = 1",), _share,
         [(times(entries(UI), X), X), (entries(add(UI, VI)), add(ONE, entries(VI)))],
         [(entries(of("abs", UI)), ONE), (entries(power(UI, 2)), ONE), (entries(UI), N), (times(turn(U), U), ONE)]),
    Fact((r"\sum_{i=1}^n u_i = 1", r"u_i \ge 0"), _shares,
         [(entries(of("abs", UI)), ONE), (entries(of("relu", UI)), ONE)],
         [(entries(power(UI, 2)), ONE), (entries(of("exp", UI)), N)]),
    Fact((r"u_i \in \{0, 1\}", r"\sum_{i=1}^n u_i = 1"), _hot,
         [(entries(power(UI, 2)), ONE), (times(turn(U), U), ONE), (entries(power(UI, 3), VI), entries(UI, VI))],
         [(entries(power(UI, 2)), N), (entries(UI, VI), entries(VI)), (entries(of("exp", UI)), N)]),
    Fact((r"\|u\|_2 = 1",), _unit,
         [(times(turn(U), U), ONE), (entries(power(UI, 2)), ONE), (times(made("norm", U), X), X)],
         [(entries(UI), ONE), (entries(of("abs", UI)), ONE), (times(U, turn(U), V), V)]),
    Fact((r"C^T C = I",), _turning,
         [(times(C, turn(C), U), U), (made("inverse", C), turn(C)),
          (power(made("norm", times(C, U)), 2), times(turn(U), U)), (made("trace", times(turn(C), C)), N)],
         [(C, turn(C)), (made("trace", C), N), (times(C, U), U), (times(turn(D), D, U), U)]),
    Fact((r"C = C^T",), _mirrored,
         [(turn(C), C), (times(turn(U), C, V), times(turn(V), C, U)),
          (made("trace", times(C, D)), made("trace", times(turn(D), C)))],
         [(times(C, D), times(D, C)), (turn(D), D), (times(turn(U), C, V), times(turn(U), C, U)),
          (turn(times(C, D)), times(C, D))]),
    Fact((r"C \succ 0",), _definite,
         [(of("abs", FORM), FORM), (turn(C), C), (of("relu", made("trace", C)), made("trace", C))],
         [(of("abs", times(turn(U), C, V)), times(turn(U), C, V)), (made("inverse", C), C),
          (times(C, D), times(D, C))]),
    Fact((r"a \in \{-1, 1\}",), _sign,
         [(power(A, 2), ONE), (power(A, 3), A), (of("abs", A), ONE), (over(ONE, A), A),
          (over(add(ONE, A), number(2)), made("where", A, ZERO, data=">"))],
         [(A, ONE), (power(A, 3), ONE), (of("relu", A), A), (of("exp", A), of("exp", minus(A)))]),
    Fact((r"a \in \{0, 1\}",), _bit,
         [(power(A, 2), A), (times(A, add(ONE, minus(A))), ZERO), (of("relu", A), A), (of("abs", A), A)],
         [(A, ONE), (power(A, 2), ONE), (times(A, X), X), (of("exp", A), add(ONE, A))]),
    Fact((r"x \ge 0",), _size,
         [(of("abs", X), X), (of("sqrt", power(X, 2)), X), (of("relu", X), X), (of("relu", minus(X)), ZERO)],
         [(of("abs", A), A), (of("relu", add(X, minus(ONE))), add(X, minus(ONE))), (of("sqrt", X), X)]),
    Fact((r"\sum_{i=1}^n u_i = 1", r"u_i > 0"), _corner,
         [(entries(of("relu", UI)), ONE)],
         [(entries(made("where", UI, number(SHARE), data=">")), ZERO),
          (entries(of("relu", add(UI, minus(number(SHARE))))), ZERO)]),
    Fact((r"0 < a < 1",), _at_one,
         [(of("abs", add(A, minus(ONE))), add(ONE, minus(A)))],
         [(of("relu", add(A, minus(number(SHARE)))), ZERO), (made("where", A, number(SHARE), data=">"), ZERO)]),
    Fact((r"\sum_{i=2}^n u_i = 1",), _rest, [], [(entries(UI), ONE), (times(entries(UI), X), X)]),
    Fact((r"u_1 = 1",), _first, [],
         [(entries(UI), ONE), (entries(power(UI, 2)), ONE), (times(turn(U), V), entries(VI))]),
)  # fmt: skip


def assumed(chance: random.Random) -> Pair:
    """A law of an assumption or what is none, within a random expression."""
    fact = chance.choice(FACTS)
    equal = bool(fact.laws) and chance.random() < 0.5
    left, right = chance.choice(fact.laws if equal else fact.errors)
    if np.ndim(value(left, fact.imposed(point(chance)))) == 0:
        factor, rest = scalar(chance, 1), scalar(chance, 1)
        ways: list[Callable[[Tree], Tree]] = [
            lambda t: t, lambda t: times(factor, t), lambda t: add(t, rest), lambda t: add(times(factor, t), rest),
            lambda t: of("exp", over(t, number(9))), lambda t: of("sigmoid", t),
        ]  # fmt: skip
        way = chance.choice(ways)
        left, right = way(left), way(right)
    if chance.random() < 0.5:
        left, right = right, left
    return replace(
        Pair("assumed", left, right, equal, ", ".join(fact.assume)), assume=fact.assume, imposed=fact.imposed
    )
