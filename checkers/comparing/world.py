"""The models of one setting, made when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from truestep.checkers.comparing.arithmetic import Tower
from truestep.checkers.comparing.constraining import solved
from truestep.checkers.comparing.evaluate import Evaluator, OutOfReach
from truestep.checkers.comparing.model import Model
from truestep.checkers.comparing.reals import Reals
from truestep.checkers.comparing.salt import drawn_from, run_salt
from truestep.checkers.comparing.signs import Signs
from truestep.checkers.comparing.size_draws import SMALLEST, counted_sizes, drawn_sizes, settled
from truestep.checkers.comparing.towers import chains_for
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.language.shapes import derived_size
from truestep.derivations.meaning.calculus import strip_groups
from truestep.derivations.meaning.effort import Effort
from truestep.derivations.meaning.identities.forms import Forms
from truestep.derivations.meaning.identities.normal_forms import NormalForms
from truestep.derivations.meaning.reach import ranks_needed
from truestep.derivations.meaning.terms import Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from truestep.checkers.comparing.size_draws import Relation, Sizes, Total
    from truestep.checkers.comparing.verdicts import Verdict
    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.arena import Mark
    from truestep.derivations.meaning.terms import Axis
    from truestep.problems.statements.prepared import Setting

    Array = NDArray[Any]

POINTS = 8
POINTS_WITHOUT_SIZES = 12
POINTS_OF_STEPS = 16
POINTS_AT_DIGITS = 16  # many digits cost much
ASSIGNMENTS = 3
MAX_REACH = 256
LARGE_SIZES = range(66, 131)
HUGE_SIZES = range(300, 1_200)  # more than anyone writes factors for
MOST_BESIDE = 4  # of the sizes beside few steps
LARGE_STEPS = range(9, 21)
POINTS_OF_STYLE = {"small": 16, "near": 64, "level": 64, "drawn": 64, "many": 4096}

MAX_KEPT_CELLS = 250_000
MOST_DERIVED = 64


class World:
    """The models of one setting, made when first needed."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.arena = setting.scope.arena
        self.counts: set[str] = set()
        self._reach: frozenset[Reach] = frozenset()
        self._turns: tuple[Sizes, ...] = ()
        self._ranks = [one for system in self.arena.systems for one in ranks_needed(system)]
        self.free: Mapping[str, Axis] = setting.scope.free
        self.let: tuple[dict[str, Axis], dict[str, Size | None]] | None = None  # how the letters of what is asked run
        self.derivations: dict[
            tuple[Expression, bool], tuple[tuple[Expression, str], ...]
        ] = {}  # of left sides, with and without a work's own names
        self.salt = run_salt()
        self.signs = Signs(self.arena, setting.assumptions.properties)
        self.forms = Forms()
        self.normal = self._normal_forms()
        self.decided: dict[tuple[Any, ...], Verdict] = {}  # by the form of the question
        self._exact: dict[tuple[frozenset[Reach], tuple[Sizes, ...], int, int, bool, int], list[Evaluator]] = {}
        self._few: dict[tuple[frozenset[Reach], int, str], Model] = {}
        self._real: dict[
            tuple[frozenset[Reach], tuple[Sizes, ...], bool, str, int | None, int, bool], list[Evaluator]
        ] = {}

    def _normal_forms(self) -> NormalForms:
        known = self.setting.assumptions.properties
        return NormalForms(self.arena, frozenset(name for name, one in known.items() if one.symmetric))

    def assignments(self, salt: int | None = None) -> list[dict[str, int]]:
        """Small sizes for every size symbol, several times: drawn with a salt, or the same in every run."""
        names = sorted(name for name in self.setting.notation.sizes | self.counts if derived_size(name) is None)
        relations = self._relations(names)
        table = counted_sizes(len(names)) if salt is None else drawn_sizes(len(names), relations, salt)
        rows = (self._few_steps(dict(zip(names, row, strict=True))) for row in table)
        small = [self._with_numbers(row, relations) for row in rows]
        turned = [{**small[0], **dict(turn)} for turn in self._turns if dict(turn).keys() <= small[0].keys()]
        return [*small, *(self._with_numbers(sizes, relations) for sizes in (*self._compared(small[0]), *turned))]

    def _few_steps(self, sizes: dict[str, int]) -> dict[str, int]:
        """Smaller sizes where some are steps that are counted one after the other."""
        steps = self._steps
        few = {name: 2 + size % 2 if name in steps else size for name, size in sizes.items()}
        return {name: size if size <= MOST_BESIDE else 2 + size % 3 for name, size in few.items()} if steps else sizes

    @property
    def _steps(self) -> set[str]:
        return {str(one.axes[0].size) for one in self.arena.recurring.values()}

    def complete(self, sizes: dict[str, int]) -> dict[str, int]:
        """The sizes with those that they tell: K - 1."""
        written = {name for shape in self.arena.shapes.values() for name in shape if isinstance(name, str)}
        names = (*self.setting.notation.sizes, *written, *(f"2{size}+1" for size in sizes))
        told = {name: derived_size(name) for name in names}
        return sizes | {name: one[0] * sizes[one[1]] + one[2] for name, one in told.items() if one and one[1] in sizes}

    def _relations(self, names: list[str]) -> tuple[Relation | Total, ...]:
        """What is assumed of the sizes, and what an inverse needs: m > n, for centred data have one rank less."""
        ranks = sorted((str(size), ">", least) for size, least, _ in self._reach if isinstance(least, str))
        found: list[Relation | Total] = []
        for left, relation, right in (*self.setting.assumptions.sizes, *ranks):
            turned = {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(relation, relation)
            for a, sign, b in ((left, relation, right), (right, turned, left)):
                if a in names and sign not in ("<", "<=") and (b in names or b.isdigit()):
                    found.append((names.index(a), sign, names.index(b) if b in names else int(b), b in names))
                    break
        for total, counts, more in self.setting.assumptions.totals:
            if {total, *counts} <= set(names):
                terms = tuple((names.index(name), count) for name, count in counts.items())
                found.append((names.index(total), terms, more))
        return tuple(found)

    def _with_numbers(self, sizes: dict[str, int], relations: tuple[Relation | Total, ...]) -> dict[str, int]:
        """The sizes with the entries that are written by number."""
        for size, number, needed in self._reach:
            derived = derived_size(str(size))
            if derived is not None and needed and derived[1] in sizes and isinstance(number, int):
                sizes[derived[1]] += max(0, number - derived[2] - SMALLEST)
            if needed and size in sizes and isinstance(number, int):
                sizes[str(size)] += number - SMALLEST
        return dict(zip(sizes, settled(list(sizes.values()), relations), strict=True))

    def _compared(self, small: dict[str, int]) -> list[dict[str, int]]:
        """Sizes that have entries at and beyond every number that an index is compared with."""
        beside = {str(size): int(least) for size, least, needed in self._reach if size in small and not needed}
        return [
            {**small, **{size: max(small[size], least + more) for size, least in beside.items()}}
            for more in range(2)
            if beside
        ]

    def exact(self, points: int, levels: int, circle: bool, draw: int) -> list[Evaluator]:
        """The exact models."""
        key = (self._reach, self._turns, points, levels, circle, draw)
        if key not in self._exact:
            chains = chains_for(levels, circle, self.salt)
            if not chains:
                raise OutOfReach
            assignments = self.assignments(self.salt)
            points = points or (POINTS if assignments[0] else POINTS_WITHOUT_SIZES)
            kinks = points > POINTS_WITHOUT_SIZES
            self._exact[key] = [
                Evaluator(self._model(sizes, points, Tower(chains, points), kinks, draw * 8 + k, self.salt, "general"))
                for k, sizes in enumerate(assignments)
            ]
        return self._exact[key]

    def _model(
        self, sizes: dict[str, int], points: int, by: Tower | Reals, kinks: bool, seed: int, salt: int, style: str
    ) -> Model:
        known = self.setting.assumptions.properties
        sizes = self.complete(sizes)
        return Model(self.arena, sizes, points, by, known, kinks, style, seed, salt, solve=solved)

    def real(
        self, kinks: bool, style: str, digits: int | None = None, seed: int = 0, is_fixed: bool = False
    ) -> list[Evaluator]:
        """The real models, the smallest sizes first; those of style ``drawn`` depend on the salt or are fixed."""
        key = (self._reach, self._turns, kinks, style, digits, seed, is_fixed)
        if key not in self._real:
            points = POINTS_OF_STYLE.get(style.split()[0], 16 if kinks else POINTS)
            points = min(points, POINTS_OF_STEPS) if self.arena.recurring else points
            points = POINTS // 2 if "large" in style else min(points, POINTS_AT_DIGITS) if digits else points
            salt = self.salt if style.startswith(("drawn", "many")) and not is_fixed else None
            assignments = self.assignments(salt)
            assignments.sort(key=lambda sizes: sum(sizes.values()))
            if "large" in style:
                assignments = self._large(assignments[0], salt or 0, "huge" in style)
            self._real[key] = [
                Evaluator(self._model(sizes, points, Reals(digits), kinks, seed * 8 + turn, salt or 0, style))
                for turn, sizes in enumerate(assignments)
            ]
        return self._real[key]

    def few(self, points: int, style: str) -> Model:
        """A real model of small sizes with few points, for a first look."""
        key, sizes = (self._reach, points, style), self.complete(self.assignments()[0])
        if key not in self._few or self._few[key].sizes != sizes:
            known = self.setting.assumptions.properties
            self._few[key] = Model(self.arena, sizes, points, Reals(None), known, False, style, seed=5)
        return self._few[key]

    def _large(self, small: dict[str, int], salt: int, is_huge: bool) -> list[dict[str, int]]:
        """Sizes that nobody would write, no two alike: all of them, or one far larger and the others small."""
        beyond = dict(zip(small, drawn_from(HUGE_SIZES if is_huge else LARGE_SIZES, len(small), salt), strict=False))
        for name in self._steps & beyond.keys():
            beyond[name] = LARGE_STEPS[beyond[name] % len(LARGE_STEPS)]
        relations = self._relations(list(small))
        rows = [{**small, name: size} for name, size in beyond.items()] if is_huge else [{**small, **beyond}]
        return [self._with_numbers(row, relations) for row in rows]

    def fit(self, reach: frozenset[Reach], turns: tuple[Sizes, ...] = ()) -> None:
        """From now on models that are large enough for the numbers that stand as indices, and such at some sizes."""
        most: dict[tuple[Size, bool], int] = {}
        ranks = {one for one in reach if isinstance(one.least, str)}
        turned = {(one.least, one.size) for one in ranks}
        ranks |= {one for one in self._ranks if (one.size, one.least) not in turned}
        for size, least, needed in reach:
            if isinstance(least, str):
                continue
            if least > MAX_REACH:
                raise MeaningFault(f"a number above {MAX_REACH} as an index is not decided")
            if isinstance(size, str) and least > (SMALLEST if needed else SMALLEST + ASSIGNMENTS - 1):
                most[size, needed] = max(least, most.get((size, needed), 0))
        wanted = frozenset(Reach(size, least, needed) for (size, needed), least in most.items()) | ranks
        if (wanted, turns) != (self._reach, self._turns):
            self._exact = {key: models for key, models in self._exact.items() if not (key[0] or key[1])}
            self._real = {key: models for key, models in self._real.items() if not (key[0] or key[1])}
            self._few = {key: model for key, model in self._few.items() if not key[0]}
            self._reach, self._turns = wanted, turns

    def forget(self, number: int) -> None:
        """Forgets the values of all terms from a number on."""
        for evaluator in (one for models in (self._exact, self._real) for kept in models.values() for one in kept):
            evaluator.forget(number)
        for model in self._few.values():
            model.forget()
        self.signs.forget(number)
        self.forms.forget(number)
        self.normal.forget(number)
        self.decided.clear()

    def renewed(self, mark: Mark) -> World:
        """The same world as it was at a mark of its arena: nothing that a work made or drew is left in it."""
        self.arena.back(mark)
        if self.let is not None and any(axis.number > mark.axes for axis in self.let[0].values()):
            self.let = None
        self.arena.effort = Effort()
        self.fit(frozenset())
        evaluators = [one for models in (*self._exact.values(), *self._real.values()) for one in models]
        for evaluator in evaluators:
            evaluator.renew()
        for model in self._few.values():
            model.forget()
        if self.cells > MAX_KEPT_CELLS:
            self.reset()
        self.signs.forget(0)
        self.forms, self.normal = Forms(), self._normal_forms()
        self.decided.clear()
        if self.derivations:  # those of what is asked stay, and some of those that no work's own names are in
            asked, some = set(map(strip_groups, self.setting.find)), len(self.derivations) <= MOST_DERIVED
            self.derivations = {
                key: lines for key, lines in self.derivations.items() if key[0] in asked or (some and not key[1])
            }
        return self

    @property
    def cells(self) -> int:
        """The size of what its models have drawn."""
        evaluators = (one for models in (*self._exact.values(), *self._real.values()) for one in models)
        models = (*(one.model for one in evaluators), *self._few.values())
        return sum(array.size for model in models for array in model.drawn.values())

    def reset(self) -> None:
        """Forgets the models: a size that no statement names has turned up."""
        self.let = None
        self.decided.clear()
        self._exact.clear()
        self._few.clear()
        self._real.clear()
