"""What is said to the student of the whole: the sentences that sum up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from truestep.problems.findings.row import EMPTY, RULE, Row
from truestep.problems.findings.table import row_of
from truestep.reports.numerals import named
from truestep.reports.pieces import Text, sentence, words

Record = Mapping[str, Any]


def headline(record: Record, rules: bool) -> str:
    """The verdict on the whole, in one sentence."""
    verdict, final = record.get("verdict"), record["final"].get("verdict")
    if is_empty(record):
        return "Nothing was checked."
    if "error" in record:
        return "This could not be checked."
    if verdict == "right":
        is_open = any(line.get("verdict") in ("undecided", "unreadable") for line in record["lines"])
        if rules:
            return f"Right, but {_lacking(record, 'that was ')}."
        return "Right, as far as it could be checked." if is_open else "Right."
    if _is_from_earlier_part(record):
        return "Right given your answer to an earlier part."
    if verdict == "wrong" and final == "right":
        return "The final answer is right; the way to it is not."
    if verdict == "wrong":
        return "Not right yet."
    if verdict == "not_checked":
        return "Not checked."
    if verdict == "unreadable":
        return "This could not be read."
    return "Nothing wrong was found, but not everything could be decided."


def is_empty(record: Record) -> bool:
    """Whether this is a box without an answer."""
    return any(row.tone == EMPTY for row in _rows(record))


def _rows(record: Record) -> list[Row]:
    return [row_of(str(finding.get("code"))) for finding in record["findings"]]


def at_a_glance(record: Record, rules: bool, is_by_hand: bool = False) -> str:
    """What stands beside a part in the table of all parts."""
    if is_empty(record):
        return next(row.glance for row in _rows(record) if row.tone == EMPTY)
    first = record.get("first_wrong_line")
    if isinstance(first, int):
        return f"first wrong: line {first + 1}"
    if record.get("verdict") == "not_checked":
        return "read by a person" if is_by_hand else ""
    if rules and record.get("verdict") == "right":
        return _lacking(record)
    if _is_from_earlier_part(record):
        return "follows from an earlier part"
    left = facts(record).open
    if record.get("verdict") == "undecided" and not left:
        return "the answer is undecided"
    return f"undecided: {named(left)}" if left else ""


def _lacking(record: Record, that_was: str = "") -> str:
    """What a right answer lacks: the form of the answer, or only the reason for a step."""
    (told, *others) = {row.glance for row in _rows(record) if row.tone == RULE} or {""}
    return told if told and not others else f"not in the form {that_was}asked for"


def _is_from_earlier_part(record: Record) -> bool:
    """Whether an answer is wrong only because that to an earlier part is."""
    return bool(record["final"].get("carried")) and record.get("first_wrong_line") is None


def open_reason(line: Record) -> Text:
    """Why a line was not decided."""
    reason = str(line.get("reason") or "").strip()
    if line.get("verdict") == "unreadable":
        return sentence(f"this could not be read: {reason}" if reason else "this could not be read")
    return sentence(f"this could not be decided: {reason}" if reason else "this could not be decided")


class Facts(NamedTuple):
    """The numbers of the lines, by what is said of them."""

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    carried: tuple[int, ...]
    open: tuple[int, ...]
    first: int | None
    final: int | None


def facts(record: Record) -> Facts:
    """The lines of a record by verdict, counted from 1."""
    lines = [(int(line.get("line", 0)) + 1, line) for line in record["lines"]]
    followed = {finding.get("line") for finding in record["findings"] if finding.get("code") == "carried"}
    carried = tuple(n for n, line in lines if line.get("verdict") == "right" and n - 1 in followed)
    first, final = record.get("first_wrong_line"), record["final"].get("line")
    return Facts(
        tuple(n for n, line in lines if line.get("verdict") == "right" and n not in carried),
        tuple(n for n, line in lines if line.get("verdict") == "wrong"),
        carried,
        tuple(n for n, line in lines if line.get("verdict") in ("undecided", "unreadable")),
        first + 1 if isinstance(first, int) else None,
        final + 1 if isinstance(final, int) else None,
    )


def summary(record: Record, asked: int = 1, is_general: bool = True) -> list[Text]:
    """The sentences after the headline: the final answer, the lines, what follows from a slip, what a person sees to.

    ``asked`` is how many things the question asks for; ``is_general`` says whether an answer holds for values at all.
    """
    if "error" in record:
        return [sentence(str(record["error"]))]
    known = facts(record)
    is_right = record["final"].get("verdict") == "right"
    told = [_final(record, known, asked, is_general), _lines(known, asked, is_right), _followed(known), _left(known)]
    return [text for text in told if text]


def _final(record: Record, known: Facts, asked: int, is_general: bool) -> Text:
    final = record["final"]
    verdict, reason = final.get("verdict"), str(final.get("reason") or "")
    because = f": {reason}" if reason else ""
    answer = "final answer" + (f" (line {known.final})" if known.final else "")
    is_missing = any(finding.get("code") == "missing-part" for finding in record["findings"])
    if not is_general and known.final not in known.wrong:
        answer = "answer"
    if verdict == "right" and not is_general and asked < 2:
        return words("Your answer is right.")
    if verdict == "right" and asked > 1:
        return words(f"Your {asked} answers are right" + (f": {_evidence(final, 'they hold')}." if is_general else "."))
    if verdict == "right":
        return words(f"Your {answer} is right" + (f": {_evidence(final, 'it holds')}." if is_general else "."))
    if verdict == "wrong" and is_missing:
        all_right = ", and not all that it answers is right." if known.first else "."
        return words(f"Your work does not answer all that was asked{all_right}")
    if verdict == "wrong" and any(row.kind == "missing" and not row.is_of_work for row in _rows(record)):
        return words(f"Your {answer} is not complete.")
    if verdict == "wrong" and asked > 1:
        return words("Your answers are not all right.")
    if verdict == "wrong" and known.final in known.carried:
        if known.first is None:
            return words("That answer was not right, so that this one is not either; the slip is not counted again.")
        slip = f"the slip in line {known.first}"
        return words(f"Your {answer} is not right, but it follows rightly from {slip}, which alone is counted.")
    if verdict == "wrong":
        return words(f"Your {answer} is not right.")
    if verdict == "undecided" and is_missing:
        return words("Your work does not answer all that was asked.")
    if verdict == "undecided":
        return sentence(f"Whether your {answer} is right could not be decided{because}")
    if verdict == "unreadable":
        return sentence(f"Your {answer} could not be read{because}")
    return sentence(reason or "No final answer was found that could be checked")


def _evidence(final: Record, holds: str) -> str:
    agrees = "it agrees" if holds.startswith("it") else "they agree"
    return f"{agrees} at every point that was tried" if final.get("evidence") == "agreed" else f"{holds} for all values"


def _lines(known: Facts, asked: int, is_right: bool) -> Text:
    right, later = known.right, tuple(number for number in known.wrong if number != known.first)
    good = f"{named(right)} {_is(right)} right" if right else ""
    is_all = not (known.wrong or known.carried or known.open)
    if known.first is None and (right == (known.final,) or (is_all and len(right) <= asked)):
        return ()
    if is_all and right:
        is_last = known.final == right[-1] and asked < 2 and is_right
        return words("So is every line before it." if is_last else "Every line is right.")
    if known.first is None:
        return words(_capital(f"{good}.")) if good else ()
    if not good and not later and (not known.open or known.final in known.carried):
        return ()
    told = f"line {known.first} is where it first goes wrong"
    if later:
        told += f", and {named(later)} {_is(later)} not right either"
    return words(_capital(f"{good}; {told}." if good else f"{told}."))


def _followed(known: Facts) -> Text:
    others = tuple(number for number in known.carried if number != known.final)
    if not others:
        return ()
    follow = "follows" if len(others) == 1 else "follow"
    if len(others) < len(known.carried):
        return words(_capital(f"{named(others)} {follow} rightly from an earlier slip too."))
    return words(
        _capital(f"{named(others)} {follow} rightly from an earlier slip, and {_is(others)} not counted again.")
    )


def _left(known: Facts) -> Text:
    if not known.open:
        return ()
    it = "it" if len(known.open) == 1 else "them"
    return words(_capital(f"{named(known.open)} could not be decided here; a person has to look at {it}."))


def _is(numbers: tuple[int, ...]) -> str:
    return "is" if len(numbers) == 1 else "are"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
