r"""Comparisons that are said to hold somewhere: ``f' < 0`` for ``x > 2``, ``f''(2) = 12 < 0``."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import first_clause, last_sentence, only_joins
from truestep.checkers.works.said.deciding import Deciding
from truestep.checkers.works.said.orders import COMPARED
from truestep.checkers.works.said.properties import said_otherwise, where_said
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.phrases.table import SUBJECTS
from truestep.derivations.language.property_words import CLOSE, OPEN
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_JUDGED = ("right", "not_checked", "undecided")
_SUPPOSED = frozenset(("condition", "question", "definition", "assignment"))


def with_comparisons(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a comparison is false at the point, or under the condition, that it is said for.

    One of a function of the variable that is said without either holds for all its values.
    """
    out, compared = [*verdicts], [place for place, verdict in enumerate(verdicts) if _compares(verdict)]
    is_free = bool(compared) and not any(_is_bounded(one, lines) for one in verdicts)
    for place in compared:
        row, verdict = rows[place], verdicts[place]
        is_joined = verdict.role == "condition" and only_joins(row.before) and _is_before_for(rows, place)
        is_said = verdict.role not in _SUPPOSED and verdict.verdict.outcome in _JUDGED
        if not is_said and not is_joined:
            continue
        words = f"{last_sentence(row.before)} {first_clause(row.after)}"
        is_universal = is_free and not (row.under or row.perhaps or row.told == "condition") and says_plainly(words)
        with suppress(Fault, RecursionError):
            if _is_false(verdict, _said_for(rows, place), verdicts, lines, is_universal):
                out[place] = said_otherwise(verdict, f"{OPEN}{place}{CLOSE}", rows)
    return out


def _is_bounded(verdict: LineVerdict, lines: Lines) -> bool:
    """Whether a formula compares the variable with a value, or says that it is one."""
    by = Deciding(lines).variable()
    sides = [strip_groups(part.expression) for one in verdict.statements for part in one.parts]
    return len(sides) > 1 and by in sides


def _compares(verdict: LineVerdict) -> bool:
    """Whether a formula is one statement that something is less or more than something."""
    if len(verdict.statements) != 1:
        return False
    first, *others = [part.relation for part in verdict.statements[0].parts]
    return not first and any(one in COMPARED for one in others) and all(one in (*COMPARED, "=") for one in others)


def _is_false(
    verdict: LineVerdict, place: int | None, verdicts: Sequence[LineVerdict], lines: Lines, is_universal: bool
) -> bool:
    statement = verdict.statements[0]
    left = strip_groups(statement.parts[0].expression)
    place = None if left.head == "value" else place
    where = where_said(verdicts, place, "", lines) if place is not None else None
    point, condition = where or (None, None if left.head == "value" else statement.condition)
    is_there = place is not None or condition is not None
    if (place is not None and where is None) or not (is_there or left.head == "value" or is_universal):
        return False
    judge, one = Deciding(lines, condition, point), left
    for part in statement.parts[1:]:
        other, relation = strip_groups(part.expression), part.relation
        if relation in COMPARED:
            pair = (one, relation, other) if judge.is_made(one) else (other, _TURNED[relation], one)  # 0 < f'
            if judge.is_made(pair[0]) and judge.misses(*pair, is_there or is_universal):
                return True
        one = one if relation == "=" and judge.is_made(one) else other
    return False


def _said_for(rows: Sequence[Row], place: int) -> int | None:
    """The formula that tells where another one holds: behind it after "for", or before it after "at"."""
    row = rows[place]
    if _is_before_for(rows, place):
        return place + 1
    before = rows[place - 1] if place and row.inline else None
    is_led = before is not None and _at().search(before.before) is not None
    return place - 1 if is_led and _goes_on().fullmatch(row.before) is not None else None


def _is_before_for(rows: Sequence[Row], place: int) -> bool:
    behind = rows[place + 1] if place + 1 < len(rows) else None
    return behind is not None and behind.inline and _for().fullmatch(behind.before) is not None


@lru_cache(maxsize=1)
def _for() -> re.Pattern[str]:
    return SUBJECTS.form(r"[\s$]*<at>(?:\s+(?:all|every|each|any|alle|tout|todo))?[\s$]*")


@lru_cache(maxsize=1)
def _at() -> re.Pattern[str]:
    return SUBJECTS.form(r"(?:^|\W)<at>[\s$]*$")


@lru_cache(maxsize=1)
def _goes_on() -> re.Pattern[str]:
    return SUBJECTS.form(r"[\s,:$]*(?:(?:<finds>|<lead>|<exists>|<is>)[\s,:$]*)*")
