"""The self-made answers: each question with a reference, and tries at it with the verdict they deserve.

Beside every LaTeX string stands the same thing in NumPy, written by hand, so that the verdict can be checked
by numbers (`own_answers.py`).  None of them is taken from the project's labelled cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Values = Any  # a namespace of random arrays, see `own_answers.draw`
Value = Callable[[Values], Any]


@dataclass(frozen=True)
class Try:
    """An answer as somebody might write it, its value, and whether it is right."""

    latex: str
    value: Value
    right: bool


@dataclass(frozen=True)
class Question:
    """A statement with its reference answer, and the tries at it."""

    category: str
    symbols: dict[str, str]
    answer: str
    value: Value
    tries: tuple[Try, ...]
    more: dict[str, Any] = field(default_factory=dict)  # further keys of the problem


def yes(latex: str, value: Value) -> Try:
    """A right answer."""
    return Try(latex, value, right=True)


def no(latex: str, value: Value) -> Try:
    """A wrong answer."""
    return Try(latex, value, right=False)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum()


T, PQ = {"t": "scalar"}, {"p": "scalar", "q": "scalar"}
S3 = {"s_1": "scalar", "s_2": "scalar", "s_3": "scalar"}

QUESTIONS = (
    Question(
        "a-scalar",
        T,
        r"\frac{1}{1+e^{-t}}",
        lambda v: _sigmoid(v.t),
        (
            yes(r"\frac{1}{2}\left(1+\tanh\frac{t}{2}\right)", lambda v: (1 + np.tanh(v.t / 2)) / 2),
            yes(r"1-\frac{1}{1+e^{t}}", lambda v: 1 - 1 / (1 + np.exp(v.t))),
            no(r"\frac{1}{2}(1+\tanh t)", lambda v: (1 + np.tanh(v.t)) / 2),
            no(r"\frac{1}{1-e^{-t}}", lambda v: 1 / (1 - np.exp(-v.t))),
        ),
    ),
    Question(
        "a-scalar",
        T,
        r"t\,\frac{e^{t}}{1+e^{t}}",
        lambda v: v.t * _sigmoid(v.t),
        (
            yes(r"\frac{t}{1+e^{-t}}", lambda v: v.t / (1 + np.exp(-v.t))),
            no(r"\frac{e^{t}}{1+t e^{t}}", lambda v: np.exp(v.t) / (1 + v.t * np.exp(v.t))),
        ),
    ),
    Question(
        "a-scalar",
        PQ,
        r"\log p - \log(1-p)",
        lambda v: np.log(v.p) - np.log(1 - v.p),
        (
            yes(r"-\log\left(\frac{1}{p}-1\right)", lambda v: -np.log(1 / v.p - 1)),
            no(r"\frac{\log p}{\log(1-p)}", lambda v: np.log(v.p) / np.log(1 - v.p)),
        ),
        {"assume": ["0 < p", "p < 1"]},
    ),
    Question(
        "b-softmax-written-out",
        S3,
        r"\frac{e^{s_2}}{e^{s_1}+e^{s_2}+e^{s_3}}",
        lambda v: _softmax(v.s)[1],
        (
            yes(
                r"\frac{e^{s_2-s_3}}{e^{s_1-s_3}+e^{s_2-s_3}+1}",
                lambda v: np.exp(v.s[1] - v.s[2]) / np.exp(v.s - v.s[2]).sum(),
            ),
            yes(
                r"1-\frac{e^{s_1}+e^{s_3}}{e^{s_1}+e^{s_2}+e^{s_3}}",
                lambda v: 1 - (np.exp(v.s[0]) + np.exp(v.s[2])) / np.exp(v.s).sum(),
            ),
            no(r"\frac{e^{s_2}}{e^{s_1+s_2+s_3}}", lambda v: np.exp(v.s[1]) / np.exp(v.s.sum())),
            no(r"\frac{s_2}{s_1+s_2+s_3}", lambda v: v.s[1] / v.s.sum()),
        ),
    ),
    Question(
        "b-softmax-written-out",
        S3,
        r"-\frac{e^{s_2+s_3}}{(e^{s_1}+e^{s_2}+e^{s_3})^2}",
        lambda v: -np.exp(v.s[1] + v.s[2]) / np.exp(v.s).sum() ** 2,
        (
            yes(
                r"-\frac{e^{s_2}}{e^{s_1}+e^{s_2}+e^{s_3}}\cdot\frac{e^{s_3}}{e^{s_1}+e^{s_2}+e^{s_3}}",
                lambda v: -_softmax(v.s)[1] * _softmax(v.s)[2],
            ),
            no(
                r"-\frac{e^{s_2 s_3}}{(e^{s_1}+e^{s_2}+e^{s_3})^2}",
                lambda v: -np.exp(v.s[1] * v.s[2]) / np.exp(v.s).sum() ** 2,
            ),
        ),
    ),
    Question(
        "c-indexed",
        {"u": "n", "v": "n", "n": "size"},
        r"\sum_{i=1}^{n} (u_i - v_i)^2",
        lambda v: ((v.u - v.v) ** 2).sum(),
        (
            yes(
                r"\sum_{k=1}^{n} u_k^2 - 2\sum_{k=1}^{n} u_k v_k + \sum_{k=1}^{n} v_k^2",
                lambda v: (v.u**2).sum() - 2 * (v.u * v.v).sum() + (v.v**2).sum(),
            ),
            no(r"\left(\sum_{i=1}^{n} (u_i - v_i)\right)^2", lambda v: (v.u - v.v).sum() ** 2),
            no(r"\sum_{i=1}^{n} u_i^2 - \sum_{i=1}^{n} v_i^2", lambda v: (v.u**2).sum() - (v.v**2).sum()),
        ),
    ),
    Question(
        "c-indexed",
        {"A": "m x n", "u": "n", "m": "size", "n": "size", "r": "index m"},
        r"\sum_{i=1}^{n} A_{ri} u_i",
        lambda v: (v.A @ v.u)[1],
        (
            yes(r"\sum_{k=1}^{n} u_k A_{rk}", lambda v: (v.u * v.A[1]).sum()),
            yes(r"\sum_{i=1}^{n}\sum_{k=1}^{n} A_{ri}\delta_{ik}u_k", lambda v: v.A[1] @ np.eye(v.n) @ v.u),
            no(r"\sum_{i=1}^{n} A_{ri} \sum_{i=1}^{n} u_i", lambda v: v.A[1].sum() * v.u.sum()),
        ),
    ),
    Question(
        "c-indexed",
        {"s": "n", "n": "size", "a": "index n"},
        r"s_a - \log \sum_{i=1}^{n} e^{s_i}",
        lambda v: v.s[0] - np.log(np.exp(v.s).sum()),
        (
            yes(r"-\log \sum_{i=1}^{n} e^{s_i - s_a}", lambda v: -np.log(np.exp(v.s - v.s[0]).sum())),
            no(r"s_a - \sum_{i=1}^{n} \log e^{s_i}", lambda v: v.s[0] - v.s.sum()),
        ),
    ),
    Question(
        "d-matrix",
        {"A": "m x n", "u": "n", "w": "m"},
        r"2 A^T (A u - w)",
        lambda v: 2 * v.A.T @ (v.A @ v.u - v.w),
        (
            yes(r"2 A^T A u - 2 A^T w", lambda v: 2 * v.A.T @ v.A @ v.u - 2 * v.A.T @ v.w),
            yes(r"2\left((A u - w)^{\top} A\right)^{\top}", lambda v: 2 * ((v.A @ v.u - v.w) @ v.A)),
            no(r"2 A^T (A u + w)", lambda v: 2 * v.A.T @ (v.A @ v.u + v.w)),
            no(r"A^T (A u - w)", lambda v: v.A.T @ (v.A @ v.u - v.w)),
        ),
    ),
    Question(
        "d-matrix",
        {"u": "n", "v": "n"},
        r"\operatorname{diag}(u)\, v",
        lambda v: np.diag(v.u) @ v.v,
        (
            yes(r"v \odot u", lambda v: v.v * v.u),
            no(r"u v^T", lambda v: np.outer(v.u, v.v)),
            no(r"u^T v", lambda v: v.u @ v.v),
        ),
    ),
    Question(
        "d-matrix",
        {"A": "m x n", "B": "n x m"},
        r"\operatorname{tr}(A B)",
        lambda v: np.trace(v.A @ v.B),
        (
            yes(r"\operatorname{tr}(B A)", lambda v: np.trace(v.B @ v.A)),
            yes(r"\operatorname{tr}(B^T A^T)", lambda v: np.trace(v.B.T @ v.A.T)),
            no(r"\operatorname{tr}(A A^T)", lambda v: np.trace(v.A @ v.A.T)),
        ),
    ),
    Question(
        "e-cases",
        T,
        r"\begin{cases} t & t > 0 \\ 0 & t \leq 0 \end{cases}",
        lambda v: np.maximum(v.t, 0),
        (
            yes(r"\max(t, 0)", lambda v: np.maximum(0, v.t)),
            yes(r"\frac{|t|+t}{2}", lambda v: (abs(v.t) + v.t) / 2),
            no(r"|t|", lambda v: abs(v.t)),
            no(r"\begin{cases} 1 & t > 0 \\ 0 & t \leq 0 \end{cases}", lambda v: np.where(v.t > 0, 1.0, 0.0)),
        ),
    ),
    Question(
        "e-cases",
        T,
        r"|t|",
        lambda v: abs(v.t),
        (
            yes(
                r"\begin{cases} -t & t < 0 \\ t & \text{otherwise} \end{cases}",
                lambda v: np.where(v.t < 0, -v.t, v.t),
            ),
            no(
                r"\begin{cases} t & t < 0 \\ -t & \text{otherwise} \end{cases}",
                lambda v: np.where(v.t < 0, v.t, -v.t),
            ),
        ),
    ),
    Question(
        "f-numbers-and-shapes",
        {},
        r"784 \times 128 + 128 + 128 \times 10 + 10",
        lambda v: 101770,
        (
            yes(r"101770", lambda v: 101770),
            yes(r"785 \cdot 128 + 129 \cdot 10", lambda v: 785 * 128 + 129 * 10),
            no(r"784 \times 128 + 128 \times 10", lambda v: 784 * 128 + 128 * 10),
        ),
    ),
    Question(
        "f-numbers-and-shapes",
        {},
        r"\frac{3}{8}",
        lambda v: 0.375,
        (
            yes(r"0.375", lambda v: 0.375),
            no(r"0.38", lambda v: 0.38),
            no(r"\frac{8}{3}", lambda v: 8 / 3),
        ),
        more={"exact": True},  # else a figure rounded may be meant
    ),
    Question(
        "g-chain-rule",
        {"L": "scalar", "p": "scalar", "t": "scalar"},
        r"\frac{\partial L}{\partial p}\, p(1-p)",
        lambda v: v.dl * _sigmoid(v.t) * (1 - _sigmoid(v.t)),
        (
            yes(
                r"\frac{\partial L}{\partial p}\left(p - p^2\right)",
                lambda v: v.dl * (_sigmoid(v.t) - _sigmoid(v.t) ** 2),
            ),
            no(
                r"\frac{\partial L}{\partial p}\left(1 - p^2\right)",
                lambda v: v.dl * (1 - _sigmoid(v.t) ** 2),
            ),
        ),
        {"given": [r"p = \sigma(t)", "L = L(p)"], "find": r"\frac{\partial L}{\partial t}"},
    ),
    Question(
        "g-chain-rule",
        {"L": "scalar", "h": "m", "A": "m x n", "u": "n"},
        r"A^T \frac{\partial L}{\partial h}",
        lambda v: v.A.T @ v.dh,
        (
            yes(r"\left(\left(\frac{\partial L}{\partial h}\right)^T A\right)^T", lambda v: v.dh @ v.A),
            no(r"\frac{\partial L}{\partial h} u^T", lambda v: np.outer(v.dh, v.u)),
        ),
        {"given": ["h = A u", "L = L(h)"], "find": r"\frac{\partial L}{\partial u}"},
    ),
    Question(
        "h-near-miss",
        PQ,
        r"(p-q)^2",
        lambda v: (v.p - v.q) ** 2,
        (
            no(r"(p-q)^2 + 10^{-6}", lambda v: (v.p - v.q) ** 2 + 1e-6),
            no(r"p^2 - 2pq - q^2", lambda v: v.p**2 - 2 * v.p * v.q - v.q**2),
            no(r"|p-q|", lambda v: abs(v.p - v.q)),
        ),
    ),
    Question(
        "h-near-miss",
        T,
        r"1-\tanh^2(t)",
        lambda v: 1 - np.tanh(v.t) ** 2,
        (
            no(r"1-\tanh^2(-2t)", lambda v: 1 - np.tanh(-2 * v.t) ** 2),
            no(r"(1-\tanh(t))^2", lambda v: (1 - np.tanh(v.t)) ** 2),
        ),
    ),
    Question(
        "i-messy-latex",
        PQ,
        r"\frac{p}{q} + 1",
        lambda v: v.p / v.q + 1,
        (
            yes(r"\displaystyle \dfrac{p}{q}\,+\,1.", lambda v: v.p / v.q + 1),
            yes(r"$\frac pq + 1$", lambda v: v.p / v.q + 1),
            yes(r"\left(p + q\right) / q", lambda v: (v.p + v.q) / v.q),
            yes(r"\frac{p+q}{q} = 1 + \frac{p}{q}", lambda v: 1 + v.p / v.q),
            no(r"{p \over q + 1}", lambda v: v.p / (v.q + 1)),
        ),
    ),
)
