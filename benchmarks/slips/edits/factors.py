"""Signs, numbers and sizes: put in, dropped, repeated."""

from __future__ import annotations

from benchmarks.slips.edits.parts import ONE, TWO, Changed, is_number, quotient, toggled
from benchmarks.slips.places import Line, with_part, without
from benchmarks.slips.trees import Site
from truestep.derivations.language.expression import Expression, negative, product

RATES = (r"\alpha", r"\eta")


def sign(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add":
        for place, term in enumerate(node.args):
            yield with_part(node, place, toggled(term)), f"the sign of term {place + 1}"
    elif node.head == "negative":
        yield node.args[0], "a minus dropped"
    elif not site.path:
        yield negative(node), "a minus put in front"


def factor_two(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if is_number(factor, 2):
                yield without(node, place), "a factor 2 dropped"
            elif factor.head == "quotient" and is_number(factor.args[0], 2):
                yield with_part(node, place, quotient(ONE, factor.args[1])), "a factor 2 dropped"
    elif node.head == "quotient" and is_number(node.args[0], 2):
        yield quotient(ONE, node.args[1]), "a factor 2 dropped"


def half(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and is_number(node.args[1], 2):
        yield node.args[0], "a half dropped"


def double(node: Expression, line: Line) -> Changed:
    yield product(TWO, node), "a factor 2 put in front"


def mean(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head != "quotient":
        return
    above, below = node.args
    if below.head == "size":
        yield above, f"1/{below.data} dropped"
    elif below.head == "product":
        for place, factor in enumerate(below.args):
            if factor.head == "size":
                yield quotient(above, without(below, place)), f"1/{factor.data} dropped"


def _counts(line: Line) -> list[Expression]:
    sizes = {size for size in line.sizes.values() if isinstance(size, str)}
    sizes |= {size for size in line.dims(line.row.left) if isinstance(size, str)}
    return [Expression("size", (), size) for size in sorted(sizes)[:2]]


def mean_put_in(node: Expression, line: Line) -> Changed:
    for size in _counts(line):
        yield product(quotient(ONE, size), node), f"1/{size.data} put in front"


def size_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "size":
                yield without(node, place), f"the factor {factor.data} dropped"


def size_put_in(node: Expression, line: Line) -> Changed:
    for size in _counts(line):
        yield product(size, node), f"the factor {size.data} put in front"


def factor_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head not in ("number", "size", "kronecker", "derivative"):
                yield without(node, place), f"factor {place + 1} dropped"


def factor_repeated(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head in ("symbol", "entry") and line.is_scalar(factor):
                yield with_part(node, place, factor, factor), f"factor {place + 1} twice"


def rate_dropped(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product":
        for place, factor in enumerate(node.args):
            if factor.head == "symbol" and factor.data in RATES:
                yield without(node, place), f"{factor.data} dropped"
