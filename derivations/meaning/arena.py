"""The arena: makes terms, one object for equal terms, so that nothing is evaluated twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.functions import FUNCTIONS
from truestep.derivations.meaning.effort import MAX_TERMS, Effort
from truestep.derivations.meaning.reach import OWN, reaches
from truestep.derivations.meaning.terms import OF_MATRICES, PROJECTORS, WITH_ENTRIES, Axis, Pair, Term, united, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Definition, Index, Recurring, System, Told

MAX_ARGUMENTS = 4_000
_SINGLE = frozenset(
    ("size", "position", "below", "zero", "times", "raised", "positive", "nonnegative", "step", "relu", "abs")
)
_NOTHING: frozenset[Any] = frozenset()
_PARTIAL, _STEPS = frozenset(("log", "root", "raised", *WITH_ENTRIES)), frozenset(("steps",))
BINDERS = ("total", "times", "largest", *OF_MATRICES)
KINKS = {
    **dict.fromkeys(("positive", "nonnegative", "step", "zero"), "order"),
    **{row.name: row.model for row in FUNCTIONS if row.model},
    "root": "root",
    **dict.fromkeys(("opaque", "floor"), "opaque"),
    **dict.fromkeys(("inverse root", "trace of root", "largest root", *PROJECTORS), "spectral"),
    "largest": "largest",
}


class Mark(NamedTuple):
    """A state of an arena: the number of its axes, and of what stands in each of its tables, the terms first."""

    axes: int
    counts: tuple[int, ...]

    @property
    def terms(self) -> int:
        """The number of the first term that was made later."""
        return self.counts[0]


@dataclass
class Arena:
    """Makes terms, keeps the definitions of named quantities, and differentiates."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    recurring: dict[str, Recurring] = field(default_factory=dict)
    dependencies: dict[str, tuple[tuple[str, tuple[Size, ...]], ...]] = field(default_factory=dict)
    paired: set[tuple[str, str]] = field(default_factory=set)  # families of which a member depends on its own alone
    slopes: dict[str, tuple[str, str]] = field(default_factory=dict)
    hessians: dict[str, int] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    shapes: dict[str, tuple[Size, ...]] = field(default_factory=dict)
    labels: dict[str, Size] = field(default_factory=dict)
    lows: dict[Size, int | str] = field(default_factory=dict)  # from what the entries over a size are counted
    told: dict[str, tuple[Told, ...]] = field(default_factory=dict)
    steps: dict[str, bool] = field(default_factory=dict)  # what has a step, and whether it is told by the step before
    systems: list[System] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)  # by which system a quantity is moved
    found: set[str] = field(default_factory=set)  # unknowns that are what a work finds for them
    effort: Effort = field(default_factory=Effort)
    _known: dict[tuple[Any, ...], Term] = field(default_factory=dict)
    _axes: int = 0
    _constants: dict[tuple[int, int], Term] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def copied(self) -> Arena:
        """The same arena to go on from: what is made in one is not in the other."""
        made = Arena(effort=replace(self.effort))
        for name, value in vars(self).items():
            if name != "effort":
                setattr(made, name, value.copy() if isinstance(value, dict | set | list) else value)
        return made

    def axis(self, size: Size, low: int | str | None = None) -> Axis:
        """A fresh axis."""
        self._axes += 1
        return Axis(self._axes, size, self.lows.get(size, 1) if low is None else low)

    def make(self, op: str, data: Any, args: tuple[Term, ...], axes: Iterable[Axis] | None = None) -> Term:
        """The one term with these parts; its axes are those of its arguments where they are not told."""
        effort = self.effort
        effort.spent += 3 + len(args)
        if effort.spent > effort.most:
            effort.end()
        key = (op, data, *[arg.number for arg in args])
        return self._known.get(key) or self._made(key, op, data, args, united(args) if axes is None else axes)

    def _made(self, key: tuple[Any, ...], op: str, data: Any, args: tuple[Term, ...], axes: Iterable[Axis]) -> Term:
        if len(self._known) >= MAX_TERMS or len(args) > MAX_ARGUMENTS:
            self.effort.end()
        self.effort.terms += 1
        term = Term(len(self._known), op, data, args, axes if isinstance(axes, tuple) else tuple(sorted(axes)))
        low, high, kinks, reach = 0, 0, _NOTHING, _NOTHING
        partial = op in _PARTIAL or (op == "power" and data < 0)
        unusual = op in _SINGLE
        for arg in args:
            if arg.is_plain:
                continue
            if arg.depth != (0, 0):
                low, high = min(low, arg.depth[0]), max(high, arg.depth[1])
            kinks = kinks | arg.kinks if arg.kinks else kinks
            reach = reach | arg.reach if arg.reach else reach
            partial = partial or arg.partial
            unusual = unusual or arg.unusual
        if op == "exp":
            low, high = min(0, low + 1), max(0, high + 1)
        elif op == "log":
            low, high = min(0, low - 1), max(0, high - 1)
        elif op == "quantity":
            if data[0] in self.definitions:
                body = self.definitions[data[0]].body
                (low, high), kinks, reach = body.depth, body.kinks, body.reach
            elif data[0] in self.recurring:
                kinks = _STEPS
        term.depth = (low, high)
        if op in OWN and (own := reaches(term, self.shapes, self.definitions)):
            reach = reach.union(own)
        term.reach, term.partial, term.unusual = reach, partial, unusual
        if op in ("add", "multiply") and True in [arg.is_range for arg in args]:
            term.is_range = all(arg.is_range or arg.op == "constant" for arg in args)
        weigh(term)
        term.kinks = kinks = kinks | {KINKS[op]} if op in KINKS else kinks
        term.is_plain = not (low or high or kinks or reach or partial or term.unusual)
        self._known[key] = term
        return term

    def mark(self) -> Mark:
        """How much has been made so far: axes, terms, and names of derivatives; ``back`` forgets what came after."""
        return Mark(self._axes, tuple(len(table) for table in self._tables()))

    def renumber(self, mark: Mark) -> None:
        """Axes are counted again from a mark on; all else stays."""
        self._axes = mark.axes

    def back(self, mark: Mark) -> None:
        """Forgets every term, axis and name since a mark; none of them may be used any more."""
        self._axes = mark.axes
        while self._constants and next(reversed(self._constants.values())).number >= mark.terms:
            self._constants.popitem()
        for table, count in zip(self._tables(), mark.counts, strict=True):
            while len(table) > count:
                table.popitem()

    def _tables(self) -> tuple[dict[Any, Any], ...]:
        return self._known, self.shapes, self.dependencies, self.slopes, self.hessians, self.recurring

    # Leaves.

    def constant(self, value: Fraction | int) -> Term:
        """An exact number."""
        parts = (value, 1) if type(value) is int else (value.numerator, value.denominator)
        term = self._constants.get(parts)
        if term is None:
            term = self._constants[parts] = self.make("constant", Fraction(value), (), ())
        return term

    def decimal(self, value: Fraction, places: int) -> Term:
        """A number written with decimals: exact, but known as possibly rounded."""
        return self.make("decimal", (value, places), (), ())

    def size(self, size: Size) -> Term:
        """A size as a number."""
        return self.constant(size) if isinstance(size, int) else self.make("size", size, (), ())

    def quantity(self, name: str, indices: Sequence[Index]) -> Term:
        """An entry of a named quantity."""
        if name not in self.shapes:
            self.shapes[name] = tuple(index.size for index in indices if isinstance(index, Axis))
        axes = [index for index in indices if isinstance(index, Axis)]
        if name in self.definitions:
            axes += self.own_axes(name)
        return self.make("quantity", (name, tuple(indices)), (), tuple(axes) if len(axes) < 2 else {*axes})

    def own_axes(self, name: str) -> set[Axis]:
        """The free axes that a definition has beside those of its quantity: the true class o of a one-hot y."""
        definition = self.definitions.get(name)
        return set() if definition is None else set(definition.body.axes) - set(definition.axes)

    def delta(self, first: Index, second: Index) -> Term:
        """The Kronecker delta."""
        if isinstance(first, Pair) and isinstance(second, Pair):
            return self.multiply((self.delta(first.first, second.first), self.delta(first.second, second.second)))
        if first == second:
            return self.constant(1)
        if isinstance(first, int) and isinstance(second, int):
            return self.constant(0)
        if isinstance(first, int) or (isinstance(second, Axis) and second < first):
            first, second = second, first
        return self.make("delta", (first, second), (), {i for i in (first, second) if isinstance(i, Axis)})

    def position(self, axis: Axis) -> Term:
        """An index as a number."""
        return self.make("position", axis, (), (axis,))

    def number_of(self, index: Index) -> Term:
        """An index of any kind as a number; a pair is none."""
        if isinstance(index, Pair):
            raise TypeError("the index of a Kronecker product is no number")
        return self.position(index) if isinstance(index, Axis) else self.constant(index)

    def below(self, first: Term, second: Term) -> Term:
        """1 where one index expression is less than another (both without symbols but indices and sizes)."""
        return self.make("below", None, (first, second))

    # Arithmetic.

    def add(self, terms: Iterable[Term]) -> Term:
        """A sum of terms."""
        flat: list[Term] = []
        known: Fraction | int = 0
        for term in terms:
            for part in term.args if term.op == "add" else (term,):
                if part.op == "constant":
                    known = known + part.data if known else part.data
                else:
                    flat.append(part)
        if known or not flat:
            flat.append(self.constant(known))
        if len(flat) == 1:
            return flat[0]
        return self.make("add", None, tuple(flat))

    def multiply(self, terms: Iterable[Term]) -> Term:
        """A product of terms."""
        flat: list[Term] = []
        known: Fraction | None = None
        for term in terms:
            for part in term.args if term.op == "multiply" else (term,):
                if part.op == "constant":
                    known = part.data if known is None or known == 1 else known * part.data
                else:
                    flat.append(part)
        if known is not None and not known and not any(term.partial for term in flat):
            return self.constant(0)
        if not flat or (known is not None and known != 1):
            flat.append(self.constant(1 if known is None else known))
        if len(flat) == 1:
            return flat[0]
        return self.make("multiply", None, tuple(flat))

    def negative(self, term: Term) -> Term:
        """The term with its sign changed."""
        return self.multiply((self.constant(-1), term))

    def power(self, base: Term, exponent: Fraction) -> Term:
        """A rational power."""
        if exponent == 1:
            return base
        if exponent == 0:
            return self.constant(1)
        if base.op == "constant" and exponent.denominator == 1 and (base.data or exponent > 0) and abs(exponent) < 64:
            return self.constant(base.data ** int(exponent))
        if base.op == "root" and exponent > 0 and (base.data * exponent).denominator == 1 and _is_square(base.args[0]):
            return self.power(base.args[0], base.data * exponent)
        if exponent.denominator == 1:
            return self.make("power", int(exponent), (base,))
        return self.make("root", exponent, (base,))

    def raised(self, base: Term, exponent: Term) -> Term:
        """A power whose exponent is a whole number, such as a size."""
        if exponent.op == "constant":
            return self.power(base, exponent.data)
        return self.make("raised", None, (base, exponent))

    def function(self, op: str, arg: Term, data: Any = None) -> Term:
        """A function of one scalar."""
        return self.make(op, data, (arg,))

    def total(self, axis: Axis, body: Term) -> Term:
        """The sum over an axis; a delta inside picks its entry."""
        if axis not in body.axes:
            return self.multiply((self.size(axis.size), body))
        if body.op == "add":
            return self.add(self.total(axis, part) for part in body.args)
        factors = body.args if body.op == "multiply" else (body,)
        for place, factor in enumerate(factors):
            if factor.op == "delta" and axis in factor.data:
                first, second = factor.data
                other = second if first == axis else first
                if isinstance(other, Axis) and other.size != axis.size:
                    continue
                rest = self.multiply((*factors[:place], *factors[place + 1 :]))
                return self.substitute(rest, {axis: other})
        outside = [factor for factor in factors if axis not in factor.axes]
        inside = self.multiply([factor for factor in factors if axis in factor.axes])
        if inside.op == "add":
            return self.multiply((*outside, self.total(axis, inside)))
        axes = set(inside.axes) - {axis}
        return self.multiply((*outside, self.make("total", axis, (inside,), axes)))

    def times(self, axis: Axis, body: Term) -> Term:
        """The product over an axis."""
        return self.make("times", axis, (body,), set(body.axes) - {axis})

    def largest(self, axis: Axis, body: Term, value: Term | None = None, where: Term | None = None) -> Term:
        """The value at the place on an axis where the body is largest, among the places where a mask is 1.

        Without a value of its own it is the body's; at a tie it exists where the values are the same.
        """
        value = body if value is None else value
        args = (body, value) if where is None else (body, value, where)
        bound = any(axis in term.axes for term in args)
        if axis not in value.axes and (not bound or (where is None and not body.partial)):
            return value
        return self.make("largest", axis, args, {own for term in args for own in term.axes} - {axis})

    def inverse(self, rows: Axis, columns: Axis, body: Term, row: Index, column: Index, op: str = "inverse") -> Term:
        """An entry of what an operation makes of the matrix whose entries are ``body`` over rows and columns."""
        axes = (set(body.axes) - {rows, columns}) | {i for i in (row, column) if isinstance(i, Axis)}
        return self.make(op, (rows, columns, row, column), (body,), axes)

    def determinant(self, rows: Axis, columns: Axis, body: Term, op: str = "determinant") -> Term:
        """The determinant of such a matrix, the trace of its root, or the root of its largest value."""
        return self.make(op, (rows, columns), (body,), set(body.axes) - {rows, columns})

    # Substitution.

    def substitute(self, term: Term, change: Mapping[Axis, Index]) -> Term:
        """The term with axes replaced by other indices; bound axes are renamed where they would capture."""
        return self._substitute(term, {a: i for a, i in change.items() if a != i}, {})

    def _substitute(self, term: Term, change: dict[Axis, Index], memo: dict[int, Term]) -> Term:
        if not term.axes or change.keys().isdisjoint(term.axes):
            return term
        found = memo.get(term.number)
        if found is None:
            found = memo[term.number] = self._replace(term, change, memo)
        return found

    def _replace(self, term: Term, change: dict[Axis, Index], memo: dict[int, Term]) -> Term:
        def new(index: Index) -> Index:
            return change.get(index, index) if isinstance(index, Axis) else index

        op, data = term.op, term.data
        if op == "quantity":
            if any(axis in change for axis in self.own_axes(data[0])):
                definition = self.definitions[data[0]]
                body = self.substitute(definition.body, dict(zip(definition.axes, data[1], strict=True)))
                return self._substitute(body, change, memo)
            return self.quantity(data[0], [new(i) for i in data[1]])
        if op == "delta":
            return self.delta(new(data[0]), new(data[1]))
        if op == "position":
            index = new(data)
            return self.number_of(index)
        if op in BINDERS:
            return self._replace_under(term, change, memo)
        return self.rebuild(term, [self._substitute(arg, change, memo) for arg in term.args])

    def _replace_under(self, term: Term, change: dict[Axis, Index], memo: dict[int, Term]) -> Term:
        bound = term.data[:2] if term.op in OF_MATRICES else (term.data,)
        fresh = {axis: self.axis(axis.size, axis.low) for axis in bound if axis in change.values()}
        args = [self.substitute(arg, fresh) for arg in term.args] if fresh else term.args
        bound = tuple(fresh.get(axis, axis) for axis in bound)
        within = {} if fresh else memo
        args = [self._substitute(arg, change, within) for arg in args]
        outside = term.data[2:] if term.op in WITH_ENTRIES else ()
        return self._bound(term.op, (*bound, *(change.get(i, i) if isinstance(i, Axis) else i for i in outside)), args)

    def _bound(self, op: str, indices: Sequence[Any], args: Sequence[Term]) -> Term:
        """A binder over its axes; an inverse has its row and column behind them."""
        if op in WITH_ENTRIES:
            rows, columns, row, column = indices
            return self.inverse(rows, columns, args[0], row, column, op)
        if op in OF_MATRICES:
            return self.determinant(indices[0], indices[1], args[0], op)
        made = {"total": self.total, "times": self.times, "largest": self.largest}[op]
        return made(indices[0], *args)

    def rebuild(self, term: Term, args: Sequence[Term]) -> Term:
        """The same operation on other arguments (not for leaves)."""
        if term.op == "add":
            return self.add(args)
        if term.op == "multiply":
            return self.multiply(args)
        if term.op == "power":
            return self.power(args[0], Fraction(term.data))
        if term.op in BINDERS:
            return self._bound(term.op, (term.data,) if isinstance(term.data, Axis) else term.data, args)
        return self.make(term.op, term.data, tuple(args))


def _is_square(term: Term) -> bool:
    """Whether a term is a sum of even powers, which is nowhere negative."""
    if term.op == "power":
        return bool(term.data > 0 and term.data % 2 == 0)
    return term.op in ("total", "add") and all(map(_is_square, term.args))
