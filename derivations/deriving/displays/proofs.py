"""Small derivations of what a step makes use of: the derivatives of sigmoid, tanh and softplus, the softmax Jacobian.

Goodfellow, Bengio and Courville, *Deep Learning* (2016), section 3.10; Bishop, *Pattern Recognition and Machine
Learning* (2006), eq. (4.88) for the sigmoid and (4.106) for the softmax.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.phrasing import over
from truestep.derivations.deriving.rule_names import FACTORING
from truestep.derivations.deriving.steps import Derivation, Step
from truestep.derivations.language.expression import NONE, Expression, add, negative, number, product
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.monomials import Entry
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.givens import Givens

ONE = Expression("number", (), (Fraction(1), None))
TWO = Expression("number", (), (Fraction(2), None))
E = Expression("constant", (), "e")

Line = tuple[str, Expression]


def chained(goal: Expression, lines: Sequence[Line], condition: Expression | None = None) -> Derivation:
    """The derivation whose lines are given with their rules."""
    before, steps = goal, list[Step]()
    for rule, after in lines:
        if after != before:
            steps.append(Step(before, rule, after))
            before = after
    return Derivation(goal, tuple(steps), condition)


def partial(of: Expression, by: Expression) -> Expression:
    """A partial derivative as written: a name stands in the numerator, anything else behind the operator."""
    named = of.head in ("symbol", "entry", "member", "unknown")
    return Expression("derivative", (of, by), "Leibniz" if named else "operator")


def _exp(exponent: Expression) -> Expression:
    return Expression("power", (E, exponent))


def _over(above: Expression, below: Expression) -> Expression:
    return over((above,), (below,))


def _square(base: Expression) -> Expression:
    return Expression("power", (base, TWO))


def sigmoid(value: Expression, t: Expression) -> Derivation:
    """s' = s (1 - s), by adding and subtracting one."""
    bell = _exp(negative(t))
    below = add(ONE, bell)
    return chained(
        partial(value, t),
        (
            ("definition", partial(_over(ONE, below), t)),
            ("quotient rule", _over(bell, _square(below))),
            ("adding and subtracting 1", _over(add(below, negative(ONE)), _square(below))),
            ("splitting the fraction", add(_over(ONE, below), negative(_over(ONE, _square(below))))),
            ("definition", add(value, negative(_square(value)))),
            (FACTORING, product(value, add(ONE, negative(value)))),
        ),
    )


def tanh(value: Expression, t: Expression) -> Derivation:
    """tanh' = 1 - tanh^2, by the quotient rule."""
    grows, falls = _exp(t), _exp(negative(t))
    above, below = add(grows, negative(falls)), add(grows, falls)
    squares = add(_square(below), negative(_square(above)))
    return chained(
        partial(value, t),
        (
            ("definition", partial(_over(above, below), t)),
            ("quotient rule", _over(squares, _square(below))),
            ("splitting the fraction", add(ONE, negative(_square(_over(above, below))))),
            ("definition", add(ONE, negative(_square(value)))),
        ),
    )


def softplus(value: Expression, t: Expression) -> Derivation:
    """log(1 + e^t)' is the sigmoid."""
    inner = add(ONE, _exp(t))
    return chained(
        partial(value, t),
        (
            ("definition", partial(Expression("apply", (inner,), ("log", 0, None)), t)),
            ("chain rule", _over(_exp(t), inner)),
            ("dividing by the exponential", _over(ONE, add(ONE, _exp(negative(t))))),
        ),
    )


def softmax(
    values: tuple[Expression, Expression], logits: tuple[Expression, Expression, Expression], bound: str
) -> Derivation:
    """ds_k/dz_l = s_k (delta_kl - s_l), by the quotient rule with a delta.

    ``values`` are s_k and s_l, ``logits`` z_k, z_l, and z at the bound index.
    """
    s_k, s_l = values
    z_k, z_l, z_m = logits
    total = Expression("sum", (_exp(z_m), NONE, NONE, NONE), (bound,))
    delta = Expression("kronecker", (z_k.args[-1], z_l.args[-1]))
    quotient = _over(_exp(z_k), total)
    unfolded = add(product(partial(_exp(z_k), z_l), total), negative(product(_exp(z_k), partial(total, z_l))))
    taken = add(product(_exp(z_k), delta, total), negative(product(_exp(z_k), _exp(z_l))))
    return chained(
        partial(s_k, z_l),
        (
            ("definition", partial(quotient, z_l)),
            ("quotient rule", _over(unfolded, _square(total))),
            ("exponential", _over(taken, _square(total))),
            ("splitting the fraction", product(quotient, add(delta, negative(_over(_exp(z_l), total))))),
            ("definition", product(s_k, add(delta, negative(s_l)))),
        ),
    )


def softmax_cases(
    values: tuple[Expression, Expression], logits: tuple[Expression, Expression, Expression], bound: str
) -> tuple[Derivation, Derivation]:
    """ds_l/dz_l = s_l (1 - s_l), and ds_k/dz_l = -s_k s_l for k other than l, each by the quotient rule."""
    s_k, s_l = values
    z_k, z_l, z_m = logits
    total = Expression("sum", (_exp(z_m), NONE, NONE, NONE), (bound,))
    own, other = _exp(z_l), _exp(z_k)
    same = chained(
        partial(s_l, z_l),
        (
            ("definition", partial(_over(own, total), z_l)),
            ("quotient rule", _over(add(product(own, total), negative(product(own, own))), _square(total))),
            ("splitting the fraction", product(_over(own, total), add(ONE, negative(_over(own, total))))),
            ("definition", product(s_l, add(ONE, negative(s_l)))),
        ),
    )
    zero = product(number(Fraction(0)), total)
    different = chained(
        partial(s_k, z_l),
        (
            ("definition", partial(_over(other, total), z_l)),
            ("quotient rule", _over(add(zero, negative(product(other, own))), _square(total))),
            ("splitting the fraction", negative(product(_over(other, total), _over(own, total)))),
            ("definition", negative(product(s_k, s_l))),
        ),
        Expression("relation", (z_k.args[-1], z_l.args[-1]), "!="),
    )
    return same, different


PROVED = {("sigmoid", 0): sigmoid, ("tanh", 0): tanh, ("softplus", 0): softplus}


def is_proved(node: Node) -> bool:
    """Whether there is a small derivation of the derivative of a node by its argument, and the argument has a name."""
    if not node.args or node.args[0].op != "symbol":
        return False
    return node.data in PROVED if node.op == "function" else node.op == "softmax" and node.is_column


def lemma(givens: Givens, entry: Entry, second: Axis | None = None, cases: bool = False) -> tuple[Derivation, ...]:
    """The small derivations for one entry of a function or of a softmax; ``second`` is the index of the logit."""
    node, i, j = entry
    if not is_proved(node):
        return ()
    showing, letters = givens.showing, givens.letters
    letters.keep([*letters.names, *(place for place in (i, j) if isinstance(place, Axis))])
    value, argument = givens.workshop.named.get(node, node), node.args[0]
    if node.op == "function":
        return (PROVED[node.data](showing.at(value, i, j), showing.at(argument, i, j)),)
    size = node.dims[0]
    other = second if second is not None else givens.entries.axis(size)
    bound = givens.entries.axis(size)
    letters.keep([*letters.names, other, bound])
    values = (showing.at(value, i, 1), showing.at(value, other, 1))
    logits = (showing.at(argument, i, 1), showing.at(argument, other, 1), showing.at(argument, bound, 1))
    if cases:
        return softmax_cases(values, logits, letters.names[bound])
    return (softmax(values, logits, letters.names[bound]),)
