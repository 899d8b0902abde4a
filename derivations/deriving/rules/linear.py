"""Sums, products and powers: the rules of every calculus book, entry by entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.rule_names import CHAIN, POWER, PRODUCT, PRODUCT_ENTRY, SUM, TRANSPOSE_ENTRY
from truestep.derivations.deriving.rules.rule import Bench, Example, Rule, summed
from truestep.derivations.deriving.steps import Stuck

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.language.shapes import Size

HALF = Fraction(1, 2)
SPIVAK = "Spivak, Calculus (4th ed., 2008), chapter 10, theorems 3 to 9"
COOKBOOK = "Petersen and Pedersen, The Matrix Cookbook (2012), section 2"


def sum_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """(u + v)' = u' + v'."""
    return [monomial for arg in node.args for monomial in bench.pending(arg, i, j)]


def product_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """(u v)' = u' v + u v', for scalar factors and for Hadamard products."""
    out: Polynomial = []
    for place, arg in enumerate(node.args):
        pending = bench.pending(arg, i, j)
        if pending:
            others = [bench.entry(other, i, j) for k, other in enumerate(node.args) if k != place]
            out += bench.entries.product(*others, pending)
    if node.op == "mul":
        for monomial in out:
            monomial.coefficient *= node.data
    return out


def quotient_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """(u / v)' = u' / v - u v' / v^2."""
    below = [arg for arg in node.args if arg.op == "power" and arg.data < 0 and bench.depends(arg)]
    above = [arg for arg in node.args if arg not in below]
    out: Polynomial = []
    for place, arg in enumerate(above):
        others = [bench.entry(other, i, j) for k, other in enumerate(above) if k != place]
        out += bench.entries.product(*others, *(bench.entry(arg, i, j) for arg in below), bench.pending(arg, i, j))
    for place, arg in enumerate(below):
        others = [bench.entry(other, i, j) for k, other in enumerate(below) if k != place]
        others += [bench.entry(other, i, j) for other in above]
        out += bench.entries.product(*others, power_rule(bench, arg, i, j))
    if node.op == "mul":
        for monomial in out:
            monomial.coefficient *= node.data
    return out


def is_quotient(bench: Bench, node: Node) -> bool:
    """Whether numerator and denominator both vary."""
    varying = [arg.op == "power" and arg.data < 0 for arg in node.args if bench.depends(arg)]
    return node.op in ("mul", "entrywise") and any(varying) and not all(varying)


def power_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """(u^a)' = a u^(a - 1) u'; the squared norm is 2 times the sum of x dx."""
    base, exponent = node.args[0], node.data
    if base.op == "norm" and exponent == 2:
        inner = base.args[0]
        row, column = bench.axis(inner.dims[0]), bench.axis(inner.dims[1])
        return _twice(
            summed(
                bench.entries.product(bench.entry(inner, row, column), bench.pending(inner, row, column)), row, column
            )
        )
    if exponent == HALF:  # the root itself: r' = u' / (2 r)
        raised = bench.entry(bench.value(node), i, j, -1)
    else:
        raised = bench.entry(bench.workshop.power(base, exponent - 1), i, j)
    out = bench.entries.product(raised, bench.pending(base, i, j))
    for monomial in out:
        monomial.coefficient *= exponent
    return out


def _twice(polynomial: Polynomial) -> Polynomial:
    for monomial in polynomial:
        monomial.coefficient *= Fraction(2)
    return polynomial


def matrix_product(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """[A B C]_ij = sum over k and l of A_ik B_kl C_lj, with the product rule over the factors that vary."""
    out: Polynomial = []
    factors = node.args
    for place, factor in enumerate(factors):
        if not bench.depends(factor):
            continue
        row = i if place == 0 else bench.axis(factor.dims[0])
        column = j if place == len(factors) - 1 else bench.axis(factor.dims[1])
        parts = [bench.pending(factor, row, column)]
        if place:
            parts.insert(0, bench.entry(bench.workshop.chain(factors[:place]), i, row))
        if place < len(factors) - 1:
            parts.append(bench.entry(bench.workshop.chain(factors[place + 1 :]), column, j))
        bound = [axis for axis, own in ((row, place > 0), (column, place < len(factors) - 1)) if own]
        out += summed(bench.entries.product(*parts), *bound)
    return out


def transpose(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """(A^T)_ij = A_ji."""
    return bench.pending(node.args[0], j, i)


def diag(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """diag(v)_ij = delta_ij v_i."""
    identity = bench.entry(bench.workshop.eye(node.dims[0]), i, j)
    return bench.entries.product(identity, bench.pending(node.args[0], i, 1))


def diagonal(bench: Bench, node: Node, i: Place, _j: Place) -> Polynomial:
    """diag(A)_i = A_ii."""
    return bench.pending(node.args[0], i, i)


def chain_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """dJ/dx = sum over k of dJ/dz_k dz_k/dx, with an upstream gradient of which nothing more is known."""
    out: Polynomial = []
    parents = bench.partials.get(node.data) or bench.dependencies[node.data]
    for parent in parents:
        named = (node.data, parent.data, *bench.around.get((node.data, parent.data), ()))
        row, column = bench.axis(parent.dims[0]), bench.axis(parent.dims[1])
        if node.is_scalar:
            upstream = bench.workshop.make("partial", (), named, parent.dims)
            factor = bench.entry(upstream, row, column)
        elif 1 in node.dims and 1 in parent.dims:
            sizes = (max(parent.dims, key=_is_open), max(node.dims, key=_is_open))
            upstream = bench.workshop.make("partial", (), named, sizes)
            factor = bench.entry(upstream, column if parent.dims[0] == 1 else row, j if node.dims[0] == 1 else i)
        else:
            raise Stuck(node.data, "an unspecified derivative of a matrix cannot be written")
        out += summed(bench.entries.product(factor, bench.pending(parent, row, column)), row, column)
    return out


def _is_open(size: Size) -> bool:
    return size != 1


LINEAR = (
    Rule(
        CHAIN,
        "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.2, eq. (6.46)",
        ("dependency",),
        chain_rule,
        Example({"J": "scalar", "z": "K", "W": "K x M", "x": "M"}, ("z = W x", "J = J(z)"), "x", "J"),
    ),
    Rule(
        SUM,
        SPIVAK,
        ("add",),
        sum_rule,
        Example({"f": "scalar", "a": "n", "b": "n", "x": "n"}, ("f = a^T x + x^T b",), "x"),
        trivial=True,
    ),
    Rule(
        PRODUCT,
        SPIVAK,
        ("mul", "entrywise"),
        product_rule,
        Example({"f": "n", "a": "n", "x": "n"}, (r"f = x \odot a \odot x",), "x"),
    ),
    Rule(
        "quotient rule",
        SPIVAK,
        ("quotient",),
        quotient_rule,
        Example({"f": "scalar", "x": "n", "a": "n"}, (r"f = \frac{a^T x}{x^T x}",), "x"),
    ),
    Rule(
        POWER,
        SPIVAK,
        ("power",),
        power_rule,
        Example({"f": "scalar", "x": "n"}, (r"f = \sum_{i=1}^n x_i^3",), "x"),
    ),
    Rule(
        PRODUCT_ENTRY,
        COOKBOOK + ", eq. (37)",
        ("chain",),
        matrix_product,
        Example({"f": "scalar", "a": "m", "X": "m x n", "b": "n"}, ("f = a^T X b",), "X"),
    ),
    Rule(
        TRANSPOSE_ENTRY,
        COOKBOOK + ", eq. (42)",
        ("transpose",),
        transpose,
        Example({"f": "scalar", "a": "n", "X": "m x n", "b": "m"}, ("f = a^T X^T b",), "X"),
        trivial=True,
    ),
    Rule(
        "entry of a diagonal matrix",
        COOKBOOK,
        ("diag",),
        diag,
        Example({"f": "scalar", "a": "n", "x": "n", "b": "n"}, (r"f = a^T \operatorname{diag}(x) b",), "x"),
    ),
    Rule(
        "diagonal of a matrix",
        COOKBOOK,
        ("diagonal",),
        diagonal,
        Example({"f": "n", "X": "n x n"}, (r"f = \operatorname{diag}(X)",), "X"),
        trivial=True,
    ),
)
