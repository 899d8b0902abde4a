r"""Nodes: folded matrix expressions with a shape; the smart constructors keep them in a small normal form.

Equal nodes of one workshop are one object.  A vector is a column of dims (n, 1), a scalar has dims (1, 1).

==============  =======================================================  ==========================
op              arguments                                                data
==============  =======================================================  ==========================
``symbol``                                                               declared name
``number``                                                               Fraction
``size``                                                                 name of a size
``constant``                                                             ``\pi``
``ones``        all entries 1                                            dims
``eye``         the identity                                             size
``unit``        1 at one place, 0 elsewhere                              the place
``lower``       1 at and below the diagonal                              size
``partial``     an upstream gradient that stays folded                   (of, by)
``add``         terms; a scalar beside an array is added to each entry
``mul``         scalar factors, then at most one array                   coefficient
``chain``       a matrix product                                         dims
``entrywise``   a Hadamard product
``power``       each entry raised                                        exponent
``transpose``   base
``inverse``     base
``det``         base; also ``trace``
``norm``        base: Euclidean or Frobenius
``function``    each entry's value                                       (name, primes)
``softmax``     base                                                     ``all`` or ``rows``
``jacobian``    s: entries s_k (delta_kl - s_l)
``diag``        vector
``diagonal``    matrix
``cases``       values, then what is compared with 0                     relations of each
``product``     all entries multiplied
``maximum``     the largest entry
==============  =======================================================  ==========================
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from truestep.derivations.deriving.algebra import matrix_products, recognising
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.derivations.language.shapes import Dims, Size

ONE = Fraction(1)
Scalars = dict["Node", Fraction]


class Node:
    """One folded expression; made by a workshop only, compared by identity."""

    __slots__ = ("args", "data", "dims", "names", "number", "op", "weight")

    def __init__(self, number: int, op: str, args: tuple[Node, ...], data: Any, dims: Dims) -> None:
        self.number, self.op, self.args, self.data, self.dims = number, op, args, data, dims
        self.names: frozenset[str] = frozenset((data,)) if op == "symbol" else frozenset()
        self.weight = 1 if op != "mul" or data in (1, -1) else 2
        for arg in args:
            self.names |= arg.names
            self.weight += arg.weight

    @property
    def is_scalar(self) -> bool:
        """Whether there is one entry only."""
        return self.dims == SCALAR

    @property
    def is_column(self) -> bool:
        """Whether it is a column of more than one entry."""
        return self.dims[1] == 1 and self.dims[0] != 1

    def __repr__(self) -> str:
        return f"{self.op}:{self.data}{list(self.args)}"


class Workshop:
    """Makes nodes: one object for equal nodes, products flattened, like terms collected."""

    def __init__(self, symmetric: frozenset[str] = frozenset()) -> None:
        self.symmetric = symmetric
        self.named: dict[Node, Node] = {}
        self.centred: set[Node] = set()
        self._known: dict[tuple[Any, ...], Node] = {}
        self.zero, self.one = self.number(Fraction(0)), self.number(ONE)

    def make(self, op: str, args: tuple[Node, ...], data: Any, dims: Dims) -> Node:
        """The one node with these parts, or the name that the givens have for it."""
        key = (op, data, dims, *[arg.number for arg in args])
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = Node(len(self._known), op, args, data, dims)
        return self.named.get(node, node)

    # Leaves.

    def number(self, value: Fraction | int) -> Node:
        """An exact number."""
        return self.make("number", (), Fraction(value), SCALAR)

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
            found[bare] = found.get(bare, Fraction(0)) + coefficient
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
            coefficient *= number
            for base, exponent in found.items():
                scalars[base] = scalars.get(base, Fraction(0)) + exponent
            core = array if core is None else core
        return self.assemble(coefficient, scalars, core)

    def assemble(self, coefficient: Fraction, scalars: Scalars, core: Node | None) -> Node:
        """The node with these parts."""
        if core is not None and core.op == "mul":
            return self.scale_by(self.assemble(coefficient, scalars, None), core)
        if coefficient == 0:
            return self.zeros(core.dims if core is not None else SCALAR)
        recognised = recognising.with_softmax(self, scalars, core) if core is not None else None
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
            u = recognising.one_plus_exp(self, base)
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
        recognising.with_sigmoids(self, powers)
        kept = [self.power(base, exponent) for base, exponent in powers.items() if exponent]
        if not kept:
            return self.scale_by(*scalars, self.ones(dims))
        if len(kept) > 1 and all(node.op == "transpose" for node in kept):
            core = self.transpose(self.entrywise([node.args[0] for node in kept]))
        else:
            core = kept[0] if len(kept) == 1 else self.make("entrywise", tuple(kept), None, dims)
        return self.scale_by(*scalars, core) if scalars else core

    # Products of whole matrices.

    def chain(self, factors: Sequence[Node]) -> Node:
        """The matrix product."""
        return matrix_products.chain(self, factors)

    def total(self, node: Node) -> Node:
        """The sum of all entries."""
        return matrix_products.total(self, node)

    def transpose(self, node: Node) -> Node:
        """Rows for columns."""
        return matrix_products.transpose(self, node)

    def inverse(self, node: Node) -> Node:
        """The inverse of a square matrix."""
        return matrix_products.inverse(self, node)

    def diag(self, vector: Node) -> Node:
        """The diagonal matrix of a vector."""
        return matrix_products.diag(self, vector)

    def diagonal(self, matrix: Node) -> Node:
        """The diagonal of a matrix as a vector."""
        return matrix_products.diagonal(self, matrix)

    def trace(self, matrix: Node) -> Node:
        """The sum of the diagonal."""
        return matrix_products.trace(self, matrix)

    def remake(self, node: Node, args: list[Node]) -> Node:
        """The same operation on other arguments."""
        match node.op:
            case "add":
                return self.add(args)
            case "mul":
                return self.scale_by(self.number(node.data), *args)
            case "chain":
                return self.chain(args)
            case "entrywise":
                return self.entrywise(args)
            case "power":
                return self.power(args[0], node.data)
            case "function":
                return self.function(node.data[0], args[0], node.data[1])
            case "softmax":
                return self.softmax(args[0], node.data)
            case "transpose" | "inverse" | "trace" | "diag" | "diagonal":
                made: Node = getattr(matrix_products, node.op)(self, args[0])
                return made
        dims = args[0].dims if node.op in ("cases", "jacobian") else node.dims
        return self.make(node.op, tuple(args), node.data, dims)
