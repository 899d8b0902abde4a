"""Records answered in workers: what a worker is asked to do, and what is said where it had to be ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from truestep.checkers.workers import Ended
from truestep.commands import status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from truestep.checkers.workers import Workers
    from truestep.commands.stream import Answer, Request

OPEN = "truestep.commands.judging:left_open"


def checked(raw: str, number: int, fault: str, is_diagnosed: bool = True) -> str:
    """The exit status that one line of check records asks for, and its output record as JSON."""
    from truestep.checkers.records import check_line

    return _text({"id": number, "error": fault} if fault else check_line(raw, number, is_diagnosed))


def derived(raw: str, number: int, fault: str, *options: str | None) -> str:
    """As ``checked``, of a line of derive records."""
    from truestep.checkers.derive_records import Options, derive_line

    chosen = Options(options[0] or "normal", *options[1:])
    return _text({"id": number, "error": fault} if fault else derive_line(raw, number, chosen))


def left_open(raw: str, number: int, limit: str, reason: str) -> str:
    """As ``checked``, where a limit ended the judging."""
    from truestep.checkers.records import answer_line, unjudged_record

    return _text(answer_line(raw, number, lambda record: unjudged_record(record, limit, reason)))


def _text(record: dict[str, Any]) -> str:
    return f"{status.of_record(record)} {status.as_json(record)}"


def answers(workers: Workers, function: str, requests: Iterable[Request], *more: Any) -> Iterator[Answer]:
    """The exit status and the output line for each request in order; ``more`` is what the function takes besides."""
    for request, found in workers.each(function, ((*request, *more) for request in requests)):
        text = _said_of(workers, function, request, found.limit) if isinstance(found, Ended) else found
        state, _, line = text.partition(" ")
        yield int(state), line


def _said_of(workers: Workers, function: str, request: tuple[Any, ...], limit: str) -> str:
    raw, number, *_ = request
    reason = workers.limits.reason(limit)
    if function.endswith(":derived"):
        return _text({"id": _id(raw, number), "status": "stuck", "stuck_at": reason})
    try:
        return workers.ask(OPEN, raw, number, limit, reason)
    except Ended:  # not even its rows can be told
        left = {"verdict": "undecided", "reason": reason}
        final: dict[str, Any] = {"final": {"line": None, **left}, "first_wrong_line": None, "lines": [], "findings": []}
        return _text({"id": _id(raw, number), "verdict": "undecided", **final, "limits": limit})


def _id(raw: str, number: int) -> Any:
    try:
        return json.loads(raw).get("id", number)
    except (ValueError, AttributeError, RecursionError):
        return number
