"""The layers of a network as a statement writes them, one text each.

>>> layer_of("C1: conv 6, kernel 5 x 3, padding 2").kernel
(5, 3)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from truestep.derivations.language.faults import StatementFault, nearest, quoted

LARGEST = 1_000_000
MAX_LAYERS = 100
OPTIONS = ("kernel", "stride", "padding", "dilation", "no bias")
# what a layer may be called, and its kind
KINDS = {
    "input": "input",
    **dict.fromkeys(("fully connected", "dense", "linear", "fc"), "dense"),
    **dict.fromkeys(("convolution", "conv1d", "conv2d", "conv"), "conv"),
    **dict.fromkeys(("global average pool", "global max pool"), "global"),
    **dict.fromkeys(("max pool", "average pool", "pool"), "pool"),
    "flatten": "flatten",
    "batch norm": "norm",
    **dict.fromkeys("relu tanh sigmoid softmax".split(), "same"),
    **dict.fromkeys(("leaky relu", "gelu", "dropout", "activation"), "same"),
}
_OF_KIND = {"conv": OPTIONS, "pool": OPTIONS[1:4], "dense": OPTIONS[4:]}
_NAMED = re.compile(r"\s*([A-Za-z0-9][\w .()-]{0,29}?)\s*:\s*(.+)", re.DOTALL)
_NUMBERS = re.compile(r"\d+(?:\s*(?:x|×|by)\s*\d+)*")


@dataclass(frozen=True)
class Layer:
    """One layer; the sizes of kernel, stride, padding and dilation are one for each axis, or one for all."""

    name: str
    kind: str
    text: str
    units: tuple[int, ...] = ()
    kernel: tuple[int, ...] = ()
    stride: tuple[int, ...] = (1,)
    padding: tuple[int, ...] = (0,)
    dilation: tuple[int, ...] = (1,)
    same: bool = False
    bias: bool = True


def layers_of(texts: tuple[str, ...]) -> tuple[Layer, ...]:
    """The layers of a network, the input first; one without a name is called by its place.

    Raises StatementFault.

    >>> [layer.name for layer in layers_of(("input 30", "dense 8", "out: dense 1"))]
    ['input', 'layer 1', 'out']
    """
    if len(texts) > MAX_LAYERS:
        raise StatementFault(f"more than {MAX_LAYERS} of them", key="layers")
    found = [layer_of(text) for text in texts]
    if not found or found[0].kind != "input":
        raise StatementFault("the first must be the input, such as 'input 3 x 32 x 32' or 'input 30'", key="layers")
    if len(found) < 2 or any(layer.kind == "input" for layer in found[1:]):
        raise StatementFault("there must be one input, and at least one layer after it", key="layers")
    named = [
        replace(layer, name=layer.name or ("input" if place == 0 else f"layer {place}"))
        for place, layer in enumerate(found)
    ]
    twice = next((layer.name for layer in named if sum(other.name == layer.name for other in named) > 1), None)
    if twice is not None:
        raise StatementFault(f"two layers are called {twice!r}; give each a name of its own", key="layers")
    return tuple(named)


def layer_of(text: str) -> Layer:
    """One layer: ``NAME: KIND SIZE, OPTION SIZE, ...``.

    Raises StatementFault, which says what is not understood and what there is.
    """
    named = _NAMED.fullmatch(text)
    name, said = (named[1], named[2]) if named else ("", text)
    head, *options = (part.strip() for part in said.split(","))
    called = next((known for known in KINDS if re.match(rf"{known}\b", head, re.IGNORECASE)), None)
    if called is None:
        word = head.split(" ")[0] if head else ""
        close = nearest(word, KINDS) or "; there are " + ", ".join(KINDS)
        raise StatementFault(f"{quoted(text)} begins with no kind of layer{close}", key="layers", entry=text)
    kind = KINDS[called]
    units = _units(text, head[len(called) :].strip(), kind)
    layer = Layer(name, kind, said.strip(), units)
    if kind == "pool":
        layer = replace(layer, kernel=units, stride=units, units=())
    for option in options:
        layer = _with(layer, option, text)
    if kind == "conv" and not layer.kernel:
        raise StatementFault(f"{quoted(text)} has no kernel; add one, such as ', kernel 3'", key="layers", entry=text)
    return layer


def _units(text: str, said: str, kind: str) -> tuple[int, ...]:
    """The numbers after the kind of a layer: units, filters, the window of a pooling, the sizes of the input."""
    if kind in ("flatten", "same", "global", "norm"):
        return ()
    if not _NUMBERS.fullmatch(said):
        what = {"input": "its sizes, such as 3 x 32 x 32", "pool": "its window, such as 2"}.get(
            kind, "a number of units"
        )
        raise StatementFault(f"{quoted(text)} needs {what} after the kind of layer", key="layers", entry=text)
    sizes = _sizes(text, said)
    most = {"input": 3, "pool": 2}.get(kind, 1)
    if len(sizes) > most:
        raise StatementFault(
            f"{quoted(text)} has {len(sizes)} sizes where at most {most} can stand", key="layers", entry=text
        )
    return sizes


def _with(layer: Layer, option: str, text: str) -> Layer:
    key = next((known for known in OPTIONS if option.lower().startswith(known)), None)
    allowed = _OF_KIND.get(layer.kind, ())
    if key is None or key not in allowed:
        there = ", ".join(allowed) if allowed else "no options"
        raise StatementFault(
            f"{quoted(option)} in {quoted(text)} is not understood; a {layer.kind} has {there}",
            key="layers",
            entry=text,
        )
    if key == "no bias":
        return replace(layer, bias=False)
    value = option[len(key) :].strip()
    if key == "padding" and value in ("same", "valid"):
        return replace(layer, same=value == "same")
    if not _NUMBERS.fullmatch(value):
        raise StatementFault(
            f"{quoted(option)} in {quoted(text)} needs a number, such as '{key} 2'", key="layers", entry=text
        )
    sizes = _sizes(text, value, 0 if key == "padding" else 1)
    if len(sizes) > 2:
        raise StatementFault(f"{quoted(option)} in {quoted(text)} has more than two sizes", key="layers", entry=text)
    made: dict[str, Any] = {key: sizes}
    return replace(layer, **made)


def _sizes(text: str, said: str, least: int = 1) -> tuple[int, ...]:
    sizes = tuple(int(number) for number in re.findall(r"\d+", said))
    if not all(least <= size <= LARGEST for size in sizes):
        raise StatementFault(f"{quoted(text)} has a size outside {least}..{LARGEST}", key="layers", entry=text)
    return sizes
