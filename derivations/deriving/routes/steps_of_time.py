r"""A recurrence ``h_t = f(h_{t-1}, x_t)`` at one step t, and at the next one where that makes use of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.goal import Equation
from truestep.derivations.deriving.routes.graph import INNER
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import NONE, Expression, add, grouped, symbol
from truestep.derivations.language.notation import Name
from truestep.derivations.language.shapes import SCALAR, Declared
from truestep.derivations.meaning.derivatives.recurrences import shift, start

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.language.shapes import Dims, Size

LATER = "later"  # what the loss gains from the steps behind the next one


@dataclass(frozen=True, slots=True)
class Stepped:
    """A quantity at one step, or a signal: what it is there, how far from t it is, and its shape."""

    node: Expression
    offset: int
    dims: Dims
    name: str = ""  # that of a signal, with %s for the step


@dataclass
class Steps:
    """The letter of the steps and their number; ``known`` holds each quantity at a step by its name there."""

    goal: Goal
    letter: str
    size: Size
    known: dict[str, Stepped] = field(default_factory=dict)

    def local(self, loss: str, part: Expression | None, goes_on: bool = True, holds: bool = False) -> Goal:
        """The goal at one step, with the quantities at the next one that make use of this one.

        The loss is a part of its definition at step t, and where it goes on what is gained from the next step on.
        Where it ``holds``, what is passed on to the next step is held fixed.
        """
        goal = self.goal
        now = [self._equation(one, 0) for one in goal.equations if one.name != loss]
        others = {name: parents for name, parents in goal.dependencies.items() if name != loss}
        depended = {parent for parents in others.values() for parent in parents}
        for key, family in goal.notation.families.items():
            if family.name in depended:
                self.at(Expression("member", (Expression("index", (), self.letter),), key), 0)
        told = [one for one in goal.equations if any(shift(node) == -1 for node in one.body.walk())]
        later = [self._equation(one, 1) for one in told if goes_on]
        terms = [] if part is None else [self.at(part, 0)]
        carried = self.carried()
        body = add(*terms, *([symbol(LATER)] if goes_on else []))
        families = {key: one for key, one in goal.notation.families.items() if one.index.dims[0] != self.size}
        stepped = {name: one.dims for name, one in self.known.items()} | {LATER: SCALAR}
        names = dict(goal.notation.names)
        for one, dims in stepped.items():
            names[one, None, None] = Name(one, one, None, None, Declared("array", dims))
        return replace(
            goal,
            notation=replace(goal.notation, names=names, families=families),
            equations=(*(one for one in now if not holds or one.name not in carried), *later, Equation(loss, (), body)),
            dependencies={**others, LATER: tuple(one.name for one in later)},
            simplex={**goal.simplex, **self._simplex()},
            reserved=goal.reserved | {self.letter},
            stationary=(),
            signals={},
        )

    def is_later(self, name: str) -> bool:
        """Whether a name is that of a quantity at the next step."""
        bare = name.removeprefix(INNER)
        return name == LATER or (bare in self.known and self.known[bare].offset == 1)

    def is_entered(self, name: str, names: Iterable[str]) -> bool:
        """Whether some of the names are those of quantities one step before another one."""
        own, others = self.known.get(name), [self.known[one] for one in names if one in self.known]
        return own is not None and any(one.offset == own.offset - 1 for one in others)

    def now(self, name: str) -> str:
        """What is at the next step, at this one."""
        bare = name.removeprefix(INNER)
        if not self.is_later(name):
            return name
        return name[: len(name) - len(bare)] + self.label(self.known[bare].node, self.letter)

    def text(self, offset: int) -> str:
        """A step by its distance from t."""
        return f"{self.letter}{offset:+d}" if offset else self.letter

    def carried(self) -> list[str]:
        """The quantities at step t of which the next step makes use."""
        return [name for name, one in self.known.items() if one.offset == 0 and self.first(one) is not None]

    def first(self, one: Stepped) -> Expression | None:
        """What stands before the first step of a quantity, where something does."""
        return None if one.name else start(one.node, self.goal.notation)

    def begun_by(self, name: str) -> str | None:
        """The quantity at step t that begins with a name, as h_t with h_0."""
        firsts = {known: self.first(self.known[known]) for known in self.carried()}
        return next((known for known, first in firsts.items() if first is not None and first.data == name), None)

    def before_the_last(self) -> Expression:
        """``t < T``."""
        return Expression("relation", (Expression("index", (), self.letter), Expression("size", (), self.size)), "<")

    def _equation(self, one: Equation, offset: int) -> Equation:
        left = self._left(one)
        if left is None:
            return replace(one, body=self.at(one.body, offset))
        name = str(self.at(left, offset).data)
        return Equation(name, one.indices[1:], self.at(one.body, offset))

    def _left(self, one: Equation) -> Expression | None:
        """What an equation defines at each step; None of what has no steps."""
        index = Expression("index", (), self.letter)
        if one.indices[:1] != (self.letter,):
            return None
        for key, family in self.goal.notation.families.items():
            if family.name == one.name:
                return Expression("member", (index,), key)
        return Expression("entry", (symbol(one.name), index))

    def at(self, node: Expression, offset: int) -> Expression:
        """An expression with the quantities at a step as names."""
        return node.map(lambda child: self._named(child, offset))

    def _named(self, child: Expression, offset: int) -> Expression:
        if child.head == "index" and child.data == self.letter:
            return child
        dims = self._dims(child)
        if dims is None:
            return child
        index = child.args[0] if child.head == "member" else child.args[1]
        more = 0 if index.head == "index" and index.data == self.letter else shift(child)
        if self._is_last(index):
            more = 0
        if more is None or more.denominator != 1:
            raise Stuck("a given", "steps are counted from t or stand at the end, such as t - 1 and T")
        far = int(more) + offset
        name = self.label(child, self.text(far))
        self.known[name] = Stepped(child, far, dims)
        return symbol(name)

    def _is_last(self, index: Expression) -> bool:
        return index.data == self.size and index.head in ("size", "index", "unknown")

    def _dims(self, node: Expression) -> Dims | None:
        """The shape of a quantity at a step; None of anything else."""
        notation = self.goal.notation
        if node.head == "member" and notation.families[node.data].index.dims[0] == self.size:
            return notation.families[node.data].member.dims
        if node.head != "entry" or node.args[0].head != "symbol" or len(node.args) != 2:
            return None
        declared = notation.declared(str(node.args[0].data))
        return SCALAR if declared is not None and declared.dims == (self.size, 1) else None

    def base(self, node: Expression) -> str:
        """The name of a quantity without its step."""
        return self.goal.notation.families[node.data].base if node.head == "member" else str(node.args[0].data)

    def label(self, node: Expression, text: str) -> str:
        """The name of a quantity at the step that a text says."""
        base, place, brackets = self.base(node), "_", ""
        if node.head == "member":
            family = self.goal.notation.families[node.data]
            place = family.place
            brackets = "()" if "(" in family.name[len(base) :] else ""
        inner = f"{brackets[:1]}{text}{brackets[1:]}"
        return f"{base}{place}{inner}" if len(inner) == 1 else f"{base}{place}{{{inner}}}"

    def moved(self, node: Expression, texts: Mapping[int, str]) -> Expression:
        """An expression at steps that other texts say: at T, or at 0 and 1."""

        def change(child: Expression) -> Expression:
            one = self.known.get(str(child.data)) if child.head == "symbol" else None
            if one is None:
                return child
            if one.offset not in texts:
                raise Stuck(str(child.data), "what this is at the end of the steps is not derived")
            text = texts[one.offset]
            name = signal_at(one.name, text) if one.name else self.label(one.node, text)
            return (self.first(one) if text == "0" else None) or symbol(name)

        return node.map(change)

    def summand(self, body: Expression) -> Expression:
        """What one step gives to the loss."""
        part = self.without_sum(body)
        assert part is not None
        return part

    def without_sum(self, body: Expression) -> Expression | None:
        """The summand of a sum over the steps, with what stands before it; None where there is no such sum."""
        node = bare(body)
        if node.head == "sum" and self.letter in node.data:
            rest = tuple(name for name in node.data if name != self.letter)
            if node.args[3].head != "none" or (not rest and not self._is_whole(node)):
                raise Stuck("the loss", "its sum does not run over all steps")
            return Expression("sum", (node.args[0], NONE, NONE, NONE), rest) if rest else node.args[0]
        found = [(place, part) for place, arg in enumerate(node.args) if (part := self.without_sum(arg)) is not None]
        if not found:
            return None
        if node.head == "add":
            return add(*(part for _, part in found))
        place, part = found[0]
        if (
            node.head not in ("negative", "product", "quotient")
            or len(found) > 1
            or (node.head == "quotient" and place)
        ):
            raise Stuck("the loss", "it is not linear in a sum over the steps")
        return node.of((*node.args[:place], grouped(part), *node.args[place + 1 :]))

    def _is_whole(self, node: Expression) -> bool:
        low, high = node.args[1:3]
        is_first = low.head == "none" or (low.head == "number" and low.data[0] == 1)
        return is_first and (high.head == "none" or self._is_last(high))

    def others(self, body: Expression) -> Expression | None:
        """The terms of a loss that do not vary with the steps; None where there are none."""
        node = bare(body)
        rest = [arg for arg in node.args if self.without_sum(arg) is None] if node.head == "add" else []
        return add(*rest) if rest else None

    def _simplex(self) -> dict[str, int]:
        """The quantities at a step whose entries sum to one."""
        names = {one.name: key for key, one in self.goal.notation.families.items()}
        known = {names[name]: axis - 1 for name, axis in self.goal.simplex.items() if name in names and axis}
        return {name: known[one.node.data] for name, one in self.known.items() if one.node.data in known}


def signal_at(pattern: str, text: str) -> str:
    r"""The name of a signal at the step that a text says: ``\delta_t``, ``\delta_{t+1}``, ``\delta_{f,t}``."""
    return pattern.replace("{%s}", "%s" if len(text) == 1 else "{%s}") % text


def steps_of(goal: Goal) -> Steps | None:
    """The steps of the givens' recurrence; None where there is none."""
    for node in (node for equation in goal.equations for node in equation.body.walk()):
        if shift(node) == -1 and start(node, goal.notation) is not None:
            index = node.args[0] if node.head == "member" else node.args[1]
            declared = goal.notation.declared(str(node.args[0].data)) if node.head == "entry" else None
            over = goal.notation.families[node.data].index if node.head == "member" else declared
            if over is not None:
                return Steps(goal, str(index.args[0].data), over.dims[0])
    return None
