"""The file of a homework: TOML to a Homework, with every fault said where it stands."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.problems.homework.homework import DERIVATIVES, FIGURES, Figure, Homework, Part, Question
from truestep.problems.homework.rubric import checked_marking, refuse_odd_rubric, rubric_of
from truestep.problems.sheets.typeset.prose import line, pieces
from truestep.problems.statements.files import read_table
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import checked_slips, load_problem, problem_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    Table = Mapping[str, Any]

MAX_HOMEWORK_BYTES = 1024 * 1024
MAX_QUESTIONS = 300
SMALLEST_BOX, LARGEST_BOX = 1.0, 23.0
BOX = 8.0  # a derivation
BOXES = {"by hand": 4.5, "shape": 4.0, "sizes": 6.0, "count": 3.0, "choice": 2.0, "order": 4.0}
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .()_-]{0,38}[A-Za-z0-9.)])?")
HOMEWORK_KEYS = ("id", "title", "course", "source", "due", "text", "fields", "notation", "slips", "marking", "part")
PART_KEYS = ("title", "text", "question")
QUESTION_KEYS = (
    "id",
    "title",
    "text",
    "points",
    "kind",
    "problem",
    "show",
    "model_answer",
    "rubric",
    "figure",
    "box",
    "carries",
)
FIGURE_KEYS = (
    "kind",
    "caption",
    "functions",
    "labels",
    "variable",
    "range",
    "derivatives",
    "panels",
    "problem",
    "where",
)
MERGED = ("symbols", "functions", "names", "macros")
JOINED = ("given", "assume", "slips")


def read_homework(path: Path) -> Homework:
    """The homework in a file.

    Raises StatementFault.
    """
    table = read_table(path, "homework", MAX_HOMEWORK_BYTES)
    try:
        return homework_from({"id": path.stem, **table})
    except StatementFault as fault:
        raise StatementFault(f"{path}: {fault.message}") from None


def homework_from(table: Table) -> Homework:
    """The homework that a table states.

    Raises StatementFault, which names the part and the question.

    >>> made = homework_from({"title": "H", "part": [{"question": [{"id": "1", "kind": "by hand"}]}]})
    >>> made.question("1").is_by_hand
    True
    """
    _known(table, HOMEWORK_KEYS, "a homework")
    if not _said(table, "title"):
        raise StatementFault("title: a homework needs one")
    notation = table.get("notation", {})
    parts = tuple(
        _within(f"part {number}", _part, part, notation) for number, part in enumerate(_tables(table, "part"), start=1)
    )
    if "marking" in table:
        parts = tuple(_deducting(part, table["marking"]) for part in parts)
    if "slips" in table:
        parts = tuple(_slipping(part, checked_slips(table["slips"])) for part in parts)
    homework = Homework(
        id=_id(str(table.get("id", "homework"))),
        title=_titled(table, "title"),
        course=_titled(table, "course"),
        source=_titled(table, "source"),
        due=tuple(_line("due", entry) for entry in _several(table, "due")),
        text=_prose(table, "text"),
        fields=tuple(_line("fields", entry) for entry in _several(table, "fields")),
        parts=parts,
    )
    _refuse_twins(homework)
    return homework


def _within(place: str, make: Callable[[Table, Table], Any], table: Table, notation: Table) -> Any:
    """What is made of a table; a fault in it is said with its place."""
    try:
        return make(table, notation)
    except StatementFault as fault:
        raise StatementFault(f"{place}: {fault.message}") from None


def _part(table: Table, notation: Table) -> Part:
    _known(table, PART_KEYS, "a part")
    questions = tuple(
        _within(f"question {entry.get('id', number)}", _question, entry, notation)
        for number, entry in enumerate(_tables(table, "question"), start=1)
    )
    return Part(_titled(table, "title"), _prose(table, "text"), questions)


def _slipping(part: Part, slips: tuple[dict[str, str], ...]) -> Part:
    """The part with the slips of the whole homework behind those of each question."""

    def with_slips(question: Question) -> Question:
        if question.problem is None:
            return question
        return replace(question, problem=replace(question.problem, slips=(*question.problem.slips, *slips)))

    return replace(part, questions=tuple(with_slips(question) for question in part.questions))


def _deducting(part: Part, marking: Any) -> Part:
    """The part with what slips of notation cost in the whole homework, where a question does not say otherwise."""
    costs = checked_marking(marking)
    stray = next((key for key in costs if key != "deduct"), None)
    if stray:
        raise StatementFault(f"marking: {stray} is said for each question in its problem; a homework says deduct alone")

    def costing(question: Question) -> Question:
        if question.problem is None:
            return question
        own = question.problem.marking
        marking = {**own, "deduct": {**costs.get("deduct", {}), **own.get("deduct", {})}}
        return replace(question, problem=replace(question.problem, marking=marking))

    return replace(part, questions=tuple(costing(question) for question in part.questions))


def _question(table: Table, notation: Table) -> Question:
    _known(table, QUESTION_KEYS, "a question")
    if "id" not in table:
        raise StatementFault("id: every question needs one, such as '1(a)'")
    problem = _answer(table, notation)
    box = _number(table, "box", SMALLEST_BOX, LARGEST_BOX)
    return Question(
        id=_id(str(table["id"])),
        title=_titled(table, "title"),
        text=_prose(table, "text"),
        points=_worth(table, problem),
        problem=problem,
        shown=tuple(_problem(entry, notation) for entry in _tables(table, "show")),
        model_answer=_prose(table, "model_answer"),
        rubric=_prose(table, "rubric"),
        figures=tuple(_figure(entry, notation, problem) for entry in _tables(table, "figure")),
        box=0.0 if problem is None else box or BOXES.get(problem.kind, BOX),
        carries=_several(table, "carries") if "carries" in table else None,
    )


def _worth(table: Table, problem: Problem | None) -> float | None:
    """The points of a question: its own, or those of its problem."""
    own = _number(table, "points", 0, 10_000)
    rubric = None if own is not None or problem is None else rubric_of(problem)
    return own if rubric is None else rubric.of


def _answer(table: Table, notation: Table) -> Problem | None:
    """What a question asks: a problem, an answer that a person reads, or nothing."""
    kind = table.get("kind")
    if kind not in (None, "by hand"):
        raise StatementFault(
            f"kind: a question says 'by hand' or nothing, not {kind!r}; any other kind is the problem's"
        )
    identifier, title, points = str(table["id"]), str(table.get("title", "")), _number(table, "points", 0, 10_000)
    if kind:
        if "problem" in table:
            raise StatementFault("this has a problem, so it is not read by hand; leave out one of the two")
        return Problem(kind="by hand", points=points, id=identifier, title=title)
    if "problem" not in table:
        stray = next((key for key in ("model_answer", "rubric", "box") if key in table), None)
        if stray:
            raise StatementFault(f"{stray}: nothing is asked here; add a problem, or kind = 'by hand'")
        return None
    problem = _problem(table["problem"], notation)
    points = points if problem.points is None else problem.points
    problem = replace(problem, points=points, id=identifier, title=title or problem.title)
    refuse_odd_rubric(problem)
    return problem


def problem_keys() -> tuple[str, ...]:
    """The keys of a problem in a homework."""
    return ("use", *(key.name for key in fields(Problem)))


def _problem(stated: Any, notation: Table) -> Problem:
    """A problem as it is stated in a homework: an id of the book, or a table that may use a notation by its name."""
    if isinstance(stated, str):
        return load_problem(stated)
    if not isinstance(stated, dict):
        raise StatementFault("problem: write a table, or the id of a problem in the book")
    _known(stated, problem_keys(), "a problem")
    merged: dict[str, Any] = {}
    for name in _several(stated, "use"):
        if not isinstance(notation.get(name), dict):
            raise StatementFault(f"use: there is no [notation.{name}]{nearest(name, notation)}")
        merged = put_over(merged, notation[name])
    return problem_from(put_over(merged, {key: value for key, value in stated.items() if key != "use"}))


def put_over(below: Table, above: Table) -> dict[str, Any]:
    """One statement over another: tables are merged, givens and assumptions joined, all else is replaced."""
    merged = {**below, **above}
    for key in MERGED:
        if isinstance(below.get(key), dict) and isinstance(above.get(key), dict):
            merged[key] = {**below[key], **above[key]}
    for key in JOINED:
        if key in below and key in above:
            merged[key] = [*_several(below, key), *_several(above, key)]
    return merged


def _figure(table: Table, notation: Table, asked: Problem | None) -> Figure:
    _known(table, FIGURE_KEYS, "a figure")
    kind = table.get("kind")
    _one_of("figure: kind", kind, FIGURES)
    where = table.get("where", "solution")
    _one_of("figure: where", where, ("solution", "question"))
    derivatives = table.get("derivatives", "no")
    _one_of("figure: derivatives", derivatives, DERIVATIVES)
    problem = _problem(table["problem"], notation) if "problem" in table else asked if kind == "graph" else None
    functions = _several(table, "functions")
    labels = _several(table, "labels")
    if kind == "plot" and not functions:
        raise StatementFault("figure: functions: a plot needs at least one")
    if labels and len(labels) != len(functions):
        raise StatementFault("figure: labels: there must be one for each function")
    if kind == "graph" and (problem is None or not problem.given):
        raise StatementFault("figure: a graph is drawn from the givens of a problem; the question has none")
    return Figure(
        kind=str(kind),
        caption=_titled(table, "caption"),
        functions=functions,
        labels=labels,
        variable=str(table.get("variable", "x")),
        range=_range(table.get("range", [-4, 4])),
        derivatives=derivatives,
        panels=bool(table.get("panels", False)),
        problem=problem,
        in_question=where == "question",
    )


def _range(value: Any) -> tuple[float, float]:
    ends = value if isinstance(value, list) else []
    if len(ends) != 2 or not all(isinstance(end, int | float) for end in ends) or not -1e6 < ends[0] < ends[1] < 1e6:
        raise StatementFault(f"figure: range: {value!r} is not [from, to]")
    return float(ends[0]), float(ends[1])


def _known(table: Table, keys: Iterable[str], what: str) -> None:
    """A mistyped key would silently be nothing."""
    for key in table:
        if key not in keys:
            raise StatementFault(
                f"{quoted(key)} is no key of {what}{nearest(key, keys) or '; it has ' + ', '.join(keys)}"
            )


def _one_of(key: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise StatementFault(f"{key}: {value!r} is none of {', '.join(allowed)}")


def _tables(table: Table, key: str) -> list[Table]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise StatementFault(f"{key}: write [[...]] for each, so that it is a list of tables")
    return entries


def _several(table: Table, key: str) -> tuple[str, ...]:
    value = table.get(key, ())
    entries = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else (None,)
    if not all(isinstance(entry, str) for entry in entries):
        raise StatementFault(f"{key}: write a text or a list of texts")
    return entries


def _said(table: Table, key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise StatementFault(f"{key}: {value!r} is no text; put it in quotes")
    return value


def _titled(table: Table, key: str) -> str:
    return _line(key, _said(table, key))


def _line(key: str, text: str) -> str:
    try:
        line(text)
    except StatementFault as fault:
        raise StatementFault(f"{key}: {fault.message}") from None
    return text


def _prose(table: Table, key: str) -> str:
    text = _said(table, key)
    try:
        pieces(text)
    except StatementFault as fault:
        raise StatementFault(f"{key}: {fault.message}") from None
    return text


def _number(table: Table, key: str, low: float, high: float) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise StatementFault(f"{key}: {value!r} is no number from {low:g} to {high:g}")
    return float(value)


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise StatementFault(
            f"id: {quoted(text)} holds more than letters, digits, blanks and . ( ) _ -, or is too long"
        )
    return text


def _refuse_twins(homework: Homework) -> None:
    """Two questions of one id would share one box."""
    seen: set[str] = set()
    for question in homework.questions:
        if question.id in seen:
            raise StatementFault(f"question {question.id}: two questions have this id")
        for other in question.carries or ():
            if other not in seen:
                raise StatementFault(
                    f"question {question.id}: carries: no question before it is {other!r}{nearest(other, seen)}"
                )
        seen.add(question.id)
    if len(seen) > MAX_QUESTIONS:
        raise StatementFault(f"a homework has at most {MAX_QUESTIONS} questions")
