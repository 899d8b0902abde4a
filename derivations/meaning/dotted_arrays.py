r"""Arrays written with dots: the entries at the corners show how an entry depends on its row and column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault, ShapeFault
from truestep.derivations.meaning.index_use import usage
from truestep.derivations.meaning.scope import Scope, value_of
from truestep.derivations.meaning.shaped_terms import Value, need_scalar

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Index, Term

ROW, COLUMN = "row of the pattern", "column of the pattern"


def pattern(node: Expression, scope: Scope) -> Value:
    r"""The array that ``a_1, \dots, a_n`` or a matrix with dots stands for.

    Raises ShapeFault where the entries do not follow one pattern.
    """
    rows, columns = node.data
    grid = [node.args[k * columns : (k + 1) * columns] for k in range(rows)]
    try:
        template = _merged(grid[0][0], grid[-1][-1], grid[0][-1], grid[-1][0])
    except ShapeFault:
        if rows < 2 or columns < 2:
            raise
        return _with_diagonal(grid[0][0], grid[-1][-1], grid[0][-1], grid[-1][0], scope)
    sizes = tuple(_size(name, template, count, scope) for name, count in ((ROW, rows), (COLUMN, columns)))
    for number, row in enumerate(grid[1:-1], 2):
        if _at(template, number, 1) != _plain(row[0]):
            raise MeaningFault(f"row {number} does not follow the pattern of the first and the last", row[0].span)

    if columns == 1 or rows == 1:
        stacked = _stacked(template, sizes, columns == 1, scope)
        if stacked is not None:
            return stacked

    def entry(i: Index, j: Index) -> Term:
        return need_scalar(value_of(template, scope.bind({ROW: i, COLUMN: j})), "an entry")

    return Value((sizes[0], sizes[1]), entry)


def _stacked(template: Expression, sizes: tuple[Size, ...], is_column: bool, scope: Scope) -> Value | None:
    """The rows, or the columns, of a matrix under or beside one another; None where the entries are scalars."""
    name, size = (ROW, sizes[0]) if is_column else (COLUMN, sizes[1])
    value = value_of(template, scope.bind({name: scope.arena.axis(size)}))
    across = value.dims[1 if is_column else 0]
    if value.is_scalar or value.dims[0 if is_column else 1] != 1:
        return None

    def entry(i: Index, j: Index) -> Term:
        own = value_of(template, scope.bind({name: i if is_column else j}))
        return own.entry(1, j) if is_column else own.entry(i, 1)

    return Value((size, across) if is_column else (across, size), entry)


def _with_diagonal(first: Expression, last: Expression, right: Expression, below: Expression, scope: Scope) -> Value:
    """A square matrix whose diagonal follows a pattern of its own."""
    diagonal, other = _merged(first, last, first, last), _merged_beside(right, below)
    size = _size(ROW, diagonal, 2, scope)
    arena = scope.arena

    def entry(i: Index, j: Index) -> Term:
        here = arena.delta(i, j)
        beside = arena.add((arena.constant(1), arena.negative(here)))
        on = need_scalar(value_of(diagonal, scope.bind({ROW: i})), "an entry")
        off = need_scalar(value_of(other, scope.bind({ROW: i, COLUMN: j})), "an entry")
        return arena.add((arena.multiply((here, on)), arena.multiply((beside, off))))

    return Value((size, size), entry)


def _merged_beside(right: Expression, below: Expression) -> Expression:
    """The entry off the diagonal, from the upper right corner (1, n) and the lower left one (n, 1)."""
    if right == below:
        return right
    if right.head in ("number", "index") and below.head in ("number", "index"):
        return Expression("index", (), ROW if right.head == "number" else COLUMN, right.span)
    if right.head != below.head or right.data != below.data or len(right.args) != len(below.args) or not right.args:
        raise ShapeFault("the entries at the corners do not follow one pattern", below.span)
    args = tuple(_merged_beside(*pair) for pair in zip(right.args, below.args, strict=True))
    return replace(right, args=args)


def series(node: Expression, scope: Scope) -> Value:
    r"""The sum that ``a_1 + a_2 + \dots + a_n`` stands for."""
    first, *middle, last = node.args
    template = _merged(first, last, first, last)
    for number, term in enumerate(middle, 2):
        if _at(template, number, 1) != _plain(term):
            raise MeaningFault(f"term {number} does not follow the pattern of the first and the last", term.span)
    axis = scope.arena.axis(_size(ROW, template, 2, scope))
    value = value_of(template, scope.bind({ROW: axis}))
    return Value(value.dims, lambda *places: scope.arena.total(axis, value.entry(*places)))


def _size(name: str, template: Expression, count: int, scope: Scope) -> Size:
    if count == 1:
        return 1
    size = usage(name, template, scope)
    if size is None:
        raise MeaningFault("the dots do not say how the entries go on", template.span)
    return size


def _merged(first: Expression, last: Expression, right: Expression, below: Expression) -> Expression:
    """What the four corners have in common, with the row and the column where they differ."""
    corners = (first, last, right, below)
    if all(corner == first for corner in corners):
        return first
    if first.head in ("number", "index"):
        if first == right and last == below:
            return Expression("index", (), ROW, first.span)
        if first == below and last == right:
            return Expression("index", (), COLUMN, first.span)
    alike = all(
        corner.head == first.head and corner.data == first.data and len(corner.args) == len(first.args)
        for corner in corners
    )
    if not alike or not first.args:
        raise ShapeFault("the entries at the corners do not follow one pattern", last.span)
    args = zip(*(corner.args for corner in corners), strict=True)
    return replace(first, args=tuple(_merged(*parts) for parts in args))


def _at(template: Expression, row: int, column: int) -> Expression:
    place = {ROW: row, COLUMN: column}
    return _plain(
        template.map(lambda n: Expression("number", (), place[n.data]) if n.head == "index" and n.data in place else n)
    )


def _plain(node: Expression) -> Expression:
    """Numbers by their value alone."""
    return node.map(
        lambda n: (
            Expression("number", (), n.data if isinstance(n.data, int) else int(n.data[0])) if n.head == "number" else n
        )
    )
