r"""Where a work goes from an equation to values of the variable: none may be lost, as in ``x^2 = 4 \iff x = 2``."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import orders
from truestep.checkers.works.asides import UNCLEAR, quiet
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.said.points import SLOPES, derivative, equation_of, values_of, variable
from truestep.checkers.works.said.settled import is_value
from truestep.checkers.works.solving.optima import sentences
from truestep.derivations.language import optimum_words
from truestep.derivations.language.expression import difference, grouped, number, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.phrases.table import CASES
from truestep.derivations.language.reading.rowtext import EQUIVALENT
from truestep.problems.statements.constraints import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.expression import Expression

_EQUIVALENT = (*EQUIVALENT, r"\iff", "⇔", "⟺")


def with_lost(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where an equation is said to be equivalent to a value, and has another one that no row gives.

    One that is only said to follow is left open: which of them is meant, words further on may tell.
    """
    by, out = variable(lines), [*verdicts]
    if by is None or any(orders(row.text) for row in rows):  # what the work supposes of the variable
        return out
    told = [one for verdict in verdicts for one in _equations(verdict) if one.left == by and is_value(one.right)]
    values = [value for one in told for value in values_of(one.right)]
    if not values:
        return out
    for place, equation, is_equivalent in _steps(verdicts, rows, by):
        lost = _lost(equation, values, by, lines) if not out[place].verdict.is_wrong else None
        if lost is not None and is_equivalent:
            fault = Finding("not-a-solution", equation.right.span, {"case": "lost"})
            out[place] = replace(out[place], verdict=lost, findings=(*out[place].findings, fault), role="equation")
        elif lost is not None:
            out[place] = replace(quiet(out[place], UNCLEAR), role="equation")
    return out


def _steps(verdicts: Sequence[LineVerdict], rows: Sequence[Row], by: Expression) -> Iterator[tuple[int, Claim, bool]]:
    """The rows that give a value of the variable behind an equation for it, with that, and whether as equivalent."""
    for sentence in sentences(rows):
        known: Claim | None = None
        if not says_plainly(CASES.pattern("only").sub(" ", optimum_words.without(sentence.words))):
            continue
        for place in sentence.places:
            row, is_first = rows[place], True
            is_row = any(sign in row.text for sign in _EQUIVALENT)
            for one in _equations(verdicts[place], is_any=True):
                is_told = one.left == by and is_value(one.right)
                is_said = CASES.has(row.before, "only") if is_first else is_row
                if is_told and known is not None and (is_said or row.told == "answer"):
                    yield place, known, is_said
                known = None if is_told else _made(one, by)
                is_first = False


def _made(one: Claim, by: Expression) -> Claim | None:
    """An equation for the variable alone, of which the function itself may be the left side."""
    if one.left.head in SLOPES:
        slope = derivative(one.left, by)
        return replace(one, left=slope.args[0] if slope.head == "value" else slope) if is_value(one.right) else None
    return one if one.left.names == by.names and one.right.names <= by.names else None


def _equations(verdict: LineVerdict, is_any: bool = False) -> list[Claim]:
    """The equations of a row, also those with a condition where they ``is_any``."""
    said = (replace(one, condition=None) if is_any else one for one in verdict.statements)
    return [one for one in map(equation_of, said) if one is not None]


def _lost(equation: Claim, values: Sequence[Expression], by: Expression, lines: Lines) -> Verdict | None:
    """The witness of another solution."""
    gaps = [grouped(difference(by, value)) for value in values]
    with suppress(Fault, RecursionError):
        held = Held(difference(equation.left, grouped(equation.right)), str(by.data))
        there = lines.carrying.solved((), (), (held,))
        found = None if there is None else there.judge(Claim(product(*gaps) if len(gaps) > 1 else gaps[0], number(0)))
        if found is not None and found.verdict.is_wrong and found.verdict.witness is not None:
            return found.verdict
    return None
