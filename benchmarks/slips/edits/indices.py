"""Indices, Kronecker deltas and sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.slips.edits.parts import Changed
from benchmarks.slips.places import Line, with_part, without
from benchmarks.slips.trees import Site
from truestep.derivations.language.expression import Expression, add


def _index_places(site: Site, line: Line) -> Iterator[tuple[int, str]]:
    node = site.node
    first = 1 if node.head == "entry" else 0
    if node.head in ("entry", "member"):
        for place in range(first, len(node.args)):
            if node.args[place].head == "index":
                yield place, str(node.args[place].data)


def _others(name: str, site: Site, line: Line) -> list[str]:
    known = dict.fromkeys((*line.row.free, *site.bound))
    return [one for one in known if one != name and line.sizes.get(one) == line.sizes.get(name, "?")]


def _index(name: str) -> Expression:
    return Expression("index", (), name)


def index_swapped(site: Site, line: Line) -> Changed:
    for place, name in _index_places(site, line):
        for other in _others(name, site, line):
            yield with_part(site.node, place, _index(other)), f"{other} for {name}"


def index_escaped(site: Site, line: Line) -> Changed:
    for place, name in _index_places(site, line):
        if not site.bound and name in line.row.free:
            letter = line.unused_letter()
            yield with_part(site.node, place, _index(letter)), f"{letter}, which nothing binds, for {name}"


def delta_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "kronecker":
                yield without(node, place), "a delta dropped"


def delta_indices(site: Site, line: Line) -> Changed:
    if site.node.head == "kronecker":
        for place, arg in enumerate(site.node.args):
            for other in _others(arg.data, site, line) if arg.head == "index" else ():
                if other != site.node.args[1 - place].data:
                    yield with_part(site.node, place, _index(other)), f"a delta with {other} for {arg.data}"


def sum_dropped(site: Site, line: Line) -> Changed:
    if site.node.head == "sum":
        yield site.node.args[0], f"the sum over {', '.join(site.node.data)} dropped"


def sum_elsewhere(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and len(node.data) == 1:
        for other in _others(node.data[0], site, line):
            yield replace(node, data=(other,)), f"a sum over {other} for {node.data[0]}"


def term_outside(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and node.args[0].head == "add":
        first, *rest = node.args[0].args
        yield add(*rest, replace(node, args=(first, *node.args[1:]))), "terms outside the sum"
