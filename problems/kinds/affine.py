r"""Answers that are affine in one quantity, collected: ``y = W_2 (W_1 x + b_1) + b_2`` is ``W x + b``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import StatementFault, quoted
from truestep.derivations.language.writing import latex
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.problems.statements.problem import Problem

_FORM = re.compile(r"\s*(\S{1,99})\s+(\S{1,99})\s*\+\s*(\S{1,99})\s*")
_THROUGH = ("group", "transpose", "negative")


class Collected(NamedTuple):
    """The names of the matrix and of the vector, what each is in LaTeX, and the form as a whole."""

    matrix: str
    is_matrix: str
    vector: str
    is_vector: str
    form: str


def with_collected(problem: Problem) -> Problem:
    """The problem that also gives the matrix and the vector that its answer is collected into.

    Raises StatementFault where it cannot be collected.
    """
    if not problem.collect:
        return problem
    found = collected(problem)
    return structs.replace(
        problem,
        collect="",
        symbols={**_shapes(problem, found), **problem.symbols},
        given=(*problem.given, f"{found.matrix} = {found.is_matrix}", f"{found.vector} = {found.is_vector}"),
    )


def collected_names(problem: Problem) -> frozenset[str]:
    """The names of the matrix and of the vector; none where nothing is to be collected.

    >>> from truestep.problems.statements.problem import Problem
    >>> sorted(collected_names(Problem(collect="W x + b")))
    ['W', 'b']
    """
    parts = _FORM.fullmatch(problem.collect)
    return frozenset() if parts is None else frozenset((parts[1], parts[3]))


def collected(problem: Problem) -> Collected:
    r"""What ``collect`` makes of the answer.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> shapes = {"A": "u x t", "B": "t x s", "c": "t", "x": "s", "y": "u"}
    >>> made = collected(Problem(symbols=shapes, given=("y = A (B x + c)",), find=("y",), collect="W x + b"))
    >>> made.is_matrix, made.is_vector
    ('A B', 'A c')
    """
    parts = _FORM.fullmatch(problem.collect)
    if parts is None or parts[2] not in problem.symbols or len(problem.find) != 1:
        raise StatementFault(
            f"{quoted(problem.collect)} is no form such as 'W x + b', with an x that symbols declares",
            key="collect",
            entry=problem.collect,
        )
    plain = structs.replace(problem, collect="", answer=())
    slope = structs.replace(
        plain, find=(rf"\frac{{\partial {problem.find[0]}}}{{\partial {parts[2]}}}",), layout="numerator"
    )
    from truestep.problems.derived import derived  # which takes long to load

    try:
        matrix, whole = derived(slope)[0], derived(plain)[0]
        rest = _at_zero(whole.answer, parts[2])
    except Stuck as stuck:
        raise StatementFault(
            f"{quoted(problem.collect)} cannot be worked out ({stuck})", key="collect", entry=problem.collect
        ) from None
    if rest is None or (matrix.answer.has("symbol") and _holds(matrix.answer, parts[2])):
        raise StatementFault(
            f"{problem.find[0]} is not of the form {quoted(problem.collect)}", key="collect", entry=problem.collect
        )
    notation = whole.notation
    return Collected(parts[1], latex(matrix.answer, notation), parts[3], latex(rest, notation), problem.collect)


def _shapes(problem: Problem, found: Collected) -> dict[str, str]:
    """The shapes of the matrix and of the vector, from those of what is asked and of what it is affine in."""
    setting = setting_of(structs.replace(problem, collect=""))
    declared = [setting.notation.declared(name) for name in (problem.find[0], found.form.split()[1])]
    rows, columns = (known.dims[0] if known is not None else 1 for known in declared)
    return {found.matrix: f"{rows} x {columns}", found.vector: str(rows)}


def _holds(node: Expression, name: str) -> bool:
    return any(child.head == "symbol" and child.data == name for child in node.walk())


def _at_zero(node: Expression, name: str) -> Expression | None:
    """What is left where the quantity is zero; None where nothing is.  Raises Stuck where it is not affine."""
    if not _holds(node, name):
        return node
    if node.head == "symbol":
        return None
    if node.head == "add":
        terms = [made for term in node.args if (made := _at_zero(term, name)) is not None]
        return None if not terms else terms[0] if len(terms) == 1 else replace(node, args=tuple(terms))
    if node.head == "product" or node.head in _THROUGH:
        parts = [_at_zero(part, name) for part in node.args]
        return None if None in parts else replace(node, args=tuple(part for part in parts if part is not None))
    raise Stuck(name, f"it stands inside {node.head}")
