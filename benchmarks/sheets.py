"""`python -m benchmarks sheets`: every solution that truestep shows, handed back as a student's work, and its marks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import structs

from truestep.checkers.handins.reading import Reader
from truestep.checkers.handouts import check_document
from truestep.checkers.own_solutions import derive
from truestep.problems.book import pages
from truestep.problems.homework.homework import Homework, Part, Question
from truestep.problems.homework.homework_file import load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.sheets.sheet import SUFFIXES, look, sheet
from truestep.problems.sheets.solving import solve
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "examples" / "tutorial" / "ridge.toml"
NETWORKS = ROOT / "examples" / "networks" / "networks.toml"
SEEDS = ROOT / "examples" / "seeds"
TEMPLATES = ROOT / "problems" / "templates"
FORMS = ("latex", "markdown")
POINTS = 5.0  # of a question that says nothing of points


class Back(NamedTuple):
    """What became of one solution: its homework and question, the points earned and possible, and what was said."""

    homework: str
    question: str
    earned: float
    of: float
    verdict: str
    said: tuple[str, ...]

    @property
    def is_full(self) -> bool:
        """Whether it is right as a whole and earned all."""
        return self.verdict == "right" and self.earned == self.of


def collections() -> Iterator[Homework]:
    """The homeworks that come with truestep, those of the examples, the seeds and the pages of the book as such."""
    yield from map(load_homework, homeworks())
    yield from (load_homework(str(path)) for path in (TUTORIAL, NETWORKS))
    found = [(path.parent.relative_to(SEEDS), load_problem(str(path))) for path in sorted(SEEDS.rglob("problem.toml"))]
    yield as_homework("seeds", [structs.replace(one, id=".".join(place.parts)) for place, one in found])
    for page in pages():
        yield as_homework(page.name, page.problems)


def as_homework(name: str, problems: Sequence[Problem]) -> Homework:
    """Problems as the questions of a homework."""
    questions = tuple(Question(one.id, problem=one) for one in problems)
    return Homework(title=name, id=name.replace("_", "-"), parts=(Part(questions=questions),))


def handed_back(homework: Homework, form: str = "latex", detail: str = "normal") -> Iterator[Back]:
    """The marks of what the solution sheet of a homework shows, written into the boxes of its handout."""
    parts = [
        structs.replace(part, questions=tuple(_worth(homework, one) for one in part.questions))
        for part in homework.parts
    ]
    worth = structs.replace(homework, parts=tuple(parts))
    template = look(str(TEMPLATES / f"filled{SUFFIXES[form]}"), form)
    text = sheet(worth, template, form, None, partial(solve, detail=detail, derive=derive))
    document = Reader(worth).read(f"filled{SUFFIXES[form]}", text.encode())
    for checked in check_document(document, worth, worth.id, is_diagnosed=False):
        if not checked.question.is_by_hand:
            yield _back(worth.id, checked.question.id, checked.record)


def _worth(homework: Homework, question: Question) -> Question:
    """A question that is worth something."""
    if question.problem is None or question.is_by_hand:
        return question
    points = homework.worth(question) or POINTS
    return structs.replace(question, problem=structs.replace(question.problem, points=points))


def _back(homework: str, question: str, record: dict[str, Any]) -> Back:
    """What a record says of a solution; an error says it in place of lines."""
    marks = record.get("marks", {"earned": None, "of": POINTS, "items": []})
    said = [record["error"]] if "error" in record else []
    said += [f"{one['for']}: {one['earned']} of {one['of']}, {one['why']}" for one in marks["items"]]
    open_lines = [line for line in record.get("lines", ()) if line["verdict"] not in ("right", "not_checked")]
    said += [f"{line['verdict']}: {line.get('text', '')} ({line.get('reason', '')})" for line in open_lines]
    said += [one["message"] for one in record.get("findings", ())]
    return Back(homework, question, marks["earned"] or 0.0, marks["of"], record.get("verdict", ""), tuple(said))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, mark, print; 1 where a solution does not earn all."""
    options = _parser().parse_args(arguments)
    full = whole = 0
    for homework in collections():
        if options.names and homework.id not in options.names:
            continue
        backs = list(handed_back(homework, options.form, options.detail))
        full, whole = full + sum(one.is_full for one in backs), whole + len(backs)
        print(f"{homework.id}: {sum(one.is_full for one in backs)} of {len(backs)}", flush=True)
        for one in backs:
            if not one.is_full:
                print(f"  {one.question}: {one.verdict}, {one.earned:g} of {one.of:g}")
                print("".join(f"    {text}\n" for text in one.said), end="")
    print(f"full marks: {full} of {whole}")
    return 0 if full == whole else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sheets", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", help="ids of homeworks, 'seeds', or pages of the book; without any, all of them")
    add("--form", choices=FORMS, default="latex", help="what the sheet is written in (latex)")
    add("--detail", choices=("terse", "normal", "full"), default="normal", help="of the derivations (normal)")
    return parser
