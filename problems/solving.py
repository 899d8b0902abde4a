r"""From a problem to what its solution shows: the answer, the lines, or an honest word that there are none.

No line is shown that was not found right: ``confirm`` is asked about all of them first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

from derivations.faults import StatementFault
from problems.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from problems.problem import Problem


class Line(Protocol):
    """One row of a derivation, as ``derivations.presenting`` makes it."""

    @property
    def left(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def block(self) -> int: ...
    @property
    def condition(self) -> str: ...
    @property
    def depth(self) -> int: ...


class Worked(NamedTuple):
    """One derivation: what was asked, the answer, and the lines between; all in LaTeX."""

    asked: str
    answer: str
    lines: tuple[Line, ...]


class NotDerived(Exception):
    """There is no derivation of this problem; the message says where it ends, and why."""


# how a problem is worked out (its route and the level of detail), and what speaks against rows of work ("": nothing)
Derive = Callable[["Problem", str, str], Sequence[Worked]]
Confirm = Callable[["Problem", Sequence[str]], str]


class ShownRow(NamedTuple):
    """One row of a derivation in plain mathematics, its rule in words."""

    left: str
    right: str
    condition: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that stand in one display."""

    rows: tuple[ShownRow, ...]
    depth: int = 0


@dataclass(frozen=True)
class Solved:
    """What a solution shows of one problem: answers (left and right side), lines, and a word on what is missing."""

    answers: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    note: str = ""
    title: str = ""


def solve(problem: Problem, route: str, detail: str, derive: Derive, confirm: Confirm) -> Solved:
    """The solution of a problem; where there is no derivation, its reference answer and a note.

    >>> from problems.problem import Problem
    >>> def stuck(problem, route, detail):
    ...     raise NotDerived("no rule is known")
    >>> solve(Problem(find=("x",), answer=("1",)), "delta", "normal", stuck, lambda p, rows: "").answers
    (('x', '= 1'),)
    """
    if problem.kind != "expression" or not problem.find:
        return Solved(_reference(problem), title=problem.title)
    try:
        worked = tuple(derive(problem, route, detail))
        against = confirm(problem, [row_of(line) for part in worked for line in part.lines])
        if against:
            raise NotDerived(against)
        answers = tuple((plain_mathematics(part.asked), f"= {plain_mathematics(part.answer)}") for part in worked)
        return Solved(answers, tuple(_blocks(worked)), title=problem.title)
    except (NotDerived, StatementFault) as fault:
        return Solved(_reference(problem), note=f"No derivation by truestep: {fault}.", title=problem.title)


def row_of(line: Line) -> str:
    r"""The row of work that a line is, as a student would hand it in.

    >>> row_of(ShownLine("a", "b", condition=r"i \\neq j"))
    'a = b \\quad \\text{if } i \\neq j'
    """
    condition = rf" \quad \text{{if }} {line.condition}" if line.condition else ""
    return f"{line.left} = {line.right}{condition}".strip()


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line made by hand."""

    left: str
    right: str
    rule: str = ""
    block: int = 0
    condition: str = ""
    depth: int = 0


def _blocks(worked: Sequence[Worked]) -> list[Block]:
    """The lines by displays."""
    blocks = []
    for part in worked:
        for (_, depth), lines in groupby(part.lines, key=lambda line: (line.block, line.depth)):
            rows = tuple(
                ShownRow(
                    plain_mathematics(line.left),
                    f"= {plain_mathematics(line.right)}",
                    plain_mathematics(line.condition),
                    line.rule,
                )
                for line in lines
            )
            blocks.append(Block(rows, depth))
    return blocks


def _reference(problem: Problem) -> tuple[tuple[str, str], ...]:
    """The reference answers beside what they answer; one that cannot be set is left out."""
    asked = problem.find if len(problem.find) == len(problem.answer) else ("",) * len(problem.answer)
    relation = r"\in" if problem.kind == "shape" else "="
    out = []
    for left, right in zip(asked, problem.answer, strict=True):
        try:
            sides = plain_mathematics(left), plain_mathematics(right)
        except StatementFault:
            continue
        out.append((sides[0], f"{relation} {sides[1]}" if left else sides[1]))
    return tuple(out)
