"""What a tool must offer for a problem to be stated in it: arrays with named axes.

A whole matrix has the axes `ROWS` and `COLUMNS`, a column vector `ROWS` alone, a row `COLUMNS` alone, a scalar none;
an entry with written indices has these as its axes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

ROWS, COLUMNS = "rows", "columns"
Value: TypeAlias = Any
Size: TypeAlias = str | int


class Algebra(ABC):
    """The operations of one tool; each may raise NotDone where the tool has none such."""

    @abstractmethod
    def axes(self, value: Value) -> tuple[str, ...]:
        """The names of the axes of a value."""

    @abstractmethod
    def variable(self, name: str, dims: tuple[Size, Size]) -> Value:
        """A whole quantity of rows x columns; where a dimension is 1, it has no such axis."""

    @abstractmethod
    def number(self, value: Fraction) -> Value:
        """An exact number."""

    @abstractmethod
    def constant(self, name: str) -> Value:
        """Euler's number `e`, or `pi`."""

    @abstractmethod
    def size(self, name: str) -> Value:
        """A size as a number."""

    @abstractmethod
    def identity(self, like: Value) -> Value:
        """The identity matrix with the axes of a square one."""

    @abstractmethod
    def rename(self, value: Value, names: Mapping[str, str]) -> Value:
        """The value with other names for its axes."""

    @abstractmethod
    def add(self, values: Sequence[Value]) -> Value:
        """The sum; an axis that a term lacks is filled with equal entries."""

    @abstractmethod
    def multiply(self, values: Sequence[Value]) -> Value:
        """The product, entry by entry along common axes, of every entry with every one along others."""

    @abstractmethod
    def contract(self, values: Sequence[Value], summed: Sequence[str]) -> Value:
        """The product as above, summed along some axes."""

    @abstractmethod
    def power(self, value: Value, exponent: Fraction) -> Value:
        """Each entry to a power."""

    @abstractmethod
    def apply(self, function: str, value: Value) -> Value:
        """A function of each entry; `step` is 1 where the entry is positive, else 0."""

    @abstractmethod
    def inverse(self, value: Value) -> Value:
        """The inverse of a whole matrix."""

    @abstractmethod
    def determinant(self, value: Value) -> Value:
        """The determinant of a whole matrix."""

    @abstractmethod
    def trace(self, value: Value) -> Value:
        """The trace of a whole matrix."""

    @abstractmethod
    def diagonal(self, value: Value) -> Value:
        """The diagonal matrix with a column vector on its diagonal."""
