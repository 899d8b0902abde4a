"""Marks as a report shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from truestep.reports.model import Item, Marks
from truestep.reports.numbers import marks as written
from truestep.reports.pieces import Text, text_of, words

MOST_ITEMS = 100


def marks_of(record: Any) -> Marks | None:
    """The marks of a record, where it has some."""
    if not isinstance(record, Mapping) or _number(record.get("of")) is None:
        return None
    entries = record.get("items")
    items = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list | tuple) else []
    return Marks(
        _number(record.get("earned")),
        _number(record.get("of")),
        tuple(_item(item) for item in items[:MOST_ITEMS]),
        _number(record.get("at_least")),
        _number(record.get("at_most")),
    )


def _item(item: Mapping[str, Any]) -> Item:
    return Item(
        text_of(str(item.get("for") or "")),
        _number(item.get("earned")),
        _number(item.get("of")),
        text_of(str(item.get("why") or "")),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def told(marks: Marks) -> Text:
    """The marks in one sentence.

    >>> told(Marks(3.0, 5.0))[0].text, told(Marks(None, 5.0, (), 2.0, 4.0))[0].text
    ('Marks: 3 of 5.', 'Marks: a person gives them; at least 2, at most 4 of 5.')
    """
    of = written(marks.of or 0.0)
    if marks.earned is not None:
        return words(f"Marks: {written(marks.earned)} of {of}.")
    if marks.least is not None and marks.most is not None:
        return words(
            f"Marks: a person gives them; at least {written(marks.least)}, at most {written(marks.most)} of {of}."
        )
    return words(f"Marks: a person gives them, of {of}.")


def points(earned: float | None, of: float | None) -> str:
    """Marks: earned, of what it is worth.

    >>> points(1.0, 2.0), points(None, 2.0), points(0.5, None)
    ('1 of 2', '? of 2', '0.5')
    """
    got = "?" if earned is None else written(earned)
    return f"{got} of {written(of)}" if of is not None else got


def earned(marks: Marks | None) -> str:
    """The marks of a part, where it has some."""
    return "" if marks is None else points(marks.earned, marks.of)
