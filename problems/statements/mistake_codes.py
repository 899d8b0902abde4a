"""The codes of the typical mistakes, by which a statement says what is wrong with a wrong answer."""

from __future__ import annotations

# signs, numbers and factors
FACTORS = (
    "sign",
    "missing-factor-2",
    "extra-factor-2",
    "missing-mean",
    "extra-mean",
    "missing-size",
    "extra-size",
    "missing-factor",
    "extra-factor",
    "missing-learning-rate",
)
# products of arrays, and how they lie
ARRAYS = (
    "transposed",
    "product-order",
    "hadamard-for-product",
    "product-for-hadamard",
    "outer-for-inner",
    "inner-for-outer",
    "layout",
    "claimed-shape",
)
# indices and sums
INDICES = (
    "wrong-index",
    "escaped-index",
    "missing-delta",
    "delta-indices",
    "missing-sum",
    "sum-over-wrong-index",
    "term-outside-sum",
    "one-case-only",
    "diagonal-for-off-diagonal",
    "softmax-elementwise",
)
# rules of differentiation
RULES = (
    "missing-inner-derivative",
    "product-rule",
    "quotient-sign",
    "quotient-square",
    "quotient-order",
    "derivative-at-wrong-place",
    "log-of-sum-split",
    "exponent-rule",
    "wrong-exponent",
    "reciprocal",
    "constant-kept",
)
# names, terms, and what the question says
MEANINGS = (
    "swapped-labels",
    "assumption-used",
    "given-restated",
    "bracket-lost",
    "forgotten-bias",
    "special-case-as-general",
    "missing-term",
    "extra-term",
    "wrong-function",
    "wrong-variable",
)
MISTAKE_CODES = (*FACTORS, *ARRAYS, *INDICES, *RULES, *MEANINGS)
