"""The case that a wrong line is: what was written, what it should equal, and what the problem has to offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from truestep.checkers.mistakes.places import Place, places
from truestep.checkers.mistakes.trial import HARMLESS
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression, free_indices, symbol
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.meaning.calculus import strip_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.checkers.mistakes.candidate import Candidate
    from truestep.checkers.mistakes.trial import Goal, Trial
    from truestep.checkers.works.bench import Bench
    from truestep.derivations.language.liberties import Reading
    from truestep.derivations.language.shapes import Dims
    from truestep.problems.statements.prepared import Setting

T = TypeVar("T")
MAX_POOL = 12


@dataclass
class Case:
    """A claim judged wrong: its sides, how they are read, and the expression before it in the chain, if that is right.

    ``target`` and ``written`` are the values that the two sides have at the points of the trial; ``written`` is None
    where the line has no value, such as a product of matrices that do not fit.
    """

    setting: Setting
    bench: Bench
    left: Expression
    right: Expression
    reading: Reading
    condition: Expression | None
    before: Expression | None
    trial: Trial
    target: Goal
    written: Goal | None
    kept: dict[str, object] = field(default_factory=dict)

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """What is made once for the case."""
        if name not in self.kept:
            self.kept[name] = make()
        return cast("T", self.kept[name])

    def holds(self, candidate: Candidate) -> bool:
        """Whether the models say that a candidate is right."""
        self.trial.again()
        left = self.left if candidate.left is None else candidate.left
        condition = self.condition if candidate.condition is None else candidate.condition
        right = candidate.expression
        if candidate.slip:
            left, right = candidate.expression, self.right
        free = self.bench.scope.free
        axes = dict(free)
        try:
            return self.bench.judge(Claim(left, right, self.reading, condition)).verdict.is_right
        except HARMLESS:
            return False
        finally:  # a letter that ran over another size was made anew
            free.clear()
            free.update(axes)

    @cached_property
    def places(self) -> list[Place]:
        """The places of the line that have a value, outermost first: of a misfit of shapes those around and in it."""
        clash = self.clash
        return [
            place for place in places(self.right) if clash is None or place.is_around(clash) or clash.is_around(place)
        ]

    @cached_property
    def clash(self) -> Place | None:
        """Where shapes do not fit: the innermost place that has no value though all that it is made of has one."""
        if self.written is not None:
            return None
        clash = fitting = None
        for place in places(self.right):
            is_within = clash is None or clash.is_around(place)
            if not place.node.args or not is_within or (fitting is not None and fitting.is_around(place)):
                continue
            self.trial.again()
            if self.trial.value(place.node) is None:
                clash = place
            else:
                fitting = place
        return clash

    @cached_property
    def escaped(self) -> frozenset[str]:
        """The letters that the line depends on and its left side does not: a mend binds them, or has others there."""
        if self.written is None:
            return frozenset()
        own, free = {*self.written.seen.axes} - {*self.target.seen.axes, *self.target.at}, self.bench.scope.free
        return frozenset(name for name in free_indices(self.right) - self.outer if free.get(name) in own)

    @cached_property
    def outer(self) -> frozenset[str]:
        """The indices that stand free on the left."""
        return free_indices(self.left)

    @cached_property
    def variables(self) -> tuple[Expression, ...]:
        """What the derivative on the left is taken by."""
        return self.left.args[1:] if self.left.head == "derivative" else ()

    @cached_property
    def arrays(self) -> dict[str, Dims]:
        """The declared quantities with their shapes, in the order of the statement."""
        names = self.setting.notation.names.values()
        return {name.full: name.declared.dims for name in names if name.declared.kind == "array"}

    @cached_property
    def scalars(self) -> list[Expression]:
        """The declared scalars that are neither functions of others nor what the derivative is of."""
        used = {node.data for node in self.left.walk() if node.head == "symbol"} if self.variables else set()
        tops = {node.data for node in self.left.args[:1]} if self.variables else used
        return [symbol(name) for name, dims in self.arrays.items() if dims == SCALAR and name not in tops][:MAX_POOL]

    @cached_property
    def sizes(self) -> list[Expression]:
        """The sizes of the problem as numbers."""
        known = sorted(self.setting.notation.sizes | self.bench.world.counts)
        return [Expression("size", (), name) for name in known][:MAX_POOL]

    @cached_property
    def indices(self) -> dict[str, object]:
        """The names of indices that the line or the problem uses, with the size that each runs over."""
        known: dict[str, object] = {name: what.dims[0] for name, what in self.setting.notation.indices.items()}
        for node in (self.left, self.right):
            for child in node.walk():
                if child.head == "index" and isinstance(child.data, str):
                    known.setdefault(child.data, None)
        for name, axis in self.bench.scope.free.items():
            known[name] = axis.size
        return known

    @cached_property
    def entries(self) -> list[Expression]:
        """Entries of declared vectors at the indices that stand free on the left or in the line."""
        loose = sorted(self.outer | free_indices(self.right))
        out = [
            Expression("entry", (symbol(name), Expression("index", (), index)))
            for name, dims in self.arrays.items()
            if len(dims) == 2 and dims[1] == 1 and dims[0] != 1
            for index in loose
            if self.indices.get(index) in (None, dims[0])
        ]
        return out[:MAX_POOL]

    @cached_property
    def bodies(self) -> dict[Expression, Expression]:
        """What the givens say: left sides and right sides, without brackets."""
        return {strip_groups(left): strip_groups(right) for left, right in self.setting.given}

    @cached_property
    def shaped(self) -> list[Expression]:
        """The declared vectors and matrices that are not defined by others first, then those that are."""
        found = [symbol(name) for name, dims in self.arrays.items() if dims != SCALAR]
        return sorted(found, key=lambda node: node in self.bodies)[:MAX_POOL]
