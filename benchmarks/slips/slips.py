"""SLIPS: one row per mistake, with what puts it into a right line."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.slips import planting
from benchmarks.slips.places import Change
from benchmarks.slips.planting import by_rows


@dataclass(frozen=True)
class Slip:
    """A mistake: its code, the other codes by which it may rightly be called, and what makes it; else its rows do."""

    code: str
    also: tuple[str, ...] = ()
    made: Change | None = None

    @property
    def change(self) -> Change:
        """What puts it into a line."""
        return self.made or by_rows(self.code)


LAYOUTS = ("transposed", "layout", "product-order", "outer-for-inner", "inner-for-outer", "order-and-transpose")
INDICES = ("wrong-index", "escaped-index", "delta-indices", "sum-over-wrong-index", "index-slip")
FACTORS = ("missing-factor", "missing-inner-derivative", "missing-size", "missing-mean")
SUMS = ("bracket-lost", "missing-size", "missing-sum", "escaped-index", "missing-mean", "extra-size")
RULES = ("exponent-rule", "term-outside-sum", "term-inside-sum")
BRACKETS = (
    "sign",
    "missing-factor",
    "missing-factor-2",
    "missing-mean",
    "escaped-index",
    "bracket-lost",
    "wrong-exponent",
)

SLIPS = (
    Slip("sign", ("quotient-sign", "quotient-order", "bracket-lost", "wrong-exponent", "exponent-rule")),
    Slip("missing-factor-2", ("missing-factor", "extra-factor-2", "bracket-lost")),
    Slip("extra-factor-2", ("extra-factor", "wrong-exponent")),
    Slip("missing-mean", ("extra-size", "bracket-lost")),
    Slip("extra-mean", ("missing-size",)),
    Slip("missing-size", ("extra-mean", "missing-mean", "missing-factor")),
    Slip("extra-size", ("missing-mean", "extra-factor")),
    Slip("missing-factor", (*FACTORS, "wrong-exponent", "reciprocal", "function-for-derivative")),
    Slip("extra-factor", ("wrong-exponent", "extra-factor-2")),
    Slip("missing-learning-rate", ("missing-factor",)),
    Slip("transposed", LAYOUTS),
    Slip("product-order", LAYOUTS),
    Slip("hadamard-for-product"),
    Slip("product-for-hadamard"),
    Slip("outer-for-inner", LAYOUTS),
    Slip("inner-for-outer", LAYOUTS),
    Slip("layout", LAYOUTS),
    Slip("wrong-index", INDICES),
    Slip("escaped-index", ("wrong-index", "missing-sum", *SUMS)),
    Slip("escaped-index", ("wrong-index",), planting.unbound_index),
    Slip("missing-delta", ("one-case-only", "missing-factor", "extra-sum", "missing-inner-derivative")),
    Slip("delta-indices", INDICES),
    Slip("missing-sum", ("escaped-index", "wrong-index", "missing-size")),
    Slip("sum-over-wrong-index", INDICES),
    Slip("term-outside-sum", SUMS),
    Slip("term-inside-sum", SUMS),
    Slip("product-of-sums", SUMS),
    Slip("missing-inner-derivative", (*FACTORS, "missing-delta", "extra-sum", "one-case-only")),
    Slip("product-rule", ("missing-term", "missing-factor-2")),
    Slip("quotient-sign", ("sign",)),
    Slip("quotient-order", ("sign", "quotient-sign")),
    Slip("quotient-square", ("wrong-exponent",)),
    Slip("derivative-at-wrong-place", ("wrong-variable", "wrong-function")),
    Slip("sum-for-product", ("missing-inner-derivative",)),
    Slip("swapped-labels", ("sign", "wrong-variable"), planting.labels_swapped),
    Slip("log-of-sum-split"),
    Slip("exponent-rule", ("sign",)),
    Slip("wrong-exponent", ("missing-factor", "extra-factor", "reciprocal", "quotient-square")),
    Slip("reciprocal", ("wrong-exponent", "swapped-labels")),
    Slip("one-case-only", ("missing-delta", "diagonal-for-off-diagonal", "missing-term")),
    Slip("softmax-elementwise", ("missing-delta", "one-case-only")),
    Slip("assumption-used", ("missing-factor", "missing-sum", *LAYOUTS)),
    Slip("given-restated", ("layout", "transposed"), planting.restated),
    Slip("bracket-lost", BRACKETS),
    Slip("bracket-too-wide", BRACKETS),
    Slip("claimed-shape", ("shape",), planting.other_shape),
    Slip("forgotten-bias", ("missing-term",)),
    Slip("constant-kept", ("extra-term",), planting.constant_kept),
    Slip("special-case-as-general", ("missing-delta", "one-case-only", "extra-sum")),
    Slip("missing-term", ("forgotten-bias", "product-rule", "one-case-only", "quotient-apart", "missing-factor-2")),
    Slip("extra-term", ("extra-factor-2", "missing-factor-2", "constant-kept")),
    Slip("wrong-function", ("missing-factor", "wrong-exponent")),
    Slip("wrong-variable", ("swapped-labels", "derivative-at-wrong-place", "wrong-function"), planting.other_name),
)
