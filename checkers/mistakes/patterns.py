r"""Slips as patterns: ``right ~ slipped``, both in LaTeX, as ``C (A + B) ~ C A + B``.

A, B, C, D and the vectors a, b stand for any part, t for any name, f and g for any function, i to l for any index, N
for any size; terms or factors side by side are a part too.  Behind `` : `` stand conditions: ``i in A``, ``A is a
vector``.  A slip is made from the left to the right and undone from the right to the left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import permutations
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from truestep.checkers.mistakes.matching import NAMES, Found, Matching
from truestep.checkers.mistakes.places import plain
from truestep.derivations.deriving.rule_names import PRODUCT
from truestep.derivations.language.expression import Expression, free_indices, symbol
from truestep.derivations.language.faults import Fault, StatementFault, quoted
from truestep.derivations.language.liberties import Reading
from truestep.derivations.language.reading.chains import read_row
from truestep.derivations.language.reading.rowtext import row_tokens
from truestep.derivations.language.shapes import SCALAR
from truestep.problems.statements.prepared import setting_of
from truestep.problems.statements.problem import Problem

if TYPE_CHECKING:
    from truestep.derivations.language.reading.rowtext import Context
    from truestep.derivations.language.shapes import Dims

PARTS, VECTORS, FUNCTIONS, INDICES, SIZES = "ABCD", "ab", "fg", "ijkl", "N"
CHOSEN = INDICES + SIZES  # where nothing says what they stand for, each of the problem is tried
LOOSE = frozenset(("group", "negative", "product", "add", "number"))  # what two ways of writing the same differ in
RATES = (r"\alpha", r"\eta", r"\gamma", "lr", r"\epsilon")


class Site(NamedTuple):
    """What the conditions of a row may ask of the place that it is used at; ``spend`` bounds the effort of matching."""

    dims: Callable[[Expression], Dims | None]
    outer: frozenset[str] = frozenset()
    indices: tuple[str, ...] = ()
    above: str = ""
    rule: str = ""
    sizes: Mapping[str, object] = MappingProxyType({})
    counts: tuple[str, ...] = ()
    heads: frozenset[str] = frozenset()  # of all that stands there; none where nobody has looked
    spend: Callable[[int], object] = id


class Change(NamedTuple):
    """One part for another, and the names and numbers that only one of them has."""

    good: Expression
    bad: Expression
    gone: frozenset[Expression]
    new: frozenset[Expression]


def changed(good: Expression, bad: Expression) -> Change:
    """What a part becomes.

    >>> x, y = symbol("x"), symbol("y")
    >>> changed(x, y).new == {y}
    True
    """
    before, after = _named(good), _named(bad)
    return Change(good, bad, before - after, after - before)


def _named(node: Expression) -> frozenset[Expression]:
    return frozenset(one for one in node.walk() if one.head in ("symbol", "constant", "unknown", "number"))


def _is_named(node: Expression) -> bool:
    return any(child.head in ("symbol", "constant", "member") for child in node.walk())


def is_slope(node: Expression) -> bool:
    """Whether a part is a derivative, written as one or with a prime."""
    return node.head == "derivative" or (node.head == "apply" and node.data[1] > 0)


def is_bias(node: Expression) -> bool:
    """Whether a part is the bias of a layer, by its letter."""
    return node.head == "symbol" and node.data.startswith("b")


def tells_cases(node: Expression) -> bool:
    """Whether a part has a Kronecker delta of indices that nothing in it binds."""
    deltas = [child for child in node.walk() if child.head == "kronecker"]
    free = free_indices(node) if deltas else frozenset[str]()
    return any(free_indices(delta) <= free for delta in deltas)


OF_PARTS: Mapping[str, Callable[[Expression, Site], bool]] = {
    "is a derivative": lambda part, site: is_slope(part),
    "is no derivative": lambda part, site: not is_slope(part) and part.head != "kronecker",
    "is no number": lambda part, site: part.head not in ("number", "size"),
    "is named": lambda part, site: _is_named(part),
    "is a product": lambda part, site: part.head == "product",
    "has a delta": lambda part, site: tells_cases(part),
    "has no delta": lambda part, site: not tells_cases(part),
    "is a sum": lambda part, site: part.head in ("add", "sum"),
    "is a name": lambda part, site: part.head in ("symbol", "entry", "member"),
    "is a bias": lambda part, site: is_bias(part),
    "is a rate": lambda part, site: part.head == "symbol" and part.data in RATES,
    "is an array": lambda part, site: (site.dims(part) or SCALAR) != SCALAR,
    "is a vector": lambda part, site: 1 in (dims := site.dims(part) or SCALAR) and dims != SCALAR,
    "is a scalar": lambda part, site: site.dims(part) == SCALAR,
}
OF_SITES: Mapping[str, Callable[[Site], bool]] = {
    "the whole": lambda site: not site.above,
    "a part": lambda site: bool(site.above),
    "a factor": lambda site: site.above in ("", "product", "add", "sum", "negative"),
    "a divisor or factor": lambda site: site.above in ("", "product", "quotient"),
    "a summand": lambda site: site.above in ("", "add", "sum"),
    "of a product": lambda site: site.above == "product",
    "a term": lambda site: site.above == "add",
    "the product rule": lambda site: PRODUCT in site.rule,
}


@dataclass(frozen=True)
class Row:
    """A slip that is read; ``letters`` stand for something, and all else for itself."""

    text: str
    right: Expression
    slipped: Expression
    conditions: tuple[str, ...]
    letters: frozenset[str]

    @cached_property
    def is_undone(self) -> bool:
        """Whether all that the right side is made of stands in the slipped one, up to indices and sizes."""
        return not self.lost - set(CHOSEN)

    @cached_property
    def is_made(self) -> bool:
        """Whether all that the slipped side is made of stands in the right one, up to indices and sizes."""
        return not self.added - set(CHOSEN)

    @cached_property
    def lost(self) -> frozenset[str]:
        """The letters that only the right side has."""
        return _letters(self.right, self.letters) - _letters(self.slipped, self.letters)

    @cached_property
    def added(self) -> frozenset[str]:
        """The letters that only the slipped side has."""
        return _letters(self.slipped, self.letters) - _letters(self.right, self.letters)

    @cached_property
    def heads(self) -> tuple[frozenset[str], frozenset[str]]:
        """The heads that an instance of each side has, wherever they are."""
        return _heads(self.right, self.letters), _heads(self.slipped, self.letters)

    @cached_property
    def certain(self) -> tuple[frozenset[str], frozenset[str]]:
        """Those of the heads that no other way of writing the same does without."""
        return self.heads[0] - LOOSE, self.heads[1] - LOOSE

    @cached_property
    def of_parts(self) -> tuple[str, ...]:
        """The conditions on what the letters stand for."""
        return tuple(condition for condition in self.conditions if condition not in OF_SITES)

    @cached_property
    def of_sites(self) -> tuple[Callable[[Site], bool], ...]:
        """The conditions on the place."""
        return tuple(OF_SITES[condition] for condition in self.conditions if condition in OF_SITES)

    def holds(self, found: Found, site: Site) -> bool:
        """Whether the conditions on what the letters stand for hold."""
        return all(_holds(condition, found, site) for condition in self.of_parts)

    @cached_property
    def names(self) -> tuple[frozenset[Expression], frozenset[Expression]]:
        """The names and numbers that each side has of itself."""
        return _named(self.right) - self._own, _named(self.slipped) - self._own

    @cached_property
    def _own(self) -> frozenset[Expression]:
        return frozenset(symbol(letter) for letter in self.letters)

    def may_make(self, change: Change) -> bool:
        """Whether one part has what the slip takes, another what it leaves, and each only what it explains."""
        good, bad, gone, new = change
        is_like = self.certain[0] <= good.heads and self.certain[1] <= bad.heads
        return is_like and new <= self.names[1] and (bool(self.lost) or gone <= self.names[0])

    def undone(self, node: Expression, site: Site) -> Iterator[tuple[Expression, Found]]:
        """What a node was before the slip, in every way in which it may be one."""
        return self._rewritten(self.slipped, self.right, self.lost, self.heads[1], node, site)

    def made(self, node: Expression, site: Site) -> Iterator[tuple[Expression, Found]]:
        """What the slip makes of a node, in every way in which it may happen."""
        return self._rewritten(self.right, self.slipped, self.added, self.heads[0], node, site)

    def may_be(self, node: Expression, site: Site) -> bool:
        """Whether a node has the heads of a slipped side."""
        return self._is_like(self.slipped, node) and self.heads[1] <= site.heads

    def _is_like(self, old: Expression, node: Expression) -> bool:
        return node.head == old.head or (old.head == "symbol" and old.data in self.letters)

    def _rewritten(
        self,
        old: Expression,
        new: Expression,
        lacking: frozenset[str],
        heads: frozenset[str],
        node: Expression,
        site: Site,
    ) -> Iterator[tuple[Expression, Found]]:
        is_like = node.head == old.head or (old.head == "symbol" and old.data in self.letters)
        if not is_like or lacking - set(CHOSEN) or not heads <= (site.heads or heads):
            return
        if not all(condition(site) for condition in self.of_sites):
            return
        matching = Matching(self.letters, site.spend)
        missing = sorted(lacking & set(CHOSEN))
        pool = site.counts if missing == list(SIZES) else site.indices
        for found, around in matching.top(old, node):
            others = [name for name in pool if name not in found.values()] if missing else ()
            for names in permutations(others, len(missing)):
                whole = {**found, **dict(zip(missing, names, strict=True))}
                if self.holds(whole, site):
                    yield around(matching.built(new, whole)), whole


def _holds(condition: str, found: Found, site: Site) -> bool:
    letter, said = condition[0], condition[2:]
    if said in OF_PARTS:
        return OF_PARTS[said](plain(found[letter]), site)
    if said.startswith("like "):
        one, other = found[letter], found[condition[-1]]
        return one != other and site.sizes.get(one) == site.sizes.get(other)
    inside = found[letter] in free_indices(found[condition[-1]])
    return inside is (" not in " not in condition)


def _heads(node: Expression, letters: frozenset[str]) -> frozenset[str]:
    node = plain(node)
    if node.head in ("symbol", "index", "size") and node.data in letters:
        return frozenset()
    args = node.args[:1] if node.head == "sum" else node.args
    return frozenset((node.head,)).union(*(_heads(arg, letters) for arg in args))


def _letters(node: Expression, letters: frozenset[str]) -> frozenset[str]:
    names = {child.data[0] if child.head == "apply" else child.data for child in node.walk() if child.head != "number"}
    bound = {name for child in node.walk() if child.head == "sum" for name in child.data}
    return letters & ({name for name in names if isinstance(name, str)} | bound)


@cache
def _context() -> Context:
    return _with_letters(Problem(), frozenset())


def _declared(problem: Problem) -> frozenset[str]:
    notation = setting_of(problem).notation
    return frozenset((*problem.symbols, *notation.functions, *notation.indices, *notation.sizes))


def _with_letters(problem: Problem, declared: frozenset[str]) -> Context:
    """How a row is read: the letters are declared beside the names of a problem."""
    kinds = ((PARTS, "row x row"), (VECTORS, "row"), (NAMES, "scalar"), (INDICES, "index row"), (SIZES, "size"))
    free = {letter: kind for letters, kind in kinds for letter in letters if letter not in declared}
    symbols = free | {"row": "size"} | dict(problem.symbols)
    given = tuple(f"{name}(t) = t^2" for name in FUNCTIONS if name not in declared)
    return setting_of(structs.replace(problem, symbols=symbols, given=(*problem.given, *given))).context


def row(text: str, problem: Problem | None = None) -> Row:
    r"""A slip from its text, with the names of a problem where it is written for one.

    Raises StatementFault where it is no ``right ~ slipped`` or cannot be read.

    >>> row(r"\log(A + B) ~ \log A + \log B").is_undone
    True
    """
    sides, _, conditions = text.partition(" : ")
    both = sides.split("~")
    if len(both) != 2:
        raise StatementFault(
            f"write right ~ slipped, as C (A + B) ~ C A + B; this is {quoted(text)}", key="slips", entry=text
        )
    declared = frozenset[str]() if problem is None else _declared(problem)
    context = _context() if problem is None else _with_letters(problem, declared)
    right, slipped = (_side(side, context) for side in both)
    letters = frozenset((*PARTS, *VECTORS, *NAMES, *FUNCTIONS, *INDICES, *SIZES)) - declared
    asked = tuple(one.strip() for one in conditions.split(",") if one.strip())
    for condition in asked:
        _refuse_unknown(condition)
    return Row(text, right, slipped, asked, letters)


def _refuse_unknown(condition: str) -> None:
    known = condition in OF_SITES or condition[2:] in OF_PARTS
    if not known and condition[2:-1].strip() not in ("in", "not in", "like"):
        raise StatementFault(f"{quoted(condition)} is no condition of a slip", key="slips")


def _side(text: str, context: Context) -> Expression:
    try:
        (statement,) = read_row(row_tokens(f"t = {text.strip()}", context), context, Reading(), frozenset())
        _, side = statement.parts
    except (Fault, ValueError) as fault:
        raise StatementFault(f"{quoted(text.strip())} cannot be read: {fault}", key="slips") from None
    return side.expression.map(lambda node: replace(node, span=(0, 0)))
