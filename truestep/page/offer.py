"""What a page offers: problems by their names, how much of a solution it shows, and a class to review."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.problems.book import pages
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.homework.named import problem_named
from truestep.problems.statements.problem import Problem
from truestep.reports.levels import Reveal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A problem in a list: the name that a link has, and a line that says what it is."""

    name: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class Shelf:
    """Problems under a heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Offer:
    """What a page offers; with ``homeworks`` these alone are listed, and their questions alone are open."""

    homeworks: tuple[str, ...] = ()
    reveal: Reveal = "none"
    store: Path | None = None
    is_anonymous: bool = False
    seconds: float = 2.0
    reviewer: str = ""

    def shelves(self) -> Iterator[Shelf]:
        """The lists of problems.  Raises StatementFault where a homework cannot be used."""
        for name in self.homeworks:
            homework = load_homework(name)
            entries = tuple(
                Entry(f"{homework.id}/{one.id}", one.title or one.text.partition("\n")[0][:90], one.id)
                for one in homework.questions
                if one.is_answered and not one.is_by_hand
            )
            yield Shelf(homework.title, entries)
        if not self.homeworks:
            yield from _book()

    def problem(self, name: str) -> Problem:
        """The problem of a link; files are named by the command line alone.  Raises StatementFault."""
        homework, slash, question = name.partition("/")
        for source in self.homeworks:
            loaded = load_homework(source)
            if slash and loaded.id == homework:
                found = loaded.question(question)
                if found.problem is None:
                    raise StatementFault(f"{name} is marked by hand")
                return found.problem
        if self.homeworks or name not in _names():
            raise StatementFault(f"there is no problem {name!r} here")
        return problem_named(name)


@lru_cache(maxsize=1)
def _book() -> tuple[Shelf, ...]:
    return tuple(
        Shelf(page.about, tuple(Entry(one.id, one.title, one.text) for one in page.problems)) for page in pages()
    )


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(one.name for shelf in _book() for one in shelf.entries)
