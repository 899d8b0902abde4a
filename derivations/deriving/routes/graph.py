"""The graph of the givens between a loss and what it is derived by: who makes use of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.steps import Stuck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.deriving.goal import Goal

INNER = "~"  # before the name of a function's value: what enters the function


def between(goal: Goal, loss: str, name: str) -> frozenset[str]:
    """The quantities between a loss and what it is derived by, as the statement defines them."""
    uses: dict[str, set[str]] = {one.name: {str(node.data) for node in one.body.walk()} for one in goal.equations}
    uses |= {one: set(parents) for one, parents in goal.dependencies.items()}

    def above(start: str) -> set[str]:
        found, todo = set[str](), [start]
        while todo:
            new = {user for user, used in uses.items() if todo[-1] in used} - found
            todo.pop()
            found |= new
            todo += new
        return found

    return frozenset(one for one in above(name) if loss in above(one))


class Graph:
    r"""The quantities on the ways from ``asked`` to ``loss``, each with its body.

    Where several of them enter a function together, as in ``z = \sigma(W x + U h)``, what enters it is a node too.
    """

    def __init__(self, givens: Givens, loss: str, asked: Iterable[str]) -> None:
        self.givens, self.loss, self.asked = givens, loss, frozenset(asked)
        known = (*givens.definitions, *givens.goal.dependencies)
        leading = {name for name in known if loss in givens.reaching(name)} | {loss}
        reached = frozenset[str]().union(*(givens.reaching(name) for name in self.asked))
        self.between = (leading & reached) | self.asked
        self.bodies: dict[str, Node] = {}
        for name, body in givens.definitions.items():
            if name in self.between:
                self._put(name, body)
        for name in self.asked:
            if loss not in givens.reaching(name):
                raise Stuck(name, f"{loss} does not depend on it")

    def _put(self, name: str, body: Node) -> None:
        """A definition; what enters its function apart where several ways lead through it."""
        workshop = self.givens.workshop
        if body.op in ("function", "softmax") and body.args[0].op != "symbol":
            inner = body.args[0]
            if self.is_apart(name, inner):
                self.bodies[INNER + name] = inner
                symbol = workshop.symbol(INNER + name, inner.dims)
                body = workshop.remake(body, [symbol])
                value = workshop.named[body] = workshop.symbol(name, body.dims)
                is_clipped = body.op == "function" and body.data == ("relu", 0)  # relu(u) > 0 where u > 0
                self.givens.showing.inner[INNER + name] = value if is_clipped else inner
        self.bodies[name] = body

    def is_apart(self, name: str, inner: Node) -> bool:
        """Whether what enters the function of a quantity is a node of its own."""
        del name
        return len(inner.names & self.between) > 1

    def uses(self, name: str) -> tuple[str, ...]:
        """The quantities in whose bodies a name stands, those that are computed last first."""
        parents = self.givens.goal.dependencies
        found = [user for user, body in self.bodies.items() if name in body.names]
        found += [user for user in parents if name in parents[user] and user in self.between]
        return tuple(reversed(found))

    def parents(self, name: str) -> frozenset[str]:
        """The quantities between that stand in a body."""
        body = self.bodies.get(name)
        names = body.names if body is not None else frozenset(self.givens.goal.dependencies.get(name, ()))
        return frozenset(one for one in names if one in self.between or one in self.bodies)

    def reached(self, name: str) -> frozenset[str]:
        """What depends on a name, itself included."""
        found, todo = {name}, [name]
        while todo:
            new = set(self.uses(todo.pop())) - found
            found |= new
            todo += new
        return frozenset(found)

    def meets(self, name: str) -> bool:
        """Whether one use of a quantity depends on it in another way too, as y = x + f(x) through f(x)."""
        reached = self.reached(name) - {name}
        return any(not reached.isdisjoint(self.parents(user)) for user in self.uses(name))

    def chain(self, name: str) -> tuple[str, ...]:
        """The quantities up to the loss where each is used once, for the one before it alone, and is not asked."""
        out: list[str] = []
        while name != self.loss:
            users = self.uses(name)
            if len(users) != 1 or (out and (len(self.parents(name)) > 1 or name in self.asked)):
                return ()
            (name,) = users
            out.append(name)
        return tuple(out) if self.loss in self.bodies else ()
