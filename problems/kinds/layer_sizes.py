r"""The sizes of what layers put out, and how many parameters they learn.

A window of kernel k, stride s, padding p and dilation d makes of i entries

    o = floor((i + 2 p - d (k - 1) - 1) / s) + 1

(V. Dumoulin, F. Visin: A guide to convolution arithmetic for deep learning, 2016, relationship 15); a convolution from
C to F channels has F (C k_1 k_2 + 1) parameters, a dense layer from n to m units m (n + 1).

>>> sized(layers_of(("input 3 x 32 x 32", "conv 6, kernel 5, stride 2", "flatten")))[-1].after
(1176,)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from truestep.derivations.language.faults import StatementFault, quoted
from truestep.problems.kinds.layers import Layer, layers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.problems.statements.problem import Problem

SOURCE = "V. Dumoulin, F. Visin: A guide to convolution arithmetic for deep learning (2016), relationship 15"
Sizes = tuple[int, ...]


class Window(NamedTuple):
    """The numbers of a window along one axis."""

    entries: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def room(self) -> int:
        """The positions of the window beyond the first, before the stride is taken."""
        return self.entries + 2 * self.padding - self.dilation * (self.kernel - 1) - 1

    @property
    def out(self) -> int:
        """How many entries come out.

        >>> Window(7, 3, 2, 0, 1).out
        3
        """
        return self.room // self.stride + 1


@dataclass(frozen=True)
class Sized:
    """A layer with the sizes that go in and come out (channels first), and the terms of its number of parameters."""

    layer: Layer
    before: Sizes
    after: Sizes
    windows: tuple[Window, ...] = ()
    weights: Sizes = ()
    biases: int = 0

    @property
    def count(self) -> int:
        """How many numbers the layer learns."""
        return (prod(self.weights) if self.weights else 0) + self.biases


def sized(layers: Sequence[Layer]) -> tuple[Sized, ...]:
    """Each layer with its sizes, the input among them.

    Raises StatementFault where a layer cannot take what comes in.
    """
    out = [Sized(layers[0], (), layers[0].units)]
    for layer in layers[1:]:
        out.append(through(layer, out[-1].after))
    return tuple(out)


def through(layer: Layer, before: Sizes) -> Sized:
    """A layer with what goes in.

    Raises StatementFault.
    """
    if layer.kind == "dense":
        if len(before) != 1:
            raise StatementFault(
                f"{quoted(layer.text)} takes a vector; put 'flatten' before it", key="layers", entry=layer.text
            )
        return Sized(layer, before, layer.units, (), (before[0], layer.units[0]), layer.units[0] * layer.bias)
    if layer.kind == "flatten":
        return Sized(layer, before, (prod(before),))
    if layer.kind == "norm":
        return Sized(layer, before, before, (), (before[0],), before[0])
    if layer.kind == "same":
        return Sized(layer, before, before)
    if len(before) < 2:
        raise StatementFault(
            f"{quoted(layer.text)} takes channels and an axis; what comes in is a vector",
            key="layers",
            entry=layer.text,
        )
    if layer.kind == "global":
        return Sized(layer, before, before[:1])
    windows = tuple(_window(layer, entries, axis) for axis, entries in enumerate(before[1:]))
    sides = tuple(window.out for window in windows)
    if layer.kind == "pool":
        return Sized(layer, before, (before[0], *sides), windows)
    kernels = tuple(window.kernel for window in windows)
    weights = (*kernels, before[0], layer.units[0])
    return Sized(layer, before, (layer.units[0], *sides), windows, weights, layer.units[0] * layer.bias)


def _window(layer: Layer, entries: int, axis: int) -> Window:
    kernel, stride, padding, dilation = (
        several[axis if len(several) > 1 else 0]
        for several in (layer.kernel, layer.stride, layer.padding, layer.dilation)
    )
    if layer.same:
        needed = dilation * (kernel - 1)
        if needed % 2 or stride != 1:
            raise StatementFault(
                f"{quoted(layer.text)}: padding same is one number only for an odd kernel and stride 1; "
                "write the padding as a number",
                key="layers",
                entry=layer.text,
            )
        padding = needed // 2
    window = Window(entries, kernel, stride, padding, dilation)
    if window.room < 0:
        raise StatementFault(
            f"{quoted(layer.text)}: a kernel of {dilation * (kernel - 1) + 1} does not fit into "
            f"{entries + 2 * padding} entries",
            key="layers",
            entry=layer.text,
        )
    return window


def sized_layers(problem: Problem) -> tuple[Sized, ...]:
    """The layers of a problem with their sizes, which are channels first whatever the problem writes.

    Raises StatementFault.
    """
    layers = layers_of(problem.layers)
    if problem.channels == "last" and len(layers[0].units) > 1:
        first = layers[0]
        layers = (Layer(first.name, first.kind, first.text, (first.units[-1], *first.units[:-1])), *layers[1:])
    return sized(layers)


def as_written(sizes: Sizes, channels: str) -> Sizes:
    """Sizes in the order in which the problem writes them.

    >>> as_written((6, 28, 28), "last")
    (28, 28, 6)
    """
    return (*sizes[1:], sizes[0]) if channels == "last" and len(sizes) > 1 else sizes


def count_terms(several: Sequence[Sized]) -> tuple[str, ...]:
    r"""The terms of the number of parameters, in LaTeX: weights and biases of each layer.

    >>> count_terms(sized(layers_of(("input 30", "dense 8"))))
    ('30 \\times 8', '8')
    """
    out: list[str] = []
    for one in several:
        if one.weights:
            out.append(r" \times ".join(map(str, one.weights)))
        if one.biases:
            out.append(str(one.biases))
    return tuple(out)


def with_count(problem: Problem) -> Problem:
    """The problem with the number of parameters of its layers as its answer, where that is asked for.

    Raises StatementFault.
    """
    if problem.kind != "count" or not problem.layers:
        return problem
    return structs.replace(problem, answer=(" + ".join(count_terms(sized_layers(problem))) or "0",), layers=())


def asked_layers(problem: Problem, several: Sequence[Sized]) -> tuple[Sized, ...]:
    """The layers whose sizes are asked for: those in find, else those with a name of their own, else all.

    Raises StatementFault.
    """
    if problem.find:
        by_name = {one.layer.name: one for one in several}
        for name in problem.find:
            if name not in by_name:
                raise StatementFault(
                    f"no layer is called {quoted(name)}; there are {', '.join(by_name)}", key="find", entry=name
                )
        return tuple(by_name[name] for name in problem.find)
    named = tuple(one for one in several[1:] if not one.layer.name.startswith("layer "))
    return named or tuple(several[1:])
