"""The rules of differentiation, each gone wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.slips.edits.parts import ONE, Changed, is_number, name_in, one_minus, quotient, toggled, with_symbol
from benchmarks.slips.places import Line, without
from benchmarks.slips.trees import Site
from truestep.derivations.language.expression import Expression, add


def _is_derivative(node: Expression) -> bool:
    return node.head == "derivative" or (node.head == "apply" and node.data[1] > 0)


def inner_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if _is_derivative(factor):
                yield without(node, place), f"the derivative that is factor {place + 1} dropped"


def product_rule(node: Expression, line: Line) -> Changed:
    if "product rule" in line.row.rule and node.head == "add":
        for place in range(len(node.args)):
            yield without(node, place), "one term of the product rule alone"


def _square_below(node: Expression) -> bool:
    return node.head == "quotient" and node.args[1].head == "power" and is_number(node.args[1].args[1], 2)


def _by_quotient_rule(site: Site) -> bool:
    return _square_below(site.node) and site.node.args[0].head == "add" and len(site.node.args[0].args) == 2


def quotient_sign(site: Site, line: Line) -> Changed:
    if _by_quotient_rule(site):
        first, second = site.node.args[0].args
        yield quotient(add(first, toggled(second)), site.node.args[1]), "the other sign in the numerator"


def quotient_order(site: Site, line: Line) -> Changed:
    if _by_quotient_rule(site):
        first, second = site.node.args[0].args
        yield quotient(add(toggled(first), toggled(second)), site.node.args[1]), "the numerator in the other order"


def quotient_square(site: Site, line: Line) -> Changed:
    if _square_below(site.node):
        yield quotient(site.node.args[0], site.node.args[1].args[0]), "the square below dropped"


def wrong_place(site: Site, line: Line) -> Changed:
    """``a (1 - a)`` with what a is a function of: ``z (1 - z)``; ``f'(z)`` as ``f'(f(z))``."""
    node = site.node
    if node.head == "apply" and node.data[1] > 0:
        value = replace(node, data=(node.data[0], 0, None))
        yield replace(node, args=(value,)), "the derivative at the value of the function"
    inner = dict(_arguments(line))
    if node.head == "product":
        for factor in node.args:
            name = name_in(one_minus(factor) or ONE)
            if name in inner:
                yield with_symbol(node, name, inner[name]), "the derivative at the argument"


def _arguments(line: Line) -> Iterator[tuple[str, str]]:
    for left, right in line.work.setting.given:
        made, of = name_in(left), name_in(right.args[0]) if right.head == "apply" and len(right.args) == 1 else None
        if made and of and line.notation.declared(made) == line.notation.declared(of):
            yield made, of
