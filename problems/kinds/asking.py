"""What a sheet adds to the words of a question: the options to choose from, the layers of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.problems.kinds.layers import layers_of

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
