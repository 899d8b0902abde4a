r"""Several unknowns, each of which makes its own gradient zero: multipliers, a weight with its bias, two variables.

What is found for some of them is put in; the gradients that are left determine the others one after the other, as long
as each is linear in one that is not determined yet, so that there is one value. Those that are left over must vanish
there (Boyd and Vandenberghe, Convex Optimization, section 5.5.3).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from truestep.checkers.comparing.decide import decide, differs
from truestep.checkers.comparing.question import Question
from truestep.checkers.comparing.verdicts import Verdict
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.equations import EQUATION, asked_unknowns, root, roots_of
from truestep.checkers.works.solving.bound import equations_of, inner, multipliers
from truestep.derivations.language.expression import Expression, difference, grouped, number, product, symbol
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.meaning.differentiate import Variable, depends, differentiate
from truestep.derivations.meaning.shaped_terms import axes_for
from truestep.problems.statements.constraints import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.carrying import Carrying
    from truestep.checkers.works.claim import Result
    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Term
    from truestep.problems.statements.prepared import Setting

    Pairs = Mapping[str, tuple[Expression, Expression]]

HOLDS = Verdict("right", "proved", reason="this holds at the solution")


@dataclass(frozen=True)
class Put:
    """The world in which unknowns have the values found for them, what must vanish there, and what is open yet."""

    there: Bench
    rest: tuple[Expression, ...]
    open: frozenset[str]


@dataclass(frozen=True)
class System:
    """The gradients that are assumed to vanish, each by an unknown of its own."""

    setting: Setting
    carrying: Carrying
    results: Sequence[Result] = ()

    @cached_property
    def slopes(self) -> dict[str, Expression]:
        """The gradients by their unknowns; none where there are not several: s is none beside the s^2 that is asked."""
        roots = roots_of(asked_unknowns(self.setting), self.setting) | {""}
        found = {
            root(node.args[1]): node
            for node in self.setting.assumptions.stationary
            if node.head == "derivative" and len(node.args) == 2 and root(node.args[1]) not in roots
        }
        return found if len(found) > 1 else {}

    @cached_property
    def conditions(self) -> tuple[Expression, ...]:
        """The gradients in which none of the unknowns stands: they say something of what is given."""
        bench = self.carrying.solved(()) if self.slopes else None
        gaps = {} if bench is None else _gaps(self.slopes.values(), bench)
        return tuple(
            node
            for node, gap in gaps.items()
            if bench is not None and not any(depends(bench.scope.arena, gap, name) for name in self.slopes)
        )

    def is_told(self, node: Expression, found: Iterable[str]) -> bool:
        """Whether a gradient rests on no unknown but those that are found, so that it tells whether they are right."""
        unset = self.slopes.keys() - {*found}
        bench = self.carrying.solved(()) if unset else None
        gap = None if bench is None else _gaps([node], bench).get(node)
        if bench is None or gap is None:
            return not unset
        return not any(depends(bench.scope.arena, gap, name) for name in unset)

    def for_some(self, node: Expression, found: Pairs) -> bool | None:
        """Whether a gradient, entry by entry, vanishes for one value of a multiplier of what is affine in the unknown.

        True where the gradient by that multiplier vanishes there as well, None where it is so for no value.
        """
        first, plain = node.map(_at_one), self.carrying.solved(found.values(), self.results)
        gap = None if plain is None or first == node else _gaps([first], plain).get(first)
        bare = self.carrying.solved((), self.results)
        slope = None if bare is None else _gaps([first], bare).get(first)
        if plain is None or bare is None or gap is None or slope is None:
            return None
        for name in sorted(multipliers(self.setting) - found.keys() - self.setting.assumptions.properties.keys()):
            rate = _slope_of(slope, name, bare.scope.arena)
            if not _is_line(gap, name, plain) or any(depends(bare.scope.arena, rate, one) for one in found):
                continue
            there = self.carrying.solved(found.values(), self.results, [Held(first, name)])
            if there is None or not there.judge(Claim(node, number(0))).verdict.is_right:
                continue
            if there.judge(Claim(symbol(name), number(0))).verdict.is_right:
                return None
            along = Expression("derivative", (node.args[0], symbol(name)), "Leibniz", node.span)
            return there.judge(Claim(along, number(0))).verdict.is_right
        return None

    def put(self, found: Pairs) -> Put | None:
        """What is found put in, the others as they follow from it."""
        plain = self.carrying.solved(found.values(), self.results)
        if plain is None:
            return None
        gaps, unset = _gaps(self.slopes.values(), plain), frozenset(self.slopes) - {*found}
        held = [Held(node, "") for node in self.conditions]
        one = _next(gaps, unset, plain)
        while one is not None:
            held.append(one)
            unset -= {one.by}
            gaps.pop(one.slope, None)
            one = _next(gaps, unset, plain)
        there = self.carrying.solved(found.values(), self.results, held) if held else plain
        arena = plain.scope.arena
        rest = [node for node, gap in gaps.items() if not any(depends(arena, gap, name) for name in unset)]
        return None if there is None else Put(there, tuple(rest), unset)

    def verdict(self, asked: Expression, claim: Claim) -> Verdict | None:
        """The verdict on what is said of one unknown; None where the gradients are no system.

        Alone it must be a solution with some values of the others. In terms of the others it must make one gradient
        vanish while one of them is open yet.
        """
        if not self.slopes or root(asked) not in self.slopes:
            return None
        pair = {root(asked): (asked, claim.right)}
        made = self.put(pair)
        if made is None:
            return EQUATION
        found = [made.there.judge(Claim(node, number(0), claim.reading)).verdict for node in made.rest]
        wrong = next((one for one in found if one.is_wrong), None)
        if wrong is not None:
            return wrong
        if (instance := self._fails_at_identity(asked, claim)) is not None:
            return instance
        is_alone = claim.right.names.isdisjoint(self.slopes) and not made.open
        is_met = is_alone and bool(found) and all(one.is_right for one in found)
        return HOLDS if is_met or self._follows(pair, claim.reading) else EQUATION

    def _follows(self, pair: Pairs, reading: Reading) -> bool:
        r"""Whether a gradient vanishes for what is put in, while at most all others but one are used.

        One that vanishes whatever is put in, by what is assumed of another unknown, says nothing; along its own unknown
        a gradient vanishes as well: :math:`u^T \partial V / \partial u = 0` tells the eigenvalue.
        """
        nodes = [node for node in self.slopes.values() if self.says_of(next(iter(pair)), node)]
        along = [self._along(name, node) for name, node in self.slopes.items() if name not in pair]
        plain = self._with(pair, ())
        if plain is not None and any(
            plain.judge(Claim(one, number(0), reading)).verdict.is_right for one in along if one
        ):
            return True
        for count in range(len(nodes) - 1):
            for used in itertools.combinations(nodes, count):
                one = self._with(pair, used)
                rest = [node for node in nodes if node not in used]
                if one is not None and any(
                    one.judge(Claim(node, number(0), reading)).verdict.is_right for node in rest
                ):
                    return True
        return False

    def _fails_at_identity(self, asked: Expression, claim: Claim) -> Verdict | None:
        r"""The verdict that what is said of a number fails where a matrix is three times the identity, or None.

        There each :math:`u` is an eigenvector, so that all gradients vanish with what they tell of the number.
        """
        arena = self.setting.scope.arena
        squares = [name for name, shape in arena.shapes.items() if len(shape) == 2 and shape[0] == shape[1]]
        used = claim.right.names
        for matrix in (symbol(name) for name in squares if name in used):
            triple = grouped(product(number(3), Expression("identity", (), None)))
            for name, node in self.slopes.items():
                along = self._along(name, node) if name != root(asked) else None
                if along is None:
                    continue
                held = Held(_put(along, matrix, triple), root(asked))
                there = self.carrying.solved((), self.results, [held])
                gaps = [Claim(_put(one, matrix, triple), number(0), claim.reading) for one in self.slopes.values()]
                if there is None or not all(there.judge(one).verdict.is_right for one in gaps):
                    continue
                found = there.judge(Claim(asked, _put(claim.right, matrix, triple), claim.reading)).verdict
                if found.is_wrong and found.witness is not None:
                    return found
        return None

    def says_of(self, name: str, slope: Expression) -> bool:
        """Whether it depends on an unknown, or on what is assumed of the others, that a gradient vanishes."""
        if all(left.head in ("derivative", "gradient") for left, _ in self.setting.assumptions.equations):
            return True  # else nothing is assumed that could make it vanish
        plain = self.carrying.solved((), self.results)
        gap = _gaps([slope], plain).get(slope) if plain is not None else None
        if plain is None or gap is None or depends(plain.scope.arena, gap, name):
            return True
        return not plain.judge(Claim(slope, number(0))).verdict.is_right

    def _along(self, name: str, slope: Expression) -> Expression | None:
        """The slope along an unknown that is a column."""
        declared = self.setting.notation.declared(name)
        is_column = declared is not None and declared.dims[-1] == 1 != declared.dims[0]
        return inner(symbol(name), slope, True) if is_column else None

    def _with(self, pair: Pairs, used: Sequence[Expression]) -> Bench | None:
        """The world in which what is found is put in, and these gradients alone vanish; None where they cannot."""
        plain = self.carrying.solved(pair.values(), self.results)
        if plain is None or not used:
            return plain
        unset, held = frozenset(self.slopes) - {*pair}, list[Held]()
        for gap in _gaps(used, plain).items():
            one = _next(dict([gap]), unset, plain, len(unset))
            if one is None:
                return None
            held.append(one)
            unset -= {one.by}
        return self.carrying.solved(pair.values(), self.results, held)


def with_multipliers(bench: Bench) -> Setting:
    r"""The setting in which the gradients by the multipliers of assumed equations vanish as well.

    A free number of a stationary loss is one where :math:`\partial L / \partial \lambda` is the gap of an equation.
    """
    setting = bench.world.setting
    known = setting.assumptions
    nodes = [node for node in known.stationary if node.head == "derivative" and len(node.args) == 2]
    by = {root(node.args[1]) for node in nodes}
    tops = {node.args[0] for node in nodes}
    equations = {pair for name in sorted(by) for pair in equations_of(setting, name)}
    if len(tops) != 1 or not equations:
        return setting
    top = tops.pop()
    gaps = [gap for left, right in equations for gap in (difference(left, right), difference(right, left))]
    free = {name: Expression("derivative", (top, symbol(name)), "Leibniz") for name in multipliers(setting) - by}
    zero = bench.scope.arena.constant(0)
    varying = {slope for slope, term in _gaps(free.values(), bench).items() if term is not zero}
    found = {
        name: slope
        for name, slope in sorted(free.items())
        if slope in varying and any(bench.judge(Claim(slope, gap)).verdict.is_right for gap in gaps)
    }
    stationary = [*known.stationary, *found.values()]
    return replace(setting, assumptions=replace(known, stationary=stationary, multipliers=frozenset(found)))


def where_vanishing(slope: Expression, carrying: Carrying, results: Sequence[Result]) -> Bench | None:
    """The world in which a gradient vanishes that is linear in its unknown, so that there is one value."""
    plain, name = carrying.solved((), results), root(slope.args[1])
    gaps = {} if plain is None else _gaps([slope], plain)
    is_one = plain is not None and slope in gaps and _is_line(gaps[slope], name, plain)
    return carrying.solved((), results, [Held(slope, name)]) if is_one else None


def _put(node: Expression, matrix: Expression, value: Expression) -> Expression:
    """An expression at a value of a matrix."""
    return Expression("at", (grouped(node), matrix, value), None, node.span)


def _next(gaps: Mapping[Expression, Term], unset: frozenset[str], bench: Bench, most: int = 1) -> Held | None:
    """A gradient that determines one unknown more, in which it is linear, or its first entry is."""
    arena = bench.scope.arena
    for node, gap in gaps.items():
        left = [name for name in sorted(unset) if depends(arena, gap, name)]
        for name in left if len(left) <= most else ():
            if _is_line(gap, name, bench):
                return Held(node, name)
            first = node.map(_at_one)
            if first != node and all(_is_line(one, name, bench) for one in _gaps([first], bench).values()):
                return Held(first, name)
    return None


def _at_one(node: Expression) -> Expression:
    return number(1) if node.head == "index" else node


def _gaps(nodes: Iterable[Expression], bench: Bench) -> dict[Expression, Term]:
    """What each gradient is, entry by entry; those that have no value are left out."""
    out: dict[Expression, Term] = {}
    for node in nodes:
        try:
            value, scope = bench.value(node, Reading())
            out[node] = value.term if value.is_scalar else value.entry(*axes_for(scope.arena, value.dims))
        except Fault:
            continue
    return out


def _is_line(gap: Term, name: str, bench: Bench) -> bool:
    """Whether a gap has the shape of a quantity, and is linear in it with a slope that is not zero."""
    arena = bench.scope.arena
    shape = arena.shapes.get(name)
    if shape is None or sorted(map(str, shape)) != sorted(str(axis.size) for axis in gap.axes):
        return False
    slope, zero = _slope_of(gap, name, arena), arena.constant(0)
    if not depends(arena, slope, name):
        return differs(Question(slope, zero), bench.world)
    bends = Question(_slope_of(slope, name, arena), zero)
    is_linear = not differs(bends, bench.world) and decide(bends, bench.world).is_right
    return is_linear and differs(Question(slope, zero), bench.world)


def _slope_of(term: Term, name: str, arena: Arena) -> Term:
    return differentiate(arena, term, Variable(name, tuple(arena.axis(size) for size in arena.shapes[name])))
