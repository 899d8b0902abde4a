"""What a lint reads: a homework, a problem file or a problem of the book, taken apart without refusing anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.problems.book import find_problem, identifiers
from truestep.problems.homework.homework import Homework
from truestep.problems.homework.homework_file import JOINED, MAX_HOMEWORK_BYTES, put_over, tables
from truestep.problems.homeworks import homework_text, homeworks
from truestep.problems.lint.refusals import faults_of
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import keys_of
from truestep.problems.statements.statement import problem_from, statement_of
from truestep.problems.statements.toml.files import read_text, table_in
from truestep.problems.statements.toml.positions import Places, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from truestep.problems.lint.refusals import StatedFault
    from truestep.problems.statements.prepared import Setting
    from truestep.problems.statements.toml.positions import Path

    Table = Mapping[str, Any]
    Pieces = tuple[tuple[Path, Table], ...]

_AT = re.compile(r"line (\d+),? column (\d+)")


@dataclass(frozen=True)
class Stated:
    """One problem as it is stated: its place, the tables that it is put together from, and all of them in one.

    ``role`` says where it stands: ``asked`` of a student, ``shown`` in a solution, or drawn as a ``figure``.
    """

    place: Path
    pieces: Pieces
    role: str = "asked"

    @cached_property
    def table(self) -> Table:
        """The whole statement."""
        merged: dict[str, Any] = {}
        for _, piece in self.pieces:
            merged = put_over(merged, piece)
        return {key: value for key, value in merged.items() if key != "use"}

    @cached_property
    def problem(self) -> Problem | None:
        """The problem; None where a key has a value that it cannot have."""
        try:
            return problem_from(self.table)
        except StatementFault:
            return None

    @cached_property
    def setting(self) -> Setting | None:
        """The problem made ready; None where it is refused."""
        try:
            return None if self.problem is None else setting_of(self.problem)
        except StatementFault:
            return None

    @cached_property
    def faults(self) -> tuple[StatedFault, ...]:
        """All that makes the statement unusable."""
        return faults_of(self.table)

    @property
    def is_refused(self) -> bool:
        """Whether a fault is more than a spelling of something that is not there."""
        return any(fault.code != "spelling" for fault in self.faults)

    def entries(self, key: str) -> tuple[str, ...]:
        """The formulas under a key that holds one or several."""
        value = self.table.get(key, ())
        several = (value,) if isinstance(value, str) else value
        return tuple(entry for entry in several if isinstance(entry, str)) if isinstance(several, list | tuple) else ()

    def origin(self, key: str, entry: int | str | None = None) -> Path:
        """Where a key, or one entry of it, is written: perhaps in a notation that the problem uses."""
        holders = [(path, piece[key]) for path, piece in self.pieces if key in piece]
        if not holders:
            return self.place
        if isinstance(entry, str):
            named = [path for path, value in holders if isinstance(value, dict) and entry in value]
            return (*named[-1], key, entry) if named else (*holders[-1][0], key)
        place = entry if isinstance(entry, int) else 0
        for path, value in holders if key in JOINED else holders[-1:]:
            count = len(value) if isinstance(value, list) else 1
            if place < count:
                return (*path, key, place) if isinstance(value, list) and entry is not None else (*path, key)
            place -= count
        return (*holders[-1][0], key)


@dataclass(frozen=True)
class Asked:
    """A question of a homework as it is written, and the problems in it."""

    place: Path
    table: Table
    stated: tuple[Stated, ...] = ()

    @property
    def problem(self) -> Table:
        """The table of its problem; an empty one where there is none."""
        stated = self.table.get("problem")
        return stated if isinstance(stated, dict) else {}

    @property
    def is_heading(self) -> bool:
        """Whether it asks nothing and is text that the next ones share."""
        return "problem" not in self.table and "kind" not in self.table


@dataclass(frozen=True)
class Draft:
    """What is linted: a homework with its questions, or one problem; ``fault`` says why a file is not of its format."""

    name: str
    table: Table = field(default_factory=dict)
    places: Places | None = None
    is_homework: bool = False
    questions: tuple[Asked, ...] = ()
    single: Stated | None = None
    fault: str = ""

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        """All problems, in order."""
        own = () if self.single is None else (self.single,)
        return (*own, *(stated for question in self.questions for stated in question.stated))

    @property
    def asked(self) -> tuple[Stated, ...]:
        """The problems that a student answers."""
        return tuple(stated for stated in self.stated if stated.role == "asked")

    def at_fault(self) -> tuple[int, int] | None:
        """The line and column that the fault of the format names."""
        found = _AT.search(self.fault)
        return (int(found[1]), int(found[2])) if found else None


def draft_of(source: str) -> Draft:
    """The draft of a file, or of the id of a homework or of a problem in the book.

    Raises StatementFault where there is no such file or id.
    """
    path = File(source)
    if path.suffix in (".toml", ".json") or path.is_file():
        return _from_file(path, source)
    if source in homeworks():
        return draft_in(homework_text(source), source)
    if source in identifiers():
        return Draft(source, single=Stated((), (((), statement_of(find_problem(source))),)))
    proposal = nearest(source, (*homeworks(), *identifiers()))
    raise StatementFault(f"neither a file nor an id of a homework or of a problem in the book: {source!r}{proposal}")


def _from_file(path: File, name: str) -> Draft:
    return draft_in(read_text(path, "statement", MAX_HOMEWORK_BYTES), name, path.suffix)


def draft_in(text: str, name: str = "", suffix: str = ".toml") -> Draft:
    """The draft of a text.

    >>> draft_in("find = '1'").is_homework, draft_in("part = []").is_homework
    (False, True)
    """
    try:
        table = table_in(text, suffix)
        found = None if suffix == ".json" else places(text)
    except (ValueError, RecursionError) as fault:
        return Draft(name, fault=str(fault))
    if not isinstance(table, dict):
        return Draft(name, fault="this is no table with keys and values")
    if not _is_homework(table):
        inner = table.get("problem")
        single = (
            Stated(("problem",), ((("problem",), inner),)) if isinstance(inner, dict) else Stated((), (((), table),))
        )
        return Draft(name, table, found, single=single)
    return Draft(name, table, found, True, tuple(_questions(table)))


def _is_homework(table: Table) -> bool:
    of_problems = {*keys_of(Problem), "use", "problem"} - {*keys_of(Homework)}
    return "part" in table or "notation" in table or not of_problems & set(table)


def points_in(table: Table) -> float | None:
    """The points that a table says, where they are a number."""
    value = table.get("points")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _questions(table: Table) -> Iterator[Asked]:
    notation = table.get("notation")
    for part, inside in tables(table, "part"):
        for place, question in tables(inside, "question", part):
            yield Asked(
                place, question, tuple(_stated(place, question, notation if isinstance(notation, dict) else {}))
            )


def _stated(place: Path, question: Table, notation: Table) -> Iterator[Stated]:
    if "problem" in question:
        yield from _one((*place, "problem"), question["problem"], notation, "asked")
    for path, shown in tables(question, "show", place):
        yield from _one(path, shown, notation, "shown")
    for path, figure in tables(question, "figure", place):
        if "problem" in figure:
            yield from _one((*path, "problem"), figure["problem"], notation, "figure")


def _one(place: Path, stated: Any, notation: Table, role: str) -> Iterator[Stated]:
    """The problem at a place; none where it is neither a table nor an id of the book."""
    if isinstance(stated, str) and stated in identifiers():
        yield Stated(place, ((place, statement_of(find_problem(stated))),), role)
    if isinstance(stated, dict):
        used = stated.get("use", ())
        names = [used] if isinstance(used, str) else used if isinstance(used, list) else []
        below = [(("notation", name), notation[name]) for name in names if isinstance(notation.get(name), dict)]
        yield Stated(place, (*below, (place, stated)), role)
