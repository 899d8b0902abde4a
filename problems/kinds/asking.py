"""What a sheet adds to the words of a question: options, the layers of a network, labelled blanks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.problems.kinds.layer_sizes import asked_layers, sized_layers
from truestep.problems.kinds.layers import layers_of
from truestep.problems.kinds.ordered_steps import steps_of

if TYPE_CHECKING:
    from truestep.problems.statements.problem import Problem


def asked_text(problem: Problem | None) -> str:
    """Markdown that stands after the text of a question; empty where its problem adds nothing.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> print(asked_text(Problem(kind="choice", options={"a": "one", "b": "two"})))
    - **(a)** one
    - **(b)** two
    """
    if problem is None:
        return ""
    if problem.options:
        return "\n".join(f"- **({letter})** {text}" for letter, text in problem.options.items())
    if problem.layers:
        rows = [f"| {layer.name} | {layer.text} |" for layer in layers_of(problem.layers)]
        order = "" if problem.kind == "count" else f"\n\nSizes are written with the channels {problem.channels}."
        return "\n".join(("| layer | what it is |", "|---|---|", *rows)) + order
    return ""


_IN_MATH = re.compile(r".*\\.*|[A-Za-z](?:_\w)?", re.DOTALL)


def labels_of(problem: Problem | None) -> tuple[str, ...]:
    r"""Markdown labels of the blanks in the box of a question, one for each thing asked; ``[ ]`` is a box to tick.

    Raises StatementFault.

    >>> from truestep.problems.statements.problem import Problem
    >>> labels_of(Problem(kind="shape", find=("W_1", "per sample"), answer=("(t, s)", "(s)")))
    ('$W_1$:', 'per sample:')
    >>> labels_of(Problem(kind="choice", options={"a": "one", "b": "two"}))
    ('[ ] (a)', '[ ] (b)')
    """
    if problem is None:
        return ()
    if problem.kind == "choice":
        return tuple(f"[ ] ({letter})" for letter in problem.options)
    if problem.kind == "order" and problem.steps:
        return tuple(f"{number}." for number, _ in enumerate(steps_of(problem).steps, start=1))
    if problem.kind == "sizes":
        return tuple(f"{one.layer.name}:" for one in asked_layers(problem, sized_layers(problem)))
    if problem.kind == "count":
        return tuple(f"${name} =$" for name in problem.find[:1])
    if problem.kind == "shape":
        return tuple(f"{f'${name}$' if _IN_MATH.fullmatch(name) else _code(name)}:" for name in problem.find)
    return ()


def _code(name: str) -> str:
    return f"`{name}`" if re.search(r"\W", name.replace(" ", "")) else name
