"""The solution that a sheet shows, marked as a student's work; what must be shown on the way is derived as well."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.checkers.derive_records import Options, solved
from truestep.checkers.documents.work import typed
from truestep.checkers.records import check_work
from truestep.checkers.works.examine import examine
from truestep.derivations.deriving.displays.presenting import record_lines
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.faults import StatementFault
from truestep.problems.statements.problem import Marking

if TYPE_CHECKING:
    from truestep.derivations.deriving.displays.presenting import Line
    from truestep.problems.statements.problem import Problem


def lines_to_show(problem: Problem, rows: tuple[Line, ...], options: Options) -> tuple[Line, ...]:
    """Derivations of what must be shown and stands in none of the rows, as far as there are any."""
    if not problem.must_show:
        return ()
    record = examine(typed(record_lines(rows)), problem, is_diagnosed=False)
    out: list[Line] = []
    for place, one in enumerate(record["shown"]):
        if one["verdict"] == "missing":
            keys: dict[str, Any] = {
                "answer": (),
                "must_show": (),
                "final_form": (),
                "only": (),
                "also": (),
                "wrong": {},
            }
            asked = structs.replace(problem, find=(one["show"],), marking=Marking(), points=None, **keys)
            with suppress(Stuck, StatementFault):
                before = solved(asked, options)[1]
                out += [replace(line, block=-1 - place) for line in before]
    return tuple(out)


def own_marks(problem: Problem) -> dict[str, Any] | None:
    """The marks of what the sheet shows; None where there are no marks, or there is no derivation.

    Raises StatementFault where the problem cannot be used.
    """
    try:
        _, rows = solved(problem, Options())
    except Stuck:
        return None
    rows = (*lines_to_show(problem, rows, Options()), *rows)
    marks: dict[str, Any] | None = check_work(typed(record_lines(rows)), problem, "", is_diagnosed=False).get("marks")
    return marks
