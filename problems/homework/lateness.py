"""When a hand-in is late, and what that costs."""

from __future__ import annotations

import datetime
import math
import re
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

_UNITS = {"s": 1, "sec": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}
_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+?)s?")
DAY = 86400
Days = Annotated[float, Meta(ge=0, le=1000)]


class Late(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What being late costs: a share of what was earned for each day that was begun."""

    due: Annotated[str, Meta(description="when it is due: 2026-03-16 23:59, with +01:00 where clocks differ")] = ""
    per_day: Annotated[float, Meta(ge=0, le=1, description="the share of what was earned that a day costs")] = 0.0
    grace: Annotated[str, Meta(description="what is not yet late: 15 min, 1 h")] = ""
    max_days: Annotated[Days | None, Meta(description="what is later earns nothing")] = None


class Lateness(NamedTuple):
    """How many days late a hand-in is, and the share of what was earned that is kept."""

    days: int
    kept: float


def moment(text: str) -> datetime.datetime | None:
    """A date and time as platforms write them; None where it is none.

    >>> moment("2026-03-16 22:13:34.123456 UTC").hour, moment("2026-03-16 23:59").minute, moment("Monday")
    (22, 59, None)
    """
    plain = re.sub(r"\s*(?:UTC|Z)$", "+00:00", text.strip())
    plain = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", plain)
    plain = re.sub(r"(\.\d{6})\d+", r"\1", plain)
    try:
        return datetime.datetime.fromisoformat(plain)
    except ValueError:
        return None


def seconds_of(span: str) -> float | None:
    """A span of time in seconds; None where it is none.

    >>> seconds_of("15 min"), seconds_of("1.5 hours"), seconds_of(""), seconds_of("soon")
    (900.0, 5400.0, 0.0, None)
    """
    if not span.strip():
        return 0.0
    found = _SPAN.fullmatch(span.strip().lower())
    return float(found[1]) * _UNITS[found[2]] if found and found[2] in _UNITS else None


def lateness(policy: Late, at: str) -> Lateness | None:
    """How late a hand-in is that came in at a time; None where that cannot be said.

    >>> lateness(Late(due="2026-03-16 23:59", per_day=0.1, grace="15 min"), "2026-03-17 00:20")
    Lateness(days=1, kept=0.9)
    """
    due, came = moment(policy.due), moment(at)
    if due is None or came is None:
        return None
    if (due.tzinfo is None) != (came.tzinfo is None):
        due, came = due.replace(tzinfo=due.tzinfo or came.tzinfo), came.replace(tzinfo=came.tzinfo or due.tzinfo)
    over = (came - due).total_seconds()
    days = math.ceil(over / DAY) if over > (seconds_of(policy.grace) or 0.0) else 0
    if policy.max_days is not None and days > policy.max_days:
        return Lateness(days, 0.0)
    return Lateness(days, max(0.0, round(1 - policy.per_day * days, 6)))
