"""The statement of a problem, as TOML, JSON or a plain table, and the way from an id or a file to a Problem."""

from __future__ import annotations

from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.findings.table import MISTAKE_CODES
from truestep.problems.homework.rubric import checked_marking, refuse_odd_rubric
from truestep.problems.kinds.fitting import refuse_unfit
from truestep.problems.statements.files import read_table
from truestep.problems.statements.problem import CHANNELS, FORMS, KINDS, LAYOUTS, ROUTES, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_STATEMENT_BYTES = 256 * 1024
MAX_ENTRIES = 200
MAX_LATEX = 4_000
_LISTS = ("given", "assume", "find", "answer", "also", "only", "final_form", "must_show", "layers", "steps", "before")
_TABLES = ("symbols", "functions", "names", "macros", "options", "wrong")
_CHOICES = {
    "layout": LAYOUTS,
    "route": ROUTES,
    "kind": KINDS,
    "summation": ("written", "einstein"),
    "chain": ("strict", "loose"),
    "channels": CHANNELS,
}
SLIP_KEYS = ("pattern", "says", "ask", "code")
_TEXTS = ("id", "title", "text", "source", "batch", "collect")


def problem_from(table: Mapping[str, Any]) -> Problem:
    """The problem that a table states.

    Keys that are not known are passed over.  Raises StatementFault, written to the author of the statement.

    >>> problem_from({"symbols": {"x": "scalar"}, "find": "x"}).find
    ('x',)
    """
    if not isinstance(table, dict):
        raise StatementFault("a problem is a table with symbols, given and find")
    made: dict[str, Any] = {}
    for key in _LISTS:
        if key in table:
            made[key] = _list(key, table[key])
    if "slips" in table:
        made["slips"] = checked_slips(table["slips"])
    for key in _TABLES:
        if key in table:
            made[key] = _table(key, table[key])
    for key, allowed in _CHOICES.items():
        if key in table:
            if table[key] not in allowed:
                close = get_close_matches(str(table[key]), allowed, n=1)
                raise StatementFault(
                    f"{key}: {table[key]!r} is none of {', '.join(allowed)}"
                    + (f"; did you mean {close[0]}?" if close else "")
                )
            made[key] = table[key]
    for key in _TEXTS:
        if key in table:
            made[key] = str(table[key])
    for key in ("points", "tolerance"):
        if table.get(key) is not None:
            if not isinstance(table[key], int | float) or isinstance(table[key], bool) or not 0 <= table[key] <= 10_000:
                raise StatementFault(f"{key}: {table[key]!r} is no number from 0 to 10000")
            made[key] = float(table[key])
    if "marking" in table:
        made["marking"] = checked_marking(table["marking"])
        shown, lines = made.get("must_show", ()), made["marking"].get("lines", {})
        made["must_show"] = _list("must_show", (*shown, *(text for text in lines if text not in shown)))
    for form in made.get("final_form", ()):
        if form not in FORMS:
            raise StatementFault(f"final_form: {form!r} is none of {', '.join(FORMS)}{nearest(form, FORMS)}")
    for code in made.get("wrong", {}).values():
        if code not in MISTAKE_CODES:
            raise StatementFault(f"wrong: no mistake has the code {code!r}{nearest(code, MISTAKE_CODES)}")
    problem = Problem(**made)
    refuse_unfit(problem)
    refuse_odd_rubric(problem)
    return problem


def _list(key: str, value: Any) -> tuple[str, ...]:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
        raise StatementFault(f"{key}: write one LaTeX text or a list of them")
    if len(entries) > MAX_ENTRIES or any(len(entry) > MAX_LATEX for entry in entries):
        raise StatementFault(f"{key}: more than {MAX_ENTRIES} entries, or one longer than {MAX_LATEX} characters")
    return tuple(entries)


def checked_slips(value: Any) -> tuple[dict[str, str], ...]:
    r"""The slips of a statement, each a table with its pattern; a text is a pattern alone.

    Raises StatementFault.

    >>> checked_slips(r"C (A + B) ~ C A + B")
    ({'pattern': 'C (A + B) ~ C A + B'},)
    """
    entries = value if isinstance(value, list | tuple) else [value]
    slips = tuple({"pattern": one} if isinstance(one, str) else one for one in entries)
    for slip in slips[: MAX_ENTRIES + 1]:
        if not isinstance(slip, dict) or not all(isinstance(one, str) for one in slip.values()):
            raise StatementFault("slips: write right ~ slipped, or a table with pattern, says, ask and code")
        stray = next((key for key in slip if key not in SLIP_KEYS), None)
        if stray is not None:
            raise StatementFault(f"slips: {quoted(stray)} is no key of a slip{nearest(stray, SLIP_KEYS)}")
        if slip.get("pattern", "").count("~") != 1 or any(len(one) > MAX_LATEX for one in slip.values()):
            raise StatementFault("slips: a pattern is right ~ slipped, as C (A + B) ~ C A + B")
    if len(slips) > MAX_ENTRIES:
        raise StatementFault(f"slips: more than {MAX_ENTRIES} entries")
    return slips


def _table(key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(name, str) and isinstance(entry, str | int) for name, entry in value.items()
    ):
        raise StatementFault(f"{key}: write a table from names to texts")
    if len(value) > MAX_ENTRIES:
        raise StatementFault(f"{key}: more than {MAX_ENTRIES} entries")
    return {name: str(entry) for name, entry in value.items()}


def load_problem(source: str) -> Problem:
    """The problem of an id in the book, or of a TOML or JSON file.

    Raises StatementFault; for an id that is not known it proposes the nearest.
    """
    path = Path(source)
    if path.suffix in (".toml", ".json") or path.is_file():
        return _from_file(path)
    from truestep.problems.book import find_problem

    return find_problem(source)


def _from_file(path: Path) -> Problem:
    table = read_table(path, "statement", MAX_STATEMENT_BYTES)
    stated = table.get("problem", table) if isinstance(table, dict) else table
    try:
        problem = problem_from(stated)
        refuse_slips(stated, problem)
    except StatementFault as fault:
        raise StatementFault(f"{path}: {fault.message}") from None
    return problem if problem.id else replace(problem, id=path.stem if path.stem != "problem" else path.parent.name)


def refuse_slips(table: Mapping[str, Any], problem: Problem) -> None:
    """Refuses a mistyped key, and a problem that asks nothing: they would be blamed on the student.

    Raises StatementFault.
    """
    known = [key.name for key in fields(Problem)]
    for key in table:
        close = get_close_matches(key, known, n=1, cutoff=0.8)
        if key not in known and close:
            raise StatementFault(f"{quoted(key)} is no key of a statement; did you mean {close[0]!r}?")
    asks = problem.find or problem.answer or problem.given or problem.layers
    if not asks and problem.kind not in ("choice", "order", "by hand"):
        raise StatementFault("this states no question; add find, given or answer")


def statement_of(problem: Problem) -> dict[str, Any]:
    """The table that states a problem; keys at their defaults are left out.

    >>> statement_of(Problem(symbols={"x": "scalar"}, find=("x",)))
    {'symbols': {'x': 'scalar'}, 'find': ['x']}
    """
    default = Problem()
    out: dict[str, Any] = {}
    for key in fields(Problem):
        value = getattr(problem, key.name)
        if value != getattr(default, key.name):
            out[key.name] = (
                list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, dict) else value
            )
    return out
