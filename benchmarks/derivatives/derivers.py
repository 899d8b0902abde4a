"""The tools that derive: truestep, with and without its examiner; SymPy's matrix derivatives; tensorgrad.

    sympy==1.14.0
    tensorgrad==0.3.0

tensorgrad needs PyTorch, of which nothing is used here: any build will do.  The competitors are given what truestep has
read of the statement, translated to their own objects, since neither reads LaTeX.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.derivatives.judging import NotDone
from benchmarks.derivatives.tasks import Array, Draw, Task, evaluated
from truestep.derivations.numpy.code import python_name


@dataclass(frozen=True)
class Method:
    """How a task is stated in a tool, derived, and what value the answer has.

    What ``state`` returns is handed to ``derive``; where ``reads`` is true, ``derive`` takes the task and states
    it once more on its way.
    """

    state: Callable[[Task], Any]
    derive: Callable[[Any], Any]
    value: Callable[[Any, Draw], Any]
    reads: bool = False


@dataclass(frozen=True)
class Deriver:
    """A tool: its name, the packages whose versions are told, how to get its method (or an ImportError)."""

    name: str
    packages: tuple[str, ...]
    load: Callable[[], Method]


def load_truestep() -> Method:
    """From the problem to a derivation with all its steps."""
    from truestep.derivations.deriving.steps import Stuck
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.derived import derived
    from truestep.problems.statements.prepared import setting_of

    def derive(task: Task) -> Any:
        try:
            return derived(task.problem)
        except (Stuck, StatementFault) as fault:
            raise NotDone(str(fault)) from None

    return Method(lambda task: setting_of(task.problem), derive, _written_value, reads=True)


def load_verified() -> Method:
    """The same, and every line found right by the examiner."""
    from truestep.checkers.derive_records import Options, solved
    from truestep.derivations.deriving.steps import Stuck
    from truestep.derivations.language.faults import StatementFault
    from truestep.problems.statements.prepared import setting_of

    def derive(task: Task) -> Any:
        try:
            return solved(task.problem, Options())[0]
        except (Stuck, StatementFault) as fault:
            raise NotDone(str(fault)) from None

    return Method(lambda task: setting_of(task.problem), derive, _written_value, reads=True)


def load_sympy() -> Method:
    """SymPy: a MatrixSymbol expression, then `.diff` by a MatrixSymbol."""
    from benchmarks.derivatives import matrix_expressions, matrix_values
    from benchmarks.derivatives.stating import stated
    from truestep.problems.statements.prepared import setting_of

    algebra = matrix_expressions.MatrixExpressions()

    def value(answer: Any, drawn: Draw) -> Array:
        columns = {
            python_name(name): array[:, None] if array.ndim == 1 else array for name, array in drawn.values.items()
        }
        # SymPy counts a vector as n x 1 and a number at times as 1 x 1; no size that is drawn is 1
        return np.squeeze(np.asarray(matrix_values.value_of(answer, {**drawn.sizes, **columns}), dtype=float))

    return Method(lambda task: stated(setting_of(task.problem), algebra), matrix_expressions.derive, value)


def load_tensorgrad() -> Method:
    """tensorgrad: a tensor network, then `Derivative(...).full_simplify()`."""
    from benchmarks.derivatives import network_values, tensor_networks
    from benchmarks.derivatives.stating import stated
    from truestep.problems.statements.prepared import setting_of

    algebra = tensor_networks.load()

    def value(answer: Any, drawn: Draw) -> Array:
        values = {python_name(name): array for name, array in drawn.values.items()}
        return np.asarray(network_values.value_of(answer, values, drawn.sizes), dtype=float)

    return Method(
        lambda task: stated(setting_of(task.problem), algebra),
        lambda known: tensor_networks.derive(algebra, known),
        value,
    )


def _written_value(solutions: Any, drawn: Draw) -> Array:
    """The value of the NumPy expression of the one solution."""
    (solution,) = solutions
    return np.asarray(evaluated(solution.numpy, drawn.names()), dtype=float)


TRUESTEP = "truestep"
DERIVERS = (
    Deriver(TRUESTEP, ("truestep", "numpy"), load_truestep),
    Deriver("truestep, verified", ("truestep", "numpy"), load_verified),
    Deriver("sympy", ("sympy",), load_sympy),
    Deriver("tensorgrad", ("tensorgrad", "torch"), load_tensorgrad),
)
