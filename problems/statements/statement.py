"""The statement of a problem, as TOML, JSON or a plain table, and the way from an id or a file to a Problem."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins
from msgspec.structs import replace

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.findings.table import MISTAKE_CODES, PRICED
from truestep.problems.kinds.fitting import refuse_unfit
from truestep.problems.statements.problem import Problem, Slip
from truestep.problems.statements.rubric import refuse_odd_rubric
from truestep.problems.statements.schema import keys_of, made, misfits
from truestep.problems.statements.toml.files import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_STATEMENT_BYTES = 256 * 1024
MAX_KEPT = 128  # statements that are read once for all records that share them


def problem_from(table: Mapping[str, Any]) -> Problem:
    """The problem that a table states.

    Keys that are not known are passed over.  Raises StatementFault, written to the author of the statement.

    >>> problem_from({"symbols": {"x": "scalar"}, "find": "x"}).find
    ('x',)
    """
    known = keys_of(Problem)
    return usable(
        made({key: table[key] for key in table if key in known} if isinstance(table, dict) else table, Problem)
    )


def usable(problem: Problem) -> Problem:
    """The problem, with the lines that it gives points for among those that must be shown.

    Raises StatementFault where it lacks what its kind needs, or names a code that there is not.
    """
    for fault in (*_unknown_codes(problem), *_odd_slips(problem.slips)):
        raise fault
    shown = tuple(text for text in problem.marking.lines if text not in problem.must_show)
    problem = replace(problem, must_show=(*problem.must_show, *shown)) if shown else problem
    refuse_unfit(problem)
    refuse_odd_rubric(problem)
    return problem


def _unknown_codes(problem: Problem) -> Iterator[StatementFault]:
    for code in problem.wrong.values():
        if code not in MISTAKE_CODES:
            yield StatementFault(f"no mistake has the code {code!r}{nearest(code, MISTAKE_CODES)}", key="wrong")
    for code in problem.marking.deduct:
        if code not in PRICED:
            said = f"no slip of notation is called {quoted(code)}{nearest(code, PRICED)}"
            yield StatementFault(said, key="marking", name="deduct")
    for code in problem.strict:
        if code not in PRICED[:-1]:
            said = f"no liberty is called {quoted(code)}{nearest(code, PRICED[:-1])}"
            yield StatementFault(said, key="strict", entry=code)


def _odd_slips(slips: tuple[Slip, ...]) -> Iterator[StatementFault]:
    for place, slip in enumerate(slips):
        if slip.pattern.count("~") != 1:
            said = "a pattern is right ~ slipped, as C (A + B) ~ C A + B"
            yield StatementFault(said, key="slips", entry=place)


def unknown_keys(table: Any) -> tuple[str, ...]:
    """What is to be said of keys that a problem does not have.

    >>> unknown_keys({"anwser": "x"})
    ("'anwser' is no key of a problem; did you mean answer or layers or assume?",)
    """
    return tuple(one.said for one in misfits(table, Problem) if one.of_key)


def load_problem(source: str) -> Problem:
    """The problem of an id in the book, or of a TOML or JSON file.

    Raises StatementFault; for an id that is not known it proposes the nearest.
    """
    path = Path(source)
    if path.suffix in (".toml", ".json") or path.is_file():
        return _from_file(path)
    from truestep.problems.book import find_problem

    return find_problem(source)


def problem_in(table: Any) -> tuple[Problem, tuple[str, ...]]:
    """The problem that the table of a record states, and what is to be said of its unknown keys.

    Raises StatementFault.
    """
    try:
        return _stated(json.dumps({} if table is None else table))
    except (TypeError, ValueError, RecursionError):
        raise StatementFault("a problem is stated in texts, numbers, lists and tables alone") from None


@lru_cache(maxsize=MAX_KEPT)
def _stated(text: str) -> tuple[Problem, tuple[str, ...]]:
    table = json.loads(text)
    return problem_from(table), unknown_keys(table)


def _from_file(path: Path) -> Problem:
    table = read_table(path, "statement", MAX_STATEMENT_BYTES)
    stated = table.get("problem", table) if isinstance(table, dict) else table
    try:
        for message in unknown_keys(stated):
            raise StatementFault(message)
        problem = problem_from(stated)
        refuse_nothing_asked(problem)
    except StatementFault as fault:
        raise StatementFault(f"{path}: {fault.message}") from None
    return problem if problem.id else replace(problem, id=path.stem if path.stem != "problem" else path.parent.name)


def refuse_nothing_asked(problem: Problem) -> None:
    """Raises StatementFault where a problem asks nothing, which would be blamed on the student."""
    asks = problem.find or problem.answer or problem.given or problem.layers
    if not asks and problem.kind not in ("choice", "order", "by hand"):
        raise StatementFault("this states no question; add find, given or answer")


def statement_of(problem: Problem) -> dict[str, Any]:
    """The table that states a problem; keys at their defaults are left out.

    >>> statement_of(Problem(symbols={"x": "scalar"}, find=("x",)))
    {'symbols': {'x': 'scalar'}, 'find': ['x']}
    """
    table: dict[str, Any] = _plain(to_builtins(problem))
    return table


def _plain(value: Any) -> Any:
    """With lists for tuples, as a file has them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
