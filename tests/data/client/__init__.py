"""A package that uses truestep, as one outside would: its types are checked strictly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, assert_type

import truestep

Says = Literal["right", "wrong", "undecided", "unreadable", "not_checked"]


def rewarded(gold: str, answer: str) -> float:
    """What a model's answer earns."""
    verdict = truestep.verify(gold, answer, {"x": "scalar"}, ["x > 0"], tolerance=0.01, timeout=1.0)
    assert_type(verdict, truestep.Verdict)
    assert_type(verdict.verdict, Literal["right", "wrong", "undecided", "unreadable"])
    assert_type(verdict.witness, Mapping[str, Any])
    return 1.0 if verdict else 0.0


def told(work: Path, problem: str | Mapping[str, object]) -> list[str]:
    """What is said of each line of a work."""
    report = truestep.check(work, problem, reveal="hint")
    assert_type(report.verdict, Says)
    assert_type(report.first_wrong, int | None)
    numbers = [line.witness.left for line in report.lines if line.witness is not None]
    marks = report.marks.earned if report.marks is not None else None
    assert_type(marks, float | None)
    places = [(line.source.line, line.source.column) for line in report.lines if line.source is not None]
    assert_type(places, list[tuple[int, int]])
    return [*(finding.message for finding in report.findings), report.to_markdown(), str(numbers)]


def answer(problem: truestep.Problem) -> str:
    """What a problem asks for, with the rules that led there."""
    try:
        made = truestep.derive(problem, detail="full")
    except (truestep.Stuck, truestep.StatementFault) as fault:
        return str(fault)
    assert_type(made, truestep.Derivation)
    return made.latex + ", ".join(step.rule for step in made.steps)


def shape(text: str) -> tuple[str | int, ...]:
    """The shape of a formula."""
    try:
        found = truestep.read(text, {"W": "K x M"})
    except truestep.Fault:
        return (1, 1)
    assert_type(found, truestep.Expression)
    return found.shape


def totals(homework: Path, folder: Path) -> dict[str, float | None]:
    """What each student of a class earned."""
    graded = truestep.grade(homework, [folder], folder / "store", jobs=2)
    assert_type(graded, truestep.Class)
    for student, one in graded.open:
        assert_type((student.id, one.question, one.for_a_person), tuple[str, str, tuple[str, ...]])
    return {student.id: student.earned for student in graded.students}
