"""Values that are drawn satisfy what is assumed of them, in doubles and at many digits."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from truestep.checkers.comparing import drawing
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.derive_records import derive_record
from truestep.problems.statements.assumptions import Property

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS = (50, 400)
ASSUMED: tuple[tuple[str, Property, tuple[int, ...], Callable[[Any], Any]], ...] = (
    ("sum to one", Property(simplex=0, low=Fraction(0)), (6, 7), lambda v: v.sum(axis=1) - 1),
    ("rows sum to one", Property(simplex=1), (6, 2, 7), lambda v: v.sum(axis=2) - 1),
    ("sum to one from the second", Property(simplex=0, first=2), (6, 7), lambda v: v[:, 1:].sum(axis=1) - 1),
    ("length one", Property(structure="unit"), (6, 5), lambda v: (v * v).sum(axis=1) - 1),
    ("orthonormal columns", Property(structure="orthogonal"), (6, 5, 3), lambda v: _gram(v) - np.eye(3, dtype=int)),
    (
        "orthonormal rows",
        Property(structure="orthogonal"),
        (6, 3, 5),
        lambda v: _gram(v.swapaxes(1, 2)) - np.eye(3, dtype=int),
    ),
    ("skew", Property(structure="skew"), (6, 4, 4), lambda v: v + v.swapaxes(1, 2)),
    ("symmetric", Property(symmetric=True), (6, 4, 4), lambda v: v - v.swapaxes(1, 2)),
    ("few values", Property(values=(Fraction(1, 3), Fraction(-2, 7))), (6, 4), lambda v: (3 * v - 1) * (7 * v + 2)),
    ("an entry of its own", Property(fixed=(((2,), Fraction(1, 3)),)), (6, 4), lambda v: 3 * v[:, 1] - 1),
)


def _gram(values: Any) -> Any:
    return (values[..., :, :, None] * values[..., :, None, :]).sum(axis=1)


def _drawn(known: Property, shape: tuple[int, ...], style: str) -> Any:
    generators = partial(lambda seed, level: np.random.default_rng(seed + level), 7)
    return drawing.reals(generators, known, shape, style, False)


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("style", ["small", "general", "drawn", "apart"])
@pytest.mark.parametrize(("known", "shape", "left"), [row[1:] for row in ASSUMED], ids=[row[0] for row in ASSUMED])
def test_what_is_assumed_holds_at_every_precision(
    known: Property, shape: tuple[int, ...], left: Callable[[Any], Any], style: str, digits: int
) -> None:
    rough = _drawn(known, shape, style)
    precise = drawing.precise(rough, known, Reals(digits))
    assert np.abs(np.asarray(left(rough), dtype=float)).max() < 1e-9
    assert max(abs(value) for value in np.ravel(left(precise))) < Reals(digits).mp.mpf(10) ** (5 - digits)
    assert np.allclose(np.asarray(precise, dtype=float), rough, rtol=1e-12, atol=1e-12)


def test_doubles_alone_would_not_hold() -> None:
    wrapped = Reals(50).wrapped(_drawn(Property(structure="unit"), (6, 5), "drawn"))
    assert max(abs(value - 1) for value in (wrapped * wrapped).sum(axis=1)) > 1e-30


@pytest.mark.parametrize("salt", ["q13", "q34", "q37"])
def test_a_line_that_uses_a_sum_of_one_is_right_under_every_salt(salt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUESTEP_SALT", salt)
    shapes = {"W": "h x n", "x": "n", "y": "k", "V": "k x h", "z": "h", "a": "h", "u": "k", "p": "k", "L": "scalar"}
    network = ["z = W x", r"a = \operatorname{ReLU}(z)", "u = V a", r"p = \operatorname{softmax}(u)"]
    asked = {"find": r"\frac{\partial L}{\partial W}", "assume": [r"\sum_i y_i = 1"]}
    problem = {"symbols": shapes, "given": [*network, r"L = -\sum_i y_i \log p_i"], **asked}
    assert derive_record({"id": 1, "problem": problem})["status"] == "derived"
