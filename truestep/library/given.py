"""What a program hands over, a problem or a work in any of their forms, as the plain values that workers take."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from truestep.checkers.documents import NothingFound, Work, read_file
from truestep.checkers.documents.formats import LARGEST, decode, stated_by
from truestep.checkers.documents.work import typed
from truestep.derivations.language.faults import StatementFault
from truestep.problems.homework.named import problem_named, problem_stated
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import problem_from, refuse_nothing_asked, unknown_keys

AnyProblem = Any  # an id, a path, a table, a Problem, or SymPy objects


def problem_of(stated: AnyProblem) -> Problem:
    r"""The problem that is meant: by id or path, as a table of its keys, as SymPy objects under these keys, or itself.

    Raises StatementFault.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> problem_of({"find": sympy.Derivative(x**2, x), "answer": 2 * x}).answer
    ('2 x',)
    """
    if isinstance(stated, Problem):
        return stated
    if isinstance(stated, str | Path):
        return problem_named(str(stated))
    table: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {"answer": stated}
    if any(map(is_sympy, _values(table))):
        from truestep.problems.statements.stated_in_sympy import stated as stated_in_sympy

        return stated_in_sympy(str(table.get("id", "problem")), **{"find": (), **table})
    for message in unknown_keys(dict(table)):
        raise StatementFault(message)
    return problem_from(table)


def _values(table: Mapping[str, Any]) -> list[Any]:
    several = [value if isinstance(value, list | tuple) else [value] for value in table.values()]
    return [one for values in several for one in values]


def is_sympy(value: object) -> bool:
    """Whether a value is an object of SymPy, which is not imported for it."""
    return type(value).__module__.partition(".")[0] == "sympy" or hasattr(value, "free_symbols")


@dataclass(frozen=True)
class Source:
    """A work as it was handed over: rows, or the bytes of a text with the name of their file."""

    rows: tuple[str, ...] | None = None
    data: bytes = b""
    name: str = ""

    @classmethod
    def of(cls, work: AnyWork) -> Source:
        """A text, a path, or rows.  Raises OSError where a file cannot be read."""
        if isinstance(work, Source):
            return work
        if isinstance(work, str):
            return cls(data=work.encode("utf-8", "surrogatepass"))
        if isinstance(work, Path):
            with work.open("rb") as file:
                return cls(data=file.read(LARGEST + 1), name=work.name)
        return cls(rows=tuple(work))

    def read(self, problem: Problem) -> Work:
        """The work.  Raises DocumentFault."""
        if self.rows is not None:
            return typed(self.rows)
        return _read(Path(self.name) if self.name else None, self.data, problem.in_words, tuple(problem.symbols))

    @property
    def stated(self) -> Problem | None:
        """The problem that the work states itself; no file that it names is opened.

        Raises StatementFault and DocumentFault.
        """
        told = None if self.rows is not None else stated_by(Path(self.name) if self.name else None, self.data)
        if told is None:
            return None
        problem, ignored = problem_stated(told)
        for message in ignored:
            raise StatementFault(message)
        refuse_nothing_asked(problem)
        return problem

    @property
    def text(self) -> str:
        """The text of a file; of rows none.  Raises DocumentFault."""
        return decode(self.data)

    @property
    def written(self) -> dict[str, Any]:
        """The source in plain values."""
        return {"rows": self.rows, "data": base64.b64encode(self.data).decode(), "name": self.name}

    @classmethod
    def again(cls, written: Mapping[str, Any]) -> Source:
        """The source that plain values say."""
        rows = written["rows"]
        data = base64.b64decode(written["data"])
        return cls(None if rows is None else tuple(rows), data, written["name"])


@lru_cache(maxsize=2)
def _read(path: Path | None, data: bytes, words: str, names: tuple[str, ...]) -> Work:
    """The work in a file, read once for its record and its report; without rows where nothing of it is seen."""
    try:
        return read_file(path, data, words, names)
    except NothingFound as fault:
        if not fault.unseen:
            raise
        return Work((), (), (), unseen=fault.unseen)


AnyWork = str | Path | Sequence[str] | Source


def packed(source: Source, problem: Problem) -> str:
    """A work and its problem as one text."""
    return json.dumps({"source": source.written, "problem": to_builtins(problem)})


def unpacked(text: str) -> tuple[Source, Problem]:
    """What ``packed`` made a text of."""
    table = json.loads(text)
    return Source.again(table["source"]), problem_from(table["problem"])
