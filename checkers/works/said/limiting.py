r"""What formulas with an arrow say within a sentence: ``s \to 1`` as ``x \to \infty`` is a limit."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.works.said.deciding import Deciding, read_in
from truestep.checkers.works.said.properties import ARROW
from truestep.checkers.works.solving.optima import sentences
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.phrases.table import SUBJECTS
from truestep.derivations.language.writing import latex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.lines import Lines


def with_limits(verdicts: Sequence[LineVerdict], rows: Sequence[Row], lines: Lines) -> list[LineVerdict]:
    """The verdicts, wrong where what is said to approach a value as the variable does has another limit."""
    by, out = Deciding(lines).variable(), [*verdicts]
    if by is None or not any(ARROW.search(row.text) for row in rows):
        return out
    letter = latex(by, lines.setting.context.notation)
    for place, approach in _approaching(rows, letter):
        left, right = (side.strip(" ,.") for side in ARROW.split(rows[place].text))
        try:
            limit = read_in(rf"\lim_{{{letter} \to {approach}}} \left({left}\right)", lines)
            value = read_in(right, lines)
            judge = Deciding(lines)
            if limit is None or value is None or not judge.unequal(limit, value):
                continue
            wrong = judge.verdict(limit, value)[0]
        except (Fault, RecursionError):
            continue
        fault = Finding("value", (0, len(rows[place].text)))
        out[place] = replace(out[place], verdict=wrong, findings=(*out[place].findings, fault), role="claim")
    return out


def _approaching(rows: Sequence[Row], letter: str) -> Iterator[tuple[int, str]]:
    """The formulas with one arrow in a sentence in which the variable approaches something, and what that is.

    It is what right behind the formula is said with "as", or else the last before it.
    """
    for sentence in sentences(rows):
        sides = {place: [one.strip(" ,.") for one in ARROW.split(rows[place].text)] for place in sentence.places}
        ways = {place: one[1] for place, one in sides.items() if len(one) == 2 and one[0] == letter}
        ways |= {place: r"\infty" for place, one in sides.items() if one == [letter] and _is_large(rows[place].before)}
        for place, one in sides.items():
            if len(one) != 2 or place in ways:
                continue
            behind = place + 1 if place + 1 in ways and SUBJECTS.is_one(rows[place + 1].before.strip(), "at") else None
            before = max((way for way in ways if way < place), default=None)
            way = behind if behind is not None else before
            if way is not None:
                yield place, ways[way]


def _is_large(before: str) -> bool:
    """Whether the last words say that what follows them is large: "for large"."""
    return _at_large().search(before) is not None


@lru_cache(maxsize=1)
def _at_large() -> re.Pattern[str]:
    return SUBJECTS.form(r"(?:^|\W)<at>\s+<large>[\s$]*$")
