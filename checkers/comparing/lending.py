"""Worlds that are kept and lent: to one work at a time, and then as new for the next one."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from msgspec.json import encode

from truestep.checkers.comparing.salt import run_salt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.checkers.comparing.world import World
    from truestep.derivations.meaning.arena import Mark
    from truestep.problems.statements.problem import Problem

    Make = Callable[[Problem], World]
    Key = tuple[bytes, Make, int]
    Entry = tuple[World, Mark, int]  # the last is its weight

MOST_CELLS = 6_000_000  # of the models that are kept, 48 MB
CELLS_OF_A_WORLD = 16_000  # what a world takes beside its models
MOST_ALIKE = 2  # worlds of one problem, for several threads


@contextmanager
def lent(problem: Problem, make: Make) -> Iterator[World]:
    """The world that is made of a problem; whoever takes one has it alone."""
    kept, key = shelves(), (encode(problem), make, run_salt())
    found = kept.take(key)
    if found is None:
        world = make(problem)
        mark = world.arena.mark()
        world.renewed(mark)
    else:
        world, mark, _ = found
    yield world
    if not world.counts:
        kept.put(key, (world.renewed(mark), mark, CELLS_OF_A_WORLD + world.cells))


class Shelves:
    """The worlds that were used last, of so many cells together."""

    def __init__(self, most: int) -> None:
        self.most, self.weight = most, 0
        self._kept: OrderedDict[Key, list[Entry]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Key) -> Entry | None:
        """A world at hand."""
        with self._lock:
            found = self._kept.get(key)
            return self._taken(found) if found else None

    def put(self, key: Key, entry: Entry) -> None:
        """A world given back."""
        with self._lock:
            found = self._kept.setdefault(key, [])
            self._kept.move_to_end(key)
            if len(found) == MOST_ALIKE:
                self._taken(found)
            found.append(entry)
            self.weight += entry[2]
            while self.weight > self.most:
                oldest = next(iter(self._kept.values()))
                while oldest:
                    self._taken(oldest)
                self._kept.popitem(last=False)

    def _taken(self, found: list[Entry]) -> Entry:
        entry = found.pop()
        self.weight -= entry[2]
        return entry


@lru_cache(maxsize=1)
def shelves() -> Shelves:
    """The worlds of this process."""
    return Shelves(MOST_CELLS)
