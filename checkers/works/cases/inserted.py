r"""What a result is said to become at a value of a letter in it: "as $\lambda \to 0$ we recover $w = ...$"."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import first_clause
from truestep.checkers.works.asides import IF_SUPPOSED, UNCLEAR
from truestep.checkers.works.equations import at_solution
from truestep.checkers.works.said.deciding import Deciding, read_in
from truestep.checkers.works.said.settled import is_value
from truestep.checkers.works.solving.optima import sentences
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.phrases.table import SUBJECTS
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines
    from truestep.checkers.works.said.deciding import Pair

_PUT = re.compile(r"\\(?:to|rightarrow|longrightarrow)(?![A-Za-z])|→|=")
OTHERWISE = Verdict("wrong", reason="the result does not become this where that is put in")
THERE = Verdict("right", "agreed", reason="the result becomes this where that is put in")


def with_inserted(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, decided where a sentence puts a value for a letter into a result that the work has."""
    out = [*verdicts]
    supposed = [place for place, one in enumerate(verdicts) if one.role in ("condition", "mention")]
    if not any(_PUT.search(rows[place].text) for place in supposed):
        return out
    for sentence in sentences(rows):
        puts = [*_puts([place for place in sentence.places if place in supposed], rows, lines)]
        if len(puts) != 1:
            continue
        put, judge = puts[0][0], Deciding(lines, None, puts[0][1])
        near = (put - 1, put + 1)
        for place in (one for one in sentence.places if one in near):
            with suppress(Fault, RecursionError):
                if (
                    place == put + 1
                    and (said := _goes_on().fullmatch(rows[place].before)) is not None
                    and (says_plainly(first_clause(rows[place].after)))
                ):
                    otherwise = UNCLEAR if said["named"] else OTHERWISE
                    out[place] = _said_of_result(out[place], verdicts[:put], rows[place], judge, otherwise)
                out[place] = _judged(out[place], verdicts, judge)
    return out


def _puts(places: Sequence[int], rows: Sequence[Row], lines: Lines) -> Iterator[tuple[int, Pair]]:
    """The formulas that put a finite value for a letter, which nothing in the problem says what it is."""
    for place in places:
        sides = _PUT.split(rows[place].text.strip(" .,;"))
        read = [read_in(one, lines) for one in sides] if len(sides) == 2 and rows[place].inline else []
        pair = [strip_groups(one) for one in read if one is not None]
        is_free = len(pair) == 2 and pair[0].head == "symbol" and Deciding(lines).is_free(pair[0])
        if is_free and is_value(pair[1]) and pair[0] not in map(strip_groups, lines.setting.find):
            yield place, (pair[0], pair[1])


def _judged(verdict: LineVerdict, verdicts: Sequence[LineVerdict], judge: Deciding) -> LineVerdict:
    """The verdict on a formula that is false in general, or left open, as one of a result at the point."""
    told = _equation(verdict, judge.lines)
    if told is None or not (verdict.verdict in (IF_SUPPOSED, UNCLEAR) or verdict.verdict.is_wrong):
        return verdict
    each = (_equation(one, judge.lines) for one in verdicts if one.verdict.is_right and not one.carried)
    known = next((one[1] for one in each if one is not None and one[0] == told[0]), None)
    letter = None if judge.point is None else judge.point[0]
    if known is None or letter is None or letter not in known.walk():
        return verdict
    found, code = judge.verdict(known, told[1])
    if found.is_right:
        return replace(verdict, verdict=THERE, findings=())
    if found.is_wrong and (found.witness is not None or code == "shape"):
        fault = Finding("value", verdict.statements[0].parts[-1].expression.span)
        return replace(verdict, verdict=found, findings=(fault,))
    return verdict


def _said_of_result(
    verdict: LineVerdict, before: Sequence[LineVerdict], row: Row, judge: Deciding, otherwise: Verdict
) -> LineVerdict:
    """The verdict on a formula that "this" is said to become, wrong if the last result with the letter does not."""
    value = None if verdict.statements[1:] else read_in(row.text, judge.lines)
    each = (_equation(one, judge.lines) for one in reversed(before) if one.verdict.is_right and not one.carried)
    sides = [one[1] for one in each if one is not None and judge.point is not None and judge.point[0] in one[1].walk()]
    if value is None or not sides or verdict.verdict.is_wrong or not all(judge.unequal(side, value) for side in sides):
        return verdict
    fault = (Finding("value", (0, len(row.text))),) if otherwise.is_wrong else ()
    return replace(verdict, verdict=otherwise, findings=fault, role="claim")


@lru_cache(maxsize=1)
def _goes_on() -> re.Pattern[str]:
    named = r"(?P<named><det>\s+(?:(?!<of>\W)[^\W\d_]+[\s-]+){1,4})?"  # the least squares solution
    return SUBJECTS.form(rf"[\s,$]*<it>\s+(?:<also>\s+)*(?:<is>|<turns>)\s*{named}[\s$]*")


def _equation(verdict: LineVerdict, lines: Lines) -> tuple[Expression, Expression] | None:
    """What a line equates with what, under no condition that is part of it."""
    parts = verdict.statements[0].parts if len(verdict.statements) == 1 else ()
    if len(parts) < 2 or parts[0].relation or any(one.relation != "=" for one in parts[1:]):
        return None
    return strip_groups(at_solution(parts[0].expression, lines.unknowns)), parts[-1].expression
