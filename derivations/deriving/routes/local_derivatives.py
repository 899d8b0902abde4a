"""The derivative of a loss by one quantity, in terms of the error signals of what makes use of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Monomial, Polynomial
from truestep.derivations.deriving.algebra.tidying import Tidying
from truestep.derivations.deriving.differentiating import Course
from truestep.derivations.deriving.routes.graph import INNER
from truestep.derivations.deriving.routes.signals import substituted
from truestep.derivations.deriving.rule_names import CHAIN
from truestep.derivations.deriving.rules import Bench, Target
from truestep.derivations.deriving.rules.rule import summed
from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.deriving.variables import Placed, Variable, entry_of, place_all
from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.routes.graph import Graph
    from truestep.derivations.deriving.routes.signals import Signals
    from truestep.derivations.deriving.written import Written


@dataclass(frozen=True, slots=True)
class Found:
    """A derivative of the loss: its entry, the whole where there is notation for it, and the ways that were added."""

    placed: Placed
    result: Polynomial
    form: list[Node] | None
    course: Course | None = None
    ways: tuple[tuple[str, Node], ...] = ()


class LocalDerivatives:
    """``need`` derives the signal of a quantity where it is not known yet."""

    def __init__(self, graph: Graph, signals: Signals, written: Written, need: Callable[[str], Node]) -> None:
        self.graph, self.signals, self.written, self.need = graph, signals, written, need
        self.givens = written.givens
        self.workshop = self.givens.workshop

    def dims(self, name: str) -> tuple[str | int, ...]:
        """The shape of a quantity."""
        body = self.graph.bodies.get(name)
        return body.dims if body is not None else self.givens.symbol(name).dims

    def oriented(self, node: Node, dims: tuple[str | int, ...]) -> Node:
        """The derivative with the shape of what it is taken by."""
        return self.workshop.transpose(node) if dims[0] == 1 and dims[1] != 1 else node

    def placed(self, variable: Variable) -> Placed:
        """The entry by which the loss is derived; its letters stay."""
        self.givens.letters.keep(())
        self.givens.fix_labels()
        _, placed = place_all(self.givens, [Variable(self.graph.loss, SCALAR), variable])
        self.written.fixed = list(self.givens.letters.names)
        return placed

    def found(self, variable: Variable) -> Found:
        """The derivative of the loss by a quantity, in terms of the signals of what makes use of it."""
        name = variable.name
        short = self._short_cut(variable)
        if short is not None:
            return short
        users = self.graph.uses(name)
        for user in users:
            self.need(user)
        placed = self.placed(variable)
        if self.graph.meets(name) or (len(users) > 1 and any(user.startswith(INNER) for user in users)):
            return self._meeting(placed, users)
        found = self._with_form(placed, self._course(placed, [self._start(user) for user in users], {name, *users}))
        if len(users) > 1 and found.form is not None:
            apart = self._meeting(placed, users)
            return replace(found, form=apart.form, ways=apart.ways)
        return found

    def _with_form(self, placed: Placed, course: Course) -> Found:
        return Found(placed, course.result, self.written.matrix_form(course.result, placed.axes), course)

    def _short_cut(self, variable: Variable) -> Found | None:
        """The derivative straight from the loss, where what stands between cancels, as a softmax and its logarithm."""
        name, chain = variable.name, self.graph.chain(variable.name)
        if len(chain) < 2:
            return None
        through = self._through(variable, chain)
        placed = self.placed(variable)
        straight = self._with_form(placed, self._course(placed, [self._start(self.graph.loss)], {name, *chain}))
        return straight if straight.form and (not through or straight.form[-1].weight < through.weight) else None

    def _through(self, variable: Variable, chain: Sequence[str]) -> Node | None:
        """The derivative with that by the first quantity on the way put in as it is."""
        user = chain[0]
        by = self.placed(Variable(user, self.dims(user)))
        outer = self.written.matrix_form(self._course(by, [self._start(self.graph.loss)], set(chain)).result, by.axes)
        if outer is None:
            return None
        name = self.workshop.symbol(self.signals.spelled(user), by.variable.dims)
        placed = self.placed(variable)
        course = self._course(placed, [self._start(user, name)], {variable.name, user})
        form = self.written.matrix_form(course.result, placed.axes)
        value = self.oriented(outer[-1], by.variable.dims)
        return None if form is None else substituted(self.workshop, form[-1], {name: value})

    def _node(self, name: str) -> Node:
        """A quantity by its name; what enters a function has none, and stands for itself."""
        body = self.graph.bodies.get(name)
        return body if body is not None and name.startswith(INNER) else self.workshop.symbol(name, self.dims(name))

    def _start(self, user: str, signal: Node | None = None) -> Polynomial:
        """The signal of a user times its entries, which are to be differentiated."""
        if user == self.graph.loss:
            return [Monomial(pending=(self._node(user), 1, 1))]
        return self._weighted(signal or self.signals.used[user], self._node(user))

    def _weighted(self, signal: Node, node: Node) -> Polynomial:
        entries = self.givens.entries
        row, column = (1 if size == 1 else entries.axis(size) for size in node.dims)
        factor = entries.entry(signal, row, column)
        return summed([entries.times(factor, Monomial(pending=(node, row, column)))], row, column)

    def _course(self, placed: Placed, starts: Sequence[Polynomial], reaching: set[str]) -> Course:
        givens = self.givens
        start = [one for each in starts for one in each]
        bodies = {name: body for name, body in self.graph.bodies.items() if name in reaching}
        target = Target(placed.variable.name, placed.row, placed.column)
        known, around = givens.dependencies(), givens.around()
        bench = Bench(self.workshop, givens.entries, target, bodies, known, frozenset(reaching), around=around)
        if not placed.variable.name.startswith(INNER):
            givens.showing.target = entry_of(givens, placed)
        course = Course(bench, Tidying(givens.entries, givens.definitions, self.givens.goal.simplex))
        if any(one.bound for one in start):
            course.note(start, CHAIN)
        course.run(start)
        return course

    def _meeting(self, placed: Placed, users: Sequence[str]) -> Found:
        """Each way by itself, everything else held fixed; then their sum."""
        name = placed.variable.name
        ways: list[tuple[str, Node]] = []
        total: Polynomial = []
        for user in users:
            body = self.graph.bodies.get(user)
            if body is None:
                course = self._course(placed, [self._start(user)], {name, user})
            elif user == self.graph.loss:
                course = self._course(placed, [[Monomial(pending=(body, 1, 1))]], {name})
            else:
                course = self._course(placed, [self._weighted(self.signals.used[user], body)], {name})
            form = self.written.matrix_form(course.result, placed.axes)
            if form is None:
                raise Stuck(name, f"no matrix notation says the way through {user}")
            if form[-1].op != "zeros" and form[-1] is not self.workshop.zero:
                ways.append((user, form[-1]))
            total += course.result
        return Found(placed, total, [self.workshop.add(node for _, node in ways)], None, tuple(ways))
