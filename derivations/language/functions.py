r"""The functions of the field: one row each.

A body is given in terms of the primitives, so that a derivative is computed from it; Goodfellow, Bengio and Courville,
*Deep Learning*, sections 3.10 and 6.3, and Hendrycks and Gimpel (2016) for GELU.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.meaning.terms import Arena, Term

    Body = Callable[[Arena, Term], Term]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its name, how people spell it, its kind, and its body.

    Kinds: ``elementwise`` (of each entry), ``vector`` (of a whole vector, same shape), ``reduce`` (to a scalar),
    ``matrix`` (handled where matrices are), ``two`` (of two scalars).
    """

    name: str
    spellings: tuple[str, ...]
    kind: str
    body: Body | None = None


def _exp(arena: Arena, t: Term) -> Term:
    return arena.function("exp", t)


def _log(arena: Arena, t: Term) -> Term:
    if t.op == "constant" and t.data == 1:
        return arena.constant(0)
    return arena.function("log", t)


def _over(arena: Arena, above: Term, below: Term) -> Term:
    return arena.multiply((above, arena.power(below, Fraction(-1))))


def _sigmoid(arena: Arena, t: Term) -> Term:
    one = arena.constant(1)
    return arena.power(arena.add((one, _exp(arena, arena.negative(t)))), Fraction(-1))


def _cosh(arena: Arena, t: Term) -> Term:
    return arena.multiply((arena.constant(Fraction(1, 2)), arena.add((_exp(arena, t), _exp(arena, arena.negative(t))))))


def _sinh(arena: Arena, t: Term) -> Term:
    minus = arena.negative(_exp(arena, arena.negative(t)))
    return arena.multiply((arena.constant(Fraction(1, 2)), arena.add((_exp(arena, t), minus))))


def _tanh(arena: Arena, t: Term) -> Term:
    return _over(arena, _sinh(arena, t), _cosh(arena, t))


def _softplus(arena: Arena, t: Term) -> Term:
    return _log(arena, arena.add((arena.constant(1), _exp(arena, t))))


def _relu(arena: Arena, t: Term) -> Term:
    return arena.function("relu", t)


def _leaky_relu(arena: Arena, t: Term) -> Term:
    """Slope 0.01 where t is negative."""
    slope = arena.constant(Fraction(1, 100))
    return arena.add((arena.multiply((slope, t)), arena.multiply((arena.constant(Fraction(99, 100)), _relu(arena, t)))))


def _gelu(arena: Arena, t: Term) -> Term:
    root = arena.power(arena.constant(2), Fraction(-1, 2))
    inner = arena.add((arena.constant(1), arena.function("erf", arena.multiply((t, root)))))
    return arena.multiply((arena.constant(Fraction(1, 2)), t, inner))


def _sin(arena: Arena, t: Term) -> Term:
    return arena.function("sin", t)


def _cos(arena: Arena, t: Term) -> Term:
    return arena.function("cos", t)


def _tan(arena: Arena, t: Term) -> Term:
    return _over(arena, _sin(arena, t), _cos(arena, t))


def _opaque(name: str) -> Body:
    return lambda arena, t: arena.function("opaque", t, (name, 0))


FUNCTIONS = (
    Function("exp", (r"\exp", "exp", "Exp"), "elementwise", _exp),
    Function("log", (r"\log", r"\ln", "log", "ln"), "elementwise", _log),
    Function("sigmoid", (r"\sigma", "sigmoid", "logistic", "sigm"), "elementwise", _sigmoid),
    Function("tanh", (r"\tanh", "tanh"), "elementwise", _tanh),
    Function("sinh", (r"\sinh", "sinh"), "elementwise", _sinh),
    Function("cosh", (r"\cosh", "cosh"), "elementwise", _cosh),
    Function("relu", ("ReLU", "ReLu", "relu", "Relu", "RELU"), "elementwise", _relu),
    Function("leaky relu", ("LeakyReLU", "leakyrelu", "LReLU", "LeakyRelu"), "elementwise", _leaky_relu),
    Function("softplus", ("softplus", "Softplus", "SoftPlus"), "elementwise", _softplus),
    Function("gelu", ("GELU", "gelu", "Gelu"), "elementwise", _gelu),
    Function(
        "sech", ("sech", r"\sech"), "elementwise", lambda arena, t: _over(arena, arena.constant(1), _cosh(arena, t))
    ),
    Function(
        "coth", ("coth", r"\coth"), "elementwise", lambda arena, t: _over(arena, _cosh(arena, t), _sinh(arena, t))
    ),
    Function("sin", (r"\sin", "sin"), "elementwise", _sin),
    Function("cos", (r"\cos", "cos"), "elementwise", _cos),
    Function("tan", (r"\tan", "tan"), "elementwise", _tan),
    Function("arctan", (r"\arctan", "arctan"), "elementwise", lambda arena, t: arena.function("arctan", t)),
    Function("arcsin", (r"\arcsin", "arcsin"), "elementwise", _opaque("arcsin")),
    Function("arccos", (r"\arccos", "arccos"), "elementwise", _opaque("arccos")),
    Function("erf", (r"\erf", "erf"), "elementwise", lambda arena, t: arena.function("erf", t)),
    Function("abs", ("abs",), "elementwise", lambda arena, t: arena.function("abs", t)),
    Function(
        "sign",
        ("sign", "sgn", r"\sgn", r"\sign"),
        "elementwise",
        lambda arena, t: arena.add(
            (arena.function("positive", t), arena.negative(arena.function("positive", arena.negative(t))))
        ),
    ),
    Function("sqrt", ("sqrt",), "elementwise", lambda arena, t: arena.power(t, Fraction(1, 2))),
    Function("softmax", ("softmax", "Softmax", r"\softmax", "SoftMax"), "vector"),
    Function("log-softmax", ("logsoftmax", "LogSoftmax"), "vector"),
    Function("log-sum-exp", ("logsumexp", "LSE", "LogSumExp"), "reduce"),
    Function("max", (r"\max", "max"), "two"),
    Function("min", (r"\min", "min"), "two"),
    Function("argmax", (r"\argmax", "argmax"), "two"),
    Function("argmin", (r"\argmin", "argmin"), "two"),
    Function("trace", (r"\tr", "tr", "Tr", r"\Tr", "trace", r"\trace"), "matrix"),
    Function("det", (r"\det", "det"), "matrix"),
    Function("diag", (r"\diag", "diag", "Diag", r"\Diag"), "matrix"),
    Function("vec", ("vec",), "matrix"),
)

BY_NAME = {function.name: function for function in FUNCTIONS}
BY_SPELLING = {spelling: function.name for function in FUNCTIONS for spelling in function.spellings}
