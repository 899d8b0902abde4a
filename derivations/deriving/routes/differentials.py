r"""Differentials: dJ by the product rule on whole matrices, brought to the form tr(G^T dX) that shows the gradient.

Magnus and Neudecker, *Matrix Differential Calculus with Applications in Statistics and Econometrics* (3rd ed., 2019),
chapter 9: the first identification theorem.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.nodes import outermost
from truestep.derivations.deriving.displays.entries_shown import Unwritable
from truestep.derivations.deriving.displays.phrasing import differential_of
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.quantities import unfolded
from truestep.derivations.deriving.routes.differential_rules import BY_OP, Differentials
from truestep.derivations.deriving.routes.linear_forms import gradient_of, inner_product
from truestep.derivations.deriving.routes.signals import Substitution
from truestep.derivations.deriving.rule_names import COLLECTING
from truestep.derivations.deriving.steps import Derivation, Solution, Stuck
from truestep.derivations.deriving.variables import asked_variables, bare
from truestep.derivations.language.expression import Expression, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal

MOST_ROWS = 12
MANY, MOST_TOGETHER = 2, 3
Line = tuple[str, Expression]


def by_differentials(goals: Sequence[Goal]) -> tuple[Solution, ...]:
    """The solutions of goals that ask for gradients of a scalar; raises Stuck.

    Several gradients of one scalar are read off one total differential, where no other name stands between.
    """
    if MANY <= len(goals) <= MOST_TOGETHER:
        with suppress(Stuck):
            return Together(goals).solutions()
    return tuple(ByDifferentials(goal).solution() for goal in goals)


class Displays:
    """Differentials in those of some quantities: a display for each quantity with a name."""

    def __init__(self, goal: Goal, givens: Givens, reaching: frozenset[str], names: Sequence[str]) -> None:
        self.goal, self.givens, self.workshop = goal, givens, givens.workshop
        self.d = Differentials(self.workshop, reaching)
        self.varying = frozenset(self.d_of(givens.symbol(name)) for name in names)
        self.start: Node | None = None
        self.rows: list[Derivation] = []
        self.known: dict[Node, Node] = {}

    def d_of(self, node: Node) -> Node:
        """d of a node, as it stands."""
        return self.workshop.make("differential", (node,), None, node.dims)

    def differential(self, node: Node) -> tuple[Node, list[Line]]:
        """d of a quantity as a linear form in dX, with the lines to it; what has a name has its own display."""
        body = self.givens.definitions.get(node.data, node) if node.op == "symbol" else node
        if node.op == "symbol" and node.data in self.goal.dependencies:
            form, lines = self._upstream(node)
        else:
            form, lines = self._begun(node, body)
        while (title := self._titles(form)) and len(lines) < MOST_ROWS:
            titles = [title]
            form = self._once(form, {})
            while self._mixes(form):
                titles.append(self._titles(form))
                form = self._once(form, {})
            lines.append((", ".join(dict.fromkeys(", ".join(titles).split(", "))), self.shown(form)))
        names = [one for one in outermost(form, "differential") if one not in self.varying]
        for one in names:
            self._lemma(one)
        if names:
            form = Substitution(self.workshop, {one: self.known[one] for one in names}).made(form)
            lines.append(("putting in the differentials", self.shown(form)))
        return form, lines or [("definition", self.shown(form))]

    def _begun(self, node: Node, body: Node) -> tuple[Node, list[Line]]:
        """d of a body, with a row for it where a loss begins with it."""
        form = self.d.of(body)
        whole = self.workshop.make("differential", (body,), None, body.dims)
        if node is not self.start or body.op in ("function", "softmax"):
            return form, []
        if self.d.constant or form is whole:
            self.d.constant.clear()
            return whole, [("definition", self.shown(whole))]
        return form, [("the trace is linear" if body.op == "trace" else "definition", self.shown(form))]

    def _mixes(self, form: Node) -> bool:
        """Whether a d stands before what also holds quantities that are fixed by now."""
        composite = [one.args[0] for one in outermost(form, "differential") if one.args[0].op != "symbol"]
        return bool(self.d.constant) and any(not one.names <= self.d.reaching for one in composite)

    def _upstream(self, node: Node) -> tuple[Node, list[Line]]:
        """dJ = tr((dJ/dZ)^T dZ) for a J of which nothing more is known."""
        workshop = self.workshop
        parents = [one for one in self.givens.dependencies()[node.data] if not self.d.reaching.isdisjoint(one.names)]
        if not node.is_scalar or len(parents) != 1:
            raise Stuck(node.data, "its differential needs a definition, or one quantity that it depends on")
        (parent,) = parents
        upstream = workshop.make("partial", (), (node.data, parent.data), parent.dims)
        d_parent = workshop.make("differential", (parent,), None, parent.dims)
        form = inner_product(workshop, upstream, d_parent)
        return form, [("chain rule", self.shown(form))]

    def _lemma(self, differential: Node) -> None:
        """The differential of a named quantity, once."""
        if differential in self.known:
            return
        (named,) = differential.args
        form, lines = self.differential(named)
        self.known[differential] = form
        self.rows.append(chained(differential_of(symbol(named.data)), lines))

    def _titles(self, node: Node) -> str:
        """The rules that take apart what stands under a d."""
        found = [one.args[0] for one in outermost(node, "differential") if one.args[0].op != "symbol"]
        missing = next((one for one in found if one.op not in BY_OP), None)
        if missing is not None:
            raise Stuck(missing.op, "there is no rule for its differential; the route delta derives it entry by entry")
        return ", ".join(dict.fromkeys(BY_OP[one.op].title(self.workshop, one) for one in found))

    def _once(self, node: Node, done: dict[Node, Node]) -> Node:
        """Every rule applied once."""
        found = done.get(node)
        if found is None:
            if node.op == "differential":
                inner = node.args[0]
                found = node if inner.op == "symbol" else BY_OP[inner.op].apply(self.d, inner)
            else:
                args = [self._once(arg, done) for arg in node.args]
                changed = any(new is not old for new, old in zip(args, node.args, strict=True))
                found = self.workshop.remake(node, args) if changed else node
            done[node] = found
        return found

    def normalised(self, node: Node) -> Node:
        """With sums that are one, of what the statement says so and of a softmax: 1^T y = 1, Y 1 = 1."""
        workshop = self.workshop
        known: dict[Node, Node] = {}
        softmaxes = {name: body for name, body in self.givens.definitions.items() if body.op == "softmax"}
        slots = {**self.goal.simplex, **{name: int(not body.is_column) for name, body in softmaxes.items()}}
        for name in slots.keys() & node.names:
            whole = self.givens.symbol(name)
            if whole.dims[1] == 1 and not slots[name]:
                known[workshop.total(whole)] = workshop.one
            elif 1 not in whole.dims and slots[name]:
                known[workshop.chain([whole, workshop.ones((whole.dims[1], 1))])] = workshop.ones((whole.dims[0], 1))
        return Substitution(workshop, known).made(node) if known else node

    def shown(self, node: Node) -> Expression:
        self.givens.letters.keep(())
        try:
            return self.givens.showing.whole(node)
        except Unwritable as unwritable:
            raise Stuck(str(unwritable), "there is no matrix notation for it") from None


class ByDifferentials(Displays):
    """The gradient of one scalar by one quantity."""

    def __init__(self, goal: Goal) -> None:
        self.top, self.by = asked_variables(goal)
        givens = Givens(goal, self.top.name)
        super().__init__(goal, givens, givens.reaching(self.by.name), (self.by.name,))
        self.variable = givens.symbol(self.by.name)
        self.dx = self.d_of(self.variable)

    def solution(self) -> Solution:
        """dJ, then the gradient that it shows."""
        written, form, lines = self._whole()
        lines += self._identified(form)
        self.rows.append(chained(differential_of(written), lines))
        return self._read_off(form)

    def _whole(self) -> tuple[Expression, Node, list[Line]]:
        """What is derived as it is written, and its differential with the lines to it."""
        top = self.givens.symbol(self.top.name) if self.top.name else self.givens.lifting.node(self.top.body_or_stuck())
        written = symbol(self.top.name) if self.top.name else self.top.body_or_stuck()
        if self.d.reaching.isdisjoint(top.names):
            raise Stuck(self.by.name, "what is derived does not depend on it")
        self.start = top
        return written, *self.differential(top)

    def _read_off(self, form: Node) -> Solution:
        """The gradient that a differential shows."""
        gradient = self.gradient = collected(self.workshop, self.normalised(gradient_of(self.workshop, form, self.dx)))
        asked = bare(self.goal.asked)
        answer = [("identifying the gradient", self.shown(self._laid_out(gradient)))]
        forbidden = gradient.names & set(self.givens.definitions) - self.goal.only
        if self.goal.only and forbidden:
            unfolding, node = unfolded(self.givens, gradient, self.goal.only)
            turned = unfolding.workshop.transpose(node) if self.goal.numerator else node
            answer.append(("putting in the definitions", unfolding.showing.whole(turned)))
        self.rows.append(chained(asked, answer))
        dims = tuple(size for size in self.by.dims if size != 1)
        forward = self.givens.forward(self.top.name or "value", (self.by.name,), dims)
        code = self.givens.numpy().code(gradient)
        return Solution(asked, tuple(self.rows), answer[-1][1], code, forward, self.goal.notation)

    def _identified(self, form: Node) -> list[Line]:
        """tr(G^T dX): first term by term, then with what they have in common taken out."""
        workshop = self.workshop
        terms = form.args if form.op == "add" else (form,)
        gradients = [gradient_of(workshop, term, self.dx) for term in terms]
        normal = list(map(self.normalised, gradients))
        apart, shorter = (
            workshop.add(inner_product(workshop, one, self.dx) for one in some) for some in (gradients, normal)
        )
        whole = inner_product(workshop, collected(workshop, workshop.add(normal)), self.dx)
        rule = "cyclic permutation under the trace" if 1 not in self.variable.dims else "transpose of a scalar"
        lines = [(rule, apart), *([("normalisation", shorter)] if normal != gradients else []), (COLLECTING, whole)]
        return [(rule, self.shown(node)) for rule, node in lines]

    def _laid_out(self, gradient: Node) -> Node:
        return self.workshop.transpose(gradient) if self.goal.numerator else gradient


class Together(ByDifferentials):
    """The gradients of one scalar by several quantities."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        super().__init__(goals[0])
        self.goals = goals
        self.asked = [asked_variables(goal) for goal in goals]
        names = [by.name for _, by in self.asked]
        if any(top != self.top for top, _ in self.asked) or len(set(names)) < len(names):
            raise Stuck("what is asked", "there is no one differential that shows it")
        reaching = [self.givens.reaching(name) for name in names]
        if any(name in other for name, own in zip(names, reaching, strict=True) for other in reaching if own != other):
            raise Stuck("what is asked", "one of the quantities depends on another one")
        self.d = Differentials(self.workshop, frozenset[str]().union(*reaching))
        self.each = [self.d_of(self.givens.symbol(name)) for name in names]
        self.varying = frozenset(self.each)

    def solutions(self) -> tuple[Solution, ...]:
        """The total differential once, then each gradient."""
        written, form, lines = self._whole()
        if self.rows:
            raise Stuck("what is asked", "names stand between")
        gradients = [self.normalised(gradient_of(self.workshop, form, dx)) for dx in self.each]
        for makes in (lambda node: node, lambda node: collected(self.workshop, node)):
            parts = (inner_product(self.workshop, makes(one), dx) for one, dx in zip(gradients, self.each, strict=True))
            lines.append((COLLECTING, self.shown(self.workshop.add(parts))))
        self.rows.append(chained(differential_of(written), lines))
        out: list[Solution] = []
        for goal, (_, by), dx in zip(self.goals, self.asked, self.each, strict=True):
            self.goal, self.by, self.dx = goal, by, dx
            out.append(self._read_off(form))
            self.rows = []
        return tuple(out)
