r"""From a problem to what its solution shows: the answer, the lines, or an honest word that there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from derivations.faults import StatementFault
from derivations.presenting import Line
from derivations.steps import Stuck
from derivations.writing import latex
from problems.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from derivations.expression import Expression
    from problems.problem import Problem

# a problem, its route and the level of detail -> what was asked and the answers to it, and rows that were found right
Answers = Sequence[tuple["Expression", "Expression"]]
Derive = Callable[["Problem", str, str], tuple[Answers, Sequence[Line]]]


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class ShownRow(NamedTuple):
    """One row of a derivation in plain mathematics, its rule in words and what the rule makes use of."""

    left: str
    right: str
    condition: str = ""
    rule: str = ""
    because: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that stand in one display."""

    rows: tuple[ShownRow, ...]
    depth: int = 0


@dataclass(frozen=True)
class Solved:
    """What a solution shows of one thing asked: answers (left and right side), lines, a word on what is missing."""

    answers: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    note: str = ""


def solve(problem: Problem, route: str, detail: str, derive: Derive) -> tuple[Solved, ...]:
    """The solutions of all that a problem asks for; where there is no derivation, the reference answer and a note.

    >>> from problems.problem import Problem
    >>> def stuck(problem, route, detail):
    ...     raise Stuck("x", "no rule is known")
    >>> solve(Problem(find=("x",), answer=("1",)), "delta", "normal", stuck)[0].answers
    (('x', '= 1'),)
    """
    if problem.kind != "expression" or not problem.find:
        return (Solved(_reference(problem)),)
    return tuple(_solved(_asking(problem, place), route, detail, derive) for place in range(len(problem.find)))


def _asking(problem: Problem, place: int) -> Problem:
    """The problem that asks for one of its things alone."""
    alone = problem.answer[place : place + 1] if len(problem.answer) == len(problem.find) else ()
    return replace(problem, find=problem.find[place : place + 1], answer=alone)


def _solved(problem: Problem, route: str, detail: str, derive: Derive) -> Solved:
    try:
        answers, lines = derive(problem, route, detail)
        shown = tuple((_set(asked), f"= {_set(answer)}{_number(problem)}") for asked, answer in answers)
        return Solved(shown, tuple(_blocks(lines)))
    except (Stuck, StatementFault) as fault:
        return Solved(_reference(problem), note=f"No derivation by truestep: {fault}.")


def _number(problem: Problem) -> str:
    """The reference answer, where it is the number that a formula comes to."""
    return f" = {problem.answer[0]}" if problem.answer and _NUMBER.fullmatch(problem.answer[0]) else ""


def _set(expression: Expression) -> str:
    return plain_mathematics(latex(expression))


def _blocks(lines: Sequence[Line]) -> list[Block]:
    """The lines by displays."""
    return [
        Block(tuple(_row(line) for line in together), depth)
        for (_, depth), together in groupby(lines, key=lambda line: (line.block, line.depth))
    ]


def _row(line: Line) -> ShownRow:
    return ShownRow(
        plain_mathematics(line.left),
        f"= {plain_mathematics(line.right)}",
        plain_mathematics(line.condition),
        line.rule,
        plain_mathematics(line.because),
    )


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
