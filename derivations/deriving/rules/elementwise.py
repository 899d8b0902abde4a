"""The chain rule for functions of each entry, the softmax, and cases."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import as_power, log_slope, slope_node
from truestep.derivations.deriving.rule_names import PRODUCT
from truestep.derivations.deriving.rules.rule import Bench, Example, Rule, summed
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.functions import BY_NAME

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop

GOODFELLOW = "Goodfellow, Bengio and Courville, Deep Learning (2016), sections 3.10 and 6.3"
HENDRYCKS = "Hendrycks and Gimpel, Gaussian Error Linear Units (2016), section 2"
SPIVAK = "Spivak, Calculus (4th ed., 2008), chapters 10, 15 and 18"


def _less(workshop: Workshop, left: Node, right: Node) -> Node:
    return workshop.add([left, workshop.negative(right)])


FLAT = ("step", "step0")  # derivative 0 but at the jump


def power_of(workshop: Workshop, base: Node, exponent: Node) -> Node:
    """a^b as e^{b log a}; a number stays an exponent."""
    if exponent.op == "number":
        return workshop.power(base, exponent.data)
    return workshop.function("exp", workshop.scale_by(exponent, workshop.function("log", base)))


def function_title(workshop: Workshop, node: Node) -> str:
    """What the derivative of a function is called."""
    name, primes = node.data
    known = BY_NAME.get(name)
    if is_log_sigmoid(node):
        return "logarithm of the sigmoid"
    known_log = log_slope(workshop, node.args[0]) if node.data == ("log", 0) else None
    if known_log is not None:
        return known_log[2]
    return known.title or known.name if known is not None and not primes else f"derivative of {name}"


def is_log_sigmoid(node: Node) -> bool:
    """Whether it is log s(u), whose slope needs no quotient: 1 - s(u) = s(-u)."""
    return node.data == ("log", 0) and node.args[0].op == "function" and node.args[0].data == ("sigmoid", 0)


def chain_rule(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """f(u)' = f'(u) u'."""
    (name, primes), arg = node.data, node.args[0]
    known = BY_NAME.get(name)
    if name in FLAT or (known is not None and known.slope == "0"):
        return []
    raised = as_power(bench.workshop, node)
    if raised is not None and not bench.depends(raised[1]):  # (a^b)' = b a^{b-1} a'
        base, exponent = raised
        less = bench.workshop.add([exponent, bench.workshop.number(Fraction(-1))])
        outer = bench.workshop.scale_by(exponent, power_of(bench.workshop, base, less))
        return bench.entries.product(bench.entry(outer, i, j), bench.pending(base, i, j))
    if is_log_sigmoid(node):  # (log s(u))' = s(-u) u', or (1 - s(u)) u' where u has no minus sign
        inner = arg.args[0]
        is_negative = inner.op == "mul" and inner.data < 0
        less = bench.workshop.add([bench.workshop.number(Fraction(1)), bench.workshop.negative(arg)])
        outer = bench.workshop.function("sigmoid", bench.workshop.negative(inner)) if is_negative else less
        return bench.entries.product(bench.entry(outer, i, j), bench.pending(inner, i, j))
    known_log = log_slope(bench.workshop, arg) if node.data == ("log", 0) else None
    if known_log is not None:  # (log(1 + e^u))' = s(u) u', (log cosh u)' = tanh(u) u'
        outer, inner, _ = known_log
        return bench.entries.product(bench.entry(outer, i, j), bench.pending(inner, i, j))
    if name == "log" and arg.op == "function" and arg.data == ("abs", 0):  # log|u|' = u' / u
        return bench.entries.product(bench.entry(arg.args[0], i, j, -1), bench.pending(arg.args[0], i, j))
    if known is not None and known.slope and not primes:
        outer = slope_node(bench.workshop, name, arg, bench.value(node))
    elif known is not None:
        raise Stuck(name, "its derivative is not in the table")
    else:
        outer = bench.workshop.function(name, arg, primes + 1)
    return bench.entries.product(bench.entry(outer, i, j), bench.pending(arg, i, j))


def softmax(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """ds_k/dz_l = s_k (delta_kl - s_l), along each row for a matrix."""
    arg, value = node.args[0], bench.value(node)
    if node.data == "rows":
        axis = bench.axis(node.dims[1])
        own = bench.entries.product(bench.entry(value, i, j), bench.pending(arg, i, j))
        two = bench.entries.product(bench.entry(value, i, j), bench.entry(value, i, axis))
        others = bench.entries.product(two, bench.pending(arg, i, axis))
        for monomial in others:
            monomial.coefficient *= Fraction(-1)
        return [*own, *summed(others, axis)]
    size, column = (node.dims[0], True) if node.dims[1] == 1 else (node.dims[1], False)
    axis = bench.axis(size)
    value = value if column else bench.workshop.transpose(value)
    jacobian = bench.workshop.make("jacobian", (value,), None, (size, size))
    inner = bench.pending(arg, axis, 1) if column else bench.pending(arg, 1, axis)
    return summed(bench.entries.product(bench.entry(jacobian, i if column else j, axis), inner), axis)


def jacobian(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """d(s_k (delta_kl - s_l)) = ds_k (delta_kl - s_l) - s_k ds_l."""
    value, entries = node.args[0], bench.entries
    own = bench.pending(value, i, 1)
    kept = entries.product(bench.entry(bench.workshop.eye(node.dims[0]), i, j), own)
    lost = [*entries.product(bench.entry(value, j, 1), own)]
    lost += entries.product(bench.entry(value, i, 1), bench.pending(value, j, 1))
    for monomial in lost:
        monomial.coefficient *= Fraction(-1)
    return [*kept, *lost]


def cases(bench: Bench, node: Node, i: Place, j: Place) -> Polynomial:
    """In each case the derivative of its value; there is none at the kink."""
    count = len(node.data)
    out: Polynomial = []
    for place in range(count):
        pending = bench.pending(node.args[place], i, j)
        if pending:
            out += bench.entries.product(bench.entry(_in_case(bench.workshop, node, place), i, j), pending)
    return out


def _in_case(workshop: Workshop, node: Node, place: int) -> Node:
    """1 in one case, 0 in the others; what holds otherwise is the rest."""
    tests = list(node.args[len(node.data) :])
    conditions: list[list[Node]] = []
    for relations in node.data:
        steps = [_step(workshop, relation, tests.pop(0)) for relation in relations]
        conditions.append(steps)
    if conditions[place]:
        return workshop.entrywise(conditions[place])
    others = [_opposite(workshop, steps) for k, steps in enumerate(conditions) if k != place]
    return workshop.entrywise(others)


def _step(workshop: Workshop, relation: str, test: Node) -> Node:
    """1 where the test is in the relation to 0."""
    test = _turned(workshop, test) if relation in ("<", "<=") else test
    return workshop.function("step" if relation in ("<", ">") else "step0", test)


def _turned(workshop: Workshop, test: Node) -> Node:
    """The test with the other sign, term by term."""
    return workshop.add(workshop.negative(arg) for arg in (test.args if test.op == "add" else (test,)))


def _opposite(workshop: Workshop, steps: list[Node]) -> Node:
    """1 where not all of the steps are 1."""
    if len(steps) > 1:
        return _less(workshop, workshop.one, workshop.entrywise(steps))
    name = "step0" if steps[0].data[0] == "step" else "step"
    return workshop.function(name, _turned(workshop, steps[0].args[0]))


ELEMENTWISE = (
    Rule(
        "chain rule",
        SPIVAK + "; " + GOODFELLOW + "; " + HENDRYCKS,
        ("function",),
        chain_rule,
        Example({"f": "n", "x": "n"}, (r"f = \tanh(x)",), "x"),
    ),
    Rule(
        "softmax Jacobian",
        "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4, eq. (4.106)",
        ("softmax",),
        softmax,
        Example({"f": "n", "x": "n"}, (r"f = \operatorname{softmax}(x)",), "x"),
    ),
    Rule(
        PRODUCT,
        SPIVAK,
        ("jacobian",),
        jacobian,
        Example({"f": "n", "x": "n"}, (r"f = \operatorname{softmax}(x)",), r"x_j \partial x_k", "^2 f_i"),
    ),
    Rule(
        "case by case",
        SPIVAK,
        ("cases",),
        cases,
        Example(
            {"f": "n", "x": "n"}, (r"f_i = \begin{cases} x_i & x_i > 0 \\ 0.01 x_i & x_i \leq 0 \end{cases}",), "x"
        ),
    ),
)
