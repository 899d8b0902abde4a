"""The file of a homework: TOML to a Homework, with every fault said where it stands."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from truestep.derivations.language.faults import StatementFault, nearest, quoted
from truestep.derivations.language.packed import ENDING
from truestep.problems.book import find_problem
from truestep.problems.findings.table import PRICED
from truestep.problems.homework.homework import Figure, Homework, Question
from truestep.problems.homework.lateness import moment, seconds_of
from truestep.problems.homework.own_commands import commands_in, with_texts
from truestep.problems.homeworks import homework_text, homeworks
from truestep.problems.sheets.typeset.prose import line, pieces
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.rubric import refuse_odd_rubric, rubric_of
from truestep.problems.statements.schema import Misfit, inside, json_schema, made, misfits, said
from truestep.problems.statements.statement import statement_of, usable
from truestep.problems.statements.toml.files import read_text, table_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from truestep.problems.statements.toml.positions import Path

    Table = Mapping[str, Any]

MAX_HOMEWORK_BYTES = 1024 * 1024
MAX_QUESTIONS = 300
LARGEST_BOX = 20.0
BOXES = {"by hand": 4.5, "count": 3.0}
RUBRIC = ("final", "method", "form", "lines")
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .()_-]{0,38}[A-Za-z0-9.)])?")
LINES = ("title", "course", "source", "caption", "due", "fields")
PROSE = ("text", "model_answer", "rubric")
MERGED = ("symbols", "functions", "names", "macros")
JOINED = ("given", "assume", "slips")


def load_homework(source: str) -> Homework:
    """The homework of an id, or of a TOML file.

    Raises StatementFault, which names the place in the file and what to mend.
    """
    path = File(source)
    if path.suffix == ".toml" or path.is_file():
        return _read(path)
    if source in homeworks():
        return known_homework(source)
    proposal = nearest(source, homeworks()) or f"; there are {', '.join(homeworks())}"
    raise StatementFault(f"no homework is called {source!r}{proposal}")


def known_homework(identifier: str) -> Homework:
    """The homework of an id that comes with truestep, whatever files there are.  Raises FileNotFoundError."""
    return _stated(homework_text(identifier), ENDING, identifier)


def _read(path: File) -> Homework:
    text = read_text(path, "homework", MAX_HOMEWORK_BYTES)
    try:
        return _stated(text, path.suffix, path.stem)
    except (ValueError, RecursionError, StatementFault) as fault:
        raise StatementFault(f"{path}: {fault}") from None


@lru_cache(maxsize=8)
def _stated(text: str, suffix: str, identifier: str) -> Homework:
    return homework_from({"id": identifier, **table_in(text, suffix)})


def homework_from(table: Table) -> Homework:
    """The homework that a table states.

    Raises StatementFault, which names the part and the question.

    >>> made = homework_from({"title": "H", "part": [{"question": [{"id": "1", "kind": "by hand"}]}]})
    >>> made.question("1").is_by_hand
    True
    """
    for one in homework_misfits(table):
        raise StatementFault(said(one, table))
    stated = made(_expanded(table, []), Homework)
    parts = tuple(
        replace(part, questions=tuple(_settled(one, stated) for one in part.questions)) for part in stated.parts
    )
    marking = replace(stated.marking, deduct={}, needs_work=None)
    return replace(stated, parts=parts, notation={}, marking=marking, slips=())


def homework_misfits(table: Table) -> Iterator[Misfit]:
    """All for which a homework is refused, with the places; what a question says is looked at once its values fit."""
    found: list[Misfit] = []
    whole = _expanded(table, found)
    found += misfits(whole, Homework)
    yield from found
    if not isinstance(whole, dict):
        return
    bad = {one.place[:4] for one in found}
    yield from _unset(whole, ())
    yield from _odd_marking(whole.get("marking"))
    before: dict[str, Question] = {}
    for place, part in tables(whole, "part"):
        yield from _unset(part, place)
        for path, question in tables(part, "question", place):
            if path not in bad:
                yield from _odd(made(question, Question), question, path, before)
    if len(before) > MAX_QUESTIONS:
        yield Misfit(("part",), f"a homework has at most {MAX_QUESTIONS} questions")


def tables(table: Table, key: str, place: Path = ()) -> Iterator[tuple[Path, Table]]:
    """The tables in a list, each with its place; what is no such list holds none.

    >>> list(tables({"part": [{"title": "P"}]}, "part"))
    [(('part', 0), {'title': 'P'})]
    """
    several = table.get(key)
    for number, entry in enumerate(several if isinstance(several, list) else ()):
        if isinstance(entry, dict):
            yield (*place, key, number), entry


def with_problems(table: Any, change: Callable[[Any, Path], Any], place: Path = ()) -> Any:
    """A homework, part, question or figure with each problem in it changed, wherever its values fit."""
    if not isinstance(table, dict):
        return table
    out = dict(table)
    for key in ("part", "question", "figure", "show"):
        if isinstance(out.get(key), list):
            deeper = change if key == "show" else lambda one, path: with_problems(one, change, path)
            out[key] = [deeper(one, (*place, key, at)) for at, one in enumerate(out[key])]
    if "problem" in out:
        out["problem"] = change(out["problem"], (*place, "problem"))
    return out


def _expanded(table: Table, found: list[Misfit]) -> Any:
    """The homework with pieces of notation put under the problems that use them, problems of the book, and commands."""
    notation = table.get("notation", {}) if isinstance(table, dict) else {}
    for name, piece in notation.items() if isinstance(notation, dict) else ():
        found += [one._replace(place=("notation", name, *one.place)) for one in misfits(piece, Problem)]

    def whole(stated: Any, place: Path) -> Any:
        if isinstance(stated, str):
            try:
                return statement_of(find_problem(stated))
            except StatementFault as fault:
                found.append(Misfit(place, fault.message))
                return {}
        if not isinstance(stated, dict):
            return stated
        used = stated.get("use", [])
        merged: dict[str, Any] = {}
        for name in _list(used):
            piece = inside(notation, name) if isinstance(name, str) else None
            if not isinstance(piece, dict):
                found.append(
                    Misfit((*place, "use"), f"there is no [notation.{name}]", nearest(str(name), notation)[2:])
                )
            else:
                merged = put_over(merged, piece)
        return put_over(merged, {key: value for key, value in stated.items() if key != "use"})

    spelled = with_problems(table, whole)
    return with_texts(spelled, (*LINES, *PROSE), commands_in(spelled))


def put_over(below: Table, above: Table) -> dict[str, Any]:
    """One statement over another: tables are merged, givens and assumptions joined, all else is replaced."""
    merged = {**below, **above}
    for key in MERGED:
        if isinstance(below.get(key), dict) and isinstance(above.get(key), dict):
            merged[key] = {**below[key], **above[key]}
    for key in JOINED:
        if key in below and key in above:
            merged[key] = [*_list(below[key]), *_list(above[key])]
    return merged


def _list(value: Any) -> list[Any]:
    return [*value] if isinstance(value, list | tuple) else [value]


def _settled(question: Question, whole: Homework) -> Question:
    """The question with what follows from it: its points, its box, what is asked, and what each drawing draws.

    Raises StatementFault.
    """
    asked = _asked(question)
    costs, share = whole.marking.deduct, whole.marking.needs_work
    if asked is not None and (costs or whole.slips or share is not None):
        share = share if asked.marking.needs_work is None else asked.marking.needs_work
        marking = replace(asked.marking, deduct={**costs, **asked.marking.deduct}, needs_work=share)
        asked = usable(replace(asked, marking=marking, slips=(*asked.slips, *whole.slips)))
    own = None if question.points is not None or asked is None else rubric_of(asked)
    return replace(
        question,
        kind=None,
        points=question.points if own is None else own.of,
        problem=asked,
        shown=tuple(usable(one) for one in question.shown),
        figures=tuple(replace(one, problem=_drawn(one, asked)) for one in question.figures),
        box=question.box if asked is None else question.box or box_for(asked),
    )


def box_for(asked: Problem) -> float:
    """How high the box for an answer is, in centimetres, by what is expected in it.

    >>> [box_for(Problem(kind=kind, find=("x",))) for kind in ("expression", "numbers", "shape", "by hand")]
    [5.5, 3.5, 2.0, 4.5]
    """
    count = max(1, len(asked.find))
    if asked.kind == "expression":
        return min(LARGEST_BOX, 4.5 + count + len(asked.given) + 1.5 * len(asked.must_show))
    if asked.kind == "numbers":
        return min(LARGEST_BOX, 2.5 + count + 0.5 * len(asked.given))
    items = {"shape": count, "sizes": len(asked.layers), "choice": len(asked.options), "order": len(asked.steps)}
    return min(LARGEST_BOX, 1.0 + max(1.0, 0.9 * items[asked.kind])) if asked.kind in items else BOXES[asked.kind]


def _asked(question: Question) -> Problem | None:
    """What a question asks: a problem, an answer that a person reads, or nothing."""
    stated = Problem(kind="by hand") if question.kind else question.problem
    if stated is None:
        return None
    problem = usable(stated)
    points = question.points if problem.points is None else problem.points
    problem = replace(problem, points=points, id=question.id, title=question.title or problem.title)
    refuse_odd_rubric(problem)
    return problem


def _drawn(figure: Figure, asked: Problem | None) -> Problem | None:
    """What a drawing draws: its own problem, or that of its question where it is a graph."""
    return usable(figure.problem) if figure.problem is not None else asked if figure.kind == "graph" else None


def _odd(question: Question, table: Table, place: Path, before: dict[str, Question]) -> Iterator[Misfit]:
    """What does not hold in a question whose values fit."""
    yield from _unset(table, place)
    if not ID.fullmatch(question.id):
        message = f"{quoted(question.id)} holds more than letters, digits, blanks and . ( ) _ -, or is too long"
        yield Misfit((*place, "id"), message)
    if question.kind and question.problem is not None:
        yield Misfit(place, "this has a problem, so it is not read by hand", "leave out one of the two")
    if not question.kind and question.problem is None:
        for key in ("model_answer", "rubric", "box"):
            if key in table:
                yield Misfit((*place, key), "nothing is asked here", "add a problem, or kind = 'by hand'")
    try:
        asked = _settled(question, Homework("")).problem
    except StatementFault as fault:
        yield Misfit((*place, "problem"), fault.message)
        asked = None
    for number, figure in enumerate(question.figures):
        yield from _odd_figure(figure, table["figure"][number], asked, (*place, "figure", number))
    if question.id in before:
        yield Misfit(place, "two questions have this id")
    for other in question.carries or ():
        if other not in before:
            yield Misfit((*place, "carries"), f"no question before it is {other!r}", nearest(other, before)[2:])
    before[question.id] = question


def _odd_figure(figure: Figure, table: Table, asked: Problem | None, place: Path) -> Iterator[Misfit]:
    yield from _unset(table, place)
    if figure.kind == "plot" and not figure.functions:
        yield Misfit((*place, "functions"), "a plot needs at least one")
    if figure.labels and len(figure.labels) != len(figure.functions):
        yield Misfit((*place, "labels"), "there must be one for each function")
    drawn = figure.problem or asked
    if figure.kind == "graph" and (drawn is None or not drawn.given):
        yield Misfit(place, "a graph is drawn from the givens of a problem; the question has none")


def _odd_marking(marking: Any) -> Iterator[Misfit]:
    """A homework says how it is marked as a whole, and each question how its points are made up."""
    for key in marking if isinstance(marking, dict) else ():
        if key in RUBRIC:
            message = f"{key} is said for each question in its problem"
            yield Misfit(("marking", key), message, "write it into [part.question.problem.marking]", True)
    late = inside(marking, "late")
    for key, reads in (("due", moment), ("grace", seconds_of)):
        told = inside(late, key)
        if isinstance(told, str) and told and reads(told) is None:
            example = {"due": "2026-03-16 23:59", "grace": "15 min"}[key]
            yield Misfit(("marking", "late", key), f"{quoted(told)} is not read", f"write it like {example!r}")
    deduct = inside(marking, "deduct")
    for code in deduct if isinstance(deduct, dict) else ():
        if code not in PRICED:
            message = f"no slip of notation is called {quoted(code)}"
            yield Misfit(("marking", "deduct", code), message, nearest(code, PRICED)[2:])


def _unset(table: Table, place: Path) -> Iterator[Misfit]:
    """Texts of a table that no sheet can set."""
    for key, reads in (*((key, line) for key in LINES), *((key, pieces) for key in PROSE)):
        for text in _list(table.get(key, ())):
            try:
                if isinstance(text, str):
                    reads(text)
            except StatementFault as fault:
                yield Misfit((*place, key), fault.message)


def homework_schema() -> dict[str, Any]:
    """The JSON Schema of a homework: a problem may use pieces of notation, or be the id of one in the book."""
    schema = json_schema(Homework)
    parts = schema["$defs"]
    keys = parts["Problem"]["properties"]
    used = {"use": {**keys["only"], "description": "pieces of notation"}, **keys}
    parts["UsedProblem"] = {**parts["Problem"], "title": "UsedProblem", "properties": used}
    asked = {"$ref": "#/$defs/UsedProblem"}
    parts["Homework"]["properties"]["notation"]["additionalProperties"] = {"$ref": "#/$defs/Problem"}
    for part, key in (("Question", "problem"), ("Figure", "problem")):
        parts[part]["properties"][key] = {"anyOf": [{"type": "string"}, asked]}
    parts["Question"]["properties"]["show"]["items"] = asked
    return schema
