"""The bridge to SymPy: there and back is the same object, and what is written is read as it was meant."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.sympy.bridge import derivative, from_sympy, to_latex, to_sympy, uses_of
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.stated_in_sympy import stated

I_, J_, K_, D_, N_ = sympy.Symbol("i"), sympy.Symbol("j"), sympy.Symbol("k"), sympy.Symbol("d"), sympy.Symbol("N")
K, M = sympy.Symbol("K"), sympy.Symbol("M")
X, Y, T = sympy.Symbol("x"), sympy.Symbol("y"), sympy.Symbol("t")
HAT = sympy.Symbol(r"\hat{s}")
Z, P = sympy.IndexedBase("z", shape=(K,)), sympy.IndexedBase(r"\hat{p}", shape=(K,))
Q = sympy.IndexedBase("q_2", shape=(K,))
W, A, B = sympy.MatrixSymbol("W", K, M), sympy.MatrixSymbol("A", K, K), sympy.MatrixSymbol("B^{(1)}", K, K)
U, V, G = sympy.MatrixSymbol("u", M, 1), sympy.MatrixSymbol("v", K, 1), sympy.MatrixSymbol("g", K, 1)
SIGMA = sympy.Function(r"\sigma")
HALF = sympy.Rational(1, 2)


def total(body: Any, letter: Any = K_, size: Any = K) -> Any:
    return sympy.Sum(body, (letter, 1, size))


# scalars, vectors and matrices that have a value in the models, and how each is written
VALUES = (
    (X + 2 * Y / 3 - 1, r"x + \frac{2 y}{3} - 1"),
    (-X, "-x"),
    (X - (X + 1) * Y, "x - y (x + 1)"),
    (1 / X**2, r"\frac{1}{x^2}"),
    (1 / (X * (Y + 1)), r"\frac{1}{x (y + 1)}"),
    ((X - Y) * (X + Y) / (2 * X + 2 * Y + 1), r"\frac{(x - y) (x + y)}{2 x + 2 y + 1}"),
    (sympy.sqrt(X**2 + 1), r"\sqrt{x^2 + 1}"),
    (sympy.Float("0.25") * X, "0.25 x"),
    (HAT**2, r"\hat{s}^2"),
    (sympy.exp(-(X**2) / 2), r"e^{-\frac{x^2}{2}}"),
    (X * sympy.E, "e x"),
    (sympy.pi * X, r"\pi x"),
    (sympy.log(X**2 + 1) * Y, r"y \log(x^2 + 1)"),
    (sympy.tanh(X) ** 2, r"\tanh^2(x)"),
    (sympy.sin(X) + sympy.cos(Y), r"\sin(x) + \cos(y)"),
    (SIGMA(X) * (1 - SIGMA(X)), r"\sigma(x) (1 - \sigma(x))"),
    (sympy.Abs(X - 1), r"\left|x - 1\right|"),
    (sympy.Max(X, Y), r"\max(x, y)"),
    (sympy.Heaviside(X, 0), r"\mathbf{1}[x > 0]"),
    (sympy.Piecewise((X, X > 0), (Y, True)), r"\begin{cases} x & \text{if } x > 0 \\ y & \text{otherwise} \end{cases}"),
    (2 * sympy.Piecewise((X, X > 0), (Y, True)), None),
    (Z[K_] * P[J_], r"\hat{p}_j z_k"),
    (Z[1] + Z[2], "z_1 + z_2"),
    (Z[I_] ** 2 / 2, r"\frac{z_i^2}{2}"),
    (Q[I_], "(q_2)_i"),
    (total(Z[K_] * P[K_]) + X * Z[I_], r"x z_i + \sum_{k=1}^{K} \hat{p}_k z_k"),
    (total(Z[K_]) + total(P[J_], J_), None),
    (total(Z[K_]) + Z[K_], r"z_k + \sum_{k=1}^{K} z_k"),
    (total(Z[K_]) * total(P[K_]) * X, None),
    (-total(Z[K_]), r"-\sum_{k=1}^{K} z_k"),
    (total(Z[K_] + X) / 2, r"\frac{1}{2} \sum_{k=1}^{K} (x + z_k)"),
    (sympy.Sum(Z[K_] * P[J_], (K_, 1, K), (J_, 1, K)), r"\sum_{j=1}^{K} \sum_{k=1}^{K} \hat{p}_j z_k"),
    (total(sympy.KroneckerDelta(I_, K_) * Z[K_]), r"\sum_{k=1}^{K} \delta_{ik} z_k"),
    (sympy.exp(Z[I_]) / total(sympy.exp(Z[J_]), J_), r"\frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"),
    (sympy.Sum(W[K_, I_] * U[I_, 0], (I_, 0, M - 1)), r"\sum_{i=1}^{M} W_{ki} u_i"),
    (W[0, 1] + V[2, 0], "W_{1,2} + v_3"),
    (Z - P, r"z - \hat{p}"),
    (2 * W * U + V, r"2 W u + v"),
    (-W * U - V, "-v - W u"),
    (W.T * (A + B) * V, None),
    (B.T * V, "{B^{(1)}}^T v"),
    (A.inv() * V, "A^{-1} v"),
    (A**2, "A^2"),
    (V * U.T, "v u^T"),
    (V.T * A * G, "v^T A g"),
    (sympy.HadamardProduct(V, A * G), r"v \circ (A g)"),
    (A * sympy.HadamardProduct(V, G), r"A (g \circ v)"),
    (sympy.Trace(A * B), r"\operatorname{tr}(A B^{(1)})"),
    (sympy.Determinant(A), r"\det(A)"),
    (sympy.DiagMatrix(V) * G, r"\operatorname{diag}(v) g"),
    (sympy.Identity(K) - A, "I_K - A"),
    (sympy.OneMatrix(K, 1) - V, r"\mathbf{1}_K - v"),
    (sympy.ImmutableDenseMatrix([[X, 1], [0, Y]]), r"\begin{bmatrix} x & 1 \\ 0 & y \end{bmatrix}"),
    (derivative(X * Y**2, Y), r"\frac{\partial}{\partial y} (x y^2)"),
    (derivative(total(Z[K_] ** 2), Z[I_]), r"\frac{\partial}{\partial z_i} \sum_{k=1}^{K} z_k^2"),
    (derivative(X**2 * Y, X, Y), r"\frac{\partial^2}{\partial x \partial y} (x^2 y)"),
    (W.T * derivative(V.T * G, G), None),
)

# what is said of values, and functions of whole arrays
SAID = (
    (sympy.Eq(V, W * U + G), "v = W u + g"),
    (sympy.Eq(X, sympy.Function("x")(V)), "x = x(v)"),
    (sympy.Ne(I_, J_), r"i \neq j"),
    (X >= 0, r"x \ge 0"),
    (derivative(X, Z[J_]), r"\frac{\partial x}{\partial z_j}"),
    (derivative(X, W), r"\frac{\partial x}{\partial W}"),
    (sympy.Product(Z[K_], (K_, 1, K)), r"\prod_{k=1}^{K} z_k"),
    (sympy.Piecewise((X, sympy.Eq(X, 1) & (Y > 0)), (Y, True)), None),
)

OUTSIDE = (
    sympy.gamma(X),
    sympy.Integral(X, X),
    sympy.I * X,
    sympy.zoo,
    Z[K_ + 1],
    sympy.Sum(1 / X**K_, (K_, 1, sympy.oo)),
    sympy.Sum(W[K_, I_], (K_, 1, K)),
    sympy.Heaviside(X),
    V.applyfunc(sympy.Lambda(X, X**2 + 1)),
    sympy.ZeroMatrix(2, 2),
    sympy.Contains(X, sympy.S.Integers),
)


def there_and_back(value: Any) -> Any:
    """From SymPy to an expression and back."""
    uses = uses_of(value)
    return to_sympy(from_sympy(value, uses), uses.objects)


def verdict_on(value: Any, latex: str) -> tuple[str, str | None]:
    """The outcome and the evidence."""
    verdict = judged(value, latex)
    return verdict.outcome, verdict.evidence


def judged(value: Any, latex: str) -> Verdict:
    """Whether LaTeX means what a SymPy object says, decided in the models."""
    problem = stated("p", find=[value, latex], symbols={"d": "scalar"})
    setting = setting_of(problem)
    assert not setting.assumptions.unused
    bench = Bench(World(setting))
    return bench.judge(Claim(from_sympy(value), setting.find[1])).verdict


@pytest.mark.parametrize(("value", "latex"), VALUES + SAID, ids=str)
def test_there_and_back_is_the_same(value: Any, latex: str | None) -> None:
    assert there_and_back(value) == value


@pytest.mark.parametrize(("value", "latex"), VALUES + SAID, ids=str)
def test_it_is_written_in_the_notation_of_statements(value: Any, latex: str | None) -> None:
    assert latex is None or to_latex(value) == latex


@pytest.mark.parametrize(("value", "latex"), VALUES, ids=str)
def test_what_is_written_is_read_as_meant(value: Any, latex: str | None) -> None:
    assert verdict_on(value, to_latex(value)) == ("right", "proved")


@pytest.mark.parametrize("function", [sympy.tanh, SIGMA, sympy.exp])
def test_a_function_of_every_entry(function: Any) -> None:
    value = W.T * V.applyfunc(function)
    assert from_sympy(there_and_back(value)) == from_sympy(value)
    assert verdict_on(value, to_latex(value)) == ("right", "proved")


@pytest.mark.parametrize("value", OUTSIDE, ids=str)
def test_what_is_outside_is_refused(value: Any) -> None:
    with pytest.raises(MeaningFault):
        from_sympy(value)
    with pytest.raises(MeaningFault):
        to_latex(value)


@pytest.mark.parametrize("head", ["gradient", "norm", "differential", "words"])
def test_an_expression_that_sympy_has_no_word_for_is_refused(head: str) -> None:
    with pytest.raises(MeaningFault):
        to_sympy(Expression(head, (Expression("symbol", (), "x"),), None), {})


def test_a_declared_e_and_delta_are_no_constants() -> None:
    e, delta = sympy.Symbol("e"), sympy.Symbol(r"\delta")
    assert to_latex(sympy.exp(X) + e) == r"e + \exp(x)"
    assert to_latex(sympy.KroneckerDelta(I_, J_) * delta) == r"\delta \mathbf{1}[i = j]"


def test_a_power_that_would_be_read_as_a_transpose_is_refused() -> None:
    with pytest.raises(MeaningFault, match="transpose"):
        to_latex(X ** sympy.Symbol("T"))


def test_other_names_are_written() -> None:
    assert to_latex(sympy.Symbol("yhat") ** 2, {"yhat": r"\hat{y}"}) == r"\hat{y}^2"


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (X - Y, "x + y"),
        (W.T * V, r"\left(v^{T} W\right)"),
        (total(Z[K_]) + X, r"\sum_{k=1}^{K} \left(z_{k} + x\right)"),
    ],
)
def test_other_writing_is_caught(value: Any, latex: str) -> None:
    assert verdict_on(value, latex)[0] == "wrong"


SCALARS = st.recursive(
    st.one_of(
        st.sampled_from((X, Y, HAT, Z[I_], P[J_], Z[1])),
        st.fractions(-3, 3, max_denominator=4).map(lambda q: sympy.Rational(q.numerator, q.denominator)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, b: a / b, inner, inner),
        st.builds(lambda a, n: a**n, inner, st.integers(-2, 3)),
        st.builds(lambda a: sympy.log(1 + a**2), inner),
        st.builds(sympy.tanh, inner),
        st.builds(SIGMA, inner),
        st.builds(lambda a: total(a * Z[K_]), inner),
        st.builds(lambda a, b: total(a * sympy.KroneckerDelta(K_, J_) + b), inner, inner),
    ),
    max_leaves=5,
)

MATRICES = st.recursive(
    st.sampled_from((A, B, sympy.Identity(K), V * G.T, W * W.T)),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, c: c * a, inner, st.sampled_from((-1, 2, HALF, X, X + Y))),
        st.builds(lambda a: a.T, inner),
        st.builds(sympy.HadamardProduct, inner, inner),
    ),
    max_leaves=4,
)


@pytest.mark.slow
@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much])
@given(SCALARS)
def test_small_scalars(value: Any) -> None:
    assume(not value.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I))
    spelled_out = value.replace(lambda node: isinstance(node, sympy.Sum) and node.function == 0, lambda _: sympy.S.Zero)
    assume(not spelled_out.has(sympy.nan, sympy.zoo))  # 1 / Sum(0, (k, 1, K)) has no value
    assume(not value.subs(I_, 1).has(sympy.nan, sympy.zoo))  # nor has 1 / (z[i] - z[1]) at i = 1
    assert there_and_back(value) == value
    verdict = judged(value, to_latex(value))
    assume("has no value" not in verdict.reason)  # 1 / (sum over k of (delta_jk - 1/2)) at K = 2
    assert verdict.outcome == "right"


@pytest.mark.slow
@settings(max_examples=40)
@given(MATRICES)
def test_small_matrices(value: Any) -> None:
    assume(not value.has(sympy.ZeroMatrix))
    back = there_and_back(value)
    assert from_sympy(back) == from_sympy(value)
    assert back == value or value.has(sympy.HadamardPower)
    assert verdict_on(value, to_latex(value)) == ("right", "proved")
