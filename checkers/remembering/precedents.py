"""Rows that stand as rows stood before are decided as those were, and nothing of them is worked out again.

What judging a group does is told by the group, by those behind it that it may go on to, and by what has been understood
so far.  A precedent keeps for these the verdict, and what is understood afterwards.  What a row does to terms is not
kept: a row that introduces a name, or a letter for a count, is always judged anew, and those behind it are decided as
before only where that row, and all that it rested on, are the same.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from truestep.checkers.remembering.kept import After, Asked, Precedent, behind, put, verdict_at, work_at
from truestep.checkers.remembering.numbers import Numbers, Unnumbered
from truestep.checkers.remembering.worlds import Worlds
from truestep.checkers.works.grouping import group_of, groups, statements
from truestep.checkers.works.roles import read
from truestep.derivations.language.liberties import Choice
from truestep.derivations.meaning.effort import Load, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from truestep.checkers.comparing.world import World
    from truestep.checkers.documents.work import Row
    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.chain_steps import LineVerdict
    from truestep.checkers.works.claim import Judgement
    from truestep.checkers.works.grouping import Group
    from truestep.checkers.works.lines import Lines
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Axis

    Judge = Callable[[Lines, Sequence[Group], int], LineVerdict]

T = TypeVar("T")


class Unsure(Exception):
    """All judged anew might meet a limit that is not met by precedents."""


FLAGS = ("supposes", "is_instance")  # what rows leave behind in ``Lines`` beside the work, the doubts and the bench
_TOLD = "text under before told inline about example perhaps loosely said_of beside aside after returned apart"
TOLD_OF_ROWS = _TOLD.split()
MOST_KEPT, MOST_NUMBERS = 2_000, 200_000


@dataclass
class Precedents:
    """What was decided of rows, for one salt, to a bound; used by one work at a time."""

    numbers: Numbers = field(default_factory=Numbers)
    rows: dict[tuple[int, ...], Precedent] = field(default_factory=dict)
    others: dict[tuple[int, ...], Any] = field(default_factory=dict)
    grouped: dict[Any, Group] = field(default_factory=dict)
    read: dict[tuple[int, ...], tuple[tuple[Statement, ...], set[Choice]]] = field(default_factory=dict)
    claims: dict[tuple[int, ...], tuple[Judgement, frozenset[Choice], After, Mapping[str, bool]]] = field(
        default_factory=dict
    )
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    heavy: set[int] = field(default_factory=set)  # the cases with a work that comes near a limit
    made: dict[tuple[int, ...], Any] = field(default_factory=dict)
    worlds: Worlds = field(default_factory=Worlds)

    def known(self, make: Callable[..., T], *rests: object) -> T:
        """What is made of values alone, once of the same."""
        try:
            key = self.numbers.of(make.__qualname__), *map(self.numbers.of, rests)
        except (Unnumbered, RecursionError):
            return make(*rests)
        if key not in self.made:
            self.made[key] = make(*rests)
        return cast("T", self.made[key])

    def groups(self, rows: Sequence[Row], context: Context) -> list[Group]:
        """The rows as groups: those that stand as before are the same objects."""
        try:
            which = self.numbers.of(context)
        except (Unnumbered, RecursionError):
            return groups(rows, context)

        told = attrgetter(*TOLD_OF_ROWS)

        def make(rows: Sequence[Row], places: tuple[int, ...], context: Context) -> Group:
            key = which, *[told(rows[place]) for place in places], places[-1] + 1 < len(rows)
            found = self.grouped.get(key)
            if found is not None and found.rows != places:
                found = self.grouped[key] = put(found, places)
                self.numbers.told(found, key)
            if found is None:
                found = group_of(rows, places, context)
                if found.fault is None:
                    self.grouped[key] = found
                    self.numbers.told(found, key)
            return found

        return groups(rows, context, make)

    def bounded(self) -> None:
        """Forgets all, where it is too much."""
        tables = (self.rows, self.others, self.grouped, self.read, self.claims, self.texts, self.made)
        if max(map(len, tables)) > MOST_KEPT or len(self.numbers) > MOST_NUMBERS:
            self.numbers = Numbers()
            self.heavy.clear()
            self.worlds.clear()
            for table in tables:
                table.clear()


class Remembering:
    """Decides the rows of one work by precedents, and makes new ones.

    ``case`` is all else that verdicts rest on: the statement, and how the work is read.  Without precedents all is
    judged anew.
    """

    def __init__(
        self, precedents: Precedents | None, bench: Bench, case: tuple[object, ...], within: Remembering | None = None
    ) -> None:
        self.precedents, self.bench, self.load = precedents, bench, Load()
        self._whole, self._efforts = within or self, [bench.scope.arena.effort]
        self._lines: Lines | None = None
        self._state = 0
        self._names: dict[str, object] = {}
        self._introduced = 0  # the number of how the names came about
        self._benches: dict[tuple[object, ...], tuple[int, object]] = {}
        if precedents is None:
            return
        try:
            self.case = precedents.numbers.of(case)
        except (Unnumbered, RecursionError):
            self.precedents = None
            return
        self.precedents = None if self.case in precedents.heavy else precedents
        bench.recall = None if self.precedents is None else self.claimed

    def beside(self, bench: Bench, *rests: object) -> None:
        """What is judged on a bench in another world is remembered, too; that rests on the ``rests`` as well."""
        if self.precedents is not None:
            other = Remembering(self.precedents, bench, (self.case, rests), self)
            if other.precedents is not None:
                other._renamed(rests)
                self._efforts.append(bench.scope.arena.effort)

    def world(self, make: Callable[[], World], *rests: object) -> tuple[World, int]:
        """A world beside the problem's own that rests on the ``rests`` alone, as new, and what it cost to be made."""
        with suppress(Unnumbered, RecursionError):
            if self.precedents is not None:
                found = self.precedents.worlds.take((self.case, *map(self.numbers.of, rests)), make)
                return found.world, found.cost
        world = make()
        return world, world.arena.effort.spent

    def done(self) -> None:
        """The worlds that were lent to the work are kept for the next one."""
        if self.precedents is not None:
            self.precedents.worlds.back()

    def judged(self, judge: Judge, lines: Lines, found: Sequence[Group], place: int) -> LineVerdict:
        """The verdict on a group, by its precedent where it has one."""
        if self.precedents is None:
            return judge(lines, found, place)
        if lines is not self._lines:
            self._lines, self._state = lines, 0
            lines.lefts, lines.read = Asked(lines.lefts), self.statements
            self.bench.lefts = lines.lefts
            self._renamed(0)
        try:
            key = self._key(lines, found, place)
        except (Unnumbered, RecursionError):
            self.precedents = None
            return judge(lines, found, place)
        known = self.precedents.rows.get(key)
        if known is not None and self._is_left_alike(known.asked):
            row = found[place].rows[0]
            self._restore(lines, known, row)
            return verdict_at(row, known)
        self.hold()
        return self._anew(judge, lines, found, place, key)

    def recalled(self, make: Callable[[], T], *rests: object) -> T:
        """What was made before of the same, under the same names, or what is made now: nothing that holds terms."""
        if self.precedents is None:
            return make()
        try:
            key = (self.case, self._of_bench(), *map(self.precedents.numbers.of, rests))
        except (Unnumbered, RecursionError):
            return make()
        known = self.precedents.others.get(key)
        if known is None:
            before = self._taken()
            known = self.precedents.others[key] = make(), self._since(before)
        else:
            self._add(known[1])
        return known[0]

    def statements(
        self,
        group: Group,
        context: Context,
        reading: Reading,
        outer: frozenset[str],
        offers: set[Choice] | None = None,
    ) -> tuple[Statement, ...]:
        """The statements of a group under one reading, read once."""
        assert self.precedents is not None
        try:
            key = self.case, *map(self.numbers.of, (group, reading, outer))
        except (Unnumbered, RecursionError):
            return statements(group, context, reading, outer, offers)
        known = self.precedents.read.get(key)
        own = set[Choice]() if known is None else known[1]
        try:
            made = statements(group, context, reading, outer, own) if known is None else known[0]
        finally:  # what could be read in another way, also where this way it cannot
            if offers is not None:
                offers |= own
        self.precedents.read[key] = made, own
        return made

    def claimed(self, make: Callable[[], Judgement], *rests: object) -> Judgement:
        """The judgement on a claim, made before or now."""
        bench = self.bench
        if self.precedents is None or not self._is_same_names():
            return make()
        try:
            key = self.case, self._of_bench(), *map(self.numbers.of, rests)
        except (Unnumbered, RecursionError):
            return make()
        known = self.precedents.claims.get(key)
        if known is not None and self._is_left_alike(known[3]):
            bench.offers |= known[1]
            self._set(known[2])
            return known[0]
        before, offers, kept, asked = self._before(), {*bench.offers}, self._taken(), self._asked()
        bench.offers.clear()
        try:
            judgement = make()
        finally:
            own, left = frozenset(bench.offers), self._asked(asked)
            bench.offers |= offers
        if self._is_as(before):
            self.precedents.claims[key] = judgement, own, self._after(kept), left
        return judgement

    def _asked(self, before: Mapping[str, bool] | None = None) -> dict[str, bool]:
        """What was asked of the left sides since then; from here on nothing, or what was ``before`` and this."""
        lefts = self.bench.lefts
        found = lefts.asked if isinstance(lefts, Asked) else {}
        if isinstance(lefts, Asked):
            lefts.asked = {**(before or {}), **(found if before is not None else {})}
        return found

    def _is_left_alike(self, asked: Mapping[str, bool]) -> bool:
        """Whether the same is so of the left sides."""
        return all((name in self.bench.lefts) == found for name, found in asked.items())

    def written(self, verdict: LineVerdict, notation: Notation) -> str:
        """How a formula was read, written once."""
        if self.precedents is None:
            return read(verdict, notation)
        try:
            key = self.case, self.numbers.of(verdict.statements)
        except (Unnumbered, RecursionError):
            return read(verdict, notation)
        known = self.precedents.texts.get(key)
        if known is None:
            known = self.precedents.texts[key] = read(verdict, notation)
        return known

    def hold(self) -> None:
        """Raises Unsure where a limit may be met were all judged anew."""
        own = [effort.since(Taken(0, 0, {})) for effort in self._efforts]
        if self.precedents is not None and self.load != Load() and not all(one.plus(self.load).is_light for one in own):
            self.precedents.heavy.add(self.case)
            raise Unsure

    def _taken(self) -> tuple[Taken, Load]:
        return self.bench.scope.arena.effort.taken, self._whole.load

    def _add(self, load: Load) -> None:
        self._whole.load = self._whole.load.plus(load)

    def _since(self, before: tuple[Taken, Load]) -> Load:
        """What was taken of each limit since then, or would have been had all been judged anew."""
        return self.bench.scope.arena.effort.since(before[0]).plus(self._whole.load.since(before[1]))

    def _key(self, lines: Lines, found: Sequence[Group], place: int) -> tuple[int, ...]:
        of, group = self.numbers.of, found[place]
        self._state = self._state or self._of_state(lines)
        told = lines.settled.get(group.rows[0]), lines.announced or None, lines.numeric.get(place)
        return self.case, self._state, of(group), *map(of, (*told, *behind(found, place)))

    @property
    def numbers(self) -> Numbers:
        """The numbers of the precedents."""
        assert self.precedents is not None
        return self.precedents.numbers

    def _of_state(self, lines: Lines) -> int:
        work = tuple(vars(lines.work).values())
        return self.numbers.of((work, _flags(lines), self._of_bench()))

    def _of_bench(self) -> int:
        bench, scope = self.bench, self.bench.scope
        runs, said = _runs(scope.free), (*bench.meant.items(), *bench.stands_for.items())
        plain = bench.at_points, bench.counted, frozenset(bench.world.counts), (*scope.ran.items(),), (*runs.items(),)
        parts = *((id(key), id(value)) for key, value in said), len(bench.meant)
        found = self._benches.get((self._introduced, plain, parts))
        if found is None:  # what is told by identity is kept with it, so that it stays its own
            known = self._introduced, plain, dict(bench.meant), dict(bench.stands_for)
            found = self._benches[self._introduced, plain, parts] = self.numbers.of(known), known
        return found[0]

    def _is_same_names(self) -> bool:
        now = self.bench.introduced
        return len(now) == len(self._names) and all(self._names.get(name) is value for name, value in now.items())

    def _renamed(self, cause: object) -> bool:
        """Whether names mean something else than before; the ``cause`` tells what they mean now."""
        if self._is_same_names():
            return False
        self._names = dict(self.bench.introduced)
        self._introduced = self.numbers.of((self._introduced, cause))
        return True

    def _before(self) -> tuple[dict[str, Axis], set[str]]:
        return dict(self.bench.scope.free), set(self.bench.world.counts)

    def _is_as(self, before: tuple[dict[str, Axis], set[str]]) -> bool:
        """Whether nothing has happened that is not told by plain values."""
        (free, counts), bench = before, self.bench
        is_same = all(bench.scope.free.get(letter) is axis for letter, axis in free.items())
        return is_same and counts == bench.world.counts and not bench.scope.arena.effort.is_over

    def _after(self, before: tuple[Taken, Load]) -> After:
        scope = self.bench.scope
        load = self._since(before)
        bench, runs = self.bench, _runs(scope.free)
        return After(dict(bench.meant), dict(bench.stands_for), bench.counted, dict(scope.ran), runs, load)

    def _set(self, after: After) -> None:
        """A bench as it was after something that is not judged again."""
        bench, scope = self.bench, self.bench.scope
        bench.meant, bench.stands_for, bench.counted = dict(after.meant), dict(after.stands_for), after.counted
        scope.ran.clear()
        scope.ran.update(after.ran)
        for letter, (size, low) in after.free.items():
            if letter not in scope.free:
                scope.free[letter] = scope.arena.axis(size, low)
        self._add(after.load)

    def _anew(
        self, judge: Judge, lines: Lines, found: Sequence[Group], place: int, key: tuple[int, ...]
    ) -> LineVerdict:
        assert self.precedents is not None
        assert isinstance(lines.lefts, Asked)
        before, kept, doubts, lines.lefts.asked = self._before(), self._taken(), {*lines.doubts}, {}
        verdict = judge(lines, found, place)
        self._state = 0
        if self._renamed(key) or not self._is_as(before):
            return verdict
        with suppress(Unnumbered, RecursionError):
            self._state = self._of_state(lines)
            self.precedents.rows[key] = Precedent(
                found[place].rows[0],
                verdict,
                lines.work.copy(),
                _flags(lines),
                {row: doubt for row, doubt in lines.doubts.items() if row not in doubts},
                self._after(kept),
                self._state,
                lines.lefts.asked,
            )
        return verdict

    def _restore(self, lines: Lines, known: Precedent, row: int) -> None:
        """All as it was after the precedent, which begins at a row."""
        lines.work = work_at(row, known, lines.work)
        for name, flag in zip(FLAGS, known.flags, strict=True):
            setattr(lines, name, flag)
        lines.doubts.update((place + row - known.row, doubt) for place, doubt in known.doubts.items())
        self._set(known.bench)
        self._state = known.state


def _flags(lines: Lines) -> tuple[bool, ...]:
    return tuple(getattr(lines, name) for name in FLAGS)


def _runs(free: Mapping[str, Axis]) -> dict[str, tuple[Size, int | str]]:
    return {letter: (axis.size, axis.low) for letter, axis in free.items()}
