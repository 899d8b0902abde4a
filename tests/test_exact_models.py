"""Laws of the exact models: the chains, what holds in them by construction, and what they never call equal."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from evaluating import verdict
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sources import table

from truestep.checkers.comparing.arithmetic import Tower
from truestep.checkers.comparing.towers import DEEP, SHALLOW

DATA = table("exact_models")
CHAINS = (*SHALLOW, *DEEP)


def faults_of_chain(chain: tuple[int, ...]) -> list[str]:
    """What a chain lacks."""
    faults = [f"{p} is not prime" for p in chain if not sympy.isprime(p)]
    faults += [f"{p} is not 2 * {q} + 1" for p, q in pairwise(chain) if p != 2 * q + 1]
    residue = {(p, a): pow(a % p, (p - 1) // 2, p) == 1 for p in chain for a in (-1, 2, 3, 5)}
    return faults + [f"{a} mod {p}" for (p, a), is_residue in residue.items() if is_residue != (a > 0)]


@pytest.mark.parametrize("chain", CHAINS)
def test_chains_are_chains(chain: tuple[int, ...]) -> None:
    assert not faults_of_chain(chain)


@pytest.mark.parametrize("chain", [(23, 11, 5), (2047, 1023), (2029439, 507359), (13,)])
def test_a_planted_chain_is_caught(chain: tuple[int, ...]) -> None:
    assert faults_of_chain(chain)


def test_no_prime_is_used_twice_at_one_level_of_the_models_of_one_question() -> None:
    for chains in (SHALLOW, DEEP):
        assert all(len(set(level)) == len(level) for level in zip(*chains, strict=True))


def laws(tower: Tower, level: int, a: Any, b: Any) -> dict[str, bool]:
    """The laws of the field at a level: a and b live there, exp of the level below comes up to it."""
    p = tower.prime(level)
    root, odd = tower.root(a, sympy.Rational(1, 2), level)
    square_root = tower.root(a * a % p, sympy.Rational(1, 2), level)[0]
    found = {
        "sqrt of a square is the absolute value": (square_root == tower.sign(a, level) * a % p).all(),
        "relu(u) - relu(-u) = u": (
            (a * tower.positive(a, level) + a * tower.positive(-a % p, level)) % p == a % p
        ).all(),
        "sign is multiplicative": (tower.sign(a * b % p, level) == tower.sign(a, level) * tower.sign(b, level)).all(),
        "a root squares back": (root * root % p == a)[~np.asarray(odd)].all(),
        "a power and its inverse": (tower.power(a, 7, level)[0] * tower.power(a, -7, level)[0] % p == 1).all(),
    }
    if level + 1 < len(tower.chain):
        q = tower.prime(level + 1)
        c, d = a % q, b % q
        product = tower.exp(c, level) * tower.exp(d, level) % p
        found["exp(c + d) = exp c exp d"] = (tower.exp((c + d) % q, level) == product).all()
        found["exp is positive"] = (tower.sign(tower.exp(c, level), level) == 1).all()
        found["log exp c = c"] = (tower.log(tower.exp(c, level), level + 1)[0] == c).all()
        logs = tower.log(a, level + 1)[0] + tower.log(b, level + 1)[0]
        found["log ab = log a + log b"] = (tower.log(a * b % p, level + 1)[0] == logs % q).all()
    return {name: bool(held) for name, held in found.items()}


@pytest.mark.parametrize("chain", CHAINS)
def test_laws_hold_at_every_level(chain: tuple[int, ...]) -> None:
    rng = np.random.default_rng(7)
    for level, prime in enumerate(chain):
        a, b = rng.integers(1, prime, (2, 500))
        held = laws(Tower(chain), level, a, b)
        assert all(held.values()), held


class Crooked(Tower):
    """An exponential onto the wrong coset, and a sign that forgets to be odd."""

    def exp(self, values: Any, level: int) -> Any:
        return self.field(level).powers[2 * values + 1]

    def sign(self, values: Any, level: int) -> Any:
        return abs(super().sign(values, level))


def test_planted_errors_in_the_arithmetic_are_caught() -> None:
    a, b = np.random.default_rng(7).integers(1, SHALLOW[0][0], (2, 500))
    held = laws(Crooked(SHALLOW[0]), 0, a, b)
    assert not held["exp(c + d) = exp c exp d"]
    assert not held["sqrt of a square is the absolute value"]


CLAIMS: list[tuple[str, dict[str, Any], str, str]] = [
    (expected, {"symbols": group.get("symbols", DATA["symbols"]), "assume": group["assume"]}, left, right)
    for group in DATA["group"]
    for expected in ("true", "false")
    for left, right in group[expected]
]


@pytest.mark.parametrize(("expected", "statement", "left", "right"), CLAIMS)
def test_claims_over_arrays(expected: str, statement: dict[str, Any], left: str, right: str) -> None:
    found = verdict(statement, left, right)
    if expected == "true":
        assert found.outcome == "right"
        assert found.evidence == "proved"
    else:
        assert found.outcome != "right", (left, right)


# Random scalar expressions as trees: ("+", a, b), ("exp", a), leaves are names and numbers.

Tree = Any
LETTERS = ("a", "b", "p", "q")
STATEMENT = {"symbols": dict.fromkeys(LETTERS, "scalar"), "assume": ["p > 0", "q > 0"]}
LEAVES = st.sampled_from(LETTERS) | st.integers(1, 5)
POSITIVE = st.sampled_from(("p", "q")) | st.builds(lambda t: ("+", 1, ("square", t)), st.sampled_from(LETTERS))
RATIONAL = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner),
        st.tuples(st.just("square"), inner),
        st.tuples(st.just("/"), inner, POSITIVE),
    ),
    max_leaves=4,
)
TREES = st.recursive(
    RATIONAL,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner),
        st.tuples(st.just("exp"), RATIONAL),
        st.tuples(st.just("log"), POSITIVE),
        st.tuples(st.just("sigmoid"), RATIONAL),
    ),
    max_leaves=4,
)


def written(tree: Tree) -> str:
    """The tree as LaTeX."""
    if not isinstance(tree, tuple):
        return str(tree)
    parts = [written(part) for part in tree[1:]]
    return {
        "+": "({0} + {1})",
        "-": "({0} - {1})",
        "*": "{0} \\cdot {1}",
        "/": "\\frac{{{0}}}{{{1}}}",
        "square": "\\left({0}\\right)^2",
        "exp": "e^{{{0}}}",
        "log": "\\log({0})",
        "sigmoid": "\\sigma({0})",
        "minus": "(-{0})",
    }[tree[0]].format(*parts)


def value(tree: Tree, at: dict[str, Any]) -> Any:
    """The tree's value by mpmath."""
    if not isinstance(tree, tuple):
        return at[tree] if isinstance(tree, str) else mpmath.mpf(tree)
    a, *rest = (value(part, at) for part in tree[1:])
    b = rest[0] if rest else mpmath.mpf(0)
    return {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b,
        "square": lambda: a**2,
        "exp": lambda: mpmath.exp(a),
        "log": lambda: mpmath.log(a),
        "sigmoid": lambda: 1 / (1 + mpmath.exp(-a)),
        "minus": lambda: -a,
    }[tree[0]]()


def rewritten(tree: Tree, pick: st.DataObject) -> Tree:
    """An equal tree, by the laws of arithmetic, the exponential, the logarithm and the sigmoid."""
    if not isinstance(tree, tuple):
        return pick.draw(st.sampled_from([tree, tree, ("-", ("+", tree, "b"), "b"), ("minus", ("minus", tree))]))
    op, *parts = tree
    parts = [rewritten(part, pick) for part in parts]
    ways: list[Tree] = [(op, *parts)]
    match op, *parts:
        case "+" | "*", a, b:
            ways += [(op, b, a)]
            if op == "*" and isinstance(b, tuple) and b[0] in "+-":
                ways += [(b[0], ("*", a, b[1]), ("*", a, b[2]))]
        case "-", a, b:
            ways += [("minus", ("-", b, a)), ("+", a, ("minus", b))]
        case "square", a:
            ways += [("*", a, a), ("square", ("minus", a))]
        case "/", a, b:
            ways += [("*", a, ("/", 1, b)), ("/", ("*", 2, a), ("+", b, b))]
        case "exp", a:
            ways += [("/", 1, ("exp", ("minus", a))), ("*", ("exp", ("-", a, "a")), ("exp", "a"))]
        case "log", a:
            ways += [("minus", ("log", ("/", 1, a))), ("-", ("log", ("*", "p", a)), ("log", "p"))]
        case "sigmoid", a:
            ways += [
                ("-", 1, ("sigmoid", ("minus", a))),
                ("/", ("exp", a), ("+", 1, ("exp", a))),
            ]
    return pick.draw(st.sampled_from(ways))


def mutated(tree: Tree, pick: st.DataObject) -> Tree:
    """A tree with one slip: a sign, a factor, a letter, an operation, a missing part."""
    if isinstance(tree, tuple) and pick.draw(st.booleans()):
        place = pick.draw(st.integers(1, len(tree) - 1))
        return (*tree[:place], mutated(tree[place], pick), *tree[place + 1 :])
    ways: list[Tree] = [("minus", tree), ("*", 2, tree), ("+", tree, 1), ("square", tree)]
    if isinstance(tree, str):
        ways += [letter for letter in LETTERS if letter != tree]
    if isinstance(tree, tuple):
        ways += list(tree[1:])
        ways += [(("-" if tree[0] == "+" else "+"), *tree[1:])] if tree[0] in ("+", "-", "*") else []
    return pick.draw(st.sampled_from(ways))


PLACES = [
    dict(zip(LETTERS, map(mpmath.mpf, numbers), strict=True))
    for numbers in (("0.7", "-1.3", "0.4", "2.1"), ("-0.6", "0.9", "1.7", "0.3"), ("1.1", "0.2", "0.8", "1.4"))
]


def differ(left: Tree, right: Tree) -> bool:
    """Whether two trees differ clearly at some point."""
    pairs = [(value(left, at), value(right, at)) for at in PLACES]
    return any(abs(a - b) > 1e-6 * (1 + abs(a) + abs(b)) for a, b in pairs)


@pytest.mark.slow
@settings(max_examples=250, deadline=None, derandomize=True)
@given(TREES, st.data())
def test_equivalent_rewrites_are_right(tree: Tree, data: st.DataObject) -> None:
    other = rewritten(tree, data)
    assume(not differ(tree, other))  # the rewriting itself is right
    found = verdict(STATEMENT, written(tree), written(other))
    assert found.outcome == "right", (written(tree), written(other), found)


@pytest.mark.slow
@settings(max_examples=250, deadline=None, derandomize=True)
@given(TREES, st.data())
def test_slips_are_never_right(tree: Tree, data: st.DataObject) -> None:
    other = mutated(tree, data)
    assume(differ(tree, other))
    found = verdict(STATEMENT, written(tree), written(rewritten(other, data)))
    assert found.outcome != "right", (written(tree), written(other), found)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TREES, st.data())
def test_every_rewriting_step_of_this_test_is_right(tree: Tree, data: st.DataObject) -> None:
    assert not differ(tree, rewritten(tree, data))
