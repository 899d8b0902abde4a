"""What is shown of the solution where it is asked for: the rules that are needed, the answer, the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.reports.model import Revealed, Step
from truestep.reports.pieces import sentence, text_of

if TYPE_CHECKING:
    from truestep.problems.sheets.solving import Block, Solved
    from truestep.problems.statements.problem import Problem

MOST_RULES = 12


def revealed(problem: Problem, level: str) -> Revealed | None:
    """The solution of a problem as far as a level goes: ``none``, ``hint``, ``answer`` or ``steps``."""
    if level == "none" or problem.kind == "by hand":
        return None
    from truestep.checkers.own_solutions import derive
    from truestep.problems.sheets.solving import solve

    solved = solve(problem, "normal", derive)
    if level == "hint":
        return Revealed(rules=tuple(text_of(rule) for rule in _rules(solved)))
    answers = tuple(answer for one in solved for answer in one.answers)
    if level == "answer":
        return Revealed(answers=answers)
    steps = tuple(_steps(block) for one in solved for block in one.blocks)
    return Revealed(answers=answers, steps=steps, notes=tuple(sentence(one.note) for one in solved if one.note))


def _rules(solved: tuple[Solved, ...]) -> list[str]:
    """The names of the rules, in the order in which they are first needed."""
    used = [row.rule for one in solved for block in one.blocks for row in block.rows if row.rule]
    return list(dict.fromkeys(used))[:MOST_RULES]


def _steps(block: Block) -> tuple[Step, ...]:
    return tuple(Step(row.left, row.right, row.condition or block.condition, text_of(row.rule)) for row in block.rows)
