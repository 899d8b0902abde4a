"""Tidying: deltas are sifted, what sums to one is replaced by one, like terms and common factors are collected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.functions import other_sigmoid
from truestep.derivations.deriving.algebra.monomials import Entries, Monomial, Polynomial
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.language.shapes import Size
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from truestep.derivations.deriving.algebra.monomials import Entry, Place

MOST_TERMS = 48
Fact = tuple["Entry", Axis]  # the entries over this axis sum to one


@dataclass(frozen=True)
class Tidying:
    """What may be used: the workshop, the givens, and along which axis a quantity sums to one."""

    entries: Entries
    definitions: Mapping[str, Node]
    simplex: Mapping[str, int]
    unequal: frozenset[frozenset[Place]] = frozenset()
    hot: tuple[str, Place] | None = None
    split: bool = False

    @property
    def workshop(self) -> Workshop:
        """The workshop in which nodes are made."""
        return self.entries.workshop

    def sifted(self, polynomial: Polynomial) -> Polynomial:
        """Deltas with bound indices resolved, and without the terms where two indices are equal that are not."""
        clean = self.entries.clean([self._picked(monomial) for monomial in polynomial])
        if not self.unequal:
            return clean
        return [one for one in clean if not any(frozenset(delta) in self.unequal for delta in one.deltas)]

    def _picked(self, monomial: Monomial) -> Monomial:
        """Entries of unit vectors as Kronecker deltas, products with them as entries."""
        for key, exponent in list(monomial.entries.items()):
            node = key[0]
            if node.op == "unit":
                monomial = _without(monomial, key)
                monomial = replace(monomial, deltas=(*monomial.deltas, (key[1], node.data)))
            found = picked(node)
            if found is not None:
                entry = self.entries.entry(found[0], found[1], 1, exponent)
                monomial = replace(self.entries.times(_without(monomial, key), entry), pending=monomial.pending)
        return monomial

    def labelled(self, polynomial: Polynomial) -> Polynomial:
        """With a one-hot vector at a known label as a Kronecker delta: y_k is 1 where k is the label."""
        if self.hot is None:
            return polynomial
        name, label = self.hot
        if not any(node.op == "symbol" and node.data == name for one in polynomial for node, _, _ in one.entries):
            return polynomial
        out: Polynomial = []
        for monomial in polynomial:
            for node, i, j in list(monomial.entries):
                if node.op == "symbol" and node.data == name:
                    monomial = _without(monomial, (node, i, j))
                    monomial = replace(monomial, deltas=(*monomial.deltas, (label, i if isinstance(i, Axis) else j)))
            out.append(monomial)
        return out

    def multiplied_out(self, polynomial: Polynomial, free: bool = False) -> Polynomial:
        """Softmax Jacobian entries s_k (delta_kl - s_l) multiplied out, those between free indices only if told so."""
        if not any(key[0].op == "jacobian" for one in polynomial for key in one.entries):
            return polynomial
        out: Polynomial = []
        for monomial in polynomial:
            entry = next((key for key in monomial.entries if key[0].op == "jacobian"), None)
            if entry is None or monomial.entries[entry] != 1 or not (free or self._opens(entry, monomial)):
                out.append(monomial)
                continue
            (node, k, m), rest = entry, _without(monomial, entry)
            value = node.args[0]
            if k == m:  # s_k (1 - s_k)
                less = self.workshop.add([self.workshop.one, self.workshop.negative(value)])
                own = self.entries.times(rest, self.entries.entry(value, k, 1), self.entries.entry(less, k, 1))
                out.append(replace(own, pending=rest.pending))
                continue
            if self.split and k in monomial.bound:
                out += self._both_cases(rest, value, k, m)
                continue
            one, other = (self.entries.entry(value, place, 1) for place in (k, m))
            minus = Monomial(Fraction(-1))
            diagonal = replace(self.entries.times(rest, one), pending=rest.pending)
            diagonal.deltas = (*diagonal.deltas, (k, m))
            out += self.multiplied_out([diagonal, self.entries.times(rest, minus, one, other)], free)
        return out

    def _both_cases(self, rest: Monomial, value: Node, k: Place, m: Place) -> Polynomial:
        """The term k = m split off the sum: s_m (1 - s_m), and -s_k s_m for every other k."""
        size = value.dims[0]
        less = self.workshop.add([self.workshop.one, self.workshop.negative(value)])
        one, other = (self.entries.entry(value, place, 1) for place in (k, m))
        own = self.entries.times(rest, one, self.entries.entry(less, k, 1))
        off = self.entries.entry(self.workshop.make("off", (), None, (size, size)), k, m)
        own = replace(own, deltas=(*own.deltas, (k, m)), pending=rest.pending)
        return [own, self.entries.times(rest, Monomial(Fraction(-1)), off, one, other)]

    def joined(self, polynomial: Polynomial) -> Polynomial:
        """A sum over all k but m is the whole sum less the term m."""
        if not any(key[0].op == "off" for one in polynomial for key in one.entries):
            return polynomial
        out: Polynomial = []
        for monomial in polynomial:
            entry = next((key for key in monomial.entries if key[0].op == "off"), None)
            if entry is None:
                out.append(monomial)
                continue
            rest = _without(monomial, entry)
            out.append(rest)
            minus = replace(rest, coefficient=-rest.coefficient, deltas=(*rest.deltas, (entry[1], entry[2])))
            out.append(minus)
        return out

    def _opens(self, entry: Entry, monomial: Monomial) -> bool:
        """Whether an entry of a softmax Jacobian has a bound index, or two that are known to be equal or not."""
        _, k, m = entry
        return k in monomial.bound or m in monomial.bound or k == m or frozenset((k, m)) in self.unequal

    def normalised(self, polynomial: Polynomial) -> Polynomial:
        """A sum over the index along which a quantity sums to one is one: sum over k of y_k = 1."""
        normal = [self._normalised(monomial) for monomial in polynomial]
        return polynomial if all(one is before for one, before in zip(normal, polynomial, strict=True)) else normal

    def without_signs(self, polynomial: Polynomial) -> Polynomial:
        """Without the squares of what is 1 or -1."""
        signs = self.workshop.signs
        kept = [self._without_signs(monomial) for monomial in polynomial] if signs else polynomial
        return polynomial if all(one is before for one, before in zip(kept, polynomial, strict=True)) else kept

    def _without_signs(self, monomial: Monomial) -> Monomial:
        signs = [(key, power) for key, power in monomial.entries.items() if key[0].data in self.workshop.signs]
        for key, power in signs:
            if key[0].op == "symbol" and power.denominator == 1 and power not in (0, 1):
                monomial = _lowered(monomial, key, power - power % 2)
        return monomial

    def fact(self, polynomial: Polynomial) -> Fact | None:
        """The first fact that normalising makes use of."""
        return next((found for monomial in polynomial if (found := self._fact(monomial))), None)

    def centred(self, polynomial: Polynomial) -> Polynomial:
        """Without the terms in which deviations from their mean are summed."""
        kept = [monomial for monomial in polynomial if not self._vanishes(monomial)]
        return kept if len(kept) < len(polynomial) else polynomial

    def _normalised(self, monomial: Monomial) -> Monomial:
        found = self._fact(monomial)
        if found is None:
            return monomial
        less = _without(monomial, found[0])
        return self._normalised(replace(less, bound=tuple(axis for axis in less.bound if axis != found[1])))

    def _fact(self, monomial: Monomial) -> Fact | None:
        summed = (
            (key, axis) for key, axis in _summed(monomial) if self._sums_to_one(key[0], key[1] == axis, key[2] == axis)
        )
        return next(summed, None)

    def _vanishes(self, monomial: Monomial) -> bool:
        """Whether deviations from their mean are summed."""
        return any(key[1] == axis and key[0] in self.workshop.centred for key, axis in _summed(monomial))

    def _sums_to_one(self, node: Node, over_rows: bool, over_columns: bool) -> bool:
        if over_rows and over_columns:
            return False
        if node.op == "symbol":
            slot = self.simplex.get(node.data)
            if slot is not None and slot == int(over_columns and node.dims[0] != 1):
                return True
            node = self.definitions.get(node.data, node)
        if node.op in ("add", "mul") and over_rows and node.dims[1] == 1:
            return self._total(node, node.dims[0]) is self.workshop.one
        return node.op == "softmax" and (node.data == "all" or over_columns)

    def _total(self, node: Node, size: Size) -> Node | None:
        """The sum of a column's entries, as of ``(1 - a) y + a / K``; None where it is not known."""
        workshop = self.workshop
        if node.op == "add":
            parts = [self._total(arg, size) for arg in node.args]
            known = [part for part in parts if part is not None]
            return workshop.add(known) if len(known) == len(parts) else None
        coefficient, scalars, core = workshop.parts(node)
        if core is None or core.op == "ones":
            return workshop.scale_by(workshop.assemble(coefficient, scalars, None), workshop.size(size))
        return workshop.assemble(coefficient, scalars, None) if self._sums_to_one(core, True, False) else None

    def recognised(self, polynomial: Polynomial) -> Polynomial:
        """exp(u)_k / sum of exp(u) is softmax(u)_k; e^u / (1 + e^u) is sigmoid(u)."""
        return [self._recognised(monomial) for monomial in polynomial]

    def _recognised(self, monomial: Monomial) -> Monomial:
        workshop = self.workshop
        for (node, i, j), exponent in list(monomial.entries.items()):
            turned = other_sigmoid(workshop, node)
            if turned is not None and exponent == 1 and (turned[1], i, j) not in monomial.entries:
                rest = _without(monomial, (node, i, j))
                monomial = self.entries.times(rest, self.entries.entry(turned[0], i, j))
        for node, i, j in list(monomial.entries):
            step = (workshop.function("step", node.args[0]), i, j) if node.op == "function" else None
            if step is not None and node.data == ("relu", 0) and step in monomial.entries:
                monomial = _without(monomial, step)  # ReLU(u) 1[u > 0] = ReLU(u)
        for key, exponent in monomial.entries.items():
            node, i, j = key
            if exponent >= 1 and node.op == "function" and node.data == ("exp", 0):
                found = self._partner(monomial, node, i, j)
                if found is not None:
                    partner, made = found
                    sign = Fraction(1 if monomial.entries[partner] > 0 else -1)
                    rest = _lowered(_lowered(monomial, key, Fraction(1)), partner, sign)
                    return self._recognised(self.entries.times(rest, self.entries.entry(made, i, j)))
        for key, exponent in monomial.entries.items():
            node, i, j = key
            inner = workshop.one_plus_exp(node) if exponent < 0 and node.op == "add" else None
            if inner is not None:
                made = workshop.function("sigmoid", workshop.negative(inner))
                rest = _lowered(monomial, key, exponent)
                return self._recognised(self.entries.times(rest, self.entries.entry(made, i, j, -exponent)))
        return monomial

    def _partner(self, monomial: Monomial, node: Node, i: Place, j: Place) -> tuple[Entry, Node] | None:
        workshop, u = self.workshop, node.args[0]
        total = (workshop.total(node), 1, 1)
        if node.is_column and monomial.entries.get(total, 0) < 0:
            return total, workshop.softmax(u, "all")
        minus = (workshop.function("sigmoid", workshop.negative(u)), i, j)
        if monomial.entries.get(minus, 0) > 0:  # e^u s(-u) = s(u)
            return minus, workshop.function("sigmoid", u)
        one_plus = (workshop.add([workshop.one, node]), i, j)
        if monomial.entries.get(one_plus, 0) < 0:
            return one_plus, workshop.function("sigmoid", u)
        return None

    def expanded(self, polynomial: Polynomial) -> Polynomial:
        """Sums in brackets multiplied out, those with quotients first, where that leaves less to write."""
        if not any(key[0].op == "add" and power == 1 for one in polynomial for key, power in one.entries.items()):
            return polynomial
        best = polynomial
        for quotients in (True, False):
            out = self._multiplied(best if best is not polynomial else polynomial, quotients)
            full = self._multiplied(out, False) if quotients else out
            for candidate in (out, full):
                if _is_shorter(candidate, best, polynomial):
                    best = candidate
            if quotients and not any(_has_quotient(key[0]) for one in polynomial for key in one.entries):
                break
        if best is not polynomial:
            return best
        inside = [self._put_into_sums(monomial) for monomial in polynomial]
        is_same = all(one is before for one, before in zip(inside, polynomial, strict=True))
        return polynomial if is_same else self.expanded(self.entries.clean(inside))

    def _put_into_sums(self, monomial: Monomial) -> Monomial:
        """With a factor multiplied into a sum, some terms of which it divides: a (y / a - 1) = y - a."""
        sums = [key for key, power in monomial.entries.items() if key[0].op == "add" and power == 1]
        for whole, i, j in sums:
            for factor, *places in [key for key, power in monomial.entries.items() if power == 1]:
                if places == [i, j] and factor is not whole and _divides(factor, whole):
                    made = self.workshop.add(self.workshop.entrywise([factor, arg]) for arg in whole.args)
                    if made.weight < whole.weight + factor.weight:
                        rest = _without(_without(monomial, (whole, i, j)), (factor, i, j))
                        return replace(self.entries.times(rest, self.entries.entry(made, i, j)), pending=rest.pending)
        return monomial

    def _multiplied(self, polynomial: Polynomial, quotients: bool) -> Polynomial:
        out: Polynomial = []
        for monomial in polynomial:
            out += self._expanded(monomial, quotients)
            if len(out) > MOST_TERMS:
                return polynomial
        return self.entries.clean(out)

    def _expanded(self, monomial: Monomial, quotients: bool) -> Polynomial:
        """A monomial with its bracketed sums multiplied out; with ``quotients`` those only that hold a quotient."""
        sums = [
            key
            for key, exponent in monomial.entries.items()
            if key[0].op == "add" and exponent == 1 and (not quotients or _has_quotient(key[0]))
        ]
        if not sums:
            return [monomial]
        rest = monomial
        for key in sums:
            rest = _without(rest, key)
        choices = [[self.entries.entry(arg, key[1], key[2]) for arg in key[0].args] for key in sums]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MOST_TERMS:
            return [monomial]
        return [self.entries.times(rest, *picked) for picked in product(*choices)]


def _divides(factor: Node, whole: Node) -> bool:
    """Whether a term of a sum is divided by a factor."""
    inner = [part for arg in whole.args for part in (arg, *arg.args)]
    terms = (one for part in inner for one in (part, *part.args))
    return any(one.op == "power" and one.data < 0 and one.args[0] is factor for one in terms)


def _has_quotient(node: Node) -> bool:
    return any(
        part.op == "power" and part.data < 0
        for arg in node.args
        for part in (arg, *arg.args, *(inner for one in arg.args for inner in one.args))
    )


def _is_shorter(candidate: Polynomial, best: Polynomial, start: Polynomial) -> bool:
    cost = _cost(candidate)
    return cost < _cost(best) and (len(candidate) <= len(start) or 5 * cost < 3 * _cost(start))


def _summed(monomial: Monomial) -> Iterator[Fact]:
    """The entries that alone are summed over an index, each with that index."""
    for axis in monomial.bound:
        touching = [key for key in monomial.entries if axis in key[1:]]
        if len(touching) == 1 and not _elsewhere(monomial, axis) and monomial.entries[touching[0]] == 1:
            yield touching[0], axis


def _elsewhere(monomial: Monomial, axis: Axis) -> bool:
    pending = monomial.pending
    return any(axis in delta for delta in monomial.deltas) or (pending is not None and axis in pending[1:])


def _without(monomial: Monomial, entry: Entry) -> Monomial:
    entries = {key: exponent for key, exponent in monomial.entries.items() if key != entry}
    return replace(monomial, entries=entries)


def _lowered(monomial: Monomial, entry: Entry, by: Fraction) -> Monomial:
    """With the exponent of an entry lowered."""
    entries = dict(monomial.entries)
    left = entries.pop(entry) - by
    if left:
        entries[entry] = left
    return replace(monomial, entries=entries)


def _cost(polynomial: Sequence[Monomial]) -> int:
    return sum(
        1 + len(one.deltas) + len(one.bound) + sum(node.weight for node, _, _ in one.entries) for one in polynomial
    )


def picked(node: Node) -> tuple[Node, Place] | None:
    """The vector, and the place at which a unit vector picks its entry: e_c^T v is v_c."""
    if node.op != "chain" or not node.is_scalar or len(node.args) != 2:
        return None
    first, second = node.args
    if first.op == "transpose" and first.args[0].op == "unit":
        return second, first.args[0].data
    if second.op == "unit" and first.op == "transpose":
        return first.args[0], second.data
    return None
