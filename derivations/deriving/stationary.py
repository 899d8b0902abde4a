"""Where a gradient is zero: it is set to zero, and solved for the unknown, which is put into what is asked.

Boyd and Vandenberghe, *Convex Optimization* (2004), section 4.2.3; Bishop, *Pattern Recognition and Machine Learning*
(2006), section 3.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.solving import expanded, solving
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.quantities import Unfolding
from truestep.derivations.deriving.steps import Derivation, Solution, Step, Stuck
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.deriving.goal import Goal

ZERO, ZERO_TURNED = "setting the gradient to zero", "setting the gradient to zero, transposing"
OWN = "x"  # what an expression without a name is called in code


@dataclass(frozen=True)
class Root:
    """An unknown, what it is where its gradient is zero, and the derivations that lead there."""

    name: str
    value: Node
    equation: Expression
    derivations: tuple[Derivation, ...]
    givens: Givens
    workshop: Workshop


def gradient_that_is_zero(goal: Goal) -> Expression | None:
    """The gradient by what is asked that the statement assumes to be zero."""
    asked = bare(goal.asked)
    return next((one for one in goal.stationary if _unknown(one) == asked), None)


def _unknown(gradient: Expression) -> Expression | None:
    """What a gradient is taken by."""
    return gradient.args[1] if gradient.head == "derivative" and len(gradient.args) == 2 else None


def solved_for(goal: Goal, gradient: Expression) -> Solution:
    """The unknown at which a gradient is zero; raises Stuck where the equation is not solved here."""
    asked = bare(goal.asked)
    root = _root(goal, gradient, asked)
    dims = tuple(size for size in root.givens.symbol(root.name).dims if size != 1)
    forward = root.givens.forward(root.name, (), dims)
    code = root.givens.numpy(root.workshop).code(root.value)
    return Solution(asked, root.derivations, root.derivations[-1].answer, code, forward, goal.notation, is_root=True)


def _root(goal: Goal, gradient: Expression, asked: Expression) -> Root:
    found = differentiated(replace(goal, asked=gradient, only=frozenset()))
    givens = Givens(goal)
    unfolding = Unfolding(givens)
    workshop = unfolding.workshop
    if asked.head != "symbol":
        raise Stuck("what is asked", "the gradient is solved for a quantity that has a name")
    varying = givens.reaching(str(asked.data)) & set(givens.definitions)
    value = unfolding.taken_over(givens.lifting.node(found.answer), varying)
    unknown = unfolding.taken_over(givens.symbol(str(asked.data)), ())
    is_row = goal.numerator and not unknown.is_scalar
    value = workshop.transpose(value) if is_row else value
    rows = solving(workshop, value, unknown, ZERO_TURNED if is_row else ZERO, asked.data in goal.positive)
    derivations = list(found.derivations)
    derivations += [chained(unfolding.shown(row.left), [(row.rule, unfolding.shown(row.right))]) for row in rows]
    first = derivations[len(found.derivations)]
    equation = Expression("relation", (first.goal, first.answer), "=")
    return Root(str(asked.data), rows[-1].right, equation, tuple(derivations), givens, workshop)


def at_stationary(goal: Goal) -> Solution | None:
    """What is asked of the point at which gradients are zero; None where it does not depend on that."""
    asked, givens = bare(goal.asked), Givens(goal)
    unknowns = {str(by.data): one for one in goal.stationary if (by := _unknown(one)) and by.head == "symbol"}
    reaching = {name: givens.reaching(name) for name in unknowns}
    body = givens.definitions.get(str(asked.data)) if asked.head == "symbol" else givens.lifting.node(asked)
    needed = [name for name in unknowns if body is not None and not reaching[name].isdisjoint(body.names)]
    if body is None or not needed:
        return None
    roots = [_root(goal, unknowns[name], unknowns[name].args[1]) for name in needed]
    point = _Point(givens, frozenset[str]().union(*(reaching[name] for name in needed)), roots)
    own = roots[0] if len(roots) == 1 and bare(unknowns[needed[0]].args[0]) == asked else None
    return point.solution(asked, body, own)


class _Point:
    """Puts the solutions into what is asked."""

    def __init__(self, givens: Givens, varying: frozenset[str], roots: list[Root]) -> None:
        self.givens, self.roots = givens, roots
        self.unfolding = Unfolding(givens)
        self.workshop = self.unfolding.workshop
        self.open = varying & set(givens.definitions) - {root.name for root in roots}
        self.values = {root.name: self.unfolding.taken_over(root.value, ()) for root in roots}

    def solution(self, asked: Expression, body: Node, own: Root | None) -> Solution:
        node = self.unfolding.taken_over(body, self.open)
        steps: list[tuple[str, Node, Root | None]] = [("definition", node, None)] if asked.head == "symbol" else []
        halved = None if own is None else self._halved(node, own)
        if halved is not None:
            whole = expanded(self.workshop, node, frozenset((own.name,)) if own else node.names)
            steps += [("multiplying out", whole, None), ("putting in the equation", halved, own)]
        before = halved or node
        put = before
        for _ in self.roots:
            put = put_in(self.workshop, put, self.values)
        last = collected(self.workshop, simplified(self.workshop, put))
        steps += [("putting in the solution", put, None), ("simplifying", last, None)]
        goal, lines = asked, list[Step]()
        for rule, made, because in steps:
            after = self.unfolding.shown(made)
            if after != goal:
                lines.append(Step(goal, rule, after, because=None if because is None else because.equation))
                goal = after
        derivation = Derivation(asked, tuple(lines))
        known = [one for root in self.roots for one in root.derivations]
        code = self.givens.numpy(self.workshop).code(last)
        name = str(asked.data) if asked.head == "symbol" else OWN
        forward = self.givens.forward(name, (), tuple(size for size in last.dims if size != 1))
        return Solution(asked, (*known, derivation), derivation.answer, code, forward, self.givens.goal.notation)

    def _halved(self, node: Node, own: Root) -> Node | None:
        """f - w^T g / 2 of an f of degree two: what is constant and half of what is linear, where the gradient g is 0.

        Boyd and Vandenberghe, appendix A.5.4.
        """
        if not node.is_scalar:
            return None
        whole = expanded(self.workshop, node, frozenset((own.name,)))
        kept: list[Node] = []
        for term in whole.args if whole.op == "add" else (whole,):
            degree = _degree(self.workshop, term, own.name)
            if degree is None or degree > 2:
                return None
            share = (Fraction(1), Fraction(1, 2), Fraction(0))[degree]
            kept.append(self.workshop.scale(share, term))
        return self.workshop.add(kept)


def _degree(workshop: Workshop, term: Node, name: str) -> int | None:
    """How often a name is a factor of a term; None where it stands within something else."""
    _, scalars, core = workshop.parts(term)
    total = 0
    for base, exponent in [*scalars.items(), *([(core, Fraction(1))] if core is not None else [])]:
        if name not in base.names:
            continue
        factors = base.args if base.op == "chain" else (base,)
        inner = [one.args[0] if one.op == "transpose" else one for one in factors if name in one.names]
        if any(one.op != "symbol" for one in inner) or exponent.denominator != 1 or exponent < 0:
            return None
        total += len(inner) * int(exponent)
    return total


def put_in(workshop: Workshop, node: Node, values: Mapping[str, Node]) -> Node:
    """A node with values for names."""
    if node.op == "symbol":
        return values.get(node.data, node)
    if node.names.isdisjoint(values):
        return node
    return workshop.remake(node, [put_in(workshop, arg, values) for arg in node.args])


def simplified(workshop: Workshop, node: Node) -> Node:
    """log u^p = p log u, log e^u = u and e^{log u} = u, and no fraction in a fraction, wherever they stand."""
    if not node.args:
        return node
    made = workshop.remake(node, [simplified(workshop, arg) for arg in node.args])
    if made.op == "mul" or (made.op == "power" and made.is_scalar):
        return _one_fraction(workshop, made)
    if made.op != "function" or made.data not in (("log", 0), ("exp", 0)):
        return made
    (name, _), inner = made.data, made.args[0]
    if name == "log" and made.is_scalar and inner.op == "power":
        return workshop.scale(inner.data, workshop.function("log", inner.args[0]))
    is_inverse = inner.op == "function" and {inner.data, made.data} == {("log", 0), ("exp", 0)}
    return inner.args[0] if is_inverse else made


def _one_fraction(workshop: Workshop, node: Node) -> Node:
    """1 / ((1 - a / b) b) = 1 / (b - a)."""
    coefficient, scalars, core = workshop.parts(node)
    for base, exponent in list(scalars.items()):
        if base.op != "add" or abs(exponent) != 1:
            continue
        below: dict[Node, Fraction] = {}
        for term in base.args:
            for inner, power in workshop.parts(term)[1].items():
                if power < below.get(inner, 0):
                    below[inner] = power
        if not below:
            continue
        factor = workshop.assemble(Fraction(1), {inner: -power for inner, power in below.items()}, None)
        whole = workshop.add(workshop.scale_by(factor, term) for term in base.args)
        rest = {one: power for one, power in scalars.items() if one is not base}
        raised = workshop.power(whole, exponent), workshop.power(factor, -exponent)
        made = workshop.scale_by(workshop.assemble(coefficient, rest, core), *raised)
        return made if made.weight < node.weight else node
    return node
