"""Expression -> SymPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.sympy.from_sympy import RELATIONS, STEPS, counts_from_zero
from truestep.derivations.sympy.names_in_sympy import derivative

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMPARISONS = {sign: made for made, sign in RELATIONS.items()}
AT_ZERO = {sign: value for value, sign in STEPS.items()}
ENTRYWISE = {"circ", "odot"}
# heads that are one object of SymPy, made of what the arguments are
MADE: dict[str, Callable[..., Any]] = {
    "transpose": sympy.Transpose,
    "abs": sympy.Abs,
    "derivative": derivative,
    "and": sympy.And,
    "or": sympy.Or,
    "not": sympy.Not,
    "kronecker": sympy.KroneckerDelta,
    "identity": sympy.Identity,
    "otherwise": lambda: sympy.true,
}


def to_sympy(expression: Expression, objects: Mapping[str, Any]) -> Any:
    """The SymPy object that an expression says; ``objects`` holds the SymPy symbols by name.

    A name that is not there becomes a plain symbol, and a base with entries an IndexedBase.  Raises MeaningFault for
    what is outside of the fragment.

    >>> from truestep.derivations.language.expression import negative, symbol
    >>> to_sympy(negative(symbol("x")), {})
    -x
    """
    return _To(objects).make(expression)


def is_matrix(made: Any) -> bool:
    """Whether SymPy takes an object for a matrix."""
    return bool(getattr(made, "is_Matrix", False))


class _To:
    """Expression -> SymPy, one method for each head."""

    def __init__(self, objects: Mapping[str, Any]) -> None:
        self.objects = objects

    def make(self, node: Expression) -> Any:
        """The SymPy object of a node."""
        if node.head not in _TO and node.head not in MADE:
            raise MeaningFault(f"{node.head} is outside of what truestep writes to SymPy", node.span)
        try:
            return MADE[node.head](*self.all(node.args)) if node.head in MADE else _TO[node.head](self, node)
        except (TypeError, ValueError, IndexError, AttributeError, sympy.ShapeError) as fault:
            raise MeaningFault(f"SymPy has no object for this: {fault}", node.span) from None

    def all(self, nodes: tuple[Expression, ...]) -> list[Any]:
        """The SymPy objects of some nodes."""
        return [self.make(node) for node in nodes]

    def number(self, node: Expression) -> Any:
        """An exact rational, or a Float for a written decimal."""
        value, places = node.data
        exact = sympy.Rational(value.numerator, value.denominator)
        return exact if places is None else sympy.Float(exact)

    def constant(self, node: Expression) -> Any:
        """Euler's number or pi."""
        return sympy.E if node.data == "e" else sympy.pi

    def name(self, node: Expression) -> Any:
        """A symbol as the table has it."""
        return self.objects.get(node.data) or sympy.Symbol(node.data)

    def entry(self, node: Expression) -> Any:
        """An entry of an IndexedBase, from 1, or of a matrix, from 0."""
        base, places = node.args[0], list(node.args[1:])
        if any(place.head == "slice" for place in places):
            raise MeaningFault("a row or column is outside of what truestep writes to SymPy", node.span)
        known = self.make(base)
        if not is_matrix(known):
            if not isinstance(known, sympy.Symbol | sympy.IndexedBase):
                raise MeaningFault("an entry of this is outside of what truestep writes to SymPy", node.span)
            return (known if isinstance(known, sympy.IndexedBase) else sympy.IndexedBase(known))[
                tuple(self.all(tuple(places)))
            ]
        made = [self.make(place) - (1 if place.head == "number" else 0) for place in places]
        full = [sympy.S.Zero if size == 1 and len(made) < 2 else made.pop(0) for size in known.shape]
        return MatrixElement(known, *full)

    def add(self, node: Expression) -> Any:
        """A sum: of numbers, or of matrices."""
        made = self.all(node.args)
        if not any(map(is_matrix, made)):
            return sympy.Add(*made)
        if not all(map(is_matrix, made)):
            raise MeaningFault("a number and a matrix cannot be added in SymPy", node.span)
        return sympy.MatAdd(*made)

    def negative(self, node: Expression) -> Any:
        """The term times -1."""
        return self.times(sympy.S.NegativeOne, "", self.make(node.args[0]))

    def product(self, node: Expression) -> Any:
        """Factors in their order: numbers, matrix products, entrywise products."""
        made = self.all(node.args)
        if not any(map(is_matrix, made)):
            return sympy.Mul(*self.factors(node))
        if all(map(is_matrix, made)) and set(node.data[1:]) <= ENTRYWISE:
            return sympy.HadamardProduct(*made)
        result, *rest = made
        for sign, factor in zip(node.data[1:], rest, strict=True):
            result = self.times(result, sign, factor)
        return result

    def factors(self, node: Expression) -> list[Any]:
        """The factors of a number, taken together since SymPy multiplies out 2 (x + y)."""
        if node.head == "product":
            return [factor for arg in node.args for factor in self.factors(arg)]
        if node.head == "quotient":
            above, below = map(self.factors, node.args)
            return [*above, *(sympy.Pow(factor, -1) for factor in below)]
        return [self.make(node)]

    def times(self, left: Any, sign: str, right: Any) -> Any:
        """One product."""
        if not is_matrix(left) and not is_matrix(right):
            return sympy.Mul(left, right)
        if is_matrix(left) and is_matrix(right) and sign in ENTRYWISE:
            return sympy.HadamardProduct(left, right)
        parts = [part for side in (left, right) for part in (side.args if isinstance(side, sympy.MatMul) else (side,))]
        scalars = [part for part in parts if not is_matrix(part)]
        matrices = [part for part in parts if is_matrix(part)]
        return sympy.MatMul(*([sympy.Mul(*scalars)] if scalars else []), *matrices)

    def quotient(self, node: Expression) -> Any:
        """A quotient by a number."""
        above, below = self.all(node.args)
        if is_matrix(below):
            raise MeaningFault("SymPy does not divide by a matrix", node.span)
        return self.times(sympy.Pow(below, -1), "", above) if is_matrix(above) else sympy.Mul(*self.factors(node))

    def power(self, node: Expression) -> Any:
        """A power; of a matrix the inverse or a matrix power."""
        base, exponent = self.all(node.args)
        if not is_matrix(base):
            return sympy.Pow(base, exponent)
        return sympy.Inverse(base) if exponent == -1 else sympy.MatPow(base, exponent)

    def root(self, node: Expression) -> Any:
        """A root as a power."""
        degree = sympy.Integer(2) if node.args[1].head == "none" else self.make(node.args[1])
        return sympy.Pow(self.make(node.args[0]), 1 / degree)

    def group(self, node: Expression) -> Any:
        """What stands in brackets."""
        return self.make(node.args[0])

    def apply(self, node: Expression) -> Any:
        """A function of numbers, or of all entries of a matrix."""
        name, primes, _ = node.data
        if primes:
            raise MeaningFault("a primed function is outside of what truestep writes to SymPy", node.span)
        made = self.all(node.args)
        known = BY_NAME.get(name)
        function = (
            getattr(sympy, known.cas)
            if known and known.cas
            else sympy.Function(known.letter or known.word if known else name)
        )
        elementwise = known.kind == "elementwise" if known else False
        if len(made) == 1 and is_matrix(made[0]) and elementwise:
            return made[0].applyfunc(function)
        return function(*made)

    def total(self, node: Expression) -> Any:
        """A sum or product over one index between two limits."""
        body, lower, upper, condition = node.args
        if condition.head != "none" or len(node.data) != 1 or "none" in (lower.head, upper.head):
            raise MeaningFault("a sum without limits is outside of what truestep writes to SymPy", node.span)
        letter = self.objects.get(node.data[0]) or sympy.Symbol(node.data[0])
        made, low, high = self.all((body, lower, upper))
        if counts_from_zero(letter, made):
            low, high = low - 1, high - 1
        return (sympy.Sum if node.head == "sum" else sympy.Product)(made, (letter, low, high))

    def cases(self, node: Expression) -> Any:
        """Values with their conditions."""
        parts = self.all(node.args)
        return sympy.Piecewise(*zip(parts[::2], parts[1::2], strict=True))

    def relation(self, node: Expression) -> Any:
        """An equation or a comparison."""
        if node.data not in COMPARISONS:
            raise MeaningFault(f"the relation {node.data!r} is outside of what truestep writes to SymPy", node.span)
        return COMPARISONS[node.data](*self.all(node.args))

    def indicator(self, node: Expression) -> Any:
        """An indicator: Heaviside's step for a sign, else the cases 1 and 0."""
        condition = node.args[0]
        if condition.head == "relation" and condition.data in AT_ZERO:
            left, right = self.all(condition.args)
            return sympy.Heaviside(left - right, AT_ZERO[condition.data])
        return sympy.Piecewise((sympy.S.One, self.make(condition)), (sympy.S.Zero, sympy.true))

    def ones(self, node: Expression) -> Any:
        """The vector or matrix of ones."""
        return sympy.OneMatrix(*[*self.all(node.args), sympy.S.One][:2])

    def matrix(self, node: Expression) -> Any:
        """A matrix by its entries."""
        return sympy.ImmutableDenseMatrix(len(node.args) // node.data, node.data, self.all(node.args))


_TO: dict[str, Callable[[_To, Expression], Any]] = {
    "number": _To.number,
    "constant": _To.constant,
    "symbol": _To.name,
    "unknown": _To.name,
    "index": _To.name,
    "size": _To.name,
    "entry": _To.entry,
    "add": _To.add,
    "negative": _To.negative,
    "product": _To.product,
    "quotient": _To.quotient,
    "power": _To.power,
    "root": _To.root,
    "group": _To.group,
    "apply": _To.apply,
    "sum": _To.total,
    "prod": _To.total,
    "cases": _To.cases,
    "relation": _To.relation,
    "indicator": _To.indicator,
    "ones": _To.ones,
    "matrix": _To.matrix,
}
