"""Attention: the scores, the softmax of a row, and the gradients by query, keys and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = "Vaswani et al., Attention Is All You Need (2017), section 3.2.1"
SHAPES = {
    "q": "d",
    "K": "n x d",
    "V": "n x p",
    "s": "n",
    "a": "n",
    "o": "p",
    "J": "scalar",
}
GIVEN = [r"s = \frac{1}{\sqrt{d}} K q", r"a = \operatorname{softmax}(s)", "o = V^T a", "J = J(o)"]


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _attention(
        "attention-scores-query",
        title="Attention: the gradient by the query, from the scores",
        text="Derive the gradient of J by q from the gradient of J by s.",
        given=[GIVEN[0], "J = J(s)"],
        symbols={name: SHAPES[name] for name in ("q", "K", "s", "J")},
        find=r"\frac{\partial J}{\partial q}",
        answer=r"\frac{1}{\sqrt{d}} K^T \frac{\partial J}{\partial s}",
        also=r"\left( \frac{1}{\sqrt{d}} \frac{\partial J}{\partial s}^T K \right)^T",
        wrong={
            r"K^T \frac{\partial J}{\partial s}": "missing-factor",
            r"\frac{1}{\sqrt{d}} K \frac{\partial J}{\partial s}": "transposed",
            r"\frac{1}{d} K^T \frac{\partial J}{\partial s}": "wrong-exponent",
            r"\sqrt{d} K^T \frac{\partial J}{\partial s}": "reciprocal",
        },
    )

    yield _attention(
        "attention-scores-keys",
        title="Attention: the gradient by the keys, from the scores",
        text="The rows of K are the keys. Derive the gradient of J by K from the gradient of J by s.",
        given=[GIVEN[0], "J = J(s)"],
        symbols={name: SHAPES[name] for name in ("q", "K", "s", "J")},
        find=r"\frac{\partial J}{\partial K}",
        answer=r"\frac{1}{\sqrt{d}} \frac{\partial J}{\partial s} q^T",
        also=r"\frac{1}{\sqrt{d}} \left( q \frac{\partial J}{\partial s}^T \right)^T",
        wrong={
            r"\frac{\partial J}{\partial s} q^T": "missing-factor",
            r"\frac{1}{\sqrt{d}} q \frac{\partial J}{\partial s}^T": "transposed",
            r"\frac{1}{d} \frac{\partial J}{\partial s} q^T": "wrong-exponent",
            r"\frac{1}{\sqrt{d}} \frac{\partial J}{\partial s}": "missing-inner-derivative",
        },
    )

    yield _attention(
        "attention-softmax",
        title="Attention: the gradient by the scores",
        text="Derive the gradient of J by s from the gradient of J by a.",
        given=[GIVEN[1], "J = J(a)"],
        symbols={name: SHAPES[name] for name in ("s", "a", "J")},
        find=r"\frac{\partial J}{\partial s}",
        answer=r"a \circ \frac{\partial J}{\partial a} - a a^T \frac{\partial J}{\partial a}",
        also=r"\left( \operatorname{diag}(a) - a a^T \right) \frac{\partial J}{\partial a}",
        wrong={
            r"a \circ \frac{\partial J}{\partial a}": "missing-term",
            r"a \circ (1 - a) \circ \frac{\partial J}{\partial a}": "softmax-elementwise",
            r"a \circ \frac{\partial J}{\partial a} + a a^T \frac{\partial J}{\partial a}": "sign",
            r"a \circ \frac{\partial J}{\partial a} - a^T a \frac{\partial J}{\partial a}": "inner-for-outer",
        },
    )

    yield _attention(
        "attention-weights",
        title="Attention: the gradient by the attention weights",
        text="Derive the gradient of J by a from the gradient of J by o.",
        given=["o = V^T a", "J = J(o)"],
        symbols={name: SHAPES[name] for name in ("V", "a", "o", "J")},
        find=r"\frac{\partial J}{\partial a}",
        answer=r"V \frac{\partial J}{\partial o}",
        also=r"\left( \frac{\partial J}{\partial o}^T V^T \right)^T",
        wrong={
            r"V^T \frac{\partial J}{\partial o}": "transposed",
            r"\frac{\partial J}{\partial o}^T V^T": "layout",
            r"\frac{\partial J}{\partial o} V": "product-order",
        },
    )

    yield _attention(
        "attention-values",
        title="Attention: the gradient by the values",
        text="The rows of V are the values. Derive the gradient of J by V from the gradient of J by o.",
        given=GIVEN,
        symbols=SHAPES,
        find=r"\frac{\partial J}{\partial V}",
        answer=r"a \frac{\partial J}{\partial o}^T",
        also=r"\left( \frac{\partial J}{\partial o} a^T \right)^T",
        wrong={
            r"\frac{\partial J}{\partial o} a^T": "transposed",
            r"a^T \frac{\partial J}{\partial o}": "inner-for-outer",
            r"s \frac{\partial J}{\partial o}^T": "wrong-variable",
        },
    )

    yield _attention(
        "attention-query",
        title="Attention: the gradient by the query, from the output",
        text="Derive the gradient of J by q from the gradient of J by o.",
        given=GIVEN,
        symbols=SHAPES,
        find=r"\frac{\partial J}{\partial q}",
        answer=r"\frac{1}{\sqrt{d}} K^T \left( \operatorname{diag}(a) - a a^T \right) V \frac{\partial J}{\partial o}",
        also=r"\frac{1}{\sqrt{d}} K^T \left( a \circ V \frac{\partial J}{\partial o}"
        r" - a \left( o^T \frac{\partial J}{\partial o} \right) \right)",
        wrong={
            r"K^T \left( \operatorname{diag}(a) - a a^T \right) V \frac{\partial J}{\partial o}": "missing-factor",
            r"\frac{1}{\sqrt{d}} K^T V \frac{\partial J}{\partial o}": "missing-inner-derivative",
            r"\frac{1}{\sqrt{d}} K^T \operatorname{diag}(a \circ (1 - a))"
            r" V \frac{\partial J}{\partial o}": "softmax-elementwise",
            r"\frac{1}{\sqrt{d}} K^T (\operatorname{diag}(a) + a a^T) V \frac{\partial J}{\partial o}": "sign",
        },
    )


def _attention(identifier: str, **rest: Any) -> Problem:
    """A question about one query."""
    return stated(identifier, source=SOURCE, final_form=("no sums",), **rest)
