"""What a line needed to be right beside its usual reading: granted and said as a slip, asked about, or refused.

What looks like a mistake is granted only where the work itself speaks for it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.works import primes
from truestep.checkers.works.claim import Claim, Doubt
from truestep.checkers.works.equations import EQUATION
from truestep.derivations.language.expression import free_indices
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import DOUBTFUL, LIBERTIES, LIBERTY
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.introduced import base_of_bar, base_of_capital
from truestep.problems.findings.row import Slip
from truestep.problems.findings.table import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import Answered, LineVerdict
    from truestep.checkers.works.grouping import Group
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.liberties import Choice, Reading
    from truestep.derivations.meaning.scope import Scope
    from truestep.problems.statements.problem import Problem


def refused(problem: Problem) -> frozenset[str]:
    """The liberties that a course does not grant."""
    strict = {liberty.code for liberty in LIBERTIES if (liberty.slip or liberty.code) in problem.strict}
    return frozenset(strict | ({"index-slip"} if problem.answer else set()))


def fits(verdict: LineVerdict) -> bool:
    """Whether a verdict tells of no shapes that do not fit; of an equation to be solved it tells nothing."""
    codes = {one.code for one in verdict.findings}
    codes |= {code for answer in verdict.answers for code in (answer.judgement.code, answer.judgement.usual)}
    return not verdict.posed and not codes & {"shape", "transposed"}


def better(new: LineVerdict, old: LineVerdict) -> bool:
    """Whether another reading serves better: right before undecided before wrong; never unreadable for wrong.

    One that is false does not where it understands no name that was not understood: the others may all be right; nor
    where what is not to be solved is right; nor where one makes the false sides right and leaves open what is open.
    """
    if new.verdict.is_wrong and old.verdict is EQUATION and any(one.judgement.verdict.is_right for one in old.answers):
        return False
    if new.verdict.is_wrong and old.verdict.outcome == "undecided" and 0 < _unknown(old) <= _unknown(new):
        return False
    if _spares(new, old) or _spares(old, new):
        return _spares(new, old)
    rank = {"right": 0, "not_checked": 1, "wrong": 3, "undecided": 4, "unreadable": 5}
    worth = [3.5 if one.verdict is EQUATION else rank[one.verdict.outcome] + 2 * one.carried for one in (new, old)]
    return worth[0] < worth[1]


def _spares(new: LineVerdict, old: LineVerdict) -> bool:
    """Whether a reading makes all sides right that are false under the other one, and opens none."""
    if (new.verdict.outcome, old.verdict.outcome) != ("undecided", "wrong"):
        return False
    sides = [{one.right.span: one.judgement.verdict.outcome for one in verdict.answers} for verdict in (new, old)]
    false = [span for span, outcome in sides[1].items() if outcome == "wrong"]
    is_opened = any(outcome != "right" and sides[1].get(span) != outcome for span, outcome in sides[0].items())
    return bool(false) and not is_opened and all(sides[0].get(span) == "right" for span in false)


def is_head(verdict: LineVerdict) -> bool:
    """Whether a row is an expression alone, of which the rows after it say what it equals."""
    parts = [part for one in verdict.statements for part in one.parts]
    return len(parts) == 1 and not parts[0].relation


def _unknown(result: LineVerdict) -> int:
    return sum(finding.code == "unknown-name" for finding in result.findings)


def touches_mended(verdict: LineVerdict, reading: Reading, offers: Iterable[Choice]) -> bool:
    """Whether a line is not known to be false apart from a side that can be mended in several ways."""
    if not any(LIBERTY[code].mends for code in reading.codes):
        return False
    places = [place for code, place in offers if LIBERTY[code].mends and place is not None]
    spans = [answer.right.span for answer in verdict.answers if answer.judgement.verdict.is_wrong]
    return not spans or any(start <= place <= end for start, end in spans for place in places)


def settled(
    found: Sequence[Group],
    verdicts: Sequence[LineVerdict],
    doubts: Mapping[int, Doubt],
    given: Iterable[tuple[Expression, Expression]],
) -> dict[int, Doubt]:
    """What becomes of each doubtful line, by its first row; those that the work speaks against are left out.

    For a liberty speaks that the work takes it on two lines, or that a later line with the same left side is right as
    it stands; against it, that a later line carries the literal reading on, and against a sum left out that the work
    writes others. A habit that is seen once, of two letters or in a line that comes back to what is right, is asked
    about. Where the shapes fit no other reading, they speak for it; for numbers behind rows speaks that these count
    them.
    """
    often = Counter(LIBERTY[code].slip for doubt in doubts.values() for code in doubt.codes)
    copied, summed = {strip_groups(left) for left, _ in given}, set[int]()
    for group, verdict in zip(found, verdicts, strict=True):
        own = (one.parts for one in verdict.statements if strip_groups(one.parts[0].expression) not in copied)
        if not group.inline and any(part.expression.has("sum") for parts in own for part in parts):
            summed.add(group.rows[0])
    out: dict[int, Doubt] = {}
    for place, (group, verdict) in enumerate(zip(found, verdicts, strict=True)):
        doubt = doubts.get(group.rows[0])
        if doubt is None:
            continue
        if doubt.codes == {"margin"} and _are_numbered(found):
            out[group.rows[0]] = replace(doubt, is_granted=True)
            continue
        rest = zip(found[place + 1 :], verdicts[place + 1 :], strict=True)
        after = [later for other, later in rest if other.rows[0] not in doubts]
        is_usual = all(often[LIBERTY[code].slip] > 1 for code in doubt.codes)
        is_habit = any(LIBERTY[code].is_habit for code in doubt.codes)
        follows = any(later.verdict.is_right and _goes_on(verdict, later, is_habit) for later in after) or _comes_back(
            verdict
        )
        returns = follows or any(one.code == "recovered" for one in verdict.findings)
        if told := doubt.codes & set(_EVIDENCE):
            unsure = [one for other, one in zip(found, verdicts, strict=True) if _is_doubted(doubts, other, told)]
            if not fits(verdict) or all(_EVIDENCE[code](verdicts, unsure) for code in told):
                out[group.rows[0]] = replace(doubt, is_granted=True)
            continue
        speaks = is_usual or returns or any(map(_is_form, verdict.answers))
        is_sum = any(LIBERTY[code].slip == "implied-sum" for code in doubt.codes)
        if any(later.carried for later in after) or (is_habit and not speaks):
            continue
        is_written = any(one.judgement.verdict.is_right and one.right.has("sum") for one in verdict.answers)
        is_lost = is_written or bool(summed - {group.rows[0]})  # on a side before, or in another row
        if is_sum and ((is_habit and summed) or (not speaks and is_lost)):
            continue
        out[group.rows[0]] = replace(doubt, is_granted=is_usual or (follows and not is_habit))
    return out


def _are_numbered(found: Sequence[Group]) -> bool:
    """Whether the numbers behind the rows of a work count them: (1), (2), ..."""
    numbers = [int(told[1]) for group in found if (told := _NUMBERED.search(group.text)) is not None]
    return len(numbers) > 1 and all(b == a + 1 for a, b in itertools.pairwise(numbers))


def _is_doubted(doubts: Mapping[int, Doubt], group: Group, codes: frozenset[str]) -> bool:
    doubt = doubts.get(group.rows[0])
    return doubt is not None and not doubt.codes.isdisjoint(codes)


def _is_total(verdicts: Sequence[LineVerdict], _: Sequence[LineVerdict]) -> bool:
    """Whether a work writes a derivative as a sum over the ways: of the partial one, in the same letters, and others.

    So it is too where each term is a product of two derivatives or more, the last by what the whole is taken by.
    """
    answers = [answer for verdict in verdicts for answer in verdict.answers if answer.left.head == "derivative"]
    return any(
        answer.right.has("add")
        and (
            answer.left in answer.right.walk()
            or _is_over_ways(answer.left, answer.right)
            or _has_own_way(answer.left, answer.right)
        )
        for answer in answers
    )


def _has_own_way(left: Expression, right: Expression) -> bool:
    r"""Whether a sum has the partial of something by what the whole is taken by, and a chain through another name."""
    chains = [[one for one in term.walk() if one.head == "derivative"] for term in right.args if right.head == "add"]
    own = {one.args[0].bare for chain in chains if len(chain) == 1 for one in chain if one.args[1:] == left.args[1:]}
    through = [chain for chain in chains if len(chain) > 1 and any(one.args[1:] == left.args[1:] for one in chain)]
    return any(one.args[0].bare in own and one.args[1:] != left.args[1:] for chain in through for one in chain)


def _is_over_ways(left: Expression, right: Expression) -> bool:
    """Whether a derivative is written as a sum of chains that all end with what it is taken by."""
    chains = [[one for one in term.walk() if one.head == "derivative"] for term in right.args if right.head == "add"]
    return bool(chains) and all(len(one) > 1 and one[-1].args[1:] == left.args[1:] for one in chains)


_EVIDENCE = {primes.INNER: primes.speaks, "direct": _is_total}


def _goes_on(verdict: LineVerdict, later: LineVerdict, is_habit: bool) -> bool:
    """Whether a later line speaks of the same left side, or solves what a line sets up."""
    lefts, others = _lefts(verdict), _lefts(later)
    if not is_habit:  # an entry goes on in the whole of which it is one
        lefts, others = ({left.map(_whole) for left in one} for one in (lefts, others))
    return bool(lefts & others) or bool(verdict.posed and later.posed)


def _is_form(answer: Answered) -> bool:
    r"""Whether a side without indices is one with two that are free: ``u^T M v = u_i M_{ij} v_j``."""
    return not free_indices(answer.left) and len(free_indices(answer.right)) > 1


def _comes_back(verdict: LineVerdict) -> bool:
    """Whether in one chain a side that is right follows one that is not."""
    sides = [answer.judgement.verdict for answer in verdict.answers]
    return bool(sides) and sides[-1].is_right and any(side.is_wrong for side in sides)


def _lefts(verdict: LineVerdict) -> set[Expression]:
    return {strip_groups(answer.left) for answer in verdict.answers}


def _whole(node: Expression) -> Expression:
    return node.args[0] if node.head == "entry" else node


def asked(verdict: LineVerdict, meant: str) -> LineVerdict:
    """A line that would be right with a liberty for which nothing speaks: undecided, with the question."""
    findings = tuple(one for one in verdict.findings if one.code not in _SLIPS)
    open_ = _opened(verdict, f"as written the two sides are not equal; if {meant} is meant, they are")
    return replace(open_, findings=findings, doubt=meant)


def _opened(verdict: LineVerdict, reason: str) -> LineVerdict:
    open_ = undecided(reason)
    answers = tuple(replace(one, judgement=replace(one.judgement, verdict=open_)) for one in verdict.answers)
    return replace(verdict, verdict=open_, answers=answers)


def of_customs(verdict: LineVerdict, scope: Scope) -> LineVerdict:
    r"""The verdict on a line; a false one is left open where only custom says what its ``\bar{x}`` or ``X_i`` is.

    An e that is a term and no base of a power may be an error: ``y = X w + e``.
    """
    sides = [part.expression for one in verdict.statements for part in one.parts] if verdict.verdict.is_wrong else []
    sums = [node.args for side in sides for node in side.walk() if node.head == "add" and node.has(*_QUANTITIES)]
    if any(_is_error(term) for term in itertools.chain(*sums, sides if sums else ())):
        return replace(_opened(verdict, "nothing says that e is a number and no error"), findings=(), carried=False)
    for node in (node for side in sides for node in side.walk()):
        meant = "the mean" if base_of_bar(node, scope) else base_of_capital(node, scope)
        if meant:
            reason = f"nothing says that {str(node.data).partition('_{')[0]} is {meant}"
            return replace(_opened(verdict, reason), findings=(), carried=False)
    return verdict


_QUANTITIES = ("symbol", "member", "entry")


def _is_error(term: Expression) -> bool:
    term = strip_groups(term)
    return (term.head, term.data) == ("constant", "e") or (term.head == "negative" and _is_error(term.args[0]))


_SLIPS = frozenset(LIBERTY[code].slip for code in DOUBTFUL)
_NO_LIBERTY = ("introduced", "other-left-side", "mixed-layout", "other-layout")


def granted(verdict: LineVerdict) -> list[str]:
    """The codes of the liberties that a line needed to be right."""
    codes = (one.code for one in verdict.findings if isinstance(row_of(one.code), Slip))
    return list(dict.fromkeys(code for code in codes if code not in _NO_LIBERTY)) if verdict.verdict.is_right else []


def conventions_taken(judged: Sequence[tuple[Group, LineVerdict]], problem: Problem) -> Iterator[tuple[str, str, int]]:
    """The conventions under which the work holds and that the statement leaves open: code, sentence, first row."""
    lines = [(group.rows[0], verdict) for group, verdict in judged if verdict.verdict.is_right]
    summed = [row for row, verdict in lines if "implied-sum" in granted(verdict)]
    if len(summed) > 1:
        yield "summation", "an index that occurs twice is summed without a sign", summed[0]
    for row, verdict in lines:
        if any(one.code == "other-layout" for one in verdict.findings):
            is_whole = verdict.answers[0].reading.layout == "numerator"
            yield "layout", f"{'derivatives' if is_whole else 'Jacobians'} are in numerator layout", row
    laid = [(row, answer.reading.layout) for row, verdict in lines for answer in verdict.answers]
    turned = [row for row, layout in laid if layout == "numerator"]
    if problem.layout == "either" and turned:
        most = "numerator" if 2 * len(turned) >= len(laid) else "denominator"
        yield "layout", f"derivatives are in {most} layout", turned[0] if most == "numerator" else laid[0][0]


def in_case(verdict: LineVerdict, group: Group) -> LineVerdict:
    """A line that is right in a case which another line completes, with what that leaves unsaid."""
    note = Finding("case-unsaid", (0, len(group.text)))
    return replace(verdict, findings=(*verdict.findings, note)) if verdict.verdict.is_right else verdict


def without(verdict: LineVerdict, strict: Sequence[str]) -> LineVerdict:
    """A right line that needs what the course does not grant is left open."""
    needed = next((one for one in verdict.findings if one.code in strict), None)
    if needed is None or not verdict.verdict.is_right:
        return verdict
    return _opened(verdict, f"this is right with a liberty that is not granted here: {needed.code}")


def needed(reading: Reading, length: int) -> Iterator[Finding]:
    """The slips of a line of this length that is right under a reading and not under the usual one."""
    for liberty in LIBERTIES:
        if liberty.slip and any(choice.code == liberty.code for choice in reading.taken):
            yield Finding(liberty.slip, (0, length), {"case": liberty.case} if liberty.case else {})


_NUMBERED = re.compile(r"\((\d{1,3})\)[\s&.,]*$")
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,|\{,\}| +)\d{3}(?!\d)")


def spaced_numbers(text: str) -> tuple[Finding, ...]:
    """Digits in groups: read as one number, and said so."""
    return tuple(Finding("grouped-digits", found.span()) for found in _SPACED.finditer(text))


def is_known_mistake(verdict: LineVerdict, bench: Bench) -> bool:
    """Whether a line is, as it stands, an answer that the problem states to be wrong."""
    setting = bench.world.setting
    texts = [text for wrong in setting.problem.wrong for text in wrong.split("\n")]
    known = [node for text in texts if (node := setting.read_or_none(text)) is not None]
    claims = [Claim(answer.right, node) for answer in verdict.answers for node in known]
    return any(bench.judge(claim).verdict.is_right for claim in claims)
