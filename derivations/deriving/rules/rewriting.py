"""Rewriting a polynomial of entries without differentiating: deltas, sums that are one, terms that cancel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.tidying import Tidying
from truestep.derivations.deriving.rule_names import CANCELLING, SIFTING
from truestep.derivations.deriving.rules.rule import Example

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.monomials import Polynomial
    from truestep.derivations.deriving.algebra.tidying import Fact

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
COOKBOOK = "Petersen and Pedersen, The Matrix Cookbook (2012)"
GRAHAM = "Graham, Knuth and Patashnik, Concrete Mathematics (2nd ed., 1994), sections 2.3 and 2.4"
ENTROPY = Example(
    {"J": "scalar", "s": "K", "y": "K", "z": "K"},
    (r"s_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}", r"J = -\sum_{k=1}^K y_k \log s_k"),
    "z",
    "J",
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One way to say the same with less; ``apply`` gives the polynomial back where it has nothing to do.

    ``example`` is a problem, ``assume`` its assumptions, ``route`` its route; ``rests_on`` gives the fact used.
    """

    name: str
    source: str
    apply: Callable[[Tidying, Polynomial], Polynomial]
    example: Example
    assume: tuple[str, ...] = ()
    route: str = "delta"
    trivial: bool = False
    rests_on: Callable[[Tidying, Polynomial], Fact | None] | None = None


def multiplied_out(tidying: Tidying, polynomial: Polynomial) -> Polynomial:
    """s_k (delta_kl - s_l) = s_k delta_kl - s_k s_l."""
    return polynomial if tidying.split else tidying.multiplied_out(polynomial)


def split(tidying: Tidying, polynomial: Polynomial) -> Polynomial:
    """The term k = l apart from the sum over every other k."""
    return tidying.multiplied_out(polynomial) if tidying.split else polynomial


def joined(tidying: Tidying, polynomial: Polynomial) -> Polynomial:
    """The sum over all k but l, and the term l, is the whole sum."""
    together = tidying.joined(polynomial)
    return polynomial if together is polynomial else tidying.expanded(together)


REWRITES = (
    Rewrite(
        SIFTING,
        f"{GRAHAM}; {COOKBOOK}, section 9.7.2",
        Tidying.sifted,
        Example({"f": "scalar", "a": "n", "x": "n"}, ("f = a^T x",), "x"),
    ),
    Rewrite(
        "only the term of the label remains",
        f"{BISHOP}, section 4.3.4",
        Tidying.labelled,
        Example({**ENTROPY.symbols, "c": "index K", "j": "index K"}, ENTROPY.given, "z_j", "J"),
        (r"y_k \in \{0, 1\}", r"\sum_k y_k = 1", "y_c = 1"),
        "cases",
    ),
    Rewrite("multiplying out, sifting", GRAHAM, multiplied_out, ENTROPY, (r"\sum_k y_k = 1",)),
    Rewrite("splitting off one term", GRAHAM, split, ENTROPY, (r"\sum_k y_k = 1",), "cases"),
    Rewrite("putting the sum together", GRAHAM, joined, ENTROPY, (r"\sum_k y_k = 1",), "cases"),
    Rewrite(
        "recognising the function",
        f"{BISHOP}, eq. (4.59) and (4.62)",
        Tidying.recognised,
        Example({"f": "scalar", "x": "n"}, (r"f = \log \sum_{j=1}^n e^{x_j}",), "x"),
    ),
    Rewrite(
        "normalisation",
        f"{BISHOP}, eq. (2.26)",
        Tidying.normalised,
        ENTROPY,
        (r"\sum_k y_k = 1",),
        rests_on=Tidying.fact,
    ),
    Rewrite(
        "the square of a sign is 1",
        "Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 10.6",
        Tidying.without_signs,
        Example({"f": "scalar", "t": "n", "x": "n"}, (r"f = \sum_{i=1}^{n} (t_i x_i)^2",), "x"),
        (r"t_i \in \{-1, 1\}",),
    ),
    Rewrite(
        "deviations from the mean sum to 0",
        "Freedman, Pisani and Purves, Statistics (4th ed., 2007), chapter 4, section 6",
        Tidying.centred,
        Example(
            {"x": "n", "g": "n", r"\mu": "scalar", "v": "scalar"},
            (r"\mu = \frac{1}{n} \sum_{i=1}^{n} x_i", r"v = \frac{1}{n} \sum_{i=1}^{n} (x_i - \mu)^2"),
            "x",
            "v",
        ),
    ),
    Rewrite(
        CANCELLING,
        GRAHAM,
        Tidying.expanded,
        Example(
            {"J": "scalar", "p": "n", "y": "n", "z": "n"},
            (r"p = \sigma(z)", r"J = -\sum_{i=1}^{n} (y_i \log p_i + (1 - y_i) \log(1 - p_i))"),
            "z",
            "J",
        ),
    ),
)
