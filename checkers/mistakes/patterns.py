r"""Slips as patterns: ``right ~ slipped``, both in LaTeX, as ``C (A + B) ~ C A + B``.

A, B, C, D and the vectors a, b stand for any part, t for any name, f and g for any function, i to l for any index, N
for any size; terms or factors side by side are a part too.  Behind `` : `` stand conditions: ``i in A``, ``A is a
vector``.  A slip is made from the left to the right and undone from the right to the left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import combinations, permutations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from truestep.checkers.mistakes.places import bracketed, is_alike, plain
from truestep.derivations.language.expression import Expression, add, free_indices, negative
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

    Found = Mapping[str, Any]

PARTS, VECTORS, NAMES, FUNCTIONS, INDICES, SIZES = "ABCD", "ab", "t", "fg", "ijkl", "N"
CHOSEN = INDICES + SIZES  # where nothing says what they stand for, each of the problem is tried
ENTRYWISE = frozenset(("odot", "circ", "star"))
RATES = (r"\alpha", r"\eta", r"\gamma", "lr", r"\epsilon")
PULLED = frozenset(("product", "quotient"))
SAME_DATA = frozenset(("symbol", "unknown", "constant", "norm", "size", "relation", "member", "ones"))


class Site(NamedTuple):
    """What the conditions of a row may ask of the place that it is used at."""

    dims: Callable[[Expression], Dims | None]
    outer: frozenset[str] = frozenset()
    indices: tuple[str, ...] = ()
    above: str = ""
    rule: str = ""
    sizes: Mapping[str, object] = MappingProxyType({})
    counts: tuple[str, ...] = ()
    heads: frozenset[str] = frozenset()  # of all that stands there; none where nobody has looked


def _is_named(node: Expression) -> bool:
    return any(child.head in ("symbol", "constant", "member") for child in node.walk())


def is_slope(node: Expression) -> bool:
    """Whether a part is a derivative, written as one or with a prime."""
    return node.head == "derivative" or (node.head == "apply" and node.data[1] > 0)


OF_PARTS: Mapping[str, Callable[[Expression, Site], bool]] = {
    "is a derivative": lambda part, site: is_slope(part),
    "is no derivative": lambda part, site: not is_slope(part) and part.head != "kronecker",
    "is no number": lambda part, site: part.head not in ("number", "size"),
    "is named": lambda part, site: _is_named(part),
    "is a product": lambda part, site: part.head == "product",
    "has a delta": lambda part, site: part.has("kronecker"),
    "is a sum": lambda part, site: part.head in ("add", "sum"),
    "is a name": lambda part, site: part.head in ("symbol", "entry", "member"),
    "is a bias": lambda part, site: part.head == "symbol" and part.data.startswith("b"),
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
    "the product rule": lambda site: "product rule" in site.rule,
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

    def holds(self, found: Found, site: Site) -> bool:
        """Whether the conditions hold."""
        return all(_holds(condition, found, site) for condition in self.conditions)

    def undone(self, node: Expression, site: Site) -> Iterator[tuple[Expression, Found]]:
        """What a node was before the slip, in every way in which it may be one."""
        return self._rewritten(self.slipped, self.right, self.lost, self.heads[1], node, site)

    def made(self, node: Expression, site: Site) -> Iterator[tuple[Expression, Found]]:
        """What the slip makes of a node, in every way in which it may happen."""
        return self._rewritten(self.right, self.slipped, self.added, self.heads[0], node, site)

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
        matching = Matching(self.letters)
        missing = sorted(lacking & set(CHOSEN))
        pool = site.counts if missing == list(SIZES) else site.indices
        for found, around in matching.top(old, node):
            others = [name for name in pool if name not in found.values()] if missing else ()
            for names in permutations(others, len(missing)):
                whole = {**found, **dict(zip(missing, names, strict=True))}
                if self.holds(whole, site):
                    yield around(matching.built(new, whole)), whole


def _holds(condition: str, found: Found, site: Site) -> bool:
    if condition in OF_SITES:
        return OF_SITES[condition](site)
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


@dataclass(frozen=True)
class Matching:
    """Matches a pattern with what was written, and builds one from what its letters stand for."""

    letters: frozenset[str]

    def top(self, wanted: Expression, node: Expression) -> Iterator[tuple[Found, Callable[[Expression], Expression]]]:
        """The ways in which a node, or some of its parts, is an instance, with what puts a new one there."""
        if wanted.head in ("add", "product") and node.head == wanted.head:
            for found, start, end in self._parts(wanted, node, {}):
                yield found, partial(_spliced, node, start, end)
            if wanted.head == "add" and wanted.args[0].head not in ("symbol", "negative", *PULLED):
                yield from self._behind_a_minus(wanted, node)
        else:
            for found in self.matches(wanted, node, {}):
                yield found, lambda new: new

    def _behind_a_minus(
        self, wanted: Expression, node: Expression
    ) -> Iterator[tuple[Found, Callable[[Expression], Expression]]]:
        for place, term in enumerate(node.args):
            if term.head == "negative":
                flipped = replace(node, args=(*node.args[:place], plain(term.args[0]), *node.args[place + 1 :]))
                for found, start, end in self._parts(wanted, flipped, {}):
                    if start == place:
                        yield found, partial(_spliced_negative, node, start, end)

    def matches(self, wanted: Expression, node: Expression, found: Found) -> Iterator[Found]:
        """Every way in which a node is an instance of a pattern."""
        wanted, node = plain(wanted), plain(node)
        if wanted.head in ("symbol", "index", "size") and wanted.data in self.letters:
            yield from self._letter(wanted, node, found)
            return
        if node.head == "negative" and wanted.head in PULLED:
            node = _pulled(node)
        if node.head != wanted.head:
            return
        if wanted.head in ("add", "product"):
            count = len(node.args)
            yield from (one for one, start, end in self._parts(wanted, node, found) if end - start == count)
        elif wanted.head == "sum":
            yield from self._sum(wanted, node, found)
        elif wanted.head == "kronecker":
            for args in dict.fromkeys((node.args, node.args[::-1])):
                yield from self._all(list(zip(wanted.args, args, strict=True)), found)
        elif len(node.args) == len(wanted.args) and self._same(wanted, node, found):
            if wanted.head == "apply" and wanted.data[0] in self.letters:
                found = {**found, wanted.data[0]: node.data[0]}
            yield from self._all(list(zip(wanted.args, node.args, strict=True)), found)

    def _same(self, wanted: Expression, node: Expression, found: Found) -> bool:
        if wanted.head == "number":
            return bool(wanted.data[0] == node.data[0])
        if wanted.head == "apply":
            name = found.get(wanted.data[0], node.data[0]) if wanted.data[0] in self.letters else wanted.data[0]
            return bool((name, *wanted.data[1:]) == node.data)
        return wanted.head not in SAME_DATA or wanted.data == node.data

    def _letter(self, wanted: Expression, node: Expression, found: Found) -> Iterator[Found]:
        letter = wanted.data
        if wanted.head != "symbol":
            if node.head == wanted.head and found.get(letter, node.data) == node.data:
                yield {**found, letter: node.data}
        elif letter not in NAMES or node.head in ("symbol", "entry", "member"):
            known = found.get(letter)
            if known is None or is_alike(known, node):
                yield {**found, letter: node}

    def _sum(self, wanted: Expression, node: Expression, found: Found) -> Iterator[Found]:
        (letter,) = wanted.data
        if len(node.data or ()) == 1:
            (bound,) = node.data
            known = found.get(letter)
            body = node.args[0] if known in (None, bound) else _renamed(node.args[0], bound, str(known))
            here = {**found, letter: bound, f"over {letter}": node.args[1:]} if known is None else found
            yield from self.matches(wanted.args[0], body, here)

    def _all(self, pairs: list[tuple[Expression, Expression]], found: Found) -> Iterator[Found]:
        if not pairs:
            yield found
            return
        for one in self.matches(*pairs[0], found):
            yield from self._all(pairs[1:], one)

    def _parts(self, wanted: Expression, node: Expression, found: Found) -> Iterator[tuple[Found, int, int]]:
        """The ways to find the parts of a sum or product side by side in another; the longest stretch first."""
        parts = [plain(part) for part in wanted.args]
        starts = range(len(node.args))
        fits = [[self._fits(wanted, place, node, start) for start in starts] for place in range(len(parts))]
        stretch = cache(partial(_stretch, node))
        for cuts in _cuts(len(node.args), len(parts)):
            for order in _orders(len(parts)) if wanted.head == "add" else (tuple(range(len(parts))),):
                places = list(zip(order, cuts, cuts[1:], strict=False))
                if all(fits[place][start][end - start > 1] for place, start, end in places):
                    pairs = [(parts[place], stretch(start, end)) for place, start, end in places]
                    yield from ((one, cuts[0], cuts[-1]) for one in self._all(pairs, found))

    def _fits(self, wanted: Expression, place: int, node: Expression, start: int) -> tuple[bool, bool]:
        """Whether one argument can be a part of a pattern, and whether several from there on can: by head and sign."""
        part, head = plain(wanted.args[place]), plain(node.args[start]).head
        signs = (node.data[start], wanted.data[place]) if wanted.head == "product" and place else ("", "")
        if (signs[0] in ENTRYWISE) != (signs[1] in ENTRYWISE):
            return False, False
        if part.head in ("symbol", "index", "size") and part.data in self.letters:
            return True, part.head == "symbol" and part.data not in NAMES
        return head == part.head or (head == "negative" and part.head in PULLED), False

    def built(self, wanted: Expression, found: Found) -> Expression:
        """A pattern with what its letters stand for."""
        wanted = plain(wanted)
        if wanted.head in ("symbol", "index", "size") and wanted.data in self.letters:
            known = found[wanted.data]
            return known if wanted.head == "symbol" else Expression(wanted.head, (), known)
        args = tuple(self.built(arg, found) for arg in wanted.args)
        match wanted.head:
            case "add":
                terms = (plain(arg).args if plain(arg).head == "add" else (arg,) for arg in args)
                return add(*(term for some in terms for term in some))
            case "product":
                return _flat(args, wanted.data)
            case "sum":
                limits = found.get(f"over {wanted.data[0]}", wanted.args[1:])
                return Expression("sum", (bracketed(args[0]), *limits), (found[wanted.data[0]],))
            case "apply":
                return Expression("apply", args, (found.get(wanted.data[0], wanted.data[0]), *wanted.data[1:]))
            case "negative" if plain(args[0]).head == "negative":
                return plain(args[0]).args[0]
            case "power" | "transpose" | "negative":
                args = (bracketed(args[0]), *args[1:])
        return Expression(wanted.head, args, wanted.data)


@cache
def _cuts(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    """The ways to cut so many parts side by side into stretches, the widest first."""
    return tuple(sorted(combinations(range(count + 1), size + 1), key=lambda cuts: cuts[0] - cuts[-1]))


@cache
def _orders(size: int) -> tuple[tuple[int, ...], ...]:
    return tuple(permutations(range(size)))


def _stretch(node: Expression, start: int, end: int) -> Expression:
    """Some terms or factors side by side."""
    if end - start == 1:
        return node.args[start]
    if node.head == "add":
        return add(*node.args[start:end])
    return Expression("product", node.args[start:end], ("", *node.data[start + 1 : end]), node.span)


def _spliced(node: Expression, start: int, end: int, new: Expression) -> Expression:
    """A sum or product with another part in the place of some of its terms or factors."""
    if (start, end) == (0, len(node.args)):
        return new
    before, after = node.args[:start], node.args[end:]
    if node.head == "add":
        return add(*before, *(new.args if new.head == "add" else (new,)), *after)
    return _flat((*before, new, *after), (*node.data[: start + 1], *node.data[end:]))


def _spliced_negative(node: Expression, start: int, end: int, new: Expression) -> Expression:
    return _spliced(node, start, end, negative(bracketed(new)))


def _flat(args: tuple[Expression, ...], signs: tuple[str, ...]) -> Expression:
    """A product of factors; those of a product among them stand side by side where that means the same."""
    out, marks = list[Expression](), list[str]()
    for arg, sign in zip(args, signs, strict=True):
        is_open = arg.head == "product" and not any(arg.data) and not any(signs)
        out += arg.args if is_open else (Expression("group", (arg,)) if arg.head == "product" else bracketed(arg),)
        marks += (sign, *arg.data[1:]) if is_open else (sign,)
    return Expression("product", tuple(out), tuple(marks))


def _pulled(node: Expression) -> Expression:
    """A minus in front of a product or a fraction drawn into its first part."""
    inner = plain(node.args[0])
    return replace(inner, args=(negative(bracketed(inner.args[0])), *inner.args[1:])) if inner.head in PULLED else node


def _renamed(node: Expression, old: str, new: str) -> Expression:
    return node.map(lambda one: replace(one, data=new) if one.head == "index" and one.data == old else one)


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
        raise StatementFault(f"slips: write right ~ slipped, as C (A + B) ~ C A + B; this is {quoted(text)}")
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
        raise StatementFault(f"slips: {quoted(condition)} is no condition of a slip")


def _side(text: str, context: Context) -> Expression:
    try:
        (statement,) = read_row(row_tokens(f"t = {text.strip()}", context), context, Reading(), frozenset())
        _, side = statement.parts
    except (Fault, ValueError) as fault:
        raise StatementFault(f"slips: {quoted(text.strip())} cannot be read: {fault}") from None
    return side.expression.map(lambda node: replace(node, span=(0, 0)))
