"""Functions, powers, cases and terms."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.slips.edits.parts import ONE, Changed, is_number, name_in, one_minus, quotient, with_symbol
from benchmarks.slips.places import Line, with_part, without
from benchmarks.slips.trees import Site
from truestep.derivations.language.expression import Expression, add, negative, number, product

OTHER_FUNCTIONS = {"sin": "cos", "cos": "sin", "exp": "log", "log": "exp", "sigmoid": "tanh", "tanh": "sigmoid"}


def labels_swapped(node: Expression, line: Line) -> Changed:
    names = {str(one.data) for one in node.walk() if one.head == "symbol"}
    for name in sorted(names):
        other = rf"\hat{{{name}}}"
        if other in names and not node.has("derivative"):
            swapped = with_symbol(with_symbol(with_symbol(node, name, "#"), other, name), "#", other)
            yield swapped, f"{name} and {other} exchanged"


def log_split(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "apply" or node.data != ("log", 0, None):
        return
    (inner,) = node.args
    if inner.head == "add" and all(term.head != "negative" for term in inner.args):
        yield add(*(replace(node, args=(term,)) for term in inner.args)), "the log of a sum as a sum of logs"
    elif inner.head == "sum":
        yield replace(inner, args=(replace(node, args=inner.args[:1]), *inner.args[1:])), "the log under the sum"


def _is_exponential(node: Expression) -> bool:
    return node.head == "power" and node.args[0].head == "constant" and node.args[0].data == "e"


def exponent_rule(site: Site, line: Line) -> Changed:
    node = site.node
    if _is_exponential(node):
        exponent = node.args[1]
        if exponent.head == "add":
            yield add(*(with_part(node, 1, term) for term in exponent.args)), "a sum of powers for a power of a sum"
        if exponent.head == "negative":
            yield negative(with_part(node, 1, exponent.args[0])), "a minus taken out of the exponent"


def exponent(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "power" or node.args[1].head != "number" or not line.is_scalar(node.args[0]):
        return
    exponent = node.args[1].data[0]
    for other in (exponent + 1, exponent - 1, -exponent):
        if other not in (0, 1):
            raised = negative(number(-other)) if other < 0 else number(other)
            yield with_part(node, 1, raised), f"the exponent {other}"
    if exponent == 2:
        yield node.args[0], "the exponent 1"


def upside_down(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and line.is_scalar(node.args[0]):
        yield quotient(node.args[1], node.args[0]), "a fraction upside down"


def diagonal_alone(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add" and any(term.head == "kronecker" for term in node.args):
        terms = tuple(ONE if term.head == "kronecker" else term for term in node.args)
        yield replace(node, args=terms), "the case of equal indices for all"


def off_diagonal_alone(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            if term.head == "kronecker":
                yield without(node, place), "the case of different indices for all"


def diagonal_off(node: Expression, line: Line) -> Changed:
    different = any(one.data == "!=" for one in line.work.setting.assumptions.conditions)
    inner = node.args[0] if node.head == "negative" else node
    if different and inner.head == "product" and len(inner.args) == 2:
        first, second = inner.args
        yield product(first, add(ONE, negative(second))), "the diagonal entry off the diagonal"


def softmax_elementwise(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add" and len(node.args) == 2 and node.args[1].head == "negative":
        first, second = node.args[0], node.args[1].args[0]
        if first.head == "kronecker" and second.head == "entry":
            yield product(first, add(ONE, negative(second))), "softmax as if it were elementwise"
        if first.head == "apply" and first.data[0] == "diag":
            (vector,) = first.args
            entries = Expression("product", (vector, add(ONE, negative(vector))), ("", "odot"))
            yield replace(first, args=(entries,)), "softmax as if it were elementwise"


def assumed(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and node.args[0].head == "entry" and name_in(node.args[0]):
        yield ONE, "a sum taken to be 1"
    dims = line.dims(node)
    if node.head == "transpose" and node.args[0].head == "symbol" and dims[0] == dims[1] != 1:
        yield node.args[0], "a matrix taken to be symmetric"


def bracket_lost(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "negative" and node.args[0].head == "add":
        first, *rest = node.args[0].args
        yield add(negative(first), *rest), "a bracket after a minus lost"
    if node.head == "product" and node.args[-1].head == "add":
        first, *rest = node.args[-1].args
        if first.head != "negative":
            yield add(with_part(node, len(node.args) - 1, first), *rest), "a bracket after a factor lost"


def bias(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            if (name_in(term) or "").startswith("b"):
                yield without(node, place), "the bias dropped"


def constant_kept(node: Expression, line: Line) -> Changed:
    used = {str(one.data) for one in node.walk() if one.head == "symbol"}
    for name in line.notation.names.values():
        dims = name.declared.dims
        fits = dims == line.dims(node) and not line.row.free
        if name.full not in used and name.declared.kind == "array" and fits and not _is_defined(name.full, line):
            yield add(node, Expression("symbol", (), name.full)), f"{name.full} kept"


def _is_defined(name: str, line: Line) -> bool:
    return any(name_in(left) == name for left, _ in line.work.setting.given)


def case_as_general(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "kronecker" and any(arg.data in line.notation.indices for arg in node.args):
        yield ONE, "the true label's case for all"


def term_dropped(site: Site, line: Line) -> Changed:
    if site.node.head == "add":
        for place in range(len(site.node.args)):
            yield without(site.node, place), f"term {place + 1} dropped"


def term_repeated(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            yield (
                replace(node, args=(*node.args[: place + 1], term, *node.args[place + 1 :])),
                f"term {place + 1} twice",
            )


def function(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "apply" and not node.data[1] and node.data[0] in OTHER_FUNCTIONS:
        yield replace(node, data=(OTHER_FUNCTIONS[node.data[0]], *node.data[1:])), "another function"
    if node.head == "apply" and node.data[1]:
        yield replace(node, data=(node.data[0], node.data[1] - 1, node.data[2])), "the function for its derivative"
    inner = one_minus(node)
    if inner is not None and inner.head == "power" and is_number(inner.args[1], 2):
        yield add(ONE, negative(inner.args[0])), "1 - a for 1 - a^2"


def variable(site: Site, line: Line) -> Changed:
    node = site.node
    declared = line.notation.declared(node.data) if node.head == "symbol" else None
    if declared is None or declared.kind != "array":
        return
    others = [
        name.full for name in line.notation.names.values() if name.declared == declared and name.full != node.data
    ]
    for other in others[:2]:
        yield replace(node, data=other), f"{other} for {node.data}"
