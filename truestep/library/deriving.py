"""What a problem asks for, derived: ``truestep.derive``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from truestep.checkers.derive_records import Options, solved
from truestep.derivations.language.faults import StatementFault, quoted
from truestep.derivations.language.writing import latex
from truestep.derivations.numpy.code import python_name
from truestep.library.given import AnyProblem, problem_of
from truestep.problems.statements.problem import Route

if TYPE_CHECKING:
    from truestep.derivations.deriving.displays.presenting import Line
    from truestep.derivations.deriving.steps import Solution

Detail = Literal["terse", "normal", "full"]


@dataclass(frozen=True)
class Step:
    """One line of a derivation: ``left = right`` as LaTeX (``left`` is empty where it goes on), and the rule."""

    left: str
    right: str
    rule: str
    condition: str = ""


@dataclass(frozen=True)
class Derivation:
    """A derivation of which every line was checked; where several things are asked, ``answers`` has all of them."""

    answers: tuple[str, ...]
    codes: tuple[str, ...]
    steps: tuple[Step, ...]
    solutions: tuple[Solution, ...] = field(repr=False)

    @property
    def answer(self) -> str:
        """The answer as LaTeX, the first where several things are asked."""
        return self.answers[0]

    @property
    def numpy(self) -> str:
        """The answer as NumPy code, from arrays named as the symbols are."""
        return self.codes[0]

    @property
    def latex(self) -> str:
        """The derivation as an ``align*`` display with the rules beside it."""
        rows = [rf"{one.left} &= {one.right} && \text{{{one.rule}}}" for one in self.steps]
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    def function(self) -> Callable[..., Any]:
        """The answer as a function of NumPy arrays, given by their names; sizes are those of the arrays.

        Its quantities that the givens define are computed from the others where they are not given.
        """
        from truestep.library.evaluating import names_in, value_of

        code, given = self.numpy, dict(self.solutions[0].forward.assignments)

        def answer(**arrays: Any) -> Any:
            known = {**_sizes(self.solutions[0], arrays), **arrays}

            def value(code: str) -> Any:
                for name in names_in(code):
                    if name not in known and name in given:
                        known[name] = value(given[name])
                return value_of(code, known)

            return value(code)

        return answer

    def to_sympy(self) -> Any:
        """The answer as a SymPy object.  Raises MeaningFault for what SymPy has no object for."""
        from truestep.library.reading import sympy_of

        return sympy_of(self.solutions[0].answer, self.solutions[0].notation)

    def _repr_markdown_(self) -> str:
        return f"$$\n{self.latex.replace('align*', 'aligned')}\n$$"


def _sizes(solution: Solution, arrays: Mapping[str, Any]) -> dict[str, int]:
    """The sizes that arrays have by the shapes that are declared of them."""
    out: dict[str, int] = {}
    for name, dims in solution.forward.inputs:
        if name in arrays:
            written = [size for size in dims if size != 1]
            out |= {
                python_name(size): length
                for size, length in zip(written, np.shape(arrays[name]), strict=False)
                if isinstance(size, str)
            }
    return out


def derive(problem: AnyProblem, route: str | None = None, *, detail: Detail = "normal") -> Derivation:
    r"""Derives what a problem asks for, line by line; every line is checked before it is returned.

    ``problem`` is as for ``check``; ``route`` is one of those that a statement may name.  Raises StatementFault, and
    Stuck with the place and the reason where no rule reaches on.

    >>> made = derive({"symbols": {"x": "n", "J": "scalar"}, "given": ["J = x^T x"], "find": r"\nabla_x J"})
    >>> made.answer, made.numpy, made.function()(x=[1.0, 2.0])
    ('2 x', '2 * x', array([2., 4.]))
    """
    if route is not None and route not in (known := get_args(Route)):
        raise StatementFault(f"there is no route {quoted(route)}; the routes are {', '.join(known)}")
    solutions, rows = solved(problem_of(problem), Options(detail, route=route))
    return Derivation(
        tuple(latex(one.answer, one.notation) for one in solutions),
        tuple(one.numpy for one in solutions),
        tuple(map(_step, rows)),
        solutions,
    )


def _step(row: Line) -> Step:
    return Step(row.left, row.right, row.rule, row.condition or "")
