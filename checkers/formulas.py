"""Each formula of a work as it was read: what a check record says of it, in the order of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN = ("text", "source", "role", "read", "liberties")
OPEN = ("unreadable", "undecided")


def formulas(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The formulas of a record, each with ``text`` and ``source``, and ``line``, ``role``, ``read``, ``liberties``.

    What a formula has none of is left out; the ``reason`` says why one was not understood.

    >>> first, last = ({"text": "x", "source": {"line": line, "column": 1}} for line in (1, 2))
    >>> [one["source"]["line"] for one in formulas({"lines": [{**last, "line": 0}], "context": [first]})]
    [1, 2]
    """
    entries = [one for key in ("lines", "context", "passed_over") for one in record.get(key) or () if one.get("source")]
    return [_formula(entry) for entry in sorted(entries, key=_place)]


def reading_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of a work, without what is judged: ``formulas``, the names that it introduces, its conventions."""
    names = [one.get("args", {}).get("name") for one in record.get("findings", ()) if one["code"] == "introduced"]
    return {
        "id": record.get("id"),
        "formulas": formulas(record),
        "introduced": list(dict.fromkeys(filter(None, names))),
        "conventions": list(record.get("conventions") or ()),
    }


def _place(entry: Mapping[str, Any]) -> tuple[int, int, int]:
    source = entry["source"]
    return source.get("cell", 0), source.get("line", 0), source.get("column", 0)


def _formula(entry: Mapping[str, Any]) -> dict[str, Any]:
    out = {key: entry[key] for key in ("line", *SHOWN) if key in entry}
    is_open = "read" not in entry or entry.get("verdict") in OPEN
    return {**out, "reason": entry["reason"]} if is_open and entry.get("reason") else out
