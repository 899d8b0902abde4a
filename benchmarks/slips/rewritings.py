"""REWRITINGS: other ways to write a right line, which no checker may call wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from benchmarks.slips.places import Change, Edit, Line, at_the_root, everywhere
from benchmarks.slips.trees import Site, renamed
from truestep.derivations.language.expression import NONE, Expression, add, negative, number, product
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing import latex

Changed = Iterable[tuple[Expression, str]]


ONE = number(1)


def quotient(above: Expression, below: Expression) -> Expression:
    """A fraction."""
    return Expression("quotient", (above, below), "frac")


def transposed(node: Expression) -> Expression:
    """The transpose; of a transpose what it is the transpose of."""
    return node.args[0] if node.head == "transpose" else Expression("transpose", (node,))


@dataclass(frozen=True)
class Rewriting:
    """Another way to write the same: its name, and what rewrites a line."""

    name: str
    change: Change


def _terms_reversed(site: Site, line: Line) -> Changed:
    if site.node.head == "add":
        yield replace(site.node, args=site.node.args[::-1]), "terms in the other order"


def _scalars(node: Expression, line: Line) -> bool:
    return node.head == "product" and set(node.data) <= {"", "cdot", "times"} and all(map(line.is_scalar, node.args))


def _factors_reversed(site: Site, line: Line) -> Changed:
    if _scalars(site.node, line):
        yield replace(site.node, args=site.node.args[::-1]), "factors in the other order"


def _entries_reversed(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product" and set(node.data[1:]) <= {"odot", "circ"}:
        yield replace(node, args=node.args[::-1]), "entrywise factors in the other order"


def _index_renamed(line: Line) -> Iterator[Edit]:
    bound = {name for node in line.row.right.walk() if node.head in ("sum", "prod") for name in node.data}
    for name in sorted(bound - set(line.row.free)):
        letter = line.unused_letter()
        yield Edit(renamed(line.row.right, {name: letter}), f"{letter} for the bound index {name}")


def _sum_parted(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and node.args[0].head == "add":
        parts = [
            negative(replace(node, args=(term.args[0], *node.args[1:])))
            if term.head == "negative"
            else replace(node, args=(term, *node.args[1:]))
            for term in node.args[0].args
        ]
        yield add(*parts), "a sum of sums"


def _sums_exchanged(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" == node.args[0].head and all(one is NONE or one == NONE for one in node.args[0].args[1:]):
        inner = node.args[0]
        yield (
            replace(inner, args=(replace(node, args=(inner.args[0], *node.args[1:])), *inner.args[1:])),
            "sums exchanged",
        )


def _sums_joined(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" == node.args[0].head and all(one == NONE for one in (*node.args[1:], *node.args[0].args[1:])):
        yield replace(node.args[0], data=(*node.data, *node.args[0].data)), "one sign for two sums"


def _limits_written(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "sum" and len(node.data) == 1 and node.args[1:] == (NONE, NONE, NONE):
        size = line.sizes.get(node.data[0])
        if isinstance(size, str):
            limits = (number(1), Expression("size", (), size), NONE)
            yield replace(node, args=(node.args[0], *limits)), "limits written"


def _fraction_split(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and node.args[0].head == "add":
        above, below = node.args
        parts = [
            negative(quotient(term.args[0], below)) if term.head == "negative" else quotient(term, below)
            for term in above.args
        ]
        yield add(*parts), "a fraction split"


def _fraction_taken_apart(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and line.is_scalar(node.args[0]) and node.args[0] != ONE:
        yield product(quotient(ONE, node.args[1]), node.args[0]), "a fraction as a factor"


def _fraction_merged(site: Site, line: Line) -> Changed:
    node = site.node
    if _scalars(node, line):
        for place, factor in enumerate(node.args):
            if factor.head == "quotient":
                others = (*node.args[:place], *node.args[place + 1 :])
                above = others if factor.args[0] == ONE else (factor.args[0], *others)
                yield quotient(product(*above), factor.args[1]), "factors in the numerator"


def _fraction_as_power(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "quotient" and line.is_scalar(node.args[1]) and node.args[1].head in ("entry", "symbol", "add"):
        inverse = Expression("power", (node.args[1], negative(number(1))))
        yield (inverse if node.args[0] == ONE else product(node.args[0], inverse)), "a negative exponent"


def _slash(site: Site, line: Line) -> Changed:
    if site.node.head == "quotient":
        yield replace(site.node, data="slash"), "a slash"


def _turned_around(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "add" and len(node.args) == 2 and node.args[1].head == "negative" and site.path:
        first, second = node.args
        yield negative(add(second.args[0], negative(first))), "-(b - a) for a - b"


def _minus_spread(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "negative" and node.args[0].head == "add":
        terms = (term.args[0] if term.head == "negative" else negative(term) for term in node.args[0].args)
        yield add(*terms), "a minus multiplied in"


def _multiplied_out(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product" and node.args[-1].head == "add":
        head = node.args[:-1]
        if len({line.dims(term) for term in node.args[-1].args}) > 1:  # a scalar that is added to every entry
            return
        parts = [
            negative(replace(node, args=(*head, term.args[0])))
            if term.head == "negative"
            else replace(node, args=(*head, term))
            for term in node.args[-1].args
        ]
        yield add(*parts), "a bracket multiplied out"


def _diagonal(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product" and len(node.args) == 2 and node.data[1] in ("odot", "circ"):
        first, second = node.args
        if line.dims(first)[1] == 1 != line.dims(first)[0]:
            matrix = Expression("apply", (first,), ("diag", 0, None))
            yield Expression("product", (matrix, second), ("", "")), "diag(a) b for an entrywise product"


def _transposed_product(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "product" and set(node.data) == {""} and all(line.dims(arg) != SCALAR for arg in node.args):
        turned = tuple(transposed(arg) for arg in reversed(node.args))
        yield transposed(replace(node, args=turned)), "the transpose of the transposes in the other order"


def _scalar_transposed(site: Site, line: Line) -> Changed:
    node = site.node
    if (
        node.head == "product"
        and len(node.args) == 2
        and line.dims(node) == SCALAR
        and node.args[0].head == "transpose"
    ):
        yield product(transposed(node.args[1]), node.args[0].args[0]), "an inner product the other way round"


def _delta_turned(site: Site, line: Line) -> Changed:
    if site.node.head == "kronecker":
        yield replace(site.node, args=site.node.args[::-1]), "the indices of a delta exchanged"


def _dotted(site: Site, line: Line) -> Changed:
    node = site.node
    if _scalars(node, line) and "cdot" not in node.data and not any(arg.head == "sum" for arg in node.args):
        yield replace(node, data=("", *["cdot"] * (len(node.args) - 1))), "dots between factors"


def _indicator(site: Site, line: Line) -> Changed:
    if site.node.head == "kronecker":
        yield Expression("indicator", (Expression("relation", site.node.args, "="),)), "an indicator for a delta"


def _square(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "power" and node.args[1] == number(2) and line.is_scalar(node.args[0]):
        yield product(node.args[0], node.args[0]), "a square as a product"


def _exponential(site: Site, line: Line) -> Changed:
    node = site.node
    if node.head == "power" and node.args[0].head == "constant" and node.args[0].data == "e":
        yield Expression("apply", (node.args[1],), ("exp", 0, None)), "exp(t) for a power of e"


def _plus_zero(node: Expression, line: Line) -> Changed:
    if line.is_scalar(node):
        yield add(node, number(0)), "0 added"
        yield product(number(1), node), "times 1"


# What changes the spelling alone: (name, pattern, what stands in its place)
SPELLINGS = (
    ("display fractions", r"\\frac", r"\\dfrac"),
    ("spaces", r" ", r"\\, "),
    ("\\top", r"\^T", r"^{\\top}"),
    ("ln", r"\\log", r"\\ln"),
    (
        "left and right",
        r"(?<!\\left)(?<!\\right)(?<!\^\{)(\((?!\d\)\})|(?<!\(\d)\))",
        lambda m: (r"\left" if m[1] == "(" else r"\right") + m[1],
    ),
    ("no left and right", r"\\left(?=[(\[])|\\right(?=[)\]])", ""),
    ("big brackets", r"\\left(?=[(\[])|\\right(?=[)\]])", lambda m: r"\bigl" if m[0] == r"\left" else r"\bigr"),
    ("limits on sums", r"\\sum", r"\\sum\\limits"),
    ("bold one", r"\\mathbf\{1\}", r"\\mathbb{1}"),
    ("circles", r"\\odot", r"\\circ"),
    ("an aligned sign", r"=", r"&="),
)


def _spelled(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Change:
    def change(line: Line) -> Iterator[Edit]:
        text = line.work.text(line.place)
        changed = re.sub(pattern, new, text)
        if changed != text:
            yield Edit(line.row.right, "spelling", changed)

    return change


def _closed(line: Line) -> Iterator[Edit]:
    yield Edit(line.row.right, "a full stop", line.work.text(line.place) + ".")
    yield Edit(line.row.right, "the end of a row", line.work.text(line.place) + r" \\")


def _left_repeated(line: Line) -> Iterator[Edit]:
    if not line.row.begins:
        left, right = latex(line.row.left, line.notation), latex(line.row.right, line.notation)
        yield Edit(line.row.right, "the left side again", f"{left} = {right}{line.row.ending}")


REWRITINGS = (
    Rewriting("terms reversed", everywhere(_terms_reversed)),
    Rewriting("factors reversed", everywhere(_factors_reversed)),
    Rewriting("entrywise factors reversed", everywhere(_entries_reversed)),
    Rewriting("bound index renamed", _index_renamed),
    Rewriting("sum parted", everywhere(_sum_parted)),
    Rewriting("sums exchanged", everywhere(_sums_exchanged)),
    Rewriting("sums joined", everywhere(_sums_joined)),
    Rewriting("limits written", everywhere(_limits_written)),
    Rewriting("fraction split", everywhere(_fraction_split)),
    Rewriting("fraction as a factor", everywhere(_fraction_taken_apart)),
    Rewriting("fraction merged", everywhere(_fraction_merged)),
    Rewriting("negative exponent", everywhere(_fraction_as_power)),
    Rewriting("slash", everywhere(_slash)),
    Rewriting("-(b - a)", everywhere(_turned_around)),
    Rewriting("minus multiplied in", everywhere(_minus_spread)),
    Rewriting("multiplied out", everywhere(_multiplied_out)),
    Rewriting("diag for Hadamard", everywhere(_diagonal)),
    Rewriting("transposed product", everywhere(_transposed_product)),
    Rewriting("inner product turned", everywhere(_scalar_transposed)),
    Rewriting("delta turned", everywhere(_delta_turned)),
    Rewriting("dots between factors", everywhere(_dotted)),
    Rewriting("indicator for delta", everywhere(_indicator)),
    Rewriting("square as product", everywhere(_square)),
    Rewriting("exp", everywhere(_exponential)),
    Rewriting("neutral element", at_the_root(_plus_zero)),
    *(Rewriting(name, _spelled(pattern, new)) for name, pattern, new in SPELLINGS),
    Rewriting("end of the row", _closed),
    Rewriting("left side again", _left_repeated),
)
