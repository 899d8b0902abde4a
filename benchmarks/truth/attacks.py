"""Pairs made to be a checker's blind spots: sizes, domains, kinks, large numbers, points that can be guessed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from benchmarks.truth.pairs import PRIMES, Pair, attack, scalar
from benchmarks.truth.trees import Tree, add, made, minus, name, number, of, over, power, times

X, A, B, P = name("x"), name("a"), name("b"), name("p")


def sizes(chance: random.Random) -> Pair:
    """A formula of sizes for another one."""
    n, m, k, size = (name(letter) for letter in chance.sample("nmkl", 4))
    forms: list[Callable[[Tree, Tree], Tree]] = [
        lambda s, t: s, times, add, lambda s, t: add(s, minus(t)), lambda s, t: over(s, t), lambda s, t: power(s, 2),
    ]  # fmt: skip
    one, other = chance.choice(forms), chance.choice(forms)
    return attack("sizes", times(one(n, m), X), times(other(k, size), X), x=1.5)


def turning_sizes(chance: random.Random) -> Pair:
    """A term that is there where sizes stand in one relation alone."""
    n, m, k = chance.sample("nmk", 3)
    at = {n: chance.randint(2, 5), m: chance.randint(2, 5)}
    met = [
        (name(n), name(m), {m: at[n]}), (name(n), add(name(m), number(1)), {n: at[m] + 1}),
        (add(name(n), name(m)), number(at[n] + at[m]), {}), (times(name(n), name(m)), number(at[n] * at[m]), {}),
        (power(name(n), 2), number(at[n] ** 2), {}), (name(n), times(number(2), name(m)), {n: 2 * at[m]}),
    ]  # fmt: skip
    left, right, more = chance.choice(met)
    alone = [made("where", left, right, data="=")]
    if chance.random() < 0.3:
        alone.append(made("where", name(k), name(n), data="="))
    at = {**at, **more}
    return attack("turning sizes", A, add(A, times(*alone, X)), **{**at, k: at[n]}, x=1.2)


def roots_of_sizes(chance: random.Random) -> Pair:
    """A polynomial that is zero at small sizes."""
    n = name("n")
    zeros = chance.sample(range(2, 9), chance.randint(2, 5))
    return attack("zero at small sizes", X, add(X, times(*(add(n, number(-z)) for z in zeros))), n=11, x=1.0)


def primes(chance: random.Random) -> Pair:
    """A multiple of a prime that is taken apart, so that no large number is written."""
    prime = chance.choice(PRIMES)
    step = chance.randint(90, 320)
    rest = prime - step * step
    if rest < 0:
        step, rest = 90, prime - 8100
    whole, part = divmod(rest, 9999)
    terms = (
        [power(times(number(step), X), 2)]
        + [times(number(9999), power(X, 2))] * whole
        + [times(number(part), power(X, 2))]
    )
    return attack("a multiple of a prime", A, add(A, *terms), x=0.7)


def windows(chance: random.Random) -> Pair:
    """A bump where nobody looks."""
    k = chance.randint(2, 10)
    far = chance.randint(20, 500)
    where, at = chance.choice([(of("exp", number(k)), math.exp(k)), (number(far), far), (power(number(k), 3), k**3)])
    bump = of("relu", add(number(1), minus(times(number(10), of("abs", add(X, minus(where)))))))
    return attack("a bump", A, add(A, bump), x=float(at))


def beyond(chance: random.Random) -> Pair:
    """A difference beyond a threshold."""
    far = chance.randint(3, 12)
    return attack(
        "beyond a threshold", A, add(A, of("relu", add(X, minus(of("exp", number(far)))))), x=2 * math.exp(far)
    )


def waves(chance: random.Random) -> Pair:
    """A wave that is zero at all guessed points."""
    wave = of("sin", times(number(chance.choice((1, 2, 8, 64))), name(r"\pi"), X))
    return attack("a wave", power(X, 2), add(power(X, 2), wave), x=0.3183, **{r"\pi": math.pi})


def many_signs(chance: random.Random) -> Pair:
    """A difference in one of many combinations of signs."""
    letters = chance.sample("abxy", chance.randint(2, 4))
    chosen = [made("where", name(k), number(0), data=chance.choice("<>")) for k in letters]
    at = {k: 1.0 if mask.data == ">" else -1.0 for k, mask in zip(letters, chosen, strict=True)}
    return attack("many signs", P, add(P, times(*chosen)), **at)


def domains(chance: random.Random) -> Pair:
    """A logarithm or a root of what has the other sign."""
    one = chance.choice([A, add(A, minus(B)), times(A, B)])
    function = chance.choice(("log", "sqrt"))
    factor = number(chance.randint(1, 3)) if function == "sqrt" else number(1)
    return Pair("attack", of(function, one), times(factor, of(function, minus(one))), False, "domains", {"seen": True})


def wide(chance: random.Random) -> Pair:
    """The same with a narrower domain."""
    return attack("narrower", of("log", times(X, X, P)), add(times(number(2), of("log", X)), of("log", P)), equal=True)


def steep(chance: random.Random) -> Pair:
    """A step that is not one."""
    factor = power(number(10), chance.randint(3, 9))
    sign = add(made("where", X, number(0), data=">"), minus(made("where", X, number(0), data="<")))
    return attack("steep", sign, of("tanh", times(factor, X)), x=1 / float(10**factor.data))


def rational_angles(chance: random.Random) -> Pair:
    """Sine and cosine as rational functions."""
    t = scalar(chance, 0)
    below = add(number(1), power(t, 2))
    return chance.choice(
        [
            attack("angles", of("sin", t), over(times(number(2), t), below), x=0.9, a=0.9, b=0.9, y=0.9),
            attack("angles", of("cos", t), over(add(number(1), minus(power(t, 2))), below), x=0.9, a=0.9, b=0.9, y=0.9),
        ]
    )


def high(chance: random.Random) -> Pair:
    """A power that is 1 in a field."""
    exponent = (chance.choice(PRIMES) - 1) // 2
    a, b = divmod(exponent, 9998)
    tower = [power(power(X, 9998), a), power(X, b)] if a > 1 else [power(X, b)]
    return attack("high powers", A, add(A, times(*tower), number(-1)), x=0.5)


ATTACKS: tuple[Callable[[random.Random], Pair], ...] = (
    sizes, sizes, sizes, turning_sizes, roots_of_sizes, primes, windows, beyond, waves,
    many_signs, domains, wide, steep, rational_angles, high,
)  # fmt: skip
