"""What changes when a class is graded again, or its marks go to a platform, student by student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.classes.totals import amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.classes.gradebooks import Book
    from truestep.classes.totals import Mark, Row


def differences(before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """A line for each student whose marks differ, who is new, or who is gone."""
    old = {row.key: row for row in before}
    new = {row.key: row for row in after}
    for key in sorted(old | new):
        was, now = old.get(key), new.get(key)
        one = now or was
        name = f"{key} {one.name}".strip() if one is not None and one.name != key else key
        changed = list(_changed(was.marks, now.marks)) if was is not None and now is not None else []
        if was is None:
            yield f"{name}: new, {_amount(now)}"
        elif now is None:
            yield f"{name}: gone, had {_amount(was)}"
        elif changed or _amount(was) != _amount(now):
            yield f"{name}: {_arrow(_amount(was), _amount(now))}" + (f" ({', '.join(changed)})" if changed else "")


def book_differences(book: Book, column: str) -> Iterator[str]:
    """A line for each student whose grade on the platform's list, in a column of it, would become another one."""
    for row in book.rows:
        name = f"{row.key} {row.name}".strip() if row.name != row.key else row.key
        old, new = book.of_roster(row, column), book.total(row)
        if row.key not in book.roster:
            yield f"{name}: not on the list, {new or 'open'}"
        elif not new:
            yield f"{name}: stays {old or 'empty'}, a person decides on {amount(row.low, row.high)}"
        elif _number(old) != _number(new):
            yield f"{name}: {_arrow(old or '-', new)}"


def _number(cell: str) -> float | str:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return cell


def _changed(before: dict[str, Mark], after: dict[str, Mark]) -> Iterator[str]:
    for question in dict.fromkeys((*before, *after)):
        was, now = (_amount(marks.get(question)) for marks in (before, after))
        if was != now:
            yield f"{question}: {_arrow(was, now)}"


def _amount(given: Mark | Row | None) -> str:
    return "-" if given is None else amount(given.low, given.high)


def _arrow(before: str, after: str) -> str:
    return f"{before} -> {after}"
