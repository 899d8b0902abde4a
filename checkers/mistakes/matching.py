"""Matching a pattern with what was written, and building one from what its letters stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations, permutations
from typing import Any

from truestep.checkers.mistakes.places import bracketed, is_alike, plain, renamed
from truestep.derivations.language.expression import Expression, add, grouped, negative

Found = Mapping[str, Any]
NAMES = "t"
ENTRYWISE = frozenset(("odot", "circ", "star"))
PULLED = frozenset(("product", "quotient"))
SAME_DATA = frozenset(("symbol", "unknown", "constant", "norm", "size", "relation", "member", "ones"))


@dataclass(frozen=True)
class Matching:
    """Matches a pattern with what was written, and builds one from what its letters stand for."""

    letters: frozenset[str]
    spend: Callable[[int], object] = id

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
        self.spend(5)
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
            body = node.args[0] if known in (None, bound) else renamed(node.args[0], {bound: str(known)})
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
                self.spend(1)
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


def _cuts(count: int, size: int) -> Iterator[tuple[int, ...]]:
    """The ways to cut so many parts side by side into stretches, the widest first."""
    for width in range(count, size - 1, -1):
        for start in range(count - width + 1):
            for inner in combinations(range(start + 1, start + width), size - 1):
                yield start, *inner, start + width


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
        out += arg.args if is_open else (grouped(arg) if arg.head == "product" else bracketed(arg),)
        marks += (sign, *arg.data[1:]) if is_open else (sign,)
    return Expression("product", tuple(out), tuple(marks))


def _pulled(node: Expression) -> Expression:
    """A minus in front of a product or a fraction drawn into its first part."""
    inner = plain(node.args[0])
    return replace(inner, args=(negative(bracketed(inner.args[0])), *inner.args[1:])) if inner.head in PULLED else node
