"""Where a work says that a slope vanishes: at each value that it gives the variable, the slope must be zero.

Which slope that is, an equation tells that sets one to zero, or words do: "the critical points are".
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import LETTER, only_joins
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import STATIONARY, is_zero
from truestep.checkers.works.sentences import NOT_CHECKED
from truestep.checkers.works.solving.optima import sentences
from truestep.checkers.works.solving.systems import HOLDS
from truestep.derivations.language import optimum_words
from truestep.derivations.language.expression import Expression, number
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.reading.chains import Statement

SLOPES = ("derivative", "gradient", "prime")


def with_points(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a value is said to make a slope zero and does not."""
    by = variable(lines)
    if by is None:
        return [*verdicts]
    return _pointed(verdicts, rows, by, lines)


def _pointed(verdicts: Sequence[LineVerdict], rows: Sequence[Row], by: Expression, lines: Lines) -> list[LineVerdict]:
    known: Claim | None = None
    out = [*verdicts]
    for sentence in sentences(rows):
        said = [rows[place].before for place in sentence.places]
        words = " ".join(one for one in said if not only_joins(one)) if said else sentence.words
        is_plain = says_plainly(optimum_words.without(words))
        if LETTER.search(words) is not None or not said:
            known = _named(words, by, lines) if is_plain else None
        for place in sentence.places if is_plain else ():
            one = _equation(verdicts[place])
            if one is not None and one.left == by:
                is_open = known is not None and out[place].verdict.outcome in ("undecided", "not_checked", "right")
                out[place] = _judged(out[place], one, known, lines) if is_open and known is not None else out[place]
            elif one is not None and _tells(one, verdicts[place], by):
                known = replace(one, left=derivative(one.left, by))
            elif one is None or not _is_of(one, by):
                known = None
    return out


def variable(lines: Lines) -> Expression | None:
    """The one number by which everything is differentiated that is asked for."""
    asked = (*lines.setting.find, *lines.setting.assumptions.stationary)
    taken = {strip_groups(node.args[-1]) for node in asked if node.head == "derivative"}
    one = next(iter(taken)) if len(taken) == 1 else None
    is_number = one is not None and one.head == "symbol" and lines.bench.value(one, Reading())[0].is_scalar
    return one if is_number else None


def _named(said: str, by: Expression, lines: Lines) -> Claim | None:
    """The slope that words say is zero somewhere; None where they speak of another derivative, or of none."""
    tops = {node.args[0] for node in lines.setting.find if node.head == "derivative"}
    if len(tops) != 1 or not optimum_words.has(said, "stationary") or not optimum_words.seeks(said):
        return None
    return Claim(Expression("derivative", (next(iter(tops)), by), "Leibniz"), number(0))


def _equation(verdict: LineVerdict) -> Claim | None:
    """The first and the last side of a formula that is one equation, under no condition but that of its sentence."""
    return equation_of(verdict.statements[0]) if len(verdict.statements) == 1 else None


def equation_of(statement: Statement) -> Claim | None:
    """The first and the last side of a statement that is one equation."""
    parts = statement.parts
    if len(parts) < 2 or parts[0].relation or any(part.relation != "=" for part in parts[1:]):
        return None
    under = statement.condition
    if under is not None and under.head != "unread":
        return None
    return Claim(strip_groups(parts[0].expression), parts[-1].expression)


def _tells(one: Claim, verdict: LineVerdict, by: Expression) -> bool:
    """Whether a formula says that a slope is zero, or what follows from that."""
    is_slope = one.left.head in SLOPES and is_zero(one.right)
    return is_slope or (_is_of(one, by) and verdict.verdict == STATIONARY)


def _is_of(one: Claim, by: Expression) -> bool:
    """Whether an equation is one for the variable: ``x^2 = 4``."""
    return one.left.head not in SLOPES and one.left.names == by.names


def derivative(node: Expression, by: Expression) -> Expression:
    """A function with primes as its derivative by the variable."""
    top, times = node, 0
    while top.head == "prime":
        top, times = top.args[0], times + 1
    return Expression("derivative", (top, *[by] * times), "Leibniz", node.span) if times else node


def _judged(verdict: LineVerdict, told: Claim, known: Claim, lines: Lines) -> LineVerdict:
    if told.right.names & told.left.names:
        return verdict
    there = [lines.carrying.solved([(told.left, value)]) for value in values_of(told.right)]
    found = [NOT_CHECKED if one is None else one.judge(known).verdict for one in there]
    wrong = next((one for one in found if one.is_wrong), None)
    if wrong is not None:
        fault = Finding("not-a-solution", told.right.span, {"case": "stationary"})
        return replace(verdict, verdict=wrong, findings=(*verdict.findings, fault), role="equation")

    return replace(verdict, verdict=HOLDS, role="equation") if all(one.is_right for one in found) else verdict


def values_of(side: Expression) -> Iterator[Expression]:
    """The values that a side stands for: two with plus-minus signs."""
    if not side.has("plus-minus"):
        yield side
        return
    for head in ("group", "negative"):
        yield side.map(partial(_signed, {r"\pm": head}))


def _signed(heads: Mapping[str, str], node: Expression) -> Expression:
    """A plus-minus sign as one of its two signs; the other one, ``\\mp``, as the opposite."""
    if node.head != "plus-minus":
        return node
    other = "negative" if heads[r"\pm"] == "group" else "group"
    return Expression(heads.get(str(node.data), other), node.args, None, node.span)
