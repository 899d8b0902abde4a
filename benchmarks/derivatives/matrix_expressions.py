"""SymPy's matrix derivatives: a problem as a MatrixSymbol expression, and `.diff` by a MatrixSymbol.

The forms are those that SymPy 1.14 gets furthest with: a product of vectors stays a 1 x 1 matrix, since the derivative
of an entry of it or of a Sum is 0 by any MatrixSymbol; a double sum is a Trace, and traces are added under one Trace;
entrywise functions of one quantity are one `applyfunc`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy
from sympy import DiagMatrix, HadamardProduct, Lambda, MatrixSymbol, OneMatrix, Rational, Symbol, Trace

from benchmarks.derivatives.algebra import COLUMNS, ROWS, Algebra, Size
from benchmarks.derivatives.judging import NotDone
from benchmarks.derivatives.stating import Stated
from truestep.derivations.numpy.code import python_name

FUNCTIONS: Mapping[str, Any] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "tanh": sympy.tanh,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "erf": sympy.erf,
    "sigmoid": lambda t: 1 / (1 + sympy.exp(-t)),
    "softplus": lambda t: sympy.log(1 + sympy.exp(t)),
    "relu": lambda t: sympy.Max(t, 0),
    "abs": lambda t: sympy.Max(t, -t),  # the derivative of Abs is left in re and im, whatever is assumed
    "step": sympy.Heaviside,
}
ENTRY = Symbol("t", real=True)  # the entry of which an entrywise function is taken


@dataclass(frozen=True)
class Part:
    """A scalar, or a matrix of which ``body`` is taken entry by entry; ``row`` and ``column`` name its axes.

    A matrix without axes is one of 1 x 1.
    """

    matrix: Any
    row: str | None = None
    column: str | None = None
    body: Any = ENTRY

    @property
    def whole(self) -> Any:
        """The SymPy object."""
        factor = self.body / ENTRY
        if factor.is_number:
            return self.matrix if factor == 1 else factor * self.matrix
        return self.matrix.applyfunc(Lambda(ENTRY, self.body))

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(axis for axis in (self.row, self.column) if axis is not None)

    @property
    def is_matrix(self) -> bool:
        """Whether SymPy takes it for a matrix."""
        return bool(self.matrix.is_Matrix)

    @property
    def scalar(self) -> Any:
        """The SymPy object as a factor of matrices of any size."""
        return Trace(self.whole) if self.is_matrix else self.whole

    def along(self, row: str | None, column: str | None) -> Any:
        """The SymPy object with these axes for its rows and columns."""
        return self.whole if (self.row, self.column) == (row, column) else self.whole.T


class MatrixExpressions(Algebra):
    """Parts and how SymPy computes with them."""

    def axes(self, value: Part) -> tuple[str, ...]:
        """The names of the axes."""
        return value.axes

    def variable(self, name: str, dims: tuple[Size, Size]) -> Part:
        """A MatrixSymbol, or a Symbol."""
        known = python_name(name)
        if dims == (1, 1):
            return Part(Symbol(known, real=True))
        rows, columns = (_size(size) for size in dims)
        return Part(
            MatrixSymbol(known, rows, columns), ROWS if dims[0] != 1 else None, COLUMNS if dims[1] != 1 else None
        )

    def number(self, value: Fraction) -> Part:
        """A Rational."""
        return Part(Rational(value.numerator, value.denominator))

    def constant(self, name: str) -> Part:
        """E or pi."""
        return Part(sympy.E if name == "e" else sympy.pi)

    def size(self, name: str) -> Part:
        """The symbol that stands in the shapes."""
        return Part(_size(name))

    def identity(self, like: Part) -> Part:
        """An Identity."""
        return Part(sympy.Identity(like.matrix.shape[0]), ROWS, COLUMNS)

    def rename(self, value: Part, names: Mapping[str, str]) -> Part:
        """Other names for rows and columns."""
        row, column = (axis and names.get(axis, axis) for axis in (value.row, value.column))
        return replace(value, row=row, column=column)

    def add(self, values: Sequence[Part]) -> Part:
        """One entrywise function where one quantity is added to numbers, else a MatAdd."""
        arrays = [value for value in values if value.axes]
        if not arrays:
            return _added(values)
        if _alike(values):
            return replace(arrays[0], body=sum(value.body if value.axes else value.matrix for value in values))
        widest = max(arrays, key=lambda value: len(value.axes))
        return replace(widest, matrix=sympy.MatAdd(*(_spread(value, widest) for value in values)), body=ENTRY)

    def multiply(self, values: Sequence[Part]) -> Part:
        """Scalar multiples, Hadamard products, products with a diagonal matrix, outer products."""
        arrays = [value for value in values if value.axes]
        if not arrays:
            return _multiplied(values)
        factor = sympy.Mul(*(value.scalar for value in values if not value.axes))
        if _alike(values):
            return replace(arrays[0], body=factor * sympy.Mul(*(value.body for value in arrays)))
        result = arrays[0]
        for value in arrays[1:]:
            result = _times(result, value)
        if factor.is_number:
            return replace(result, body=factor * result.body)
        return replace(result, matrix=factor * result.whole, body=ENTRY)

    def contract(self, values: Sequence[Part], summed: Sequence[str]) -> Part:
        """A matrix product where it is one, a Trace for a scalar, else a product with ones."""
        if not summed:
            return self.multiply(values)
        axis, *others = summed
        carriers = [value for value in values if axis in value.axes]
        rest = [value for value in values if axis not in value.axes]
        if others and len(carriers) == 2 and all(set(value.axes) == set(summed) for value in carriers):
            left, right = (value.along(carriers[0].row, carriers[0].column) for value in carriers)
            return self.multiply([*rest, Part(Trace(left.T * right))])
        return self.contract([*rest, _joined(carriers, axis, self)], others)

    def power(self, value: Part, exponent: Fraction) -> Part:
        """A power, or a HadamardPower."""
        power = Rational(exponent.numerator, exponent.denominator)
        if not value.axes:
            return Part(value.whole**power)  # of a 1 x 1 matrix too
        if value.body == ENTRY:
            return replace(value, matrix=sympy.HadamardPower(value.matrix, power))
        return replace(value, body=value.body**power)

    def apply(self, function: str, value: Part) -> Part:
        """A function of a scalar, or `applyfunc`."""
        if function not in FUNCTIONS:
            raise NotDone(f"no function {function}")
        made = FUNCTIONS[function]
        return replace(value, body=made(value.body)) if value.is_matrix else Part(made(value.whole))

    def inverse(self, value: Part) -> Part:
        """An Inverse."""
        return Part(sympy.Inverse(value.along(ROWS, COLUMNS)), ROWS, COLUMNS)

    def determinant(self, value: Part) -> Part:
        """A Determinant."""
        return Part(sympy.Determinant(value.along(ROWS, COLUMNS)))

    def trace(self, value: Part) -> Part:
        """A Trace."""
        return Part(Trace(value.along(ROWS, COLUMNS)))

    def diagonal(self, value: Part) -> Part:
        """A DiagMatrix."""
        return Part(DiagMatrix(value.along(ROWS, None)), ROWS, COLUMNS)


def derive(stated: Stated) -> Any:
    """The derivative by each variable in turn."""
    value = stated.value
    result = value.along(ROWS, COLUMNS if COLUMNS in value.axes else None) if value.axes else value.whole
    for variable in stated.variables:
        result = result.diff(variable.matrix)
    return result


def _size(size: Size) -> Any:
    return sympy.Integer(size) if isinstance(size, int) else Symbol(size, integer=True, positive=True)


def _alike(values: Sequence[Part]) -> bool:
    """Whether all arrays are entrywise functions of one quantity, and all scalars are numbers."""
    arrays = [value for value in values if value.axes]
    same = {(value.matrix, value.row, value.column) for value in arrays}
    return len(same) == 1 and all(value.matrix.is_number for value in values if not value.axes)


def _added(values: Sequence[Part]) -> Part:
    """The sum of scalars: of 1 x 1 matrices where some are, with multiples of a Trace under one Trace."""
    matrices = [value.whole for value in values if value.is_matrix]
    numbers = [value.whole for value in values if not value.is_matrix]
    if not matrices:
        return Part(_under_one_trace(numbers))
    if any(number.has(MatrixSymbol) for number in numbers):
        return Part(_under_one_trace([value.scalar for value in values]))
    return Part(sympy.MatAdd(*matrices, *(number * OneMatrix(1, 1) for number in numbers)))


def _under_one_trace(terms: Sequence[Any]) -> Any:
    """The sum of terms; where all are multiples of traces of one size, the Trace of a sum."""
    split = [term.as_independent(Trace) for term in terms]
    inner = [factor * trace.arg for factor, trace in split if isinstance(trace, Trace)]
    if len(inner) < len(terms) or len({matrix.shape for matrix in inner}) > 1:
        return sympy.Add(*terms)
    return Trace(sympy.MatAdd(*inner))


def _multiplied(values: Sequence[Part]) -> Part:
    """The product of scalars, 1 x 1 matrices among them."""
    factor = sympy.Mul(*(value.whole for value in values if not value.is_matrix))
    matrices = [value for value in values if value.is_matrix]
    if len(matrices) == 1 and factor.is_number:
        return replace(matrices[0], body=factor * matrices[0].body)
    result = factor
    for value in matrices:
        result = result * value.whole
    return Part(result)


def _spread(value: Part, like: Part) -> Any:
    """A term in the shape of the widest one."""
    rows, columns = like.matrix.shape
    if set(value.axes) == set(like.axes):
        return value.along(like.row, like.column)
    if not value.axes:
        return value.scalar * OneMatrix(rows, columns)
    if not set(value.axes) <= set(like.axes):
        raise NotDone("a sum along three axes or two alone")
    if value.axes == (like.row,):
        return value.along(like.row, None) * OneMatrix(1, columns)
    return OneMatrix(rows, 1) * value.along(None, like.column)


def _times(left: Part, right: Part) -> Part:
    """The product of two arrays, nothing summed."""
    if set(left.axes) == set(right.axes):
        return replace(left, matrix=HadamardProduct(left.whole, right.along(left.row, left.column)), body=ENTRY)
    if len(left.axes) == len(right.axes) == 1:
        (row,), (column,) = left.axes, right.axes
        return Part(left.along(row, None) * right.along(None, column), row, column)
    matrix, vector = (left, right) if len(left.axes) == 2 else (right, left)
    if len(vector.axes) == 2 or vector.axes[0] not in matrix.axes:
        raise NotDone("an array of three axes")
    (axis,) = vector.axes
    scale = DiagMatrix(vector.along(axis, None))
    made = scale * matrix.whole if axis == matrix.row else matrix.whole * scale
    return replace(matrix, matrix=made, body=ENTRY)


def _joined(carriers: Sequence[Part], axis: str, algebra: MatrixExpressions) -> Part:
    """The product of what carries an axis, summed along it."""
    if len(carriers) != 2 or len(set(carriers[0].axes) & set(carriers[1].axes)) > 1:
        product = algebra.multiply(carriers)
        length = product.matrix.shape[0 if product.row == axis else 1]
        carriers = [product, Part(OneMatrix(length, 1), axis)]
    left, right = carriers
    row, column = (next((name for name in value.axes if name != axis), None) for value in (left, right))
    if row is None and column is None:
        return Part(left.along(None, axis) * right.along(axis, None))
    if row is None:
        return Part(right.along(axis, column).T * left.along(axis, None), column)
    return Part(left.along(row, axis) * right.along(axis, column), row, column)
