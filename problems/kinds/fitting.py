"""What a statement of each kind must say; one that does not is refused with its repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault, nearest, quoted

if TYPE_CHECKING:
    from truestep.problems.statements.problem import Problem

# keys that only some kinds make use of
_OF_KINDS = (
    ("layers", ("sizes", "count")),
    ("options", ("choice",)),
    ("steps", ("order",)),
    ("before", ("order",)),
    ("batch", ("shape",)),
    ("collect", ("expression",)),
)


def refuse_unfit(problem: Problem) -> None:
    """Raises StatementFault where a problem of its kind lacks what it needs, or has what it cannot use.

    >>> from truestep.problems.statements.problem import Problem
    >>> refuse_unfit(Problem(kind="choice", options={"a": "1", "b": "2"}, answer=("c",)))
    Traceback (most recent call last):
    truestep...StatementFault: answer: 'c' is none of the options; there are a, b
    """
    for key, kinds in _OF_KINDS:
        if getattr(problem, key) and problem.kind not in kinds:
            wanted = " or ".join(quoted(kind) for kind in kinds)
            raise StatementFault(
                f"this belongs to a problem of the kind {wanted}; add kind = {quoted(kinds[0])}", key=key
            )
    checks = {"sizes": _sizes, "count": _sizes, "shape": _shape, "choice": _choice, "order": _order}
    if problem.kind in checks:
        checks[problem.kind](problem)


def _sizes(problem: Problem) -> None:
    if problem.kind == "sizes" and not problem.layers:
        raise StatementFault(
            "sizes are asked for, but no layers are given; add layers = ['input ...', ...]", key="layers"
        )
    if problem.layers:
        from truestep.problems.kinds.layer_sizes import asked_layers, sized_layers

        several = sized_layers(problem)
        if problem.kind == "sizes":
            asked_layers(problem, several)
        if problem.answer:
            raise StatementFault("with layers the answer is computed; leave it out", key="answer")


def _shape(problem: Problem) -> None:
    from truestep.problems.kinds.shape_references import asked_shapes

    asked_shapes(problem)


def _choice(problem: Problem) -> None:
    if not problem.options and not problem.answer:
        return  # a person reads it
    if len(problem.options) < 2:
        raise StatementFault("a choice needs at least two, such as options = { a = '...', b = '...' }", key="options")
    if not problem.answer:
        raise StatementFault(f"say which options are right; there are {', '.join(problem.options)}", key="answer")
    for letter in problem.answer:
        if letter not in problem.options:
            close = nearest(letter, problem.options) or f"; there are {', '.join(problem.options)}"
            raise StatementFault(f"{quoted(letter)} is none of the options{close}", key="answer", entry=letter)


def _order(problem: Problem) -> None:
    if not problem.steps:
        return  # a person reads it
    from truestep.problems.kinds.ordered_steps import steps_of

    steps_of(problem)
