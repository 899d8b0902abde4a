"""Verdicts joined: several statements on one row, several readings of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.chain_steps import LineVerdict
from truestep.checkers.works.equations import EQUATION, is_zero

if TYPE_CHECKING:
    from collections.abc import Sequence

_ORDER = ("wrong", "unreadable", "undecided", "right", "not_checked")


def joined(results: Sequence[LineVerdict]) -> LineVerdict:
    """Several statements on one row: wrong where one is, right where one is and none is wrong or open."""
    if not results:
        return LineVerdict(Verdict("not_checked"))
    stated = [result for result in results if not _sets_to_zero(result)] or results
    outcome = min((result.verdict.outcome for result in stated), key=_ORDER.index)
    chosen = next(result for result in stated if result.verdict.outcome == outcome)
    if outcome == "right" and any(result.verdict.evidence == "agreed" for result in results):
        chosen = next(result for result in results if result.verdict.evidence == "agreed")
    findings = tuple(finding for result in results for finding in result.findings)
    answers = tuple(answer for result in results for answer in result.answers)
    posed = tuple(equation for result in results for equation in result.posed)
    return LineVerdict(chosen.verdict, findings, answers, any(result.carried for result in results), posed)


def _sets_to_zero(result: LineVerdict) -> bool:
    """Whether a link only sets to zero what stands before it, which is no claim."""
    return result.verdict is EQUATION and all(is_zero(equation.right) for equation in result.posed)


def better(new: LineVerdict, old: LineVerdict) -> bool:
    """Whether another reading serves better: right before undecided before wrong; never unreadable for wrong."""
    rank = {"right": 0, "not_checked": 1, "wrong": 3, "undecided": 4, "unreadable": 5}
    worth = (
        rank[new.verdict.outcome] + (2 if new.carried else 0),
        rank[old.verdict.outcome] + (2 if old.carried else 0),
    )
    return worth[0] < worth[1]
