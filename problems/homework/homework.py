"""A homework: its parts and questions, each with its text, its problem, what a person reads, and its figures."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.problems.homework.rubric import rubric_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.statements.problem import Problem

FOLDER = "homeworks"
FIGURES = ("plot", "graph")
DERIVATIVES = ("no", "beside", "only")


@dataclass(frozen=True)
class Figure:
    """A drawing that is declared as data: a plot of functions, or the graph of a computation.

    ``kind`` plot: ``functions`` of ``variable`` over ``range``, with or without their derivatives; each in a ``panel``
    of its own, or all in one.  ``kind`` graph: the computation that ``problem`` gives, from its inputs to its output.
    """

    kind: str
    caption: str = ""
    functions: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    variable: str = "x"
    range: tuple[float, float] = (-4.0, 4.0)
    derivatives: str = "no"
    panels: bool = False
    problem: Problem | None = None
    in_question: bool = False


@dataclass(frozen=True)
class Question:
    """One question, or the text that several have in common (then it has no box).

    ``problem`` is what is asked; its kind ``by hand`` leaves the answer to a person.  ``shown`` are further problems
    whose derivations stand in the solution.  ``model_answer`` and ``rubric`` are texts for the solution, ``box`` is the
    height of the answer box in centimetres.  ``carries`` are the earlier questions whose answers this one builds on;
    where it is None, those of the same part whose statements agree with it.

    >>> Question("1", text="Recall that ...").is_answered
    False
    """

    id: str
    title: str = ""
    text: str = ""
    points: float | None = None
    problem: Problem | None = None
    shown: tuple[Problem, ...] = ()
    model_answer: str = ""
    rubric: str = ""
    figures: tuple[Figure, ...] = ()
    box: float = 0.0
    carries: tuple[str, ...] | None = None

    @property
    def is_answered(self) -> bool:
        """Whether an answer is expected here."""
        return self.problem is not None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person reads the answer."""
        return self.problem is not None and self.problem.kind == "by hand"


@dataclass(frozen=True)
class Part:
    """Questions under a heading."""

    title: str = ""
    text: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Homework:
    """A homework with what stands before its questions: due dates, instructions, fields that a student fills in."""

    id: str
    title: str
    course: str = ""
    source: str = ""
    due: tuple[str, ...] = ()
    text: str = ""
    fields: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        """All questions, in order."""
        return (question for part in self.parts for question in part.questions)

    def question(self, identifier: str) -> Question:
        """The question of an id.

        Raises StatementFault, which proposes the nearest.
        """
        for question in self.questions:
            if question.id == identifier:
                return question
        known = [question.id for question in self.questions]
        raise StatementFault(f"{self.id} has no question {identifier!r}{nearest(identifier, known)}")

    def carried_into(self, question: Question) -> list[Question]:
        """The earlier questions whose wrong answers are carried into a question."""
        part = next(part for part in self.parts if question in part.questions)
        before = list(itertools.takewhile(lambda other: other is not question, self.questions))
        if question.carries is not None:
            return [other for other in before if other.id in question.carries]
        near = [other for other in before if other in part.questions]
        return [
            other for other in near if other.problem and question.problem and agree(other.problem, question.problem)
        ]

    def worth(self, question: Question) -> float | None:
        """What a question is worth: its own points, or an equal share of those of the text before it.

        A text that asks nothing and has points shares them out to the questions without points that follow it, up to
        the next text that asks nothing, or the end of the part.
        """
        if question.problem is None:
            return question.points
        own = rubric_of(question.problem)
        if own is not None:
            return own.of
        part = next(part for part in self.parts if question in part.questions)
        before = list(itertools.takewhile(lambda other: other is not question, part.questions))
        text = next((other for other in reversed(before) if not other.is_answered), None)
        if text is None or text.points is None:
            return None
        after = part.questions[part.questions.index(text) + 1 :]
        answered = itertools.takewhile(lambda other: other.is_answered, after)
        sharing = [other for other in answered if other.problem and rubric_of(other.problem) is None]
        place, count = sharing.index(question), len(sharing)
        up_to = [round(text.points * k / count, 2) for k in (place, place + 1)]  # hundredths that add up
        return round(up_to[1] - up_to[0], 2)

    @property
    def points(self) -> float:
        """What all questions are worth together."""
        return sum(question.points or 0.0 for question in self.questions)


def agree(one: Problem, other: Problem) -> bool:
    """Whether two statements mean the same by the names that they share: shapes, definitions, layout.

    >>> from truestep.problems.statements.problem import Problem
    >>> agree(Problem(given=("z = W x",)), Problem(given=("z=Wx", "J = J(z)")))
    True
    >>> agree(Problem(), Problem(layout="either"))
    False
    """
    if one.layout != other.layout or any(
        other.symbols.get(name, shape) != shape for name, shape in one.symbols.items()
    ):
        return False
    mine, theirs = (dict(_sides(text) for text in problem.given) for problem in (one, other))
    return all(theirs.get(left, right) == right for left, right in mine.items())


def _sides(equation: str) -> tuple[str, str]:
    """The sides of an equation without the blanks."""
    left, _, right = "".join(equation.split()).partition("=")
    return left, right


def homeworks() -> tuple[str, ...]:
    """The ids of the homeworks that come with truestep.

    >>> "cmu-10315-hw5" in homeworks()
    True
    """
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def load_homework(source: str) -> Homework:
    """The homework of an id, or of a TOML file.

    Raises StatementFault, which names the place in the file and what to mend.
    """
    from truestep.problems.homework.homework_file import read_homework

    path = Path(source)
    if path.suffix == ".toml" or path.is_file():
        return read_homework(path)
    if source in homeworks():
        return read_homework(homework_path(source))
    proposal = nearest(source, homeworks()) or f"; there are {', '.join(homeworks())}"
    raise StatementFault(f"no homework is called {source!r}{proposal}")


def homework_path(identifier: str) -> Path:
    """The file of a homework that comes with truestep.

    >>> homework_path("cmu-10315-hw5").name
    'cmu-10315-hw5.toml'
    """
    return _folder() / f"{identifier}.toml"


def _folder() -> Path:
    return Path(__file__).parent.parent / FOLDER
