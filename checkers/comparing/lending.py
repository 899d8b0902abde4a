"""Worlds that are kept and lent: to one work at a time, and then as new for the next one."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.json import encode

from truestep.checkers.comparing.salt import run_salt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.checkers.comparing.world import World
    from truestep.derivations.meaning.arena import Mark
    from truestep.problems.statements.problem import Problem

MAX_KEPT = 48  # problems whose models are kept, of at most 2 MB each


@contextmanager
def lent(problem: Problem, make: Callable[[Problem], World]) -> Iterator[World]:
    """The world that is made of a problem; whoever takes one has it alone."""
    shelf = shelves(encode(problem), make, run_salt())
    try:
        world, mark = shelf.pop()
    except IndexError:
        world = make(problem)
        mark = world.arena.mark()
        world.renewed(mark)
    yield world
    if not world.counts:
        shelf.append((world.renewed(mark), mark))


@lru_cache(maxsize=MAX_KEPT)
def shelves(statement: bytes, make: Callable[[Problem], World], salt: int) -> deque[tuple[World, Mark]]:
    """The worlds of a statement that are at hand."""
    return deque(maxlen=2)
