"""The numbers that stand as indices in a term: how large models must be to tell it from others."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from truestep.derivations.meaning.terms import INVERSES, Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Definition, System, Term


OWN = frozenset(("quantity", "delta", "below", "positive", "nonnegative", "zero", "log", "power", *INVERSES))


def reaches(term: Term, shapes: Mapping[str, tuple[Size, ...]], definitions: Mapping[str, Definition]) -> list[Reach]:
    """The numbers that a term of one of these operations has itself: x_5, delta_{i5}, i < 5, K = 5."""
    op, data, args = term.op, term.data, term.args
    if op == "quantity":
        numbers = [index for index in data[1] if type(index) is int and index > 1]
        places = zip(shapes[data[0]], data[1], strict=False) if numbers else ()
        return [Reach(size, index, True) for size, index in places if index in numbers]
    if op in INVERSES or op in ("log", "power"):
        whole = term if op in INVERSES else args[0]
        needed = op != "power" or data < 0
        return _ranks(whole, definitions) if needed and whole.op in (*INVERSES, "determinant") else []
    if op == "delta":
        return [Reach(data[0].size, data[1], False)] if isinstance(data[1], int) else []
    if op == "below":
        return _beside(*args) + _beside(*args[::-1])
    if args[0].op != "add" or not args[0].unusual:
        return []
    numbers = [abs(part.data) for part in args[0].args if part.op == "constant"]
    return [
        Reach(size, ceil(max(numbers) / times), False)
        for size, times in map(_counted, args[0].args)
        if times and numbers
    ]


def _ranks(matrix: Term, definitions: Mapping[str, Definition]) -> list[Reach]:
    """The sizes over which a square product sums: it has no more rank than the smallest of them."""
    body = matrix.args[0]
    if body.op == "quantity" and body.data[0] in definitions:
        body = definitions[body.data[0]].body
    return _summed(body, matrix.data[0].size)


def ranks_needed(system: System) -> list[Reach]:
    """The sizes over which the slope of one relation sums, by which it is met: A^T A w = b where A has the rank."""
    gaps = [one.gap for one in system.constraints]
    return _summed(system.slopes[0][0], gaps[0].axes[0].size) if len(gaps) == len(gaps[0].axes) == 1 else []


def _summed(body: Term, size: Size) -> list[Reach]:
    found: list[Reach] = []
    todo = [body]
    while todo:
        node = todo.pop()
        if node.op == "add":  # what all terms sum over
            several = [_summed(term, size) for term in node.args]
            found += [one for one in several[0] if all(one in other for other in several)]
        elif node.op == "multiply":
            todo += [factor for factor in node.args if factor.op == "total"]
        elif node.op == "total":
            inner = node.data.size
            if isinstance(inner, str) and inner != size:
                found.append(Reach(inner, size, True))
            todo.append(node.args[0])
    return found


def _counted(part: Term) -> tuple[Size, Fraction]:
    """The size that a multiple of an index or of a size counts to, and the factor; 0 for any other term."""
    factors = part.args if part.op == "multiply" else (part,)
    index = next((factor for factor in factors if factor.op in ("position", "size")), None)
    if index is None:
        return 1, Fraction(0)
    times = next((abs(factor.data) for factor in factors if factor.op == "constant"), Fraction(1))
    return index.data.size if index.op == "position" else index.data, times


def _beside(index: Term, number: Term) -> list[Reach]:
    whole = number.op == "constant" and index.op == "position"
    return [Reach(index.data.size, int(number.data) + 1, False)] if whole else []
