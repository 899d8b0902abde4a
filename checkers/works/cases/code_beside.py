"""Code that stands beside formulas, judged as a work of its own: what it computes as a derivative is one, or is not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from truestep.checkers.documents.work import DocumentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from truestep.checkers.documents.work import Row, Work

MOST_BLOCKS = 4
OTHERWISE = "this line of code computes something else than the formulas"
_DEFINED = re.compile(r"[ \t]*def\s+(?P<name>\w+)\s*\(")
_ASSIGNED = re.compile(r"[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*=(?!=)")
_OF_SLOPE = re.compile(
    r"(?:^|_)(?:d[A-Za-z]\w*|grads?|gradients?|backward|jacobian|hessian|derivative|slope|prime)(?:_|$)"
)


def with_code(record: dict[str, Any], work: Work, judged: Callable[[Row], dict[str, Any] | None]) -> dict[str, Any]:
    """The record of a work, no longer right as a whole where its code has another derivative than it shows.

    A difference in shape alone may be one of layout.
    """
    if record["verdict"] != "right" or not work.code:
        return record
    false = [one for block in work.code[:MOST_BLOCKS] for one in _false_lines(block, judged)]
    if not false:
        return record
    passed = [{"text": row.text, "source": row.source, "reason": OTHERWISE} for row in false]
    return {**record, "verdict": "undecided", "passed_over": [*record.get("passed_over", ()), *passed]}


def _false_lines(block: Row, judged: Callable[[Row], dict[str, Any] | None]) -> Iterator[Row]:
    """The lines of a block of code that say of a derivative what is not so."""
    try:
        record = judged(block)
    except DocumentFault:
        return
    lines = block.text.split("\n")
    for line in record["lines"] if record is not None and "lines" in record else ():
        place = line["source"]["line"] - 1
        if line["verdict"] == "wrong" and "witness" in line and place < len(lines) and _is_of_slope(lines, place):
            yield replace(block, text=lines[place].strip(), line=block.line + place, end=(0, 0))


def _is_of_slope(lines: list[str], place: int) -> bool:
    """Whether a line assigns to the name of a derivative, or returns from a function with such a name."""
    code = lines[place].partition("#")[0]
    assigned = _ASSIGNED.match(code)
    if assigned is not None:
        return _names_slope(assigned)
    heads = filter(None, map(_DEFINED.match, reversed(lines[:place])))
    head = next(heads, None)
    return code.lstrip().startswith("return") and head is not None and _names_slope(head)


def _names_slope(found: re.Match[str]) -> bool:
    return _OF_SLOPE.search(found["name"]) is not None
