r"""Monomials: products of entries of nodes, summed over bound indices, with at most one entry still to differentiate.

An entry is (node, i, j); a vector's second index is 1, a scalar's both.  A polynomial is a list of monomials.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.nodes import ONE, multiplied
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop

Place = Axis | int
Entry = tuple["Node", Place, Place]
Delta = tuple[Place, Place]


@dataclass(slots=True)
class Monomial:
    """coefficient * entries with exponents * deltas, summed over the bound axes; ``pending`` is not yet derived."""

    coefficient: Fraction = ONE
    entries: dict[Entry, Fraction] = field(default_factory=dict)
    deltas: tuple[Delta, ...] = ()
    bound: tuple[Axis, ...] = ()
    pending: Entry | None = None

    def axes(self) -> list[Axis]:
        """The axes in the order in which they appear."""
        found: dict[Axis, None] = {}
        for _node, first, second in (*self.entries, *((self.pending,) if self.pending else ())):
            for place in (first, second):
                if isinstance(place, Axis):
                    found[place] = None
        for delta in self.deltas:
            found.update((place, None) for place in delta if isinstance(place, Axis))
        return list(found)


Polynomial = list[Monomial]


class Entries:
    """Entry arithmetic in one workshop."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self._numbers = 0
        self._pool: dict[str | int, list[Axis]] = {}
        self.families: frozenset[str] = frozenset()

    def axis(self, size: str | int) -> Axis:
        """A fresh axis."""
        self._numbers += 1
        return Axis(self._numbers, size)

    def entry(self, node: Node, i: Place, j: Place, exponent: Fraction = ONE) -> Monomial:
        """One entry, spread over the structure of its node: a Hadamard product is a product of entries."""
        out = Monomial()
        self.spread(out, node, i, j, exponent)
        return out

    def entry_at(self, node: Node, free: Sequence[Axis]) -> Monomial:
        """The entry of a node at its free axes, at most two."""
        row: Place = free[0] if free else 1
        column: Place = free[1] if len(free) > 1 else 1
        return self.entry(node, row, column)

    def spread(self, out: Monomial, node: Node, i: Place, j: Place, exponent: Fraction) -> None:
        """Multiplies a monomial by a power of an entry."""
        op, args = node.op, node.args
        if node.dims[0] == 1:
            i = 1
        if node.dims[1] == 1:
            j = 1
        if op == "ones":
            return
        if op == "number":
            if exponent.denominator == 1 and (node.data or exponent > 0):
                out.coefficient *= node.data ** int(exponent)
                return
        elif op == "zeros":
            out.coefficient = Fraction(0)
            return
        elif op == "mul" and exponent.denominator == 1:
            out.coefficient *= node.data ** int(exponent)
            for arg in args:
                self.spread(out, arg, i, j, exponent)
            return
        elif op == "entrywise" and exponent.denominator == 1:
            for arg in args:
                self.spread(out, arg, i, j, exponent)
            return
        elif op == "power":
            if exponent.denominator == 1:
                self.spread(out, args[0], i, j, node.data * exponent)
                return
        elif op == "transpose":
            self.spread(out, args[0], j, i, exponent)
            return
        elif op in ("eye", "diag") and exponent > 0:
            out.deltas += ((i, j),)
            if op == "diag":
                self.spread(out, args[0], i, 1, exponent)
            return
        elif op == "chain" and node.dims[0] == 1 != node.dims[1]:  # a row is the column that it is written as
            self.spread(out, self.workshop.transpose(node), j, i, exponent)
            return
        elif op == "chain" and exponent == 1 and self._is_hidden(args):
            self._through(out, node, i, j)
            return
        elif op == "chain" and exponent.denominator == 1:
            cut = next((k for k in range(1, len(args)) if args[k].dims[0] == 1), None)
            if cut is not None:
                self.spread(out, self.workshop.chain(args[:cut]), i, 1, exponent)
                self.spread(out, self.workshop.chain(args[cut:]), 1, j, exponent)
                return
        elif op == "diagonal":
            j = i
            node = args[0]
            if node.op not in ("symbol", "chain", "inverse", "add"):
                self.spread(out, node, i, j, exponent)
                return
        _raise(out.entries, (node, i, j), exponent)

    def _is_hidden(self, args: tuple[Node, ...]) -> bool:
        """Whether a product holds what has no name as a whole: a triangle of ones, or families but in u_i^T v_j."""
        if any(_is_triangle(arg) for arg in args):
            return True
        first, *rest = args
        if len(rest) == 1 and rest[0].op == "transpose" and all(map(self._is_family, (first, rest[0].args[0]))):
            return False
        return any(
            (arg.op == "transpose" and self._is_family(arg.args[0])) or (place > 0 and self._is_family(arg))
            for place, arg in enumerate(args)
        )

    def _is_family(self, node: Node) -> bool:
        return node.op == "symbol" and node.data in self.families

    def _through(self, out: Monomial, node: Node, i: Place, j: Place) -> None:
        """A product with a triangle of ones, which is written as the limit or the condition of a sum."""
        ends = [i, *(1 if arg.dims[0] == 1 else self.axis(arg.dims[0]) for arg in node.args[1:]), j]
        for arg, row, column in zip(node.args, ends, ends[1:], strict=False):
            self.spread(out, arg, row, column, ONE)
        out.bound += tuple(end for end in ends[1:-1] if isinstance(end, Axis))

    def pooled(self, monomial: Monomial) -> Monomial:
        """The monomial with the usual bound axes of each size, so that different ones can stand under one sum."""
        if not monomial.bound:
            return monomial
        taken = {axis for axis in monomial.bound if axis in self._pool.get(axis.size, ())}
        change: dict[Place, Place] = {}
        for axis in monomial.bound:
            if axis not in taken:
                pool = self._pool.setdefault(axis.size, [])
                usual = next((one for one in pool if one not in taken), None)
                if usual is None:
                    usual = self.axis(axis.size)
                    pool.append(usual)
                taken.add(usual)
                change[axis] = usual
        if not change:
            return monomial
        bound = tuple(change.get(axis, axis) for axis in monomial.bound)
        return self.substitute(replace(monomial, bound=bound), change)  # type: ignore[arg-type]

    def times(self, *factors: Monomial) -> Monomial:
        """The product of monomials whose bound axes differ."""
        out = Monomial()
        for factor in factors:
            out.coefficient = multiplied(out.coefficient, factor.coefficient)
            for key, exponent in factor.entries.items():
                _raise(out.entries, key, exponent)
            out.deltas += factor.deltas
            out.bound += tuple(axis for axis in factor.bound if axis not in out.bound)
            out.pending = out.pending or factor.pending
        return out

    def product(self, *factors: Polynomial) -> Polynomial:
        """The product of polynomials, multiplied out; equal bound axes are told apart."""
        out: Polynomial = [Monomial()]
        for factor in factors:
            self.workshop.effort.spend(20 * len(out) * len(factor))
            out = [self.times(left, self.apart(right, left)) for left in out for right in factor]
        return out

    def apart(self, monomial: Monomial, other: Monomial) -> Monomial:
        """The monomial with fresh bound axes where another binds them too."""
        shared = [axis for axis in monomial.bound if axis in other.bound]
        if not shared:
            return monomial
        fresh: dict[Place, Place] = {axis: self.axis(axis.size) for axis in shared}
        renamed = replace(monomial, bound=tuple(fresh.get(axis, axis) for axis in monomial.bound))  # type: ignore[misc]
        return self.substitute(renamed, fresh)

    def substitute(self, monomial: Monomial, change: Mapping[Place, Place]) -> Monomial:
        """The monomial with axes replaced, where they are not bound."""
        out = Monomial(monomial.coefficient, {}, (), monomial.bound)
        for (node, i, j), exponent in monomial.entries.items():
            _raise(out.entries, (node, change.get(i, i), change.get(j, j)), exponent)
        out.deltas = tuple((change.get(a, a), change.get(b, b)) for a, b in monomial.deltas)
        if monomial.pending is not None:
            node, i, j = monomial.pending
            out.pending = (node, change.get(i, i), change.get(j, j))
        return out

    # Kronecker deltas and sums.

    def sift(self, monomial: Monomial) -> Monomial | None:
        """Each delta with a bound index sets that index; None where the monomial vanishes."""
        if not monomial.coefficient:
            return None
        if not monomial.deltas:
            return self._sizes(monomial)
        place = 0
        while place < len(monomial.deltas):
            first, second = monomial.deltas[place]
            rest = (*monomial.deltas[:place], *monomial.deltas[place + 1 :])
            if first == second:
                monomial = replace(monomial, deltas=rest)
            elif isinstance(first, int) and isinstance(second, int):
                return None
            elif first in monomial.bound or second in monomial.bound:
                old, new = (first, second) if first in monomial.bound else (second, first)
                kept = tuple(axis for axis in monomial.bound if axis != old)
                monomial = self.substitute(replace(monomial, deltas=rest, bound=kept), {old: new})
                place = 0
            else:
                place += 1
        unique = tuple(dict.fromkeys(tuple(sorted(delta, key=str)) for delta in monomial.deltas))
        return self._sizes(replace(monomial, deltas=unique))  # type: ignore[arg-type]

    def _sizes(self, monomial: Monomial) -> Monomial:
        """A sum over an index that does not appear is its size."""
        if not monomial.bound:
            return monomial
        used = set(monomial.axes())
        idle = [axis for axis in monomial.bound if axis not in used]
        if not idle:
            return monomial
        out = replace(monomial, entries=dict(monomial.entries), bound=tuple(a for a in monomial.bound if a in used))
        for axis in idle:
            self.spread(out, self.workshop.size(axis.size), 1, 1, ONE)
        return out

    def clean(self, polynomial: Iterable[Monomial]) -> Polynomial:
        """Sifted, without zeros, like monomials collected."""
        sifted = (self.sift(monomial) for monomial in polynomial)
        return self.collected(monomial for monomial in sifted if monomial is not None)

    def collected(self, polynomial: Iterable[Monomial]) -> Polynomial:
        """Like monomials collected, deltas left as they are."""
        found: dict[object, Monomial] = {}
        for monomial in polynomial:
            pooled = self.pooled(monomial)
            key = signature(pooled)
            known = found.get(key)
            found[key] = pooled if known is None else replace(known, coefficient=known.coefficient + pooled.coefficient)
        return [monomial for monomial in found.values() if monomial.coefficient]


def _raise(entries: dict[Entry, Fraction], key: Entry, exponent: Fraction) -> None:
    """Multiplies a product of entries by a power of one."""
    known = entries.get(key)
    total = exponent if known is None else known + exponent
    if total is ONE or total:
        entries[key] = total
    else:
        entries.pop(key, None)


def _is_triangle(node: Node) -> bool:
    return node.op in ("lower", "off") or (node.op == "transpose" and node.args[0].op in ("lower", "off"))


def exponents(monomial: Monomial) -> frozenset[tuple[Entry, tuple[int, int]]]:
    """The entries with their exponents; pairs of numbers are hashed in a third of the time of a fraction."""
    return frozenset([(key, exponent.as_integer_ratio()) for key, exponent in monomial.entries.items()])


def signature(monomial: Monomial) -> object:
    """What two monomials that differ by their coefficient and the names of bound indices have in common."""
    if not monomial.bound:
        return exponents(monomial), frozenset(monomial.deltas), monomial.pending
    order: dict[Place, int] = {}
    bound = set(monomial.bound)

    def seen(place: Place) -> object:
        if place not in bound:
            return place
        return order.setdefault(place, -len(order) - 1)

    def rank(item: tuple[Entry, Fraction]) -> tuple[object, ...]:
        (node, i, j), exponent = item
        return (node.number, exponent, *(str(p) if p not in bound else "~" for p in (i, j)))

    entries = [
        (node.number, exponent.as_integer_ratio(), seen(i), seen(j))
        for (node, i, j), exponent in sorted(monomial.entries.items(), key=rank)
    ]
    pending = monomial.pending and (monomial.pending[0].number, seen(monomial.pending[1]), seen(monomial.pending[2]))
    return (tuple(entries), tuple((seen(a), seen(b)) for a, b in monomial.deltas), pending, len(bound))
