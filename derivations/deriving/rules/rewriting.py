"""Rewriting a polynomial of entries without differentiating: deltas, sums that are one, terms that cancel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.monomials import Polynomial
    from truestep.derivations.deriving.algebra.tidying import Fact, Tidying
    from truestep.derivations.deriving.rules.rule import Example

BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)"
COOKBOOK = "Petersen and Pedersen, The Matrix Cookbook (2012)"
GRAHAM = "Graham, Knuth and Patashnik, Concrete Mathematics (2nd ed., 1994), sections 2.3 and 2.4"
ENTROPY = (
    {"J": "scalar", "s": "K", "y": "K", "z": "K"},
    (r"s_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}", r"J = -\sum_{k=1}^K y_k \log s_k"),
    r"\frac{\partial J}{\partial z}",
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One way to say the same with less; ``apply`` gives the polynomial back where it has nothing to do.

    ``example`` is a problem, ``assume`` its assumptions, ``route`` its route.
    """

    name: str
    source: str
    apply: Callable[[Tidying, Polynomial], tuple[Polynomial, Fact | None]]
    example: Example
    assume: tuple[str, ...] = ()
    route: str = "delta"
    trivial: bool = False


def sifting(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """sum over k of delta_kp a_k = a_p."""
    return tidying.sifted(polynomial), None


def labelled(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """sum over k of y_k a_k = a_c for the one-hot y of the label c."""
    return tidying.labelled(polynomial), None


def multiplied_out(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """s_k (delta_kl - s_l) = s_k delta_kl - s_k s_l."""
    return (polynomial if tidying.split else tidying.multiplied_out(polynomial)), None


def split(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """The term k = l apart from the sum over every other k."""
    return (tidying.multiplied_out(polynomial) if tidying.split else polynomial), None


def joined(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """The sum over all k but l, and the term l, is the whole sum."""
    together = tidying.joined(polynomial)
    return (polynomial if together is polynomial else tidying.expanded(together)), None


def recognised(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """e^u / (1 + e^u) is the sigmoid, e^u_k / (sum of e^u) the softmax."""
    return tidying.recognised(polynomial), None


def normalised(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """sum over k of y_k = 1, with the fact that was used."""
    return tidying.normalised(polynomial)


def centred(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """sum over i of (x_i - mean) = 0."""
    return tidying.centred(polynomial), None


def expanded(tidying: Tidying, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
    """Brackets multiplied out where terms then cancel."""
    return tidying.expanded(polynomial), None


REWRITES = (
    Rewrite(
        "sifting",
        f"{GRAHAM}; {COOKBOOK}, section 9.7.2",
        sifting,
        ({"f": "scalar", "a": "n", "x": "n"}, ("f = a^T x",), r"\frac{\partial f}{\partial x}"),
    ),
    Rewrite(
        "only the term of the label remains",
        f"{BISHOP}, section 4.3.4",
        labelled,
        (
            {**ENTROPY[0], "c": "index K", "j": "index K"},
            ENTROPY[1],
            r"\frac{\partial J}{\partial z_j}",
        ),
        (r"y_k \in \{0, 1\}", r"\sum_k y_k = 1", "y_c = 1"),
        "cases",
    ),
    Rewrite("multiplying out, sifting", GRAHAM, multiplied_out, ENTROPY, (r"\sum_k y_k = 1",)),
    Rewrite("splitting off one term", GRAHAM, split, ENTROPY, (r"\sum_k y_k = 1",), "cases"),
    Rewrite("putting the sum together", GRAHAM, joined, ENTROPY, (r"\sum_k y_k = 1",), "cases"),
    Rewrite(
        "recognising the function",
        f"{BISHOP}, eq. (4.59) and (4.62)",
        recognised,
        (
            {"f": "scalar", "x": "n"},
            (r"f = \log \sum_{j=1}^n e^{x_j}",),
            r"\frac{\partial f}{\partial x}",
        ),
    ),
    Rewrite("normalisation", f"{BISHOP}, eq. (2.26)", normalised, ENTROPY, (r"\sum_k y_k = 1",)),
    Rewrite(
        "deviations from the mean sum to 0",
        "Freedman, Pisani and Purves, Statistics (4th ed., 2007), chapter 4, section 6",
        centred,
        (
            {"x": "n", "g": "n", r"\mu": "scalar", "v": "scalar"},
            (r"\mu = \frac{1}{n} \sum_{i=1}^{n} x_i", r"v = \frac{1}{n} \sum_{i=1}^{n} (x_i - \mu)^2"),
            r"\frac{\partial v}{\partial x}",
        ),
    ),
    Rewrite(
        "cancelling and collecting",
        GRAHAM,
        expanded,
        (
            {"J": "scalar", "p": "n", "y": "n", "z": "n"},
            (r"p = \sigma(z)", r"J = -\sum_{i=1}^{n} (y_i \log p_i + (1 - y_i) \log(1 - p_i))"),
            r"\frac{\partial J}{\partial z}",
        ),
    ),
)
