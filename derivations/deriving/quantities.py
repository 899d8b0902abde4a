"""Quantities by their value: definitions put in one after the other, affine maps collected, numbers put in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Entries
from truestep.derivations.deriving.algebra.nodes import Node
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.displays.entries_shown import Showing, Unwritable
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.values_at_point import Numbers
from truestep.derivations.deriving.variables import bare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Forward
    from truestep.derivations.language.expression import Expression


def evaluated(goal: Goal) -> Solution:
    """The value of a defined quantity in terms of what is given; raises Stuck where nothing defines it."""
    asked = bare(goal.asked)
    givens = Givens(goal, str(asked.data))
    body = givens.definitions.get(str(asked.data)) if asked.head == "symbol" else None
    if body is None:
        raise Stuck("what is asked", "it is neither a derivative nor a quantity that the givens define")
    numbers = Numbers(givens)
    if asked.data in numbers.computed:
        table = numbers.table(body.names | {str(asked.data)})
        answer = table[-1].answer
        return Solution(asked, table, answer, givens.numpy().code(body), _forward(givens, asked), goal.notation)
    unfolding = Unfolding(givens)
    lines = [("definition", unfolding.shown(unfolding.taken_over(body, ())))]
    levels = [unfolding.shown(unfolding.taken_over(body, unfolding.open)) for _ in unfolding.levels(body)]
    lines += [("putting in the definition", one) for one in levels]
    last = unfolding.taken_over(body, unfolding.open)
    affine = distributed(unfolding.workshop, last)
    if affine is not last:
        lines.append(("multiplying out", unfolding.shown(affine)))
    picked = unfolding.labelled(affine)
    if picked is not affine:
        lines.append(("only the term of the label remains", unfolding.shown(picked)))
    derivation = chained(asked, lines)
    inner = [replace(step, trivial=0 < place < len(levels)) for place, step in enumerate(derivation.steps)]
    derivation = replace(derivation, steps=tuple(inner))
    code = givens.numpy(unfolding.workshop).code(picked)
    return Solution(asked, (derivation,), derivation.answer, code, _forward(givens, asked), goal.notation)


def _forward(givens: Givens, asked: Expression) -> Forward:
    declared = givens.goal.notation.declared(str(asked.data))
    dims = tuple(size for size in declared.dims if size != 1) if declared is not None else ()
    return givens.forward(str(asked.data), (), dims)


class Unfolding:
    """Puts definitions into a node, in a workshop where they have no names."""

    def __init__(self, givens: Givens) -> None:
        self.givens = givens
        self.workshop = Workshop(givens.goal.symmetric, givens.workshop.effort)
        self.showing = Showing(self.workshop, Entries(self.workshop), givens.goal.notation, givens.letters)
        self.showing.spoken, self.showing.numerator = givens.showing.spoken, givens.showing.numerator
        self.showing.sums, self.showing.with_ones = givens.showing.sums, givens.showing.with_ones
        self.showing.by_entries = givens.showing.by_entries
        self.open: set[str] = set()

    def shown(self, node: Node) -> Expression:
        """The node as written."""
        self.givens.letters.keep(())
        self.givens.fix_labels()
        try:
            return self.showing.whole(node)
        except Unwritable as unwritable:
            raise Stuck(str(unwritable), "there is no matrix notation for this") from None

    def levels(self, body: Node) -> Iterable[tuple[str, ...]]:
        """The defined names that stand in a node, then those in their definitions, as long as there are any."""
        while True:
            names = self.taken_over(body, self.open).names & set(self.givens.definitions) - self.givens.goal.only
            if not names:
                return
            self.open |= names
            yield tuple(sorted(names))

    def taken_over(self, node: Node, names: Iterable[str]) -> Node:
        """The node in this workshop, with the definitions of some names put in."""
        return self._taken(node, frozenset(names), {})

    def labelled(self, node: Node) -> Node:
        """The node with a one-hot y as the unit vector at its label, where the answer may not name y."""
        goal, workshop = self.givens.goal, self.workshop
        units: dict[Node, Node] = {}
        for name in goal.hot if goal.only else ():
            column = workshop.symbol(name, self.givens.symbol(name).dims)
            if name in node.names - goal.only and column.is_column:
                units[column] = workshop.make("unit", (), self.givens.label_of(name), column.dims)
        return self._taken(node, frozenset(), units) if units else node

    def _taken(self, node: Node, names: frozenset[str], known: dict[Node, Node]) -> Node:
        found = known.get(node)
        if found is None:
            if node.op == "symbol" and node.data in names:
                found = self._taken(self.givens.definitions[node.data], names, known)
            elif not node.args:
                found = self.workshop.make(node.op, (), node.data, node.dims)
            else:
                found = self.workshop.remake(node, [self._taken(arg, names, known) for arg in node.args])
            known[node] = found
        return found


def unfolded(givens: Givens, node: Node, allowed: frozenset[str]) -> tuple[Unfolding, Node]:
    """The node with every definition put in that the answer may not use by its name."""
    unfolding = Unfolding(givens)
    names = frozenset(name for name in givens.definitions if name not in allowed)
    return unfolding, unfolding.taken_over(node, names)


def distributed(workshop: Workshop, node: Node) -> Node:
    """A (B + C) = A B + A C, and the same for sums of such; the node itself where there is nothing to multiply out."""
    if node.op == "add":
        return workshop.add(distributed(workshop, arg) for arg in node.args)
    if node.op == "mul" and not node.args[-1].is_scalar:
        scale = [workshop.number(node.data), *node.args[:-1]]
        return workshop.scale_by(*scale, distributed(workshop, node.args[-1])) if node.args[-1].op == "chain" else node
    place = next((k for k, arg in enumerate(node.args) if arg.op == "add"), None)
    if node.op != "chain" or place is None:
        return node
    terms = [workshop.chain([*node.args[:place], term, *node.args[place + 1 :]]) for term in node.args[place].args]
    return workshop.add(distributed(workshop, term) for term in terms)
