r"""From entries to matrix form: bound indices are contracted, the cheapest first, and the free ones are laid out.

Inner product, matrix-vector product, Hadamard product, diag, outer product: in this order (Laue, Mitterreiter and
Giesen, *Computing higher order derivatives of matrix and tensor expressions*, 2018, write the same as tensor products).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Monomial, Place
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop


class NoMatrixForm(Exception):
    """The sum of products of entries is no product of matrices."""


class _Network:
    """Scalars, a vector on each axis, a matrix on each pair of axes."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.scalars: list[Node] = []
        self.vectors: dict[Axis, Node] = {}
        self.matrices: dict[tuple[Axis, Axis], Node] = {}

    def vector(self, axis: Axis, node: Node) -> None:
        known = self.vectors.get(axis)
        self.vectors[axis] = node if known is None else self.workshop.entrywise([known, node])

    def matrix(self, row: Axis, column: Axis, node: Node) -> None:
        if row == column:
            self.vector(row, self.workshop.diagonal(node))
        elif (column, row) in self.matrices:
            self.matrix(column, row, self.workshop.transpose(node))
        else:
            known = self.matrices.get((row, column))
            self.matrices[row, column] = node if known is None else self.workshop.entrywise([known, node])

    def put(self, node: Node, i: Place, j: Place) -> None:
        if isinstance(i, Axis) and isinstance(j, Axis):
            self.matrix(i, j, node)
        elif isinstance(i, Axis):
            if node.dims[1] != 1:
                raise NoMatrixForm
            self.vector(i, node)
        elif isinstance(j, Axis):
            if node.dims[0] != 1:
                raise NoMatrixForm
            self.vector(j, self.workshop.transpose(node))
        elif node.is_scalar:
            self.scalars.append(node)
        else:
            raise NoMatrixForm

    def axes(self) -> set[Axis]:
        """The axes on which something stands."""
        return {*self.vectors, *(axis for pair in self.matrices for axis in pair)}

    def touching(self, axis: Axis) -> list[tuple[Axis, Axis]]:
        return [pair for pair in self.matrices if axis in pair]

    def eliminate(self, axis: Axis) -> None:
        """Sums over one axis."""
        workshop, vector = self.workshop, self.vectors.pop(axis, None)
        pairs = self.touching(axis)
        if not pairs:
            self.scalars.append(self._inner(vector) if vector is not None else workshop.size(axis.size))
        elif len(pairs) == 1:
            other, matrix = self._towards(axis, pairs[0])
            self.vector(other, workshop.chain([matrix, vector or workshop.ones((axis.size, 1))]))
        elif len(pairs) == 2:
            (left, first), (right, second) = (self._towards(axis, pair) for pair in pairs)
            middle = [] if vector is None else [workshop.diag(vector)]
            self.matrix(left, right, workshop.chain([first, *middle, workshop.transpose(second)]))
        else:
            raise NoMatrixForm

    def traces(self, bound: list[Axis]) -> None:
        """The sum of A_kl B_kl over both indices is tr(A^T B)."""
        for (row, column), matrix in list(self.matrices.items()):
            pairs = [*self.touching(row), *self.touching(column)]
            alone = len(pairs) == 2 and row not in self.vectors and column not in self.vectors
            if alone and matrix.op == "entrywise" and row in bound and column in bound:
                first, rest = matrix.args[0], self.workshop.entrywise(matrix.args[1:])
                inner = self.workshop.chain([self.workshop.transpose(first), rest])
                self.scalars.append(self.workshop.trace(inner))
                del self.matrices[row, column]
                bound.remove(row)
                bound.remove(column)

    def _towards(self, axis: Axis, pair: tuple[Axis, Axis]) -> tuple[Axis, Node]:
        """The other axis of a pair, and the matrix with the axis as its columns."""
        matrix = self.matrices.pop(pair)
        return (pair[0], matrix) if pair[1] == axis else (pair[1], self.workshop.transpose(matrix))

    def _inner(self, vector: Node) -> Node:
        """The sum of the entries: an inner product where the vector is a Hadamard product."""
        workshop = self.workshop
        coefficient, scalars, core = workshop.parts(vector)
        if core is not None and core.op == "entrywise":
            first, rest = core.args[0], workshop.entrywise(core.args[1:])
            inner = workshop.chain([workshop.transpose(first), rest])
        elif core is not None and core.op == "power" and core.data.denominator == 1 and core.data % 2 == 0:
            half = workshop.power(core.args[0], core.data / 2)
            inner = workshop.chain([workshop.transpose(half), half])
        elif core is not None:
            inner = workshop.total(core)
        else:
            return workshop.total(vector)
        return workshop.scale_by(workshop.assemble(coefficient, scalars, None), inner)


def contracted(workshop: Workshop, monomial: Monomial, free: Sequence[Axis]) -> Node:
    """The node whose entries over the free axes (at most two: rows, columns) a monomial gives.

    Raises NoMatrixForm where no product of matrices says it.
    """
    if len(free) > 2 or monomial.pending is not None:
        raise NoMatrixForm
    network = _Network(workshop)
    for (node, i, j), exponent in monomial.entries.items():
        network.put(workshop.power(node, exponent) if exponent != 1 else node, i, j)
    diagonal = False
    for delta in monomial.deltas:
        if set(delta) != set(free) or len(free) != 2:
            raise NoMatrixForm
        diagonal = True
    bound = list(monomial.bound)
    network.traces(bound)
    while bound:
        axis = min(bound, key=lambda one: (len(network.touching(one)), -_ends(network, one, free)))
        network.eliminate(axis)
        bound.remove(axis)
    if not network.axes() <= set(free):  # an entry at a label
        raise NoMatrixForm
    factor = workshop.scale_by(workshop.number(monomial.coefficient), *network.scalars)
    return workshop.scale_by(factor, _laid_out(workshop, network, free, diagonal))


def _ends(network: _Network, axis: Axis, free: Sequence[Axis]) -> int:
    """How many of the matrices at an axis reach a free one."""
    return sum(any(end in free for end in pair) for pair in network.touching(axis))


def _laid_out(workshop: Workshop, network: _Network, free: Sequence[Axis], diagonal: bool) -> Node:
    if not free:
        return workshop.one
    row = free[0]
    left = network.vectors.get(row)
    if len(free) == 1:
        return left or workshop.ones((row.size, 1))
    column = free[1]
    right = network.vectors.get(column)
    matrix = network.matrices.get((row, column))
    if matrix is None and (column, row) in network.matrices:
        matrix = workshop.transpose(network.matrices[column, row])
    if diagonal:
        vectors = [node for node in (left, right) if node is not None]
        vectors += [] if matrix is None else [workshop.diagonal(matrix)]
        return workshop.diag(workshop.entrywise(vectors)) if vectors else workshop.eye(row.size)
    if matrix is None:
        left, right = left or workshop.ones((row.size, 1)), right or workshop.ones((column.size, 1))
        return workshop.chain([left, workshop.transpose(right)])
    factors = [*([] if left is None else [workshop.diag(left)]), matrix]
    return workshop.chain([*factors, *([] if right is None else [workshop.diag(right)])])


def matrix_form(workshop: Workshop, polynomial: Sequence[Monomial], free: Sequence[Axis]) -> Node:
    """The sum of the contracted monomials."""
    dims = (free[0].size if free else 1, free[1].size if len(free) > 1 else 1)
    terms = [contracted(workshop, monomial, free) for monomial in polynomial]
    total = workshop.add(terms) if terms else workshop.zeros(dims)
    if total.dims == dims:
        return total
    return workshop.scale_by(total, workshop.ones(dims))
