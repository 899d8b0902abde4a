"""How each formula of a work was read, as a report shows it beside what was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from truestep.checkers.formulas import formulas
from truestep.output.readable import Readable
from truestep.problems.findings.table import row_of
from truestep.reports.model import Seen
from truestep.reports.pieces import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_SEEN = 400
PLAIN_ROLES = ("", "claim", "continuation", "answer")
PASSED_OVER = "passed over"
_TYPOGRAPHY = re.compile(r"\(\d{1,3}\)\s*$|[\s{}()\[\]|·⋅*&.,;]|\\(?:displaystyle|left|right|,|;|!)")


def seen(record: Mapping[str, Any], is_judged: bool = True) -> tuple[Seen, ...]:
    """Every formula of a check record; one is plain where nothing is to be said but what was written.

    Where it is judged beside, the reason of a line is said there.
    """
    shown = Readable()
    return tuple(_seen(one, shown, is_judged) for one in formulas(record)[:MOST_SEEN])


def _seen(one: Mapping[str, Any], shown: Readable, is_judged: bool) -> Seen:
    written, read, role = str(one.get("text", "")), str(one.get("read", "")), str(one.get("role", ""))
    granted = [row_of(code).slip for code in one.get("liberties", ())]
    reason = "" if is_judged and "line" in one else str(one.get("reason", ""))
    note = "; ".join(filter(None, (*granted, reason)))
    is_same = not read or _bare(shown(written)) == _bare(shown(read))
    is_plain = is_same and not note and role in PLAIN_ROLES and (bool(role) or (is_judged and "line" in one))
    return Seen(place_of(one), role or PASSED_OVER, written, read, text_of(note), is_same, is_plain)


def _bare(text: str) -> str:
    """A formula without what only sets it: brackets, spaces, its number, and which sign a derivative has.

    >>> _bare("dz/dx = (a) (7)") == _bare("∂z/∂x = a")
    True
    """
    return _TYPOGRAPHY.sub("", text).replace("∂", "d").replace("‖", "")


def place_of(one: Mapping[str, Any]) -> str:
    """Line and column in the file; in a notebook those in the cell.

    >>> place_of({"source": {"line": 3, "column": 7, "cell": 2}})
    'cell 2, 3:7'
    """
    source = one["source"]
    cell = f"cell {source['cell']}, " if "cell" in source else ""
    return f"{cell}{source.get('line', '?')}:{source.get('column', '?')}"
