"""Tidying: deltas are sifted, what sums to one is replaced by one, like terms and common factors are collected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from derivations.monomials import Entries, Monomial, Polynomial
from derivations.nodes import Node, Workshop
from derivations.recognising import one_plus_exp, picked
from derivations.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from derivations.monomials import Entry, Place

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

    def normalised(self, polynomial: Polynomial) -> tuple[Polynomial, Fact | None]:
        """A sum over the index along which a quantity sums to one is one; and the fact that was used."""
        facts: list[Fact] = []
        normal = [self._normalised(monomial, facts) for monomial in polynomial]
        return (normal, facts[0]) if facts else (polynomial, None)

    def centred(self, polynomial: Polynomial) -> Polynomial:
        """Without the terms in which deviations from their mean are summed."""
        kept = [monomial for monomial in polynomial if not self._vanishes(monomial)]
        return kept if len(kept) < len(polynomial) else polynomial

    def _normalised(self, monomial: Monomial, facts: list[Fact]) -> Monomial:
        for axis in monomial.bound:
            touching = [key for key in monomial.entries if axis in key[1:]]
            if len(touching) != 1 or _elsewhere(monomial, axis):
                continue
            node, i, j = touching[0]
            if monomial.entries[touching[0]] == 1 and self._sums_to_one(node, i == axis, j == axis):
                less = _without(monomial, touching[0])
                facts.append((touching[0], axis))
                return self._normalised(replace(less, bound=tuple(a for a in less.bound if a != axis)), facts)
        return monomial

    def _vanishes(self, monomial: Monomial) -> bool:
        """Whether deviations from their mean are summed."""
        for axis in monomial.bound:
            touching = [key for key in monomial.entries if axis in key[1:]]
            if len(touching) == 1 and not _elsewhere(monomial, axis) and monomial.entries[touching[0]] == 1:
                node, i, _ = touching[0]
                if i == axis and node in self.workshop.centred:
                    return True
        return False

    def _sums_to_one(self, node: Node, over_rows: bool, over_columns: bool) -> bool:
        if over_rows and over_columns:
            return False
        if node.op == "symbol":
            slot = self.simplex.get(node.data)
            if slot is not None and slot == int(over_columns and node.dims[0] != 1):
                return True
            node = self.definitions.get(node.data, node)
        return node.op == "softmax" and (node.data == "all" or over_columns)

    def recognised(self, polynomial: Polynomial) -> Polynomial:
        """exp(u)_k / sum of exp(u) is softmax(u)_k; e^u / (1 + e^u) is sigmoid(u)."""
        return [self._recognised(monomial) for monomial in polynomial]

    def _recognised(self, monomial: Monomial) -> Monomial:
        workshop = self.workshop
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
            inner = one_plus_exp(workshop, node) if exponent < 0 and node.op == "add" else None
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
        return best

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


def _has_quotient(node: Node) -> bool:
    return any(
        part.op == "power" and part.data < 0
        for arg in node.args
        for part in (arg, *arg.args, *(inner for one in arg.args for inner in one.args))
    )


def _is_shorter(candidate: Polynomial, best: Polynomial, start: Polynomial) -> bool:
    cost = _cost(candidate)
    return cost < _cost(best) and (len(candidate) <= len(start) or 5 * cost < 3 * _cost(start))


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


def collected(workshop: Workshop, node: Node) -> Node:
    """A sum with its common factors taken out, where that leaves less to write.

    >>> workshop = Workshop()
    >>> B, x = workshop.symbol("B", ("n", "n")), workshop.symbol("x", ("n", 1))
    >>> both = workshop.add([workshop.chain([B, x]), workshop.chain([workshop.transpose(B), x])])
    >>> collected(workshop, both).op
    'chain'
    """
    best = node
    if node.op != "add":
        if node.op == "mul" and node.args[-1].op == "add":
            return workshop.scale_by(workshop.number(node.data), *node.args[:-1], collected(workshop, node.args[-1]))
        return node
    for attempt in (_diagonals, _right, _left, _hadamard, _scalars):
        other = attempt(workshop, node)
        if other is not None and other.weight < best.weight:
            best = other
    return best


def _groups(workshop: Workshop, node: Node, place: int) -> dict[object, list[tuple[Fraction, list[Node], Node]]]:
    """The terms by their scalar factors and the matrix factor at one end."""
    groups: dict[object, list[tuple[Fraction, list[Node], Node]]] = {}
    key: tuple[object, ...]
    for term in node.args:
        coefficient, scalars, core = workshop.parts(term)
        factors = list(core.args) if core is not None and core.op == "chain" else [term if core is None else core]
        key = (frozenset(scalars.items()), factors[place]) if len(factors) > 1 else (term,)
        groups.setdefault(key, []).append((coefficient, factors, term))
    return groups


def _one_side(workshop: Workshop, node: Node, place: int) -> Node | None:
    terms: list[Node] = []
    for group in _groups(workshop, node, place).values():
        if len(group) == 1:
            terms.append(group[0][2])
            continue
        rests = [
            workshop.scale(coefficient, workshop.chain(factors[1:] if place == 0 else factors[:-1]))
            for coefficient, factors, _ in group
        ]
        shared, (_, scalars, _) = group[0][1][place], workshop.parts(group[0][2])
        rest = collected(workshop, workshop.add(rests))
        made = workshop.chain([shared, rest] if place == 0 else [rest, shared])
        terms.append(workshop.scale_by(workshop.assemble(Fraction(1), scalars, None), made))
    return None if len(terms) == len(node.args) else collected(workshop, workshop.add(terms))


def _right(workshop: Workshop, node: Node) -> Node | None:
    return _one_side(workshop, node, -1)


def _left(workshop: Workshop, node: Node) -> Node | None:
    return _one_side(workshop, node, 0)


def _diagonals(workshop: Workshop, node: Node) -> Node | None:
    """diag(a) + c diag(b) = diag(a + c b)."""
    vectors, others = list[Node](), list[Node]()
    for term in node.args:
        coefficient, scalars, core = workshop.parts(term)
        if core is not None and core.op == "diag":
            vectors.append(workshop.scale_by(workshop.assemble(coefficient, scalars, None), core.args[0]))
        else:
            others.append(term)
    if len(vectors) < 2:
        return None
    return workshop.add([workshop.diag(collected(workshop, workshop.add(vectors))), *others])


def _hadamard(workshop: Workshop, node: Node) -> Node | None:
    """f * a + c f = f * (a + c), entry by entry."""
    cores = [workshop.parts(term)[2] for term in node.args]
    if any(core is None for core in cores):
        return None
    factors = [core.args if core.op == "entrywise" else (core,) for core in cores if core is not None]
    shared = next((factor for factor in factors[0] if all(factor in other for other in factors[1:])), None)
    if shared is None:
        return None
    rests = []
    for term, own in zip(node.args, factors, strict=True):
        coefficient, scalars, _ = workshop.parts(term)
        rest = [factor for factor in own if factor is not shared]
        scale = workshop.assemble(coefficient, scalars, None)
        rests.append(workshop.scale_by(scale, workshop.entrywise(rest)) if rest else scale)
    return workshop.entrywise([shared, collected(workshop, workshop.add(rests))])


def _scalars(workshop: Workshop, node: Node) -> Node | None:
    """A scalar factor that all terms have."""
    parts = [workshop.parts(term) for term in node.args]
    shared = {
        base: exponent
        for base, exponent in parts[0][1].items()
        if all(scalars.get(base) == exponent for _, scalars, _ in parts[1:])
    }
    if any(exponent < 0 and base not in shared for _, scalars, _ in parts for base, exponent in scalars.items()):
        shared = {base: exponent for base, exponent in shared.items() if exponent > 0}  # no fraction in a fraction
    size = abs(parts[0][0])
    if any(abs(coefficient) != size for coefficient, _, _ in parts):
        size = Fraction(1)
    if all(coefficient < 0 for coefficient, _, _ in parts):
        size = -size
    if not shared and size == 1:
        return None
    rests = []
    for coefficient, scalars, core in parts:
        own = {base: exponent for base, exponent in scalars.items() if base not in shared}
        rests.append(workshop.assemble(coefficient / size, own, core))
    return workshop.scale_by(workshop.assemble(size, shared, None), collected(workshop, workshop.add(rests)))
