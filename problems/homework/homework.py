"""A homework: its parts and questions, each with its text, its problem, what a person reads, and its figures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field, structs

from truestep.derivations.language.faults import StatementFault, nearest
from truestep.problems.homework.lateness import Late
from truestep.problems.statements.problem import Marking, Name, Points, Problem, Several, Slips
from truestep.problems.statements.rubric import rubric_of

End = Annotated[float, Meta(gt=-1e6, lt=1e6)]
ByHand = Annotated[
    Literal["by hand"] | None, Meta(description="a question says 'by hand' or nothing; any other kind is the problem's")
]
Box = Annotated[float, Meta(ge=1, le=23, description="the height of the answer box, in centimetres")]


class Figure(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A drawing that is declared as data: a plot of functions, or the graph of a computation.

    ``kind`` plot: ``functions`` of ``variable`` over ``range``, with or without their derivatives; each in a ``panel``
    of its own, or all in one.  ``kind`` graph: the computation that ``problem`` gives, from its inputs to its output;
    with ``shapes`` on its edges, and with the error signals on the way ``back``.
    """

    kind: Literal["plot", "graph"]
    caption: str = ""
    functions: Several = ()
    labels: Several = ()
    variable: str = "x"
    range: tuple[End, End] = (-4.0, 4.0)
    derivatives: Literal["no", "beside", "only"] = "no"
    panels: bool = False
    problem: Problem | None = None
    shapes: bool = False
    back: bool = False
    where: Literal["solution", "question"] = "solution"

    @property
    def in_question(self) -> bool:
        """Whether it stands in the question, and not in the solution."""
        return self.where == "question"


class Question(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question, or the text that several have in common (then it has no box).

    ``problem`` is what is asked; its kind ``by hand`` leaves the answer to a person.  ``shown`` are further problems
    whose derivations stand in the solution.  ``carries`` are the earlier questions whose answers this one builds on;
    where it is None, those of the same part whose statements agree with it.

    >>> Question("1", text="Recall that ...").is_answered
    False
    """

    id: Annotated[Name, Meta(description="what the question and its box are called, such as 1(a)")]
    title: Annotated[str, Meta(description="a heading")] = ""
    text: Annotated[str, Meta(description="the question, in Markdown")] = ""
    points: Annotated[Points | None, Meta(description="what it is worth")] = None
    kind: ByHand = None
    problem: Annotated[Problem | None, Meta(description="what is asked")] = None
    shown: Annotated[
        tuple[Problem, ...], Meta(description="further problems whose derivations stand in the solution")
    ] = field(default=(), name="show")
    model_answer: Annotated[str, Meta(description="a text for the solution")] = ""
    rubric: Annotated[str, Meta(description="what a person who marks it looks for")] = ""
    figures: tuple[Figure, ...] = field(default=(), name="figure")
    box: Box = 0.0
    carries: Annotated[Several | None, Meta(description="the questions before it that it builds on")] = None
    bonus: Annotated[bool, Meta(description="whether its points are left out of what the homework is worth")] = False

    @property
    def is_answered(self) -> bool:
        """Whether an answer is expected here."""
        return self.problem is not None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person reads the answer."""
        return self.problem is not None and self.problem.kind == "by hand"


class HomeworkMarking(Marking, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a homework is marked as a whole; what it says of slips and of work holds in all its questions."""

    round: Annotated[float, Meta(ge=0, le=100, description="the step to which totals are rounded, half up")] = 0.0
    cap: Annotated[Points | None, Meta(description="what a total is at most")] = None
    late: Annotated[Late | None, Meta(description="what being late costs")] = None


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Questions under a heading."""

    title: str = ""
    text: str = ""
    questions: tuple[Question, ...] = field(default=(), name="question")


class Homework(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A homework with what stands before its questions: due dates, instructions, fields that a student fills in."""

    title: Annotated[str, Meta(description="what stands at the top")]
    id: Annotated[Name, Meta(description="what its sheets are called")] = "homework"
    course: str = ""
    source: str = ""
    due: Annotated[Several, Meta(description="one line each")] = ()
    text: Annotated[str, Meta(description="instructions, in Markdown")] = ""
    fields: Annotated[Several, Meta(description="lines that a student fills in")] = ()
    notation: Annotated[Mapping[str, Any], Meta(description="pieces of statements, for use")] = field(
        default_factory=dict
    )
    marking: Annotated[HomeworkMarking, Meta(description="how it is marked as a whole")] = HomeworkMarking()
    slips: Annotated[Slips, Meta(description="mistakes of one's own, for all questions")] = ()
    parts: tuple[Part, ...] = field(default=(), name="part")

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

    def with_worth(self, question: Question) -> Question:
        """A question that is answered with the points that the homework gives it."""
        assert question.problem is not None
        return structs.replace(question, problem=structs.replace(question.problem, points=self.worth(question)))

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
        return sum(question.points or 0.0 for question in self.questions if not question.bonus)


def agree(one: Problem, other: Problem) -> bool:
    """Whether two statements mean the same by the names that they share: shapes, definitions, layout.

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
