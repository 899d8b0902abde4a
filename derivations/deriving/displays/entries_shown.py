r"""From nodes and polynomials to written expressions: what stands on a line of a derivation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import as_power
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.tidying import picked
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.displays.matrix_notation import Unwritable, kind_of_partial
from truestep.derivations.deriving.displays.members_shown import MembersShown
from truestep.derivations.deriving.displays.phrasing import (
    UNIT,
    ZERO,
    as_row,
    compared,
    in_group,
    leaving_out,
    over,
    side_by_side,
    signed,
    size_written,
    split_number,
    sum_of,
    sum_over,
)
from truestep.derivations.language.expression import Expression, grouped, negative, number, symbol
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from truestep.derivations.deriving.algebra.monomials import Delta, Entries, Entry, Monomial, Place
    from truestep.derivations.deriving.displays.index_letters import Letters
    from truestep.derivations.language.notation import Notation

__all__ = ["Showing", "Unwritable"]


class Showing(MembersShown):
    """Writes nodes and polynomials as expressions."""

    def __init__(self, workshop: Workshop, entries: Entries, notation: Notation, letters: Letters) -> None:
        super().__init__(workshop, entries, notation, letters)
        self.target: Expression | None = None
        self.no_delta = False
        self.along: Axis | None = None  # the axis whose vectors are written as wholes

    # Entries.

    def at(self, node: Node, i: Place, j: Place) -> Expression:
        """One entry of a node."""
        return self.monomial(self.entries.entry(node, i, j))

    def _entry(self, key: Entry) -> Expression:
        node, i, j = key
        op = node.op
        if self.along is not None and self.along in (i, j):
            return self._vector(node, i, j)
        places = [place for place, size in zip((i, j), node.dims, strict=True) if size != 1]
        if op == "symbol" and node.data in self.families:
            return self._member(node, i, j)
        if op == "symbol" and node.data in self.inner:
            return in_group(self.at(self.inner[node.data], i, j))
        if op == "symbol" or op == "partial":
            return self._named(node, places)
        if op == "add":
            return sum_of([self.at(arg, i, j) for arg in node.args])
        if op == "function" and (raised := as_power(self.workshop, node)) is not None:
            return Expression("power", (self.at(raised[0], i, j), self.whole(raised[1])))
        if op == "function":
            return self._function(node, self.at(node.args[0], i, j), True)
        if op == "softmax" and node.is_column and self._holds_members(node):
            axis, power = self._own_axis(node), self.workshop.function("exp", node.args[0])
            return over([self.at(power, i, j)], [sum_over(self.at(power, axis, 1), [axis], self.letters)])
        if op == "power":
            return self._raised(self.at(node.args[0], i, j), node.data)
        if op == "jacobian":
            value = node.args[0]
            inner = sum_of([self._delta((i, j)), negative(self.at(value, j, 1))])
            return side_by_side([self.at(value, i, 1), inner])
        if op == "off":
            return Expression("indicator", (Expression("relation", (self.index(i), self.index(j)), "!="),))
        if op == "unit":
            return self._delta((i, node.data))
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
        if op == "chain" and self._holds_members(node):
            return self._entry_of_members(node, i, j)
        if node.dims[0] == 1:
            node = self.workshop.transpose(node)
        return Expression("entry", (self.whole(node), *(self.index(place) for place in places)))

    def _vector(self, node: Node, i: Place, j: Place) -> Expression:
        """The vector of which this is an entry along the axis that is written as a whole."""
        if self._holds_members(node) and i != self.along:
            return in_group(self._row(node, i))
        if self._holds_members(node) and node.dims[1] != 1:  # members as columns
            return in_group(self._row(self.workshop.transpose(node), j))
        whole = node if node.dims[1] == 1 else self.workshop.transpose(node)
        if whole.dims[1] != 1:
            raise Unwritable(str(node.data))
        return self.whole(whole)

    def vectors(self, polynomial: Sequence[Monomial], axis: Axis) -> Expression | None:
        """A sum of vectors with numbers before them, ``\\sum_w p_w u_w - u_o``, laid out; None where it is none."""
        if not polynomial:
            return ZERO
        groups: dict[tuple[tuple[Axis, ...], Entry], list[Monomial]] = {}
        for one in polynomial:
            holding = [key for key in one.entries if axis in key[1:]]
            if len(holding) != 1 or one.entries[holding[0]] != 1 or any(axis in delta for delta in one.deltas):
                return None
            groups.setdefault((one.bound, holding[0]), []).append(one)
        self.along = axis
        try:
            ordered = sorted(groups.items(), key=lambda item: not item[0][0])
            terms = [self._over(bound, vector, group) for (bound, vector), group in ordered]
        except Unwritable:
            return None
        finally:
            self.along = None
        whole = sum_of(terms) if terms else None
        return whole if whole is None or not self.numerator else as_row(whole)

    def outer(self, polynomial: Sequence[Monomial], row: Axis, column: Axis) -> Expression | None:
        r"""Products of a column and a row, ``p_i (\delta_{ij} - p_j) x x^T``, laid out; None where it is none."""
        groups: dict[tuple[Entry, Entry], list[Monomial]] = {}
        for one in polynomial:
            ends = [[key for key in one.entries if axis in key[1:]] for axis in (row, column)]
            is_apart = all(len(keys) == 1 and one.entries[keys[0]] == 1 for keys in ends) and ends[0] != ends[1]
            if not is_apart or one.bound or any(axis in delta for axis in (row, column) for delta in one.deltas):
                return None
            (first,), (last,) = ends
            rest = replace(one, entries={key: power for key, power in one.entries.items() if key != last})
            groups.setdefault((first, last), []).append(rest)
        terms: list[Expression] = []
        try:
            for (first, last), group in groups.items():
                self.along = column
                turned = as_row(self._entry(last))
                self.along = row
                before = self._times(first, group)
                minus, before = (True, before.args[0]) if before.head == "negative" else (False, before)
                terms.append(signed(UNIT * (-1 if minus else 1), side_by_side([before, turned])))
        except Unwritable:
            return None
        finally:
            self.along = None
        return sum_of(terms) if terms else None

    def _over(self, bound: tuple[Axis, ...], vector: Entry, group: Sequence[Monomial]) -> Expression:
        """The sum over some indices of a vector with all that it is multiplied by."""
        if not bound or len(group) == 1:
            return self.polynomial(group) if bound else self._times(vector, group)
        self.letters.keep([*self.letters.names, *(axis for one in group for axis in (*one.axes(), *bound))])
        body = self._times(vector, [replace(one, bound=()) for one in group])
        minus, body = (True, body.args[0]) if body.head == "negative" else (False, body)
        return signed(UNIT * (-1 if minus else 1), sum_over(body, bound, self.letters))

    def _times(self, vector: Entry, group: Sequence[Monomial]) -> Expression:
        """A vector with all that it is multiplied by before it; what every term has is taken out."""
        own = [{key: power for key, power in one.entries.items() if key != vector} for one in group]
        common = {key: n for key, n in own[0].items() if all(other.get(key) == n for other in own)}
        rest = [
            replace(one, entries={key: n for key, n in each.items() if key not in common})
            for one, each in zip(group, own, strict=True)
        ]
        factor = self.polynomial(rest)
        minus, factor = (True, factor.args[0]) if factor.head == "negative" else (False, factor)
        above, below = self._sides(common.items(), UNIT)
        is_one = factor.head == "number" and factor.data[0] == UNIT
        left = [] if is_one else [grouped(factor) if factor.head == "add" else factor]
        above = [*left, *above] if factor.head == "number" else [*above, *left]
        factors = [over(above, below)] if below else above
        return signed(UNIT * (-1 if minus else 1), side_by_side([*factors, self._entry(vector)]))

    def _picked(self, node: Node) -> Expression | None:
        found = picked(node)
        return None if found is None else self.at(found[0], found[1], 1)

    def _named(self, node: Node, places: Sequence[Place]) -> Expression:
        if node.op == "partial":
            return self._partial(node, places)
        if not places:
            return symbol(node.data)
        return Expression("entry", (symbol(node.data), *(self.index(place) for place in places)))

    def _partial(self, node: Node, places: Sequence[Place]) -> Expression:
        """An entry of a partial derivative: its first axes are those of what it is taken by."""
        top, bottom = (symbol(name) for name in node.data[:2])
        known = self.notation.declared(node.data[1])
        count = sum(size != 1 for size in known.dims) if known is not None else len(places)
        indices = [self.index(place) for place in places]
        if indices[count:]:
            top = Expression("entry", (top, *indices[count:]))
        if indices[:count]:
            bottom = Expression("entry", (bottom, *indices[:count]))
        return Expression("derivative", (top, bottom), kind_of_partial(node.data[2:]))

    def _cases(self, node: Node, i: Place, j: Place) -> Expression:
        count = len(node.data)
        parts: list[Expression] = []
        tests = iter(node.args[count:])
        for value, relations in zip(node.args[:count], node.data, strict=True):
            known = [compared(self.at(next(tests), i, j), relation) for relation in relations]
            joined = Expression("and", tuple(known)) if len(known) > 1 else known[0] if known else None
            parts += (self.at(value, i, j), joined or Expression("otherwise"))
        return Expression("cases", tuple(parts))

    def _delta(self, delta: Delta) -> Expression:
        places = tuple(self.index(place) for place in delta)
        if self.no_delta:
            return Expression("indicator", (Expression("relation", places, "="),))
        return Expression("kronecker", places)

    def sums_to_one(self, entry: Entry, axis: Axis) -> Expression:
        """The relation that says so."""
        total = sum_over(self.at(*entry), [axis], self.letters)
        return Expression("relation", (total, number(UNIT)), "=")

    # Sums of products of entries.

    def monomial(self, one: Monomial) -> Expression:
        """One product of entries under its sums."""
        return self.polynomial([one])

    def polynomial(self, polynomial: Sequence[Monomial]) -> Expression:
        """A sum of products; those under the same sums stand under one."""
        if not polynomial:
            return ZERO
        self.letters.keep([*self.letters.names, *(axis for one in polynomial for axis in (*one.axes(), *one.bound))])
        groups: dict[object, list[Monomial]] = {}
        for one in polynomial:
            groups.setdefault((one.bound, self._without_one(one)), []).append(one)
        return sum_of([self._summed(group[0].bound, group) for group in groups.values()])

    @staticmethod
    def _without_one(one: Monomial) -> Entry | None:
        """The entry that says which index a sum leaves out."""
        return next((key for key in one.entries if key[0].op == "off" and {*key[1:]} & {*one.bound}), None)

    def _summed(self, bound: tuple[Axis, ...], group: list[Monomial]) -> Expression:
        if not bound:
            return sum_of([self._product(one, [*one.entries.items()], one.deltas, one.coefficient) for one in group])
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
        body = sum_of(inner)
        if left_out is not None:
            axis, other = left_out[1:] if left_out[1] in bound else left_out[:0:-1]
            assert isinstance(axis, Axis)
            body = leaving_out(sum_over(body, [axis], self.letters), self.letters.names[axis], self.index(other))
            bound = tuple(one for one in bound if one != axis)
        total = sum_over(body, bound, self.letters, *(limits[1:] if limits is not None else ()))
        above, below = self._sides(outside, abs(coefficient))
        factors = [over(above, below)] if above or below else []
        return signed(coefficient, side_by_side([*factors, total]))

    def _triangle(self, one: Monomial, bound: tuple[Axis, ...]) -> tuple[Entry, Expression, Expression] | None:
        """The limits that a triangle of ones gives to the only sum."""
        if len(bound) != 1:
            return None
        for key in one.entries:
            node, i, j = key
            if node.op == "lower" and j == bound[0]:
                return key, number(UNIT), self.index(i)
            if node.op == "lower" and i == bound[0]:
                return key, self.index(j), size_written(bound[0].size)
        return None

    def _sides(
        self, items: Iterable[tuple[Entry, Fraction]], coefficient: Fraction
    ) -> tuple[list[Expression], list[Expression]]:
        above, below = split_number(coefficient)
        listed = list(items)
        names = frozenset[str]().union(*(key[0].names for key, _ in listed if key[0].op in ("symbol", "function")))
        for key, exponent in sorted(listed, key=lambda item: (self._is_along(item[0]), _rank(item[0][0], names))):
            is_above = exponent.numerator > 0
            factor = self._entry(key)
            if key[0].op == "chain" and key[0].is_scalar and factor.head == "product":
                factor = grouped(factor)
            (above if is_above else below).append(self._raised(factor, exponent if is_above else -exponent))
        return above, below

    def _is_along(self, key: Entry) -> bool:
        return self.along is not None and self.along in key[1:]

    def _product(
        self, one: Monomial, items: list[tuple[Entry, Fraction]], deltas: Sequence[Delta], coefficient: Fraction
    ) -> Expression:
        above, below = self._sides(items, -coefficient if coefficient.numerator < 0 else coefficient)
        factors = [over(above, below)] if above or below else []
        factors += [self._delta(delta) for delta in deltas]
        if one.pending is not None:
            factors.append(self._pending(one.pending))
        return signed(coefficient, side_by_side(factors) if factors else number(UNIT))

    def _pending(self, entry: Entry) -> Expression:
        """The derivative that is still to be taken."""
        assert self.target is not None
        node, i, j = entry
        inner = self.at(node, i, j)
        kind = "Leibniz" if inner.head in ("symbol", "entry", "member") and node.op == "symbol" else "operator"
        return Expression("derivative", (inner, self.target), kind)


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
