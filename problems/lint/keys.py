"""Lints of the file itself: its format, its keys, its ids, and whatever else loading it refuses."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.homework.homework_file import (
    FIGURE_KEYS,
    HOMEWORK_KEYS,
    PART_KEYS,
    QUESTION_KEYS,
    homework_from,
    problem_keys,
)
from truestep.problems.lint.draft import tables
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.lint.draft import Draft, Table
    from truestep.problems.statements.toml_positions import Path


def syntax(draft: Draft) -> Iterator[Remark]:
    """The file is no TOML (or JSON, by its suffix)."""
    if draft.fault:
        yield Remark(
            (), draft.fault, "formulas stand in 'single quotes'; longer texts in '''three'''", position=draft.at_fault()
        )


def unknown_key(draft: Draft) -> Iterator[Remark]:
    """Keys of a homework that mean nothing there."""
    for place, table, known, what in _tables(draft) if draft.is_homework else ():
        for key in table:
            if key not in known:
                proposal = nearest(key, known).removeprefix("; ") or f"it has {', '.join(known)}"
                yield Remark((*place, key), f"{quoted(key)} is no key of {what}", proposal, of_key=True)


def _tables(draft: Draft) -> Iterator[tuple[Path, Table, tuple[str, ...], str]]:
    """Every table of a homework with the keys that it may have."""
    table = draft.table
    yield (), table, HOMEWORK_KEYS, "a homework"
    notation = table.get("notation")
    for name, piece in notation.items() if isinstance(notation, dict) else ():
        if isinstance(piece, dict):
            yield ("notation", name), piece, problem_keys()[1:], "a notation"
    for place, part in tables(table, "part"):
        yield place, part, PART_KEYS, "a part"
    for question in draft.questions:
        yield question.place, question.table, QUESTION_KEYS, "a question"
        for place, figure in tables(question.table, "figure", question.place):
            yield place, figure, FIGURE_KEYS, "a figure"
        for stated in question.stated:
            place, own = stated.pieces[-1]
            yield place, own, problem_keys(), "a problem"


def ignored_key(draft: Draft) -> Iterator[Remark]:
    """Keys of a problem file that are passed over."""
    if draft.single is None:
        return
    place, table = draft.single.pieces[-1]
    known = [key.name for key in fields(Problem)]
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            repair = f"did you mean {close[0]}?" if close else "leave it out, or write it as a comment"
            yield Remark(
                (*place, key), f"{quoted(key)} is no key of a statement and is passed over", repair, of_key=True
            )


def repeated_id(draft: Draft) -> Iterator[Remark]:
    """Two questions of one id would share one box."""
    seen: dict[str, Path] = {}
    for question in draft.questions:
        identifier = str(question.table.get("id", ""))
        if identifier in seen:
            first = draft.places.position((*seen[identifier], "id")) if draft.places else None
            where = f" (the first in line {first[0]})" if first else ""
            message = f"two questions have the id {quoted(identifier)}{where}, so they would share one answer box"
            yield Remark((*question.place, "id"), message, "give each question an id of its own")
        elif identifier:
            seen[identifier] = question.place


def refused(draft: Draft) -> Iterator[Remark]:
    """Whatever else is refused when the homework is loaded, question by question."""
    if not draft.is_homework or draft.fault:
        return
    above: dict[str, Any] = {key: value for key, value in draft.table.items() if key != "part"}
    yield from _refused({"id": "homework", **above}, ())
    seen: set[str] = set()
    for place, part in tables(draft.table, "part"):
        bare = {key: value for key, value in part.items() if key != "question"}
        yield from _refused({"title": "H", "part": [bare]}, place)
    for question in draft.questions:
        if (identifier := str(question.table.get("id", ""))) not in seen:
            own = {key: value for key, value in question.table.items() if key != "carries"}
            alone = {"title": "H", "notation": above.get("notation", {}), "part": [{"question": [own]}]}
            yield from _refused(alone, question.place)
        seen.add(identifier)


def _refused(table: Table, place: Path) -> Iterator[Remark]:
    try:
        homework_from(table)
    except StatementFault as fault:
        message = fault.message
        for _ in range(2 if message.startswith("part 1: question ") else 1 if message.startswith("part 1: ") else 0):
            message = message.partition(": ")[2]
        key, _, rest = message.partition(": ")
        known = key in (*HOMEWORK_KEYS, *PART_KEYS, *QUESTION_KEYS)
        yield Remark((*place, key) if known else place, rest if known else message, of_key=not known)
