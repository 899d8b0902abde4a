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

from truestep.checkers.comparing.arithmetic import ANGLES, Tower
from truestep.checkers.comparing.towers import CIRCLE_HEADS, HEADS, chain, chains_for, circle_order

DATA = table("exact_models")
CHAINS = tuple(chain(head, levels) for levels, heads in HEADS.items() for head in heads)
CIRCLES = tuple(chain(head, 2) for head in CIRCLE_HEADS)


def faults_of_chain(chain: tuple[int, ...], squares: tuple[int, ...] = (2, 3, 5)) -> list[str]:
    """What a chain lacks."""
    faults = [f"{p} is not prime" for p in chain if not sympy.isprime(p)]
    faults += [f"{p} is not 2 * {q} + 1" for p, q in pairwise(chain) if p != 2 * q + 1]
    residue = {(p, a): pow(a % p, (p - 1) // 2, p) == 1 for p in chain for a in (-1, *squares)}
    return faults + [f"{a} mod {p}" for (p, a), is_residue in residue.items() if is_residue != (a > 0)]


@pytest.mark.parametrize("chain", CHAINS)
def test_chains_are_chains(chain: tuple[int, ...]) -> None:
    assert not faults_of_chain(chain)


@pytest.mark.parametrize("chain", [(23, 11, 5), (2047, 1023), (2029439, 507359), (13,)])
def test_a_planted_chain_is_caught(chain: tuple[int, ...]) -> None:
    assert faults_of_chain(chain)


@pytest.mark.parametrize("chain", CIRCLES)
def test_chains_with_circles(chain: tuple[int, ...]) -> None:
    assert not faults_of_chain(chain, (2, 3))
    for prime in chain:
        assert (prime + 1) % circle_order(prime) == 0
        assert circle_order(prime) > 4000


@pytest.mark.parametrize("salt", range(6))
@pytest.mark.parametrize(("levels", "circle"), [(2, False), (3, False), (4, False), (5, False), (2, True)])
def test_no_prime_is_used_twice_at_one_level_of_one_question(levels: int, circle: bool, salt: int) -> None:
    chains = chains_for(levels, circle, salt)
    assert len(chains) == 3
    assert all(len(set(level)) == len(level) for level in zip(*chains, strict=True))


def test_another_salt_draws_other_chains() -> None:
    assert len({chains_for(2, False, salt) for salt in range(50)}) > 40


def laws(tower: Tower, level: int, a: Any, b: Any) -> dict[str, bool]:
    """The laws of the field at a level: a and b live there, exp of the level below comes up to it."""
    p = tower.primes(level)
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
        "powers with exponents of their own": (
            tower.power(a, np.arange(len(a)), level)[0] * a % p == tower.power(a, np.arange(len(a)) + 1, level)[0]
        ).all(),
    }
    if level + 1 < tower.levels:
        q = tower.primes(level + 1)
        c, d = a % q, b % q
        product = tower.exp(c, level) * tower.exp(d, level) % p
        found["exp(c + d) = exp c exp d"] = (tower.exp((c + d) % q, level) == product).all()
        found["exp is positive"] = (tower.sign(tower.exp(c, level), level) == 1).all()
        found["log exp c = c"] = (tower.log(tower.exp(c, level), level + 1)[0] == c).all()
        logs = tower.log(a, level + 1)[0] + tower.log(b, level + 1)[0]
        found["log ab = log a + log b"] = (tower.log(a * b % p, level + 1)[0] == logs % q).all()
    return {name: bool(held) for name, held in found.items()}


def angle_laws(tower: Tower, level: int, a: Any, b: Any) -> dict[str, bool]:
    """The laws of sine and cosine, and one that is none."""
    p, r = tower.primes(level), tower.primes(level + ANGLES)
    a, b = a % r, b % r
    (sin_a, sin_b, sin_sum), (cos_a, cos_b, cos_sum) = (
        [tower.function(op, None, angle, level)[0] for angle in (a, b, (a + b) % r)] for op in ("sin", "cos")
    )
    return {
        "the circle": bool(((sin_a**2 + cos_a**2) % p == 1).all()),
        "sin(a + b)": bool(((sin_a * cos_b + cos_a * sin_b - sin_sum) % p == 0).all()),
        "cos(a + b)": bool(((cos_a * cos_b - sin_a * sin_b - cos_sum) % p == 0).all()),
        "the half angle is no angle": not ((sin_a - a * (1 + cos_a)) % p == 0).all(),
    }


def drawn(tower: Tower, level: int) -> Any:
    """Two residues that are not 0 at each of many points."""
    return np.random.default_rng(7).integers(1, tower.primes(level), (2, tower.points))


@pytest.mark.parametrize("salt", range(2))
@pytest.mark.parametrize(("levels", "circle"), [(2, False), (3, False), (4, False), (5, False), (2, True)])
def test_laws_hold_at_every_level(levels: int, circle: bool, salt: int) -> None:
    tower = Tower(chains_for(levels, circle, salt), 500)
    for level in range(levels):
        held = laws(tower, level, *drawn(tower, level))
        if circle:
            held |= angle_laws(tower, level, *drawn(tower, level))
        assert all(held.values()), held


def test_inverses_and_determinants_of_stacks() -> None:
    tower = Tower(chains_for(2, False, 1), 30)
    p = tower.primes(0, 4)
    a, b = np.random.default_rng(7).integers(0, p, (2, 30, 2, 4, 4))
    a[0, 0, 0, 0] = 0
    a[1, 1] = 1
    (left, det_a), (_, det_b) = tower.inverse(a, 0), tower.inverse(b, 0)
    product = (a[..., :, :, None] * b[..., None, :, :] % p[..., None]).sum(axis=-2) % p
    assert (tower.inverse(product, 0)[1] == det_a * det_b % p[..., 0, 0]).all()
    back = (a[..., :, :, None] * left[..., None, :, :] % p[..., None]).sum(axis=-2) % p
    regular = det_a != 0
    assert (back[regular] == np.eye(4)).all()
    assert not regular[1, 1]
    assert not left[1, 1].any()


class Crooked(Tower):
    """An exponential onto the wrong coset, a sign that forgets to be odd, and angles that are half of what they are."""

    def exp(self, values: Any, level: int) -> Any:
        return self._powers(2 * values + 1, level)

    def sign(self, values: Any, level: int) -> Any:
        return abs(super().sign(values, level))

    def function(self, op: str, data: Any, values: Any, level: int) -> Any:
        return super().function(op, data, values // 2, level)


def test_planted_errors_in_the_arithmetic_are_caught() -> None:
    tower = Crooked(chains_for(2, True, 1), 500)
    held = laws(tower, 0, *drawn(tower, 0))
    assert not held["exp(c + d) = exp c exp d"]
    assert not held["sqrt of a square is the absolute value"]
    assert not angle_laws(tower, 0, *drawn(tower, 0))["sin(a + b)"]


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
@settings(max_examples=80)
@given(TREES, st.data())
def test_equivalent_rewrites_are_right(tree: Tree, data: st.DataObject) -> None:
    other = rewritten(tree, data)
    assume(not differ(tree, other))  # the rewriting itself is right
    found = verdict(STATEMENT, written(tree), written(other))
    assert found.outcome == "right", (written(tree), written(other), found)


@pytest.mark.slow
@settings(max_examples=80)
@given(TREES, st.data())
def test_slips_are_never_right(tree: Tree, data: st.DataObject) -> None:
    other = mutated(tree, data)
    assume(differ(tree, other))
    found = verdict(STATEMENT, written(tree), written(rewritten(other, data)))
    assert found.outcome != "right", (written(tree), written(other), found)


@settings(max_examples=40)
@given(TREES, st.data())
def test_every_rewriting_step_of_this_test_is_right(tree: Tree, data: st.DataObject) -> None:
    assert not differ(tree, rewritten(tree, data))


@pytest.mark.parametrize("salt", ["0", "105", "140", "180", "215", "220", "260", "295"])
def test_numbers_under_a_kink_have_the_sign_of_the_reals(salt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUESTEP_SALT", salt)
    statement = {"find": "z", "given": ["x = 1.0", "h = \\operatorname{ReLU}(0.3 x + 0.1)"]}
    statement["given"] += ["y = -0.2 h - 0.3 + x", "z = \\operatorname{ReLU}(y)"]
    statement |= {"symbols": dict.fromkeys("xhyz", "scalar")}
    assert verdict(statement, "z", "0").outcome == "wrong"
    assert verdict(statement, "z", "0.62").outcome == "right"
