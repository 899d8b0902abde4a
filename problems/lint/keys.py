"""Lints of the file itself: its format, its keys, its ids, and whatever else loading it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import quoted
from truestep.problems.homework.homework import Homework
from truestep.problems.homework.homework_file import homework_misfits, with_problems
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.schema import misfits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.lint.draft import Draft
    from truestep.problems.statements.schema import Misfit
    from truestep.problems.statements.toml.positions import Path

# a tab before a letter within a line is what is left of \theta
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<=[^\n\t])\t(?=[a-z])")
_ESCAPES = {"\b": r"\b", "\f": r"\f", "\t": r"\t", "\x1b": r"\e"}


def syntax(draft: Draft) -> Iterator[Remark]:
    """The file is no TOML (or JSON, by its suffix)."""
    if draft.fault:
        yield Remark(
            (), draft.fault, "formulas stand in 'single quotes'; longer texts in '''three'''", position=draft.at_fault()
        )


def control_character(draft: Draft) -> Iterator[Remark]:
    r"""Control characters in a text: what ``\frac`` and ``\theta`` in double quotes are turned into."""
    for place, text in _strings(draft.table, ()):
        for found in _CONTROL.finditer(text):
            escape = _ESCAPES.get(found[0], f"\\x{ord(found[0]):02x}")
            message = f"this text holds a control character, as the escape {escape} in double quotes makes it"
            yield Remark(place, message, "write formulas in 'single quotes', or each backslash twice", found.start())


def _strings(value: Any, place: Path) -> Iterator[tuple[Path, str]]:
    """Every string of a table, with its place."""
    if isinstance(value, str):
        yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _strings(one, (*place, key))


def unknown_key(draft: Draft) -> Iterator[Remark]:
    """Keys that mean nothing where they stand; those of a rubric have a rule of their own."""
    found: list[Misfit] = []
    if draft.single is not None:
        place, table = draft.single.pieces[-1]
        found += [one._replace(place=(*place, *one.place)) for one in misfits(table, Problem)]
    elif draft.is_homework:
        notation = draft.table.get("notation")
        for name, piece in notation.items() if isinstance(notation, dict) else ():
            found += [one._replace(place=("notation", name, *one.place)) for one in misfits(piece, Problem)]
        found += misfits(with_problems(draft.table, _alone), Homework)
    for one in found:
        if one.of_key and "marking" not in one.place[:-1]:
            yield Remark(one.place, one.message, one.repair, of_key=True)


def _alone(stated: Any, place: Path) -> Any:
    """A problem as it is written, without what it uses."""
    if isinstance(stated, str):
        return {}
    return {key: value for key, value in stated.items() if key != "use"} if isinstance(stated, dict) else stated


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
    """Whatever else is refused when the homework is loaded."""
    for one in homework_misfits(draft.table) if draft.is_homework else ():
        if not one.of_key:
            yield Remark(one.place, one.message, one.repair)
