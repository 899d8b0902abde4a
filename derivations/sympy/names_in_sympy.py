"""What the symbols of SymPy expressions are used as, and derivatives that stay as they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.reading.tokens import canonical, tokenize


class MatrixDerivative(sympy.MatrixExpr):  # type: ignore[misc]
    r"""``\frac{\partial J}{\partial z}`` by a vector or matrix, as a factor of matrix products, in denominator layout.

    A scalar by a matrix has the shape of the matrix; a column of K by a column of M is M x K.
    """

    def __new__(cls, numerator: Any, variable: Any) -> MatrixDerivative:
        """The derivative as written."""
        made: MatrixDerivative = sympy.Basic.__new__(cls, numerator, variable)
        return made

    @property
    def shape(self) -> tuple[Any, Any]:
        """The rows and columns."""
        numerator, variable = self.args
        columns = numerator.shape[0] if getattr(numerator, "is_Matrix", False) else variable.shape[1]
        return variable.shape[0], columns


def derivative(numerator: Any, *variables: Any) -> Any:
    r"""The derivative as written, even of a name whose definition SymPy does not see.

    ``Derivative(J, x)`` would be 0 in SymPy, where J is a mere symbol.

    >>> derivative(sympy.Symbol("J"), sympy.Symbol("x"))
    Derivative(J, x)
    >>> derivative(sympy.Symbol("J"), sympy.MatrixSymbol("W", 2, 3)).shape
    (2, 3)
    """
    if not variables:
        raise MeaningFault("a derivative needs what it is taken by")
    if len(variables) == 1 and getattr(variables[0], "is_Matrix", False):
        return MatrixDerivative(numerator, variables[0])
    counted = [sympy.Tuple(variable, sympy.Integer(1)) for variable in variables]
    return sympy.Expr.__new__(sympy.Derivative, numerator, *counted)


def full_name(name: str) -> str:
    r"""A name in the spelling in which declared names are kept.

    >>> full_name(r"\hat y")
    '\\hat{y}'
    """
    return canonical(tokenize(name))


@dataclass
class Uses:
    """What the symbols of some SymPy expressions are: by name the objects, and which are indices and which sizes."""

    objects: dict[str, Any] = field(default_factory=dict)
    indices: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)


def uses_of(*expressions: Any) -> Uses:
    """What the symbols are used as in expressions that belong together.

    >>> z, k, K = sympy.IndexedBase("z"), sympy.Symbol("k"), sympy.Symbol("K")
    >>> found = uses_of(sympy.Sum(z[k], (k, 1, K)))
    >>> sorted(found.objects), found.indices, found.sizes
    (['K', 'k', 'z'], {'k'}, {'K'})
    """
    uses = Uses()
    for expression in expressions:
        for node in sympy.preorder_traversal(expression):
            _use(node, uses)
    uses.sizes -= uses.indices
    return uses


def _use(node: Any, uses: Uses) -> None:
    if isinstance(node, sympy.Idx):
        uses.objects[full_name(str(node.label))] = node
        uses.indices.add(full_name(str(node.label)))
        _sizes(() if node.upper is None else (node.upper, node.upper + 1), uses)
    elif isinstance(node, sympy.IndexedBase):
        uses.objects[full_name(str(node.label))] = node
        _sizes(node.shape or (), uses)
    elif isinstance(node, sympy.MatrixSymbol):
        uses.objects[full_name(node.name)] = node
        _sizes(node.shape, uses)
    elif isinstance(node, sympy.Symbol) and not isinstance(node, sympy.Dummy):
        uses.objects.setdefault(full_name(node.name), node)
    elif isinstance(node, sympy.Identity | sympy.OneMatrix):
        _sizes(node.shape, uses)
    elif isinstance(node, sympy.Indexed | MatrixElement):
        _letters(node.args[1:], uses)
    elif isinstance(node, sympy.KroneckerDelta):
        _letters(node.args, uses)
    elif isinstance(node, sympy.Sum | sympy.Product):
        for limit in node.limits:
            _letters(limit[:1], uses)
            uses.bound |= {full_name(str(limit[0]))}
            _sizes((limit[-1], limit[-1] + 1), uses)


def _letters(places: Any, uses: Uses) -> None:
    uses.indices.update(full_name(place.name) for place in places if isinstance(place, sympy.Symbol))


def _sizes(sizes: Any, uses: Uses) -> None:
    uses.sizes.update(full_name(size.name) for size in sizes if isinstance(size, sympy.Symbol))
