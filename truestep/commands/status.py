"""The exit status of a check, and records as lines of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

RIGHT, WRONG, FAULT, OPEN = 0, 1, 2, 3


def of_record(record: Mapping[str, Any]) -> int:
    """The exit status that one check or derive record asks for.

    >>> of_record({"verdict": "right", "lines": [{"verdict": "right"}]}), of_record({"error": "not JSON"})
    (0, 2)
    """
    if "error" in record:
        return FAULT
    if "status" in record:
        return RIGHT if record["status"] == "derived" else OPEN
    verdicts = {record.get("verdict"), *(line.get("verdict") for line in record.get("lines") or ())}
    if "wrong" in verdicts:
        return WRONG
    return RIGHT if record.get("verdict") == "right" and not verdicts & {"undecided", "unreadable"} else OPEN


def of_all(statuses: Iterable[int]) -> int:
    """The exit status of a batch: a fault outweighs a wrong answer, that an open one, and that a right one.

    >>> of_all([0, 3, 1]), of_all([])
    (1, 0)
    """
    seen = set(statuses)
    return next((status for status in (FAULT, WRONG, OPEN) if status in seen), RIGHT)


def as_json(record: Mapping[str, Any]) -> str:
    """The record on one line of ASCII.

    >>> as_json({"id": "\\ud800", "left": float("nan")})
    '{"id": "\\\\ud800", "left": "nan"}'
    """
    try:
        return json.dumps(record, allow_nan=False)
    except (TypeError, ValueError):
        return json.dumps(_finite(record))


def _finite(value: Any) -> Any:
    """The value with what JSON has no form for written as text."""
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)
