r"""The bridge to SymPy, for the fragment that SymPy and truestep both know.

The names of symbols are LaTeX: ``Symbol(r"\hat{y}")``.  What is an index and what is a size shows in the use: a letter
at the place of an index, under a sum or in a Kronecker delta is an index, a symbol in a shape or on top of a sum is a
size.  ``z[k]`` of an IndexedBase counts from 1; ``W[k, i]`` of a MatrixSymbol counts from 0, as SymPy has it: there a
sum over all entries runs from 0 to K - 1, and is written from 1 to K.

No text is handed to SymPy to be read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.notation import Name, Notation
from truestep.derivations.language.shapes import Declared
from truestep.derivations.language.writing import latex
from truestep.derivations.sympy.from_sympy import from_sympy
from truestep.derivations.sympy.names_in_sympy import MatrixDerivative, Uses, derivative, full_name, uses_of
from truestep.derivations.sympy.to_sympy import to_sympy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.expression import Expression

__all__ = ["MatrixDerivative", "Uses", "derivative", "from_sympy", "full_name", "to_latex", "to_sympy", "uses_of"]


def to_latex(expression: Any, names: Mapping[str, str] | None = None, uses: Uses | None = None) -> str:
    r"""The LaTeX of a SymPy object; ``names`` gives the LaTeX of symbols whose SymPy name is none.

    Raises MeaningFault for what is outside of the fragment.

    >>> import sympy
    >>> z, j, k, K = sympy.IndexedBase("z"), *sympy.symbols("j k K")
    >>> to_latex(sympy.exp(z[k]) / sympy.Sum(sympy.exp(z[j]), (j, 1, K)))
    '\\frac{e^{z_k}}{\\sum_{j=1}^{K} e^{z_j}}'
    >>> to_latex(sympy.log(sympy.Symbol("yhat")), {"yhat": r"\hat{y}"})
    '\\log(\\hat{y})'
    """
    uses = uses if uses is not None else uses_of(expression)
    written = from_sympy(expression, uses).map(_plus_first)
    return latex(_renamed(written, names) if names else written, _notation(uses))


def _plus_first(node: Expression) -> Expression:
    """A sum that begins with a term without a minus, where it has one."""
    first = next((place for place, term in enumerate(node.args) if term.head != "negative"), 0)
    if node.head != "add" or not first:
        return node
    return replace(node, args=(node.args[first], *node.args[:first], *node.args[first + 1 :]))


def _renamed(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The expression with other names for its symbols and functions."""

    def change(node: Expression) -> Expression:
        if node.head == "apply":
            return replace(node, data=(names.get(node.data[0], node.data[0]), *node.data[1:]))
        return replace(node, data=names[node.data]) if isinstance(node.data, str) and node.data in names else node

    return expression.map(change)


def _notation(uses: Uses) -> Notation:
    """The names that are in use."""
    bases = {name: name.partition("^")[0].partition("_")[0] for name in uses.objects}
    return Notation(
        {(base, name, None): Name(name, base, None, None, Declared("array")) for name, base in bases.items()}
    )
