"""Products of whole matrices: the matrix product, transpose, inverse, diag and trace in a small normal form."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.arithmetic import Arithmetic
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.language.shapes import Dims


class Workshop(Arithmetic):
    """Makes nodes: one object for equal nodes, products flattened, like terms collected."""

    def chain(self, factors: Sequence[Node]) -> Node:
        """The matrix product; what multiplies to a scalar inside is taken out, an inverse meets its base."""
        coefficient: list[Node] = []
        flat: list[Node] = []
        dims = (factors[0].dims[0], factors[-1].dims[1])
        for factor in factors:
            if factor.op == "zeros":
                return self.zeros(dims)
            number, scalars, core = self.parts(factor)
            if core is None:
                coefficient.append(factor)
                continue
            if scalars or number != 1:
                coefficient.append(self.assemble(number, scalars, None))
            for part in core.args if core.op == "chain" else (core,):
                self._append(flat, part)
        product = self._product(flat, dims)
        return self.scale_by(*coefficient, product) if coefficient else product

    def _append(self, flat: list[Node], part: Node) -> None:
        if part.op == "eye":
            return
        if flat and self._is_row_share(flat[-1], part):
            flat[-1] = self.softmax(part.args[0], "rows")
            return
        if flat and flat[-1].op == "diag" and part.op == "ones" and part.dims[1] == 1:  # diag(v) 1 = v
            flat[-1] = flat[-1].args[0]
        elif flat and flat[-1].op == "ones" and flat[-1].dims[0] == 1 and part.op == "diag":
            flat[-1] = self.transpose(part.args[0])
        elif flat and _inverse_of(flat[-1], part):
            flat.pop()
        else:
            flat.append(part)

    def _is_row_share(self, left: Node, right: Node) -> bool:
        """Whether diag(1 / (e^S 1)) e^S stands here: each row of e^S divided by its sum."""
        if left.op != "diag" or right.op != "function" or right.data != ("exp", 0) or 1 in right.dims:
            return False
        sums = self.chain([right, self.ones((right.dims[1], 1))])
        return left.args[0] is self.power(sums, Fraction(-1))

    def _vanishes(self, flat: list[Node]) -> bool:
        """Whether deviations from a mean are summed."""
        return any(
            (left.op == "ones" and right in self.centred)
            or (right.op == "ones" and self.transpose(left) in self.centred)
            for left, right in pairwise(flat)
        )

    def _product(self, flat: list[Node], dims: Dims) -> Node:
        if not flat:
            return self.eye(dims[0])
        if self.centred and self._vanishes(flat):
            return self.zeros(dims)
        cuts = [k for k in range(1, len(flat)) if flat[k].dims[0] == 1]
        if len(cuts) > 1:
            first, second = cuts[0], cuts[1]
            inner = self._product(flat[first:second], SCALAR)
            return self.scale_by(inner, self._product([*flat[:first], *flat[second:]], dims))
        if dims == SCALAR and cuts:
            return self.scale_by(self._product(flat[: cuts[0]], SCALAR), self._product(flat[cuts[0] :], SCALAR))
        if len(flat) == 1:
            return flat[0]
        if dims == SCALAR:
            return self._scalar(flat)
        return self.make("chain", tuple(flat), None, dims)

    def _scalar(self, flat: list[Node]) -> Node:
        """A product that is a scalar equals its transpose: one of the two stands for both."""
        if len(flat) == 2 and flat[0].op == "ones" and flat[1].op == "ones":
            return self.size(flat[1].dims[0])
        turned = [self.transpose(factor) for factor in reversed(flat)]
        if [node.number for node in turned] < [node.number for node in flat]:
            known = ("chain", None, SCALAR, *[node.number for node in flat])
            if known not in self._known:
                flat = turned
        elif ("chain", None, SCALAR, *[node.number for node in turned]) in self._known:
            flat = turned
        return self.make("chain", tuple(flat), None, SCALAR)

    def total(self, node: Node) -> Node:
        """The sum of all entries."""
        if node.is_scalar:
            return node
        factors = [node]
        if node.dims[0] != 1:
            factors.insert(0, self.ones((1, node.dims[0])))
        if node.dims[1] != 1:
            factors.append(self.ones((node.dims[1], 1)))
        return self.chain(factors)

    def transpose(self, node: Node) -> Node:
        """Rows for columns."""
        dims = (node.dims[1], node.dims[0])
        if node.dims == SCALAR or node.op in ("eye", "diag"):
            return node
        match node.op:
            case "transpose":
                return node.args[0]
            case "ones":
                return self.ones(dims)
            case "zeros":
                return self.zeros(dims)
            case "symbol" if node.data in self.symmetric:
                return node
            case "mul":
                return self.scale_by(*node.args[:-1], self.number(node.data), self.transpose(node.args[-1]))
            case "chain":
                return self.chain([self.transpose(arg) for arg in reversed(node.args)])
            case "inverse" | "root" if self.transpose(node.args[0]) is node.args[0]:
                return node
            case "add" if node.dims[0] == node.dims[1] and self._is_symmetric(node):
                return node
        return self.make("transpose", (node,), None, dims)

    def pushed(self, node: Node) -> Node:
        """The same node with the transpose before it on each part: (u - v)^T = u^T - v^T."""
        inner = node.args[0] if node.op == "transpose" else node
        match inner.op if inner is not node else "":
            case "add" | "entrywise" | "power":
                return self.remake(inner, [self.pushed(self.transpose(arg)) for arg in inner.args])
            case "mul":
                return self.remake(inner, [*inner.args[:-1], self.pushed(self.transpose(inner.args[-1]))])
        return node

    def _is_symmetric(self, node: Node) -> bool:
        turned = self.add(self.transpose(arg) for arg in node.args)
        return turned is node or (turned.op == "add" and set(turned.args) == set(node.args))

    def inverse(self, node: Node) -> Node:
        """The inverse of a square matrix."""
        if node.is_scalar:
            return self.power(node, Fraction(-1))
        match node.op:
            case "eye":
                return node
            case "inverse":
                return node.args[0]
            case "transpose":
                return self.transpose(self.inverse(node.args[0]))
            case "diag":
                return self.diag(self.power(node.args[0], Fraction(-1)))
            case "mul":
                coefficient, scalars, core = self.parts(node)
                assert core is not None
                below = {base: -exponent for base, exponent in scalars.items()}
                return self.assemble(1 / coefficient, below, self.inverse(core))
            case "chain" if all(arg.dims[0] == arg.dims[1] for arg in node.args):
                return self.chain([self.inverse(arg) for arg in reversed(node.args)])
        return self.make("inverse", (node,), None, node.dims)

    def root(self, matrix: Node, exponent: Fraction) -> Node:
        """The root of a symmetric matrix, or the inverse of that: the exponent is 1/2 or -1/2."""
        return self.make("root", (matrix,), exponent, matrix.dims)

    def diag(self, vector: Node) -> Node:
        """The diagonal matrix of a vector."""
        coefficient, scalars, core = self.parts(vector)
        if core is None:
            return vector
        if core.op == "zeros":
            return self.zeros((core.dims[0], core.dims[0]))
        factor = self.assemble(coefficient, scalars, None)
        made = self.eye(core.dims[0]) if core.op == "ones" else self.make("diag", (core,), None, (core.dims[0],) * 2)
        return made if factor is self.one else self.scale_by(factor, made)

    def diagonal(self, matrix: Node) -> Node:
        """The diagonal of a matrix as a vector."""
        if matrix.op == "diag":
            return matrix.args[0]
        if matrix.op == "eye":
            return self.ones((matrix.dims[0], 1))
        return self.make("diagonal", (matrix,), None, (matrix.dims[0], 1))

    def trace(self, matrix: Node) -> Node:
        """The sum of the diagonal."""
        if matrix.is_scalar:
            return matrix
        if matrix.op == "eye":
            return self.size(matrix.dims[0])
        if matrix.op == "add":
            return self.add(self.trace(arg) for arg in matrix.args)
        if matrix.op == "mul":
            return self.scale_by(self.number(matrix.data), *matrix.args[:-1], self.trace(matrix.args[-1]))
        if matrix.op == "transpose":
            return self.trace(matrix.args[0])
        if matrix.op == "root" and matrix.data > 0:
            return self.make("trace of root", matrix.args, None, SCALAR)
        if matrix.op == "chain":  # of A and A^T the one with fewer transposes
            matrix = min(matrix, self.transpose(matrix), key=lambda one: one.weight)
        return self.make("trace", (matrix,), None, SCALAR)

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
                made: Node = getattr(self, node.op)(args[0])
                return made
        dims = args[0].dims if node.op in ("cases", "jacobian") else node.dims
        return self.make(node.op, tuple(args), node.data, dims)


def _inverse_of(left: Node, right: Node) -> bool:
    """Whether the product of two neighbours is the identity."""
    if left.op == "transpose" and right.op == "transpose":
        left, right = right.args[0], left.args[0]
    return (right.op == "inverse" and right.args[0] is left) or (left.op == "inverse" and left.args[0] is right)
