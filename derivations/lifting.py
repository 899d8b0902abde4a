r"""Lifting: from a written expression to a node, with sums over indices taken up into products of matrices."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.contracting import NoMatrixForm, matrix_form
from derivations.entries import exact_number
from derivations.functions import BY_NAME
from derivations.monomials import Entries, Monomial, Polynomial
from derivations.nodes import SCALAR, Node, Workshop
from derivations.steps import Stuck
from derivations.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from derivations.expression import Expression
    from derivations.monomials import Place
    from derivations.notation import Notation, UserFunction
    from derivations.shapes import Dims, Size

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
        row, column = self._places(value.dims)
        free = (*axes, *(place for place in (row, column) if isinstance(place, Axis)))
        return self._form(value.at(row, column), free)

    def _form(self, polynomial: Polynomial, free: Sequence[Axis]) -> Node:
        try:
            return matrix_form(self.workshop, self.entries.clean(polynomial), free)
        except NoMatrixForm:
            raise Stuck("a given", "this sum of products of entries is no product of matrices") from None

    def _places(self, dims: Dims) -> tuple[Place, Place]:
        row, column = (1 if size == 1 else self.entries.axis(size) for size in dims)
        return row, column

    def shaped(self, node: Node) -> Shaped:
        """The value of a node."""
        return Shaped(node.dims, lambda i, j: [self.entries.entry(node, i, j)], node)

    # One rule for each head.

    def lift(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        """The value of an expression where some indices are bound to axes."""
        rule = _HEADS.get(node.head)
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

    def symbol(self, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
        name = str(node.data)
        if name in self.formals:
            return self.formals[name]
        declared = self.notation.declared(name)
        if declared is None or declared.kind != "array" or len(declared.dims) != 2:
            raise Stuck(name, "nothing is known of this name")
        return self.shaped(self.workshop.symbol(name, declared.dims))

    def member(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        family = self.notation.families[str(node.data)]
        dims = family.member.dims
        index = axes.get(str(node.args[0].data))
        if family.member.kind != "array" or 1 not in dims or index is None:
            raise Stuck(family.name, "a member of such a family cannot be derived yet")
        rows = family.index.dims[0]
        size = dims[0] if dims[1] == 1 else dims[1]
        node_ = self.workshop.symbol(family.name, (rows, size))
        if dims[1] == 1:
            return Shaped(dims, lambda i, _j: [self.entries.entry(node_, index, i)])
        return Shaped(dims, lambda _i, j: [self.entries.entry(node_, index, j)])

    def entry(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        base = self.lift(node.args[0], axes)
        places = [self._place(arg, axes) for arg in node.args[1:]]
        if len(places) == 1 and base.dims[1] == 1:
            return self.scalar(base.at(places[0], 1))
        if len(places) == 1 and base.dims[0] == 1:
            return self.scalar(base.at(1, places[0]))
        if len(places) == 2:
            return self.scalar(base.at(places[0], places[1]))
        raise Stuck("a given", "rows and columns of a matrix cannot be derived through yet")

    def _place(self, node: Expression, axes: Mapping[str, Place]) -> Place:
        place = axes.get(str(node.data))
        if node.head != "index" or place is None:
            raise Stuck("a given", "only an index that runs over its whole range can be derived through")
        return place

    def add(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        terms = [self.lift(arg, axes) for arg in node.args]
        return self.sum_of(terms)

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
        return self.shaped(_resized(self.workshop, value.node, size))

    def negative(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        return self.scaled([Monomial(Fraction(-1))], self.lift(node.args[0], axes))

    def scaled(self, factor: Polynomial, value: Shaped) -> Shaped:
        """A scalar polynomial times a value."""
        if value.node is not None and not any(monomial.axes() for monomial in factor):
            scale = self._form(factor, ())
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
            made = matrix_form(self.workshop, clean, free)
        except NoMatrixForm:
            return clean
        row, column = (*free, 1, 1)[:2]
        return [self.entries.entry(made, row, column)]

    def product(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        factors = [self.lift(arg, axes) for arg in node.args]
        try:
            return self._folded(factors, node.data)
        except Stuck:
            grouped = self._entrywise_last(factors, node.data)
            if grouped is None:
                raise
            return grouped

    def _folded(self, factors: Sequence[Shaped], signs: Sequence[str]) -> Shaped:
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
        groups = [self._folded(factors[a:b], signs[a:b]) for a, b in zip(starts, ends, strict=True)]
        return self._folded(groups, [signs[k] for k in starts])

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
            return _summed(self.times(left.at(i, axis), right.at(axis, j)), axis)

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
        free = _free(folded)
        if len(free) > 2:
            raise Stuck("a given", "a power of something with more than two indices")
        made = self.workshop.power(self._form(folded, free), exponent)
        row, column = (*free, 1, 1)[:2]
        return [self.entries.entry(made, row, column)]

    def quotient(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        above, below = (self.lift(arg, axes) for arg in node.args)
        if below.dims == SCALAR:
            return self.scaled(self.raised(below.at(1, 1), Fraction(-1)), above)
        if above.dims == SCALAR:
            above = self.scaled(above.at(1, 1), self.shaped(self.workshop.ones(below.dims)))
        return self.entrywise(above, below, Fraction(-1))

    def power(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        base, exponent = node.args
        if base.head == "constant" and base.data == "e":
            return self.applied("exp", 0, self.lift(exponent, axes))
        value, number = self.lift(base, axes), exact_number(exponent)
        if number is None:
            raised = self.need_scalar(self.lift(exponent, axes))  # a^b = exp(b log a)
            return self.applied("exp", 0, self.scaled(raised, self.applied("log", 0, value)))
        if value.dims == SCALAR:
            return (
                self.scalar(self.raised(value.at(1, 1), number))
                if value.node is None
                else self.shaped(self.workshop.power(value.node, number))
            )
        if value.node is None:
            return Shaped(value.dims, lambda i, j: self.raised(value.at(i, j), number))
        if 1 in value.dims or node.data == "entrywise":
            return self.shaped(self.workshop.power(value.node, number))
        if number.denominator == 1 and 0 < abs(number) <= 8:
            base_ = value.node if number > 0 else self.workshop.inverse(value.node)
            return self.shaped(self.workshop.chain([base_] * abs(int(number))))
        raise Stuck("a given", "this power of a matrix cannot be derived through")

    def root(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        degree = Fraction(2) if node.args[1].head == "none" else exact_number(node.args[1])
        value = self.lift(node.args[0], axes)
        if not degree or (1 not in value.dims):
            raise Stuck("a given", "this root cannot be derived through")
        if value.node is not None:
            return self.shaped(self.workshop.power(value.node, 1 / degree))
        return Shaped(value.dims, lambda i, j: self.raised(value.at(i, j), 1 / degree))

    def turned(self, value: Shaped) -> Shaped:
        """The transpose."""
        if value.node is not None:
            return self.shaped(self.workshop.transpose(value.node))
        return Shaped((value.dims[1], value.dims[0]), lambda i, j: value.at(j, i))

    # Functions.

    def apply(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        name, primes, power = node.data
        user = self.notation.functions.get(name)
        arguments = [self.lift(arg, axes) for arg in node.args]
        if user is not None and user.body is not None:
            value = self.defined(user, arguments, primes)
        elif len(arguments) == 1:
            value = self.applied(name, primes, arguments[0])
        elif name in ("max", "min") and len(arguments) == 2:
            value = self.larger(arguments[0], arguments[1], name == "max")
        else:
            raise Stuck(name, "this function cannot be derived through")
        if power is None:
            return value
        exponent = exact_number(power)
        if exponent is None:
            raise Stuck(name, "this power of a function cannot be derived through")
        return Shaped(value.dims, lambda i, j: self.raised(value.at(i, j), exponent))

    def applied(self, name: str, primes: int, value: Shaped) -> Shaped:
        """A function of one argument."""
        workshop = self.workshop
        known = BY_NAME.get(name)
        if known is not None and known.kind != "elementwise" and name not in self.notation.functions:
            if value.node is None:
                value = self._at_axes(name, value)
            return self._of_node(name, value)
        if name == "sqrt":
            return Shaped(value.dims, lambda i, j: self.raised(value.at(i, j), Fraction(1, 2)))
        if value.node is not None:
            return self.shaped(workshop.function(name, value.node, primes))

        def at(i: Place, j: Place) -> Polynomial:
            polynomial = self.entries.clean(value.at(i, j))
            free = _free(polynomial)
            if len(free) > 2:
                raise Stuck(name, "an argument with more than two indices")
            made = workshop.function(name, self._form(polynomial, free), primes)
            row, column = (*free, 1, 1)[:2]
            return [self.entries.entry(made, row, column)]

        return Shaped(value.dims, at)

    def _at_axes(self, name: str, value: Shaped) -> Shaped:
        raise Stuck(name, "this function of something with an index cannot be derived through")

    def _of_node(self, name: str, value: Shaped) -> Shaped:
        workshop, node = self.workshop, value.node
        assert node is not None
        match name:
            case "softmax" if 1 in node.dims:
                return self.shaped(workshop.softmax(node, "all"))
            case "softmax":
                return self.shaped(workshop.softmax(node, "rows"))
            case "log-softmax" if 1 in node.dims:
                total = workshop.function("log", workshop.total(workshop.function("exp", node)))
                return self.shaped(workshop.add([node, workshop.negative(total)]))
            case "log-sum-exp":
                return self.shaped(workshop.function("log", workshop.total(workshop.function("exp", node))))
            case "trace":
                return self.shaped(_trace(workshop, node))
            case "det":
                return self.shaped(node if node.is_scalar else workshop.make("det", (node,), None, SCALAR))
            case "diag" if node.dims[1] == 1:
                return self.shaped(workshop.diag(node))
            case "diag" if node.dims[0] == node.dims[1]:
                return self.shaped(workshop.diagonal(node))
            case "max":
                return self.shaped(workshop.make("maximum", (node,), None, SCALAR))
        raise Stuck(name, "this function cannot be derived through")

    def larger(self, left: Shaped, right: Shaped, most: bool) -> Shaped:
        """max(0, u) is ReLU(u), min(0, u) is -ReLU(-u); else the two cases."""
        for one, other in ((left, right), (right, left)):
            if one.node is self.workshop.zero:
                if most:
                    return self.applied("relu", 0, other)
                minus = [Monomial(Fraction(-1))]
                return self.scaled(minus, self.applied("relu", 0, self.scaled(minus, other)))
        sign = Fraction(-1 if most else 1)
        difference = self.sum_of([self.scaled([Monomial(-sign)], left), self.scaled([Monomial(sign)], right)])
        return self.branches([left, right], [difference], (">", "otherwise"))

    def branches(self, values: list[Shaped], tests: list[Shaped], relations: tuple[str, ...]) -> Shaped:
        """A value by cases; each test compares with 0."""
        dims = next((value.dims for value in (*values, *tests) if value.dims != SCALAR), SCALAR)

        def at(i: Place, j: Place) -> Polynomial:
            parts = [
                self.entries.clean(value.at(1, 1) if value.dims == SCALAR else value.at(i, j))
                for value in (*values, *tests)
            ]
            free = list(dict.fromkeys(axis for part in parts for axis in _free(part)))
            if len(free) > 2:
                raise Stuck("cases", "cases with more than two indices")
            nodes = tuple(self._form(part, free) for part in parts)
            row, column = (*free, 1, 1)[:2]
            sizes = (free[0].size if free else 1, free[1].size if len(free) > 1 else 1)
            made = self.workshop.make("cases", nodes, relations, sizes)
            return [self.entries.entry(made, row, column)]

        value = Shaped(dims, at)
        if all(part.node is not None for part in (*values, *tests)):
            return self.shaped(self.as_node(Shaped(dims, at), ()))
        return value

    def cases(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        values = [self.lift(arg, axes) for arg in node.args[::2]]
        tests, relations = list[Shaped](), list[str]()
        for condition in node.args[1::2]:
            if condition.head == "otherwise":
                relations.append("otherwise")
                continue
            if condition.head != "relation" or condition.data not in ("<", ">", "<=", ">="):
                raise Stuck("cases", "this condition cannot be derived through")
            left, right = (self.lift(arg, axes) for arg in condition.args)
            tests.append(self.sum_of([left, self.scaled([Monomial(Fraction(-1))], right)]))
            relations.append(str(condition.data))
        return self.branches(values, tests, tuple(relations))

    def indicator(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        condition = node.args[0]
        if condition.head == "relation" and condition.data in ("<", ">", "<=", ">="):
            left, right = (self.lift(arg, axes) for arg in condition.args)
            if condition.data in ("<", "<="):
                left, right = right, left
            difference = self.sum_of([left, self.scaled([Monomial(Fraction(-1))], right)])
            return self.applied("step" if condition.data in ("<", ">") else "step0", 0, difference)
        raise Stuck("an indicator", "this condition cannot be derived through")

    def defined(self, user: UserFunction, arguments: list[Shaped], primes: int) -> Shaped:
        """A function that the statement defines, at its arguments."""
        if primes or user.entry is not None or len(arguments) != len(user.formals) or user.body is None:
            raise Stuck(user.name, "this function cannot be derived through")
        body = user.body
        names = [str(formal.data) for formal in user.formals]
        if user.kind != "elementwise":
            inner = self._with(dict(zip(names, arguments, strict=True)))
            return inner.lift(body, {})
        dims = next((value.dims for value in arguments if value.dims != SCALAR), SCALAR)

        def at(i: Place, j: Place) -> Polynomial:
            scalars = [self.scalar(v.at(1, 1) if v.dims == SCALAR else v.at(i, j)) for v in arguments]
            return self._with(dict(zip(names, scalars, strict=True))).lift(body, {}).at(1, 1)

        value = Shaped(dims, at)
        return self.shaped(self.as_node(value, ())) if all(v.node is not None for v in arguments) else value

    def _with(self, formals: Mapping[str, Shaped]) -> Lifting:
        return Lifting(self.workshop, self.entries, self.notation, self.uniform, {**self.formals, **formals})

    # Sums and norms.

    def total(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        body, lower, upper, condition = node.args
        if condition.head != "none" or not node.data:
            raise Stuck("a sum", "its range cannot be derived through yet")
        bound = {name: self.entries.axis(self._range(name, body, upper)) for name in node.data}
        value = self.lift(body, {**axes, **bound})
        masks = self._limits(node, bound, axes, lower, upper)

        def at(i: Place, j: Place) -> Polynomial:
            polynomial = self.entries.product(masks, value.at(i, j)) if masks else value.at(i, j)
            for axis in bound.values():
                polynomial = _summed(polynomial, axis)
            return polynomial

        if not axes:
            row, column = self._places(value.dims)
            free = [place for place in (row, column) if isinstance(place, Axis)]
            return self.shaped(self._form(at(row, column), free))
        return Shaped(value.dims, at)

    def _range(self, name: str, body: Expression, upper: Expression) -> Size:
        for child in body.walk():
            if child.head == "member" and child.args[0].head == "index" and child.args[0].data == name:
                return self.notation.families[str(child.data)].index.dims[0]
            if child.head == "entry" and child.args[0].head in ("symbol", "member"):
                declared = (
                    self.notation.declared(str(child.args[0].data))
                    if child.args[0].head == "symbol"
                    else self.notation.families[str(child.args[0].data)].member
                )
                open_sizes = [size for size in declared.dims if size != 1] if declared is not None else []
                for index, size in zip(child.args[1:], open_sizes, strict=False):
                    if index.head == "index" and index.data == name:
                        return size
        if upper.head == "size":
            return str(upper.data)
        if name in self.notation.indices:
            return self.notation.indices[name].dims[0]
        raise Stuck("a sum", f"nothing says over what {name} runs")

    def _limits(
        self,
        node: Expression,
        bound: Mapping[str, Axis],
        axes: Mapping[str, Place],
        lower: Expression,
        upper: Expression,
    ) -> Polynomial:
        """The triangle of ones where a sum goes to another index."""
        axis = next(iter(bound.values()))
        if lower.head not in ("none", "number") or (lower.head == "number" and lower.data[0] != 1):
            raise Stuck("a sum", "its lower limit cannot be derived through yet")
        if upper.head == "none" or (upper.head in ("size", "number") and _limit(upper) == axis.size):
            return []
        place = axes.get(str(upper.data))
        if len(node.data) == 1 and upper.head == "index" and isinstance(place, Axis) and place.size == axis.size:
            lower_ones = self.workshop.make("lower", (), None, (axis.size, axis.size))
            return [self.entries.entry(lower_ones, place, axis)]
        raise Stuck("a sum", "its upper limit cannot be derived through yet")

    def mean(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        name = node.data or next(iter(self.uniform), None)
        if name not in self.uniform:
            raise Stuck("an expectation", "nothing says that its index is uniform")
        axis = self.entries.axis(self.uniform[name])
        value = self.lift(node.args[0], {**axes, name: axis})
        share = [self.entries.entry(self.workshop.size(axis.size), 1, 1, Fraction(-1))]
        made = Shaped(value.dims, lambda i, j: _summed(self.times(share, value.at(i, j)), axis))
        return made if axes else self.shaped(self.as_node(made, ()))

    def norm(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        value = self.lift(node.args[0], axes)
        if value.node is None:
            raise Stuck("a norm", "the norm of something with an index cannot be derived through")
        if node.data in ("2", "F"):
            return self.shaped(self.workshop.make("norm", (value.node,), None, SCALAR))
        if node.data == "1" and 1 in value.dims:
            return self.shaped(self.workshop.total(self.workshop.function("abs", value.node)))
        raise Stuck("a norm", "this norm cannot be derived through")

    def absolute(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        value = self.lift(node.args[0], axes)
        if value.dims != SCALAR and 1 in value.dims:
            return self.norm(node, axes)
        return self.applied("abs", 0, value)

    def index(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        raise Stuck(str(node.data), "an index used as a number cannot be derived through")

    def identity(self, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
        size = _limit(node.args[0]) if node.args else ANY
        return self.shaped(self.workshop.eye(size))

    def ones(self, node: Expression, _axes: Mapping[str, Place]) -> Shaped:
        sizes = [_limit(arg) for arg in node.args] or [ANY]
        return self.shaped(self.workshop.ones((sizes[0], sizes[1] if len(sizes) > 1 else 1)))

    def kronecker(self, node: Expression, axes: Mapping[str, Place]) -> Shaped:
        first, second = (self._place(arg, axes) for arg in node.args)
        return self.scalar([Monomial(Fraction(1), {}, ((first, second),))])


_HEADS: Mapping[str, Callable[[Lifting, Expression, Mapping[str, Place]], Shaped]] = {
    "number": lambda lifting, node, _axes: lifting.shaped(lifting.workshop.number(Fraction(node.data[0]))),
    "constant": lambda lifting, node, _axes: lifting.shaped(
        lifting.workshop.function("exp", lifting.workshop.one)
        if node.data == "e"
        else lifting.workshop.make("constant", (), node.data, SCALAR)
    ),
    "size": lambda lifting, node, _axes: lifting.shaped(lifting.workshop.size(str(node.data))),
    "group": lambda lifting, node, axes: lifting.lift(node.args[0], axes),
    "transpose": lambda lifting, node, axes: lifting.turned(lifting.lift(node.args[0], axes)),
    "inner": lambda lifting, node, axes: lifting.multiply(
        lifting.turned(lifting.lift(node.args[0], axes)), "", lifting.lift(node.args[1], axes)
    ),
    "symbol": Lifting.symbol,
    "unknown": Lifting.symbol,
    "member": Lifting.member,
    "entry": Lifting.entry,
    "add": Lifting.add,
    "negative": Lifting.negative,
    "product": Lifting.product,
    "quotient": Lifting.quotient,
    "power": Lifting.power,
    "root": Lifting.root,
    "apply": Lifting.apply,
    "cases": Lifting.cases,
    "indicator": Lifting.indicator,
    "sum": Lifting.total,
    "mean": Lifting.mean,
    "norm": Lifting.norm,
    "abs": Lifting.absolute,
    "index": Lifting.index,
    "identity": Lifting.identity,
    "ones": Lifting.ones,
    "kronecker": Lifting.kronecker,
}


def _summed(polynomial: Polynomial, axis: Place) -> Polynomial:
    """The polynomial summed over an axis."""
    if not isinstance(axis, Axis):
        return polynomial
    return [Monomial(one.coefficient, one.entries, one.deltas, (*one.bound, axis), one.pending) for one in polynomial]


def _free(polynomial: Polynomial) -> list[Axis]:
    return list(dict.fromkeys(axis for one in polynomial for axis in one.axes() if axis not in one.bound))


def _limit(node: Expression) -> Size:
    return int(node.data[0]) if node.head == "number" else str(node.data)


def _resized(workshop: Workshop, node: Node, size: Size) -> Node:
    """A node of open size with that size."""
    if node.op == "ones":
        return workshop.ones(tuple(size if one == ANY else one for one in node.dims))
    if node.op == "eye":
        return workshop.eye(size)
    return workshop.remake(node, [_resized(workshop, arg, size) for arg in node.args])


def _trace(workshop: Workshop, node: Node) -> Node:
    """The trace; of a Kronecker product it is the product of the traces."""
    if node.op == "kronecker":
        return workshop.scale_by(*(_trace(workshop, arg) for arg in node.args))
    return workshop.trace(node)
