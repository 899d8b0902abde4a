"""Attacks by laws: sizes, primes, inverses, norms, powers, domains, thresholds, conditions, networks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from benchmarks.truth.pairs import Pair, attack
from benchmarks.truth.trees import Tree, add, made, minus, name, number, of, over, power, times

X, A, B, P = name("x"), name("a"), name("b"), name("p")
PRODUCTS = (96959, 137279, 219839, 90239, 126839, 53639, 254279)
U, V, W, M_A, M_C = (name(letter) for letter in ("u", "v", "w", "A", "C"))


def many_primes(chance: random.Random) -> Pair:
    """A multiple of several primes at once, written as sums of small numbers."""

    def small(prime: int) -> Tree:
        whole, part = divmod(prime, 97)
        return add(times(number(97), number(whole)), number(part))

    chosen = chance.sample(PRODUCTS, chance.randint(2, 6))
    return attack("a multiple of primes", A, add(A, times(*map(small, chosen), X)), x=0.3)


def expression_of_sizes(chance: random.Random, depth: int = 2) -> Tree:
    """A random expression of four sizes."""
    if depth == 0:
        return name(chance.choice("nmkl")) if chance.random() < 0.8 else number(chance.randint(1, 3))
    one, other = expression_of_sizes(chance, depth - 1), expression_of_sizes(chance, depth - 1)
    ways: list[Callable[[], Tree]] = [
        lambda: times(one, other), lambda: add(one, other), lambda: add(one, minus(other)), lambda: over(one, other),
        lambda: of("sqrt", one), lambda: of("log", one), lambda: of("exp", minus(one)), lambda: power(one, 2),
    ]  # fmt: skip
    return chance.choice(ways)()


def sizes_within(chance: random.Random) -> Pair:
    """One expression of sizes for another one, as a factor, a term, or within a function."""
    one, other = expression_of_sizes(chance), expression_of_sizes(chance)
    n, m, k, size = chance.sample(range(11, 60), 4)
    ways: list[Callable[[Tree], Tree]] = [
        lambda t: times(t, X), lambda t: add(X, t), lambda t: of("sigmoid", over(t, number(50))), lambda t: over(X, t),
    ]  # fmt: skip
    way = chance.choice(ways)
    return attack("sizes within", way(one), way(other), n=n, m=m, k=k, l=size, x=1.3)


def counted(chance: random.Random) -> Pair:
    """Sums over ones and constants, which are sizes, and another size for them."""
    n, m = name("n"), name("m")
    entry = made("entry", data=("u", "i"))
    left = made("total", add(entry, X), data=("n", "i"))
    equal = chance.random() < 0.5
    rest = times(n if equal else chance.choice([m, add(n, number(1)), number(4)]), X)
    return attack("counted", left, add(made("total", entry, data=("n", "i")), rest), equal, n=3, m=6, x=1.2)


def inverses(chance: random.Random) -> Pair:
    """Left and right inverses: A has more rows than columns, and full rank."""
    gram = made("inverse", times(made("transpose", M_A), M_A))
    hat = times(M_A, gram, made("transpose", M_A))
    vector = times(M_A, U)
    laws = [
        (times(gram, made("transpose", M_A), vector), U, True),
        (times(hat, vector), vector, True),
        (made("trace", hat), name("n"), True),
        (times(hat, hat, W), times(hat, W), True),
        (times(hat, W), W, False),
        (made("trace", hat), name("m"), False),
        (times(made("transpose", W), hat, W), times(made("transpose", W), W), False),
        (made("norm", times(hat, W)), made("norm", W), False),
    ]
    left, right, equal = chance.choice(laws)
    return Pair("attack", left, right, equal, "inverses", {"n": 3, "m": 5})


def norms(chance: random.Random) -> Pair:
    """The spectral norm of a matrix is none of Frobenius."""
    square = times(made("transpose", M_C), M_C)
    spectral, entrywise = made("spectral", M_C), made("frobenius", M_C)
    laws = [
        (power(entrywise, 2), made("trace", square), True),
        (made("frobenius", times(U, made("transpose", V))), times(made("norm", U), made("norm", V)), True),
        (power(spectral, 2), made("trace", square), False),
        (spectral, entrywise, False),
        (made("spectral", times(X, M_C)), times(X, spectral), False),
    ]
    left, right, equal = chance.choice(laws)
    return attack("norms", left, right, equal, x=-1.3)


def symbolic_powers(chance: random.Random) -> Pair:
    """x and -x under powers that are even, odd, or either."""
    n, k = name("n"), name("k")
    even, either = times(number(2), n), chance.choice([n, add(n, k), times(n, k)])
    raised = lambda base, exponent: made("raise", base, exponent)  # noqa: E731
    laws = [
        (raised(minus(X), even), raised(X, even), True),
        (raised(X, add(n, k)), times(raised(X, n), raised(X, k)), True),
        (raised(times(P, X), n), times(raised(P, n), raised(X, n)), True),
        (raised(minus(X), either), raised(X, either), False),
        (raised(of("abs", X), n), raised(X, n), False),
        (raised(X, even), raised(X, n), False),
        (raised(X, times(n, k)), raised(X, add(n, k)), False),
    ]
    left, right, equal = chance.choice(laws)
    return attack("symbolic powers", left, right, equal, n=3, k=5, x=-1.4)


def logs_and_roots(chance: random.Random) -> Pair:
    """Laws of logarithms and roots, with the domains that they have."""
    b = chance.choice([B, add(B, X), times(B, P)])
    laws = [
        (of("log", power(A, 2)), times(number(2), of("log", of("abs", A))), True),
        (of("log", over(P, name("q"))), add(of("log", P), minus(of("log", name("q")))), True),
        (of("log", times(A, b)), add(of("log", A), of("log", b)), True),
        (of("sqrt", times(A, b)), times(of("sqrt", A), of("sqrt", b)), True),
        (of("sqrt", power(A, 2)), of("abs", A), True),
        (power(of("sqrt", A), 2), A, True),
        (of("exp", times(number(2), of("log", A))), power(A, 2), True),
        (of("sqrt", power(A, 2)), A, False),
        (of("log", add(P, name("q"))), add(of("log", P), of("log", name("q"))), False),
        (of("sqrt", add(power(A, 2), power(B, 2))), add(of("abs", A), of("abs", B)), False),
        (of("log", add(number(1), of("exp", A))), of("relu", A), False),
    ]
    left, right, equal = chance.choice(laws)
    return (
        attack("logs and roots", left, right, equal, a=-1.3, b=0.7) if not equal else attack("laws", left, right, True)
    )


def far(chance: random.Random) -> Pair:
    """A threshold that no single number of the formula is: a product, a power, a function's value."""
    s, t = chance.randint(3, 40), chance.randint(3, 40)
    thresholds = [
        (times(number(s), number(t)), s * t), (power(number(s), 3), s**3),
        (add(number(100 * s), number(t)), 100 * s + t),
        (of("sqrt", number(s * t * 1000)), math.sqrt(s * t * 1000)), (over(number(1), number(10 * s)), 0.1 / s),
        (of("exp", number(min(s, 12))), math.exp(min(s, 12))), (minus(times(number(s), number(t))), -s * t),
    ]  # fmt: skip
    threshold, at = chance.choice(thresholds)
    side = chance.choice((1, -1))
    bent = of("relu", add(X, minus(threshold))) if side > 0 else of("relu", add(threshold, minus(X)))
    if chance.random() < 0.3:  # a bump between the threshold and a little more
        bent = times(bent, of("relu", add(times(number(11), threshold), minus(times(number(10), X)))))
        return attack("between", A, add(A, bent), x=at * 1.05)
    return attack("far", A, add(A, bent), x=at + side * (abs(at) + 1))


def nowhere(chance: random.Random) -> Pair:
    """Conditions that exclude one another, and such that do not."""
    c = chance.randint(0, 5)
    above, below = made("where", X, number(c), data=">"), made("where", X, number(c), data="<")
    laws = [
        (times(above, below), number(0), True),
        (times(of("relu", X), of("relu", minus(X))), number(0), True),
        (made("where", X, number(c), data=">="), above, True),
        (times(above, above), above, True),
        (times(above, made("where", X, number(c + 1), data="<")), number(0), False),
        (times(above, made("where", A, number(c), data="<")), number(0), False),
        (add(above, made("where", A, number(c), data="<")), number(1), False),
    ]
    left, right, equal = chance.choice(laws)
    return attack("conditions", times(left, B), times(right, B), equal, x=c + 0.5, a=c - 0.5, b=1.1)


def networks(chance: random.Random) -> Pair:
    """Nets of rectifiers and losses that rank, in two forms."""
    layer = of("relu", times(made("transpose", made("transpose", M_A)), U))
    error = add(layer, minus(W))
    dot = lambda left, right: times(made("transpose", left), right)  # noqa: E731
    half = over(number(1), number(2))
    deep = lambda t: of("relu", times(P, of("relu", add(t, A))))  # noqa: E731
    laws = [
        (times(half, power(made("norm", error), 2)),
         add(times(half, dot(layer, layer)), minus(dot(W, layer)), times(half, dot(W, W))), True),
        (deep(X), times(P, of("relu", add(X, A))), True),
        (of("log", add(number(1), of("exp", add(A, minus(B))))), of("softplus", add(A, minus(B))), True),
        (minus(of("log", of("sigmoid", add(A, minus(B))))), of("softplus", add(B, minus(A))), True),
        (of("relu", of("relu", X)), of("relu", X), True),
        (power(made("norm", error), 2), add(dot(layer, layer), dot(W, W)), False),
        (deep(X), times(P, of("relu", add(X, minus(A)))), False),
        (of("relu", times(A, X)), times(A, of("relu", X)), False),
        (of("relu", add(A, X)), add(of("relu", A), of("relu", X)), False),
    ]  # fmt: skip
    left, right, equal = chance.choice(laws)
    return attack("networks", left, right, equal, a=-0.9, x=1.7)


LAWS: tuple[Callable[[random.Random], Pair], ...] = (
    many_primes, sizes_within, sizes_within, counted, inverses, norms, symbolic_powers, logs_and_roots, far,
    nowhere, networks,
)  # fmt: skip
