"""The derived gradients as Python source: functions with shapes in their docstrings, and the forward function."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from truestep.derivations.numpy.code import python_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from truestep.derivations.deriving.steps import Forward, Solution
    from truestep.derivations.language.shapes import Dims

NAME = re.compile(r"\b[A-Za-z_]\w*\b")


def numpy_module(solutions: Sequence[Solution]) -> str:
    """The source of a module with ``forward``, the quantity itself, and ``gradient``, its derivative.

    Where there are several, their names say of what or by what: ``forward_z``, ``gradient_W``.
    """
    derivatives = [one.forward for one in solutions if one.forward.by]
    functions: dict[str, list[str]] = {}
    values = {one.forward.value for one in solutions if one.forward.assignments}
    for one in solutions:
        if one.forward.assignments:
            name = f"forward_{one.forward.value}" if len(values) > 1 else "forward"
            functions.setdefault(name, _forward_function(name, one))
    names = _gradient_names(derivatives)
    for one in solutions:
        if one.forward.by:
            name = next(names)
            whole = _assignments(one.forward, one.forward.value) if one.forward.assignments else []
            functions[name] = _gradient_function(name, one, [*whole, *one.forward.by])
    text = "\n".join(line for body in functions.values() for line in ("", "", *body))
    called = ", ".join(dict.fromkeys(one.derivative for one in derivatives))
    wanted = ", ".join(sorted(values))
    itself = " and the quantity itself" if wanted else ""
    title = f"The derivative {called}{itself}" if called else f"The value of {wanted}"
    imports = "import math\n\nimport numpy as np" if "math." in text else "import numpy as np"
    return f'"""{title}, as NumPy functions."""\n\n{imports}\n{text}\n'


def gradient_functions(solutions: Sequence[Solution]) -> str:
    """The source of the derivatives alone, as functions."""
    derivatives = [one for one in solutions if one.forward.by]
    names = _gradient_names([one.forward for one in derivatives])
    return "\n\n".join(
        "\n".join(_gradient_function(name, one, ())) for name, one in zip(names, derivatives, strict=True)
    )


def _gradient_names(derivatives: Sequence[Forward]) -> Iterator[str]:
    """``gradient``; of several ``gradient_W``, of several quantities ``gradient_J_W``, then with a number."""
    tops = len({one.of for one in derivatives}) > 1
    seen: Counter[str] = Counter()
    for one in derivatives:
        name = "_".join(["gradient", *([one.of] if tops else []), *one.by])
        seen[name] += 1
        yield "gradient" if len(derivatives) == 1 else f"{name}_{seen[name]}" if seen[name] > 1 else name


def _forward_function(name: str, solution: Solution) -> list[str]:
    forward = solution.forward
    body = _assignments(forward, forward.value)
    said = f"{forward.value}, from the quantities that are given."
    return _function(name, forward, said, body, forward.value, (), ())


def _gradient_function(name: str, solution: Solution, also: Sequence[str]) -> list[str]:
    """The function of the arrays that a derivative needs, and of those that ``also`` names."""
    forward, code = solution.forward, solution.numpy
    upstream = sorted(set(re.findall(r"\bd\w+_d\w+\b", code)) - {array for array, _ in forward.inputs})
    said = f"{forward.derivative}: {_shape(forward.dims)}."
    return _function(name, forward, said, _assignments(forward, code), code, upstream, also)


def _assignments(forward: Forward, code: str) -> list[str]:
    """The assignments that some code rests on, in their order."""
    needed: set[str] = set()
    todo = [code]
    codes = dict(forward.assignments)
    while todo:
        for name in set(NAME.findall(todo.pop())) & set(codes) - needed:
            needed.add(name)
            todo.append(codes[name])
    return [f"{name} = {text}" for name, text in forward.assignments if name in needed]


def _function(
    name: str,
    forward: Forward,
    said: str,
    body: Sequence[str],
    value: str,
    upstream: Sequence[str],
    also: Sequence[str],
) -> list[str]:
    """A function of the arrays that its body needs and of those that ``also`` names."""
    code = "\n".join([*body, value])
    inputs = _inputs(forward.inputs, "\n".join([code, *also]))
    shapes = [f"    {array}: {_shape(dims)}" for array, dims in inputs]
    shapes += [f"    {array}: the upstream gradient, shaped as what it is taken by" for array in upstream]
    arguments = ", ".join([*(array for array, _ in inputs), *upstream])
    lines = [f"def {name}({arguments}):", f'    """{said}', "", *shapes, '    """']
    return [*lines, *(f"    {line}" for line in (*_sizes(inputs, code), *body, f"return {value}"))]


def _inputs(inputs: Sequence[tuple[str, Dims]], code: str) -> list[tuple[str, Dims]]:
    """The arrays that some code names, and for a size that none of them has the first array that has it."""
    named = set(NAME.findall(code))
    used = {array for array, _ in inputs if array in named}
    for size in dict.fromkeys(size for _, dims in inputs for size in dims if isinstance(size, str)):
        having = [array for array, dims in inputs if size in dims]
        if python_name(size) in named and not used & set(having):
            used.add(having[0])
    return [(array, dims) for array, dims in inputs if array in used]


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
