"""How a quantity varies: the table of laws, and what a statement tells of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Dims, Size


class Part(NamedTuple):
    """One thing told of a law, for the members that the first indices of the quantity count: ``N`` or ``\\mu_i``."""

    letters: tuple[str, ...]
    dims: Dims  # of a member
    told: Expression


@dataclass(frozen=True)
class Law:
    """The law of a quantity of some shape: its parameters, or its mean and its covariance, None where they are open.

    Members of a family tell nothing of each other where they are ``independent``.  The kind is a row of ``CUMULANTS``,
    ``normal``, ``categorical``, or ``moments`` where nothing more is known.
    """

    name: str
    sizes: tuple[Size, ...]
    kind: str = "moments"
    first: Part | None = None
    second: Part | None = None
    independent: bool = True


# The cumulants of numbers in the parameters t and v (Johnson, Kemp, Kotz: Univariate Discrete Distributions, 2005;
# Johnson, Kotz, Balakrishnan: Continuous Univariate Distributions, 1994)
CUMULANTS: Mapping[str, tuple[str, ...]] = {
    "bernoulli": ("t", "t (1 - t)", "t (1 - t) (1 - 2 t)", "t (1 - t) (1 - 6 t (1 - t))"),
    "binomial": ("t v", "t v (1 - v)", "t v (1 - v) (1 - 2 v)", "t v (1 - v) (1 - 6 v (1 - v))"),
    "poisson": ("t", "t", "t", "t"),
    "exponential": (r"\frac{1}{t}", r"\frac{1}{t^2}", r"\frac{2}{t^3}", r"\frac{6}{t^4}"),
    "uniform": (r"\frac{t + v}{2}", r"\frac{(v - t)^2}{12}", "0", r"-\frac{(v - t)^4}{120}"),
    "range": (r"\frac{t + v}{2}", r"\frac{(v - t + 1)^2 - 1}{12}", "0", r"\frac{1 - (v - t + 1)^4}{120}"),
    "laplace": ("t", "2 v^2", "0", "12 v^4"),
    "beta": (r"\frac{t}{t + v}", r"\frac{t v}{(t + v)^2 (t + v + 1)}"),
    "rademacher": ("0", "1", "0", "-2"),
}
SPELLINGS: Mapping[str, str] = {
    **{name: name for name in CUMULANTS},
    **dict.fromkeys(("n", "normal", "gaussian"), "normal"),
    **dict.fromkeys(("ber", "bern"), "bernoulli"),
    **dict.fromkeys(("bin", "binom"), "binomial"),
    **dict.fromkeys(("poi", "pois"), "poisson"),
    **dict.fromkeys(("exp", "expo"), "exponential"),
    **dict.fromkeys(("u", "unif"), "uniform"),
    "lap": "laplace",
    **dict.fromkeys(("cat", "categorical"), "categorical"),
}
