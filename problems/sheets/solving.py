r"""From a problem to what its solution shows: the answer, the lines, or an honest word that there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from truestep.derivations.deriving.displays.presenting import Line
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import StatementFault
from truestep.derivations.language.writing import latex
from truestep.problems.kinds.working import Worked, worked
from truestep.problems.sheets.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.notation import Notation
    from truestep.problems.statements.problem import Problem


class Derived(NamedTuple):
    """One thing that was asked, the answer to it, the rows between, each of which was found right, and its value."""

    asked: Expression
    answer: Expression
    lines: tuple[Line, ...]
    notation: Notation | None = None
    value: float | None = None


# a problem and the level of detail -> all that it asks, derived
Derive = Callable[["Problem", str], Sequence[Derived]]


class ShownRow(NamedTuple):
    """One row of a derivation in plain mathematics, its rule in words and what the rule makes use of."""

    left: str
    right: str
    condition: str = ""
    rule: str = ""
    because: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that stand in one display; ``condition`` is one that all of them are under."""

    rows: tuple[ShownRow, ...]
    depth: int = 0
    condition: str = ""


@dataclass(frozen=True)
class Solved:
    """What a solution shows of one thing asked: answers (left and right side), lines, and words.

    ``remark`` says where the steps are from, ``note`` what is missing.
    """

    answers: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    note: str = ""
    remark: str = ""


def solve(problem: Problem, detail: str, derive: Derive) -> tuple[Solved, ...]:
    """The solutions of all that a problem asks for; where there is no derivation, the reference answer and a note.

    >>> from truestep.problems.statements.problem import Problem
    >>> def stuck(problem, detail):
    ...     raise Stuck("x", "no rule is known")
    >>> solve(Problem(find=("x",), answer=("1",)), "normal", stuck)[0].answers
    (('x', '= 1'),)
    """
    of_kind = worked(problem)
    if of_kind:
        return _worked_out(of_kind, problem.kind)
    if problem.kind not in ("expression", "numbers") or not problem.find:
        return (Solved(_reference(problem)),)
    try:
        solved = tuple(_solved(one) for one in derive(problem, detail))
        return (replace(solved[0], blocks=(*solved[0].blocks, _collected(problem))),) if problem.collect else solved
    except (Stuck, StatementFault) as fault:
        if len(problem.find) > 1:  # what cannot be derived leaves the others their derivations
            return tuple(
                made for place in range(len(problem.find)) for made in solve(_asking(problem, place), detail, derive)
            )
        return (Solved(_reference(problem), note=f"No derivation by truestep: {fault}."),)


def _worked_out(several: tuple[Worked, ...], kind: str) -> tuple[Solved, ...]:
    """What was worked out by the steps of its kind; the sizes of layers stand together, after the steps of all."""
    made = tuple(_worked(one) for one in several)
    if kind != "sizes":
        return made
    remark = next((one.remark for one in made if one.remark), "")
    steps = tuple(replace(one, answers=(), remark="") for one in made if one.blocks)
    return (*steps, Solved(remark=remark), Solved(tuple(answer for one in made for answer in one.answers)))


def _worked(one: Worked) -> Solved:
    """What was worked out by the steps of its kind."""
    rows = tuple(
        ShownRow(plain_mathematics(row.left), plain_mathematics(row.right), "", row.reason) for row in one.rows
    )
    answers = ((plain_mathematics(one.name), plain_mathematics(one.answer)),) if one.answer else ()
    return Solved(answers, (Block(rows),) if rows else (), remark=one.remark)


def _collected(problem: Problem) -> Block:
    """The answer as one affine map."""
    from truestep.problems.kinds.affine import collected

    made = collected(problem)
    rows = (
        (made.matrix, f"= {made.is_matrix}", f"what multiplies ${made.form.split()[1]}$"),
        (made.vector, f"= {made.is_vector}", "all the rest"),
        (problem.find[0], f"= {made.form}", "one linear function, with a bias"),
    )
    return Block(tuple(ShownRow(plain_mathematics(a), plain_mathematics(b), rule=why) for a, b, why in rows))


def _asking(problem: Problem, place: int) -> Problem:
    """The problem that asks for one of its things alone."""
    alone = problem.answer[place : place + 1] if len(problem.answer) == len(problem.find) else ()
    return structs.replace(problem, find=problem.find[place : place + 1], answer=alone)


def _solved(one: Derived) -> Solved:
    asked, answer = (plain_mathematics(latex(part, one.notation)) for part in (one.asked, one.answer))
    shown = "" if one.value is None else rf"\approx {one.value:.4g}"
    if not shown or re.fullmatch(r"-?[\d.]+", answer):
        return Solved(((asked, f"= {answer}"),), tuple(_blocks(one.lines)))
    blocks = _blocks(one.lines)
    last = blocks[-1] if blocks else Block(())
    blocks[-1:] = [replace(last, rows=(*last.rows, ShownRow("" if last.rows else asked, shown, rule="its value")))]
    return Solved(((asked, shown),), tuple(blocks))


def _blocks(lines: Sequence[Line]) -> list[Block]:
    """The lines by displays."""
    displays = groupby(lines, key=lambda line: (line.block, line.depth))
    return [_block([_row(line) for line in together], depth) for (_, depth), together in displays]


def _block(rows: Sequence[ShownRow], depth: int) -> Block:
    """One display; a condition that all its rows are under is said once."""
    conditions = {row.condition for row in rows}
    if len(rows) > 1 and len(conditions) == 1 and "" not in conditions:
        return Block(tuple(row._replace(condition="") for row in rows), depth, rows[0].condition)
    return Block(tuple(rows), depth)


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
    out = []
    for left, right in zip(asked, problem.answer, strict=True):
        try:
            sides = plain_mathematics(left), plain_mathematics(right)
        except StatementFault:
            continue
        out.append((sides[0], f"= {sides[1]}" if left else sides[1]))
    return tuple(out)
