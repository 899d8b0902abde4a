"""Verdicts joined: several statements on one row, several readings of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.chain_steps import LineVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_ORDER = ("wrong", "unreadable", "undecided", "right", "not_checked")


def joined(results: Sequence[LineVerdict]) -> LineVerdict:
    """Several statements on one row: wrong where one is, right where one is and none is wrong or open."""
    if not results:
        return LineVerdict(Verdict("not_checked"))
    outcome = min((result.verdict.outcome for result in results), key=_ORDER.index)
    chosen = next(result for result in results if result.verdict.outcome == outcome)
    if outcome == "right" and any(result.verdict.evidence == "agreed" for result in results):
        chosen = next(result for result in results if result.verdict.evidence == "agreed")
    findings = tuple(finding for result in results for finding in result.findings)
    answers = tuple(answer for result in results for answer in result.answers)
    posed = tuple(equation for result in results for equation in result.posed)
    return LineVerdict(chosen.verdict, findings, answers, any(result.carried for result in results), posed)


def better(new: LineVerdict, old: LineVerdict) -> bool:
    """Whether another reading serves better: right before undecided before wrong; never unreadable for wrong."""
    rank = {"right": 0, "not_checked": 1, "wrong": 3, "undecided": 4, "unreadable": 5}
    worth = (
        rank[new.verdict.outcome] + (2 if new.carried else 0),
        rank[old.verdict.outcome] + (2 if old.carried else 0),
    )
    return worth[0] < worth[1]
