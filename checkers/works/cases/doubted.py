"""An answer that stands in a sentence alone, where the words about it may say that it does not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.documents.plain_words import says_plainly
from truestep.checkers.documents.words import first_clause, last_sentence
from truestep.derivations.language import altering, case_words
from truestep.derivations.language.phrases.ends import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.checkers.works.grouping import Group

DOUBTED = Verdict("undecided", reason="whether the words about the answer say that it holds is not clear")
_WORDS = re.compile(r"\\text\{[^{}]*\}\s*")
_MARKS = " \t\n\0$*_~\"'“”"


def with_doubts(
    final: Final,
    verdicts: Sequence[LineVerdict],
    found: Sequence[Group],
    rows: Sequence[Row],
    answered: Callable[[Sequence[Answered]], Final],
) -> Final:
    """The verdict on the answer: open where it is right by formulas alone of which words may say something else."""
    if not final.verdict.is_right:
        return final
    doubted = [bool(one.answers) and _is_doubted(one, group, rows) for one, group in zip(verdicts, found, strict=True)]
    if not any(doubted):
        return final
    others = [answer for is_one, one in zip(doubted, verdicts, strict=True) if not is_one for answer in one.answers]
    return final if answered(others).verdict.is_right else replace(final, verdict=DOUBTED)


def _is_doubted(verdict: LineVerdict, group: Group, rows: Sequence[Row]) -> bool:
    """Whether a formula stands in a sentence that may doubt it, suppose it or speak of something else."""
    if not group.inline:
        return False
    row, after = rows[group.rows[0]], rows[group.rows[-1]].after
    is_first = group.rows[0] == 0 or STATEMENT.search(row.before) is not None or "\n\n" in row.before
    is_slope = all(one.left.head in ("derivative", "gradient") for one in verdict.answers)
    is_under = row.under != "" and _WORDS.fullmatch(row.under) is None
    return doubts_before(row.before, is_first and is_slope and not is_under) or doubts_behind(after)


def doubts_before(before: str, is_first: bool) -> bool:
    """Whether the words before a formula, with which its sentence may begin, say that it need not hold.

    >>> [doubts_before(one, True) for one in ("So", "It is tempting to write", "We would get", "If", "For the bias")]
    [False, True, True, True, False]
    """
    sentence = last_sentence(before.rstrip(_MARKS)).strip(_MARKS)
    if altering.is_elsewhere(sentence) or altering.supposed(before):
        return True
    is_led = is_first and not before.rstrip(" *\n").endswith((":", "："))
    is_if = case_words.begins_with(sentence, "if") and not case_words.begins_with(sentence, "rest")  # caso contrário
    return is_led and is_if and says_plainly(sentence, (), True)


def doubts_behind(after: str) -> bool:
    """Whether the words right behind a formula ask whether it holds, or speak of what is not so.

    >>> [doubts_behind(one) for one in (" is a common mistake.", "? No.", ", which is odd.", " would hold")]
    [True, True, False, True]
    """
    said = after.partition("\n\n")[0].lstrip(_MARKS)
    clause = first_clause(said)
    return said[:1] in ("?", "？") or altering.is_elsewhere(clause) or altering.supposed(clause.partition(" ")[0])
