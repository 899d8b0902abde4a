r"""Back-propagation through time: the recursion of the error signals from the last step to the first, and sums over t.

Werbos, *Backpropagation through time: what it does and how to do it* (1990); Goodfellow, Bengio and Courville, *Deep
Learning* (2016), section 10.2.2.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.displays.phrasing import sum_of, way
from truestep.derivations.deriving.displays.proofs import chained, partial
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.routes.backprop import SHORT
from truestep.derivations.deriving.routes.code_of_steps import ALL, FIRST, StepCode
from truestep.derivations.deriving.routes.graph import INNER
from truestep.derivations.deriving.routes.labels import label
from truestep.derivations.deriving.routes.local_derivatives import LocalDerivatives
from truestep.derivations.deriving.routes.signals import PLAIN
from truestep.derivations.deriving.routes.signals_of_steps import StepGraph, StepSignals
from truestep.derivations.deriving.routes.steps_of_time import steps_of
from truestep.derivations.deriving.rule_names import CHAIN, COLLECTING
from truestep.derivations.deriving.steps import Derivation, Forward, Solution, Stuck
from truestep.derivations.deriving.variables import Variable, bare
from truestep.derivations.deriving.written import Written
from truestep.derivations.language.expression import NONE, Expression, add, number, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.routes.local_derivatives import Found
    from truestep.derivations.deriving.routes.steps_of_time import Steps

LAST = "the last step"


def through_time(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of goals that ask for derivatives of the loss of a recurrence; raises Stuck."""
    steps = steps_of(goals[0])
    assert steps is not None
    asked = [bare(goal.asked) for goal in goals]
    if any(one.head != "derivative" or len(one.args) != 2 or bare(one.args[0]).head != "symbol" for one in asked):
        raise Stuck("what is asked", "of a recurrence, derivatives of its loss are derived")
    if len({bare(one.args[0]).data for one in asked}) > 1:
        raise Stuck("what is asked", "of a recurrence, the derivatives of one loss at a time are derived")
    return _ThroughTime(goals, asked, steps).solutions()


class _ThroughTime:
    def __init__(self, goals: Sequence[Goal], asked: Sequence[Expression], steps: Steps) -> None:
        self.goals, self.asked, self.steps = goals, asked, steps
        self.loss = str(bare(asked[0].args[0]).data)
        self.by = [str(steps.at(bare(one.args[1]), 0).data) for one in asked]
        self.body = next((one.body for one in steps.goal.equations if one.name == self.loss), None)
        if self.body is None and self.loss not in steps.goal.dependencies:
            raise Stuck(self.loss, "it needs a definition: a sum over the steps, or a function of the last one")
        self.at_end = self.body is None or steps.without_sum(self.body) is None
        self.local_goal = steps.local(self.loss, None if self.at_end or self.body is None else steps.summand(self.body))
        self.givens = Givens(self.local_goal, self.loss)
        self.givens.showing.no_delta = True
        self.workshop = self.givens.workshop
        later = [name for name in self.givens.definitions if steps.is_later(name)]
        wanted = dict.fromkeys((*steps.carried(), *map(steps.now, later), *self.by))
        reaching = [name for name in wanted if self.loss in self.givens.reaching(name)]
        self.graph = StepGraph(self.givens, steps, self.loss, reaching)
        partials = frozenset(
            self._at_step_in(node) for one in self.goals for node in one.answers for node in node.walk()
        )
        partials = frozenset((*self.by, *partials))
        self.signals = StepSignals(self.local_goal, self.loss, self.workshop, self.graph, partials)
        self.local = LocalDerivatives(self.graph, self.signals, Written(self.givens), self.signal)
        for name in (*later, *filter(steps.is_later, self.graph.bodies)):
            whole = self.givens.symbol(name.removeprefix(INNER))
            self.signals.used[name] = self.signals.named(name, whole)
        self.rows: list[Derivation] = []
        self.derived: dict[Expression, Derivation] = {}
        self.called: dict[str, Expression] = {}  # what the names of signals stand for
        self.passed_on: Expression | None = None  # what the first step gives to what stands before it, at step t

    def solutions(self) -> tuple[Solution, ...]:
        """One for each goal; each holds the signals that it is the first to need."""
        return tuple(map(self._solution, self.goals, self.asked, self.by))

    def _solution(self, goal: Goal, asked: Expression, name: str) -> Solution:
        self.rows, self.passed_on = [], None
        carried = self.steps.begun_by(name)
        if carried is not None:
            self._before_the_first(asked, carried)
        elif name in self.steps.known:
            self._at_step(name)
        else:
            self._summed(asked, name)
        named = ((row.name, row.answer if row.name == row.goal else row.goal) for row in self.rows)
        self.called |= {str(name.data): stands_for for name, stands_for in named if name is not None}
        self.derived |= {row.goal: row for row in self.rows}
        own = self.derived.get(self._partial(name))
        self.rows = self.rows or [own for own in (own,) if own is not None]  # where another goal has come this way
        answer = (own or self.rows[-1]).answer
        code, forward = self._code(name, answer, own is not None and own.condition is not None)
        return Solution(asked, tuple(self.rows), answer, code, forward, goal.notation)

    def _code(self, name: str, answer: Expression, has_condition: bool) -> tuple[str, Forward]:
        """The code of an answer and the arrays that it takes; none where the last step has an answer of its own."""
        writer = StepCode(self.goals[0], self.steps, self.loss, self.called)
        try:
            code = "" if has_condition else writer.code(self.passed_on or answer, FIRST if self.passed_on else ALL)
        except Stuck:
            code = ""
        return code, writer.forward(code, name, self.local.dims(name))

    def _partial(self, name: str) -> Expression:
        return partial(symbol(self.loss), symbol(name))

    # Error signals.

    def signal(self, name: str) -> Node:
        """The signal of a quantity at step t, derived where it is not known yet."""
        known = self.signals.known(name)
        if known is not None:
            return known
        if name.removeprefix(INNER) not in self.graph.between:
            raise Stuck(name, f"{self.loss} does not depend on it")
        found = self.local.found(Variable(name, self.local.dims(name)))
        if name in self.signals.used:  # on its way to itself through the next step
            return self.signals.used[name]
        value = self._form(found)
        node = self.signals.keep(name, value, True)
        for user in filter(self.signals.is_named, self.graph.uses(name)):
            self.signal(self.steps.now(user))
        is_one = value.op == "number" and value.data == 1  # of a term of the loss
        if (node is not value or value.op in PLAIN) and not (is_one and name not in self.by):
            self._show(name, found)
        return node

    def _at_step_in(self, node: Expression) -> str:
        """The quantity at a step by which the loss is differentiated in what the statement answers; else nothing."""
        is_partial = node.head == "derivative" and len(node.args) == 2 and bare(node.args[0]).data == self.loss
        return str(self.steps.at(bare(node.args[1]), 0).data) if is_partial else ""

    def _form(self, found: Found) -> Node:
        return self.local.oriented(self._plain_form(found), found.placed.variable.dims)

    def _plain_form(self, found: Found) -> Node:
        """The derivative as a column, where it is by a vector."""
        if found.form is None:
            raise Stuck(found.placed.variable.name, "no matrix notation says the derivative by it")
        return found.form[-1]

    def _ways(self, found: Found) -> list[tuple[str, Node]]:
        """Those within the step first, then those through the next one."""
        users = self.graph.uses(found.placed.variable.name)
        ways = list(found.ways) or [(user, self._plain_form(found)) for user in users[:1]]
        return sorted(ways, key=lambda way: self.steps.is_later(way[0]))

    def _show(self, name: str, found: Found) -> None:
        """The recursion, and what is left of it at the last step."""
        if name.startswith(INNER):
            named = self.signals.written(name)
            value = self._form(found)
            rule = label(found.course, (), value)
            self.rows.append(replace(chained(named, [(rule, self._written(value))]), name=named))
            return
        ways, goal = self._ways(found), self._partial(name)
        now = [way for way in ways if not self.steps.is_later(way[0])]
        goes_on = len(now) < len(ways)
        condition = self.steps.before_the_last() if self.at_end and goes_on else None
        if condition is not None:
            self.rows += [self._at_end(name)] if self.body is not None else []
        elif goes_on and now:
            last = self._lines(found, now)[-1][1]
            self.rows.append(chained(self._moved(goal, "T"), [(LAST, self._moved(last, "T"))]))
        known = self.signals.written(name) if self.signals.is_named(name) else None
        self.rows.append(replace(chained(goal, self._lines(found, ways), condition), name=known))

    def _at_step(self, name: str) -> None:
        """The derivative by a quantity at step t, with the signals put in where that is short."""
        found = self.local.found(Variable(name, self.local.dims(name)))
        form = self._plain_form(found)
        self.signal(name)
        full = collected(self.workshop, self.signals.whole(form))
        ways = [self.signals.whole(one) for _, one in self._ways(found)]
        is_sum = full.op == "add" and len(full.args) == len(ways)
        dims = found.placed.variable.dims
        put_in = sum_of([self._written(self.local.oriented(one, dims)) for one in (ways if is_sum else [full])])
        for place, row in enumerate(self.rows):
            if row.goal == self._partial(name) and full is not form and full.weight <= SHORT:
                more = chained(row.answer, [("putting in the error signals", put_in)]).steps
                self.rows[place] = replace(row, steps=(*row.steps, *more))

    def _at_end(self, name: str) -> Derivation:
        """The signal of the last step, of a loss that is a function of it alone."""
        goal = self.steps.local(self.loss, self.body, goes_on=False)
        found = differentiated(replace(goal, asked=self._partial(name)))
        return chained(self._moved(self._partial(name), "T"), [(LAST, self._moved(found.answer, "T"))])

    def _moved(self, node: Expression, last: str) -> Expression:
        return self.steps.moved(node, {0: str(self.steps.size) if last == "T" else last, 1: "1"})

    def _before_the_first(self, asked: Expression, carried: str) -> None:
        """What the first step passes on to what stands before it."""
        self.signal(carried)
        found = self.local.found(Variable(carried, self.local.dims(carried)))
        ways = [way for way in self._ways(found) if self.steps.is_later(way[0])]
        lines = self._lines(found, ways)
        self.passed_on = lines[-1][1]
        self.rows.append(chained(asked, [(rule, self._moved(one, "0")) for rule, one in lines]))

    # Sums over the steps.

    def _summed(self, asked: Expression, name: str) -> None:
        """The derivative by what all steps share."""
        lines: list[tuple[str, Expression]] = []
        if name in self.graph.between:
            found = self.local.found(Variable(name, self.local.dims(name)))
            lines = [(_over_steps(rule), self._total(one)) for rule, one in self._lines(found, self._ways(found))]
            form = self._form(found)
            full = collected(self.workshop, self.signals.whole(form))
            if full is not form and full.weight <= SHORT:
                lines.append(("putting in the error signals", self._total(self._written(full))))
        rest = self._besides(name)
        if rest is not None:
            lines = [(rule, add(one, rest)) for rule, one in lines] or [("not through the steps", rest)]
        if not lines:
            raise Stuck(name, f"{self.loss} does not depend on it")
        self.rows.append(chained(asked, lines))

    def _total(self, body: Expression) -> Expression:
        size = Expression("size", (), self.steps.size)
        return Expression("sum", (body, number(Fraction(1)), size, NONE), (self.steps.letter,))

    def _besides(self, name: str) -> Expression | None:
        """The derivative of what in the loss does not vary with the steps, or is of the last step alone."""
        if self.body is None:
            return None
        rest = self.body if self.at_end else self.steps.others(self.body)
        local = None if rest is None else self.steps.local(self.loss, rest, goes_on=False, holds=True)
        if local is None or self.loss not in Givens(local, self.loss).reaching(name):
            return None
        found = differentiated(replace(local, asked=self._partial(name))).answer
        return self._moved(found, "T")

    # Writing.

    def _lines(self, found: Found, ways: Sequence[tuple[str, Node]]) -> list[tuple[str, Expression]]:
        """The sum over the ways, each with the quantity that it leads through beneath; then collected."""
        nodes = [self.local.oriented(node, found.placed.variable.dims) for _, node in ways]
        written = [self._written(node) for node in nodes]
        if len(ways) == 1:
            return [(label(found.course, (), nodes[0]), written[0])]
        pairs = zip(written, ways, strict=True)
        apart = [way(one, symbol(user.removeprefix(INNER))) for one, (user, _) in pairs]
        lines = [(label(None, tuple(ways)), sum_of(apart))]
        whole = collected(self.workshop, self.workshop.add(nodes))
        return lines if len(whole.args) == len(ways) else [*lines, (COLLECTING, self._written(whole))]

    def _written(self, node: Node) -> Expression:
        self.givens.letters.keep(())
        return self.givens.showing.whole(self.workshop.transpose(node) if self.local_goal.numerator else node)


def _over_steps(rule: str) -> str:
    """What is said of a sum over the steps: each of them makes use of what all share."""
    return "sum over the steps" if rule == CHAIN else f"sum over the steps, {rule}"
