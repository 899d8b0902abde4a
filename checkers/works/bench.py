"""One claim judged: its two sides brought to one shape, then compared in the models."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from truestep.checkers.comparing import domains
from truestep.checkers.comparing.decide import decide
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import undecided
from truestep.checkers.comparing.witnesses import sizes_of
from truestep.checkers.works.cases.in_one_shape import brought_together
from truestep.checkers.works.claim import (
    Judgement,
    because,
    entrywise,
    has_factor,
    may_mean,
    misfit,
    untold,
    unusable,
)
from truestep.checkers.works.grouping import plain_name
from truestep.checkers.works.misfits.sides import Sides
from truestep.checkers.works.names.arbitrary import (
    MOST_LETTERS,
    NOT_OF_ANY,
    Arbitrary,
    as_rule,
    for_any,
    is_along,
    may_fit,
    self_standing,
)
from truestep.derivations.language.einstein import with_named_sums
from truestep.derivations.language.expression import Expression, counted, with_all_below
from truestep.derivations.language.faults import (
    Fault,
    IdleFault,
    MeaningFault,
    NameFault,
    RangeFault,
    ShapeFault,
)
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Choice, Convention, Reading
from truestep.derivations.language.notation import COUNT_LETTERS
from truestep.derivations.meaning import shaped_terms, truths
from truestep.derivations.meaning.derivatives.at_points import free_arguments
from truestep.derivations.meaning.effort import TO_JUDGE
from truestep.derivations.meaning.introduced import (
    by_subscript,
    family_of,
    function_of,
    introducing,
    is_of,
    key_of,
    named_at,
    of_capital,
)
from truestep.derivations.meaning.scope import value_of
from truestep.problems.statements.assumptions import quantity_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.checkers.comparing.world import World
    from truestep.checkers.works.claim import Claim
    from truestep.derivations.meaning.scope import Memory, Scope
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Term

    Recall = Callable[..., "Judgement"]

MOST_RANGES = 6
EITHER_ENTRY = "the letters do not say which is the row and which the column"
UNTOLD = "nothing says what a letter is that would have to be a number here"
BEHIND_SLASH = "this is right only where all that follows the slash stands below it, which brackets would say"


class Bench:
    """Judges claims in one world: the problem's own, or the one in which a student's slip is taken as given."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scope: Scope = world.setting.scope.like(free=dict(world.setting.scope.free), ran={})
        world.free = self.scope.free
        self.introduced: dict[str, Value] = {}
        self.meant, self.stands_for = dict[str, Expression](), dict[Expression, tuple[str, ...]]()
        self.arbitrary, self.lefts, self.letting = dict[str, Arbitrary](), frozenset[str](), set[str]()
        self.counted: frozenset[str] = frozenset()  # the unknown letters that stood where counts stand
        self.at_points = False
        self.offers: set[Choice] = set()  # what could be read in another way, met since it was cleared
        self.memory: Memory | None = None
        self.recall: Recall | None = None
        self._scopes: dict[Reading, Scope] = {}
        self._let_indices()
        self.begin()

    def begin(self) -> None:
        """What it is renewed to."""
        self._begun = dict(self.scope.free), dict(self.scope.ran), self.counted

    def renewed(self) -> Bench:
        """The same as it was when it began: no letter has a range that a claim gave it since."""
        self.scope.free.clear()
        self.scope.ran.clear()
        free, ran, self.counted = self._begun
        self.scope.free.update(free)
        self.scope.ran.update(ran)
        return self

    def _let_indices(self) -> None:
        """The letters of what is asked run as they do there, also where a reference alone does not tell their range."""
        world, setting = self.world, self.world.setting
        if world.let is None:
            for node in setting.find if setting.answer and setting.asked_indices else ():
                with suppress(Fault, RecursionError):
                    self.value(node, Reading(Convention(setting.scope.layout)))
            world.let = dict(self.scope.free), dict(self.scope.ran)
        self.scope.free.update(world.let[0])
        self.scope.ran.update(world.let[1])

    def scope_for(self, reading: Reading) -> Scope:
        """The scope of a claim under a reading."""
        kept = self._scopes.get(reading)
        if kept is not None and kept.introduced is self.introduced and kept.counts == self.world.counts:
            kept.notes.clear()
        else:
            counts, layout = frozenset(self.world.counts), reading.layout
            named = {"introduced": self.introduced, "counts": counts, "offers": self.offers}
            kept = self._scopes[reading] = self.scope.like(**named, layout=layout, reading=reading, notes=[])
        memory = self.memory
        return kept if memory is None or memory.base.reading != reading else memory.under(kept)

    def let_arguments(self, left: Expression) -> None:
        r"""In a line such as ``\sigma'(t) = ...`` a letter that nobody declared stands for any number."""
        for name, value in free_arguments(left, self.scope):
            if name not in self.world.counts:
                self.introduced.setdefault(name, value)

    def mean(self, left: Expression, right: Expression) -> None:
        """What an introduced name was last said to be, or the derivative that it stands for."""
        named = (key_of(left, self.introduced),) if left.head == "unknown" else self.stands_for.get(left, ())
        self.meant |= dict.fromkeys(may_mean(named, right, self.introduced, self.meant), right)

    def renew(self, name: str, right: Expression, reading: Reading) -> None:
        """An introduced name that is assigned anew means that from now on: ``g := 2g``."""
        if name in self.introduced:
            try:
                self.introduced[name], _ = self.value(right, reading)
            except Fault:
                del self.introduced[name]

    def introduce(self, name: Expression, right: Expression, reading: Reading) -> None:
        """A name is introduced as a value, with its indices.  Raises Fault."""
        if name.head == "call":
            key = key_of(name, self.introduced)
            self.introduced[key], self.meant[key] = function_of(name, right, self.scope_for(reading)), right
            is_new = name.data not in self.introduced or self.is_argument(str(name.data))
            if not is_new or any(argument.head != "symbol" for argument in name.args):
                return
            name = Expression("unknown", (), name.data, name.span)  # u(x) is u
        _, value, scope = self._sides(right, right, reading)
        self.introduced.update(introducing(name, value, right, scope))
        self.meant[key := key_of(name, self.introduced)] = right
        self.stands_for[right] = (*self.stands_for.get(right, ()), key)

    def is_defined(self, name: Expression) -> bool:
        """Whether the givens or the assumptions say anything of what a quantity is."""
        arena, found = self.scope.arena, quantity_of(name, self.scope.notation)
        if found is None:
            return False
        moved = arena.moved.get(found[0])
        is_told = moved is not None and any(one.relation == "=" for one in arena.systems[moved].constraints)
        return is_told or found[0] in arena.definitions or found[0] in arena.dependencies

    def has_introduced(self, name: Expression) -> bool:
        """Whether a name was introduced as a value, and not as a letter for any number."""
        key, whole = key_of(name, self.introduced), self.introduced.get(str(name.data).partition("_{")[0])
        if key not in self.introduced and name.head == "unknown" and name.args:
            is_entry = whole is not None and len(name.args) == sum(size != 1 for size in whole.dims)
            return is_entry or (len(name.args) == 2 and of_capital(name, self.scope_for(Reading())) is not None)
        scope = self.scope_for(Reading())
        if key not in self.introduced or (name.head != "call" and self.is_argument(key)):
            return by_subscript(name, scope) is not None
        return name.head == "call" or str(name.data) == key or is_of(name, family_of(name, scope), scope)

    def is_argument(self, name: str) -> bool:
        """Whether a name stands for any number."""
        term = self.introduced[name].term if self.introduced[name].is_scalar else None
        return term is not None and term.op == "quantity" and term.data[0] == name

    def value(self, node: Expression, reading: Reading) -> tuple[Value, Scope]:
        """The value of an expression; a conventional letter for a count that nobody declared is taken as a count."""
        while True:
            scope = self.scope_for(reading)
            try:
                return value_of(node, scope), scope
            except NameFault as fault:
                name = named_at(node, fault.span)
                if name not in COUNT_LETTERS or name in self.world.counts:
                    raise
                self.world.counts.add(name)
                self.world.reset()

    def uncounted(self) -> set[str]:
        """The letters that were taken for counts before the work introduced them: they are none from here on."""
        if found := self.world.counts & set(self.introduced):
            self.world.counts -= found
            self.world.reset()
        return found

    def judge(self, claim: Claim, rounding: bool = False, tolerance: float | None = None) -> Judgement:
        """Whether both sides of a claim are equal under the assumptions and its condition."""
        make = partial(self._judged, claim, rounding, tolerance)
        return make() if self.recall is None else self.recall(make, claim, rounding, tolerance)

    def _judged(self, claim: Claim, rounding: bool, tolerance: float | None) -> Judgement:
        notes: tuple[Finding, ...] = ()
        if claim.is_alone:
            return Judgement(undecided("nothing is asked"))
        try:
            self.scope.arena.effort.spend(TO_JUDGE)
            left, right, scope = self._sides(claim.left, claim.right, claim.reading)
            notes = tuple(scope.notes)
            judgement = self._compare(claim, left, right, scope, rounding, tolerance)
            return self._asked_about(claim, judgement) if judgement.verdict.is_wrong else judgement
        except NameFault as fault:
            name = next(filter(None, (named_at(side, fault.span) for side in claim.sides)), "")
            found = self._for_any(claim, name)
            if found is not None and found.verdict is not NOT_OF_ANY:
                return found
            open_ = undecided(fault.message) if found is None else found.verdict
            return because(open_, "unknown-name", fault.span, notes)
        except ShapeFault as fault:
            rule = as_rule(claim, self.scope, self.introduced, partial(self._judged, rounding=False, tolerance=None))
            return rule or self._asked_about(
                claim, because(misfit(fault, claim, self.meant), "shape", fault.span, notes)
            )
        except IdleFault as fault:
            return self._over_any_range(claim, fault)
        except MeaningFault as fault:
            return because(undecided(fault.message), "value", fault.span, notes)
        except RecursionError:
            return Judgement(undecided("this is nested too deeply to be decided"), notes=notes)

    def _for_any(self, claim: Claim, name: str) -> Judgement | None:
        """The judgement on a claim where a letter without a definition stands for anything; None where it is open."""
        said, setting = self.arbitrary.get(name, Arbitrary()), self.world.setting
        said = replace(said, is_any=True) if is_along(claim.left, name) else said
        is_new = name not in self.letting and len(self.letting) < MOST_LETTERS and plain_name(name) not in self.lefts
        if not name or not is_new or not said.matters(name, claim, (*setting.find, *setting.answer)):
            return None
        self.letting.add(name)
        judged = partial(self._judged, rounding=False, tolerance=None)
        found = for_any(name, said, claim, self.scope, self.introduced, judged)
        self.letting.remove(name)
        return found

    def _guessed(self, claim: Claim) -> str:
        """A letter without a definition with which a claim that does not fit may fit; nothing where none may."""
        if self.letting:
            return ""
        nodes = [node for side in claim.sides for node in side.walk() if node.head == "unknown" and not node.args]
        counts = self.counted | counted(claim.left) | counted(claim.right)
        names = sorted({str(node.data) for node in nodes if node.data not in counts and not self.has_introduced(node)})
        self.letting.update(names)
        found = may_fit(
            names, claim, self.scope, self.introduced, partial(self._judged, rounding=False, tolerance=None)
        )
        self.letting.difference_update(names)
        return found

    def _over_any_range(self, claim: Claim, fault: IdleFault) -> Judgement:
        """A claim with a sum over a letter that it does not hold: wrong where it is so over every size."""
        found = list[Judgement]()
        for size in sorted(self.scope.notation.sizes)[:MOST_RANGES] if fault.letter not in self.scope.ran else ():
            self.scope.ran[fault.letter] = size
            found.append(self.judge(claim))
            del self.scope.ran[fault.letter]
            if not found[-1].verdict.is_wrong:
                break
        is_false = bool(found) and found[-1].verdict.is_wrong
        return found[0] if is_false else because(undecided(fault.message), "value", fault.span, ())

    def _asked_about(self, claim: Claim, judgement: Judgement) -> Judgement:
        """A false claim that is right where all that follows a slash stands below it is left open.

        So is one that does not fit, with a letter that nothing defines and that may be an array.
        """
        letters = {*self.world.counts, *(name for name in self.introduced if self.is_argument(name))}
        if judgement.code == "shape" and any(has_factor(side, letters) for side in claim.sides):
            named = {str(node.data) for side in claim.sides for node in side.walk() if node.head == "unknown"}
            there = (self._for_any(claim, name) for name in sorted(named & letters))
            if (found := next(filter(None, there), None)) is not None:
                return found
            return Judgement(undecided(UNTOLD), "unknown-name", {"case": "reason", "reason": UNTOLD})
        if judgement.code == "shape" and (name := self._guessed(claim)):
            open_ = undecided(f"the name {name} is neither declared nor introduced")
            return because(open_, "unknown-name", judgement.span, judgement.notes)
        if name := self_standing(claim, self.is_argument, self.introduced):
            return because(undecided(f"the name {name} is neither declared nor introduced"), "unknown-name", None, ())
        meant = with_all_below(claim.right)
        if meant == claim.right or self.at_points or not self.judge(replace(claim, right=meant)).verdict.is_right:
            return judgement
        return replace(judgement, verdict=undecided(BEHIND_SLASH))

    def _sides(self, left: Expression, right: Expression, reading: Reading) -> tuple[Value, Value, Scope]:
        """The values of both sides; a letter may be an index over another range in another claim."""
        renewed, before, notes = set(self.world.setting.scope.free), dict(self.scope.free), tuple[Finding, ...]()
        while True:
            try:
                sides = self.value(left, reading)[0], *self.value(right, reading)
                sides[2].notes.extend(notes)
                return sides
            except MeaningFault:
                left, right, found = with_named_sums(left, right)
                notes = found or notes
                if not found and not self._tells_ranges(right, reading):
                    raise
            except RangeFault as fault:
                if fault.letter in renewed or fault.letter not in self.scope.free:
                    self.scope.free.update(before)
                    raise
                renewed.add(fault.letter)
                del self.scope.free[fault.letter]
                self.memory = None  # what is remembered runs over the old range

    def _tells_ranges(self, node: Expression, reading: Reading) -> bool:
        """Whether some sum within a side tells for the first time over what its letter runs."""
        known = dict(self.scope.ran)
        for part in node.walk():
            if part.head == "sum" and part is not node:
                with suppress(Fault, RecursionError):
                    self.value(part, reading)
        return self.scope.ran != known

    def _compare(
        self,
        claim: Claim,
        left: Value,
        right: Value,
        scope: Scope,
        rounding: bool,
        tolerance: float | None,
    ) -> Judgement:
        notes: tuple[Finding, ...] = tuple(scope.notes)
        masks, right_node = self.masks(scope, claim.condition), claim.right
        left, right = brought_together(left, right, claim, scope)
        pairs = [(left, right, True)]
        if left.dims != right.dims:
            pairs = list(entrywise(left, right, claim, scope, self.world.setting))
            if not pairs:
                return Sides(scope, self.world).judged(left, right, claim, masks, notes)
            notes = (*notes, Finding("entrywise", right_node.span))
        for left, right, is_usual in pairs:
            places = shaped_terms.axes_for(scope.arena, left.dims)
            question = Question(left.entry(*places), right.entry(*places), masks, rounding, tolerance, self.at_points)
            verdict = decide(question, self.world)
            if verdict.is_right:
                verdict = verdict if is_usual else undecided(EITHER_ENTRY)
                break
        self.counted |= counted(claim.left) | counted(claim.right)
        guessed = (sizes_of(question.terms) & self.world.counts) - self.counted if verdict.is_wrong else set()
        if guessed:
            unknown = undecided(f"the name {min(guessed)} is neither declared nor introduced")
            return because(unknown, "unknown-name", right_node.span, notes)
        unused = self.world.setting.assumptions.unused
        reason = unusable(claim, scope, unused) if verdict.is_wrong else ""
        if verdict.is_right:
            doubt = domains.doubted(claim.sides, claim.condition, scope, masks, self.world)
            reason = untold(claim, scope, unused) or doubt
        verdict = undecided(reason) if reason else verdict
        if verdict.rounded:
            notes = (*notes, Finding("rounded", right_node.span))
        if verdict.domain:
            where = domains.said((claim.left, right_node), scope, self.world.signs)
            notes = (*notes, Finding("domain", right_node.span, {"case": "where", "where": where} if where else {}))
        judgement = because(verdict, "value", right_node.span, notes)
        if verdict.is_wrong and len(left.dims) == 2 and left.dims[0] == left.dims[1] and not left.is_scalar:
            return Sides(scope, self.world).transposed(left, right, masks, judgement)
        return judgement

    def masks(self, scope: Scope, condition: Expression | None) -> tuple[Term, ...]:
        """The indicators of the assumed index conditions and of the claim's own condition."""
        found = [truths.truth(node, scope) for node in self.world.setting.assumptions.conditions]
        if condition is not None:
            if any(domains.is_unmet(node, self.world.setting) for node in condition.walk()):
                raise MeaningFault("whether this holds under its condition is not decided", condition.span)
            try:
                found.append(truths.truth(condition, scope))
            except ShapeFault as fault:  # the condition is not the claim
                raise MeaningFault(fault.message, fault.span) from None
        return tuple(found)
