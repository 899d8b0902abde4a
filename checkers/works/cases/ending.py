"""How a work ends: whether its answer is the last word, and which line a false one is the fault of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.documents.told_cases import REST_OF_WORDS
from truestep.derivations.language import case_words
from truestep.derivations.language.phrases.ends import STATEMENT
from truestep.derivations.language.reading.rowtext import EQUALITIES
from truestep.problems.findings.table import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.grouping import Group


def unread_behind(final: Final, verdicts: Sequence[LineVerdict], found: Sequence[Group]) -> Final:
    """An answer from which a line goes on that cannot be read is not known to be the last word."""
    for group, verdict in zip(found, verdicts, strict=True):
        behind = final.row is not None and group.rows[0] > final.row
        goes_on = (
            behind and verdict.verdict.outcome == "unreadable" and group.tokens and group.tokens[0].text in EQUALITIES
        )
        if final.verdict.is_right and goes_on:
            return replace(final, verdict=undecided("a line that goes on from the answer cannot be read"))
    return final


def told_in_words(final: Final, rows: Sequence[Row]) -> Final:
    """An answer that leaves a case out, of which words that are not understood may tell: "if $x < 0$ it is flat"."""
    codes = {finding.code for finding in final.findings}
    if not final.verdict.is_wrong or codes != {"missing-case"}:
        return final
    under = " ".join(row.under for row in rows if not row.under.startswith(REST_OF_WORDS))
    is_told = any(row.told == "condition" and row.text.strip().rstrip(",.:;") not in under for row in rows)
    is_told = is_told or any(row.example and (row.under or row.perhaps) for row in rows)  # which is set aside
    said = [one for row in rows for one in STATEMENT.split(row.before)[:-1]]
    said += STATEMENT.split(rows[-1].after) if rows else []
    if not (is_told or any(case_words.is_condition(one) or case_words.has(one, "rest") for one in said)):
        return final
    return replace(
        final,
        verdict=undecided("what words say of another case is not understood: its value is wanted as a formula"),
        findings=(),
    )


def docked(verdicts: list[LineVerdict], found: Sequence[Group], final: Final) -> list[LineVerdict]:
    """A wrong final value is the fault of its line, where no line is wrong before."""
    if (
        not final.verdict.is_wrong
        or final.carried
        or final.row is None
        or any(verdict.verdict.is_wrong for verdict in verdicts)
    ):
        return verdicts
    if any(kind_of(finding) == "missing" for finding in final.findings):
        return verdicts
    return [
        replace(verdict, verdict=final.verdict) if final.row in group.rows else verdict
        for verdict, group in zip(verdicts, found, strict=True)
    ]
