"""What a name on the command line means: a file, an id of the book, a homework, or one question of a homework."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.problems.book import find_problem, identifiers
from truestep.problems.homework.homework import Question
from truestep.problems.homework.homework_file import MAX_HOMEWORK_BYTES, homeworks, load_homework
from truestep.problems.statements.files import read_table
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem

if TYPE_CHECKING:
    from truestep.problems.homework.homework import Homework


def named(name: str) -> Problem | Homework | Question:
    """What a name means: a file, an id of the book, a homework, HOMEWORK/QUESTION.

    Raises StatementFault, which proposes the nearest names.

    >>> named("softmax-jacobian").id
    'softmax-jacobian'
    """
    path = Path(name)
    if path.suffix in (".toml", ".json") or path.is_file():
        return load_homework(name) if _is_homework(path) else load_problem(name)
    if name in identifiers():
        return find_problem(name)
    if name in homeworks():
        return load_homework(name)
    homework, slash, question = name.rpartition("/")
    if slash and (homework in homeworks() or Path(homework).is_file()):
        return load_homework(homework).question(question)
    proposal = nearest(name, (*identifiers(), *homeworks())) or "; truestep list shows what there is"
    raise StatementFault(f"there is no problem and no homework {name!r}{proposal}")


def problem_named(name: str) -> Problem:
    """The problem of a file, of an id of the book, or of HOMEWORK/QUESTION.

    Raises StatementFault, also where a name is a whole homework or a question that is marked by hand.
    """
    found = named(name)
    if isinstance(found, Problem):
        return found
    if not isinstance(found, Question):
        first = next((question.id for question in found.questions if question.problem), "QUESTION")
        raise StatementFault(f"{name} is a homework; name one of its questions: {name}/{first}")
    if found.problem is None:
        raise StatementFault(f"{name} is marked by hand and states no problem")
    return found.problem


def _is_homework(path: Path) -> bool:
    table = read_table(path, "file", MAX_HOMEWORK_BYTES)
    return isinstance(table, dict) and "part" in table
