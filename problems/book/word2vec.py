"""word2vec: the naive softmax and negative sampling, by the centre word and by the outside words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from truestep.problems.statements.problem import Problem
from truestep.problems.statements.stated_in_sympy import stated

SOURCE = "Stanford CS224n, Natural Language Processing with Deep Learning, assignment 2, word2vec"
SAMPLING = f"{SOURCE}; the loss is Mikolov et al., Distributed Representations of Words and Phrases (2013), section 2.2"


def problems() -> Iterator[Problem]:
    """The problems of the page, one after the other."""
    yield _naive(
        "word2vec-centre",
        title="word2vec: the naive softmax by the centre word",
        text="The columns of U are the outside vectors. Derive the gradient of J by the centre vector.",
        find=r"\frac{\partial J}{\partial v_c}",
        answer=r"U (\hat{y} - y)",
        also=r"U \hat{y} - U y",
        wrong={
            r"U^T (\hat{y} - y)": "transposed",
            r"U (y - \hat{y})": "sign",
            r"\hat{y} - y": "missing-inner-derivative",
            r"(\hat{y} - y)^T U^T": "layout",
            r"U \hat{y}": "missing-term",
        },
    )

    yield _naive(
        "word2vec-outside",
        title="word2vec: the naive softmax by the outside words",
        text="The columns of U are the outside vectors. Derive the gradient of J by U.",
        find=r"\frac{\partial J}{\partial U}",
        answer=r"v_c (\hat{y} - y)^T",
        also=r"v_c \hat{y}^T - v_c y^T",
        wrong={
            r"(\hat{y} - y) v_c^T": "transposed",
            r"v_c (y - \hat{y})^T": "sign",
            r"v_c^T (\hat{y} - y)": "inner-for-outer",
            r"v_c \hat{y}^T": "missing-term",
        },
    )

    yield stated(
        "word2vec-outside-word",
        title="word2vec: the naive softmax by one outside word",
        text="The outside word is o. Derive the gradient of J by the outside vector of a word w, for w = o and for the "
        "other words.",
        source=SOURCE,
        symbols={
            "u_w": "d",
            "v_c": "d",
            r"\hat{y}": "V",
            "y": "V",
            "J": "scalar",
            "w": "index V",
            "k": "index V",
            "o": "index V",
        },
        given=[r"\hat{y}_k = \frac{e^{u_k^T v_c}}{\sum_{w=1}^{V} e^{u_w^T v_c}}", r"J = -\log \hat{y}_o"],
        find=r"\frac{\partial J}{\partial u_w}",
        answer=r"\begin{cases} (\hat{y}_w - 1) v_c & w = o \\ \hat{y}_w v_c & w \neq o \end{cases}",
        also=r"(\hat{y}_w - \mathbf{1}[w = o]) v_c",
        wrong={
            r"(\hat{y}_w - 1) v_c": "one-case-only",
            r"\hat{y}_w v_c": "one-case-only",
            r"(\mathbf{1}[w = o] - \hat{y}_w) v_c": "sign",
            r"(\hat{y}_w - \mathbf{1}[w = o]) u_w": "wrong-variable",
        },
    )

    yield _sampling(
        "negative-sampling-centre",
        title="Negative sampling by the centre word",
        text="Derive the gradient of J by the centre vector.",
        find=r"\frac{\partial J}{\partial v_c}",
        answer=r"-(1 - \sigma(u_o^T v_c)) u_o + \sum_{k=1}^{K} (1 - \sigma(-u_k^T v_c)) u_k",
        also=r"(\sigma(u_o^T v_c) - 1) u_o + \sum_{k=1}^{K} \sigma(u_k^T v_c) u_k",
        wrong={
            r"-(1 - \sigma(u_o^T v_c)) u_o - \sum_{k=1}^{K} (1 - \sigma(-u_k^T v_c)) u_k": "missing-inner-derivative",
            r"-(1 - \sigma(u_o^T v_c)) u_o + \sum_{k=1}^{K} (1 - \sigma(u_k^T v_c)) u_k": "wrong-function",
            r"-\sigma(u_o^T v_c) u_o + \sum_{k=1}^{K} \sigma(u_k^T v_c) u_k": "wrong-function",
            r"-(1 - \sigma(u_o^T v_c)) u_o": "missing-term",
        },
    )

    yield _sampling(
        "negative-sampling-outside",
        title="Negative sampling by the outside word",
        text="Derive the gradient of J by the vector of the true outside word.",
        find=r"\frac{\partial J}{\partial u_o}",
        answer=r"(\sigma(u_o^T v_c) - 1) v_c",
        also=r"-\sigma(-u_o^T v_c) v_c",
        wrong={
            r"(1 - \sigma(u_o^T v_c)) v_c": "sign",
            r"(\sigma(u_o^T v_c) - 1) u_o": "wrong-variable",
            r"\sigma(u_o^T v_c) v_c": "wrong-function",
            r"\sigma(u_o^T v_c) - 1": "missing-inner-derivative",
        },
    )

    yield _sampling(
        "negative-sampling-negative",
        title="Negative sampling by a sampled word",
        text="Derive the gradient of J by the vector of the m-th sampled word.",
        find=r"\frac{\partial J}{\partial u_m}",
        answer=r"(1 - \sigma(-u_m^T v_c)) v_c",
        also=r"\sigma(u_m^T v_c) v_c",
        wrong={
            r"-(1 - \sigma(-u_m^T v_c)) v_c": "sign",
            r"(1 - \sigma(u_m^T v_c)) v_c": "wrong-function",
            r"(1 - \sigma(-u_k^T v_c)) v_c": "escaped-index",
            r"\sum_{k=1}^{K} (1 - \sigma(-u_k^T v_c)) v_c": "missing-delta",
        },
    )


def _naive(identifier: str, **rest: Any) -> Problem:
    """A question about the naive softmax in matrix form."""
    return stated(
        identifier,
        source=SOURCE,
        symbols={"U": "d x V", "v_c": "d", "z": "V", r"\hat{y}": "V", "y": "V", "J": "scalar"},
        names={"P(O=w|C=c)": r"\hat{y}_w"},
        given=["z = U^T v_c", r"\hat{y} = \operatorname{softmax}(z)", r"J = -\sum_{w=1}^{V} y_w \log \hat{y}_w"],
        assume=[r"y_w \in \{0, 1\}", r"\sum_{w=1}^{V} y_w = 1"],
        only=("U", "v_c", r"\hat{y}", "y"),
        **rest,
    )


def _sampling(identifier: str, **rest: Any) -> Problem:
    """A question about negative sampling with K sampled words, none of which is the outside word."""
    return stated(
        identifier,
        source=SAMPLING,
        symbols={"u_o": "d", "v_c": "d", "u_k": "d", "J": "scalar", "k": "index K", "m": "index K"},
        given=r"J = -\log \sigma(u_o^T v_c) - \sum_{k=1}^{K} \log \sigma(-u_k^T v_c)",
        **rest,
    )
