r"""The error signals at one step of a recurrence: partial derivatives, and a name for each where the steps go on.

What the step before passes on enters a step at some quantities, as ``a_t = W x_t + U h_{t-1}``, or within a function,
as the gates of an LSTM: there the signals have names, ``\delta_t`` or ``\delta_{f,t}``, by which all else is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.routes.graph import INNER, Graph
from truestep.derivations.deriving.routes.signals import PLAIN, Signals, Substitution
from truestep.derivations.deriving.routes.steps_of_time import Stepped, signal_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.routes.steps_of_time import Steps


class StepGraph(Graph):
    """The graph at one step: what all steps share is used here, what they pass on here and at the next one."""

    def __init__(self, givens: Givens, steps: Steps, loss: str, asked: Iterable[str]) -> None:
        self.steps = steps
        super().__init__(givens, loss, asked)

    def is_apart(self, name: str, inner: Node) -> bool:
        """What enters a function is a node of its own where something that is passed on stands in it."""
        return self.steps.is_entered(name, inner.names) or not inner.names.isdisjoint(self.steps.carried())

    def uses(self, name: str) -> tuple[str, ...]:
        """The quantities in whose bodies a name stands; those of the next step where it is a quantity at a step."""
        found = super().uses(name)
        is_at_step = name.removeprefix(INNER) in self.steps.known
        return found if is_at_step else tuple(one for one in found if not self.steps.is_later(one))

    def entries(self, partials: frozenset[str]) -> list[str]:
        """Where the step before enters this one, and the same at the next step; not what has a name as a partial."""
        carried = self.steps.carried()
        found = list[str]()
        for name, body in self.bodies.items():
            bare = name.removeprefix(INNER)
            is_free = name.startswith(INNER) or (INNER + name not in self.bodies and bare not in {*carried, *partials})
            if bare in self.steps.known and is_free and self.steps.is_entered(bare, body.names):
                found.append(name)
        return [one for one in found if self.steps.now(one) in found]


class StepSignals(Signals):
    """Each signal at its step: a name where it enters, else the partial derivative."""

    def __init__(self, goal: Goal, loss: str, workshop: Workshop, graph: StepGraph, partials: frozenset[str]) -> None:
        super().__init__(goal, loss, workshop)
        self.steps, self.graph = graph.steps, graph
        self.entries = graph.entries(partials)
        self.kept = {*self.steps.carried(), *partials}

    def spelled(self, name: str) -> str:
        r"""``\delta_t``; ``\delta_{f,t}`` where there are several."""
        step = self.steps.known[name.removeprefix(INNER)]
        letter = self.letter()
        is_alone = len({one for one in self.entries if not self.steps.is_later(one)}) < 2
        pattern = f"{letter}_{{%s}}" if is_alone else f"{letter}_{{{self.steps.base(step.node)},%s}}"
        written = signal_at(pattern, self.steps.text(step.offset))
        self.steps.known.setdefault(written, Stepped(step.node, step.offset, step.dims, pattern))
        return written

    def is_named(self, name: str) -> bool:
        """Whether a signal has a name of its own."""
        return name in self.entries

    def named(self, name: str, node: Node) -> Node:
        """The name of a signal, or the partial derivative by a quantity."""
        if self.is_named(name):
            return super().named(name, node)
        return self.workshop.make("partial", (), (self.loss, name), node.dims)

    def keep(self, name: str, value: Node, is_named: bool) -> Node:
        """Remembers a signal; what only leads to a function stands for itself, what is no recursion can be put in."""
        leads = self.leads(name) or (name.startswith(INNER) and not self.is_named(name))
        is_named = is_named and not leads and (self.is_named(name) or value.op not in PLAIN)
        node = self.named(name, value) if is_named else value
        self.used[name] = node
        if node is not value and not self._has_signal(value):
            self.full[node] = value
        return node

    def leads(self, name: str) -> bool:
        """Whether a quantity stands only between what has a name and the function that it is."""
        return INNER + name in self.entries and name not in self.kept

    def _has_signal(self, node: Node) -> bool:
        is_named = node.op == "symbol" and str(node.data) in self.steps.known and bool(self.steps.known[node.data].name)
        return is_named or node.op == "partial" or any(map(self._has_signal, node.args))

    def whole(self, node: Node) -> Node:
        """The node with every signal put in that is no recursion."""
        return Substitution(self.workshop, self.full).made(node)
