"""Which kind of answer is judged by which check; an expression is judged line by line elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.checkers.kinds.record import Judged
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
    kind = problem.kind
    if kind == "by hand":
        return _by_hand(rows, "this question is read by a person")
    if kind in ("shape", "sizes", "choice", "order") and _is_too_long(rows):
        reason = f"this is longer than {LONGEST_ANSWER} characters, or has a line of more than {LONGEST_ROW}"
        return Judged(len(rows)).record("undecided", None, reason)
    if kind == "shape" or (kind == "expression" and problem.answer and _asks_shape(problem)):
        from truestep.checkers.kinds.shape_answers import check_shapes as check
    elif kind == "sizes":
        from truestep.checkers.kinds.layer_answers import check_sizes as check
    elif kind == "choice" and problem.options:
        from truestep.checkers.kinds.choice import check_choice as check
    elif kind == "order" and problem.steps:
        from truestep.checkers.kinds.order import check_order as check
    elif kind in ("choice", "order"):
        needed = "options" if kind == "choice" else "steps"
        return _by_hand(rows, f"the problem states no {needed}, so that a person reads this")
    else:
        return None
    return check([expanded(row, macros) for row in rows], problem)


def _asks_shape(problem: Problem) -> bool:
    """Whether the reference answer is a shape."""
    from truestep.checkers.kinds.shape_answers import is_shape

    return is_shape(problem.answer[-1], problem)


def _by_hand(rows: Sequence[str], reason: str) -> dict[str, Any]:
    """The record of an answer that a person reads."""
    return Judged(len(rows)).record("not_checked", None, reason)


def _is_too_long(rows: Sequence[str]) -> bool:
    """Whether an answer is longer than a person writes one of these kinds."""
    return any(len(row) > LONGEST_ROW for row in rows) or sum(map(len, rows)) > LONGEST_ANSWER
