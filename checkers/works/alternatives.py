"""What a row may mean beside what it says, strict first.

The alternatives that its places offer, alone and together; and the loose chain rule: a product whose factors may stand
in any order, or transposed, as long as the sizes match.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from truestep.checkers.comparing.verdicts import undecided
from truestep.derivations.language.einstein import contracted, over_pairs
from truestep.derivations.language.expression import Expression, free_indices
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import LIBERTIES, LIBERTY, Choice, Convention, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from truestep.checkers.works.bench import Bench
    from truestep.checkers.works.claim import Claim, Judgement
    from truestep.derivations.language.reading.chains import Part, Statement
    from truestep.problems.statements.problem import Problem

MAX_FACTORS = 5
MAX_ORDERS = 48
MOST_READINGS = 16
MOST_TOGETHER = 3

Taken = frozenset[Choice]


def conventions(
    problem: Problem, says_sums: bool = False, units: bool = False, commas: bool = False
) -> tuple[Convention, ...]:
    """The conventions that a statement admits, and a work that says that repeated indices are summed; usual first.

    With ``commas`` the work writes them for decimal points.
    """
    usual = Convention(
        "numerator" if problem.layout == "numerator" else "denominator",
        problem.summation == "einstein",
        problem.chain == "loose",
        units,
        commas and "decimal-comma" not in problem.strict,
    )
    others = ("numerator", "mixed") if problem.layout == "either" else ()
    found = (usual, *(replace(usual, layout=layout) for layout in others))
    is_said = says_sums and not usual.implied_sums and "implied-sum" not in problem.strict
    return (*(replace(one, implied_sums=True) for one in found), *found) if is_said else found


@dataclass
class Alternatives:
    """Readings one after the other; ``offers`` grows while the row is read, and what it holds is then tried.

    Alternatives that changed nothing by themselves are not combined.
    """

    conventions: tuple[Convention, ...]
    offers: Set[Choice]
    refused: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()  # of which a reading takes one
    habits: frozenset[str] = frozenset()  # what earlier rows needed
    fits: bool = True  # whether the usual reading fits in shape
    inert: set[str] = field(default_factory=set)
    seen: list[tuple[object, ...]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Reading]:
        tried: set[Reading] = set()
        while len(tried) < MOST_READINGS:
            reading = next((one for one in self._all() if one not in tried and self._is_wanted(one)), None)
            if reading is None:
                return
            tried.add(reading)
            yield reading

    def repeats(self, read: object, reading: Reading) -> bool:
        """Whether what was read means what another reading gave before."""
        key = (read, reading.convention, {one for one in reading.taken if LIBERTY[one.code].in_meaning})
        if key not in self.seen:
            self.seen.append(key)
            return False
        if len(reading.taken) == 1:
            self.inert |= {choice.code for choice in reading.taken if choice.place is None}
        return True

    def _is_wanted(self, reading: Reading) -> bool:
        return not self.wanted or not self.wanted.isdisjoint(reading.codes)

    def _all(self) -> Iterator[Reading]:
        usual, *others = (Reading(convention) for convention in self.conventions)
        yield usual
        yield from others
        for taken in self._taken():
            yield replace(usual, taken=taken)
        for taken in self._taken():
            yield from (replace(other, taken=taken) for other in others)

    def _taken(self) -> Iterator[Taken]:
        """Each liberty wherever it is offered; then two of them; then at one of several places; then three."""
        offered = {code for code, _ in self.offers} - self.refused
        unfit = {row.code for row in LIBERTIES if row.of_shape and self.fits} - self.habits
        codes = sorted(
            (one.code for one in LIBERTIES if one.code in offered - unfit), key=lambda one: one not in self.habits
        )
        yield from (frozenset((Choice(code),)) for code in codes)
        yield from _together(codes, self.inert, 2)
        for code in codes:
            places = sorted(place for found, place in self.offers if found == code and place is not None)
            if len(places) > 1 and code not in self.inert:
                yield from (frozenset((Choice(code, place),)) for place in places)
        for count in range(3, MOST_TOGETHER + 1):
            yield from _together(codes, self.inert, count)


def _together(codes: list[str], inert: set[str], count: int) -> Iterator[Taken]:
    for chosen in itertools.combinations([code for code in codes if code not in inert], count):
        if not any(LIBERTY[code].excludes in chosen for code in chosen):
            yield frozenset(map(Choice, chosen))


# Sums without a sign.


def with_sums(
    statement: Statement,
    before: Expression | None,
    outer: frozenset[str],
    fixed: frozenset[str],
    reading: Reading,
    offers: set[Choice],
) -> Statement:
    """The statement with the sums that it leaves out, by the convention in force, or as a liberty where it is taken.

    ``before`` is the left side of the chain that goes on, ``outer`` the indices that are free without one, ``fixed``
    those that are free in a given.
    """
    parts, is_usual = statement.parts, reading.convention.implied_sums
    left = parts[0].expression if not parts[0].relation and len(parts) > 1 else before
    outer = free_indices(left) if left is not None else outer
    free = outer | fixed
    parts = tuple(part if part.expression is left else part.of(over_pairs(part.expression, free)) for part in parts)
    statement = replace(statement, parts=parts)
    changed = tuple(
        part if part.expression is left else part.of(contracted(part.expression, outer, 2 - is_usual)) for part in parts
    )
    if changed == parts:
        return statement
    kinds = {"differential-sum": "differential", "delta-sum": "kronecker"}
    code = next((one for one, head in kinds.items() if _is_contracted(parts, changed, head)), "implied-sum")
    if not is_usual:
        offers.add(Choice(code, 0))
    return replace(statement, parts=changed) if is_usual or reading.takes(code, 0) else statement


def _is_contracted(before: Sequence[Part], after: Sequence[Part], head: str) -> bool:
    """Whether one of some nodes holds every index of the sums that were put in: a differential, a Kronecker delta."""
    for old, new in ((one.expression, two.expression) for one, two in zip(before, after, strict=True)):
        put_in = Counter(name for node in new.walk() if node.head == "sum" for name in node.data)
        put_in -= Counter(name for node in old.walk() if node.head == "sum" for name in node.data)
        nodes = [node for node in new.walk() if node.head == head]
        if not all(any(name in free_indices(node) for node in nodes) for name in put_in):
            return False
    return True


# The loose chain rule.


def arrangements(node: Expression) -> Iterator[Expression]:
    """The product at the top of an expression with its factors in other orders and transposed, not too many."""
    if node.head in ("negative", "group"):
        for inner in arrangements(node.args[0]):
            yield replace(node, args=(inner,))
        return
    if node.head != "product" or len(node.args) > MAX_FACTORS:
        return
    for order in itertools.islice(_orders(node.args), MAX_ORDERS):
        yield Expression("product", order, ("",) * len(order), node.span)


def _orders(factors: tuple[Expression, ...]) -> Iterator[tuple[Expression, ...]]:
    """Every order, each factor plain or transposed, the plain ones first."""
    if not factors:
        yield ()
        return
    for place, factor in enumerate(factors):
        rest = factors[:place] + factors[place + 1 :]
        for turned in (factor, Expression("transpose", (factor,), None, factor.span)):
            for others in _orders(rest):
                yield (turned, *others)


def in_any_order(claim: Claim, judgement: Judgement, bench: Bench, is_rounded: bool) -> Judgement:
    """Where sizes are only matched at the end: the same factors in an order that can be multiplied."""
    right = claim.right
    for other in arrangements(right):
        found = bench.judge(replace(claim, right=other), is_rounded)
        if found.verdict.is_right:
            notes = (*found.notes, Finding("loose-order", right.span))
            return replace(found, span=right.span, notes=notes, loose=True)
    if judgement.code == "shape" and right.has("prime", "apply"):
        return replace(judgement, verdict=undecided("in no order that was tried can these factors be multiplied"))
    return judgement
