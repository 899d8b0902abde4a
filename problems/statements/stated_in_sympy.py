r"""How a page of the book states a problem: in SymPy, from which the statement's LaTeX and shapes are taken.

>>> from sympy import IndexedBase, MatrixSymbol, Symbol, symbols
>>> K, M = symbols("K M")
>>> W, x, z = MatrixSymbol("W", K, M), MatrixSymbol("x", M, 1), MatrixSymbol("z", K, 1)
>>> problem = stated("layer", given=[equation(z, W * x)], find=derivative(z, x), answer=W.T)
>>> problem.symbols, problem.find
({'z': 'K', 'W': 'K x M', 'x': 'M'}, ('\\frac{\\partial z}{\\partial x}',))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy
from sympy.core.function import AppliedUndef

from truestep.derivations.language.faults import MeaningFault, StatementFault
from truestep.derivations.language.functions import BY_SPELLING
from truestep.derivations.sympy.bridge import Uses, derivative, full_name, to_latex, uses_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import made

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["derivative", "equation", "stated"]


def equation(left: Any, right: Any) -> Any:
    """The equation as written; SymPy's own may decide it on the spot.

    >>> from sympy import Symbol
    >>> equation(Symbol("x"), Symbol("x"))
    Eq(x, x)
    """
    return sympy.Eq(left, right, evaluate=False)


def stated(
    identifier: str,
    *,
    find: Any,
    answer: Any = (),
    also: Any = (),
    wrong: Mapping[Any, str] | None = None,
    given: Any = (),
    assume: Any = (),
    must_show: Any = (),
    only: Any = (),
    symbols: Mapping[str, str] | None = None,
    functions: Mapping[str, str] | None = None,
    **plain: Any,
) -> Problem:
    """The problem that SymPy objects state; ``plain`` are the keys of a statement that hold no formula.

    A formula is a SymPy object, or LaTeX where SymPy has no word for it.  Shapes are those of the SymPy objects;
    ``symbols`` adds what they do not carry, and wins.  ``also`` are right answers in other forms, ``wrong``
    typical wrong ones, each with the code of its mistake.  Raises StatementFault.
    """
    mistakes = dict(wrong or {})
    formulas = {
        "given": _several(given),
        "assume": _several(assume),
        "find": _several(find),
        "answer": _several(answer),
        "also": _several(also),
        "wrong": tuple(mistakes),
        "must_show": _several(must_show),
        "only": _several(only),
    }
    objects = [formula for several in formulas.values() for formula in several if not isinstance(formula, str)]
    uses = uses_of(*objects)
    try:
        written = {
            key: tuple(formula if isinstance(formula, str) else to_latex(formula, None, uses) for formula in several)
            for key, several in formulas.items()
        }
    except MeaningFault as fault:
        raise StatementFault(f"{identifier}: {fault.message}") from None
    table = {
        **plain,
        **written,
        "id": identifier,
        "symbols": {**_shapes(objects, uses, identifier, symbols or {}), **(symbols or {})},
        "functions": {**_functions(objects, uses), **(functions or {})},
        "wrong": dict(zip(written["wrong"], mistakes.values(), strict=True)),
    }
    return made(table, Problem)


def _several(formulas: Any) -> tuple[Any, ...]:
    return tuple(formulas) if isinstance(formulas, list | tuple) else (formulas,)


def _shapes(objects: list[Any], uses: Uses, identifier: str, told: Mapping[str, str]) -> dict[str, str]:
    """The shapes of the quantities, in the order in which they occur."""
    known, formals = {full_name(name) for name in told}, _formals(objects)
    shapes: dict[str, str] = {}
    for name, found in uses.objects.items():
        if name in known | formals | uses.sizes or (name in uses.indices and not isinstance(found, sympy.Idx)):
            continue
        if isinstance(found, sympy.Idx):
            if found.upper is not None and name not in uses.bound:
                shapes[name] = f"index {found.upper if found.lower == 1 else found.upper + 1}"
        elif isinstance(found, sympy.IndexedBase) and found.shape is None:
            raise StatementFault(f"{identifier}: the shape of {name} is not known; give the IndexedBase a shape")
        else:
            shapes[name] = _shape(getattr(found, "shape", None) or ())
    stated_sizes = {part for shape in (*shapes.values(), *told.values()) for part in shape.split()}
    return shapes | dict.fromkeys(sorted(uses.sizes - stated_sizes - known), "size")


def _shape(sizes: tuple[Any, ...]) -> str:
    """A SymPy shape as a statement writes it."""
    if len(sizes) == 2 and sizes[1] == 1:
        sizes = sizes[:1]
    if all(size == 1 for size in sizes):
        return "scalar"
    return " x ".join(str(size) for size in sizes)


def _applied(objects: list[Any]) -> list[Any]:
    return [node for formula in objects for node in sympy.preorder_traversal(formula) if isinstance(node, AppliedUndef)]


def _formals(objects: list[Any]) -> set[str]:
    """The formal arguments of functions that a given defines: t in ``f(t) = ...``."""
    heads = [
        formula.lhs for formula in objects if isinstance(formula, sympy.Eq) and isinstance(formula.lhs, AppliedUndef)
    ]
    return {full_name(argument.name) for head in heads for argument in head.args if isinstance(argument, sympy.Symbol)}


def _functions(objects: list[Any], uses: Uses) -> dict[str, str]:
    """The unknown functions of numbers; one that bears the name of a quantity is that quantity's dependency."""
    defined = {
        formula.lhs.func
        for formula in objects
        if isinstance(formula, sympy.Eq) and isinstance(formula.lhs, AppliedUndef)
    }
    return {
        node.func.__name__: "elementwise" if len(node.args) == 1 else "scalar"
        for node in _applied(objects)
        if node.func not in defined
        and full_name(node.func.__name__) not in uses.objects
        and node.func.__name__ not in BY_SPELLING
    }
