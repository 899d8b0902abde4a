"""The derived gradient as Python source: a function with its shapes in its docstring, and the forward function."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivations.numpy_code import python_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from derivations.shapes import Dims
    from derivations.steps import Solution


@dataclass(frozen=True, slots=True)
class Forward:
    """What a program computes before the derivative: the arrays that come in, the givens in the order of need.

    ``of`` and ``by`` name the derivative, ``dims`` is its shape.
    """

    inputs: tuple[tuple[str, Dims], ...]
    assignments: tuple[tuple[str, str], ...]
    of: str
    by: tuple[str, ...]
    dims: Dims


def numpy_module(solution: Solution) -> str:
    """The source of a module with the functions ``forward`` and ``gradient``."""
    forward = solution.forward
    arrays = [name for name, _ in forward.inputs]
    upstream = sorted(set(re.findall(r"\bd\w+_d\w+\b", solution.numpy)) - set(arrays))
    used = _needed(forward, solution.numpy)
    body = [f"{name} = {code}" for name, code in forward.assignments if name in used]
    whole = [f"{name} = {code}" for name, code in forward.assignments]
    derivative = f"d{'2' * (len(forward.by) > 1)}{forward.of}/{' '.join(f'd{name}' for name in forward.by)}"
    parts = [
        f'"""The derivative {derivative} and the quantity itself, as NumPy functions."""',
        "",
        "import numpy as np",
    ]
    if "math." in solution.numpy or any("math." in line for line in whole):
        parts.insert(2, "import math\n")
    if whole:
        last = forward.assignments[-1][0]
        said = f"{last}, from the quantities that are given."
        parts += ["", "", *_function("forward", arrays, said, solution, whole, f"return {last}", ())]
    said = f"{derivative}: {_shape(forward.dims)}."
    parts += [
        "",
        "",
        *_function("gradient", [*arrays, *upstream], said, solution, body, f"return {solution.numpy}", upstream),
    ]
    return "\n".join(parts) + "\n"


def _needed(forward: Forward, code: str) -> set[str]:
    """The names of the assignments that some code rests on."""
    needed: set[str] = set()
    todo = [code]
    codes = dict(forward.assignments)
    while todo:
        for name in set(re.findall(r"\b[A-Za-z_]\w*\b", todo.pop())) & set(codes):
            if name not in needed:
                needed.add(name)
                todo.append(codes[name])
    return needed


def _function(
    name: str,
    arguments: Sequence[str],
    said: str,
    solution: Solution,
    body: Sequence[str],
    ending: str,
    upstream: Sequence[str],
) -> list[str]:
    shapes = [f"    {array}: {_shape(dims)}" for array, dims in solution.forward.inputs]
    shapes += [f"    {array}: the upstream gradient, shaped as what it is taken by" for array in upstream]
    sizes = _sizes(solution.forward.inputs, "\n".join([*body, ending]))
    lines = [f"def {name}({', '.join(arguments)}):", f'    """{said}', "", *shapes, '    """']
    return [*lines, *(f"    {line}" for line in (*sizes, *body, ending))]


def _shape(dims: Dims) -> str:
    sizes = [str(size) for size in dims if size != 1]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else "a number"


def _sizes(inputs: Iterable[tuple[str, Dims]], code: str) -> list[str]:
    """The sizes that the code names, each from the shape of an input."""
    found: dict[str, str] = {}
    for array, dims in inputs:
        open_sizes = [size for size in dims if size != 1]
        for place, size in enumerate(open_sizes):
            name = python_name(str(size))
            if isinstance(size, str) and name not in found and re.search(rf"\b{re.escape(name)}\b", code):
                found[name] = f"{name} = np.shape({array})[{place}]"
    return list(found.values())
