"""The lines of a work, judged one after the other: what each claims, whether it is true, whether it follows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import PROVED, Verdict, undecided
from truestep.checkers.documents.work import typed
from truestep.checkers.works import granting
from truestep.checkers.works.alternatives import Alternatives, with_sums
from truestep.checkers.works.cases.chained import answered_within, begun_from
from truestep.checkers.works.chain_steps import (
    CARRIED,
    NOT_CHECKED,
    Answered,
    LineVerdict,
    Work,
    joined,
    says_nothing,
)
from truestep.checkers.works.claim import Claim, Doubt, Judgement, Result, faults
from truestep.checkers.works.conditions import UNREAD, conditioned, in_row, in_scope, with_letters
from truestep.checkers.works.differentials import Differentials
from truestep.checkers.works.equations import (
    EQUATION,
    SLOPES,
    are_of_other_shapes,
    at_solution,
    begun,
    is_open,
    is_zero,
    mentions,
    root,
    solved_for,
    unknowns,
    updated,
    updating,
)
from truestep.checkers.works.grouping import (
    Group,
    groups,
    is_rule_of_its_own,
    nothing_left,
    plain_name,
    statements,
    without_left,
)
from truestep.checkers.works.primes import with_spelled
from truestep.checkers.works.roles import goes_on_from, introducing, is_mere_slope
from truestep.checkers.works.said.margins import remarked
from truestep.checkers.works.solving.values import at_value
from truestep.checkers.works.substitution import completed, interrupted, named_part, telling
from truestep.derivations.language import case_words
from truestep.derivations.language.expression import NONE, Expression, free_indices
from truestep.derivations.language.faults import Fault, MeaningFault, NameFault, ShapeFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.latex.relations import left_text
from truestep.derivations.language.liberties import DOUBTFUL, Reading, with_convention
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.effort import TO_READ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.language.reading.chains import Part, Statement


class Lines(Differentials):
    """Judges groups of rows in their order."""

    read = staticmethod(statements)

    def judge(self, group: Group, is_last: bool) -> LineVerdict:
        """The verdict on a group: the first reading that makes it right, else the usual one."""
        if group.fault is not None:
            self._take_left(group)
            return self._unreadable(group.fault)
        self.bench.offers.clear()
        self._posed.clear()
        row, refused = group.rows[0], granting.refused(self.setting.problem)
        settled = self.settled.get(row)
        if settled is not None:
            result = self._searched(group, is_last, refused | (DOUBTFUL - settled.codes))[0]
            return result if settled.is_granted else granting.asked(result, settled.meant)
        before, introduced = self.work.copy(), dict(self.bench.introduced)
        result, reading = self._searched(group, is_last, refused | (DOUBTFUL - before.habits))
        doubtful = DOUBTFUL.intersection(code for code, _ in self.bench.offers) - refused
        if doubtful and (result.carried or result.verdict.outcome in ("wrong", "undecided")):
            kept, (self.work, self.bench.introduced) = (self.work, self.bench.introduced), (before, introduced)
            other, reading = self._searched(group, is_last, refused, doubtful)
            if other.verdict.is_right and not other.carried and not granting.is_known_mistake(other, self.bench):
                if granting.is_head(other) and not is_last:  # what goes on from it tells how it is meant
                    return granting.without(other, self.setting.problem.strict)
                self.doubts[row] = Doubt(doubtful.intersection(reading.codes))
            self.work, self.bench.introduced = kept
        if result.verdict.outcome == "unreadable":
            self._take_left(group)
        is_named = any(one.head in SLOPES or is_open(one, self.setting, self.bench) for one in self.setting.find)
        if result.verdict.outcome == "undecided" and is_named and not is_last and says_nothing(result):
            result = replace(result, verdict=NOT_CHECKED)
        return granting.without(result, self.setting.problem.strict)

    def _searched(
        self, group: Group, is_last: bool, refused: frozenset[str], wanted: frozenset[str] = frozenset()
    ) -> tuple[LineVerdict, Reading]:
        """The verdict under the first reading that makes a group right, else the best; with what that needed said."""
        before, introduced, offers = self.work, self.bench.introduced, self.bench.offers
        best: tuple[LineVerdict, Work, dict[str, shaped_terms.Value], Reading] | None = None
        alternatives = Alternatives(self.conventions, offers, refused, wanted, before.habits)
        for reading in alternatives:
            self.work, self.bench.introduced = before.copy(), dict(introduced)
            result = self._under(group, reading, is_last, alternatives)
            if result is None:
                continue
            if best is None or best[0].verdict.outcome in ("undecided", "unreadable"):  # no shapes are known so far
                alternatives.fits = alternatives.fits and granting.fits(result)
            counts = result.verdict.is_right or not granting.touches_mended(result, reading, offers)
            if best is None or (counts and granting.better(result, best[0])):
                best = (result, self.work, self.bench.introduced, reading)
            if result.verdict.outcome in ("right", "not_checked") and not result.carried:
                break
        assert best is not None
        result, self.work, self.bench.introduced, reading = best
        reading = with_convention(reading, offers)
        if result.verdict.is_right and reading.taken:
            self.work.habits |= {*reading.codes}
            result = replace(result, findings=(*result.findings, *granting.needed(reading, len(group.text))))
        return result, reading

    def _take_left(self, group: Group) -> None:
        """The left side of a row that could not be read, for the rows that go on from it."""
        head = left_text(group.text)
        if head is None:
            return
        self.work.lost = True
        self.work.under = UNREAD if case_words.has(group.text[len(head) :], "if", "for") else None
        try:
            (alone,) = groups(typed([head]).rows, self.setting.context)
            (found,) = statements(alone, self.setting.context, Reading(), self._outer())
        except (Fault, ValueError):
            return
        if len(found.parts) == 1 and not found.parts[0].relation:
            self.work.left, self.work.lost = found.parts[0].expression, False

    @staticmethod
    def _unreadable(fault: Fault) -> LineVerdict:
        said = Finding("unreadable", fault.span or (0, 0), {"reason": fault.message})
        return LineVerdict(Verdict("unreadable", reason=fault.message), (said,))

    def _under(self, group: Group, reading: Reading, is_last: bool, alternatives: Alternatives) -> LineVerdict | None:
        """The verdict under one reading; None where it reads as one that was seen before."""
        self.bench.scope.arena.effort.spend(TO_READ * len(group.tokens))
        try:
            found = self.read(group, self.setting.context, reading, self._outer(), self.bench.offers)
            read = found = completed(found, group.about, self.setting, self.bench.introduced)
            if alternatives.repeats(found, reading):
                return None
            free = self._outer(), self.setting.fixed_indices
            found = tuple(with_sums(one, self.work.left, *free, reading, self.bench.offers) for one in found)
            read = read if reading.convention.implied_sums else found
            found = tuple(conditioned(statement, self.work, self.setting.given) for statement in found)
            dangling = bool(found) and self.work.left is None and bool(found[0].parts[0].relation)
            alone = dangling and found[0].parts[0].relation == "="
            if alone and not self.setting.find and len(self.setting.answer) == 1:
                found = (without_left(found[0]), *found[1:])
            elif dangling and len(self.setting.find) != 1:
                raise nothing_left(found[0])
        except Fault as fault:
            return self._unreadable(fault)
        judged = partial(self.statement, reading=reading, is_last=is_last, row=group.rows[0])
        results, lefts = list[LineVerdict](), list[Expression]()
        before = () if dangling or self.work.left is None else (self.work.left, *self.work.beside)
        for place in range(len(found)):
            results.append(in_row(self, found, place, judged))
            lefts += [] if self.work.left is None else [self.work.left]
        lefts += interrupted(before, lefts, self.work.last, self.given)
        if len(found) == 1 and found[0].remark and not group.inline:  # \because a = b and = c below
            self.work.left, lefts = found[0].parts[0].expression, [*before]
        self.work.beside = tuple(left for left in lefts if left != self.work.left)
        if not (whole := joined(results)).verdict.is_right and dangling and not self.setting.find:
            return self._unreadable(nothing_left(found[0]))
        return replace(whole, statements=read, findings=(*whole.findings, *granting.spaced_numbers(group.text)))

    def _outer(self) -> frozenset[str]:
        asked = self.setting.asked_indices
        return asked if self.work.left is None else asked | free_indices(self.work.left)

    def statement(self, statement: Statement, reading: Reading, is_last: bool, row: int) -> LineVerdict:
        statement = with_letters(in_scope(statement), self.setting.notation.sizes)
        statement = with_spelled(statement, self.bench, self.setting, reading)
        parts = statement.parts
        if statement.remark:
            return remarked(self, statement, partial(self._chain, reading=reading, row=row))
        if len(parts) > 1 and parts[1].relation == ":=":
            return self.assigned(self._assignment(parts, reading, row), parts[1:], reading, row)
        if len(parts) == 1 and not parts[0].relation:
            return self._alone(parts[0].expression, reading, statement.condition, row, is_last)
        is_rule = is_rule_of_its_own(statement, self.bench.introduced)  # before its letters are taken for something
        result = self._chain(statement, reading, row)
        is_open = is_rule and result.verdict.outcome == "undecided"
        return LineVerdict(NOT_CHECKED, role="mention") if is_open else result

    def _chain(self, statement: Statement, reading: Reading, row: int) -> LineVerdict:
        parts = [part.of(at_solution(part.expression, self.unknowns)) for part in statement.parts]
        if parts[0].relation and self.work.lost:
            return self._after_lost(statement, reading, row)
        if parts[0].relation and self.work.beside:
            return self._beside(statement, reading, row)
        if parts[0].relation:
            left = begun_from(self.work.left, statement, self.setting.find)
        else:
            parts = begun(parts, self.unknowns, self.setting.assumptions, unknowns(self.goals))
            left = parts.pop(0).expression
            if left.head == "index" and all(part.expression.head == "index" for part in parts):
                return LineVerdict(NOT_CHECKED)  # a case that is named
            if len(parts) == 1 and (update := updating(left, parts[0], set(self.setting.scope.arena.definitions))):
                return self._assignment(update, reading, row)
            if {"in"} != {part.relation for part in parts} <= {"=", "~", "=:", "in"}:
                self.work.left, self.work.lost = left, False
        if left.has("differential") or any(part.expression.has("differential") for part in parts):
            named = self._introduce(left, self.in_full(parts), reading, row) if left.head == "unknown" else None
            return named or self.differentials(left, parts, reading, row)
        if (introduced := self._introduce(left, parts, reading, row)) is not None:
            return introduced
        self.bench.let_arguments(left)
        results, told = list[LineVerdict](), parts[-1].expression
        for position, part in enumerate(parts):
            self._name_part(parts[position - 1].expression if position else left, part, reading, row)
            claim = Claim(left, part.expression, reading, statement.condition, row)
            if part.relation == "in":
                before = parts[position - 1].expression if position else left
                results.append(LineVerdict(*self.membership(before, part.expression, reading)))
            elif (position or part.relation in (":=", "=:")) and self._names(left, part.expression, reading, row):
                results.append(LineVerdict(NOT_CHECKED, (introducing(part.expression),)))
                told = parts[position - 1].expression if position else told
            elif part.relation in ("=", "=:"):
                results.append(answered_within(self, self.step(claim), claim, statement.parts))
                left = self.work.left = goes_on_from(claim, results[-1].verdict, self.bench.value)
            else:
                results.append(self.close(replace(claim, relation=part.relation)))
        if (whole := joined(results)).verdict.is_right:
            self.bench.mean(left, told)
            if left.head == "unknown" and parts[0].relation == "=":
                self.work.keep(Result(left, parts[0].expression, reading, row=row, named=True))
        return whole

    def _name_part(self, before: Expression, part: Part, reading: Reading, row: int) -> None:
        """A name that no line defines, and in which alone a side differs from the one before it, is introduced."""
        found = named_part(before, part.expression) if part.relation == "=" else None
        is_new = found is not None and found[0] != part.expression and not self.bench.has_introduced(found[0])
        if found is not None and is_new and plain_name(str(found[0].data)) not in self.lefts:
            with suppress(Fault):
                self.bench.introduce(*found, reading)
                self.work.keep(Result(*found, reading, row=row, named=True))

    def _beside(self, statement: Statement, reading: Reading, row: int) -> LineVerdict:
        """A row that goes on from one of several left sides: from one that makes it right, else from the last."""
        lefts, before, last = self.work.beside, self.work.copy(), self.work.left
        found: list[tuple[LineVerdict, Work]] = []
        for left in (last, *lefts):
            self.work = replace(before.copy(), left=left, beside=())
            found.append((self._chain(statement, reading, row), self.work))
            if found[-1][0].verdict.is_right and not found[-1][0].carried:
                return found[-1][0]
        result, self.work = found[0]
        return result

    def _after_lost(self, statement: Statement, reading: Reading, row: int) -> LineVerdict:
        """A row that goes on from one that could not be read: right where it is what is asked, else open."""
        before = self.work.copy()
        self.work.lost = False
        if len(self.setting.find) == 1:
            self.work.left = self.setting.find[0]
            result = self._chain(statement, reading, row)
            if result.verdict.is_right and not result.carried:
                return result
        self.work = replace(before, left=None)
        return LineVerdict(undecided("the row that this one goes on from could not be read"))

    def _alone(
        self, expression: Expression, reading: Reading, condition: Expression | None, row: int, is_last: bool
    ) -> LineVerdict:
        """An expression without a relation: the answer, or the beginning of a chain."""
        target = next((one[0] for one in (self.setting.answer, self.setting.find) if len(one) == 1), None)
        is_sought = target is not None and is_open(target, self.setting, self.bench)
        if target is not None and is_sought and strip_groups(expression) == strip_groups(target):
            return LineVerdict(NOT_CHECKED)  # its name alone says nothing of an unknown
        if target is not None and not target.has("words"):
            claim = Claim(target, expression, reading, condition, row)
            findings = list((judgement := self.judged(claim)).notes)
            is_shape = judgement.code == "shape" and are_of_other_shapes(claim, self.bench)
            is_other = is_shape and (not is_last or strip_groups(target) in self.work.last or self.work.left == target)
            if is_other or (judgement.verdict.is_wrong and is_mere_slope(expression, self.setting.find)):
                self.work.left = expression
                return LineVerdict(NOT_CHECKED)
            verdict = judgement.verdict
            begun = expression if judgement.code == "unknown-name" else None if verdict.is_right else self.work.left
            self.work.left = begun or (self.setting.find[0] if self.setting.find else expression)
            if verdict.is_wrong and is_sought:
                judgement = at_value(target, claim, judgement, self.setting, self.carrying)
                verdict = judgement.verdict
            if verdict.is_wrong and not is_last:
                verdict = undecided("this expression is not said to equal anything")
                self.work.left = expression
            follows = self.follows(claim) if verdict.is_wrong else None
            carried = follows is not None
            if carried or verdict.is_wrong:
                carries = [Finding("carried", expression.span, follows or {})]
                findings += carries if carried else faults(judgement, expression.span, "answer")
            answered = Answered(**vars(replace(claim, left=NONE)), judgement=judgement, target=target, carried=carried)
            return LineVerdict(CARRIED if carried else verdict, tuple(findings), (answered,), carried)
        if (answer := self.one_of_several(Claim(NONE, expression, reading, condition, row))) is not None:
            return answer
        self.work.left = expression
        try:
            self.bench.value(expression, reading)
        except (NameFault, ShapeFault, MeaningFault) as fault:
            return LineVerdict(undecided(fault.message))
        open_ = Judgement(undecided("nothing is asked"))
        return LineVerdict(NOT_CHECKED, (), (Answered(NONE, expression, reading, condition, row, judgement=open_),))

    def _introduce(self, left: Expression, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict | None:
        """A name that nobody declared on the left is introduced by the line."""
        left, parts = telling(left, parts, self.bench.introduced, self.lefts, self.setting)
        is_new = left.head in ("unknown", "call") and not self.bench.has_introduced(left)
        if not is_new or not parts or parts[0].relation != "=":
            return None
        solved = solved_for(left, names := unknowns(self.goals))
        is_set = solved is not None and (self.work.equations or solved in map(root, self.setting.find))
        first = parts[0].expression
        if is_set or (solved is not None and self.is_answered() and not mentions(first, names)):
            found = [one.expression for one in parts if not self._names(first, one.expression, reading, row)]
            posed = tuple(Claim(left, right, reading, row=row) for right in found)
            whole = [replace(one, left=at_solution(left, names)) for one in posed]
            codes = [self.judged(one).code for one in whole]
            if is_set and "shape" in codes:
                return self.step(whole[codes.index("shape")])
            if is_set or {"shape", "unknown-name"}.isdisjoint(codes):
                with suppress(Fault):
                    self.bench.introduce(left, first, reading)
                return LineVerdict(EQUATION, posed=posed)
        try:
            self.bench.introduce(left, parts[0].expression, reading)
        except ShapeFault as fault:
            if left.head == "call":  # its argument may be anything, whatever its letter means elsewhere
                return LineVerdict(undecided(fault.message))
            return self.step(Claim(parts[0].expression, parts[0].expression, reading, None, row))
        except Fault as fault:
            unknown = Finding("unknown-name", fault.span or left.span, {"reason": fault.message})
            rest = self._introduce(left, parts[1:], reading, row)
            return joined([LineVerdict(undecided(fault.message), (unknown,)), *filter(None, (rest,))])
        self.bench.mean(left, parts[-1].expression)
        if left.head == "unknown":
            self.work.keep(Result(left, parts[0].expression, reading, row=row, named=True))
        results = [LineVerdict(PROVED, (introducing(left),))]
        same = parts[0].expression if parts[0].expression.head in ("derivative", "gradient") else left
        self.work.left = same
        results += self.further(same, parts[1:], reading, row)
        return joined(results)

    def _names(self, left: Expression, name: Expression, reading: Reading, row: int) -> bool:
        r"""Whether the end of a chain gives what stands on its left a name that nobody declared: ``... =: \delta``."""
        if name.head != "unknown" or left.head == "unknown" or self.bench.has_introduced(name):
            return False
        try:
            self.bench.introduce(name, left, reading)
        except Fault:
            return False
        self.work.keep(Result(name, left, reading, row=row, named=True))
        return True

    def _assignment(self, parts: Sequence[Part], reading: Reading, row: int) -> LineVerdict:
        """``w := w - ...`` is judged where the problem asks for that update, else it is not checked."""
        left, right = parts[0].expression, parts[-1].expression
        for asked in self.setting.find:
            if strip_groups(left) in updated(strip_groups(asked), self.setting.notation.updates):
                claim = Claim(asked, right, reading, None, row)
                judgement = self.bench.judge(claim, self.rounding)
                if judgement.verdict.is_wrong and is_zero(right) and strip_groups(left) in self.work.last:
                    self.work.equations = True
                    return LineVerdict(EQUATION, posed=(claim,))
                findings = list(judgement.notes)
                follows = self.follows(claim) if judgement.verdict.is_wrong else None
                carried = follows is not None
                if follows is not None:
                    findings.append(Finding("carried", right.span, follows))
                elif judgement.verdict.is_wrong:
                    findings += faults(judgement, right.span, "update")
                answered = Answered(**vars(claim), judgement=judgement, carried=carried)
                return LineVerdict(CARRIED if carried else judgement.verdict, tuple(findings), (answered,), carried)
        if left.head == "unknown":
            self.bench.renew(str(left.data), right, reading)
            introduced = self._introduce(left, [replace(parts[1], relation="=")], reading, row)
            return replace(introduced or LineVerdict(NOT_CHECKED), verdict=NOT_CHECKED)
        is_named = self._names(left, right, reading, row)  # dL/dz := g
        return LineVerdict(NOT_CHECKED, (introducing(right),) if is_named else ())
