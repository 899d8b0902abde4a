"""The normal form of a term: multiplied out, over names of what is defined, with like terms collected.

Every step to it is an identity that keeps where the term has a value: sums are taken apart and drawn out of products,
a product is multiplied out, what is defined stands for its definition, and equal powers of one base are joined where
their exponents have one sign. Terms of one normal form are equal; equal terms may have different ones.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.meaning.arena import BINDERS
from truestep.derivations.meaning.terms import OF_MATRICES, WITH_ENTRIES, Axis, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Index, Term

    Places = Mapping[Axis, int]  # where an axis is bound: its depth; below 0 where it is free, a slot where it is open

MOST_MONOMIALS = 64
MOST_SLOTS = 10  # sums of one monomial
MOST_FACTORS = 16
MOST_STEPS = 6_000
FIRST_SLOT = 1_000_000
MOST_MULTIPLIED = 3  # the highest power of a sum that is multiplied out


ONE = Fraction(1)


class TooLong(Exception):
    """The normal form would be too long."""


class Factor(NamedTuple):
    """A power of a root of something: ``base^(exponent / root)``."""

    base: Term
    places: Places
    root: int
    exponent: int


class Monomial(NamedTuple):
    """A number times factors, summed over some slots: each with what its axis runs over."""

    coefficient: Fraction
    factors: tuple[Factor, ...]
    slots: tuple[tuple[int, tuple[Any, ...]], ...]


class NormalForms:
    r"""The normal forms of the terms of one arena.

    >>> from truestep.derivations.meaning.arena import Arena
    >>> arena = Arena()
    >>> a, b = arena.quantity("a", []), arena.quantity("b", [])
    >>> square = arena.power(arena.add((a, b)), 2)
    >>> parts = [arena.power(a, 2), arena.multiply((arena.constant(2), b, a)), arena.power(b, 2)]
    >>> forms = NormalForms(arena)
    >>> forms.of(square, {}) == forms.of(arena.add(parts), {}), forms.of(square, {}) == forms.of(a, {})
    (True, False)
    """

    def __init__(self, arena: Arena, symmetric: frozenset[str] = frozenset()) -> None:
        self.arena, self.symmetric = arena, symmetric
        self._numbers: dict[Any, int] = {}
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}
        self._long = set[int]()
        self._slots, self._steps = FIRST_SLOT, 0

    def of(self, term: Term, places: Places) -> int | None:
        """The normal form of a term whose free axes have these places; None where it would be too long."""
        self._slots, self._steps = FIRST_SLOT, 0
        if term.number in self._long:
            return None
        try:
            return self._of(term, places, 0)
        except (TooLong, RecursionError):
            self._long.add(term.number)
            return None
        finally:
            self.arena.effort.spend(self._steps)

    def _number(self, made: Any) -> int:
        return self._numbers.setdefault(made, len(self._numbers))

    def _of(self, term: Term, places: Places, depth: int) -> int:
        key = term.number, tuple([_above(places[axis], depth) for axis in term.axes])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._collected(self._polynomial(term, places), depth)
        return found

    # Multiplied out.

    def _polynomial(self, term: Term, places: Places) -> list[Monomial]:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLong
        op, args = term.op, term.args
        if op == "constant":
            return [Monomial(term.data, (), ())]
        if op == "add":
            return self._short([one for arg in args for one in self._polynomial(arg, places)])
        if op == "multiply" and not any(arg.is_range and arg.op != "delta" for arg in args):
            return self._product([self._polynomial(arg, places) for arg in args])
        if op == "total":
            self._slots += 1
            slot = self._slots, tuple(term.data[1:])
            inner = self._polynomial(args[0], {**places, term.data: slot[0]})
            return [one._replace(slots=(*one.slots, slot)) for one in inner]
        if op == "quantity" and (body := self._body(term, places)) is not None:
            return self._polynomial(*body)
        if op == "power":
            return self._power(term, places)
        if op == "root":
            root: Fraction = term.data
            return [Monomial(ONE, (Factor(args[0], places, root.denominator, root.numerator),), ())]
        return [Monomial(ONE, (Factor(term, places, 1, 1),), ())]

    @staticmethod
    def _short(found: list[Monomial]) -> list[Monomial]:
        if len(found) > MOST_MONOMIALS:
            raise TooLong
        return found

    def _product(self, parts: list[list[Monomial]]) -> list[Monomial]:
        made, *others = parts
        for part in others:
            if len(made) * len(part) > MOST_MONOMIALS:
                raise TooLong
            made = [
                Monomial(_times(number, other.coefficient), factors + other.factors, slots + other.slots)
                for (number, factors, slots), other in product(made, part)
            ]
        return made

    def _power(self, term: Term, places: Places) -> list[Monomial]:
        base, exponent = term.args[0], term.data
        self._steps += 1
        found = self._polynomial(base, places)
        if len(found) == 1 and not found[0].slots and found[0].coefficient:
            raised = tuple([one._replace(exponent=one.exponent * exponent) for one in found[0].factors])
            coefficient = found[0].coefficient
            return [Monomial(coefficient if coefficient is ONE else coefficient**exponent, raised, ())]
        if 1 < exponent <= MOST_MULTIPLIED:
            again = [self._polynomial(base, places) for _ in range(exponent - 1)]
            return self._product([found, *again])
        return [Monomial(ONE, (Factor(base, places, 1, exponent),), ())]

    def _body(self, term: Term, places: Places) -> tuple[Term, Places] | None:
        """What defines a quantity, and the places of its axes; None where it is not defined, or at a number."""
        name, indices = term.data
        definition = self.arena.definitions.get(name)
        if definition is None or name in self.arena.recurring:
            return None
        if not all(isinstance(index, Axis) for index in indices):
            return None
        own = dict(zip(definition.axes, indices, strict=True))
        return definition.body, {axis: places[own.get(axis, axis)] for axis in definition.body.axes}

    # Collected.

    def _collected(self, found: list[Monomial], depth: int) -> int:
        """The number of a sum of monomials, those that differ in their coefficients alone as one."""
        if len(found) == 1 and not found[0].slots and len(found[0].factors) == 1 and found[0].coefficient == 1:
            (alone,) = found[0].factors
            if alone.root == alone.exponent == 1:
                return self._factor(alone.base, alone.places, depth)
        total: dict[int, Fraction] = {}
        for one in found:
            key = self._monomial(one, depth)
            total[key] = total[key] + one.coefficient if key in total else one.coefficient
            if not total[key] and not any(map(_is_partial, one.factors)):
                del total[key]
        return self._number(("sum", *sorted(total.items())))

    def _monomial(self, one: Monomial, depth: int) -> int:
        """The number of a monomial without its coefficient; its slots stand in the order that their use tells."""
        if any(factor.base.op == "delta" for factor in one.factors):
            one = _sifted(one)
        if len(one.slots) > MOST_SLOTS or len(one.factors) > MOST_FACTORS:
            raise TooLong
        slots = self._ordered(one, depth) if len(one.slots) > 1 else one.slots
        at = {slot: depth + place for place, (slot, _) in enumerate(slots)}
        inner = depth + len(slots)
        powers: dict[int, list[tuple[int, int]]] = {}
        for factor in one.factors:
            powers.setdefault(self._base(factor, at, inner), []).append((factor.root, factor.exponent))
        joined = sorted([(base, *_joined(found)) for base, found in powers.items()])
        return self._number(("monomial", tuple([kind for _, kind in slots]), *joined))

    def _base(self, factor: Factor, at: Mapping[int, int], depth: int) -> int:
        places = factor.places
        if at:
            places = {axis: at.get(places[axis], places[axis]) for axis in factor.base.axes}
        if factor.root == factor.exponent == 1 or not self._is_made(factor.base):
            return self._factor(factor.base, places, depth)
        return self._of(factor.base, places, depth)

    def _is_made(self, term: Term) -> bool:
        """Whether a base is itself multiplied out."""
        return term.op in ("add", "multiply", "total", "power", "root", "constant") or (
            term.op == "quantity" and term.data[0] in self.arena.definitions
        )

    def _ordered(self, one: Monomial, depth: int) -> list[tuple[int, tuple[Any, ...]]]:
        """The slots by what they run over and by the factors in which they stand, looked at from near and far."""
        if len({kind for _, kind in one.slots}) == len(one.slots):
            return sorted(one.slots, key=lambda pair: repr(pair[1]))
        held: dict[int, list[Factor]] = {slot: [] for slot, _ in one.slots}
        for each in one.factors:
            for slot in {each.places[axis] for axis in each.base.axes} & held.keys():
                held[slot].append(each)
        colours: dict[int, int] = dict.fromkeys(held, 0)
        kinds = dict(one.slots)
        for _ in range(len(held)):
            signs = {slot: (colours[slot], kinds[slot], self._sign(slot, held[slot], colours, depth)) for slot in held}
            ranks = {sign: rank for rank, sign in enumerate(sorted(set(signs.values()), key=repr))}
            before, colours = colours, {slot: ranks[sign] for slot, sign in signs.items()}
            if len(ranks) == len(held) or len(ranks) == len(set(before.values())):
                break
        return sorted(one.slots, key=lambda pair: colours[pair[0]])

    def _sign(self, slot: int, factors: list[Factor], colours: Mapping[int, int], depth: int) -> tuple[Any, ...]:
        at = {other: depth + 1 + colour for other, colour in colours.items()} | {slot: depth}
        inner = depth + 2 + len(colours)
        return tuple(sorted([(self._base(one, at, inner), one.root, one.exponent) for one in factors]))

    # Factors.

    def _factor(self, term: Term, places: Places, depth: int) -> int:
        """The number of what is no sum and no product."""
        op, data, args = term.op, term.data, term.args
        made: tuple[Any, ...]
        if op in OF_MATRICES:
            made = self._of_matrix(term, places, depth)
        elif op in BINDERS:
            forms = [self._of(arg, {**places, data: depth}, depth + 1) for arg in args]
            made = op, tuple(data[1:]), args[0] is args[-1], *forms
        elif op == "quantity":
            name, indices = data
            within = sorted([_above(places[axis], depth) for axis in term.axes if axis not in indices])
            found = [_index(one, places, depth) for one in indices]
            if name in self.symmetric and len(found) == 2:
                found.sort(key=repr)
            made = op, name, tuple(found), *within
        elif op == "delta":
            made = op, frozenset([_index(one, places, depth) for one in data])
        elif op == "position":
            made = op, _above(places[data], depth)
        else:
            forms = [self._of(arg, places, depth) for arg in args]
            made = op, data, *(sorted(forms) if op == "multiply" else forms)
        return self._number(made)

    def _of_matrix(self, term: Term, places: Places, depth: int) -> tuple[Any, ...]:
        """Of a matrix and its transpose, which has the transposed inverse and the same determinant, the first."""
        (rows, columns, *outside), body = term.data, term.args[0]
        found = [_index(one, places, depth) for one in outside] if term.op in WITH_ENTRIES else []
        ways = [(rows, columns, found), (columns, rows, found[::-1])]
        made = []
        for first, second, entry in ways[: 1 if rows[1:] != columns[1:] else 2]:
            form = self._of(body, {**places, first: depth, second: depth + 1}, depth + 2)
            made.append((form, repr(entry), tuple(entry)))
        form, _, entry_at = min(made)
        return term.op, tuple(rows[1:]), tuple(columns[1:]), entry_at, form

    def forget(self, number: int) -> None:
        """Forgets all terms from a number on."""
        self._known = {key: form for key, form in self._known.items() if key[0] < number}
        self._long = {long for long in self._long if long < number}


def _times(one: Fraction, other: Fraction) -> Fraction:
    """The product; of one it is the other itself, as most are."""
    return other if one is ONE else one if other is ONE else one * other


def _joined(powers: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Roots and exponents of one base as one, unless that would forget where the base must not be 0."""
    if len(powers) == 1:
        return powers
    root = math.lcm(*[root for root, _ in powers])
    whole = sum([exponent * (root // own) for own, exponent in powers])
    if whole < 0 or all(exponent > 0 for _, exponent in powers):
        return [(root, whole)]
    return sorted(powers)


def _sifted(one: Monomial) -> Monomial:
    """Without the deltas of the axes that it is summed over, which pick an entry each."""
    slots, factors = dict(one.slots), list(one.factors)
    if any(map(_is_partial, factors)):
        raise TooLong  # where a delta is 0, the rest need not have a value
    for delta in [factor for factor in factors if factor.base.op == "delta"]:
        axes = [axis for axis in delta.base.data if isinstance(axis, Axis)]
        at = next(place for place, factor in enumerate(factors) if factor.base is delta.base)
        places = [factors[at].places[axis] for axis in axes]
        if len(axes) < 2 or axes[0][1:] != axes[1][1:]:
            continue
        gone = next((place for place in places if place in slots), None)
        if gone is None:
            continue
        other = places[0] if places[1] == gone else places[1]
        del factors[at]
        if other != gone:
            del slots[gone]
            moved = {gone: other}
            factors = [f._replace(places={a: moved.get(p, p) for a, p in f.places.items()}) for f in factors]
    return Monomial(one.coefficient, tuple(factors), tuple(slots.items()))


def _is_partial(factor: Factor) -> bool:
    """Whether a factor may have no value."""
    return factor.base.partial or factor.exponent < 0 or factor.root > 1


def _above(place: int, depth: int) -> int:
    return depth - place if 0 <= place < FIRST_SLOT else place


def _index(index: Index, places: Places, depth: int) -> Any:
    if isinstance(index, Pair):
        raise TooLong
    return _above(places[index], depth) if isinstance(index, Axis) else (index,)
