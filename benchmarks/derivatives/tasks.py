"""A task: a problem whose derivative is known as a value, and random inputs at which values are compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.derivatives.drawing import draw_array, draw_sizes
from benchmarks.derivatives.functions import LIBRARY
from truestep.derivations.numpy.code import python_name
from truestep.problems.statements.problem import Problem
from truestep.problems.statements.statement import problem_from

Array = npt.NDArray[np.float64]
Names = dict[str, Any]


@dataclass(frozen=True)
class Draw:
    """Sizes, and an array for every symbol by its LaTeX name, defined quantities included."""

    sizes: Mapping[str, int]
    values: Mapping[str, Array]

    def names(self) -> Names:
        """The names that derived NumPy code may use."""
        return {**self.sizes, **{python_name(latex): value for latex, value in self.values.items()}}


@dataclass(frozen=True)
class Task:
    """What is to be derived; an answer is right when it is ``expected`` on random inputs, to ``tolerance``."""

    id: str
    category: str
    problem: Problem
    draw: Callable[[np.random.Generator], Draw]
    expected: Callable[[Draw], Array]
    tolerance: float


def read_tasks(path: Path) -> list[Task]:
    """The tasks of derive records with `expect`; a ValueError names the line of one that cannot be used."""
    tasks: list[Task] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                tasks.append(task_of(json.loads(line)))
            except KeyError as fault:
                raise ValueError(f"line {number}: no {fault}") from None
    if not tasks:
        raise ValueError("no records")
    return tasks


def task_of(record: Mapping[str, Any]) -> Task:
    """The task of one record; its `expect` has NumPy code for the answer and for what the givens define."""
    expect, problem = record["expect"], problem_from(record["problem"])
    code, shapes = expect["numpy"], expect["shapes"]
    spelled: dict[str, str] = expect.get("names", {})
    flags = expect.get("flags", {})
    steps: dict[str, str] = {**expect.get("intermediates", {}), list(problem.symbols)[-1]: expect["given_numpy"]}

    def draw(random: np.random.Generator) -> Draw:
        sizes = draw_sizes(shapes, flags, random)
        known: Names = {}
        for name, shape in shapes.items():
            known[name] = draw_array(tuple(sizes.get(size, size) for size in shape), flags.get(name, ()), random)
        for name, step in steps.items():
            known[name] = np.asarray(evaluated(step, {**sizes, **known}), dtype=float)
        return Draw(sizes, {spelled.get(name, name): value for name, value in known.items()})

    def expected(drawn: Draw) -> Array:
        names = {latex: name for name, latex in spelled.items()}
        known = {names.get(latex, latex): value for latex, value in drawn.values.items()}
        return np.asarray(evaluated(code, {**drawn.sizes, **known}), dtype=float)

    return Task(str(record["id"]), str(record.get("category", "-")), problem, draw, expected, 1e-8)


def evaluated(code: str, names: Names) -> Any:
    """The value of a NumPy expression.

    It is run as it stands: records are chosen by whoever runs the benchmark, and are trusted as a test is.
    """
    return eval(code, {**LIBRARY, **names})  # noqa: S307
