"""The findings of a work with the names of the mistakes in them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.domains import is_unmet
from truestep.checkers.mistakes.resting import resting, said_by
from truestep.checkers.mistakes.search import Found, diagnose
from truestep.checkers.works.chain_steps import Answered, LineVerdict
from truestep.derivations.language.expression import NONE
from truestep.derivations.language.faults import quoted
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import strip_groups
from truestep.problems.findings.table import kind_of, message_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from truestep.checkers.works.answer import Final
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Result
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.liberties import Reading
    from truestep.problems.statements.prepared import Setting

    Recalled = Callable[..., tuple[Finding, ...]]

MAX_NAMED = 12
MAX_QUOTED = 60
UNNAMED = frozenset(("value", "shape", "transposed", "given-restated"))
OF_SHAPE = frozenset(
    (
        *("transposed", "product-order", "order-and-transpose", "product-for-hadamard", "hadamard-for-product"),
        *("inner-for-outer", "outer-for-inner", "missing-factor", "extra-factor", "missing-sum", "extra-sum"),
        *("bracket-lost", "bracket-too-wide", "term-outside-sum", "term-inside-sum", "wrong-variable"),
    )
)


def named(
    setting: Setting,
    bench: Bench,
    found: Sequence[Group],
    verdicts: Sequence[LineVerdict],
    results: Iterable[Result] = (),
    recalled: Recalled | None = None,
) -> list[LineVerdict]:
    """The verdicts with the mistakes of their wrong steps named, those of the first wrong lines only.

    ``results`` are those of the work; of them, what new names were introduced as is looked at too.  ``recalled`` gives
    what was found before where all that it rests on is the same.
    """
    introduced = tuple(result for result in results if result.named)
    out: list[LineVerdict] = []
    before: dict[Expression, Answered] = {}
    left = MAX_NAMED
    for group, verdict in zip(found, verdicts, strict=True):
        for answer in (*verdict.answers, *verdict.forms):
            if verdict.verdict.is_wrong and answer.judgement.verdict.is_wrong and left:
                left -= 1
                last = before.get(_key(answer))
                make = partial(_with_name, setting, bench, group.text, verdict.findings, answer, last, introduced)
                rests = group.text, verdict.findings, *_rests(answer, last), introduced
                told_at = [(one.row, one.row < answer.row) for one in introduced]
                verdict = replace(verdict, findings=make() if recalled is None else recalled(make, *rests, told_at))
            before[_key(answer)] = answer
        out.append(verdict)
    return out


def with_reason(
    setting: Setting, bench: Bench, found: Sequence[Group], verdicts: Sequence[LineVerdict], final: Final
) -> Final:
    """The final answer with what happened where it is true as a line and yet not the reference answer."""
    judged = any(answer.judgement.verdict.is_wrong for verdict in verdicts for answer in verdict.answers)
    if judged or not final.verdict.is_wrong or final.findings or len(setting.answer) != 1 or not final.chosen:
        return final
    answer = replace(final.chosen[-1], left=NONE, target=setting.answer[0])
    text = next((group.text for group in found if answer.row in group.rows), "")
    old = Finding("value", answer.right.span, {"case": "asked"})
    told = [_finding(old, one, text) for one in explanation(setting, bench, answer, None)] or [old]
    return replace(final, findings=tuple(told))


def _key(answer: Answered) -> Expression:
    left = answer.target if answer.is_alone else answer.left
    return strip_groups(left if left is not None else answer.right)


def _rests(answer: Answered, before: Answered | None) -> tuple[object, ...]:
    """What of a wrong step and of the one before it tells what happened."""
    said = None if before is None else (before.right, before.judgement.verdict.is_right)
    return *answer.sides, answer.target, answer.condition, answer.reading, answer.judgement.span, said


def _with_name(
    setting: Setting,
    bench: Bench,
    text: str,
    findings: tuple[Finding, ...],
    answer: Answered,
    before: Answered | None,
    introduced: Sequence[Result],
) -> tuple[Finding, ...]:
    """The findings on a row, with that on one step replaced by what happened there, where that is confirmed."""
    place = answer.judgement.span or answer.right.span
    which = next((k for k, one in enumerate(findings) if one.span == place and one.code in UNNAMED), None)
    if which is None:
        return findings
    mistakes = explanation(setting, bench, answer, before)
    old = findings[which]
    told = [_finding(old, one, text) for one in mistakes] or [old]
    left = _meant(setting, answer)
    if introduced and left is not None and old.code == "value":
        told = resting(setting, bench, left, answer, introduced, told)
    return *findings[:which], *told, *findings[which + 1 :]


def explanation(setting: Setting, bench: Bench, answer: Answered, before: Answered | None) -> tuple[Found, ...]:
    """What happened in one wrong step: against what it should equal, else against a wrong side before it."""
    left = _meant(setting, answer)
    if left is None or (answer.condition is not None and any(is_unmet(n, setting) for n in answer.condition.walk())):
        return ()
    good = before is not None and before.judgement.verdict.is_right
    previous = before.right if before is not None and good else None
    found: tuple[Found, ...] = ()
    for meant in dict.fromkeys((_derivative_of(setting, left), left)):
        for reading in _readings(answer):
            found = found or diagnose(setting, bench, meant, answer.right, reading, answer.condition, previous)
    if found or good or before is None:
        return found
    return diagnose(setting, bench, before.right, answer.right, answer.reading, answer.condition)


def _meant(setting: Setting, answer: Answered) -> Expression | None:
    """What a side should equal: the left side, or the reference where that is only a name for what is asked."""
    if answer.is_alone:
        return answer.target
    left, asked = strip_groups(answer.left), [strip_groups(node) for node in setting.find]
    if left in asked and len(asked) == len(setting.answer) and left.head in ("symbol", "member", "entry"):
        return setting.answer[asked.index(left)]
    return answer.left


def _derivative_of(setting: Setting, left: Expression) -> Expression:
    """The derivative that a reference is the answer to; of anything else the thing itself."""
    asked = dict(zip(setting.answer, setting.find, strict=False)) if len(setting.answer) == len(setting.find) else {}
    found = asked.get(left, left)
    return found if found.head == "derivative" else left


def _readings(answer: Answered) -> list[Reading]:
    """The reading of a step, and where a dot may be no inner product the one in which it is none."""
    dots = any(node.head == "product" and "cdot" in node.data for node in answer.right.walk())
    many = any(node.head == "product" and len(node.args) > 2 for node in answer.right.walk())
    return [answer.reading, answer.reading.taking("dot-product")] if dots and many else [answer.reading]


def _finding(old: Finding, found: Found, text: str) -> Finding:
    card, span = found.card, found.candidate.span
    if found.candidate.left is not None and text.lstrip(" &").startswith("="):
        span = old.span  # the left side stands on an earlier row
    here = text[span[0] : span[1]]
    args = said_by(card) | ({"case": "at", "at": quoted(here)} if 0 < len(here) <= MAX_QUOTED else {})
    if old.code == "given-restated" and card.code != "other-derivative":
        what = message_of(card.code, args)
        return replace(old, args={**old.args, "case": "slip", "slip": card.code, "what": what[0].lower() + what[1:]})
    kind = "shape" if kind_of(old) == "shape" and card.code in OF_SHAPE else ""
    return Finding(card.code, span if here else old.span, args, kind=kind)
