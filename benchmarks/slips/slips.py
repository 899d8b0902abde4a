"""SLIPS: one row per mistake, with what puts it into a right line."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.slips.edits import factors, functions, indices, lines, matrices, rules
from benchmarks.slips.places import Change, at_the_root, everywhere


@dataclass(frozen=True)
class Slip:
    """A mistake: its code, what makes it, and the other codes by which it may rightly be called."""

    code: str
    change: Change
    also: tuple[str, ...] = ()


LAYOUTS = ("transposed", "layout", "product-order", "outer-for-inner", "inner-for-outer")
TERMS = ("missing-term", "extra-term")
INDICES = ("wrong-index", "escaped-index", "delta-indices", "sum-over-wrong-index")
FACTORS = ("missing-factor", "missing-inner-derivative", "missing-size", "missing-mean")

SLIPS = (
    Slip("sign", everywhere(factors.sign), ("quotient-sign", "quotient-order", "bracket-lost", "wrong-exponent")),
    Slip("missing-factor-2", everywhere(factors.factor_two), ("missing-factor", "extra-factor-2", "bracket-lost")),
    Slip("extra-factor-2", everywhere(factors.half), ("extra-factor", "wrong-exponent")),
    Slip("extra-factor-2", at_the_root(factors.double), ("extra-factor",)),
    Slip("missing-mean", everywhere(factors.mean), ("extra-size", "bracket-lost")),
    Slip("extra-mean", at_the_root(factors.mean_put_in), ("missing-size",)),
    Slip("missing-size", everywhere(factors.size_dropped), ("extra-mean", "missing-mean", "missing-factor")),
    Slip("extra-size", at_the_root(factors.size_put_in), ("missing-mean", "extra-factor")),
    Slip(
        "missing-factor",
        everywhere(factors.factor_dropped),
        (*FACTORS, "wrong-exponent", "reciprocal", "function-for-derivative"),
    ),
    Slip("extra-factor", everywhere(factors.factor_repeated), ("wrong-exponent",)),
    Slip("missing-learning-rate", everywhere(factors.rate_dropped), ("missing-factor",)),
    Slip("transposed", everywhere(matrices.turned), LAYOUTS),
    Slip("product-order", everywhere(matrices.swapped), LAYOUTS),
    Slip("hadamard-for-product", everywhere(matrices.hadamard), ()),
    Slip("product-for-hadamard", everywhere(matrices.juxtaposed), ()),
    Slip("outer-for-inner", everywhere(matrices.outer), LAYOUTS),
    Slip("inner-for-outer", everywhere(matrices.inner), LAYOUTS),
    Slip("layout", at_the_root(matrices.layout), LAYOUTS),
    Slip("wrong-index", everywhere(indices.index_swapped), INDICES),
    Slip("escaped-index", everywhere(indices.index_escaped), ("wrong-index",)),
    Slip(
        "missing-delta",
        everywhere(indices.delta_dropped),
        ("one-case-only", "missing-factor", "extra-sum", "missing-inner-derivative"),
    ),
    Slip("delta-indices", everywhere(indices.delta_indices), INDICES),
    Slip("missing-sum", everywhere(indices.sum_dropped), ("escaped-index", "wrong-index", "missing-size")),
    Slip("sum-over-wrong-index", everywhere(indices.sum_elsewhere), INDICES),
    Slip(
        "term-outside-sum",
        everywhere(indices.term_outside),
        ("bracket-lost", "missing-size", "missing-sum", "escaped-index"),
    ),
    Slip("missing-inner-derivative", everywhere(rules.inner_dropped), (*FACTORS, "missing-delta", "extra-sum")),
    Slip("product-rule", at_the_root(rules.product_rule), ("missing-term", "missing-factor-2")),
    Slip("quotient-sign", everywhere(rules.quotient_sign), ("sign",)),
    Slip("quotient-order", everywhere(rules.quotient_order), ("sign", "quotient-sign")),
    Slip("quotient-square", everywhere(rules.quotient_square), ("wrong-exponent",)),
    Slip("derivative-at-wrong-place", everywhere(rules.wrong_place), ("wrong-variable", "wrong-function")),
    Slip("swapped-labels", at_the_root(functions.labels_swapped), ("sign", "wrong-variable")),
    Slip("log-of-sum-split", everywhere(functions.log_split), ()),
    Slip("exponent-rule", everywhere(functions.exponent_rule), ("sign",)),
    Slip(
        "wrong-exponent",
        everywhere(functions.exponent),
        ("missing-factor", "extra-factor", "reciprocal", "quotient-square"),
    ),
    Slip("reciprocal", everywhere(functions.upside_down), ("wrong-exponent", "swapped-labels")),
    Slip("one-case-only", everywhere(functions.diagonal_alone), ("missing-delta", "diagonal-for-off-diagonal")),
    Slip("one-case-only", everywhere(functions.off_diagonal_alone), ("missing-term", "missing-delta")),
    Slip("diagonal-for-off-diagonal", at_the_root(functions.diagonal_off), ("one-case-only",)),
    Slip("softmax-elementwise", everywhere(functions.softmax_elementwise), ("missing-delta", "one-case-only")),
    Slip("assumption-used", everywhere(functions.assumed), ("transposed", "missing-factor", "missing-sum", *LAYOUTS)),
    Slip("given-restated", lines.given, ("layout", "transposed")),
    Slip(
        "bracket-lost",
        everywhere(functions.bracket_lost),
        ("sign", "missing-factor", "missing-factor-2", "missing-mean"),
    ),
    Slip("claimed-shape", lines.shape, ("shape",)),
    Slip("forgotten-bias", everywhere(functions.bias), ("missing-term",)),
    Slip("constant-kept", at_the_root(functions.constant_kept), ("extra-term",)),
    Slip("special-case-as-general", everywhere(functions.case_as_general), ("missing-delta", "one-case-only")),
    Slip(
        "missing-term",
        everywhere(functions.term_dropped),
        ("forgotten-bias", "product-rule", "one-case-only", "quotient-apart", "missing-factor-2"),
    ),
    Slip("extra-term", everywhere(functions.term_repeated), ("extra-factor-2", "constant-kept")),
    Slip("wrong-function", everywhere(functions.function), ("missing-factor", "wrong-exponent")),
    Slip(
        "wrong-variable",
        everywhere(functions.variable),
        ("swapped-labels", "derivative-at-wrong-place", "wrong-function"),
    ),
)
