"""What a person reads: the rows of a solution, in the detail that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from truestep.derivations.deriving.rule_names import CHAIN, COLLECTING
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.steps import Derivation, Solution, Step
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation

    Writer = Callable[[Expression, Notation | None], str]

NUMERIC = ("putting in the numbers", "calculating")
DETAILS = ("terse", "normal", "full")


@dataclass(frozen=True, slots=True)
class Line:
    """One displayed row; ``left`` is empty where it goes on from the row above, rows of one block are one display.

    ``names``: it introduces a name."""

    left: str
    right: str
    rule: str = ""
    because: str = ""
    block: int = 0
    condition: str = ""
    depth: int = 0
    names: bool = False


def lines(solution: Solution, detail: str = "normal", write: Writer = latex) -> tuple[Line, ...]:
    """The rows of a solution.

    ``terse`` shows each result, ``normal`` one named rule a line, ``full`` every step with what it makes use of.
    """
    rows = _Rows(detail, lambda node: write(node, solution.notation))
    for derivation in solution.derivations:
        rows.add(derivation, 0)
    return tuple(rows.lines)


class _Rows:
    def __init__(self, detail: str, write: Callable[[Expression], str]) -> None:
        self.detail, self.write = detail, write
        self.lines: list[Line] = []
        self.blocks = 0
        self.goes_on: bool | None = None  # whether the row before is of the way back, not forward; None: of neither

    def add(self, derivation: Derivation, depth: int) -> None:
        """The rows of a derivation, then in full detail those of the derivations inside it."""
        block, self.blocks = self.blocks, self.blocks + 1
        steps = kept_steps(derivation.steps, self.detail)
        kind = derivation.goal.head == "derivative" if self._is_signal(derivation, steps) else None
        if self.goes_on is not None and self.goes_on == kind:
            block, self.blocks = block - 1, block
        self.goes_on = kind
        condition = self._optional(derivation.condition)
        left = self.write(derivation.goal)
        if derivation.name not in (None, derivation.goal):
            left = f"{self.write(derivation.name)} := {left}"
        if derivation.is_row and self.detail == "normal":
            rights = dict.fromkeys(self.write(step.after) for step in steps)
            names = derivation.name is not None
            rule = ", ".join(dict.fromkeys(step.rule for step in steps if step.rule not in NUMERIC)) or NUMERIC[0]
            self.lines.append(Line(left, " = ".join(rights), rule, "", block, condition, depth, names))
            return
        written = ""
        for step in steps:
            because, before, written = self._optional(step.because), written, self.write(step.after)
            if written != before or because:
                names = bool(left) and derivation.name is not None
                self.lines.append(Line(left, written, step.rule, because, block, condition, depth, names))
            left = ""
        for step in steps if self.detail == "full" else ():
            for inner in step.details:
                self.add(inner, depth + 1)

    def _is_signal(self, derivation: Derivation, steps: tuple[Step, ...]) -> bool:
        """Whether it is one row of numbers or one that gives a name, of which several stand in one display."""
        is_row = derivation.is_row or (derivation.name is not None and len(steps) == 1)
        return is_row and self.detail != "full"

    def _optional(self, node: Expression | None) -> str:
        return "" if node is None else self.write(node)


def kept_steps(steps: tuple[Step, ...], detail: str) -> tuple[Step, ...]:
    """The steps that stand on a line of their own; the last one does, but for one that only sorts."""
    if detail == "full" or not steps:
        return steps
    if detail == "terse":
        return steps[-1:]
    kept: list[Step] = []
    passed: list[str] = []
    for step, after in pairwise((*steps, steps[-1])):
        if step is not after and (step.trivial or _goes_on(step, after)):
            passed.append(step.rule)
            continue
        named = step.rule == COLLECTING and passed
        kept.append(replace(step, rule=", ".join(dict.fromkeys((*passed, step.rule)))) if named else step)
        passed.clear()
    return (*kept[:1], *(step for before, step in pairwise(kept) if not _only_sorts(before, step)))


def _only_sorts(before: Step, step: Step) -> bool:
    """Whether a step says what the one before it said in another order."""
    return step.rule == COLLECTING and _unordered(before.after) == _unordered(step.after)


def _unordered(node: Expression) -> tuple[object, ...]:
    """What stands in an expression, in whatever order and under whatever brackets."""
    if node.head in ("group", "underbrace"):
        return _unordered(node.args[0])
    if node.head not in ("add", "product"):
        return node.head, str(node.data), *map(_unordered, node.args)
    parts = [part for arg in map(_unordered, node.args) for part in (arg[1:] if arg[0] == node.head else (arg,))]
    return node.head, *sorted(parts, key=repr)


def _goes_on(step: Step, after: Step) -> bool:
    """Whether the chain rule is used again right away: one line then says both."""
    return step.rule == after.rule == CHAIN


def named_rows(rows: tuple[Line, ...]) -> list[Line]:
    """The displays that introduce a name, on which what stands further down rests."""
    blocks = {row.block for row in rows if row.names}
    return [row for row in rows if row.block in blocks]


def record_lines(rows: tuple[Line, ...]) -> list[str]:
    """The rows as a check record takes them."""
    return [_record_line(row) for row in rows]


def _record_line(row: Line) -> str:
    condition = rf" \quad \text{{for }} {row.condition}" if row.condition else ""
    because = rf" \quad \text{{since }} {row.because}" if row.because else ""
    return f"{row.left} = {row.right}{condition}{because}".strip()
