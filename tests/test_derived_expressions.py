"""Any expression of the field: what is derived from it is right, line by line, or stuck for a reason that is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truestep.checkers.derive_records import derive_record

pytestmark = pytest.mark.slow

SYMBOLS = {"x": "n", "a": "n", "b": "n", "c": "m", "A": "n x n", "W": "m x n", "t": "scalar", "f": "scalar"}
FUNCTIONS = (r"\sigma", r"\tanh", r"\operatorname{softplus}", r"\exp", r"\sin", r"\operatorname{softmax}")


def bracketed(text: str) -> str:
    """The text as one factor."""
    return rf"\left({text}\right)"


def longer(short: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Vectors of n entries made of shorter ones."""
    return st.one_of(
        st.builds(lambda v, w: f"{bracketed(v)} + {bracketed(w)}", short, short),
        st.builds(lambda v, w: f"{bracketed(v)} - {bracketed(w)}", short, short),
        st.builds(lambda v, w: rf"{bracketed(v)} \odot {bracketed(w)}", short, short),
        st.builds(lambda g, v: f"{g}({v})", st.sampled_from(FUNCTIONS), short),
        st.builds(lambda v: f"A {bracketed(v)}", short),
        st.builds(lambda v: f"A^T {bracketed(v)}", short),
        st.builds(lambda v: f"W^T W {bracketed(v)}", short),
        st.builds(lambda v: rf"W^T \tanh(W {bracketed(v)} + c)", short),
        st.builds(lambda v, w: f"{bracketed(v)} {bracketed(w)}^T b", short, short),
        st.builds(lambda v: f"t {bracketed(v)}", short),
        st.builds(lambda v: rf"\frac{{{v}}}{{1 + t^2}}", short),
        st.builds(lambda v: rf"\operatorname{{diag}}({v}) b", short),
    )


VECTORS = st.recursive(st.sampled_from(("x", "a", "b", "A x", "W^T c")), longer, max_leaves=4)
SCALARS = st.one_of(
    st.builds(lambda v, w: f"{bracketed(v)}^T {bracketed(w)}", VECTORS, VECTORS),
    st.builds(lambda v: rf"\|{v}\|_2^2", VECTORS),
    st.builds(lambda v: rf"\frac{{1}}{{n}} \|{v} - b\|_2^2 + t \|x\|_2^2", VECTORS),
    st.builds(lambda v: rf"\sum_{{i=1}}^n \left[{v}\right]_i", VECTORS),
    st.builds(lambda v: rf"\log \sum_{{i=1}}^n e^{{\left[{v}\right]_i}}", VECTORS),
    st.builds(lambda v: rf"\log\left(1 + \|{v}\|_2^2\right)", VECTORS),
    st.builds(lambda v: rf"\operatorname{{tr}}\left({bracketed(v)} b^T A\right)", VECTORS),
    st.builds(lambda v: rf"\sigma\left(a^T {bracketed(v)}\right)", VECTORS),
)


def assert_right(symbols: dict[str, str], scalar: str, by: str) -> None:
    problem = {"symbols": symbols, "given": [f"f = {scalar}"], "find": rf"\frac{{\partial f}}{{\partial {by}}}"}
    record = derive_record({"id": 1, "problem": problem}, None)
    assert "error" not in record, record
    assert record["status"] == "derived" or "not verified (wrong" not in record["stuck_at"], (scalar, record)


@settings(max_examples=24, suppress_health_check=[HealthCheck.too_slow])
@given(SCALARS, st.sampled_from(("x", "A", "W", "t", "b")))
def test_what_is_derived_is_right(scalar: str, by: str) -> None:
    assert_right(SYMBOLS, scalar, by)


ARRAYS = {"X": "m x n", "Y": "m x n", "A": "n x n", "b": "n", "c": "m", "t": "scalar", "f": "scalar"}


def larger(small: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Matrices of m x n made of smaller ones."""
    return st.one_of(
        st.builds(lambda a, b: f"{bracketed(a)} + {bracketed(b)}", small, small),
        st.builds(lambda a, b: rf"{bracketed(a)} \odot {bracketed(b)}", small, small),
        st.builds(lambda g, a: f"{g}({a})", st.sampled_from((r"\sigma", r"\tanh", r"\operatorname{ReLU}")), small),
        st.builds(lambda a: f"{bracketed(a)} A", small),
        st.builds(lambda a, b: f"{bracketed(a)} {bracketed(b)}^T X", small, small),
        st.builds(lambda a: rf"\operatorname{{diag}}(c) {bracketed(a)}", small),
        st.builds(lambda a: rf"{bracketed(a)} - c b^T", small),
        st.builds(lambda a: rf"\operatorname{{softmax}}({a})", small),
    )


MATRICES = st.recursive(st.sampled_from(("X", "Y", "X A", "c b^T")), larger, max_leaves=3)
OF_MATRICES = st.one_of(
    st.builds(lambda a: rf"\|{a}\|_F^2", MATRICES),
    st.builds(lambda a, b: rf"\operatorname{{tr}}\left({bracketed(a)}^T {bracketed(b)}\right)", MATRICES, MATRICES),
    st.builds(lambda a: f"c^T {bracketed(a)} b", MATRICES),
    st.builds(lambda a: rf"\sum_{{i=1}}^m \sum_{{j=1}}^n Y_{{ij}} \left[{a}\right]_{{ij}}", MATRICES),
    st.builds(lambda a: rf"\log \det\left(I + {bracketed(a)}^T {bracketed(a)}\right)", MATRICES),
    st.builds(lambda a: rf"b^T \left(I + {bracketed(a)}^T {bracketed(a)}\right)^{{-1}} b", MATRICES),
)


@settings(max_examples=16, suppress_health_check=[HealthCheck.too_slow])
@given(OF_MATRICES, st.sampled_from(("X", "A", "b", "c")))
def test_what_is_derived_of_matrices_is_right(scalar: str, by: str) -> None:
    assert_right(ARRAYS, scalar, by)
