"""Which kind of answer is judged by which check; an expression is judged line by line elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from truestep.checkers.kinds.record import Judged
from truestep.checkers.kinds.shape_answers import check_shapes, is_shape
from truestep.derivations.language.latex.macros import expanded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from truestep.derivations.language.latex.macros import Macro
    from truestep.problems.statements.problem import Problem


LONGEST_ROW = 6_000
LONGEST_ANSWER = 30_000


def check_kind(rows: Sequence[str], problem: Problem, macros: Mapping[str, Macro]) -> dict[str, Any] | None:
    """The check record of an answer that is no expression; None where it is one.

    Raises StatementFault.
    """
    if problem.kind == "by hand":
        return by_hand(rows, problem, "this question is read by a person")
    if problem.kind in ("shape", "sizes", "choice", "order") and too_long(rows):
        reason = f"this is longer than {LONGEST_ANSWER} characters, or has a line of more than {LONGEST_ROW}"
        return Judged(len(rows)).record("undecided", None, reason)
    if problem.kind == "shape" or _asks_for_shape(problem):
        return check_shapes([expanded(row, macros) for row in rows], problem)
    if problem.kind == "sizes":
        from truestep.checkers.kinds.layer_answers import check_sizes

        return check_sizes([expanded(row, macros) for row in rows], problem)
    if problem.kind == "choice" and problem.options:
        from truestep.checkers.kinds.choice import check_choice

        return check_choice([expanded(row, macros) for row in rows], problem)
    if problem.kind == "order" and problem.steps:
        from truestep.checkers.kinds.order import check_order

        return check_order([expanded(row, macros) for row in rows], problem)
    if problem.kind in ("choice", "order"):
        needed = "options" if problem.kind == "choice" else "steps"
        return by_hand(rows, problem, f"the problem states no {needed}, so that a person reads this")
    return None


def _asks_for_shape(problem: Problem) -> bool:
    """Whether an expression is asked for and the answer is a shape: all its entries are sizes, and one has a name."""
    if problem.kind != "expression" or problem.find or not problem.answer or not is_shape(problem.answer[-1]):
        return False
    words = re.findall(r"\\?[A-Za-z]+", problem.answer[-1])
    named = [word for word in words if word not in ("\\left", "\\right", "\\times", "\\mathbb", "R")]
    return bool(named) and all(_is_size(word, problem) for word in named)


def _is_size(name: str, problem: Problem) -> bool:
    shapes = list(problem.symbols.values())
    stated = problem.symbols.get(name)
    return stated == "size" or (stated is None and any(name in shape.split() for shape in shapes))


def by_hand(rows: Sequence[str], problem: Problem, reason: str) -> dict[str, Any]:
    """The record of an answer that a person reads."""
    return Judged(len(rows)).record("not_checked", None, reason)


def too_long(rows: Sequence[str]) -> bool:
    """Whether an answer is longer than a person writes one of these kinds."""
    return any(len(row) > LONGEST_ROW for row in rows) or sum(map(len, rows)) > LONGEST_ANSWER
