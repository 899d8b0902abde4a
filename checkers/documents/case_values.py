r"""Values of cases: of the other ones, "and $c$ otherwise", and those that words say, "the gradient is zero if"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.checkers.documents.plain_words import equated, says_plainly
from truestep.checkers.documents.words import BEHIND, equates, only_joins, orders
from truestep.derivations.language import case_words, equating_words
from truestep.derivations.language.phrases.ends import PART, STATEMENT
from truestep.derivations.language.phrases.table import CASES, ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.documents.work import Row

LEADING = ("if", "for", "unless")
RELATION = re.compile(r"[\s&]*=")
_SLOPES = ("slope", "slopes")
_SAID = {"slope": "The derivative is ", "slopes": "", "it": " and "}  # before the value as a formula
_NEAR = 60  # letters before a condition in which its word stands
_IS_ZERO = re.compile(r"(?:.*=)?[\s&]*0[\s.,;]*", re.DOTALL)


def with_zeros(rows: Sequence[Row], tail: str) -> tuple[tuple[Row, ...], str]:
    """The rows with one more for each slope that a clause of a case says to be zero, and the words at the end.

    It stands at the formula behind which, or before which, the clause is.
    """
    out: list[Row] = []
    words, is_case = [*(row.before for row in rows), tail], False
    for place, row in enumerate(rows):
        row = replace(row, before=words[place]) if words[place] != row.before else row
        is_led = row.inline and orders(row.text) and case_words.has(row.before[-_NEAR:], "if", "for")
        goes_on = row.inline and STATEMENT.search(row.before) is None
        found = _before(row.before) if is_led else None
        is_case, was_case = is_led or (is_case and goes_on), is_case and goes_on
        if found is not None and (found[1] in _SLOPES or was_case):
            head, of, lead = found
            out.append(_zero(row, of, head))
            row = replace(row, before=lead)
            is_case = False
        out.append(row)
        said = _behind(row, words[place + 1]) if is_case else None
        if said is not None:
            words[place + 1], of = said
            out.append(_zero(row, of, ", "))
    return tuple(out), words[-1]


def _zero(row: Row, of: str, before: str) -> Row:
    said_of = of if of in _SLOPES else ""
    return replace(row, text="0", end=(0, 0), before=f"{before}{_SAID[of]}", said_of=said_of)


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """What may stand between a condition and the clause behind it."""
    return re.compile(rf"[\s*_~$)]*(?:{'|'.join(ROLES.phrases(BEHIND))})?[,，:：]?[\s*_~]*")


def _behind(row: Row, after: str) -> tuple[str, str] | None:
    """The words behind a clause that says behind a formula that a slope, or the rest, is zero, and which of them."""
    lead = _opening().match(after)
    start = lead.end() if lead else 0
    told = "it is 0 " if _IS_ZERO.fullmatch(row.text) else ""  # and so is the gradient
    ends = sorted(one.start() for table in (PART, CASES.pattern("and")) for one in table.finditer(after, start))
    for cut in (*ends, len(after)):
        clause = after[start:cut]
        for of in map(equating_words.is_zero, (clause, f"{told}{clause}")):
            if of in _SLOPES:
                return after[cut:], of
        if equating_words.is_zero_else(clause):
            return f"otherwise {after[cut:]}", "it"
    return None


def _before(before: str) -> tuple[str, str, str] | None:
    """What stands before a clause that says of something that it is zero, of what, and the condition's word."""
    found = list(CASES.pattern("if", "for").finditer(before))[-1:]
    if not found or before[found[0].end() :].strip(" $*_~\n"):
        return None
    clause = before[: found[0].start()].rstrip(" ,")
    for cut in (0, *sorted(one.end() for table in (PART, CASES.pattern("and")) for one in table.finditer(clause))):
        if of := equating_words.is_zero(clause[cut:].strip(" *_~\n")):
            start = cut + len(clause[cut:]) - len(clause[cut:].lstrip())
            return clause[:start], of, before[found[0].start() :]
    return None


# values of other cases


def is_alternative(row: Row, out: Sequence[Row]) -> bool:
    """Whether a value joins a claim with a condition behind it, as that of another case: "$a = b$ if ... and $c$"."""
    is_joined = len(out) > 1 and row.inline and bool(row.before.strip()) and only_joins(row.before)
    is_led = is_joined and out[-2].told == "condition" and equates(out[-1].text)  # if ..., $a = b$, and $c$ otherwise
    claim = out[-1] if is_led else out[-2] if is_joined else row
    return is_joined and (is_led or out[-1].told == "condition") and bool(claim.under) and claim.inline


def is_rest(row: Row, after: str, out: Sequence[Row]) -> bool:
    """Whether a claim within a sentence, or the value in it, is said of the other cases: "... and $c$ otherwise"."""
    between = row.before.strip(" ,;.")
    last = out[-2:-1] if out and out[-1].told == "condition" else out[-1:]
    if row.inline and not equates(row.text) and case_words.begins_with(between, "rest") and last and last[0].under:
        return STATEMENT.search(between) is None and says_plainly(between, is_met=True)  # otherwise it is ...
    return case_words.begins_with(after.lstrip(" $*_~"), "rest") and is_alternative(row, out)


def leads_to_rest(before: str) -> bool:
    """Whether the sentence of a formula has a word for the other cases, and says no more: "Otherwise we get"."""
    said = STATEMENT.split(before)[-1]
    return case_words.has(said, "rest") and says_plainly(said, is_met=True)


def said_before(row: Row, last: Sequence[Row]) -> Row:
    """A value before what may be its condition, as what its words equate it with: "The gradient is $0$ if"."""
    is_led = any(case_words.is_alone(row.after.strip(" $*_~"), meaning) for meaning in LEADING)
    if not row.inline or row.said_of or not is_led or equates(row.text) or row.told == "condition":
        return row
    before = next((one for one in reversed(last) if one.told != "condition"), None)
    is_claim = before is not None and before.under and (equates(before.text) or before.said_of)
    if is_claim and equating_words.says_it(row.before):
        return replace(row, before=" and ")
    found = equated(replace(row, after=""), before)
    return replace(row, said_of=found.said_of, beside=found.beside)


def is_said_of(row: Row) -> bool:
    """Whether words say of something that it is this formula."""
    return bool(row.said_of) or row.told == "alternative" or equating_words.says_it(row.before)


def told_again(row: Row, out: Sequence[Row]) -> Row:
    """The value that "it" has in another case, as that of the claim before: "... is $1$; for $z < 0$ it is $k$"."""
    last = next((one for one in reversed(out) if one.told != "condition"), None)
    is_claim = last is not None and bool(last.under) and (equates(last.text) or bool(last.said_of))
    is_it = row.inline and not row.said_of and not equates(row.text) and equating_words.says_it(row.before)
    return alternative(row, [last]) if last and is_it and is_claim and out[-1].told == "condition" else row


def alternative(row: Row, out: Sequence[Row]) -> Row:
    """A value of another case, as that of the claim before it, or as what words equated the value there with."""
    if equates(row.text):
        return row
    said = next((one for one in reversed(out) if one.under or one.said_of), row)
    is_said = bool(said.said_of) and not equates(said.text)
    return replace(row, said_of=said.said_of, beside=said.beside) if is_said else replace(row, told="alternative")


def put_under(rows: list[Row], condition: str, word: str) -> None:
    """Puts the last claim under a condition, with the rows that it goes on from."""
    for place in reversed(range(len(rows))):
        row = rows[place]
        is_own = row.under and (equates(row.text) or row.said_of)
        lead = rf"{row.under} \text{{ and }} " if is_own else rf"\text{{{word} }} "
        rows[place] = replace(row, under=lead + condition)
        rows[place] = rows[place] if row.said_of else alternative(rows[place], rows[:place])
        if not RELATION.match(row.text):
            break
