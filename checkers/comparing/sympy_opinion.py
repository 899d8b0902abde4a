"""SymPy as a second opinion: addition theorems of sine and cosine, which have no law in the exact models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Term

MAX_NODES = 40
MAX_DEGREE = 8


def is_zero_in_sympy(arena: Arena, term: Term) -> bool:
    """Whether SymPy expands a small scalar term to 0, with sine and cosine written as exponentials."""
    if not _is_small(arena, term):
        return False
    import sympy

    made = _made(arena, term, sympy)
    return made is not None and sympy.expand(sympy.expand(made.rewrite(sympy.exp)), power_exp=True) == 0


def _is_small(arena: Arena, term: Term) -> bool:
    todo, count = [term], 0
    while todo:
        node = todo.pop()
        count += 1
        large = node.op == "power" and abs(node.data) > MAX_DEGREE
        if count > MAX_NODES or node.axes or large or (node.op == "quantity" and node.data[0] in arena.definitions):
            return False
        todo += node.args
    return True


def _made(arena: Arena, term: Term, sympy: Any) -> Any:
    """The term as a SymPy expression; None where it holds something that is not rewritten here."""
    op = term.op
    if op == "constant":
        return sympy.Rational(term.data.numerator, term.data.denominator)
    if op == "quantity":
        name = term.data[0]
        return sympy.pi if name == r"\pi" else sympy.Symbol(name, real=True)
    args = [_made(arena, arg, sympy) for arg in term.args]
    if any(arg is None for arg in args):
        return None
    match op:
        case "add":
            return sympy.Add(*args)
        case "multiply":
            return sympy.Mul(*args)
        case "power":
            return args[0] ** term.data
        case "exp" | "sin" | "cos":
            return getattr(sympy, op)(args[0])
    return None
