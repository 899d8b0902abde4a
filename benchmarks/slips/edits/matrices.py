"""Transposes, the order of factors, and which product is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.slips.edits.parts import Changed, transposed
from benchmarks.slips.places import Line
from benchmarks.slips.trees import Site, dims_of
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.shapes import SCALAR


def turned(site: Site, line: Line) -> Changed:
    node = site.node
    if not site.path or node.head not in ("transpose", "symbol"):
        return
    dims = dims_of(node, line.notation)
    if dims is not None and dims != SCALAR:
        yield transposed(node), "a transpose dropped" if node.head == "transpose" else "a transpose put in"


def _pairs(site: Site, line: Line) -> Iterator[tuple[int, Expression, Expression]]:
    node = site.node
    if node.head == "product":
        for place, (left, right) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if line.dims(left) != SCALAR != line.dims(right):
                yield place, left, right


def swapped(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if site.node.data[place + 1] not in ("odot", "circ"):
            args = (*site.node.args[:place], right, left, *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "two matrices in the other order"


def _sign_of(site: Site, line: Line, wanted: tuple[str, ...], new: str) -> Changed:
    for place, _, _ in _pairs(site, line):
        signs = site.node.data
        if signs[place + 1] in wanted:
            yield replace(site.node, data=(*signs[: place + 1], new, *signs[place + 2 :])), "another product"


def hadamard(site: Site, line: Line) -> Changed:
    return _sign_of(site, line, ("",), "odot")


def juxtaposed(site: Site, line: Line) -> Changed:
    return _sign_of(site, line, ("odot", "circ"), "")


def _is_vector(node: Expression, line: Line) -> bool:
    dims = line.dims(node)
    return dims != SCALAR and 1 in dims


def outer(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if (
            left.head == "transpose"
            and _is_vector(left, line)
            and _is_vector(right, line)
            and right.head != "transpose"
        ):
            args = (*site.node.args[:place], left.args[0], transposed(right), *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "an outer product for an inner one"


def inner(site: Site, line: Line) -> Changed:
    for place, left, right in _pairs(site, line):
        if (
            right.head == "transpose"
            and _is_vector(left, line)
            and _is_vector(right, line)
            and left.head != "transpose"
        ):
            args = (*site.node.args[:place], transposed(left), right.args[0], *site.node.args[place + 2 :])
            yield replace(site.node, args=args), "an inner product for an outer one"


def layout(node: Expression, line: Line) -> Changed:
    if line.dims(line.row.left) != SCALAR and not line.row.free and line.work.problem.layout != "either":
        yield transposed(node), "the whole transposed"
