"""The order in which a person writes the terms and factors that SymPy keeps in one of its own."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

NAMED = (sympy.Symbol, sympy.MatrixSymbol, sympy.IndexedBase, sympy.Idx, sympy.Indexed, MatrixElement, AppliedUndef)
TOTALS = (sympy.Sum, sympy.Product)


def ordered_terms(node: Any) -> list[Any]:
    """The terms of a sum of numbers: one without a minus first, sums over an index last.

    >>> x, y = sympy.symbols("x y")
    >>> ordered_terms(1 - x**2), ordered_terms(-x - y)
    ([1, -x**2], [-x, -y])
    """
    terms = node.as_ordered_terms()
    first = next((place for place, term in enumerate(terms) if not has_minus(term)), 0)
    terms.insert(0, terms.pop(first))
    return sorted(terms, key=lambda term: any(isinstance(factor, TOTALS) for factor in _above(term)))


def ordered_factors(node: Any) -> list[Any]:
    """The factors of a product: numbers, names, sums in brackets, functions, sums over an index.

    >>> x, y = sympy.symbols("x y")
    >>> ordered_factors(sympy.log(x) * (x + 1) * y * 2)
    [2, y, x + 1, log(x)]
    """
    return sorted(sympy.Mul.make_args(node), key=_place)


def has_minus(node: Any) -> bool:
    """Whether a term is written with a minus in front."""
    if isinstance(node, sympy.MatMul):
        return bool(node.args[0].is_Rational and node.args[0] < 0)
    return bool(node.as_coeff_Mul()[0].is_negative)


def _above(term: Any) -> tuple[Any, ...]:
    """The factors above the line."""
    numerator = sympy.fraction(term, exact=True)[0]
    return tuple(sympy.Mul.make_args(numerator))


def _place(factor: Any) -> tuple[int, Any]:
    base = factor.base if isinstance(factor, sympy.Pow) else factor
    if factor.is_number:
        return 0, factor.sort_key()
    kinds = ((*NAMED, sympy.KroneckerDelta), (sympy.Add,), (sympy.Function,))
    place = next((k for k, kind in enumerate(kinds, 1) if isinstance(base, kind)), len(kinds) + 1)
    return place + isinstance(factor, TOTALS), factor.sort_key()
