"""Sums, scalar factors, powers and functions of each entry: nodes in a small normal form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from truestep.derivations.deriving.algebra.nodes import ONE, Node, Scalars, multiplied
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.effort import Effort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.derivations.language.shapes import Dims, Size

MAX_DERIVED = 500_000  # steps of one derivation, about 2.5 microseconds each


class Arithmetic(ABC):
    """Makes nodes: one object for equal nodes, like terms collected; what a matrix product is, a workshop knows."""

    def __init__(self, symmetric: frozenset[str] = frozenset(), effort: Effort | None = None) -> None:
        self.symmetric = symmetric
        self.effort = effort or Effort(most=MAX_DERIVED)
        self.signs: frozenset[str] = frozenset()  # what is 1 or -1
        self.named: dict[Node, Node] = {}
        self.centred: set[Node] = set()
        self._known: dict[tuple[Any, ...], Node] = {}
        self.zero, self.one = self.number(Fraction(0)), self.number(ONE)

    def make(self, op: str, args: tuple[Node, ...], data: Any, dims: Dims) -> Node:
        """The one node with these parts, or the name that the givens have for it."""
        effort = self.effort
        effort.spent += 5 + len(args)
        if effort.spent > effort.most:
            effort.end()
        known = data.as_integer_ratio() if type(data) is Fraction else data  # hashed in a third of the time
        key = (op, known, dims, *[arg.number for arg in args])
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = Node(len(self._known), op, args, data, dims)
        return self.named.get(node, node)

    @abstractmethod
    def total(self, node: Node) -> Node:
        """The sum of all entries."""

    @abstractmethod
    def transpose(self, node: Node) -> Node:
        """Rows for columns."""

    # Leaves.

    def number(self, value: Fraction | int) -> Node:
        """An exact number."""
        return self.make("number", (), value if isinstance(value, Fraction) else Fraction(value), SCALAR)

    def size(self, size: Size) -> Node:
        """A size as a number."""
        return self.number(size) if isinstance(size, int) else self.make("size", (), size, SCALAR)

    def symbol(self, name: str, dims: Dims) -> Node:
        """A named quantity."""
        return self.make("symbol", (), name, dims)

    def ones(self, dims: Dims) -> Node:
        """The array of ones."""
        return self.one if dims == SCALAR else self.make("ones", (), None, dims)

    def eye(self, size: Size) -> Node:
        """The identity."""
        return self.one if size == 1 else self.make("eye", (), None, (size, size))

    # Sums.

    def add(self, terms: Iterable[Node]) -> Node:
        """The sum, with like terms collected in the order in which they first appear."""
        found: dict[Node, Fraction] = {}
        dims: Dims = SCALAR
        constant = Fraction(0)
        place = None
        for term in self._flat("add", terms):
            if term.dims != SCALAR:
                dims = term.dims
            if term.op == "zeros":
                continue
            if term.op == "number":
                constant += term.data
                place = len(found) if place is None else place
                continue
            coefficient, bare = self.bare(self._without_ones(term))
            if bare is self.one:
                constant += coefficient
                place = len(found) if place is None else place
                continue
            found[bare] = found[bare] + coefficient if bare in found else coefficient
        if constant:
            found, constant = self._without_sigmoids(found, constant)
        kept = [self.scale(coefficient, bare) for bare, coefficient in found.items() if coefficient]
        if constant:
            kept.insert(min(place or 0, len(kept)), self.number(constant))
        if not kept:
            return self.zeros(dims)
        if all(term.is_scalar for term in kept) and dims != SCALAR:
            return self.scale_by(self.add(kept), self.ones(dims))
        if len(kept) == 1:
            return kept[0]
        return self.make("add", tuple(kept), None, dims)

    def _without_ones(self, term: Node) -> Node:
        """A scalar at every entry is a scalar."""
        if term.op == "ones":
            return self.one
        if term.op == "mul" and term.args[-1].op == "ones":
            return self.scale_by(self.number(term.data), *term.args[:-1])
        return term

    def zeros(self, dims: Dims) -> Node:
        """Zero, of some dims."""
        return self.zero if dims == SCALAR else self.make("zeros", (), None, dims)

    def negative(self, node: Node) -> Node:
        """With the other sign."""
        return self.scale(Fraction(-1), node)

    @staticmethod
    def _flat(op: str, nodes: Iterable[Node]) -> list[Node]:
        flat: list[Node] = []
        for node in nodes:
            flat += node.args if node.op == op else (node,)
        return flat

    # Scalar factors.

    def parts(self, node: Node) -> tuple[Fraction, Scalars, Node | None]:
        """Coefficient, scalar factors with their exponents, and the array if there is one."""
        if node.op == "number":
            return node.data, {}, None
        if node.op == "mul":
            core = None if node.args[-1].is_scalar else node.args[-1]
            scalars = dict(self._base(arg) for arg in (node.args if core is None else node.args[:-1]))
            return node.data, scalars, core
        if node.is_scalar:
            return ONE, dict((self._base(node),)), None
        return ONE, {}, node

    @staticmethod
    def _base(node: Node) -> tuple[Node, Fraction]:
        return (node.args[0], node.data) if node.op == "power" else (node, ONE)

    def bare(self, node: Node) -> tuple[Fraction, Node]:
        """The coefficient, and the node without it."""
        if node.op == "number":
            return node.data, self.one
        if node.op != "mul" or node.data == 1:
            return ONE, node
        if len(node.args) == 1:
            return node.data, node.args[0]
        return node.data, self.make("mul", node.args, ONE, node.dims)

    def scale(self, coefficient: Fraction, node: Node) -> Node:
        """A number times a node."""
        if coefficient == 1 or node.op == "zeros":
            return node
        if node.op == "number":
            return self.number(coefficient * node.data)
        if coefficient == 0:
            return self.zeros(node.dims)
        mine, bare = self.bare(node)
        args = bare.args if bare.op == "mul" else (bare,)
        if coefficient * mine == 1:
            return bare
        return self.make("mul", args, coefficient * mine, node.dims)

    def scale_by(self, *factors: Node) -> Node:
        """The product of scalars and at most one array."""
        coefficient, scalars = ONE, Scalars()
        core: Node | None = None
        for factor in factors:
            if factor.op == "zeros":
                return factor
            number, found, array = self.parts(factor)
            coefficient = multiplied(coefficient, number)
            for base, exponent in found.items():
                scalars[base] = scalars[base] + exponent if base in scalars else exponent
            core = array if core is None else core
        return self.assemble(coefficient, scalars, core)

    def assemble(self, coefficient: Fraction, scalars: Scalars, core: Node | None) -> Node:
        """The node with these parts."""
        if core is not None and core.op == "mul":
            return self.scale_by(self.assemble(coefficient, scalars, None), core)
        if coefficient == 0:
            return self.zeros(core.dims if core is not None else SCALAR)
        recognised = self._with_softmax(scalars, core) if core is not None else None
        if recognised is not None:
            scalars, core = recognised
        factors = [self.power(base, exponent) for base, exponent in scalars.items() if exponent]
        factors.sort(key=lambda node: node.number)
        dims = SCALAR if core is None else core.dims
        if core is not None:
            factors.append(core)
        if not factors:
            return self.number(coefficient)
        if coefficient == 1 and len(factors) == 1:
            return factors[0]
        return self.make("mul", tuple(factors), coefficient, dims)

    # Powers and functions of each entry.

    def power(self, base: Node, exponent: Fraction) -> Node:
        """Each entry raised to a rational power."""
        if exponent == 1:
            return base
        if exponent == 0:
            return self.ones(base.dims)
        if base.op == "number" and exponent.denominator == 1 and base.data:
            return self.number(base.data ** int(exponent))
        if base.op == "ones":
            return base
        if base.op == "add" and exponent < 0:
            u = self.one_plus_exp(base)
            if u is not None:  # 1 / (1 + e^u) is the sigmoid of -u
                return self.power(self.function("sigmoid", self.negative(u)), -exponent)
        if base.op == "power" and (exponent.denominator == 1 or base.data.denominator != 1):
            return self.power(base.args[0], base.data * exponent)
        if base.op == "mul" and exponent.denominator == 1:
            coefficient, scalars, core = self.parts(base)
            raised = {node: power * exponent for node, power in scalars.items()}
            return self.assemble(
                coefficient ** int(exponent), raised, None if core is None else self.power(core, exponent)
            )
        if base.op == "entrywise" and exponent.denominator == 1:
            return self.entrywise([self.power(arg, exponent) for arg in base.args])
        if base.op == "function" and base.data == ("exp", 0) and exponent < 0:
            return self.function("exp", self.scale(exponent, base.args[0]))
        if base.op == "transpose":
            return self.transpose(self.power(base.args[0], exponent))
        return self.make("power", (base,), exponent, base.dims)

    def function(self, name: str, arg: Node, primes: int = 0) -> Node:
        """A function of each entry."""
        if arg.op == "transpose":
            return self.transpose(self.function(name, arg.args[0], primes))
        return self.make("function", (arg,), (name, primes), arg.dims)

    def softmax(self, arg: Node, along: str) -> Node:
        """The softmax of a vector, or of each row of a matrix."""
        return self.make("softmax", (arg,), along, arg.dims)

    def entrywise(self, factors: Sequence[Node]) -> Node:
        """The Hadamard product of arrays of one shape; scalars multiply every entry."""
        scalars: list[Node] = []
        powers: dict[Node, Fraction] = {}
        dims: Dims = SCALAR
        for factor in self._flat("entrywise", factors):
            if factor.op == "zeros":
                return factor
            if factor.is_scalar:
                scalars.append(factor)
                continue
            dims = factor.dims
            coefficient, own, core = self.parts(factor)
            if own or coefficient != 1:
                scalars.append(self.assemble(coefficient, own, None))
            assert core is not None
            for part in core.args if core.op == "entrywise" else (core,):
                if part.op != "ones":
                    base, exponent = self._base(part)
                    powers[base] = powers.get(base, Fraction(0)) + exponent
        self._with_sigmoids(powers)
        kept = [self.power(base, exponent) for base, exponent in powers.items() if exponent]
        if not kept:
            return self.scale_by(*scalars, self.ones(dims))
        if len(kept) > 1 and all(node.op == "transpose" for node in kept):
            core = self.transpose(self.entrywise([node.args[0] for node in kept]))
        else:
            core = kept[0] if len(kept) == 1 else self.make("entrywise", tuple(kept), None, dims)
        return self.scale_by(*scalars, core) if scalars else core

    # Functions that are recognised by their bodies.

    def _with_softmax(self, scalars: Scalars, core: Node) -> tuple[Scalars, Node] | None:
        """exp(u) / sum of exp(u) is the softmax of u."""
        parts = core.args if core.op == "entrywise" else (core,)
        for part in parts:
            if part.op == "function" and part.data == ("exp", 0) and part.is_column:
                total = self.total(part)
                if scalars.get(total) is not None and scalars[total] < 0:
                    less = {**scalars, total: scalars[total] + 1}
                    rest = [other for other in parts if other is not part]
                    return less, self.entrywise([self.softmax(part.args[0], "all"), *rest])
        return None

    def one_plus_exp(self, node: Node) -> Node | None:
        """u where a node is 1 + e^u."""
        if len(node.args) == 2 and self.one in node.args:
            other = node.args[1] if node.args[0] is self.one else node.args[0]
            if other.op == "function" and other.data == ("exp", 0):
                return other.args[0]
        return None

    def _without_sigmoids(
        self, found: dict[Node, Fraction], constant: Fraction
    ) -> tuple[dict[Node, Fraction], Fraction]:
        """1 minus the sigmoid of -u is the sigmoid of u."""
        for bare, coefficient in found.items():
            is_sigmoid = bare.op == "function" and bare.data == ("sigmoid", 0)
            if coefficient == -constant and is_sigmoid and self.parts(bare.args[0])[0] < 0:
                other = self.function("sigmoid", self.negative(bare.args[0]))
                if other not in found:
                    return {
                        other if one is bare else one: constant if one is bare else c for one, c in found.items()
                    }, Fraction(0)
        return found, constant

    def _with_sigmoids(self, powers: dict[Node, Fraction]) -> None:
        """e^u times the sigmoid of -u is the sigmoid of u."""
        for base, exponent in list(powers.items()):
            if base.op == "function" and base.data == ("exp", 0) and exponent >= 1:
                u = base.args[0]
                other = self.function("sigmoid", self.negative(u))
                if powers.get(other, 0) > 0:
                    powers[base], powers[other] = exponent - 1, powers[other] - 1
                    made = self.function("sigmoid", u)
                    powers[made] = powers.get(made, Fraction(0)) + 1
