"""Whether two sides are truly equal, by numbers; by the checker's models where numbers do not reach."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.slips.arrays import Misshapen, Unsupported
from benchmarks.slips.numbers import Numbers
from benchmarks.slips.trees import index_sizes
from truestep.checkers.comparing.world import World
from truestep.checkers.works.bench import Bench
from truestep.checkers.works.claim import Claim
from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.shapes import Size
from truestep.problems.statements.prepared import Setting

CLOSE = 1e-6
PLACES = 5  # places at which free indices are looked at, in each model
TRIES = 30
MODELS = (([3, 2, 4, 5], True), ([2, 3, 5, 4], False), ([4, 3, 2, 3], True))


@dataclass
class Truth:
    """The judge of one problem's lines."""

    setting: Setting
    bench: Bench | None = None

    @cached_property
    def models(self) -> list[Numbers]:
        """A drawing for each choice of sizes."""
        out = list[Numbers]()
        for seed, (wanted, signed) in enumerate(MODELS):
            sizes = self._sizes(wanted)
            if sizes is None:
                continue
            tries = (Numbers(self.setting, sizes, 100 * seed + 7 + again, signed) for again in range(TRIES))
            out += itertools.islice((model for model in tries if self._assumed(model)), 1)
        return out

    def _assumed(self, model: Numbers) -> bool:
        """Whether what the givens define is as positive as the problem assumes."""
        try:
            return all(
                bool((model.quantity(name) > float(known.low)).all())
                for name, known in self.setting.assumptions.properties.items()
                if known.low is not None
            )
        except (Unsupported, Misshapen):
            return True

    @cached_property
    def labels(self) -> frozenset[str]:
        """The declared indices that stand free in a given: each has one value in a model."""
        return frozenset().union(
            *(free_indices(right) - free_indices(left) for left, right in self.setting.given)
        ) & set(self.setting.notation.indices)

    def _sizes(self, wanted: list[int]) -> dict[str, int] | None:
        names = sorted(self.setting.notation.sizes)
        relations = self.setting.assumptions.sizes
        for order in itertools.permutations([*wanted, *range(6, 2 + len(names))], len(names)):
            sizes = dict(zip(names, order, strict=True))
            if all(_holds(sizes.get(one, 0), sign, sizes.get(other, 0)) for one, sign, other in relations):
                return sizes
        return None

    def equal(
        self, left: Expression, one: Expression, other: Expression, condition: Expression | None
    ) -> tuple[bool | None, str]:
        """Whether ``other`` is what ``one`` is, and who says so: ``numbers`` or ``models``; None where nobody knows.

        ``one`` is the right side of ``left`` and has a meaning; where ``other`` has none, they are not equal.
        """
        sizes = index_sizes(Expression("and", (left, one, other)), self.setting.notation)
        try:
            found = self._by_numbers(one, other, condition, sizes)
        except (Unsupported, KeyError, ValueError, IndexError, RecursionError):
            found = None
        if found is not None:
            return found, "numbers"
        return self._by_models(one, other, condition), "models"

    def _by_numbers(
        self, one: Expression, other: Expression, condition: Expression | None, sizes: Mapping[str, Size]
    ) -> bool | None:
        names = sorted((free_indices(one) | free_indices(other)) & set(sizes) - self.labels)
        seen = 0
        for model in self.models:
            model.ranges = sizes
            for at in places(
                names, sizes, model, [*self.setting.assumptions.conditions, *([condition] if condition else [])]
            ):
                with np.errstate(all="ignore"):
                    try:
                        right = model.value(one, at)
                    except (np.linalg.LinAlgError, Misshapen):
                        continue
                    if not np.isfinite(right).all():
                        continue
                    seen += 1
                    try:
                        if not _close(right, model.value(other, at)):
                            return False
                    except (np.linalg.LinAlgError, Misshapen):
                        return False
        return True if seen else None

    def _by_models(self, one: Expression, other: Expression, condition: Expression | None) -> bool | None:
        self.bench = self.bench or Bench(World(self.setting))
        try:
            verdict = self.bench.judge(Claim(one, other, condition=condition)).verdict
        except Exception:  # counted where the work itself is checked
            return None
        return None if verdict.outcome == "undecided" else verdict.is_right


def places(
    names: list[str], sizes: Mapping[str, Size], model: Numbers, conditions: list[Expression]
) -> Iterator[dict[str, int]]:
    """Some places of the free indices: all alike, all different, and at random, as far as the condition allows."""
    if not names:
        yield {}
        return
    last = [model.size(sizes[name]) for name in names]
    everywhere = list(itertools.product(*map(range, last)))
    random.Random(7).shuffle(everywhere)
    everywhere.sort(key=lambda place: len(set(place)) not in (1, len(place)))
    alike = [place for place in everywhere if len(set(place)) == 1][:2]
    kept = 0
    for place in [*alike, *(place for place in everywhere if place not in alike)]:
        at = dict(zip(names, place, strict=True))
        if not all(model.scalar(one, at) for one in conditions if free_indices(one) <= set(at) | set(model.labels)):
            continue
        yield at
        kept += 1
        if kept == PLACES:
            return


def _close(one: np.ndarray, other: np.ndarray) -> bool:  # type: ignore[type-arg]
    if one.size == other.size == 1:
        one, other = one.reshape(()), other.reshape(())
    scale = max(1.0, float(np.abs(one).max()))
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=CLOSE, atol=CLOSE * scale))


def _holds(one: int, sign: str, other: int) -> bool:
    return {">=": one >= other, "<=": one <= other, ">": one > other, "<": one < other}.get(sign, True)
