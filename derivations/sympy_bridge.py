r"""The bridge to SymPy, for the fragment that SymPy and truestep both know.

The names of symbols are LaTeX: ``Symbol(r"\hat{y}")``.  What is an index and what is a size shows in the use: a letter
at the place of an index, under a sum or in a Kronecker delta is an index, a symbol in a shape or on top of a sum is a
size.  ``z[k]`` of an IndexedBase counts from 1; ``W[k, i]`` of a MatrixSymbol counts from 0, as SymPy has it: there a
sum over all entries runs from 0 to K - 1, and is written from 1 to K.

No text is handed to SymPy to be read.
"""

from __future__ import annotations

from derivations.sympy_latex import to_latex
from derivations.sympy_making import to_sympy
from derivations.sympy_names import MatrixDerivative, Uses, derivative, full_name, uses_of
from derivations.sympy_reading import from_sympy

__all__ = ["MatrixDerivative", "Uses", "derivative", "from_sympy", "full_name", "to_latex", "to_sympy", "uses_of"]
