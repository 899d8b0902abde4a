"""What a line needed to be right beside its usual reading, said as a slip of notation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import LIBERTIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.derivations.language.liberties import Reading


def needed(reading: Reading, length: int) -> Iterator[Finding]:
    """The slips of a line of this length that is right under a reading and not under the usual one."""
    for liberty in LIBERTIES:
        if liberty.slip and any(choice.code == liberty.code for choice in reading.taken):
            yield Finding(liberty.slip, (0, length), {"case": liberty.case} if liberty.case else {})


def mixed_layout(bench: Bench, verdicts: Sequence[LineVerdict], layout: str) -> tuple[int, Finding] | None:
    """The first line in another layout than a line before it, by its place among the lines; each alone may be right."""
    if layout != "either" or not any(_turned(verdict) for verdict in verdicts):
        return None
    seen: set[str] = set()
    for place, verdict in enumerate(verdicts):
        for answer in verdict.answers if verdict.verdict.is_right else ():
            seen |= {answer.reading.layout} if _tells(bench, answer) else set()
            if len(seen) > 1:
                return place, Finding("mixed-layout", answer.right.span)
    return None


def _turned(verdict: LineVerdict) -> bool:
    return verdict.verdict.is_right and any(answer.reading.layout == "numerator" for answer in verdict.answers)


def _tells(bench: Bench, answer: Answered) -> bool:
    """Whether a side is right in its own layout alone."""
    if answer.is_alone or not answer.judgement.verdict.is_right:
        return False
    if answer.reading.layout != "denominator":
        return answer.reading.layout == "numerator"  # rows of Jacobians beside columns of gradients are no mixture
    turned = answer.reading.laid_out("numerator")
    return bench.judge(replace(answer, reading=turned)).verdict.is_wrong


_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,|\{,\}| +)\d{3}(?!\d)")


def spaced_numbers(text: str) -> tuple[Finding, ...]:
    """Digits in groups: read as one number, and said so."""
    return tuple(Finding("grouped-digits", found.span()) for found in _SPACED.finditer(text))
