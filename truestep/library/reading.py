"""A formula as it is read: ``truestep.read``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from truestep.checkers.answers.comparing import Names, declared_in
from truestep.derivations.language.expression import Expression as Written
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.shapes import Dims
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.scope import value_of
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem


@dataclass(frozen=True)
class Expression:
    """A formula as it was read: as LaTeX in truestep's own writing, with its shape, (1, 1) for a scalar."""

    latex: str
    shape: Dims
    symbols: Mapping[str, str]
    written: Written = field(repr=False)
    notation: Notation = field(repr=False)

    def sympy(self) -> Any:
        """The formula as a SymPy object.  Raises MeaningFault for what SymPy has no object for."""
        return sympy_of(self.written, self.notation)

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def read(text: str, symbols: Mapping[str, str] | None = None) -> Expression:
    r"""Reads one formula; without ``symbols`` its names are declared as ``verify`` does.

    Raises Fault (ReadingFault, NameFault, ShapeFault) with the place in the text where it cannot be read.

    >>> found = read(r"W^T (W x - y)", {"W": "K x M", "x": "M", "y": "K"})
    >>> found.latex, found.shape
    ('W^T (W x - y)', ('M', 1))
    >>> read("(x - 1)(x + 1)").sympy()
    (x - 1)*(x + 1)
    """
    known = declared_in(text, Names(symbols))[0]
    setting = setting_of(Problem(symbols=dict(known.symbols), functions=dict(known.functions), given=known.given))
    written = setting.read(text)
    value = value_of(written, setting.scope)
    return Expression(latex(written, setting.notation), value.dims, known.symbols, written, setting.notation)


def sympy_of(written: Written, notation: Notation) -> Any:
    """An expression as a SymPy object, in which the names are arrays as they are declared."""
    import sympy

    from truestep.derivations.sympy.bridge import to_sympy

    objects: dict[str, Any] = {}
    sizes = {size for name in notation.names.values() for size in name.declared.dims if isinstance(size, str)}
    objects |= {size: sympy.Symbol(size, integer=True, positive=True) for size in sizes | notation.sizes}
    for name in notation.names.values():
        dims = [objects.get(size, size) if isinstance(size, str) else size for size in name.declared.dims]
        is_scalar = all(size == 1 for size in dims)
        objects[name.full] = sympy.Symbol(name.full) if is_scalar else sympy.MatrixSymbol(name.full, *dims)
    return to_sympy(written, objects)
