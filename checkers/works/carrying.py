r"""Follow-through: later work judged in a world in which earlier wrong results hold.

A quantity that was stated wrongly is defined as it was stated; a derivative that was worked out wrongly is taken as
told, and the chain rule goes on from it.  What is false in truth and right in that world rests on the earlier result
alone: nothing else may differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Result
from truestep.checkers.works.substitution import put_in
from truestep.derivations.language.einstein import with_written_letters
from truestep.derivations.language.expression import Expression, product
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Convention, Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.language.writing import latex
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.differentiate import Variable, differentiate
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import axes_for, axes_in, fitted
from truestep.derivations.meaning.terms import Axis, Told
from truestep.problems.statements.assumptions import quantity_of
from truestep.problems.statements.prepared import setting_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from truestep.derivations.meaning.effort import Effort
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Index, Term
    from truestep.problems.statements.constraints import Held
    from truestep.problems.statements.prepared import Setting


NO_SIZES: Mapping[str, str] = {}
_SIZE = re.compile(r"\\?[A-Za-z]\w*")


@dataclass(frozen=True)
class Earlier:
    """A wrong answer of an earlier part, as it was written: what was asked, the answer, the cases that it is for."""

    part: str
    asked: str
    answer: str
    cases: tuple[str, ...] = ()


class Elsewhere(Protocol):
    """Remembers worlds, and what was judged in them, by all that they rest on."""

    def world(self, make: Callable[[], World], *rests: object) -> tuple[World, int]:
        """A world as new, and what it cost to be made."""

    def beside(self, bench: Bench, *rests: object) -> None:
        """What is judged on a bench is remembered."""


@dataclass(frozen=True)
class Carrying:
    """Makes the worlds in which the results of one work hold."""

    truth: Setting
    counts: set[str]  # the letters that the work has used for counts so far
    effort: Effort
    elsewhere: Elsewhere | None = None

    def bench(self, results: Sequence[Result]) -> Bench | None:
        """The bench of the world in which these results hold, the later ones over the earlier; None where none can."""
        counts = frozenset(self.counts)
        restated = dict(_stated(self.truth, results))
        try:
            bench = self._bench(partial(setting_of, self.truth.problem, restated, counts), counts)
        except Fault:
            return None
        aliases = {left: strip_groups(right) for left, right in self.truth.given}
        aliases |= {result.left: strip_groups(result.right) for result in results if result.named}
        told = [_tell(bench, aliases, result) for result in results if not result.named or _names(bench, result)]
        if not restated and not any(told):
            return None
        for result in results:
            if result.named:
                _names(bench, result)
        bench.begin()
        return bench

    def where(self, conditions: Sequence[Expression], results: Iterable[Result]) -> Bench | None:
        """The bench of the world in which these conditions hold too; None where one holds a slope of nothing."""
        try:
            sides = [[latex(node, self.truth.notation) for node in one.args] for one in conditions]
        except Fault:
            return None
        return self.under([(left, right) for left, right in sides], results)

    def under(
        self, facts: Iterable[tuple[str, str]], results: Iterable[Result], sizes: Mapping[str, str] = NO_SIZES
    ) -> Bench | None:
        """The bench of the world in which these equations and sizes hold too, with the names of these results."""
        counts, problem = frozenset(self.counts), self.truth.problem
        assumed = tuple(f"{left} = {right}" for left, right in facts)
        shapes = {name: _SIZE.sub(lambda one: sizes.get(one[0], one[0]), of) for name, of in problem.symbols.items()}
        try:
            held = replace(
                problem, assume=(*problem.assume, *assumed), symbols=shapes, names={**problem.names, **sizes}
            )
            bench = self._bench(partial(setting_of, held, None, counts), counts)
        except Fault:
            return None
        if any(name in bench.world.setting.assumptions.unused for name in assumed):
            return None
        for result in results:
            if result.named:
                _names(bench, result)
        return bench

    def solved(
        self,
        found: Iterable[tuple[Expression, Expression]],
        results: Sequence[Result] = (),
        held: Sequence[Held] = (),
    ) -> Bench | None:
        """The bench of the world in which these unknowns have the values found for them, with the names of results.

        The gradients that are ``held`` vanish there.
        """
        counts = frozenset(self.counts)
        said = [result for result in results if result.named and result.left.head == "unknown"]
        pairs = [(quantity_of(left, self.truth.notation), left, _with_names(value, said)) for left, value in found]
        restated = {quantity[0]: (left, value) for quantity, left, value in pairs if quantity is not None}
        try:
            make = partial(setting_of, self.truth.problem, restated, counts, held)
            bench = self._bench(make, counts, "solved", restated, tuple(held))
        except Fault:
            return None
        named = [result for result in results if result.named]
        for result in named:
            _names(bench, result)
        if self.elsewhere is not None:
            self.elsewhere.beside(bench, "solved", restated, tuple(held), counts, named)
        return bench

    def _bench(self, make: Callable[[], Setting], counts: frozenset[str], *rests: object) -> Bench:
        """The bench of a setting; what is judged there is taken from the same effort."""

        def made() -> World:
            return World(make())

        if self.elsewhere is None or counts or not rests:
            world = made()
            cost = world.arena.effort.spent
        else:
            world, cost = self.elsewhere.world(made, *rests)
        world.counts |= counts
        self.effort.spend(cost)
        world.arena.effort = self.effort
        return Bench(world)


def read_earlier(earlier: Sequence[Earlier], setting: Setting) -> Iterator[Result]:
    """The answers of earlier parts that can be said in the notation of this one."""
    for one in earlier:
        found = None
        with suppress(Fault):
            found = _read(one, setting)
        if found is not None:
            yield found


def _read(one: Earlier, setting: Setting) -> Result | None:
    reading = Reading(Convention(setting.scope.layout))
    cases = r" \text{ and } ".join(one.cases)
    text = f"{one.asked} = {one.answer}" + (rf" \quad \text{{ if }} {cases}" if cases else "")
    statements = read_row(row_tokens(text, setting.context), setting.context, reading, frozenset())
    if len(statements) != 1 or len(statements[0].parts) != 2 or bool(cases) != (statements[0].condition is not None):
        return None
    left, right = (strip_groups(part.expression) for part in statements[0].parts)
    if left.has("unknown") or right.has("unknown"):
        return None
    return Result(left, right, reading, statements[0].condition, part=one.part)


def _stated(truth: Setting, results: Sequence[Result]) -> Iterator[tuple[str, tuple[Expression, Expression]]]:
    """The quantities that were stated wrongly as a whole, or at indices that may be any."""
    given = {found[0] for left, _ in truth.given if (found := quantity_of(left, truth.notation)) is not None}
    for result in results:
        found = None if result.named else quantity_of(result.left, truth.notation)
        if found is None or result.condition is not None or not (found[0] in given or result.part):
            continue
        letters = [node.data for node in found[1] if node.head == "index"]
        if len(letters) == len(found[1]) == len(set(letters)):
            yield found[0], (result.left, result.right)


def _with_names(value: Expression, said: Sequence[Result]) -> Expression:
    """A value with what its names were introduced as; their sums bind letters of their own."""
    for result in reversed(said):
        right = with_written_letters(result.right)
        value = put_in(value.map(partial(_as_factor, result.left)), result.left, right)
    return value


def _as_factor(name: Expression, node: Expression) -> Expression:
    """A name before a bracket as the factor that it is: ``k(z - m)``."""
    if node.head != "call" or node.data != name.data or [arg.head for arg in node.args] != ["add"]:
        return node
    return product(name, Expression("group", node.args, None, node.span))


def _names(bench: Bench, result: Result) -> bool:
    """Introduces a new name once more; never true, since that alone changes nothing."""
    with suppress(Fault):
        bench.introduce(result.left, result.right, result.reading)
    return False


def _tell(bench: Bench, aliases: Mapping[Expression, Expression], result: Result) -> bool:
    """Takes a derivative, or what is another name for one, as told; whether this could be done."""
    left = strip_groups(result.left)
    left = aliases.get(left, left)
    if left.head not in ("derivative", "gradient"):
        return False
    try:
        value, scope = bench.value(left, result.reading)
        other, _ = bench.value(result.right, result.reading)
        told = _told(bench, value, fitted(other, value.dims), scope, result)
    except (Fault, RecursionError):
        return False
    if told is None:
        return False
    arena, (name, one) = scope.arena, told
    arena.told[name] = (*(known for known in arena.told.get(name, ()) if known.by != one.by), one)
    return True


def _told(bench: Bench, left: Value, right: Value, scope: Scope, result: Result) -> tuple[str, Told] | None:
    """The name of what is differentiated, and its derivative as the result has it."""
    if left.partial is None or left.dims != right.dims:
        return None
    arena = scope.arena
    top, bottom = value_of(left.partial.top, scope), value_of(left.partial.bottom, scope)
    above, below = axes_for(arena, top.dims), axes_for(arena, bottom.dims)
    over, under = top.entry(*above), bottom.entry(*below)
    if over.op != "quantity" or under.op != "quantity":
        return None
    places = _places(left, top, bottom, above, below, scope.layout)
    if len(places) != len(right.dims):  # of vec(Y) by vec(X), an entry of which stands at pairs of indices
        return None
    body = right.entry(*places)
    masks = list(bench.masks(scope, result.condition))
    (name, tops), (by, bottoms) = over.data, under.data
    if not all(isinstance(index, Axis) for index in (*tops, *bottoms)):
        return None
    fresh = list[Axis]()
    for axis in bottoms:  # one letter above and below says only what holds on the diagonal
        own = axis if axis not in (*tops, *fresh) else arena.axis(axis.size, axis.low)
        masks += [] if own is axis else [arena.delta(axis, own)]
        fresh.append(own)
    if len(set(tops)) != len(tops):
        return None
    if masks:
        body = _where(bench, masks, body, differentiate(arena, over, Variable(by, tuple(fresh))))
    return name, Told(by, tuple(tops), tuple(fresh), body)


def _places(
    left: Value, top: Value, bottom: Value, above: Sequence[Index], below: Sequence[Index], layout: str
) -> Sequence[Index]:
    """The places of a derivative at which an entry by an entry stands, as the layout has it."""
    if left.is_scalar:
        return [1 for _ in left.dims]
    if bottom.is_scalar:
        return above
    places: Sequence[Index] = below if top.is_scalar else [*axes_in(below), *axes_in(above)]
    turned = layout == "numerator" or (layout == "mixed" and not top.is_scalar)
    return places[::-1] if turned and len(places) == 2 else places


def _where(bench: Bench, masks: Sequence[Term], body: Term, otherwise: Term) -> Term:
    """One term where all masks are 1, another one elsewhere."""
    arena = bench.scope.arena
    mask = arena.multiply(masks)
    rest = arena.add((arena.constant(1), arena.negative(mask)))
    return arena.add((arena.multiply((mask, body)), arena.multiply((rest, otherwise))))
