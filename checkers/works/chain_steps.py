"""One step of a chain: is it true, and if not, does it follow from what stood before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import PROVED, Verdict, undecided
from truestep.checkers.works.alternatives import conventions, in_any_order
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim, Judgement, Last, Result, Supposed, faults, spelled_out
from truestep.checkers.works.equations import (
    EQUATION,
    SLOPES,
    are_vectors,
    asked_unknowns,
    by_multipliers,
    holds_up_to_constant,
    is_open,
    is_open_ended,
    is_posed,
    is_zero,
    leads_to,
    mentions,
    root,
    slope_of,
    solved_for,
    unknowns,
    with_others,
)
from truestep.checkers.works.solving.optimal import at_optimum
from truestep.checkers.works.solving.values import at_value, restates
from truestep.checkers.works.substitution import put_each
from truestep.derivations.language.expression import NONE, Expression
from truestep.derivations.language.finding import Finding
from truestep.derivations.meaning.calculus import normal, strip_groups
from truestep.derivations.meaning.entries import exact_number
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Doubt
    from truestep.derivations.language.reading.chains import Statement
    from truestep.problems.statements.prepared import Setting

MAX_RESULTS = 12  # the results that a line may rest on
NOT_CHECKED = Verdict("not_checked")
CARRIED = Verdict("right", "agreed", reason="right given an earlier result")


@dataclass(frozen=True, kw_only=True)
class Answered(Claim):
    """A claim that may answer what is asked, judged."""

    judgement: Judgement
    target: Expression | None = None
    carried: bool = False


@dataclass(frozen=True)
class LineVerdict:
    """What is said of one group of rows."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answered, ...] = ()
    carried: bool = False
    posed: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    role: str = ""  # where it is not told by the statements
    doubt: str = ""  # what would have to be meant for it to be right
    forms: tuple[Answered, ...] = ()  # the sides of differentials


@dataclass
class Work:
    """What has been understood of the work so far."""

    left: Expression | None = None
    last: dict[Expression, Last] = field(default_factory=dict)
    equations: bool = False
    results: dict[tuple[Expression, bool], Result] = field(default_factory=dict)
    mended: bool = False
    has_short: bool = False  # whether a differential has stood for a gradient
    lost: bool = False  # whether the left side stood in a row that could not be read
    unread: bool = False  # whether a slope is set to zero that could not be read
    cases: tuple[Expression, ...] = ()  # the conditions so far, which "otherwise" excludes
    under: Expression | None = None  # the condition of the row that later rows go on from
    habits: frozenset[str] = frozenset()  # the liberties that rows needed to be right
    beside: tuple[Expression, ...] = ()  # the left sides that stand on the same row before the last one
    supposed: Mapping[str, Supposed] = field(default_factory=dict)  # of letters of the work's own, by their names

    def copy(self) -> Work:
        """The same, to be changed on its own."""
        made = object.__new__(Work)
        made.__dict__.update(self.__dict__, last=dict(self.last), results=dict(self.results))
        return made

    def keep(self, result: Result) -> None:
        """Remembers what later lines may rest on, the last of one left side."""
        key = strip_groups(result.left), result.named
        self.results.pop(key, None)
        self.results[key] = result
        for old in list(self.results)[:-MAX_RESULTS]:
            del self.results[old]


class Steps:
    """Judges the steps of one work, and remembers what stood before."""

    def __init__(self, setting: Setting, bench: Bench, carrying: Carrying, earlier: Iterable[Result] = ()) -> None:
        self.setting, self.bench, self.carrying = setting, bench, carrying
        self.work = Work()
        self.goals, self.unknowns = (*setting.find, *setting.assumptions.stationary), asked_unknowns(setting)
        for result in earlier:
            self.work.keep(result)
        self.given = {self.name_of(left): left for left, _ in setting.given}
        self.rounding = not setting.problem.exact
        self.doubts: dict[int, Doubt] = {}
        self.settled: Mapping[int, Doubt] = {}
        self.numeric: Mapping[int, LineVerdict] = {}
        self.supposes = self.is_instance = False  # whether its sentence, or its paragraph, supposes something
        self.conventions = conventions(setting.problem)
        self.lefts, self.announced = frozenset[str](), frozenset[Expression]()
        self._kept: tuple[object, Bench | None] = ((), None)
        self._posed: dict[tuple[Expression | None, ...], bool] = {}

    def judged(self, claim: Claim) -> Judgement:
        """The judgement on a claim, with the rounding and the tolerance that the problem grants."""
        return self.bench.judge(claim, self.rounding, self.setting.problem.tolerance)

    def step(self, claim: Claim) -> LineVerdict:
        """One side of a chain: is it true, and if not, does it follow from what stood before."""
        key, right = strip_groups(claim.left), claim.right
        judgement, previous = self._solved(claim, self.judged(claim)), self.work.last.get(key)
        if judgement.code == "unknown-name" and is_zero(right) and key.head in SLOPES:
            self.work.unread = True  # what it sets to zero
        elif (
            judgement.code == "unknown-name" and previous is not None and previous.condition in (None, claim.condition)
        ):
            other = replace(claim, left=previous.right)  # a chain goes on from what stood last
            going_on = self._solved(other, self.judged(other))
            judgement = going_on if going_on.code != "unknown-name" else replace(judgement, span=right.span)
        solves = judgement.verdict.is_right and solved_for(claim.left, self.unknowns) is not None
        posed = (claim,) if judgement.verdict is EQUATION or solves else ()
        if judgement.is_posed:
            return LineVerdict(judgement.verdict, posed=posed)
        if judgement.code == "unknown-name" and holds_up_to_constant(claim, self.setting, self.bench, self.unknowns):
            judgement = Judgement(PROVED, notes=(Finding("constant", right.span),))
        if judgement.verdict.is_wrong and claim.reading.convention.any_order:
            judgement = in_any_order(claim, judgement, self.bench, self.rounding)
        verdict, findings, carried = judgement.verdict, list(judgement.notes), False
        if verdict.is_wrong:
            follows = self.follows(claim, previous)
            carried = follows is not None
            if follows is not None:
                findings.append(Finding("carried", right.span, follows))
            else:
                judgement = self._given(claim, judgement)
                findings += faults(judgement, right.span)
                self.work.keep(Result(**vars(claim)))
        elif judgement.code == "unknown-name":
            findings.append(Finding("unknown-name", judgement.span or right.span, judgement.args))
        elif verdict.is_right:
            if previous is not None and not previous.is_good:
                findings.append(Finding("recovered", right.span))
                self.work.results.pop((key, False), None)
            elif not self.work.mended and self._mends(claim):
                self.work.mended = True
                findings.append(Finding("recovered", right.span, {"case": "result"}))
            logic = self._cancelled(claim)
            if logic is not None:
                verdict, judgement = logic.verdict, logic
                findings.append(Finding(logic.code, logic.span or right.span, logic.args))
        is_good = verdict.is_right or verdict.outcome == "undecided"
        self.work.last[key] = Last(right, is_good, claim.condition)
        answered = () if verdict is EQUATION else (Answered(**vars(claim), judgement=judgement, carried=carried),)
        return LineVerdict(CARRIED if carried else verdict, tuple(findings), answered, carried, posed)

    def one_of_several(self, alone: Claim) -> LineVerdict | None:
        """An expression that is what is asked and not yet answered; None where it is none of that."""
        find, answers = self.setting.find, self.setting.answer
        for asked, target in zip(find, answers if len(answers) == len(find) else find, strict=True):
            is_open = asked.head != "words" and normal(asked) not in map(normal, self.work.last)
            found = self.judged(replace(alone, left=target)) if is_open else None
            if found is not None and found.verdict.is_right:
                answered = Answered(**vars(replace(alone, left=asked)), judgement=found)
                return LineVerdict(found.verdict, found.notes, (answered,))
        return None

    def _solved(self, claim: Claim, judgement: Judgement) -> Judgement:
        """Where equations are solved: the unknown against the given answer; other equations are not refuted."""
        left = claim.left
        if not judgement.verdict.is_wrong:
            return judgement
        if holds_up_to_constant(claim, self.setting, self.bench, self.unknowns):
            return Judgement(PROVED, notes=(Finding("constant", claim.right.span),))
        asked = [strip_groups(node) for node in self.setting.find]
        key = strip_groups(left)
        results = [*self.work.results.values()]
        if is_open(key, self.setting, self.bench) and not mentions(claim.right, frozenset((root(key),))):
            return at_value(key, claim, judgement, self.setting, self.carrying, results)
        if (there := at_optimum(claim, judgement, self.setting, self.bench, self.carrying, results)) is not None:
            return there
        if root(key) in self.setting.assumptions.multipliers:
            return replace(judgement, verdict=EQUATION, is_posed=True)
        if key in asked and is_open_ended(key, claim.right, self.bench):
            return replace(judgement, verdict=undecided("whether the equation is to hold for all values is not said"))
        is_known = key in asked and left.head in ("symbol", "member", "entry")
        if is_known and len(self.setting.answer) == len(asked):
            answer = self.setting.answer[asked.index(key)]
            known = self.judged(given := replace(claim, left=answer))
            if known.verdict.is_wrong and (together := with_others(self.setting, given)) != given:
                known = found if (found := self.judged(together)).verdict.is_right else known
            if known.verdict.is_right or not self._is_implicit(claim):
                is_way = (self.is_answered() or self.work.equations) and not claim.right.names <= answer.names
                is_way = is_way and (not self.bench.is_defined(key) or by_multipliers(claim.right, self.setting))
                return replace(known, verdict=EQUATION) if known.verdict.is_wrong and is_way else known
        if self._is_implicit(claim):
            said = self.setting.assumptions
            is_slope = left.head in SLOPES or bool(said.stationary or said.losses)
            self.work.equations = self.work.equations or (is_zero(claim.right) and is_slope)
            return replace(judgement, verdict=EQUATION)
        is_told = root(key) in map(root, self.setting.find) or self.bench.is_defined(key)
        if self.work.unread and left.head in ("symbol", "member", "entry") and not is_told:
            return replace(judgement, verdict=undecided("it may solve the equation that could not be read"))
        if judgement.code == "shape" and (self.work.equations or (self.is_answered() and left.head == "symbol")):
            return judgement
        if self.work.equations and not (key in asked or self.name_of(left) in self.given or self._tells_slope(claim)):
            return replace(judgement, verdict=EQUATION)
        if self._sets_equation(left, claim):
            self.work.equations = True
            return replace(judgement, verdict=EQUATION, is_posed=True)
        return judgement

    def _is_implicit(self, claim: Claim) -> bool:
        """Whether an equation says something of the asked unknown without being solved for it."""
        left, right = strip_groups(claim.left), claim.right
        if left.head in SLOPES and not is_zero(right):
            return False
        if restates(left, right, self.setting, self.unknowns) and not (self.work.equations or self.is_answered()):
            return False
        told = spelled_out(right, self.bench.introduced, self.bench.meant)
        is_told = any(mentions(one, self.unknowns) for one in told)  # by names of the work, too
        is_said = mentions(left, self.unknowns) or normal(left) in map(normal, self.setting.assumptions.stationary)
        return is_told or (is_said and root(left) not in self.unknowns)

    def _tells_slope(self, claim: Claim) -> bool:
        """Whether a claim says what a first derivative of known quantities is: an identity, among equations, too."""
        left = strip_groups(claim.left)
        is_first = left.head == "derivative" and len(left.args) == 2 and left.args[0].head != left.head
        is_known = is_first and root(left.args[0]) not in self.unknowns
        return is_known and mentions(claim.right, self.unknowns) and not by_multipliers(claim.right, self.setting)

    def is_answered(self) -> bool:
        """Whether an asked gradient stands in the work."""
        return not {*map(normal, self.work.last)}.isdisjoint(map(normal, self.goals))

    def _sets_equation(self, left: Expression, claim: Claim) -> bool:
        """Whether a false equation is posed to be solved, or is the solution of one."""
        is_number = is_zero(claim.right) and self._is_number(strip_groups(left))
        if not is_zero(claim.right) and any(side.has("value") for side in (left, claim.right)):
            return False  # s'(-x) = s'(x)
        if is_number or (is_zero(claim.right) and claim.condition is None and self._may_vanish(strip_groups(left))):
            return not is_number
        names, case = unknowns(self.goals), claim.condition  # may be one of the unknown itself
        zero = next((other for side, other in ((left, claim.right), (claim.right, left)) if is_zero(side)), None)
        is_set = zero is not None and (case is None or mentions(case, names)) and mentions(zero, names)
        if self.is_answered() and (root(left) in names or is_set or leads_to(claim, self.setting.find, names)):
            return True

        def equal(asked: Expression, side: Expression) -> bool:
            judgement = self.bench.judge(Claim(asked, side, claim.reading, case))
            is_turned = judgement.code == "transposed" and asked in self.goals  # both vanish together
            return judgement.verdict.is_right or is_turned

        key = left, claim.right, case
        if key not in self._posed:  # under the first reading alone
            alike = partial(are_vectors, self.bench) if self.is_answered() else None
            self._posed[key] = is_posed(left, claim.right, self.goals, equal, alike)
        return self._posed[key]

    def _is_number(self, left: Expression) -> bool:
        """Whether what stands in the work for a left side are numbers alone."""
        return left in self.work.last and not self.work.last[left].right.has("symbol", "member", "unknown", "entry")

    def _may_vanish(self, left: Expression) -> bool:
        """Whether what stands in the work can be set to zero: a slope, or a name of the work's own."""
        if left.head == "unknown" and left.data in self.bench.introduced:
            return bool(self.unknowns)
        is_slope = left.head in SLOPES
        is_own = left not in map(strip_groups, self.setting.find) and self.name_of(left) not in self.given
        return (is_slope and slope_of(left) in self.announced) or (left in self.work.last and (is_slope or is_own))

    def follows(self, claim: Claim, previous: Last | None = None) -> dict[str, str] | None:
        """What a false side rightly continues from, as arguments of the finding; None where it does not."""
        tolerance, left, right = self.setting.problem.tolerance, claim.left, claim.right

        def equal(one: Expression, other: Expression, world: Bench) -> bool:
            return world.judge(replace(claim, left=one, right=other), self.rounding, tolerance).verdict.is_right

        if previous is not None and not previous.is_good and equal(previous.right, right, self.bench):
            return {}
        wrong = [result for result in self.work.results.values() if not result.named]
        if not wrong:
            return None
        bench = self._carried()
        named = [(result.left, result.right) for result in reversed(wrong)]
        found = [(value, name) for name, value in named]  # where it was used, what it was to be
        if not (
            (bench is not None and equal(left, right, bench))
            or any(equal(left, other, self.bench) for other in put_each(right, found))
            or (
                previous is not None
                and any(equal(other, right, self.bench) for other in put_each(previous.right, named))
            )
        ):
            return None
        parts = {result.part: None for result in wrong if result.part}
        is_of_parts = len(parts) == len({result.part for result in wrong})
        return {"case": "part", "parts": ", ".join(parts)} if is_of_parts else {"case": "result"}

    def _carried(self) -> Bench | None:
        """The bench of the world in which the results so far hold, as if nothing had been judged on it."""
        known = tuple(self.work.results.values()), frozenset(self.bench.world.counts)
        if known != self._kept[0]:
            self._kept = known, self.carrying.bench(known[0])
        return None if self._kept[1] is None else self._kept[1].renewed()

    def _mends(self, claim: Claim) -> bool:
        """Whether a right side contradicts a wrong result of this work: that was put right in silence."""
        if not any(not result.named and not result.part for result in self.work.results.values()):
            return False
        bench, tolerance = self._carried(), self.setting.problem.tolerance
        if bench is None:
            return False
        return bench.judge(claim, self.rounding, tolerance).verdict.is_wrong

    def _given(self, claim: Claim, judgement: Judgement) -> Judgement:
        """A given that is restated wrongly is said to be so, and taken as given from there on."""
        left, right = claim.left, claim.right
        name, previous = self.name_of(left), self.work.last.get(strip_groups(left))
        if name not in self.given or judgement.code not in ("value", "shape"):
            return judgement
        if previous is not None and previous.is_good and exact_number(right) is not None:
            return judgement  # it was restated rightly, and its value is wrong
        if len(self.setting.find) == 1 and strip_groups(self.setting.find[0]) == strip_groups(left):
            return judgement
        return replace(judgement, code="given-restated", args={"given": name}, usual=judgement.code)

    def name_of(self, node: Expression) -> str:
        """The name of the quantity that a left side is, whole or with indices."""
        found = quantity_of(node, self.setting.notation)
        return "" if found is None else found[0]

    def _cancelled(self, claim: Claim) -> Judgement | None:
        r"""``\cancel{a}^{b}`` claims that a equals b: it must hold in general, not in one case."""
        for node in claim.right.walk():
            if node.head != "cancel" or node.args[1].head == "none":
                continue
            condition = None if node.args[2] == NONE else node.args[2]
            judgement = self.bench.judge(Claim(node.args[0], node.args[1], claim.reading, condition))
            if judgement.verdict.is_wrong:
                return replace(judgement, code="special-case-as-general", args={}, span=node.span)
        return None


_ORDER = ("wrong", "unreadable", "undecided", "right", "not_checked")


def joined(results: Sequence[LineVerdict]) -> LineVerdict:
    """Several statements on one row: wrong where one is, right where one is and none is wrong or open."""
    if len(results) < 2:
        return results[0] if results else LineVerdict(Verdict("not_checked"))
    stated = [result for result in results if not _sets_to_zero(result)] or results
    outcome = min((result.verdict.outcome for result in stated), key=_ORDER.index)
    chosen = next(result for result in stated if result.verdict.outcome == outcome)
    if outcome == "right" and any(result.verdict.evidence == "agreed" for result in results):
        chosen = next(result for result in results if result.verdict.evidence == "agreed")
    findings = tuple(finding for result in results for finding in result.findings)
    answers = tuple(answer for result in results for answer in result.answers)
    posed = tuple(equation for result in results for equation in result.posed)
    forms = tuple(form for result in results for form in result.forms)
    role = results[0].role if len({result.role for result in results}) == 1 else ""
    carried = any(result.carried for result in results)
    return LineVerdict(chosen.verdict, findings, answers, carried, posed, role=role, forms=forms)


def _sets_to_zero(result: LineVerdict) -> bool:
    """Whether a link only sets to zero what stands before it, which is no claim."""
    return result.verdict is EQUATION and all(is_zero(equation.right) for equation in result.posed)


def says_nothing(result: LineVerdict) -> bool:
    """Whether all that stands on a line is an expression that is not said to equal anything."""
    sides = [statement.parts for statement in result.statements]
    return bool(sides) and all(len(parts) == 1 and not parts[0].relation for parts in sides)
