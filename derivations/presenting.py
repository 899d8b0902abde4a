"""What a person reads: the rows of a solution, in the detail that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivations.writing import latex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from derivations.expression import Expression
    from derivations.steps import Derivation, Solution, Step

DETAILS = ("terse", "normal", "full")


@dataclass(frozen=True, slots=True)
class Line:
    """One displayed row; ``left`` is empty where it goes on from the row above, rows of one block are one display."""

    left: str
    right: str
    rule: str = ""
    because: str = ""
    block: int = 0
    condition: str = ""
    depth: int = 0


def lines(solution: Solution, detail: str = "normal", write: Callable[[Expression], str] = latex) -> tuple[Line, ...]:
    """The rows of a solution.

    ``terse`` shows each result, ``normal`` one named rule a line, ``full`` every step with what it makes use of.
    """
    blocks = iter(range(1 << 16))
    return tuple(
        line for derivation in solution.derivations for line in _rows(derivation, detail, write, blocks, 0)
    )


def _rows(
    derivation: Derivation, detail: str, write: Callable[[Expression], str], blocks: Iterator[int], depth: int
) -> Iterator[Line]:
    block = next(blocks)
    condition = write(derivation.condition) if derivation.condition is not None else ""
    left = write(derivation.goal)
    kept = _kept(derivation.steps, detail)
    for step in kept:
        because = write(step.because) if step.because is not None else ""
        yield Line(left, write(step.after), step.rule, because, block, condition, depth)
        left = ""
    if detail == "full":
        for step in kept:
            for inner in step.details:
                yield from _rows(inner, detail, write, blocks, depth + 1)


def _kept(steps: tuple[Step, ...], detail: str) -> tuple[Step, ...]:
    """The steps that stand on a line of their own; the last one always does."""
    if detail == "full" or not steps:
        return steps
    if detail == "terse":
        return steps[-1:]
    return (*(step for step in steps[:-1] if not step.trivial), steps[-1])


def record_lines(rows: tuple[Line, ...]) -> list[str]:
    """The rows as a check record takes them."""
    return [_record_line(row) for row in rows]


def _record_line(row: Line) -> str:
    condition = rf" \quad \text{{for }} {row.condition}" if row.condition else ""
    because = rf" \quad \text{{since }} {row.because}" if row.because else ""
    return f"{row.left} = {row.right}{condition}{because}".strip()
