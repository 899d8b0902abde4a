"""How a slip is put into a right line: by the rows of its card, and where no row says it, by what stands here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from benchmarks.slips.places import Change, Edit, Line
from benchmarks.slips.trees import dims_of, plain
from truestep.checkers.mistakes.places import places
from truestep.checkers.mistakes.slipping import known, put
from truestep.checkers.mistakes.table import card
from truestep.derivations.language.expression import Expression, add
from truestep.derivations.language.shapes import SCALAR
from truestep.derivations.language.writing import latex

NAMES = ("symbol", "entry", "member")
MAX_MADE = 40  # of one slip in one line


def by_rows(code: str) -> Change:
    """The slips that the rows of a card make."""

    def changed(line: Line) -> Iterator[Edit]:
        found = card(code)
        assert found is not None
        for text in found.ways:
            if known(text).is_made:
                yield from islice(_made(line, text), MAX_MADE)

    return changed


def _made(line: Line, text: str) -> Iterator[Edit]:
    for place, site in line.spots:
        if any(parent.head == "derivative" for parent, _ in place.path[-1:]) and place.node.head in NAMES:
            continue
        for new, _ in known(text).made(place.node, site):
            whole = plain(put(place, new))
            if whole != line.row.right and whole.head != "number":
                yield Edit(whole, text)


def labels_swapped(line: Line) -> Iterator[Edit]:
    """A prediction for its label, and the label for the prediction, everywhere."""
    names = {str(one.data) for one in line.row.right.walk() if one.head == "symbol"}
    for name in sorted(names):
        other = rf"\hat{{{name}}}"
        if other in names and not line.row.right.has("derivative"):
            pair = {name: other, other: name}
            whole = line.row.right.map(lambda one, pair=pair: _called(one, pair))  # type: ignore[misc]
            yield Edit(whole, f"{name} and {other} exchanged")


def _called(node: Expression, names: dict[str, str]) -> Expression:
    return replace(node, data=names[node.data]) if node.head == "symbol" and node.data in names else node


def other_name(line: Line) -> Iterator[Edit]:
    """One quantity for another of its shape."""
    known_names = list(line.notation.names.values())
    for place in places(line.row.right):
        declared = line.notation.declared(place.node.data) if place.node.head == "symbol" else None
        if declared is None or declared.kind != "array" or place.above is None or place.above.head == "derivative":
            continue
        others = [name.full for name in known_names if name.declared == declared and name.full != place.node.data]
        for other in others[:2]:
            yield Edit(place.put(replace(place.node, data=other)), f"{other} for {place.node.data}")


def unbound_index(line: Line) -> Iterator[Edit]:
    """An index that nothing binds for one of the left side."""
    letter = line.unused_letter()
    for place in places(line.row.right):
        for position, arg in enumerate(place.node.args if place.node.head in ("entry", "member") else ()):
            if arg.head == "index" and arg.data in line.row.free and not place.bound:
                args = list(place.node.args)
                args[position] = replace(arg, data=letter)
                yield Edit(place.put(replace(place.node, args=tuple(args))), f"{letter} for {arg.data}")


def constant_kept(line: Line) -> Iterator[Edit]:
    """A name of the problem that does not stand in the line as a further term."""
    right = line.row.right
    used = {str(one.data) for one in right.walk() if one.head == "symbol"}
    defined = {child.data for left, _ in line.work.setting.given for child in left.walk() if child.head == "symbol"}
    for name in line.notation.names.values():
        fits = name.declared.dims == line.dims(right) and not line.row.free and name.declared.kind == "array"
        if fits and name.full not in used | defined:
            yield Edit(add(right, Expression("symbol", (), name.full)), f"{name.full} kept")


def restated(line: Line) -> Iterator[Edit]:
    """A given restated wrongly in front of the work, by another slip in it."""
    for left, right in line.work.setting.given if not line.place else ():
        if left.head == "symbol":
            given = replace(line.row, left=left, right=plain(right))
            for edit in _in_a_given(Line(replace(line.work, rows=(given,)), 0)):
                text = f"{latex(left, line.notation)} = {latex(edit.right, line.notation)}"
                yield replace(edit, done=f"a given restated with {edit.done}", before=True, text=text)


def _in_a_given(line: Line) -> Iterator[Edit]:
    for code in ("sign", "transposed", "missing-factor-2", "missing-mean"):
        yield from by_rows(code)(line)


def other_shape(line: Line) -> Iterator[Edit]:
    r"""``\in \mathbb{R}^{n \times m}`` behind the line, with rows and columns exchanged."""
    dims = dims_of(line.row.right, line.notation) if not line.row.free else None
    if dims and len(dims) == 2 and dims[0] != dims[1] and dims != SCALAR and 1 not in dims:
        text = line.work.text(line.place) + rf" \in \mathbb{{R}}^{{{dims[1]} \times {dims[0]}}}"
        yield Edit(line.row.right, f"said to be {dims[1]} x {dims[0]}", text)
