"""Lints of marking: rubrics that do not add up, and earlier questions that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.homework.homework_file import homework_misfits
from truestep.problems.lint.draft import points_in
from truestep.problems.lint.lint_rule import Remark
from truestep.problems.statements.problem import Marking
from truestep.problems.statements.rubric import refuse_odd_rubric
from truestep.problems.statements.schema import misfits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.lint.draft import Asked, Draft, Stated
    from truestep.problems.statements.toml.positions import Path

    Remarks = Iterator[Remark]


def rubric(draft: Draft) -> Remarks:
    """Rubrics that hold what marking does not know, do not add up, or mark what is not asked."""
    for one in homework_misfits(draft.table) if draft.is_homework else ():
        if one.place[:1] == ("marking",):
            yield Remark(one.place, one.message, one.repair, of_key=one.of_key)
    for stated in draft.stated:
        if "marking" in stated.table:
            yield from _of_problem(draft, stated)
    for question in draft.questions:
        yield from _two_worths(question)


def _of_problem(draft: Draft, stated: Stated) -> Remarks:
    place = stated.origin("marking")
    found = misfits(stated.table["marking"], Marking)
    for one in found:
        yield Remark((*place, *one.place), one.message, one.repair, of_key=one.of_key)
    marking = stated.table["marking"]
    if stated.problem is not None:
        points = _points_around(draft, stated) if stated.problem.points is None else stated.problem.points
        try:
            refuse_odd_rubric(structs.replace(stated.problem, points=points))
        except StatementFault as fault:
            yield _remark(place, marking, fault.name, fault.said)
    elif not found:  # it is the rubric that makes the whole problem unusable
        told = [one for one in stated.faults if one.key == "marking"]
        yield from (_remark(place, marking, one.entry, one.message) for one in told[:1])


def _remark(place: Path, marking: Any, name: object, said: str) -> Remark:
    """The remark at the key of the rubric that is named."""
    return Remark((*place, name) if isinstance(name, str) and name in marking else place, said)


def _points_around(draft: Draft, stated: Stated) -> float | None:
    """The points of the question that a problem stands in."""
    for question in draft.questions:
        if stated in question.stated and stated.role == "asked":
            return points_in(question.table)
    return None


def _two_worths(question: Asked) -> Remarks:
    """Other points at a question than at its problem."""
    outer, inner = points_in(question.table), points_in(question.problem)
    if outer is not None and inner is not None and outer != inner:
        message = f"the question is worth {outer:g} points, and its problem {inner:g}"
        yield Remark((*question.place, "problem", "points"), message, "say the points once, at the question")


def carries(draft: Draft) -> Remarks:
    """Questions that build on one that does not come before them."""
    for place, other, before in _carried(draft):
        if other not in before:
            repair = nearest(other, before).removeprefix("; ") or "name questions before this one by their ids"
            yield Remark(place, f"no question before this one has the id {quoted(other)}", repair)


def carries_nothing(draft: Draft) -> Remarks:
    """Questions that build on one without an answer that truestep checks."""
    for place, other, before in _carried(draft):
        if other in before and "problem" not in before[other].table:
            message = f"{quoted(other)} has no answer that truestep checks, so nothing is carried from it"
            yield Remark(place, message, "name a question with a problem, or leave it out")


def _carried(draft: Draft) -> Iterator[tuple[Path, str, dict[str, Asked]]]:
    """Each id under ``carries`` with its place, and the questions before it by their ids."""
    before: dict[str, Asked] = {}
    for question in draft.questions:
        named = question.table.get("carries", ())
        if isinstance(named, str):
            yield (*question.place, "carries"), named, before
        for number, other in enumerate(named if isinstance(named, list) else ()):
            if isinstance(other, str):
                yield (*question.place, "carries", number), other, before
        before[str(question.table.get("id", ""))] = question
