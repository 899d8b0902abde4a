r"""Expectations and covariances: what is a polynomial in quantities of known moments, as a term without them.

An expectation is taken over one quantity after the other, first over those whose law depends on others.  The moments
come from the cumulants: E[x_1 ... x_n] is the sum over the partitions of the factors of the products of the cumulants
of the blocks (McCullagh: Tensor Methods in Statistics, 1987, section 2.3).
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.language.expression import Expression
from truestep.derivations.language.faults import MeaningFault
from truestep.derivations.meaning import shaped_terms
from truestep.derivations.meaning.chance.law import CUMULANTS
from truestep.derivations.meaning.differentiate import quantities, roots
from truestep.derivations.meaning.functions import formula_term
from truestep.derivations.meaning.scope import value_of
from truestep.derivations.meaning.shaped_terms import Value
from truestep.derivations.meaning.sums import mean as mean_over_index
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from truestep.derivations.meaning.chance.law import Law, Part
    from truestep.derivations.meaning.scope import Scope
    from truestep.derivations.meaning.terms import Index, Term

    Places = tuple[Index, ...]

MAX_FACTORS, MAX_MONOMIALS, MAX_POWER = 6, 400, 6


class _Monomial(NamedTuple):
    """A sum over axes of a factor that is fixed, entries of the quantity, and exp of what holds the quantity."""

    axes: tuple[Axis, ...]
    factor: Term
    leaves: tuple[Places, ...] = ()
    exponents: tuple[Term, ...] = ()


def expected(node: Expression, scope: Scope) -> Value:
    r"""``\mathbb{E}[...]``, ``\mathbb{E}_x[... | y]`` over what the statement calls random, else over an index."""
    if not scope.chance:
        return mean_over_index(node, scope)
    names = _varying(node.data or "", node.args[1:], scope)
    if names is None:
        return mean_over_index(node, scope)
    value = value_of(node.args[0], scope)
    return Value(value.dims, lambda *places: _over_all(value.entry(*places), names, scope))


def spread(node: Expression, scope: Scope) -> Value:
    r"""``\operatorname{Var}(x)``, ``\operatorname{Cov}(x, y)``: E[x y^T] - E[x] E[y]^T, of columns a matrix."""
    if not scope.chance:
        raise MeaningFault("nothing says what is random here", node.span)
    _, under, count = node.data
    names = _varying(under or "", node.args[count:], scope)
    if names is None:
        raise MeaningFault("a variance over an index is not decided here", node.span)
    values = [value_of(arg, scope) for arg in node.args[:count]]
    left, right = (shaped_terms.transpose(one) if one.dims[0] == 1 else one for one in (values[0], values[-1]))
    if not (left.dims[-1] == right.dims[-1] == 1):
        raise MeaningFault("the covariance of a matrix is not decided here", node.span)
    arena = scope.arena

    def entry(row: Index, column: Index) -> Term:
        sides = left.entry(row, 1), right.entry(column, 1)
        both = _over_all(arena.multiply(sides), names, scope)
        return arena.add((both, arena.negative(arena.multiply([_over_all(one, names, scope) for one in sides]))))

    return Value((left.dims[0], right.dims[0]), entry, node.span)


def _varying(under: str, conditions: Sequence[Expression], scope: Scope) -> frozenset[str] | None:
    """Over which quantities an expectation is: those below it, else all, without those that are held; None for none."""
    held = {name for one in conditions for name in _held(one, scope)}
    below = {part.partition(r"\sim")[0].strip("{} ") for part in under.split(",") if part}
    if below and not below <= scope.chance.keys():
        if below & scope.uniform.keys() or scope.notation.is_name(under.partition(r"\sim")[2].partition("(")[0]):
            return None
        if len(scope.chance) > 1:
            raise MeaningFault(f"nothing says over what {under} this expectation is")
        below = set()
    return frozenset(below or scope.chance) - held


def _held(node: Expression, scope: Scope) -> Iterator[str]:
    """The random quantities that a condition holds fixed; one that is made of others tells of them only in part."""
    for child in node.walk():
        name = str(child.data[0] if child.head == "member" else child.data)
        name = scope.notation.families[child.data].name if child.head == "member" else name
        if child.head not in ("symbol", "member"):
            continue
        if name in scope.chance:
            yield name
        elif not scope.chance.keys().isdisjoint(roots(scope.arena, (name,))):
            raise MeaningFault(f"{name} is made of what is random: given it nothing is decided here", child.span)


def _over_all(term: Term, names: frozenset[str], scope: Scope) -> Term:
    """The expectation of a term over some quantities, those first on whose values no other law depends."""
    todo = _occurring(term, names, scope)
    while todo:
        name = next((one for one in todo if not any(_tells(one, other, scope) for other in todo if other != one)), "")
        if not name:
            raise MeaningFault("these laws depend on each other, which is not decided here")
        term = _Over(scope.chance[name], scope).expectation(term)
        todo = [one for one in _occurring(term, names, scope) if one != name]
    return term


def _occurring(term: Term, names: frozenset[str], scope: Scope) -> list[str]:
    return sorted(names & roots(scope.arena, quantities(term)))


def _tells(name: str, of: str, scope: Scope) -> bool:
    """Whether the law of one quantity depends on another one's value."""
    law = scope.chance[of]
    told = [child for part in (law.first, law.second) if part is not None for child in part.told.walk()]
    families = scope.notation.families
    named = [families[child.data].name for child in told if child.head == "member"]
    return name in roots(scope.arena, (*named, *(str(child.data) for child in told if child.head == "symbol")))


class _Over:
    """Takes expectations over one quantity."""

    def __init__(self, law: Law, scope: Scope) -> None:
        self.law, self.scope, self.arena = law, scope, scope.arena
        self.fixed: dict[int, bool] = {}
        self.fixed_names: dict[str, bool] = {}

    def expectation(self, term: Term) -> Term:
        """The expectation of a term."""
        return self.arena.add([self._of_monomial(one) for one in self._monomials(term)])

    def _of_monomial(self, one: _Monomial) -> Term:
        arena = self.arena
        value = arena.multiply((one.factor, self._moment(one.leaves), self._of_exp(one)))
        for axis in one.axes:
            value = arena.total(axis, value)
        return value

    def _of_exp(self, one: _Monomial) -> Term:
        """E[exp(x)] = exp(E[x] + Var(x) / 2) of a normal x."""
        arena = self.arena
        if not one.exponents:
            return arena.constant(1)
        inner = arena.add(one.exponents)
        if (
            self.law.kind != "normal"
            or one.leaves
            or any(len(m.leaves) > 1 or m.exponents for m in self._monomials(inner))
        ):
            raise self._too_much()
        first = self.expectation(inner)
        second = self.expectation(arena.multiply((inner, inner)))
        spread = arena.add((second, arena.negative(arena.multiply((first, first)))))
        return arena.function("exp", arena.add((first, arena.multiply((arena.constant(Fraction(1, 2)), spread)))))

    def _too_much(self) -> MeaningFault:
        return MeaningFault(f"this expectation needs more than what is declared of {self.law.name}")

    def _is_fixed(self, term: Term) -> bool:
        known = self.fixed.get(term.number)
        if known is None:
            is_fixed = term.op != "quantity" or self._is_fixed_name(term.data[0])
            known = self.fixed[term.number] = is_fixed and all(map(self._is_fixed, term.args))
        return known

    def _is_fixed_name(self, name: str) -> bool:
        known = self.fixed_names.get(name)
        if known is None:
            known = self.fixed_names[name] = self.law.name not in roots(self.arena, (name,))
        return known

    def _monomials(self, term: Term) -> list[_Monomial]:
        """A term as a sum of monomials.  Raises MeaningFault where it is none."""
        arena = self.arena
        arena.effort.spend(10)
        if self._is_fixed(term):
            return [_Monomial((), term)]
        if term.op == "quantity":
            return self._of_quantity(term)
        if term.op == "add":
            found = [one for arg in term.args for one in self._monomials(arg)]
        elif term.op == "multiply":
            found = self._product(term.args)
        elif term.op == "power" and term.args[0].op == "root" and (term.data * term.args[0].data).denominator == 1:
            found = self._monomials(arena.power(term.args[0].args[0], term.data * term.args[0].data))
        elif term.op == "power" and 0 < term.data <= MAX_POWER:
            found = self._product(term.args * int(term.data))
        elif term.op == "total":
            fresh = arena.axis(term.data.size, term.data.low)
            inner = self._monomials(arena.substitute(term.args[0], {term.data: fresh}))
            found = [one._replace(axes=(fresh, *one.axes)) for one in inner]
        elif term.op == "exp":
            found = [_Monomial((), arena.constant(1), (), term.args)]
        else:
            raise self._too_much()
        if len(found) > MAX_MONOMIALS:
            raise MeaningFault("this expectation has too many terms to be decided here")
        return found

    def _of_quantity(self, term: Term) -> list[_Monomial]:
        name, indices = term.data
        if name == self.law.name:
            return [_Monomial((), self.arena.constant(1), (indices,))]
        definition = self.arena.definitions.get(name)
        if definition is None:
            raise self._too_much()
        here = dict(zip(definition.axes, indices, strict=True))
        return self._monomials(self.arena.substitute(definition.body, here))

    def _product(self, factors: Sequence[Term]) -> list[_Monomial]:
        """The product of sums of monomials; the axes of each are its own, for a factor may stand there twice."""
        arena, done = self.arena, [_Monomial((), self.arena.constant(1))]
        for factor in factors:
            parts = self._monomials(factor)
            if len(done) * len(parts) > MAX_MONOMIALS:
                raise MeaningFault("this expectation has too many terms to be decided here")
            done = [
                _Monomial(
                    one.axes + other.axes,
                    arena.multiply((one.factor, other.factor)),
                    one.leaves + other.leaves,
                    one.exponents + other.exponents,
                )
                for one, other in itertools.product(done, parts)
            ]
        return done

    def _moment(self, leaves: tuple[Places, ...]) -> Term:
        """The expectation of a product of entries."""
        if len(leaves) > MAX_FACTORS:
            raise self._too_much()
        arena = self.arena
        return arena.add(
            arena.multiply([self._cumulant(block) for block in partition]) for partition in _partitions(leaves)
        )

    def _cumulant(self, block: Sequence[Places]) -> Term:
        law, arena = self.law, self.arena
        count = max((len(part.letters) for part in (law.first, law.second) if part is not None), default=0)
        if not law.independent and len({places[:count] for places in block}) > 1:
            raise MeaningFault(f"how the members of {law.name} depend on each other is not declared")
        if law.kind in CUMULANTS:
            row = CUMULANTS[law.kind]
            if len(block) > len(row):
                raise self._too_much()
            told = zip("tv", (law.first, law.second), strict=True)
            values = {name: self._at(part, block[0]) for name, part in told if part is not None}
            return arena.multiply((*self._same(block, len(block[0])), formula_term(arena, row[len(block) - 1], values)))
        if len(block) == 1:
            return self._opened("E", block) if law.first is None else self._at(law.first, block[0])
        if law.kind == "categorical" and law.first is not None and len(block) == 2:
            return self._of_one_hot(law.first, block)
        if len(block) == 2 and law.kind != "categorical":
            return self._opened("Cov", block) if law.second is None else self._covariance(law.second, block)
        if law.kind == "normal":
            return arena.constant(0)
        raise self._too_much()

    def _of_one_hot(self, part: Part, block: Sequence[Places]) -> Term:
        r"""\delta_{ij} p_i - p_i p_j."""
        arena, count = self.arena, len(part.letters)
        first, second = (self._at(part, places) for places in block)
        both = arena.multiply((*self._same(block, len(block[0])), first))
        apart = arena.multiply((*self._same(block, count), first, second))
        return arena.add((both, arena.negative(apart)))

    def _same(self, block: Sequence[Places], count: int) -> list[Term]:
        """The deltas that say that entries are of one member, by the first indices."""
        return [self.arena.delta(block[0][k], other[k]) for other in block[1:] for k in range(count)]

    def _covariance(self, part: Part, block: Sequence[Places]) -> Term:
        arena, count = self.arena, len(part.letters)
        row, column = (places[count:] for places in block)
        value = self._value(part, block[0])
        if value.is_scalar:  # of numbers that are independent
            return arena.multiply((*self._same(block, len(block[0])), value.term))
        value = shaped_terms.fitted(value, (part.dims[0], part.dims[0]))
        return arena.multiply((*self._same(block, count), value.entry(*row, *column)))

    def _value(self, part: Part, places: Places) -> Value:
        return value_of(part.told, self.scope.bind(dict(zip(part.letters, places, strict=False))))

    def _at(self, part: Part, places: Places) -> Term:
        """What is told, at an entry; a number is that of all entries."""
        value, rest = self._value(part, places), list(places[len(part.letters) :])
        if value.is_scalar:
            return value.term
        value = shaped_terms.fitted(value, part.dims)
        return value.entry(*(1 if size == 1 else rest.pop(0) for size in value.dims))

    def _opened(self, word: str, block: Sequence[Places]) -> Term:
        """A moment that nobody tells, as a quantity of its own; the second one is symmetric."""
        arena, name = self.arena, f"{word}[{self.law.name}]"
        if word == "E":
            arena.shapes.setdefault(name, self.law.sizes)
            return arena.quantity(name, block[0])
        arena.shapes.setdefault(name, (*self.law.sizes, *self.law.sizes))
        both = [arena.quantity(name, (*one, *other)) for one, other in (block, block[::-1])]
        return arena.multiply((arena.constant(Fraction(1, 2)), arena.add(both)))


def _partitions(leaves: Sequence[Places]) -> Iterator[list[list[Places]]]:
    """All ways to part a list into blocks.

    >>> [len([*_partitions([()] * count)]) for count in range(5)]
    [1, 1, 2, 5, 15]
    """
    if not leaves:
        yield []
        return
    first, rest = leaves[0], range(1, len(leaves))
    for others in _subsets(rest):
        block = [first, *(leaves[k] for k in others)]
        for partition in _partitions([leaves[k] for k in rest if k not in others]):
            yield [block, *partition]


def _subsets(places: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(places, count) for count in range(len(places) + 1))
