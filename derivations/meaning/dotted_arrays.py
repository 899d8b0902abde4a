r"""Arrays written with dots: the entries at the corners show how an entry depends on its row and column."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import NONE, Expression, add, free_indices, product
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning.entries import exact_number
from truestep.derivations.meaning.index_use import usage
from truestep.derivations.meaning.introduced import family_of, stem, unknown
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, need_scalar

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Index, Term

Corners = tuple[Expression, Expression, Expression, Expression]


@dataclass
class _Pattern:
    """The letters of row and column, free where they are used, and what stands for each at its first and last place."""

    scope: Scope
    row: str = "row of the pattern"
    column: str = "column of the pattern"
    ends: dict[str, list[tuple[Expression, Expression]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        while self.row in self.scope.indices or self.column in self.scope.indices:  # a pattern within a pattern
            self.row, self.column = self.row + "'", self.column + "'"

    def merged(self, first: Expression, last: Expression, right: Expression, below: Expression) -> Expression:
        """What the four corners have in common, with the row and the column where they differ."""
        corners = (first, last, right, below)
        if all(corner == first for corner in corners):
            return first
        if first.head in ("number", "index"):
            if first == right and last == below:
                return self._varying(self.row, first, last)
            if first == below and last == right:
                return self._varying(self.column, first, last)
        if len({_kind(corner) for corner in corners}) > 1 or not first.args:
            raise MeaningFault("the entries at the corners do not follow one pattern", last.span)
        args = zip(*(corner.args for corner in corners), strict=True)
        return _indexed(first, tuple(self.merged(*parts) for parts in args))

    def _varying(self, name: str, first: Expression, last: Expression) -> Expression:
        self.ends.setdefault(name, []).append((first, last))
        return Expression("index", (), name, first.span)

    def beside(self, right: Expression, below: Expression) -> Expression:
        """The entry off the diagonal, from the upper right corner (1, n) and the lower left one (n, 1)."""
        if right == below:
            return right
        if right.head in ("number", "index") and below.head in ("number", "index"):
            return Expression("index", (), self.row if right.head == "number" else self.column, right.span)
        if _kind(right) != _kind(below) or not right.args:
            raise MeaningFault("the entries at the corners do not follow one pattern", below.span)
        return _indexed(right, tuple(self.beside(*pair) for pair in zip(right.args, below.args, strict=True)))

    def size(self, name: str, template: Expression, count: int, is_lettered: bool = False) -> Size:
        """The size over which the dots go, from the first place of its range to the last.

        In an array, whose shape says more, the last place may have another letter.
        """
        size = 1 if count == 1 else usage(name, template, self.scope)
        if size is None:
            for node in template.walk():
                if node.head == "unknown" and family_of(node, self.scope) is None:
                    unknown(node, self.scope)
            raise MeaningFault("the dots do not say how the entries go on", template.span)
        for first, last in self.ends.get(name, ()):
            end = last.data if last.head in ("index", "size", "symbol") else exact_number(last)
            if exact_number(first) != 1 or (end != size and (is_lettered or not isinstance(end, str))):
                raise MeaningFault("these dots do not go over the whole range of their index", last.span)
        return size

    def at(self, template: Expression, row: int, column: int = 1) -> Expression:
        """The template at one place."""
        place = {self.row: row, self.column: column}
        return _plain(
            template.map(
                lambda n: Expression("number", (), place[n.data]) if n.head == "index" and n.data in place else n
            )
        )

    def is_instance(self, template: Expression, term: Expression, places: list[Expression]) -> bool:
        """Whether a term is the template at some row; ``places`` takes what stands for that."""
        if template.head == "index" and template.data == self.row:
            places.append(term)
            return term == places[0]
        return _kind(template) == _kind(term) and all(
            self.is_instance(*pair, places) for pair in zip(template.args, term.args, strict=True)
        )


def _kind(node: Expression) -> tuple[str, object, int]:
    """What entries of one pattern have in common: for members of a family that a work introduces, their stem."""
    return node.head, stem(node) if node.head == "unknown" else node.data, len(node.args)


def _indexed(node: Expression, args: tuple[Expression, ...]) -> Expression:
    """A node with other arguments; a member of a family of the work has its indices in its name."""
    if node.head != "unknown":
        return replace(node, args=args)
    return replace(node, args=args, data=f"{stem(node).rstrip('_')}_{{{','.join(str(arg.data) for arg in args)}}}")


def pattern(node: Expression, scope: Scope) -> Value:
    r"""The array that ``a_1, \dots, a_n`` or a matrix with dots stands for."""
    rows, columns = node.data
    grid = [node.args[k * columns : (k + 1) * columns] for k in range(rows)]
    corners, made = (grid[0][0], grid[-1][-1], grid[0][-1], grid[-1][0]), _Pattern(scope)
    try:
        template = made.merged(*corners)
    except MeaningFault:
        if rows < 2 or columns < 2:
            raise
        return _with_diagonal(corners, _Pattern(scope), scope)
    size = made.size(made.row, template, rows), made.size(made.column, template, columns)
    for number, row in enumerate(grid[1:-1], 2):
        if made.at(template, number) != _plain(row[0]):
            raise MeaningFault(f"row {number} does not follow the pattern of the first and the last", row[0].span)

    if columns == 1 or rows == 1:
        stacked = _stacked(template, size, made.row if columns == 1 else made.column, columns == 1, scope)
        if stacked is not None:
            return stacked

    def entry(i: Index, j: Index) -> Term:
        return need_scalar(value_of(template, scope.bind({made.row: i, made.column: j})), "an entry")

    return Value(size, entry)


def _stacked(template: Expression, sizes: tuple[Size, Size], name: str, is_column: bool, scope: Scope) -> Value | None:
    """The rows, or the columns, of a matrix under or beside one another; None where the entries are scalars."""
    size = sizes[0] if is_column else sizes[1]
    value = value_of(template, scope.bind({name: scope.arena.axis(size)}))
    across = value.dims[1 if is_column else 0]
    if value.is_scalar or value.dims[0 if is_column else 1] != 1:
        return None

    def entry(i: Index, j: Index) -> Term:
        own = value_of(template, scope.bind({name: i if is_column else j}))
        return own.entry(1, j) if is_column else own.entry(i, 1)

    return Value((size, across) if is_column else (across, size), entry)


def _with_diagonal(corners: Corners, made: _Pattern, scope: Scope) -> Value:
    """A square matrix whose diagonal follows a pattern of its own."""
    first, last, right, below = corners
    diagonal, other = made.merged(first, last, first, last), made.beside(right, below)
    size = made.size(made.row, diagonal, 2)
    arena = scope.arena

    def entry(i: Index, j: Index) -> Term:
        here = arena.delta(i, j)
        beside = arena.add((arena.constant(1), arena.negative(here)))
        on = need_scalar(value_of(diagonal, scope.bind({made.row: i})), "an entry")
        off = need_scalar(value_of(other, scope.bind({made.row: i, made.column: j})), "an entry")
        return arena.add((arena.multiply((here, on)), arena.multiply((beside, off))))

    return Value((size, size), entry)


def series(node: Expression, scope: Scope) -> Value:
    r"""The sum that ``a_1 + a_2 + \dots + a_n`` stands for, or the product; what stands before it stays beside it."""
    head, generals = node.data
    *written, last = node.args
    before, between = written[: len(written) - generals], written[len(written) - generals :]
    found = next(filter(None, (_begun(first, last, scope) for first in before)), None)
    if found is None:
        raise MeaningFault("the terms beside the dots do not follow one pattern", last.span)
    first, made, template = found
    start = before.index(first)
    for number, term in enumerate(before[start:], 1):
        if made.at(template, number) != _plain(term):
            raise MeaningFault(f"term {number} does not follow the pattern of the first and the last", term.span)
    for term in between:
        if not made.is_instance(template, term, []):
            raise MeaningFault("the term between the dots does not follow the pattern of the others", term.span)
    made.size(made.row, template, 2, is_lettered=True)
    whole = Expression(head, (template, NONE, NONE, NONE), (made.row,), node.span)
    return value_of((add if head == "sum" else product)(*before[:start], whole), scope)


def _begun(first: Expression, last: Expression, scope: Scope) -> tuple[Expression, _Pattern, Expression] | None:
    """The pattern that goes from one term to the last, with its template; None where there is none."""
    made = _Pattern(scope)
    try:
        template = made.merged(first, last, first, last)
    except MeaningFault:
        return None
    return (first, made, template) if made.ends else None


def typical(node: Expression, scope: Scope) -> Value:
    r"""The vector of which ``[\dots x_i \dots]`` shows one entry."""
    value = value_of(node.args[0], scope)
    names = [name for name in free_indices(node.args[0]) if name not in scope.indices and name in scope.free]
    if len(names) != 1 or not value.is_scalar:
        raise MeaningFault("these dots do not say over which index the entries go on", node.span)
    axis, place = scope.free[names[0]], int(node.data == "row")

    def entry(*at: Index) -> Term:
        return scope.arena.substitute(value.term, {axis: at[place]})

    return Value((1, axis.size) if place else (axis.size, 1), entry, node.span)


def _plain(node: Expression) -> Expression:
    """Numbers by their value alone, members of a family of the work by their stem."""

    def plain(n: Expression) -> Expression:
        if n.head == "number":
            return Expression("number", (), n.data if isinstance(n.data, int) else int(n.data[0]))
        return replace(n, data=stem(n)) if n.head == "unknown" else n

    return node.map(plain)
