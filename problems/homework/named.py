"""What a name on the command line means: a file, an id of the book, a homework, or one question of a homework."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.problems.book import find_problem, identifiers
from truestep.problems.homework.homework import Question
from truestep.problems.homework.homework_file import MAX_HOMEWORK_BYTES, known_homework, load_homework
from truestep.problems.homeworks import homeworks
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import load_problem, problem_in
from truestep.problems.statements.toml.files import read_table

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
    homework, slash, question = name.rpartition("/")
    if slash and homework not in homeworks() and Path(homework).is_file():
        return load_homework(homework).question(question)
    return _known(name)


def _known(name: str) -> Problem | Homework | Question:
    """What an id means of the book, of a homework that comes with truestep, or of one of its questions."""
    if name in identifiers():
        return find_problem(name)
    homework, slash, question = name.rpartition("/")
    if name in homeworks():
        return known_homework(name)
    if slash and homework in homeworks():
        return known_homework(homework).question(question)
    proposal = nearest(name, (*identifiers(), *homeworks())) or "; truestep list shows what there is"
    raise StatementFault(f"there is no problem and no homework {name!r}{proposal}")


def problem_named(name: str) -> Problem:
    """The problem of a file, of an id of the book, or of HOMEWORK/QUESTION.

    Raises StatementFault, also where a name is a whole homework or a question that is marked by hand.
    """
    return _asked(name, named(name))


def problem_stated(stated: Any) -> tuple[Problem, tuple[str, ...]]:
    """The problem that a record or a work states, and what is to be said of its unknown keys.

    It is a table, or an id of the book or of a question of a homework that comes with truestep; no file is opened for
    it.  Raises StatementFault.

    >>> problem_stated("cmu-10315-hw5/1(a)")[0].find
    ('\\\\frac{\\\\partial J}{\\\\partial \\\\mathbf{x}}',)
    """
    return (_asked(stated, _known(stated)), ()) if isinstance(stated, str) else problem_in(stated)


def _asked(name: str, found: Problem | Homework | Question) -> Problem:
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
