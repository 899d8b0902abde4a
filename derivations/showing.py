r"""From nodes and polynomials to written expressions: what stands on a line of a derivation."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.expression import NONE, Expression, add, negative, number, symbol
from derivations.nodes import SCALAR, Node, Workshop
from derivations.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from derivations.monomials import Delta, Entries, Entry, Monomial, Place
    from derivations.notation import Notation
    from derivations.shapes import Size

LETTERS = "i j k l r s t u v q p a b c g h".split()
ZERO = number(Fraction(0))
UNIT = Fraction(1)


class Letters:
    """A letter for each index: first those that the problem itself uses for a size."""

    def __init__(self, notation: Notation, usual: Mapping[Size, Sequence[str]]) -> None:
        self.usual = usual
        taken = set(notation.bases) | set(notation.sizes)
        self.free = [letter for letter in LETTERS if letter not in taken or letter in notation.indices]
        self.indices = notation.indices
        self.names: dict[Axis, str] = {}

    def fix(self, axis: Axis, letter: str) -> None:
        """Gives an axis a letter for good."""
        self.names[axis] = letter

    def keep(self, axes: Iterable[Axis]) -> None:
        """Only these axes keep their letters; each new one gets a letter that no other has."""
        axes = list(axes)
        self.names = {axis: letter for axis, letter in self.names.items() if axis in axes}
        for axis in axes:
            if axis not in self.names:
                self.names[axis] = self._next(axis.size)

    def _next(self, size: Size) -> str:
        used = set(self.names.values())
        for letter in (*self.usual.get(size, ()), *self.free):
            if letter not in used and self.fits(letter, size):
                return letter
        return next(f"{letter}'" for letter in self.free if f"{letter}'" not in used)

    def fits(self, letter: str, size: Size) -> bool:
        """Whether a letter may run over a size."""
        declared = self.indices.get(letter)
        return declared is None or declared.dims[0] == size


class Showing:
    """Writes nodes and polynomials as expressions."""

    def __init__(self, workshop: Workshop, entries: Entries, notation: Notation, letters: Letters) -> None:
        self.workshop, self.entries, self.notation, self.letters = workshop, entries, notation, letters
        self.families = {family.name: family for family in notation.families.values()}
        self.target: Expression | None = None

    # Whole matrices and vectors.

    def whole(self, node: Node) -> Expression:
        """A node in matrix form."""
        match node.op:
            case "symbol":
                return symbol(node.data)
            case "number":
                return _rational(node.data)
            case "size":
                return Expression("size", (), node.data)
            case "constant":
                return Expression("constant", (), node.data)
            case "zeros":
                return ZERO
            case "ones":
                return self._ones(node)
            case "eye":
                return Expression("identity", (Expression("size", (), node.dims[0]),))
            case "partial":
                of, by = node.data
                return Expression("derivative", (symbol(of), symbol(by)), "Leibniz")
            case "add":
                return _sum_of([self.whole(arg) for arg in node.args])
            case "mul":
                return self._scaled(node)
            case "chain":
                return self._chain(node)
            case "entrywise":
                return self._entrywise(node)
            case "power":
                return self._power(node)
            case "transpose":
                return Expression("transpose", (self.whole(node.args[0]),))
            case "inverse":
                return Expression("power", (self.whole(node.args[0]), number(Fraction(-1))))
            case "norm":
                return Expression("norm", (self.whole(node.args[0]),), "2" if 1 in node.args[0].dims else "F")
            case "function":
                return self._function(node, self.whole(node.args[0]))
            case "maximum":
                axis = self._own_axis(node.args[0])
                return self._maximum(self.at(node.args[0], axis, 1), axis)
        known = {"det": "det", "trace": "trace", "diag": "diag", "diagonal": "diag", "softmax": "softmax"}
        if node.op in known:
            return Expression("apply", (self.whole(node.args[0]),), (known[node.op], 0, None))
        raise Unwritable(node.op)

    def _own_axis(self, node: Node) -> Axis:
        axis = self.entries.axis(node.dims[0])
        self.letters.keep([*self.letters.names, axis])
        return axis

    def _maximum(self, body: Expression, axis: Axis) -> Expression:
        return Expression("apply", (body,), ("max", 0, None, self.letters.names[axis]))

    def _ones(self, node: Node) -> Expression:
        if node.dims[0] == 1:
            return Expression("transpose", (self._ones_of((node.dims[1],)),))
        return self._ones_of(tuple(size for size in node.dims if size != 1))

    @staticmethod
    def _ones_of(sizes: Sequence[Size]) -> Expression:
        return Expression("ones", tuple(_size(size) for size in sizes) if len(sizes) > 1 else ())

    def _scaled(self, node: Node) -> Expression:
        core = None if node.args[-1].is_scalar else node.args[-1]
        scalars = node.args if core is None else node.args[:-1]
        above, below = self._fraction(node.data, [self.workshop._base(arg) for arg in scalars])
        if core is None:
            return _signed(node.data, _over(above, below))
        body = self.whole(core)
        if below and core.op in ("entrywise", "power", "add", "symbol") and not _plain(below):
            return _signed(node.data, _over([*above, body], below))
        factors = [_over(above, below)] if above or below else []
        return _signed(node.data, _product([*factors, body]))

    def _fraction(
        self, coefficient: Fraction, factors: Iterable[tuple[Node, Fraction]]
    ) -> tuple[list[Expression], list[Expression]]:
        """Numerator and denominator of a product of scalars."""
        top, bottom = abs(coefficient.numerator), coefficient.denominator
        above = [number(Fraction(top))] if top != 1 else []
        below = [number(Fraction(bottom))] if bottom != 1 else []
        for base, exponent in factors:
            side = above if exponent > 0 else below
            side.append(self._raised(self.whole(base), abs(exponent)))
        return above, below

    @staticmethod
    def _raised(base: Expression, exponent: Fraction) -> Expression:
        if exponent == 1:
            return base
        if exponent == Fraction(1, 2):
            return Expression("root", (base, NONE))
        return Expression("power", (base, _rational(exponent)))

    def _chain(self, node: Node) -> Expression:
        args = node.args
        if node.dims == SCALAR and args[0].op == "ones" and len(args) == 2 and args[1].op != "symbol":
            return self._written_sum(args[1])
        if node.dims == SCALAR and args[-1].op == "ones" and len(args) == 2 and args[0].op == "transpose":
            return self._written_sum(args[0].args[0])
        factors: list[Expression] = []
        place = 0
        while place < len(args):
            run = place
            while run < len(args) and args[run] is args[place]:
                run += 1
            body = self.whole(args[place])
            count = run - place
            base = args[place]
            if count > 1 and base.op == "transpose":
                factors.append(_transposed(_powered(self.whole(base.args[0]), count)))
            elif count > 1 and base.op == "inverse":
                factors.append(_powered(self.whole(base.args[0]), -count))
            else:
                factors.append(body if count == 1 else _powered(body, count))
            place = run
        return _product(factors)

    def _written_sum(self, vector: Node) -> Expression:
        axis = self._own_axis(vector)
        return _sum_over(self.at(vector, axis, 1), [axis], self.letters)

    def _entrywise(self, node: Node) -> Expression:
        powers = [self.workshop._base(arg) for arg in node.args]
        below = [self.workshop.power(base, -exponent) for base, exponent in powers if exponent < 0]
        above = [arg for arg, (_, exponent) in zip(node.args, powers, strict=True) if exponent > 0]
        above.sort(key=lambda arg: arg.op == "function" and arg.data[0] in ("step", "step0", "sign"))
        top = _hadamard([self.whole(arg) for arg in above]) if above else self._ones_of(node.dims[:1])
        if not below:
            return top
        bottom = _hadamard([self.whole(arg) for arg in below])
        if 1 in node.dims:
            return Expression("quotient", (top, bottom), "frac")
        return Expression("product", (top, bottom), ("", "oslash"))

    def _power(self, node: Node) -> Expression:
        base, exponent = node.args[0], node.data
        if exponent < 0:
            below = self.whole(self.workshop.power(base, -exponent))
            if node.is_scalar or 1 in node.dims:
                return Expression("quotient", (number(UNIT), below), "frac")
            ones = self._ones_of(node.dims)
            return Expression("product", (ones, below), ("", "oslash"))
        if node.is_scalar or exponent == Fraction(1, 2):
            return self._raised(self.whole(base), exponent)
        return Expression("power", (self.whole(base), _rational(exponent)), "entrywise")

    def _function(self, node: Node, arg: Expression) -> Expression:
        name, primes = node.data
        if name == "exp":
            return Expression("power", (Expression("constant", (), "e"), arg))
        if name in ("step", "step0"):
            return Expression("indicator", (_condition(arg, ">" if name == "step" else ">="),))
        if name == "abs" and node.is_scalar:
            return Expression("abs", (arg,))
        return Expression("apply", (arg,), (name, primes, None))

    # Entries.

    def at(self, node: Node, i: Place, j: Place) -> Expression:
        """One entry of a node."""
        return self.monomial(self.entries.entry(node, i, j))

    def index(self, place: Place) -> Expression:
        """An index as written."""
        if isinstance(place, int):
            return number(Fraction(place))
        return Expression("index", (), self.letters.names[place])

    def _entry(self, key: Entry) -> Expression:
        node, i, j = key
        op = node.op
        places = [place for place, size in zip((i, j), node.dims, strict=True) if size != 1]
        if op == "symbol" and node.data in self.families:
            return self._member(node, i, j)
        if op == "symbol" or op == "partial":
            return self._named(node, places)
        if op == "add":
            return _sum_of([self.at(arg, i, j) for arg in node.args])
        if op == "function":
            return self._function(node, self.at(node.args[0], i, j))
        if op == "power":
            return self._raised(self.at(node.args[0], i, j), node.data)
        if op == "jacobian":
            value = node.args[0]
            inner = _sum_of([self._delta((i, j)), negative(self.at(value, j, 1))])
            return _product([self.at(value, i, 1), inner])
        if op == "lower":
            return Expression("indicator", (Expression("relation", (self.index(j), self.index(i)), "<="),))
        if op == "cases":
            return self._cases(node, i, j)
        if op == "argmax":
            axis = self._own_axis(node.args[0])
            largest = self._maximum(self.at(node.args[0], axis, 1), axis)
            return Expression("indicator", (Expression("relation", (self.at(node.args[0], i, j), largest), "="),))
        if not places:
            return self.whole(node)
        if node.dims[0] == 1:
            node = self.workshop.transpose(node)
        return Expression("entry", (self.whole(node), *(self.index(place) for place in places)))

    def _named(self, node: Node, places: Sequence[Place]) -> Expression:
        if node.op == "partial":
            return self._partial(node, places)
        if not places:
            return symbol(node.data)
        return Expression("entry", (symbol(node.data), *(self.index(place) for place in places)))

    def _partial(self, node: Node, places: Sequence[Place]) -> Expression:
        """An entry of a partial derivative: its first axes are those of what it is taken by."""
        top, bottom = (symbol(name) for name in node.data)
        known = self.notation.declared(node.data[1])
        count = sum(size != 1 for size in known.dims) if known is not None else len(places)
        indices = [self.index(place) for place in places]
        if indices[count:]:
            top = Expression("entry", (top, *indices[count:]))
        if indices[:count]:
            bottom = Expression("entry", (bottom, *indices[:count]))
        return Expression("derivative", (top, bottom), "Leibniz")

    def _member(self, node: Node, i: Place, j: Place) -> Expression:
        family = self.families[node.data]
        key = next(name for name, known in self.notation.families.items() if known is family)
        member = Expression("member", (self.index(i),), key)
        return member if node.dims[1] == 1 else Expression("entry", (member, self.index(j)))

    def _cases(self, node: Node, i: Place, j: Place) -> Expression:
        count = len(node.data)
        parts: list[Expression] = []
        tests = iter(node.args[count:])
        for value, relation in zip(node.args[:count], node.data, strict=True):
            condition = (
                Expression("otherwise") if relation == "otherwise" else _condition(self.at(next(tests), i, j), relation)
            )
            parts += (self.at(value, i, j), condition)
        return Expression("cases", tuple(parts))

    def _delta(self, delta: Delta) -> Expression:
        return Expression("kronecker", tuple(self.index(place) for place in delta))

    def sums_to_one(self, entry: Entry, axis: Axis) -> Expression:
        """The relation that says so."""
        total = _sum_over(self.at(*entry), [axis], self.letters)
        return Expression("relation", (total, number(UNIT)), "=")

    # Sums of products of entries.

    def monomial(self, one: Monomial) -> Expression:
        """One product of entries under its sums."""
        return self.polynomial([one])

    def polynomial(self, polynomial: Sequence[Monomial]) -> Expression:
        """A sum of products; those under the same sums stand under one."""
        if not polynomial:
            return ZERO
        self.letters.keep([*self.letters.names, *(axis for one in polynomial for axis in one.axes())])
        groups: dict[object, list[Monomial]] = {}
        for one in polynomial:
            groups.setdefault((one.bound, self._without_one(one)), []).append(one)
        return _sum_of([self._summed(group[0].bound, group) for group in groups.values()])

    @staticmethod
    def _without_one(one: Monomial) -> Entry | None:
        """The entry that says which index a sum leaves out."""
        return next((key for key in one.entries if key[0].op == "off" and key[1] in one.bound), None)

    def _summed(self, bound: tuple[Axis, ...], group: list[Monomial]) -> Expression:
        if not bound:
            return _sum_of([self._product(one, [*one.entries.items()], one.deltas, one.coefficient) for one in group])
        first = group[0]
        outside = [
            (key, exponent)
            for key, exponent in first.entries.items()
            if not set(key[1:]) & set(bound) and all(other.entries.get(key) == exponent for other in group)
        ]
        coefficient = first.coefficient
        if any(abs(other.coefficient) != abs(coefficient) for other in group):
            coefficient = UNIT
        left_out = self._without_one(first)
        inner = []
        for one in group:
            rest = [item for item in one.entries.items() if item not in outside and item[0] != left_out]
            inner.append(self._product(one, rest, one.deltas, one.coefficient / coefficient))
        limits = self._triangle(first, bound) if len(group) == 1 else None
        if limits is not None:
            rest = [item for item in first.entries.items() if item not in outside and item[0] != limits[0]]
            inner = [self._product(first, rest, first.deltas, UNIT)]
        total = _sum_over(_sum_of(inner), bound, self.letters, *(limits[1:] if limits is not None else ()))
        if left_out is not None:
            total = _leaving_out(total, self.letters.names[bound[0]], self.index(left_out[2]))
        above, below = self._sides(outside, abs(coefficient))
        factors = [_over(above, below)] if above or below else []
        return _signed(coefficient, _product([*factors, total]))

    def _triangle(self, one: Monomial, bound: tuple[Axis, ...]) -> tuple[Entry, Expression, Expression] | None:
        """The limits that a triangle of ones gives to the only sum."""
        if len(bound) != 1:
            return None
        for key in one.entries:
            node, i, j = key
            if node.op == "lower" and j == bound[0]:
                return key, number(UNIT), self.index(i)
            if node.op == "lower" and i == bound[0]:
                return key, self.index(j), _size(bound[0].size)
        return None

    def _sides(
        self, items: Iterable[tuple[Entry, Fraction]], coefficient: Fraction
    ) -> tuple[list[Expression], list[Expression]]:
        above = [number(Fraction(coefficient.numerator))] if coefficient.numerator != 1 else []
        below = [number(Fraction(coefficient.denominator))] if coefficient.denominator != 1 else []
        listed = list(items)
        names = frozenset[str]().union(*(key[0].names for key, _ in listed if key[0].op in ("symbol", "function")))
        for key, exponent in sorted(listed, key=lambda item: _rank(item[0][0], names)):
            side = above if exponent > 0 else below
            side.append(self._raised(self._entry(key), abs(exponent)))
        return above, below

    def _product(
        self, one: Monomial, items: list[tuple[Entry, Fraction]], deltas: Sequence[Delta], coefficient: Fraction
    ) -> Expression:
        above, below = self._sides(items, abs(coefficient))
        factors = [_over(above, below)] if above or below else []
        factors += [self._delta(delta) for delta in deltas]
        if one.pending is not None:
            factors.append(self._pending(one.pending))
        return _signed(coefficient, _product(factors) if factors else number(UNIT))

    def _pending(self, entry: Entry) -> Expression:
        """The derivative that is still to be taken."""
        assert self.target is not None
        node, i, j = entry
        inner = self.at(node, i, j)
        kind = "Leibniz" if inner.head in ("symbol", "entry", "member") and node.op == "symbol" else "operator"
        return Expression("derivative", (inner, self.target), kind)


class Unwritable(Exception):  # noqa: N818
    """There is no matrix notation for this; it is written entry by entry."""


def _rank(node: Node, names: frozenset[str]) -> float:
    """Numbers and sizes first, then scalars, upstream gradients, errors such as y-hat - y, names, functions.

    A bracket such as 1 - p stands behind the p that it goes with.
    """
    if node.op in ("size", "number", "constant"):
        return 0
    if node.is_scalar:
        return 1
    if node.op == "add":
        return 4 if node.names & names else 2.5
    return {"partial": 2, "symbol": 3, "chain": 3.5, "lower": 6}.get(node.op, 5)


def _plain(below: Sequence[Expression]) -> bool:
    """Whether a denominator holds numbers and sizes only."""
    return all(node.head in ("number", "size") for node in below)


def _rational(value: Fraction) -> Expression:
    if value < 0:
        return negative(_rational(-value))
    if value.denominator == 1:
        return number(value)
    return Expression("quotient", (number(Fraction(value.numerator)), number(Fraction(value.denominator))), "frac")


def _size(size: Size) -> Expression:
    return number(Fraction(size)) if isinstance(size, int) else Expression("size", (), size)


def _signed(coefficient: Fraction, body: Expression) -> Expression:
    return negative(body) if coefficient < 0 else body


def _product(factors: Sequence[Expression]) -> Expression:
    if not factors:
        return number(UNIT)
    if len(factors) == 1:
        return factors[0]
    flat: list[Expression] = []
    minus = False
    for factor in factors:
        if factor.head == "negative":
            minus, factor = not minus, factor.args[0]
        if factor.head == "product" and not any(factor.data):
            flat += factor.args
        else:
            flat.append(factor)
    made = Expression("product", tuple(flat), ("",) * len(flat))
    return negative(made) if minus else made


def _hadamard(factors: Sequence[Expression]) -> Expression:
    if len(factors) == 1:
        return factors[0]
    return Expression("product", tuple(factors), ("", *("odot",) * (len(factors) - 1)))


def _over(above: Sequence[Expression], below: Sequence[Expression]) -> Expression:
    top = _product(above)
    return Expression("quotient", (top, _product(below)), "frac") if below else top


def _sum_of(terms: Sequence[Expression]) -> Expression:
    """A sum that begins with a term without minus sign where there is one."""
    flat = [part for term in terms for part in (term.args if term.head == "add" else (term,))]
    start = next((place for place, term in enumerate(flat) if term.head != "negative"), 0)
    return add(*flat[start : start + 1], *flat[:start], *flat[start + 1 :])


def _sum_over(
    body: Expression, axes: Sequence[Axis], letters: Letters, lower: Expression = NONE, upper: Expression = NONE
) -> Expression:
    """The sum over some axes; its limits are written where no entry shows the range."""
    for axis in reversed(axes):
        letter = letters.names[axis]
        minus = body.head == "negative"
        low, high = lower, upper
        if low is NONE and not _ranges(letter, body):
            low, high = number(UNIT), _size(axis.size)
        body = Expression("sum", (body.args[0] if minus else body, low, high, NONE), (letter,))
        body = negative(body) if minus else body
    return body


def _leaving_out(total: Expression, letter: str, place: Expression) -> Expression:
    """The sum over all values of its index but one."""
    minus = total.head == "negative"
    inner = total.args[0] if minus else total
    condition = Expression("relation", (Expression("index", (), letter), place), "!=")
    inner = Expression("sum", (inner.args[0], NONE, NONE, condition), inner.data)
    return negative(inner) if minus else inner


def _ranges(letter: str, body: Expression) -> bool:
    """Whether some entry has the letter for an index."""
    return any(
        node.head in ("entry", "member") and any(arg.head == "index" and arg.data == letter for arg in node.args)
        for node in body.walk()
    )


def _condition(difference: Expression, relation: str) -> Expression:
    """What is compared with 0, written with the negative terms on the other side."""
    if difference.head == "negative":
        flipped = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
        return Expression("relation", (difference.args[0], ZERO), flipped[relation])
    if difference.head == "add" and len(difference.args) == 2 and difference.args[1].head == "negative":
        return Expression("relation", (difference.args[0], difference.args[1].args[0]), relation)
    return Expression("relation", (difference, ZERO), relation)


def _powered(base: Expression, exponent: int) -> Expression:
    return Expression("power", (base, _rational(Fraction(exponent))))


def _transposed(base: Expression) -> Expression:
    return Expression("transpose", (base,))
