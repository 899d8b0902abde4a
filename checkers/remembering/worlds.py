"""Worlds beside that of a problem, in which a work has values for what is asked: kept for the next work like it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.checkers.comparing.world import World
    from truestep.derivations.meaning.arena import Mark

    Key = tuple[int, ...]

MOST_WORLDS, MOST_CELLS = 4, 40_000  # how many are kept, and of what size


class Kept(NamedTuple):
    """A world, how it was when it was new, and what making it cost."""

    world: World
    mark: Mark
    cost: int


@dataclass
class Worlds:
    """The worlds that are kept, and those that are lent to a work."""

    kept: dict[Key, Kept] = field(default_factory=dict)
    lent: list[tuple[Key, Kept]] = field(default_factory=list)

    def take(self, key: Key, make: Callable[[], World]) -> Kept:
        """A world of this key as new: the same one is lent once at a time."""
        found = self.kept.pop(key, None)
        if found is None:
            world = make()
            found = Kept(world, world.arena.mark(), world.arena.effort.spent)
        else:
            found.world.renewed(found.mark)
        self.lent.append((key, found))
        return found

    def back(self) -> None:
        """What was lent is kept; of more than are kept, the last ones."""
        for key, found in self.lent:
            if not found.world.counts and found.world.cells <= MOST_CELLS:
                found.world.renewed(found.mark)
                self.kept[key] = found
        self.lent.clear()
        while len(self.kept) > MOST_WORLDS:
            del self.kept[next(iter(self.kept))]

    def clear(self) -> None:
        """Forgets all."""
        self.kept.clear()
        self.lent.clear()
