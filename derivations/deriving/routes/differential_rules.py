r"""Rules for differentials of whole matrices: each says what d of an operation is in terms of d of its arguments.

Magnus and Neudecker, *Matrix Differential Calculus with Applications in Statistics and Econometrics* (3rd ed., 2019),
chapters 8 and 9; Petersen and Pedersen, *The Matrix Cookbook* (2012), section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import log_slope, slope_node
from truestep.derivations.deriving.rule_names import POWER, PRODUCT, SUM
from truestep.derivations.deriving.rules.elementwise import function_title
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop

HALF = Fraction(1, 2)
KINKED = ("step", "step0", "sign")


@dataclass(frozen=True)
class Differentials:
    """Makes differentials of nodes: nothing of what is constant, sums and transposes at once, d u of all else.

    ``constant`` holds what was left out for that: from then on a row is of the one variable, others being fixed.
    """

    workshop: Workshop
    reaching: frozenset[str]
    constant: set[Node] = field(default_factory=set)

    def of(self, node: Node) -> Node:
        """d of a node; constant numbers before it, sums and transposes are passed."""
        workshop = self.workshop
        if self.reaching.isdisjoint(node.names):
            self.constant.update((node,) if node.names else ())
            return workshop.zeros(node.dims)
        match node.op:
            case "add":
                return workshop.add(self._as_wide(self.of(arg), node) for arg in node.args)
            case "transpose":
                return workshop.transpose(self.of(node.args[0]))
            case "trace":
                return workshop.trace(self.of(node.args[0]))
            case "mul":
                constant = [arg for arg in node.args if self.reaching.isdisjoint(arg.names)]
                varying = [arg for arg in node.args if arg not in constant]
                self.constant.update(arg for arg in constant if arg.names)
                if len(varying) == 1:
                    return workshop.scale_by(workshop.number(node.data), *constant, self.of(varying[0]))
                if node.data != 1:
                    return workshop.scale(node.data, self.of(workshop.scale(1 / node.data, node)))
        return workshop.make("differential", (node,), None, node.dims)

    def _as_wide(self, term: Node, node: Node) -> Node:
        """A scalar beside an array is added to each entry."""
        return term if term.dims == node.dims else self.workshop.scale_by(term, self.workshop.ones(node.dims))


@dataclass(frozen=True, slots=True)
class DifferentialRule:
    """One rule: its name, the operations that it takes apart, an example, and d of such a node."""

    name: str
    ops: tuple[str, ...]
    example: tuple[str, str]
    apply: Callable[[Differentials, Node], Node]

    def title(self, workshop: Workshop, node: Node) -> str:
        """What is said beside the row."""
        return f"chain rule ({function_title(workshop, node)})" if node.op == "function" else self.name


def product(d: Differentials, node: Node) -> Node:
    """d(A B) = dA B + A dB."""
    workshop, args = d.workshop, node.args
    return workshop.add(workshop.remake(node, [*args[:k], d.of(arg), *args[k + 1 :]]) for k, arg in enumerate(args))


def inverse(d: Differentials, node: Node) -> Node:
    """d(A^-1) = -A^-1 dA A^-1."""
    return d.workshop.negative(d.workshop.chain([node, d.of(node.args[0]), node]))


def determinant(d: Differentials, node: Node) -> Node:
    """d det A = det A tr(A^-1 dA)."""
    base = node.args[0]
    return d.workshop.scale_by(node, d.workshop.trace(d.workshop.chain([d.workshop.inverse(base), d.of(base)])))


def inner(d: Differentials, base: Node) -> Node:
    """tr(A^T dA), for columns A^T dA."""
    turned = d.workshop.transpose(base)
    return d.workshop.trace(d.workshop.chain([turned, d.of(base)]))


def power(d: Differentials, node: Node) -> Node:
    """d(u^a) = a u^(a - 1) du for each entry; d|A|^2 = 2 tr(A^T dA)."""
    workshop, base, exponent = d.workshop, node.args[0], node.data
    if base.op == "norm" and exponent == 2:
        return workshop.scale(exponent, inner(d, base.args[0]))
    slope = workshop.power(node, Fraction(-1)) if exponent == HALF else workshop.power(base, exponent - 1)
    return workshop.scale(exponent, workshop.entrywise([slope, d.of(base)]))


def norm(d: Differentials, node: Node) -> Node:
    """d|A| = tr(A^T dA) / |A|."""
    return d.workshop.scale_by(d.workshop.power(node, Fraction(-1)), inner(d, node.args[0]))


def nuclear(d: Differentials, node: Node) -> Node:
    """d|A|_* = tr(P^T dA) with P = A (A^T A)^(-1/2)."""
    base = node.args[0]
    polar = d.workshop.transpose(d.workshop.make("polar", (base,), None, base.dims))
    return d.workshop.trace(d.workshop.chain([polar, d.of(base)]))


def spectral(d: Differentials, node: Node) -> Node:
    """d|A|_2 = u^T dA v with the singular vectors of the largest singular value, where that is simple."""
    base, left, right = node.args
    return d.workshop.chain([d.workshop.transpose(left), d.of(base), right])


def trace_of_root(d: Differentials, node: Node) -> Node:
    """d tr(A^(1/2)) = tr(A^(-1/2) dA) / 2, where A is symmetric and positive definite."""
    base = node.args[0]
    inner = d.workshop.trace(d.workshop.chain([d.workshop.root(base, -HALF), d.of(base)]))
    return d.workshop.scale(HALF, inner)


def function(d: Differentials, node: Node) -> Node:
    """d f(u) = f'(u) du for each entry."""
    workshop, (name, primes), arg = d.workshop, node.data, node.args[0]
    known = BY_NAME.get(name)
    if name in KINKED or (known is not None and known.slope == "0"):
        return workshop.zeros(node.dims)
    if name == "log" and arg.op == "function" and arg.data == ("abs", 0):  # d log|u| = du / u
        return workshop.entrywise([workshop.power(arg.args[0], Fraction(-1)), d.of(arg.args[0])])
    known_log = log_slope(workshop, arg) if node.data == ("log", 0) else None
    if known_log is not None:
        outer, inner, _ = known_log
        return workshop.entrywise([outer, d.of(inner)])
    if known is not None and (primes or not known.slope):
        raise Stuck(name, "its derivative is not in the table")
    value = workshop.named.get(node, node)
    slope = workshop.function(name, arg, primes + 1) if known is None else slope_node(workshop, name, arg, value)
    return workshop.entrywise([slope, d.of(arg)])


def softmax(d: Differentials, node: Node) -> Node:
    """ds = s * (du - (s^T du) 1), along each row of a matrix."""
    workshop, du = d.workshop, d.of(node.args[0])
    value = workshop.named.get(node, node)
    if not node.is_column:
        ones = workshop.ones((node.dims[1], 1))
        sums = workshop.chain([workshop.entrywise([value, du]), ones, workshop.transpose(ones)])
        return workshop.entrywise([value, workshop.add([du, workshop.negative(sums)])])
    mean = workshop.scale_by(workshop.chain([workshop.transpose(value), du]), workshop.ones(node.dims))
    return workshop.entrywise([value, workshop.add([du, workshop.negative(mean)])])


def on_diagonal(d: Differentials, node: Node) -> Node:
    """d diag(u) = diag(du)."""
    return d.workshop.remake(node, [d.of(node.args[0])])


DIFFERENTIAL_RULES = (
    DifferentialRule(SUM, ("add", "transpose", "trace"), (r"f = x^T x + a^T x", "x"), Differentials.of),
    DifferentialRule(PRODUCT, ("chain", "entrywise", "mul"), (r"f = \operatorname{tr}(X A X)", "X"), product),
    DifferentialRule("differential of an inverse", ("inverse",), (r"f = a^T X^{-1} b", "X"), inverse),
    DifferentialRule("Jacobi's formula", ("det",), (r"f = \det(X)", "X"), determinant),
    DifferentialRule(POWER, ("power",), (r"f = \|A x - b\|_2^2", "x"), power),
    DifferentialRule("differential of a norm", ("norm",), (r"f = \|x - a\|_2", "x"), norm),
    DifferentialRule("differential of the nuclear norm", ("nuclear",), (r"f = \|X - A\|_*", "X"), nuclear),
    DifferentialRule("differential of the spectral norm", ("spectral",), (r"f = \|X\|_2", "X"), spectral),
    DifferentialRule(
        "differential of the trace of a root",
        ("trace of root",),
        (r"f = \operatorname{tr}((X^T X)^{1/2})", "X"),
        trace_of_root,
    ),
    DifferentialRule("chain rule", ("function",), (r"f = a^T \tanh(A x)", "x"), function),
    DifferentialRule("softmax Jacobian", ("softmax",), (r"f = a^T \operatorname{softmax}(A x)", "x"), softmax),
    DifferentialRule(
        "diagonal of a differential", ("diag", "diagonal"), (r"f = a^T \operatorname{diag}(x) b", "x"), on_diagonal
    ),
)
BY_OP = {op: rule for rule in DIFFERENTIAL_RULES for op in rule.ops}
