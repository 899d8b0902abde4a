r"""Backpropagation: one error signal for each quantity from the loss to what is asked, each derived once.

The signal of a quantity is the sum over its uses of their signals times the local derivative; where several ways meet,
they are added.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.monomials import Monomial, Polynomial
from truestep.derivations.deriving.displays.phrasing import sum_of, way
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.quantities import unfolded
from truestep.derivations.deriving.routes.graph import INNER, Graph
from truestep.derivations.deriving.routes.labels import is_long, label, rules_of, sifted_at_once
from truestep.derivations.deriving.routes.local_derivatives import Found, LocalDerivatives
from truestep.derivations.deriving.routes.recognising import recognised
from truestep.derivations.deriving.routes.signals import PLAIN, Signals, is_one
from truestep.derivations.deriving.rule_names import COLLECTING
from truestep.derivations.deriving.rules import form_of
from truestep.derivations.deriving.steps import Derivation, Solution, Stuck
from truestep.derivations.deriving.values_at_point import Numbers
from truestep.derivations.deriving.variables import Variable, asked_variables, bare, entry_of
from truestep.derivations.deriving.written import Written
from truestep.derivations.language.expression import Expression, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal

CLOSED = 40  # and in one that a given name closes
SHORT = 20  # names and operators in an answer into which the signals are put


def backpropagated(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of goals that ask for derivatives of one loss; raises Stuck."""
    return _Backprop(goals).solutions()


class _Backprop:
    def __init__(self, goals: Sequence[Goal]) -> None:
        variables = [asked_variables(goal) for goal in goals]
        self.goals, self.goal = goals, goals[0]
        self.loss = variables[0][0].name
        self.asked = [bottoms[0] for _, *bottoms in variables]
        self.givens = Givens(self.goal, self.loss)
        self.givens.showing.no_delta = True
        self.written = Written(self.givens)
        self.graph = Graph(self.givens, self.loss, [one.name for one in self.asked])
        self.workshop = self.givens.workshop
        self.signals = Signals(self.goal, self.loss, self.workshop)
        inner = self.givens.showing.inner.items()
        self.signals.full |= {self.workshop.symbol(name, node.dims): node for name, node in inner}
        self.local = LocalDerivatives(self.graph, self.signals, self.written, self.signal)
        self.numbers = Numbers(self.givens)
        self.rows: list[Derivation] = []
        self.shown: set[tuple[str, ...]] = set()

    def solutions(self) -> tuple[Solution, ...]:
        """One for each goal; each holds the signals that it is the first to need."""
        return tuple(self._solution(goal, variable) for goal, variable in zip(self.goals, self.asked, strict=True))

    # Error signals.

    def signal(self, name: str) -> Node:
        """The error signal of a quantity, derived where it is not known yet."""
        known = self.signals.known(name)
        if known is not None:
            return known
        if self.loss in self.goal.dependencies and list(self.graph.uses(name)) == [self.loss]:
            return self._upstream(name)
        if name in self.givens.showing.families:
            raise Stuck(name, "one signal for each member of a family is not derived; declare it as one array")
        dims = self.local.dims(name)
        found = self.local.found(Variable(name, dims))
        if found.form is None:
            raise Stuck(name, "no matrix notation says the derivative by it, so no signal can be named")
        form = [self.local.oriented(node, dims) for node in found.form]
        node = self.signals.keep(name, form[-1], True)
        if form[-1].op != "number" or (self.numbers.values and not is_one(form[-1])):
            self._show(name, found, form, node is not form[-1])
        return node

    def _upstream(self, name: str) -> Node:
        """The upstream gradient of a loss of which nothing more is known."""
        value = self.workshop.make("partial", (), (self.loss, name), self.local.dims(name))
        return self.signals.keep(name, value, False)

    def _laid_out(self, node: Node) -> Node:
        """As written in the layout of the problem."""
        return self.workshop.transpose(node) if self.goal.numerator else node

    # Writing.

    def _show(self, name: str, found: Found, form: list[Node], is_named: bool) -> None:
        """The rows of a signal."""
        if name.startswith(INNER):
            self.rows.append(self._inner(name, form))
            return
        goal = self._partial(symbol(name))
        known = (self.loss, name) in self.goal.signals
        entries = self._entries(found, is_long(found.course) and self._is_first(found))
        made = self._with_numbers(self._whole(goal, found, form, bool(entries)), form[-1])
        self._know(name, form[-1])
        self.rows += entries
        self.rows.append(replace(made, name=self.signals.written(name) if is_named and not known else None))

    def _know(self, name: str, node: Node) -> None:
        """Remembers the number that a signal is."""
        value = self.numbers.value(node) if self.numbers.values else None
        if value is not None:
            self.numbers.values[self.signals.spelled(name)] = value

    def _partial(self, by: Expression) -> Expression:
        return Expression("derivative", (symbol(self.loss), by), "Leibniz")

    def _entries(self, found: Found, is_shown: bool) -> list[Derivation]:
        """The single entry, where it is to be shown."""
        is_plain = found.form is not None and found.form[-1].op in PLAIN
        if found.course is None or not found.placed.axes or not is_shown or is_plain:
            return []
        goal = self._partial(entry_of(self.givens, found.placed))
        return [sifted_at_once(self.written.chain(goal, found.course.stages))]

    def _whole(self, goal: Expression, found: Found, form: Sequence[Node], is_shown: bool = False) -> Derivation:
        """What is found as a whole, the ways to it named; ``is_shown``: after its entry."""
        self.givens.letters.keep(())
        if found.course is not None and not found.placed.axes and not found.ways:
            made = sifted_at_once(self.written.chain(goal, found.course.stages))
            lines = [] if self.numbers.values else [(COLLECTING, self.givens.showing.whole(node)) for node in form]
        else:
            made = Derivation(goal, ())
            first = form_of(form[0]) if is_shown and not found.ways else label(found.course, found.ways, form[0])
            lines = [(rule, self._ways(found, node)) for rule, node in zip((first, COLLECTING), form, strict=False)]
        if len(found.ways) > 1 and len(form[-1].args) != len(found.ways):
            lines.append((COLLECTING, self.givens.showing.whole(self._laid_out(form[-1]))))
        steps = chained(made.answer, lines).steps
        quick = [replace(step, trivial=not found.ways) for step in steps[:-1]]
        return replace(made, steps=(*made.steps, *quick, *steps[-1:]))

    def _with_numbers(self, made: Derivation, node: Node) -> Derivation:
        """The numbers put in, where all of them are known."""
        value = self.numbers.value(node) if self.numbers.values else None
        if value is None:
            return made
        shown = [*made.steps[:-1], *(replace(step, trivial=False) for step in made.steps[-1:])]
        more = chained(made.answer, self.numbers.lines(made.answer, value)).steps
        return replace(made, steps=(*shown, *more), is_row=True)

    def _ways(self, found: Found, node: Node) -> Expression:
        """The sum over the ways, each with the quantity it leads through beneath; or the node."""
        showing = self.givens.showing
        if len(found.ways) < 2:
            return showing.whole(self._laid_out(node))
        terms = []
        for user, term in found.ways:
            dims = found.placed.variable.dims
            written = showing.whole(self._laid_out(self.local.oriented(term, dims)))
            terms.append(way(written, symbol(user.removeprefix(INNER))))
        return sum_of(terms)

    def _inner(self, name: str, form: Sequence[Node]) -> Derivation:
        """What enters a function: its slope put before the signal of its value."""
        self.givens.letters.keep(())
        showing, value = self.givens.showing, self._laid_out(form[-1])
        outer = name.removeprefix(INNER)
        body = self.graph.bodies[outer]
        goal = self.signals.written(name)
        if outer in self.signals.used and body.op == "function" and body.data[0] in PRIMED:
            slope = self.workshop.function(body.data[0], self.graph.bodies[name], body.data[1] + 1)
            local = self.workshop.entrywise([self.signals.used[outer], slope])
            first = showing.whole(self._laid_out(local))
            return replace(chained(first, [(f"chain rule ({body.data[0]})", showing.whole(value))]), name=goal)
        return replace(chained(goal, [("what enters the function", showing.whole(value))]), name=goal)

    # What is asked.

    def _solution(self, goal: Goal, variable: Variable) -> Solution:
        self.rows = list(self.numbers.table({self.loss})) if goal.table else []
        asked = bare(goal.asked)
        known = self.signals.used.get(variable.name)
        is_known = known is not None and not variable.letters
        found = self._again(variable, known) if is_known and known is not None else self.local.found(variable)
        if found.form is None or variable.letters:
            return self._as_entry(asked, found)
        return self._as_whole(asked, found)

    def _again(self, variable: Variable, node: Node) -> Found:
        """A signal that was derived on the way to what was asked before."""
        return Found(self.local.placed(variable), [], [self.local.oriented(node, variable.dims)])

    def _as_whole(self, asked: Expression, found: Found) -> Solution:
        """The derivative as a whole, with a name where more is derived from it; the signals put in if short."""
        variable, form = found.placed.variable, found.form
        assert form is not None
        form = [self.local.oriented(node, variable.dims) for node in form]
        if self.numbers.values:
            form = form[-1:]
        goes_on = bool(self.graph.parents(variable.name)) and variable.name not in self.signals.used
        entries = self._entries(found, self._is_new(found))
        made = self._with_numbers(self._whole(asked, found, form, bool(entries)), form[-1])
        self.rows += entries
        if goes_on:
            self._know(variable.name, form[-1])
            node = self.signals.keep(variable.name, form[-1], True)
            is_named = node is not form[-1] and (self.loss, variable.name) not in self.goal.signals
            made = replace(made, name=self.signals.written(variable.name) if is_named else None)
        full = collected(self.workshop, self.signals.whole(form[-1]))
        answer, more = self._put_in(full, form[-1])
        if more and not self.numbers.values:
            made = replace(made, steps=(*made.steps, *chained(made.answer, more).steps))
        self.rows.append(made)
        code = self.givens.numpy().code(self.local.oriented(full, variable.dims))
        sizes = [axis.size for axis in found.placed.axes]
        return self._solved(asked, made.answer if self.numbers.values else answer, code, variable, sizes)

    def _put_in(self, full: Node, form: Node) -> tuple[Expression, list[tuple[str, Expression]]]:
        """The answer without the names of signals, and the lines that say it where it is short."""
        showing = self.givens.showing
        self.givens.letters.keep(())
        answer = showing.whole(self._laid_out(full))
        lines = [("putting in the error signals", answer)] if full is not form else []
        only = self.goal.only
        named, name = recognised(self.givens.workshop, full, self.givens.definitions)
        if name and not only and named.weight <= CLOSED:
            self.givens.letters.keep(())
            answer = showing.whole(self._laid_out(named))
            return answer, [*lines, ("recognising what is given", answer)]
        if only and full.names & set(self.givens.definitions) - only:
            unfolding, node = unfolded(self.givens, full, only)
            turned = unfolding.workshop.transpose(node) if self.goal.numerator else node
            answer = unfolding.showing.whole(turned)
            lines.append(("putting in the definitions", answer))
        return answer, lines if only or full.weight <= SHORT else []

    def _is_first(self, found: Found) -> bool:
        """Whether no derivative by the same rules has been shown by its entries yet."""
        rules = rules_of(found.course)
        is_first = rules not in self.shown
        self.shown.add(rules)
        return is_first

    def _is_new(self, found: Found) -> bool:
        """Whether this kind of derivative has not been shown by its entries yet, or is one that must be."""
        if found.ways:
            return is_long(found.course)
        return self._is_first(found) or is_long(found.course) or found.placed.variable.name in self.givens.wanted

    def _as_entry(self, asked: Expression, found: Found) -> Solution:
        """One entry, with the signals put in where it is short."""
        variable, showing = found.placed.variable, self.givens.showing
        goal = self._partial(entry_of(self.givens, found.placed))
        if found.course is not None:
            made = sifted_at_once(self.written.chain(goal, found.course.stages))
        else:
            made = chained(goal, [(label(None, found.ways), showing.polynomial(found.result))])
        full = [self._full(one) for one in found.result]
        self.givens.letters.keep(self.written.fixed)
        answer = showing.polynomial(full)
        weight = sum(node.weight for one in full for node, _, _ in one.entries)
        if weight <= SHORT or self.goal.only:
            made = replace(
                made, steps=(*made.steps, *chained(made.answer, [("putting in the error signals", answer)]).steps)
            )
        self.rows.append(made)
        vectors = self._as_vectors(found, full)
        if vectors is not None:
            self.rows.append(vectors)
            goal, answer = vectors.goal, vectors.answer
        sizes = [axis.size for axis in found.placed.axes]
        code = self.givens.numpy().einsum(full, found.placed.axes, sizes)
        return self._solved(goal, answer, code, variable, sizes)

    def _as_vectors(self, found: Found, full: Polynomial) -> Derivation | None:
        """The derivative as a sum of vectors with numbers before them, the signals put in where it is short."""
        variable, showing = found.placed.variable, self.givens.showing
        letters = variable.letters
        if not showing.families or (letters.count("") if letters else len(found.placed.axes)) != 1:
            return None
        goal = self._partial(symbol(variable.name))
        if variable.name in showing.families:
            goal = self._partial(showing.at(self.givens.symbol(variable.name), found.placed.row, 1))
        axis = found.placed.axes[-1]
        named, whole = showing.vectors(found.result, axis), showing.vectors(full, axis)
        if named is None or whole is None:
            return None
        lines = [("as vectors", named), ("putting in the error signals", whole)]
        return chained(goal, lines if whole != named else lines[:1])

    def _full(self, one: Monomial) -> Monomial:
        """A product of entries with every signal put in."""
        entries = self.givens.entries
        parts = [entries.entry(self.signals.whole(node), i, j, power) for (node, i, j), power in one.entries.items()]
        rest = replace(one, entries={})
        return entries.times(rest, *parts)

    def _solved(
        self, asked: Expression, answer: Expression, code: str, variable: Variable, sizes: Sequence[str | int]
    ) -> Solution:
        forward = self.givens.forward(self.loss, (variable.name,), tuple(sizes))
        return Solution(asked, tuple(self.rows), answer, code, forward, self.goal.notation)


PRIMED = ("sigmoid", "tanh", "relu", "softplus", "gelu", "silu")
