"""Functions of a whole matrix or vector: trace, determinant, inverse, norms, the largest entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.rules.linear import COOKBOOK
from truestep.derivations.deriving.rules.rule import Bench, Example, Rule, summed

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node


def trace(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """tr A = sum over k of A_kk; tr A^T A is the sum of the squares of all entries."""
    inner = node.args[0]
    is_square = (
        inner.op == "chain" and len(inner.args) == 2 and inner.args[0] is bench.workshop.transpose(inner.args[1])
    )
    if is_square and 1 not in inner.args[1].dims:
        squares = bench.workshop.power(inner.args[1], Fraction(2))
        row, column = bench.axis(squares.dims[0]), bench.axis(squares.dims[1])
        return summed(bench.pending(squares, row, column), row, column)
    axis = bench.axis(node.args[0].dims[0])
    return summed(bench.pending(node.args[0], axis, axis), axis)


def determinant(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """d det A = det A tr(A^-1 dA) (Jacobi's formula)."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[0])
    inverse = bench.entry(bench.workshop.inverse(base), column, row)
    out = bench.entries.product(bench.entry(bench.value(node), 1, 1), inverse, bench.pending(base, row, column))
    return summed(out, row, column)


def inverse(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """d(A^-1) = -A^-1 dA A^-1."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[0])
    parts = (
        bench.entry(bench.value(node), i, row),
        bench.pending(base, row, column),
        bench.entry(bench.value(node), column, j),
    )
    out = bench.entries.product(*parts)
    for monomial in out:
        monomial.coefficient *= Fraction(-1)
    return summed(out, row, column)


def norm(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """d|x| = sum of x_k dx_k / |x|."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[1])
    parts = (bench.entry(bench.value(node), 1, 1, -1), bench.entry(base, row, column), bench.pending(base, row, column))
    return summed(bench.entries.product(*parts), row, column)


def nuclear(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """d|X|_* = tr(P^T dX) with P = X (X^T X)^(-1/2), where X has full column rank."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[1])
    polar = bench.workshop.make("polar", (base,), None, base.dims)
    return summed(bench.entries.product(bench.entry(polar, row, column), bench.pending(base, row, column)), row, column)


def spectral(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """d|X|_2 = u^T dX v with the singular vectors of the largest singular value, where that is simple."""
    base, left, right = node.args
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[1])
    parts = (bench.entry(left, row, 1), bench.entry(right, column, 1), bench.pending(base, row, column))
    return summed(bench.entries.product(*parts), row, column)


def trace_of_root(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """d tr(A^(1/2)) = tr(A^(-1/2) dA) / 2, where A is symmetric and positive definite."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[1])
    root = bench.entry(bench.workshop.root(base, Fraction(-1, 2)), column, row)
    out = bench.entries.product(root, bench.pending(base, row, column))
    for monomial in out:
        monomial.coefficient *= Fraction(1, 2)
    return summed(out, row, column)


def maximum(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """max x = x_k at the k where x is largest; at a tie there is no derivative."""
    base = node.args[0]
    row, column = bench.axis(base.dims[0]), bench.axis(base.dims[1])
    largest = bench.workshop.make("argmax", (base,), None, base.dims)
    parts = (bench.entry(largest, row, column), bench.pending(base, row, column))
    return summed(bench.entries.product(*parts), row, column)


def product(bench: Bench, node: Node, _i: Place, _j: Place) -> Polynomial:
    """(prod of x_k)' = prod of x_k times the sum of x_k' / x_k, where no factor is 0."""
    base = node.args[0]
    axis = bench.axis(base.dims[0])
    parts = (bench.entry(node, 1, 1), bench.entry(base, axis, 1, -1), bench.pending(base, axis, 1))
    return summed(bench.entries.product(*parts), axis)


MATRICES = (
    Rule(
        "logarithmic derivative",
        "Spivak, Calculus (4th ed., 2008), chapter 18",
        ("product",),
        product,
        Example({"f": "scalar", "x": "n"}, (r"f = \prod_{i=1}^n x_i",), "x"),
    ),
    Rule(
        "trace as a sum",
        COOKBOOK + ", eq. (36)",
        ("trace",),
        trace,
        Example({"f": "scalar", "X": "m x n", "A": "n x m"}, (r"f = \operatorname{tr}(X A)",), "X"),
    ),
    Rule(
        "Jacobi's formula",
        COOKBOOK + ", eq. (41) and (46)",
        ("det",),
        determinant,
        Example({"f": "scalar", "X": "n x n"}, (r"f = \log \det(X)",), "X"),
    ),
    Rule(
        "derivative of an inverse",
        COOKBOOK + ", eq. (40) and (59)",
        ("inverse",),
        inverse,
        Example({"f": "scalar", "a": "n", "X": "n x n", "b": "n"}, ("f = a^T X^{-1} b",), "X"),
    ),
    Rule(
        "derivative of a norm",
        COOKBOOK + ", eq. (129)",
        ("norm",),
        norm,
        Example({"f": "scalar", "x": "n", "a": "n"}, (r"f = \|x - a\|_2",), "x"),
    ),
    Rule(
        "derivative of the nuclear norm",
        "Watson, Characterization of the subdifferential of some matrix norms (1992), example 2; full column rank",
        ("nuclear",),
        nuclear,
        Example({"f": "scalar", "X": "m x n", "A": "m x n"}, (r"f = \|X - A\|_*",), "X"),
    ),
    Rule(
        "derivative of the spectral norm",
        "Magnus, On differentiating eigenvalues and eigenvectors (1985), theorem 1, of X^T X; a simple singular value",
        ("spectral",),
        spectral,
        Example(
            {"f": "scalar", "X": "m x n", "u": "m", "v": "n"},
            (r"f = \|X\|_2",),
            "X",
            assume=("X v = f u", "X^T u = f v", r"\|u\| = 1", r"\|v\| = 1"),
        ),
    ),
    Rule(
        "derivative of the trace of a root",
        COOKBOOK + ", eq. (115)",
        ("trace of root",),
        trace_of_root,
        Example({"f": "scalar", "X": "m x n"}, (r"f = \operatorname{tr}((X^T X)^{1/2})",), "X"),
    ),
    Rule(
        "the largest entry",
        "Boyd and Vandenberghe, Convex Optimization (2004), section 3.2.3",
        ("maximum",),
        maximum,
        Example({"f": "scalar", "x": "n"}, (r"f = \max_i x_i",), "x"),
    ),
)
