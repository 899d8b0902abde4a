r"""A statement in words and formulas, for a question that has no text of its own: what is given, and what is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truestep.derivations.language.faults import StatementFault
from truestep.problems.sheets.typeset.mathematics import plain_mathematics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

NUMBER, TIMES = "scalar", r" \\times "
_TIMES = re.compile(r"\s+[x×]\s+|×")


def stated(problem: Problem) -> str:
    r"""Markdown that says the whole problem.

    >>> from truestep.problems.statements.problem import Problem
    >>> symbols = {"x": "n", "A": "m x n", "f": "m"}
    >>> print(stated(Problem(symbols=symbols, given=("f = A x",), find=(r"\frac{\partial f}{\partial x}",))))
    Given: $f = A x$, where $x \in \mathbb{R}^{n}$, $A \in \mathbb{R}^{m \times n}$ and $f \in \mathbb{R}^{m}$.
    <BLANKLINE>
    Asked: $\frac{\partial f}{\partial x}$.
    """
    if problem.kind not in ("expression", "numbers"):
        return problem.text
    symbols = listed([_declared(shape, names) for shape, names in _by_shape(problem).items()])
    given = listed([_formula(one) for one in problem.given])
    said = [f"Given: {given}, where {symbols}." if given and symbols else f"Given: {given or symbols}."]
    said += [f"Assumed: {listed([_formula(one) for one in problem.assume])}."] if problem.assume else []
    asked = listed([_formula(one) for one in problem.find])
    wanted = f"Asked: {asked}{', in numerator layout' if problem.layout == 'numerator' else ''}."
    return "\n\n".join(filter(None, (problem.text, " ".join(said), wanted)))


def listed(items: Sequence[str]) -> str:
    """Items with commas, and an "and" before the last.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _formula(latex: str) -> str:
    """A formula of the statement; as it is typed where no sheet can set it."""
    try:
        plain_mathematics(latex)
    except StatementFault:
        return f"`{latex}`"
    return f"${latex}$"


def _by_shape(problem: Problem) -> dict[str, list[str]]:
    """The names that are declared, by their shape; scalars, which are said by nothing else, last."""
    shapes: dict[str, list[str]] = {}
    for name, shape in problem.symbols.items():
        shapes.setdefault(str(shape), []).append(name)
    return dict(sorted(shapes.items(), key=lambda item: item[0] == NUMBER))


def _declared(shape: str, names: Sequence[str]) -> str:
    r"""``$x, y \in \mathbb{R}^{n}$``."""
    formula = ", ".join(names)
    if shape.startswith("index"):
        first, _, last = shape.removeprefix("index").strip().rpartition("..")
        return _formula(f"{formula} = {first or 1}, \\dots, {last}")
    if shape == "size":
        return _formula(f"{formula} \\in \\mathbb{{N}}")
    power = "" if shape == NUMBER else f"^{{{_TIMES.sub(TIMES, shape)}}}"
    return _formula(f"{formula} \\in \\mathbb{{R}}{power}")
