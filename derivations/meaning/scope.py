"""What the names of an expression mean at one place, and the step from a node to its rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import MeaningFault, RangeFault, ShapeFault
from truestep.derivations.language.finding import Finding
from truestep.derivations.language.liberties import Choice, Reading
from truestep.derivations.meaning.arena import Arena
from truestep.derivations.meaning.shaped_terms import UNSTATED, Value
from truestep.derivations.meaning.terms import Axis, Index, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from truestep.derivations.language.expression import Expression
    from truestep.derivations.language.faults import Span
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.chance.law import Law
    from truestep.derivations.meaning.shaped_terms import Entry

    Rule = Callable[[Expression, "Scope"], Value]


USUAL = Reading()


@dataclass(frozen=True)
class Scope:
    """What the names of an expression mean at one place: the arena, the notation, the indices and formal arguments."""

    arena: Arena
    notation: Notation
    rules: Mapping[str, Rule]
    indices: Mapping[str, Index]
    free: dict[str, Axis]
    formals: Mapping[str, Value] = field(default_factory=dict)
    aliases: Mapping[str, tuple[tuple[Axis, ...], Term]] = field(default_factory=dict)
    introduced: Mapping[str, Value] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
    layout: str = "denominator"
    reading: Reading = USUAL
    offers: set[Choice] = field(default_factory=set)
    asked: str | None = None
    asked_by: frozenset[str] = frozenset()
    uniform: Mapping[str, Size] = field(default_factory=dict)
    chance: Mapping[str, Law] = field(default_factory=dict)  # the laws of what is random
    outside: frozenset[str] = frozenset()  # letters that are equal to no index
    spectral: bool = False  # whether the norm of a matrix with a 2 below is its largest singular value, not Frobenius'
    notes: list[Finding] = field(default_factory=list)
    ran: dict[str, Size | None] = field(default_factory=dict)  # over what bound letters ran; None where it varies
    within: int = 0  # how many bodies of functions stand around this place
    memory: Memory | None = None

    def like(self, **changes: Any) -> Scope:
        """The same scope but for some of its fields."""
        made = object.__new__(Scope)
        made.__dict__.update(self.__dict__, **changes)
        return made

    def bind(self, names: Mapping[str, Index]) -> Scope:
        """The scope with some indices bound."""
        return self.like(indices={**self.indices, **names})

    def note(self, code: str, node: Expression, **args: str) -> None:
        """Remembers a slip of notation that leaves no doubt."""
        self.notes.append(Finding(code, node.span, args))

    def takes(self, code: str, span: Span) -> bool:
        """Whether the alternative of a liberty is taken at a place; it is noted that there is one."""
        self.offers.add(Choice(code, span[0]))
        return self.reading.takes(code, span[0])

    def quantity(self, name: str, indices: tuple[Index, ...]) -> Term:
        """An entry of a named quantity; a slice of another quantity is that one's entry."""
        alias = self.aliases.get(name)
        if alias is None:
            return self.arena.quantity(name, indices)
        axes, term = alias
        return self.arena.substitute(term, dict(zip(axes, indices, strict=True)))

    def index(self, name: str, size: Size) -> Index:
        """The index of a name at a place of a size; a name that stands free becomes one axis for the whole claim."""
        known = self.indices.get(name)
        if known is None and size == 1:
            return 1
        if known is None:
            known = self.free.get(name)
        if known is None:
            declared = self.notation.indices.get(name)
            if declared is not None and declared.dims[0] != size in self.notation.sizes:
                declared = None  # a letter that is used anew
            known = self.free[name] = self.arena.axis(
                declared.dims[0] if declared else size, declared.low if declared else self.notation.low(size)
            )
        if isinstance(known, Axis) and known.size != size and size != UNSTATED:
            raise RangeFault(f"the index {name} runs over {known.size}, but this place has {size} entries", None, name)
        return known


class Memory:
    """The values, in one scope, of the parts that many expressions share, and of each the entries so far."""

    def __init__(self, base: Scope) -> None:
        self.base, self.scope = base, base.like(memory=self)
        self.values: dict[Expression, Value] = {}
        self.is_open = True

    def under(self, base: Scope) -> Scope:
        """The scope in which to look; what is remembered holds where only names were added."""
        if base is not self.base:
            self.base, self.scope = base, base.like(memory=self)
        return self.scope

    def value(self, node: Expression, scope: Scope) -> Value:
        """The value of an expression, made anew where it is not remembered; kept while the memory is open."""
        found = self.values.get(node)
        if found is not None:
            return Value(found.dims, found.entry, node.span, found.partial)
        value = _made(node, scope)
        if self.is_open:
            value = self.values[node] = Value(value.dims, _once(value.entry), value.span, value.partial)
        return value


def _once(entry: Entry) -> Entry:
    known: dict[tuple[Index, ...], Term] = {}

    def at(*places: Index) -> Term:
        term = known.get(places)
        if term is None:
            term = known[places] = entry(*places)
        return term

    return at


def value_of(node: Expression, scope: Scope) -> Value:
    """The value of an expression.

    Raises NameFault for a name that is not known, ShapeFault where shapes do not fit (with the place), MeaningFault for
    what is read but not decided here.
    """
    memory = scope.memory
    return _made(node, scope) if memory is None or memory.scope is not scope else memory.value(node, scope)


def _made(node: Expression, scope: Scope) -> Value:
    effort = scope.arena.effort
    effort.spent += 10
    if effort.spent > effort.most:
        effort.end()
    rule = scope.rules.get(node.head)
    if rule is None:
        raise MeaningFault(f"{node.head} has no value here", node.span)
    try:
        value = rule(node, scope)
    except ShapeFault as fault:
        if fault.span is None or fault.span == (0, 0):
            fault.span = node.span
        raise
    return value if value.span == node.span else Value(value.dims, value.entry, node.span, value.partial)
