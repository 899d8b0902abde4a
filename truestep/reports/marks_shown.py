"""Marks as a report shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from truestep.reports.model import Earned, Item, Marks, Part
from truestep.reports.numerals import marks as written
from truestep.reports.pieces import Text, text_of, words

MOST_ITEMS = 100


def marks_of(record: Any) -> Marks | None:
    """The marks of a record, where it has some."""
    if not isinstance(record, Mapping) or _number(record.get("of")) is None:
        return None
    entries = record.get("items")
    items = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list | tuple) else []
    total = _earned(record)
    if total.earned is None and (total.least, total.most) == (0.0, total.of):
        return Marks(total)  # all is open
    return Marks(total, tuple(_item(item) for item in items[:MOST_ITEMS]))


def _item(item: Mapping[str, Any]) -> Item:
    return Item(text_of(str(item.get("for") or "")), _earned(item), text_of(str(item.get("why") or "")))


def _earned(entry: Mapping[str, Any]) -> Earned:
    return Earned(*(_number(entry.get(key)) for key in ("earned", "of", "at_least", "at_most")))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def told(marks: Marks) -> Text:
    """The marks in one sentence.

    >>> told(Marks(Earned(3.0, 5.0)))[0].text, told(Marks(Earned(None, 5.0, 2.0, 4.0)))[0].text
    ('Marks: 3 of 5.', 'Marks: a person gives them; at least 2, at most 4 of 5.')
    """
    earned, of, least, most = marks.total
    if earned is not None:
        return words(f"Marks: {points(marks.total)}.")
    if least is not None and most is not None and (least, most) != (0.0, of):
        bounds = f"at least {written(least)}, at most {written(most)} of {written(of or 0.0)}"
        return words(f"Marks: a person gives them; {bounds}.")
    return words(f"Marks: a person gives them, of {written(of or 0.0)}.")


def points(given: Earned | None) -> str:
    """Marks: earned, of what it is worth; nothing where there are none.

    >>> points(Earned(1.0, 2.0)), points(Earned(None, 2.0)), points(Earned(None, 3.0, 1.0, 2.5))
    ('1 of 2', '? of 2', '1 to 2.5 of 3')
    """
    if given is None:
        return ""
    open_ = "?" if given.least is None or given.most is None else f"{written(given.least)} to {written(given.most)}"
    got = open_ if given.earned is None else written(given.earned)
    return f"{got} of {written(given.of)}" if given.of is not None else got


def earned(part: Part) -> str:
    """The marks of a part, where it has some."""
    return points(part.marks.total) if part.marks is not None else ""
