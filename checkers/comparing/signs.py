"""What is known of the sign of a term without looking at points, and where a term has a value for sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.language.functions import BY_NAME
from truestep.derivations.meaning.terms import walk_terms
from truestep.problems.statements.assumptions import Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truestep.derivations.meaning.arena import Arena
    from truestep.derivations.meaning.terms import Term

UNKNOWN, NONNEGATIVE, POSITIVE = 0, 1, 2
_NEVER_NEGATIVE = frozenset(("abs", "relu", "positive", "nonnegative", "step", "zero", "delta", "below"))
STRETCHES = frozenset(("relu", "step", "positive", "nonnegative", "below", "zero"))


class Signs:
    """The signs of the terms of an arena, under what is known of its quantities."""

    def __init__(self, arena: Arena, properties: Mapping[str, Property]) -> None:
        self.arena, self.properties = arena, properties
        self.known: dict[Term, int] = {}

    def of(self, term: Term) -> int:
        """Whether a term is positive, or not negative, wherever it has a value."""
        found = self.known.get(term)
        if found is None:
            found = self.known[term] = self._of(term)
        return found

    def forget(self, number: int) -> None:
        """Forgets all terms from a number on."""
        self.known = {term: sign for term, sign in self.known.items() if term.number < number}

    def _of(self, term: Term) -> int:
        op, args = term.op, term.args
        if op in ("constant", "decimal"):
            value = term.data if op == "constant" else term.data[0]
            return POSITIVE if value > 0 else UNKNOWN if value < 0 else NONNEGATIVE
        if op == "quantity":
            return self._quantity(term.data[0])
        if op == "size" or (op == "position" and isinstance(term.data.low, int) and term.data.low > 0) or op == "exp":
            return POSITIVE
        if op == "add":
            signs = [self.of(arg) for arg in args]
            return UNKNOWN if UNKNOWN in signs else max(signs)
        if op == "multiply":
            return self._product(args)
        if op == "power" and term.data % 2 == 0:
            return POSITIVE if term.data < 0 else max(NONNEGATIVE, self.of(args[0]))
        if op == "power":
            own = self.of(args[0])
            return POSITIVE if own and term.data < 0 else own
        if op in ("root", "raised", "abs"):
            return max(NONNEGATIVE, self.of(args[0])) if op != "raised" else self.of(args[0])
        if op in ("total", "times"):
            return self.of(args[0])
        if op == "largest":
            return self.of(args[1]) if args[0] is not args[1] or len(args) == 3 else self.of(args[0])
        return NONNEGATIVE if op in _NEVER_NEGATIVE else UNKNOWN

    def _quantity(self, name: str) -> int:
        if name == r"\pi" and name not in self.arena.declared:
            return POSITIVE
        definition = self.arena.definitions.get(name)
        if definition is not None:
            return self.of(definition.body)
        known = self.properties.get(name, Property())
        if known.values:
            return POSITIVE if min(known.values) > 0 else NONNEGATIVE if min(known.values) == 0 else UNKNOWN
        if known.low is not None and known.low >= 0:
            return POSITIVE if known.low > 0 or known.open or known.nonzero else NONNEGATIVE
        return NONNEGATIVE if known.binary else UNKNOWN

    def _product(self, factors: tuple[Term, ...]) -> int:
        once: list[Term] = []
        for factor in factors:
            if factor in once:
                once.remove(factor)
            else:
                once.append(factor)
        signs = [self.of(factor) for factor in once]
        squared = [self.of(factor) for factor in factors if factor not in once]
        return UNKNOWN if UNKNOWN in signs else min((*signs, *(max(NONNEGATIVE, s) for s in squared)))

    def exists(self, terms: Iterable[Term]) -> bool:
        """Whether terms have a value for sure, but at single points: logarithms and roots are of what is positive."""
        nodes = list(walk_terms(terms, self.arena.definitions))
        stretched = any(map(_stretches, nodes))
        return all(self._exists(node) for node in nodes if stretched or node.op != "power")

    def _exists(self, node: Term) -> bool:
        if node.op == "log":
            return self.of(node.args[0]) == POSITIVE
        if node.op == "root":
            return self.of(node.args[0]) >= NONNEGATIVE
        if node.op == "power" and node.data < 0:
            return not any(map(_stretches, walk_terms(node.args, self.arena.definitions)))
        return node.op not in BY_NAME or not BY_NAME[node.op].domain


def _stretches(node: Term) -> bool:
    return node.op in STRETCHES
