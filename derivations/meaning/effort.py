"""What the judging of one work may cost, counted in steps and not in time: the same on every machine."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from truestep.derivations.language.faults import MeaningFault

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EFFORT = 2_000_000  # about as many microseconds
TO_JUDGE, TO_READ = 200, 12  # what each claim costs besides its terms, and each token of a reading


class TooLarge(MeaningFault):
    """What is judged does not fit into the limits."""

    def __init__(self) -> None:
        super().__init__("this is too large to be decided")


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
        kept = self.spent, self.most, self.is_over
        self.spent, self.most = 0, most
        try:
            yield
        finally:
            self.spent, self.most, self.is_over = kept
