"""Rows that hold as they stand: each read in the usual way alone, each side equal to the left one, nothing granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.checkers.comparing import domains
from truestep.checkers.comparing.decide import decide
from truestep.checkers.comparing.evaluate import OutOfReach
from truestep.checkers.comparing.question import Question
from truestep.checkers.works.alternatives import conventions
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.checkers.works.differentials import begins_with_differential, held
from truestep.checkers.works.examine import prepared
from truestep.derivations.language.expression import free_indices
from truestep.derivations.language.faults import Fault
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.meaning import shaped_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.checkers.comparing.world import World
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.latex.groups import Token
    from truestep.derivations.language.reading.chains import Statement
    from truestep.derivations.meaning.shaped_terms import Value
    from truestep.derivations.meaning.terms import Index, Term
    from truestep.problems.statements.problem import Problem


def all_hold(rows: Sequence[str], problem: Problem, named: int = 0) -> bool:
    r"""Whether every row holds; the first ``named`` of them are known to, and are read for the names they give.

    What is not true under the strict reading may yet be right as the examiner reads a work.

    >>> from truestep.problems.statements.problem import Problem
    >>> square = Problem(symbols={"x": "n", "f": "scalar"}, given=("f = x^T x",))
    >>> all_hold([r"\frac{\partial f}{\partial x} = 2 x", "= x + x"], square)
    True
    >>> all_hold([r"\frac{\partial f}{\partial x} = 2 x", "= 3 x"], square)
    False
    """
    try:
        with prepared(problem) as world:
            return _Rows(world, rows).hold(named)
    except (Fault, OutOfReach, RecursionError):
        return False


class _Rows:
    """Rows one after the other, in the world of a problem."""

    def __init__(self, world: World, rows: Sequence[str]) -> None:
        self.world, self.setting, self.bench = world, world.setting, Bench(world)
        self.reading = Reading(conventions(self.setting.problem)[0])
        self.context = self.setting.context
        self.rows: list[Sequence[Token]] = [row_tokens(row, self.context) for row in rows]
        if any(begins_with_differential(row, self.context) for row in self.rows):
            self.context = self.setting.of_differentials
        self.left: Expression | None = None
        self.lefts: dict[Expression, tuple[Value, tuple[Index, ...], Term]] = {}

    def hold(self, named: int) -> bool:
        """Whether all do."""
        return all(self._holds(row, place < named) for place, row in enumerate(self.rows))

    def _holds(self, row: Sequence[Token], is_known: bool) -> bool:
        outer = self.setting.asked_indices
        outer = outer if self.left is None else outer | free_indices(self.left)
        found = read_row(row, self.context, self.reading, outer)
        return bool(found) and all(self._states(statement, is_known) for statement in found)

    def _states(self, statement: Statement, is_known: bool) -> bool:
        """Whether the sides of a statement are equal; what stands first may be a name from here on."""
        first, *rest = statement.parts
        if not first.relation:
            self.left = first.expression
            self.lefts.clear()
            self.bench.renewed()
            if rest and rest[0].relation in ("=", ":=") and self._is_new(self.left):
                self._name(self.left, rest.pop(0).expression)
                is_known = is_known or not rest
        elif self.left is None:
            return False
        else:
            rest = [first, *rest]
        is_chain = (bool(rest) or is_known) and all(part.relation == "=" for part in rest)
        return is_chain and (is_known or all(self._is_equal(part.expression, statement.condition) for part in rest))

    def _is_new(self, name: Expression) -> bool:
        return name.head == "unknown" and not self.bench.has_introduced(name)

    def _name(self, name: Expression, meaning: Expression) -> None:
        self.bench.introduce(name, meaning, self.reading)
        self.bench.mean(name, meaning)
        self.left = meaning

    def _is_equal(self, right: Expression, condition: Expression | None) -> bool:
        """Whether a side is equal to the left one; of differentials, mostly with what is not named held fixed."""
        assert self.left is not None
        claim = Claim(self.left, right, self.reading, condition)
        if not (self.left.has("differential") or right.has("differential")):
            return self._is_true(claim)
        whole, *forms = held(claim, self.bench, self.setting)
        return any(map(self._is_true, (*forms, whole)))

    def _is_true(self, claim: Claim) -> bool:
        left, places, term = self._at_places(claim.left)
        value, scope = self.bench.value(claim.right, self.reading)
        value = shaped_terms.fitted(value, left.dims)
        if value.dims != left.dims:
            return False
        masks, problem = self.bench.masks(scope, claim.condition), self.setting.problem
        question = Question(term, value.entry(*places), masks, not problem.exact, problem.tolerance)
        is_equal = decide(question, self.world).is_right
        return is_equal and not domains.doubted(claim.sides, claim.condition, scope, masks, self.world)

    def _at_places(self, left: Expression) -> tuple[Value, tuple[Index, ...], Term]:
        """The value of a left side, and its entry at the places at which all sides are compared with it."""
        found = self.lefts.get(left)
        if found is None:
            value, scope = self.bench.value(left, self.reading)
            places = shaped_terms.axes_for(scope.arena, value.dims)
            found = self.lefts[left] = value, places, value.entry(*places)
        return found
