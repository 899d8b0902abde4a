"""Shaped values: what an expression says where some indices are bound, as nodes or as polynomials of entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.contracting import NoMatrixForm, matrix_form
from truestep.derivations.deriving.algebra.monomials import Entries, Monomial, Polynomial
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Dims, Size

    Rule = Callable[["Lifting", Expression, Mapping[str, Place]], "Shaped"]

ANY: Size = "?"  # a size that the surroundings give


@dataclass(frozen=True, slots=True)
class Shaped:
    """A value with a shape that may depend on axes: its entries are polynomials; ``node`` where it depends on none."""

    dims: Dims
    at: Callable[[Place, Place], Polynomial]
    node: Node | None = None


@dataclass(frozen=True)
class Lifting:
    """The names of one place, and the workshop in which nodes are made."""

    workshop: Workshop
    entries: Entries
    notation: Notation
    uniform: Mapping[str, Size] = field(default_factory=dict)
    formals: Mapping[str, Shaped] = field(default_factory=dict)
    labels: dict[str, Axis] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    singular: tuple[tuple[Expression, str, str], ...] = ()

    def node(self, expression: Expression) -> Node:
        """The node of an expression without free indices; Stuck where a form is not known."""
        return self.as_node(self.lift(expression, {}), ())

    def definition(self, body: Expression, indices: Mapping[str, Size]) -> Node:
        """The node whose entries an entrywise definition gives."""
        axes = {name: self.entries.axis(size) for name, size in indices.items()}
        return self.as_node(self.lift(body, axes), tuple(axes.values()))

    def as_node(self, value: Shaped, axes: tuple[Axis, ...]) -> Node:
        """The node over some axes, then the rows and columns of the value."""
        if value.node is not None and not axes:
            return value.node
        row, column = self.places(value.dims)
        free = (*axes, *(place for place in (row, column) if isinstance(place, Axis)))
        return self.form(value.at(row, column), free)

    def form(self, polynomial: Polynomial, free: Sequence[Axis]) -> Node:
        try:
            return matrix_form(self.workshop, self.entries.clean(polynomial), free)
        except NoMatrixForm:
            raise Stuck("a given", "this sum of products of entries is no product of matrices") from None

    def places(self, dims: Dims) -> tuple[Place, Place]:
        row, column = (1 if size == 1 else self.entries.axis(size) for size in dims)
        return row, column

    def shaped(self, node: Node) -> Shaped:
        """The value of a node."""
        return Shaped(node.dims, lambda i, j: [self.entries.entry(node, i, j)], node)

    # One rule for each head.

    def lift(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        """The value of an expression where some indices are bound to axes."""
        self.workshop.effort.spend(20)
        rule = self.rules.get(node.head)
        if rule is None:
            raise Stuck("a given", f"truestep derives nothing through {node.head} yet")
        return rule(self, node, axes)

    def scalar(self, polynomial: Polynomial) -> Shaped:
        """A scalar value."""
        return Shaped(SCALAR, lambda _i, _j: polynomial)

    def need_scalar(self, value: Shaped) -> Polynomial:
        """The polynomial of a scalar."""
        if value.dims != SCALAR:
            raise Stuck("a given", "a scalar is needed here")
        return value.at(1, 1)

    def sum_of(self, terms: list[Shaped]) -> Shaped:
        """The sum of values; a scalar is added to every entry."""
        known = next((term.dims for term in terms if term.dims != SCALAR and ANY not in term.dims), None)
        if known is not None:
            terms = [self.sized(term, known) for term in terms]
        dims = known or next((term.dims for term in terms if term.dims != SCALAR), SCALAR)
        if any(term.dims not in (SCALAR, dims) for term in terms):
            raise Stuck("a given", "these shapes cannot be added")
        nodes = [term.node for term in terms]
        if all(node is not None for node in nodes):
            return self.shaped(self.workshop.add([node for node in nodes if node is not None]))

        def at(i: Place, j: Place) -> Polynomial:
            return [
                monomial for term in terms for monomial in (term.at(1, 1) if term.dims == SCALAR else term.at(i, j))
            ]

        return Shaped(dims, at)

    def sized(self, value: Shaped, dims: Dims) -> Shaped:
        """A value of open size with the size that its surroundings give."""
        if ANY not in value.dims or value.node is None:
            return value
        size = next(there for here, there in zip(value.dims, dims, strict=True) if here == ANY)
        return self.shaped(resized(self.workshop, value.node, size))

    def scaled(self, factor: Polynomial, value: Shaped) -> Shaped:
        """A scalar polynomial times a value."""
        if value.node is not None and not any(monomial.axes() for monomial in factor):
            scale = self.form(factor, ())
            return self.shaped(self.workshop.scale_by(scale, value.node))
        return Shaped(value.dims, lambda i, j: self.times(factor, value.at(i, j)))

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        """The product; a factor of several terms stays folded where it can."""
        return self.entries.product(self.folded(left), self.folded(right))

    def folded(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial of several terms as one entry of a node."""
        if len(polynomial) < 2:
            return polynomial
        clean = self.entries.clean(polynomial)
        bound = {axis for monomial in clean for axis in monomial.bound}
        free = list(dict.fromkeys(axis for monomial in clean for axis in monomial.axes() if axis not in bound))
        if len(clean) < 2 or len(free) > 2:
            return clean
        try:
            return [self.entries.entry_at(matrix_form(self.workshop, clean, free), free)]
        except NoMatrixForm:
            return clean

    def multiplied(self, factors: Sequence[Shaped], signs: Sequence[str]) -> Shaped:
        result = factors[0]
        for factor, sign in zip(factors[1:], signs[1:], strict=True):
            result = self.multiply(result, sign, factor)
        return result

    def _entrywise_last(self, factors: Sequence[Shaped], signs: Sequence[str]) -> Shaped | None:
        """The Hadamard product binds weaker than juxtaposition."""
        starts = [0, *(k for k, sign in enumerate(signs) if k and sign in ("odot", "circ", "otimes"))]
        if len(starts) < 2:
            return None
        ends = [*starts[1:], len(factors)]
        groups = [self.multiplied(factors[a:b], signs[a:b]) for a, b in zip(starts, ends, strict=True)]
        return self.multiplied(groups, [signs[k] for k in starts])

    def multiply(self, left: Shaped, sign: str, right: Shaped) -> Shaped:
        """The product that the shapes and the sign make it."""
        if left.dims == SCALAR:
            return self.scaled(left.at(1, 1), right)
        if right.dims == SCALAR:
            return self.scaled(right.at(1, 1), left)
        if sign in ("odot", "circ", "oslash"):
            exponent = Fraction(-1) if sign == "oslash" else Fraction(1)
            return self.entrywise(self.sized(left, right.dims), self.sized(right, left.dims), exponent)
        if sign == "otimes":
            return self.kronecker_product(left, right)
        if ANY in left.dims and left.dims[1] == ANY:
            left = self.sized(left, (right.dims[0],) * 2)
        if ANY in right.dims and right.dims[0] == ANY:
            right = self.sized(right, (left.dims[1],) * 2)
        if left.dims[1] == right.dims[0]:
            return self.matrix_product(left, right)
        if left.dims == right.dims and 1 in left.dims:
            if sign == "cdot":
                return self.matrix_product(self.turned(left), right)
            return self.entrywise(left, right, Fraction(1))
        raise Stuck("a given", "the shapes of these factors do not fit")

    def matrix_product(self, left: Shaped, right: Shaped) -> Shaped:
        """The matrix product."""
        if left.node is not None and right.node is not None:
            return self.shaped(self.workshop.chain([left.node, right.node]))
        shared = left.dims[1]

        def at(i: Place, j: Place) -> Polynomial:
            axis: Place = 1 if shared == 1 else self.entries.axis(shared)
            return summed(self.times(left.at(i, axis), right.at(axis, j)), axis)

        return Shaped((left.dims[0], right.dims[1]), at)

    def entrywise(self, left: Shaped, right: Shaped, exponent: Fraction) -> Shaped:
        """The Hadamard product, or quotient."""
        if left.dims != right.dims:
            raise Stuck("a given", "these shapes have no entrywise product")
        if left.node is not None and right.node is not None:
            return self.shaped(self.workshop.entrywise([left.node, self.workshop.power(right.node, exponent)]))
        return Shaped(left.dims, lambda i, j: self.times(left.at(i, j), self.raised(right.at(i, j), exponent)))

    def kronecker_product(self, left: Shaped, right: Shaped) -> Shaped:
        """Of vectors it is the outer product here; of matrices it stays as it is."""
        if 1 in left.dims and 1 in right.dims:
            one, other = (value if value.dims[1] == 1 else self.turned(value) for value in (left, right))
            return self.matrix_product(one, self.turned(other))
        if left.node is None or right.node is None:
            raise Stuck("a given", "this Kronecker product cannot be derived through")
        dims = tuple(f"{a}*{b}" for a, b in zip(left.dims, right.dims, strict=True))
        return self.shaped(self.workshop.make("kronecker", (left.node, right.node), None, dims))

    def raised(self, polynomial: Polynomial, exponent: Fraction) -> Polynomial:
        """A power of a scalar."""
        folded = self.folded(polynomial)
        if len(folded) == 1 and not folded[0].bound and not folded[0].deltas and exponent.denominator == 1:
            base = folded[0]
            if base.coefficient or exponent > 0:
                powers = {key: power * exponent for key, power in base.entries.items()}
                return [Monomial(base.coefficient ** int(exponent), powers)]
        return self.at_free(folded, lambda node: self.workshop.power(node, exponent))

    def turned(self, value: Shaped) -> Shaped:
        """The transpose."""
        if value.node is not None:
            return self.shaped(self.workshop.transpose(value.node))
        return Shaped((value.dims[1], value.dims[0]), lambda i, j: value.at(j, i))

    def with_formals(self, formals: Mapping[str, Shaped]) -> Lifting:
        """The place inside a function's body, where its formal arguments have values."""
        return replace(self, formals={**self.formals, **formals})

    def applied(self, name: str, value: Shaped) -> Shaped:
        """A function of each entry."""
        if value.node is not None:
            return self.shaped(self.workshop.function(name, value.node))
        return self.through(value, lambda node: self.workshop.function(name, node))

    def through(self, value: Shaped, change: Callable[[Node], Node]) -> Shaped:
        """A value whose entries go through a function of a node."""

        def at(i: Place, j: Place) -> Polynomial:
            return self.at_free(self.entries.clean(value.at(i, j)), change)

        return Shaped(value.dims, at)

    def at_free(self, polynomial: Polynomial, change: Callable[[Node], Node]) -> Polynomial:
        """One entry of what a function makes of the node of a polynomial."""
        free = free_axes(polynomial)
        if len(free) > 2:
            raise Stuck("a given", "something with more than two indices cannot be derived through")
        return [self.entries.entry_at(change(self.form(polynomial, free)), free)]


def summed(polynomial: Polynomial, axis: Place) -> Polynomial:
    """The polynomial summed over an axis."""
    if not isinstance(axis, Axis):
        return polynomial
    return [Monomial(one.coefficient, one.entries, one.deltas, (*one.bound, axis), one.pending) for one in polynomial]


def free_axes(polynomial: Polynomial) -> list[Axis]:
    """The axes that are not bound, in the order in which they appear."""
    return list(dict.fromkeys(axis for one in polynomial for axis in one.axes() if axis not in one.bound))


def resized(workshop: Workshop, node: Node, size: Size) -> Node:
    """A node of open size with that size."""
    if node.op == "ones":
        return workshop.ones(tuple(size if one == ANY else one for one in node.dims))
    if node.op == "eye":
        return workshop.eye(size)
    return workshop.remake(node, [resized(workshop, arg, size) for arg in node.args])
