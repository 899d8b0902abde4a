"""Ways of writing that leave out what the next row puts in: identities, diagonals, traces, orders, indices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from msgspec import structs

from benchmarks.slips.trees import Site, dims_of, put, sites
from benchmarks.styles.drafts import INSERTED, Card, Change, Draft, Step
from truestep.derivations.language.expression import Expression, free_indices, number, product
from truestep.derivations.language.shapes import SCALAR, Dims

Loose = Callable[[Site, Step, Draft], Expression | None]


def in_one_place(loose: Loose, needs_next: bool = True) -> Change:
    """One place of one row that has no slip; where it needs evidence, in a row of its own before that row."""

    def change(draft: Draft, random: Random) -> bool:
        found = [
            (place, put(step.right, site.path, new))
            for place, step in enumerate(draft.steps)
            for site in (() if step.has_slip else sites(step.right))
            if (new := loose(site, step, draft)) is not None
        ]
        if not found:
            return False
        place, right = random.choice(found)
        step = draft.steps[place]
        if needs_next:
            own = replace(step, place=INSERTED + step.place, right=right, rule="", reason="", behind="")
            draft.steps.insert(place, own)
            step.begins, step.condition = False, ""
            draft.problem = structs.replace(draft.problem, wrong={})  # an author may say that this is a mistake
        else:
            step.right = right
        return True

    return change


def _is_matrix(dims: Dims | None) -> bool:
    return dims is not None and len(dims) == 2 and 1 not in dims


def _scalar_for_matrix(site: Site, step: Step, draft: Draft) -> Expression | None:
    """``A + \\lambda I`` as ``A + \\lambda``."""
    if site.node.head != "add" or free_indices(step.left) or not _is_outside(step.right, site.path):
        return None
    args = [_without_identity(arg) for arg in site.node.args]
    plain = [arg for arg, new in zip(site.node.args, args, strict=True) if new is None]
    if len(plain) != len(args) - 1 or not any(_is_matrix(dims_of(arg, draft.notation)) for arg in plain):
        return None
    return replace(site.node, args=tuple(new or arg for arg, new in zip(site.node.args, args, strict=True)))


def _is_outside(tree: Expression, path: Sequence[int]) -> bool:
    """Whether a place stands in sums and products alone."""
    for place in path:
        if tree.head not in ("add", "negative", "product"):
            return False
        tree = tree.args[place]
    return True


def _without_identity(node: Expression) -> Expression | None:
    """A multiple of the identity as the number; None for anything else."""
    if node.head == "identity":
        return number(1)
    if node.head == "negative":
        inner = _without_identity(node.args[0])
        return None if inner is None else replace(node, args=(inner,))
    rest = [arg for arg in node.args if arg.head != "identity"] if node.head == "product" else []
    return product(*rest) if rest and len(rest) == len(node.args) - 1 else None


def _diag_left_out(site: Site, step: Step, draft: Draft) -> Expression | None:
    """``diag(p) - p p^T`` as ``p - p p^T``."""
    if site.node.head != "add" or free_indices(step.left):
        return None
    inner = [arg.args[0] if arg.head == "apply" and arg.data[0] == "diag" else None for arg in site.node.args]
    if sum(one is not None for one in inner) != 1:
        return None
    dims = [dims_of(one or arg, draft.notation) for arg, one in zip(site.node.args, inner, strict=True)]
    is_vector = any(one is not None and size not in (None, SCALAR) for one, size in zip(inner, dims, strict=True))
    if not is_vector or not any(_is_matrix(size) for size in dims):
        return None
    return replace(site.node, args=tuple(one or arg for arg, one in zip(site.node.args, inner, strict=True)))


def _is_trace(node: Expression) -> bool:
    return node.head == "apply" and node.data[0] == "trace"


def trace_left_out(draft: Draft, random: Random) -> bool:
    """A given that is a trace, restated without it and as it is."""
    if any(right.has("product") and "otimes" in str(right) for _, right in draft.work.setting.given):
        return False
    traces = [(left, right) for left, right in draft.work.setting.given if _is_trace(right)]
    if not traces or draft.steps[0].condition:
        return False
    left, right = random.choice(traces)
    rows = [Step(INSERTED - 2, left, right.args[0], True), Step(INSERTED - 1, left, right, False)]
    draft.steps[:0] = rows
    return True


def _chain_order(site: Site, step: Step, draft: Draft) -> Expression | None:
    """The derivatives of a chain by arrays in the other order, where that cannot be multiplied."""
    node = site.node
    if node.head != "product" or any(node.data) or not 2 <= len(node.args) <= 3 or free_indices(step.left):
        return None
    links = [arg.head == "derivative" and not free_indices(arg) and len(arg.args) == 2 for arg in node.args[:2]]
    if not all(links) or (len(node.args) == 3 and node.args[2].head == "derivative"):
        return None
    tops, bottoms = ([dims_of(arg.args[k], draft.notation) for arg in node.args[:2]] for k in (0, 1))
    if SCALAR in bottoms or None in bottoms or tops[0] in (None, SCALAR) or tops[1] != SCALAR:
        return None  # a Jacobian before a gradient
    return replace(node, args=(node.args[1], node.args[0], *node.args[2:]))


def _dropped_index(site: Site, step: Step, draft: Draft) -> Expression | None:
    """An entry within a sum of entries as the vector, where another term or factor keeps the index."""
    node = site.node
    if node.head != "sum" or len(node.data) != 1 or not _is_number(step.left, draft):
        return None
    name = node.data[0]
    entries = [one for one in node.args[0].walk() if _is_entry(one, name, draft)]
    bases = {one.args[0] for one in entries}
    if len(bases) < 2 or node.args[0].has("derivative", "sum", "kronecker", "transpose"):
        return None
    base = min(bases, key=str)
    body = node.args[0].map(lambda one: base if _is_entry(one, name, draft) and one.args[0] == base else one)
    return replace(node, args=(body, *node.args[1:]))


def _is_entry(node: Expression, name: str, draft: Draft) -> bool:
    is_plain = node.head == "entry" and len(node.args) == 2 and node.args[0].head == "symbol"
    dims = dims_of(node.args[0], draft.notation) if is_plain else None
    return dims is not None and dims[-1] == 1 and node.args[1].head == "index" and node.args[1].data == name


def _is_number(node: Expression, draft: Draft) -> bool:
    return dims_of(node, draft.notation) == SCALAR or bool(free_indices(node))


_ATOMS = ("number", "symbol", "size", "entry", "member", "constant")


def _slash_scope(site: Site, step: Step, draft: Draft) -> Expression | None:
    """``\\frac{1}{2 s}`` at the end of a term as ``1/2s``."""
    node = site.node
    if node.head != "quotient" or not _is_last(step.right, site.path) or node.args[0].head not in _ATOMS:
        return None
    below = node.args[1]
    atoms = [arg.args[0] if arg.head == "power" else arg for arg in below.args]
    is_plain = below.head == "product" and not any(below.data) and all(arg.head in _ATOMS for arg in atoms)
    return replace(node, data="loose") if is_plain else None


def _is_last(tree: Expression, path: Sequence[int]) -> bool:
    """Whether nothing follows in the term in which a place stands."""
    for place in path:
        if tree.head not in ("add", "negative", "product") or (tree.head == "product" and place + 1 < len(tree.args)):
            return False
        tree = tree.args[place]
    return True


# a fraction, or one in brackets as it is typed, beside no other number
_FRACTION = re.compile(
    r"(?<!\d )\\frac\{([1-9])\}\{([2458]|10|20)\}(?! ?\d)|(?<![\w/)}] )(?<![\w/])\(([1-9])/([2458])\)(?! ?\d)"
)


def decimals(*points: str) -> Change:
    """Fractions that end as decimals, with one of several signs of the point, in the whole work."""

    def change(draft: Draft, random: Random) -> bool:
        point = random.choice(points)

        def decimal(found: re.Match[str]) -> str:
            above, below = (found[1], found[2]) if found[1] else (found[3], found[4])
            value = Fraction(int(above), int(below))
            return f"{float(value):g}".replace(".", point) if value.denominator != 1 else found[0]

        return draft.spelled(lambda text: _FRACTION.sub(decimal, text))

    return change


def at_a_point(draft: Draft, random: Random) -> bool:
    """The derivative by a number at a number, as a last row."""
    last = draft.steps[-1]
    is_asked = len(draft.problem.find) == 1 and last.left.head == "derivative" and len(last.left.args) == 2
    variable = last.left.args[1] if is_asked else None
    if variable is None or variable.head != "symbol" or dims_of(variable, draft.notation) != SCALAR:
        return False
    if any(left == variable for left, _ in draft.work.setting.given):
        return False
    if last.has_slip or last.condition or not set(_symbols(last.right)) <= {str(variable.data)}:
        return False
    if draft.problem.assume or last.right.has("cases", "indicator", "derivative", "sum"):
        return False
    value = number(random.choice((1, 2, 3)))
    right = last.right.map(lambda node: value if node == variable else node)
    left = Expression("at", (last.left, variable, value))
    draft.steps.append(replace(last, place=last.place + 1, left=left, right=right, begins=True, rule="", reason=""))
    return True


def _symbols(tree: Expression) -> Iterator[str]:
    return (str(node.data) for node in tree.walk() if node.head in ("symbol", "member"))


LOOSE_CARDS = (
    Card("scalar-for-matrix", in_one_place(_scalar_for_matrix), "tree", form="any"),
    Card("diag-left-out", in_one_place(_diag_left_out), "tree", form="any"),
    Card("trace-left-out", trace_left_out, "tree", form="any"),
    Card("chain-order", in_one_place(_chain_order), "tree", ("product-order", "transposed"), "any"),
    Card("dropped-index", in_one_place(_dropped_index, False), "tree", form="any"),
    Card("slash-scope", in_one_place(_slash_scope, False), "tree"),
    Card("decimals", decimals(".", ",", "{,}"), form="latex"),
    Card("decimals", decimals("."), form="plain"),
)
