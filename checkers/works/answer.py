"""The final answer: the last expression that answers what is asked, and whether every part has an answer."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.comparing.domains import is_unmet
from truestep.checkers.comparing.verdicts import Verdict, undecided
from truestep.checkers.works.cases.coverage import covers, denies, gap, has_gap, needs_condition, of_idle_cases
from truestep.checkers.works.cases.entries import all_entries, is_entry_of, is_ungoverned
from truestep.checkers.works.chain_steps import Answered
from truestep.checkers.works.claim import Claim, has_derivative, is_circular, leaves_moment, restates, spelled_out
from truestep.checkers.works.conditions import NOT_UNDERSTOOD
from truestep.checkers.works.equations import are_of_other_shapes, root, solves_by_itself, with_others
from truestep.checkers.works.primes import of_the_same, unprimed
from truestep.checkers.works.solving.values import is_given
from truestep.checkers.works.substitution import in_letters_of
from truestep.derivations.language.expression import BINDING, NONE, Expression
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import DOUBTFUL
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.derivations.meaning.introduced import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.problems.statements.prepared import Setting

MANY_FIGURES = 10**9
_LEFT = ("limit", "infinity")


@dataclass(frozen=True)
class Final:
    """The verdict on the final answer, the row it stands on, the expressions it is made of, and what is to be said."""

    verdict: Verdict
    row: int | None = None
    chosen: tuple[Answered, ...] = ()
    findings: tuple[Finding, ...] = ()
    each: tuple[Answer, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether all that is wrong in it rests on an earlier result."""
        wrong = [answer for answer in self.each if answer.verdict.is_wrong]
        return self.verdict.is_wrong and bool(wrong) and all(answer.carried for answer in wrong)


class Answer(NamedTuple):
    """One thing that was asked (its place in ``find``), and what answers it; None where nothing does."""

    place: int
    verdict: Verdict
    answered: Answered | None = None

    @property
    def carried(self) -> bool:
        """Whether it rightly continues from an earlier wrong result."""
        return self.answered is not None and self.answered.carried


def _at(answer: Answered, node: Expression) -> Expression:
    """What is asked, or a left side, in the letters that the condition of an answer makes one: ``w = o``."""
    condition = answer.condition
    parts = () if condition is None else condition.args if condition.head == "and" else (condition,)
    same = {one.args[0]: one.args[1] for one in parts if one.head == "relation" and one.data == "="}
    same = {old: new for old, new in same.items() if old.head == new.head == "index"}
    return node.map(lambda child: same.get(child, child)) if same else node


def final_answer(setting: Setting, bench: Bench, answers: Sequence[Answered], rounding: bool) -> Final:
    """The final answer of a work."""
    asked = [node for node in setting.find if node.head != "words"]
    if not answers:
        return Final(Verdict("not_checked"))
    if not asked:
        return _against(setting, bench, answers, setting.answer, rounding)
    sides = {id(node): node for node in (*asked, *(answer.left for answer in answers))}
    plain = {which: unprimed(node) for which, node in sides.items()}
    found = [
        [
            one
            for one in answers
            if (one.is_alone and len(asked) == 1) or _at(one, plain[id(one.left)]) == _at(one, plain[id(node)])
        ]
        for node in asked
    ]
    unread = [any(_is_unread(one) for one in here) for here in found]
    found = [_general(here, setting) or here for here in found]
    found = [
        [*here, *_instances(node, answers)] if any(answer.condition is not None for answer in here) else here
        for node, here in zip(asked, found, strict=True)
    ]
    taken = {id(answer) for here in found for answer in here}
    others = [answer for answer in answers if id(answer) not in taken]
    found = [
        here
        or [answer for answer in answers if is_ungoverned(node, answer.left, asked)]
        or _of_entries(node, answers)
        or of_the_same(node, answers, bench)
        or [
            replace(other, judgement=bench.judge(other, rounding))
            for answer in others
            if (other := in_letters_of(node, answer)) is not None
        ]
        for node, here in zip(asked, found, strict=True)
    ]
    whole = [[] if here else all_entries(node, answers, setting) for node, here in zip(asked, found, strict=True)]
    found = [here or some for here, some in zip(found, whole, strict=True)]
    if len(asked) == 1 and not found[0]:
        return _last_value(setting, bench, asked[0], answers, rounding)
    missing = [setting.problem.find[k] for k, here in enumerate(found) if not here]
    parts = [
        _together(setting, bench, here, rounding)
        if whole[k]
        else _one(
            setting, bench, node, here, setting.answer[k] if len(setting.answer) == len(asked) else node, rounding
        )
        for k, (node, here) in enumerate(zip(asked, found, strict=True))
        if here
    ]
    parts = [
        _without_gap(part) if is_unread else part
        for part, is_unread in zip(parts, itertools.compress(unread, found), strict=True)
    ]
    chosen = tuple(answer for part in parts for answer in part.chosen)
    findings = tuple(finding for part in parts for finding in part.findings)
    row = parts[-1].row if parts else None
    if missing:
        findings += (Finding("missing-part", (0, 0), {"asked": ", ".join(missing)}),)
    outcome = _worst([part.verdict for part in parts])
    if missing and not outcome.is_wrong:
        outcome = undecided("part of what is asked has no answer")
    places = [k for k, here in enumerate(found) if here]
    each = [one._replace(place=place) for place, part in zip(places, parts, strict=True) for one in part.each]
    each += [
        Answer(k, Verdict("not_checked", reason="no line answers this")) for k, here in enumerate(found) if not here
    ]
    return Final(outcome, row, chosen, findings, tuple(sorted(each, key=lambda one: one.place)))


def _is_unread(answer: Answered) -> bool:
    """Whether an answer is of a case that is not understood."""
    return answer.condition is not None and any(node.head == "unread" for node in answer.condition.walk())


def _without_gap(part: Final) -> Final:
    """The answer, of which nobody knows whether it leaves a case out."""
    if part.verdict != gap():
        return part
    return replace(part, verdict=NOT_UNDERSTOOD, findings=())


def _together(setting: Setting, bench: Bench, here: Sequence[Answered], rounding: bool) -> Final:
    """The answer that several make together, each of which is judged by itself."""
    verdicts = [_verdict(setting, bench, one.left, one, rounding, one.left) for one in here]
    each = tuple(Answer(0, verdict, one) for verdict, one in zip(verdicts, here, strict=True))
    return Final(_worst(verdicts), max(one.row for one in here), tuple(here), (), each)


def _general(here: Sequence[Answered], setting: Setting) -> list[Answered]:
    """The answers that are of no special case in which quantities meet, as ``a = b`` does."""

    def is_special(answer: Answered) -> bool:
        is_met = answer.condition is None or not any(is_unmet(node, setting) for node in answer.condition.walk())
        return _is_unread(answer) or not is_met

    return [answer for answer in here if not is_special(answer)]


def _instances(asked: Expression, answers: Sequence[Answered]) -> Iterator[Answered]:
    r"""The answers at one value of an index that is asked for, each as its case: ``\partial L / \partial s_1``.

    It may be the value of another one: ``\partial s_i / \partial z_i``; or both that of a third.
    """
    plain = normal(asked)
    for answer in answers:
        left = normal(answer.left)
        yield from _on_diagonal(plain, left, answer)
        letters = {node for node in plain.walk() if node.head == "index"} - {*left.walk()}
        known = {node for node in left.walk() if node.head in ("number", "index")}
        if len(letters) != 1:
            continue
        (letter,) = letters
        if answer.condition is not None and letter not in answer.condition.walk():
            continue
        for place in known if left.head == plain.head else ():
            if _with(plain, letter, place) == left:
                yield replace(answer, condition=Expression("relation", (letter, place), "="))


def _of_entries(asked: Expression, answers: Sequence[Answered]) -> list[Answered]:
    """The answers for any entry of what is asked, or for the whole of which an entry is; with cases, of each case."""
    here = [one for one in answers if is_entry_of(asked, one.left) or is_entry_of(one.left, asked)]
    left = next((one.left for one in here if one.condition is not None), None)
    return here if left is None else [*here, *_instances(left, [one for one in answers if one not in here])]


def _on_diagonal(asked: Expression, left: Expression, answer: Answered) -> Iterator[Answered]:
    r"""The answer to ``\partial s_k / \partial z_k`` where ``\partial s_i / \partial z_j`` is asked: the case i = j."""
    asked_for, written = ({node for node in one.walk() if node.head == "index"} for one in (asked, left))
    pair, letters = sorted(asked_for - written, key=lambda one: str(one.data)), written - asked_for
    if len(pair) != 2 or len(letters) != 1 or answer.condition is not None:
        return
    letter = letters.pop()
    is_bound = any(node.head in BINDING and letter in node.walk() for node in answer.right.walk())
    if not is_bound and _with(_with(asked, pair[0], letter), pair[1], letter) == left:
        sides = _with(answer.left, letter, pair[0]), _with(answer.right, letter, pair[0])
        yield replace(answer, left=sides[0], right=sides[1], condition=Expression("relation", tuple(pair), "="))


def _with(node: Expression, letter: Expression, number: Expression) -> Expression:
    return node.map(lambda child: number if child == letter else child)


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    order = ("wrong", "unreadable", "undecided", "not_checked", "right")
    return (
        min(verdicts, key=lambda verdict: order.index(verdict.outcome))
        if verdicts
        else undecided("nothing answers the question")
    )


def _one(
    setting: Setting,
    bench: Bench,
    asked: Expression | None,
    here: Sequence[Answered],
    target: Expression,
    rounding: bool,
) -> Final:
    """The answer to one question: the last one, or the last one of each case; compared with the target."""
    here = [one for one in here if asked is None or not restates(one.right, asked)] or here
    here = [one for one in here if asked is None or not solves_by_itself(bench, asked, target, one)] or here
    last = here[-1]
    chosen: list[Answered] = [last]
    if last.condition is not None:
        cases: dict[Expression, Answered] = {}
        for answer in here:
            if answer.condition is not None:
                cases[strip_groups(answer.condition)] = answer
        chosen = list(cases.values())
        whole = [answer for answer in here if answer.condition is None and not answer.right.has("derivative")]
        if whole and covers(bench, chosen) is not True:
            chosen = [whole[-1]]
    verdicts = [_verdict(setting, bench, target, answer, rounding, asked) for answer in chosen]
    findings: tuple[Finding, ...] = ()
    outcome = _worst(verdicts)
    if chosen[0].condition is not None and not outcome.is_wrong:
        is_whole = covers(bench, chosen)
        left = target if target is asked else None  # \partial s_i / \partial z_i where i = j is one case of it
        free = [replace(one, condition=None, left=left if left and not one.is_alone else one.left) for one in chosen]
        free = free if is_whole is not True else []
        free = [replace(one, judgement=bench.judge(one, rounding)) for one in free]
        is_free = any(_verdict(setting, bench, target, one, rounding, asked).is_right for one in free)
        is_needed = is_free and needs_condition(bench, target, chosen)
        is_denied = any(one.condition and denies(one.condition) for one in chosen) and not is_needed
        if is_free and not is_denied:
            noted = [Finding("needless-condition", one.condition.span) for one in chosen if one.condition is not None]
            findings = () if is_needed else tuple(noted[:1])
        elif is_whole is False:
            args = {"case": "only"} if is_free else {}
            findings = (Finding("missing-case", chosen[-1].right.span, args),)
            outcome = gap()
        elif is_whole is None and outcome.is_right:
            outcome = undecided("whether the cases given cover the whole question is not decided")
    each = tuple(Answer(0, verdict, answer) for verdict, answer in zip(verdicts, chosen, strict=True))
    return Final(outcome, chosen[-1].row, tuple(chosen), findings, each)


def _verdict(
    setting: Setting, bench: Bench, target: Expression, answer: Answered, rounding: bool, asked: Expression | None
) -> Verdict:
    computed = target is asked
    named = strip_groups(target) if computed and root(target) else None
    is_itself = named is not None and strip_groups(answer.right) == named
    if is_itself or restates(answer.right, target if asked is None else asked):
        return Verdict("not_checked", reason="this restates the question")
    if computed and is_given(target, answer.right, setting):
        return undecided("this is what is given, and not worked out")
    if (
        asked is not None
        and (computed or answer.judgement.verdict.is_right)
        and solves_by_itself(bench, asked, target, answer)
    ):
        return Verdict("not_checked", reason="what is asked stands on both sides")
    if (computed and not answer.is_alone and not answer.judgement.loose) or answer.target is target:
        verdict = answer.judgement.verdict
    else:
        claim, tolerance = Claim(target, answer.right, answer.reading, answer.condition), setting.problem.tolerance
        verdict = bench.judge(claim, rounding, tolerance).verdict
        if verdict.is_wrong and not computed:
            together = with_others(setting, claim)
            other = None if together == claim else bench.judge(together, rounding, tolerance).verdict
            verdict = other if other is not None and other.is_right else verdict
        for layout in ("denominator", "numerator", "mixed") if setting.problem.layout == "either" else ():
            if not verdict.is_right:
                turned = replace(claim, reading=answer.reading.laid_out(layout))
                other = bench.judge(turned, rounding, tolerance).verdict
                verdict = other if other.is_right else verdict
    doubtful = DOUBTFUL.intersection(answer.reading.codes)
    if verdict.is_right and doubtful and not answer.judgement.verdict.is_right:
        return answer.judgement.verdict
    if verdict.is_right and any(_is_other_letter(note) for note in answer.judgement.notes):
        strict = answer.reading.without("index-slip")
        verdict = bench.judge(Claim(target, answer.right, strict, answer.condition), rounding).verdict
    narrower = verdict.domain in ("right", "both")
    if verdict.is_right and (narrower or not target.has("cases")) and has_gap(bench, answer):
        return gap()
    idle = of_idle_cases(bench, target, answer) if verdict.is_right and not target.has("cases") else None
    if idle is not None:
        return idle
    spelled = spelled_out(answer.right, bench.introduced, bench.meant)
    if computed and verdict.is_right and is_circular(spelled, target, setting.scope):
        return undecided("the derivative is not carried out")
    scope = setting.scope
    if verdict.is_right and leaves_moment(spelled, scope) and (computed or not leaves_moment([target], scope)):
        return undecided("what is asked is not carried out: an expectation is left in it")
    if verdict.is_right and any(one.has(*_LEFT) for one in spelled) and (computed or not target.has(*_LEFT)):
        return undecided("what is asked is not carried out: a limit or a sum without end is left in it")
    if not computed and verdict.is_right:
        names = [
            node
            for node in answer.right.walk()
            if node.head == "unknown" and key_of(node, bench.introduced) in bench.introduced
        ]
        if names and (len(spelled) == 1 or asked is None or is_circular(spelled, asked, setting.scope)):
            return undecided("the answer uses a name that the problem does not declare")
        if any(has_derivative(one, answer.reading) for one in spelled) and not has_derivative(target):
            return undecided("the derivative is not carried out")
    if verdict.rounded and setting.problem.tolerance is None and _is_bare(answer, target, setting):
        return undecided("this agrees only after rounding, and the problem states no tolerance")
    if not computed and verdict.is_right and verdict.domain in ("left", "both"):
        return undecided("this also has values where the reference has none")
    return verdict


def _is_other_letter(note: Finding) -> bool:
    r"""Whether a sum was read with the letter inside it though its own is a letter, too: not ``\sum_{1=1}^n``."""
    return note.code == "index-slip" and not note.args["index"].isdigit()


def _is_bare(answer: Answered, target: Expression, setting: Setting) -> bool:
    """Whether a decimal stands for an exact reference and nothing says of what it is the value, nor do its digits."""
    if setting.find or not answer.is_alone or target.has("symbol", "constant", "apply", "root"):
        return answer.is_alone and not setting.find
    figures = [node.data for node in answer.right.walk() if node.head == "number" and node.data[1] is not None]
    return any(abs(value) * 10**places < MANY_FIGURES for value, places in figures)


def _against(
    setting: Setting, bench: Bench, answers: Sequence[Answered], reference: Sequence[Expression], rounding: bool
) -> Final:
    """Where nothing is asked by name: the last expression against the reference answer."""
    last = answers[-1]
    if not reference:
        return Final(Verdict("not_checked", reason="nothing is asked"), last.row, (last,))
    here = [last] if last.condition is None else [answer for answer in answers if answer.condition is not None]
    return _one(setting, bench, None, here, reference[-1], rounding)


_COMPUTED = ("add", "number", "product", "quotient", "power", "negative", "group")
"""What has no name, and is computed in the row itself."""


def _last_value(
    setting: Setting, bench: Bench, asked: Expression, answers: Sequence[Answered], rounding: bool
) -> Final:
    """No left side is what is asked: the last expression is compared all the same; what is true answers nothing."""
    last = answers[-1]
    target = setting.answer[-1] if setting.answer else asked
    is_other = not (last.is_alone or last.judgement.verdict.is_wrong) and (
        last.left.head not in _COMPUTED
        or any(
            node.head == "unknown" and key_of(node, bench.introduced) not in bench.introduced
            for node in last.left.walk()
        )
        or are_of_other_shapes(replace(last, left=target), bench)
    )
    verdict = _verdict(setting, bench, target, replace(last, left=NONE), rounding, asked)
    is_there = last.left.has("value") and not last.judgement.verdict.is_right  # at another point
    if is_there or (verdict.is_wrong and (is_other or not setting.answer)):
        missing = Finding("missing-part", (0, 0), {"asked": setting.problem.find[0]})
        return Final(undecided("no line answers what is asked"), last.row, (), (missing,))
    findings = (Finding("other-left-side", last.right.span if last.is_alone else last.left.span),)
    return Final(verdict, last.row, (last,), findings if verdict.is_right else (), (Answer(0, verdict, last),))


def conforming(final: Final, setting: Setting) -> Final:
    """A final answer of partials and other factors that cannot be multiplied as they stand is none."""
    mixed = [answer for answer in final.chosen if any(factor.head != "derivative" for factor in answer.right.args)]
    out_of_order = any(note.code == "chain-order" for answer in mixed for note in answer.judgement.notes)
    if not final.verdict.is_right or not out_of_order or setting.problem.chain == "loose":
        return final
    return replace(final, verdict=Verdict("wrong", reason="its factors cannot be multiplied in this order"))
