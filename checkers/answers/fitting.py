"""The shapes of names under which formulas fit together, the usual ones first."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from truestep.checkers.answers.uses import Sizes, Unfit, Use, letter_kind, pick, plain
from truestep.derivations.language.expression import Expression

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Dims, Size

TO_SCALAR = frozenset(("trace", "det", "logdet", "rank"))
ENTRYWISE = frozenset(("circ", "odot"))
SIZES = "nmpqdrsk"
MOST_NAMES = 8
SCALAR, VECTOR, MATRIX = range(3)
# what each kind of letter is taken for, with what it costs to differ
USUAL: Mapping[str, Mapping[int, int]] = {
    "bold capital": {MATRIX: 0},
    "bold": {VECTOR: 0, MATRIX: 3},
    "capital": {MATRIX: 0, SCALAR: 1, VECTOR: 2},
    "small": {VECTOR: 0, SCALAR: 1, MATRIX: 3},
    "greek": {SCALAR: 0, VECTOR: 0, MATRIX: 3},
    "differentiated": {SCALAR: 0, VECTOR: 2},
}


class Fit:
    """The shapes of names under which formulas fit together; ``fixed`` are the kinds that are known."""

    def __init__(
        self, formulas: Sequence[Expression], use: Use, bold: Collection[str], fixed: Mapping[str, Mapping[int, int]]
    ) -> None:
        self.formulas, self.use, self.bold, self.fixed = formulas, use, bold, fixed
        self.sizes, self.dims, self.fresh = Sizes(), dict[str, "Dims"](), itertools.count()

    def fits(self, names: Sequence[str]) -> Iterator[tuple[int, dict[str, int], dict[str, str]]]:
        """What each way costs, the kinds of the names, and their shapes; what is least unusual comes first."""
        open_names = [name for name in names if name not in self.use.picked]
        if len(open_names) > MOST_NAMES:
            return
        usual = [self.fixed.get(name) or USUAL[self._kind(name)] for name in open_names]
        ways = ((sum(map(dict.__getitem__, map(dict, usual), one)), one) for one in itertools.product(*usual))
        for cost, chosen in sorted(ways, key=lambda way: way[0]):
            self.sizes, self.fresh = Sizes(), itertools.count()
            self.dims = {name: _dims_of(name, kind) for name, kind in zip(open_names, chosen, strict=True)}
            self.dims |= {name: (axes[0], axes[1] if axes[1:] else 1) for name, axes in self.use.picked.items()}
            try:
                for formula in self.formulas:
                    self.of(formula)
            except Unfit:
                continue
            yield cost, dict(zip(open_names, chosen, strict=True)), self._written(names)

    def _kind(self, name: str) -> str:
        return "differentiated" if name in self.use.depends else letter_kind(name, self.bold)

    def _new(self) -> Size:
        return f"?{next(self.fresh)}"

    def _written(self, names: Sequence[str]) -> dict[str, str]:
        letters = (letter for letter in SIZES if letter not in names)
        known: dict[Size, str] = {}
        out = {}
        for name in (*names, *(base for base in self.use.picked if base not in names)):
            sizes = [self.sizes.find(size) for size in self.dims[name]]
            for size in sizes:
                if size not in known:
                    is_own = isinstance(size, int) or not ("?" in size or " " in size)
                    known[size] = str(size) if is_own else next(letters, "") or f"n_{{{len(known)}}}"
            written = [known[size] for size in (sizes if sizes[1] != 1 else sizes[:1])]
            out[name] = "scalar" if written == ["1"] else " x ".join(written)
        return out

    def of(self, node: Expression) -> Dims:
        """The shape of a formula.  Raises Unfit."""
        make = getattr(self, f"_{node.head}", None)
        if make is not None:
            shape: Dims = make(node)
            return shape
        for arg in node.args:
            self.of(arg)
        return (1, 1)

    def _same(self, parts: Iterable[Expression]) -> Dims:
        first, *rest = map(self.of, parts)
        for other in rest:
            self.sizes.join(first[0], other[0])
            self.sizes.join(first[1], other[1])
        return first

    def _is_one(self, dims: Dims) -> bool:
        return all(self.sizes.find(size) == 1 for size in dims)

    def _scalar(self, node: Expression) -> None:
        if not self._is_one(self.of(node)):
            raise Unfit

    def _square(self, dims: Dims) -> Dims:
        self.sizes.join(*dims)
        return dims

    def _unknown(self, node: Expression) -> Dims:
        return (1, 1) if pick(node)[0] in self.use.picked else self.dims.get(plain(str(node.data)), (1, 1))

    def _call(self, node: Expression) -> Dims:
        inner = [self.of(arg) for arg in node.args]
        factor = (1, 1) if pick(node)[0] in self.use.picked else self.dims.get(plain(str(node.data)))
        return self._times(factor, inner[0]) if factor is not None and len(inner) == 1 else (1, 1)

    def _add(self, node: Expression) -> Dims:
        return self._same(node.args)

    def _group(self, node: Expression) -> Dims:
        return self.of(node.args[0])

    _negative = _sum = _prod = _mean = _group

    def _product(self, node: Expression) -> Dims:
        shape = self.of(node.args[0])
        for sign, factor in zip(node.data[1:], node.args[1:], strict=True):
            other = self.of(factor)
            if sign in ENTRYWISE:
                self.sizes.join(shape[0], other[0])
                self.sizes.join(shape[1], other[1])
            else:
                shape = self._times(shape, other)
        return shape

    def _times(self, one: Dims, other: Dims) -> Dims:
        if self._is_one(one) or self._is_one(other):
            return other if self._is_one(one) else one
        self.sizes.join(one[1], other[0])
        return (one[0], other[1])

    def _quotient(self, node: Expression) -> Dims:
        self._scalar(node.args[1])
        return self.of(node.args[0])

    def _power(self, node: Expression) -> Dims:
        self._scalar(node.args[1])
        base = self.of(node.args[0])
        return base if self._is_one(base) else self._square(base)

    def _transpose(self, node: Expression) -> Dims:
        rows, columns = self.of(node.args[0])
        return (columns, rows)

    def _apply(self, node: Expression) -> Dims:
        inner = [self.of(arg) for arg in node.args]
        name = node.data[0]
        if name in TO_SCALAR:
            self._square(inner[0])
            return (1, 1)
        if name == "diag":
            return (inner[0][0], 1 if self.sizes.find(inner[0][1]) != 1 else inner[0][0])
        return inner[0] if len(inner) == 1 else (1, 1)

    def _root(self, node: Expression) -> Dims:
        return self.of(node.args[0])

    def _matrix(self, node: Expression) -> Dims:
        for arg in node.args:
            self._scalar(arg)
        return (len(node.args) // node.data, node.data)

    def _identity(self, node: Expression) -> Dims:
        size = self._new()
        return (size, size)

    def _ones(self, node: Expression) -> Dims:
        return (self._new(), 1)

    def _derivative(self, node: Expression) -> Dims:
        if len(node.args) != 2:
            raise Unfit
        of, by = map(self.of, node.args)
        if self._is_one(of) or self._is_one(by):
            return by if self._is_one(of) else of
        self.sizes.join(of[1], 1)
        self.sizes.join(by[1], 1)
        return (by[0], of[0])


def _dims_of(name: str, kind: int) -> Dims:
    rows, columns = f"{name} rows", f"{name} columns"
    return (rows, columns) if kind == MATRIX else (rows, 1) if kind == VECTOR else (1, 1)
