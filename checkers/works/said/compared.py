r"""Comparisons that are said to hold somewhere: ``f' < 0`` for ``x > 2``, ``f''(2) = 12 < 0``."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.words import only_joins
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

_JUDGED = ("right", "not_checked", "undecided")
_SUPPOSED = frozenset(("condition", "question", "definition", "assignment"))


def with_comparisons(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where a comparison is false at the point, or under the condition, that it is said for."""
    out = [*verdicts]
    for place, verdict in enumerate(verdicts):
        is_joined = verdict.role == "condition" and only_joins(rows[place].before) and _is_before_for(rows, place)
        if (verdict.role not in _SUPPOSED or is_joined) and verdict.verdict.outcome in (
            "right",
            "not_checked",
            "undecided",
        ):
            with suppress(Fault, RecursionError):
                if _is_false(verdict, _said_for(rows, place), verdicts, lines):
                    out[place] = said_otherwise(verdict, f"{OPEN}{place}{CLOSE}", rows)
    return out


def _is_false(verdict: LineVerdict, place: int | None, verdicts: Sequence[LineVerdict], lines: Lines) -> bool:
    statement = verdict.statements[0] if len(verdict.statements) == 1 else None
    if statement is None or len(statement.parts) < 2 or statement.parts[-1].relation not in COMPARED:
        return False
    first, *between, last = statement.parts
    left = strip_groups(first.expression)
    if first.relation or any(part.relation != "=" for part in between) or not Deciding(lines).is_made(left):
        return False
    place = None if left.head == "value" else place
    where = where_said(verdicts, place, "", lines) if place is not None else None
    point, condition = where or (None, None if left.head == "value" else statement.condition)
    is_there = place is not None or condition is not None
    if (place is not None and where is None) or not (is_there or left.head == "value"):
        return False
    return Deciding(lines, condition, point).misses(left, last.relation, last.expression, is_there)


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
