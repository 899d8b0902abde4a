"""What the judging of one work may cost, counted in steps and not in time: the same on every machine."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from truestep.derivations.language.faults import MeaningFault

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EFFORT = 2_000_000  # about as many microseconds
MAX_TERMS = 60_000  # of one arena
MAX_KEPT = 16_000_000  # whose values one model keeps
TO_JUDGE, TO_READ = 200, 12  # what each claim costs besides its terms, and each token of a reading


class TooLarge(MeaningFault):
    """What is judged does not fit into the limits."""

    def __init__(self) -> None:
        super().__init__("this is too large to be decided")


class Load(NamedTuple):
    """What was taken of each limit: of ``cells`` by the model that took most, ``share`` of what is done aside."""

    spent: int = 0
    terms: int = 0
    cells: int = 0
    share: float = 0.0

    def plus(self, other: Load) -> Load:
        """Both together, at most."""
        share = max(self.share, other.share)
        return Load(self.spent + other.spent, self.terms + other.terms, self.cells + other.cells, share)

    def since(self, other: Load) -> Load:
        """What was taken since then."""
        return Load(self.spent - other.spent, self.terms - other.terms, self.cells - other.cells, self.share)

    @property
    def is_light(self) -> bool:
        """Whether it is less than half of every limit."""
        most = 2 * self.spent < MAX_EFFORT, 2 * self.terms < MAX_TERMS, 2 * self.cells < MAX_KEPT
        return all(most) and self.share < 0.5


class Taken(NamedTuple):
    """What an effort has cost so far, with the cells of each model."""

    spent: int
    terms: int
    cells: dict[int, int]


@dataclass
class Effort:
    """What a work has cost so far; all worlds in which it is judged share it.

    >>> effort = Effort(most=3)
    >>> effort.spend(2)
    >>> effort.spend(2)
    Traceback (most recent call last):
    truestep.derivations.meaning.effort.TooLarge: this is too large to be decided
    """

    spent: int = 0
    most: int = MAX_EFFORT
    is_over: bool = False
    terms: int = 0
    cells: dict[int, int] = field(default_factory=dict)
    share: float = 0.0

    @property
    def taken(self) -> Taken:
        """What it has cost so far."""
        return Taken(self.spent, self.terms, dict(self.cells))

    def since(self, before: Taken) -> Load:
        """What was taken of each limit since then."""
        most = max((count - before.cells.get(which, 0) for which, count in self.cells.items()), default=0)
        return Load(self.spent - before.spent, self.terms - before.terms, most, self.share)

    def spend(self, steps: int) -> None:
        """Takes some steps from what the work is given.  Raises TooLarge."""
        self.spent += steps
        if self.spent > self.most:
            self.end()

    def end(self) -> NoReturn:
        """Raises TooLarge, and remembers that something was."""
        self.is_over = True
        raise TooLarge

    @contextmanager
    def aside(self, most: int) -> Iterator[None]:
        """What is done here is given so many steps of its own, and takes none from the work."""
        kept = self.spent, self.most, self.is_over, self.terms, dict(self.cells)
        self.spent, self.most = 0, most
        try:
            yield
        finally:
            self.share = max(self.share, self.spent / most)
            self.spent, self.most, self.is_over, self.terms, self.cells = kept
