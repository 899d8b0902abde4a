"""Where a gradient is zero: it is set to zero, brought to the form M w = c, and solved for the unknown.

Boyd and Vandenberghe, *Convex Optimization* (2004), section 4.2.3; Bishop, *Pattern Recognition and Machine Learning*
(2006), section 3.1.1.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.variables import bare

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.language.expression import Expression

ZERO, ZERO_TURNED = "setting the gradient to zero", "setting the gradient to zero, transposing"
Affine = tuple["Node", "Node"]  # M and c of M w + c


def gradient_that_is_zero(goal: Goal) -> Expression | None:
    """The gradient by what is asked that the statement assumes to be zero."""
    asked = bare(goal.asked)
    for one in goal.stationary:
        if one.head == "derivative" and len(one.args) == 2 and one.args[1] == asked:
            return one
    return None


def solved_for(goal: Goal, gradient: Expression) -> Solution:
    """The unknown at which a gradient is zero; raises Stuck where that is no linear equation."""
    asked = bare(goal.asked)
    found = differentiated(replace(goal, asked=gradient, only=frozenset()))
    givens = Givens(goal)
    workshop, showing = givens.workshop, givens.showing
    unknown = givens.symbol(str(asked.data))
    if unknown.dims[1] != 1:
        raise Stuck(str(asked.data), "the gradient is solved for a number or a column; this is a matrix or a row")
    value = givens.lifting.node(found.answer)
    is_row = goal.numerator and not unknown.is_scalar
    form = expanded(workshop, workshop.transpose(value) if is_row else value)
    matrix, rest = affine(workshop, form, unknown)
    share = workshop.parts(matrix.args[0] if matrix.op == "add" else matrix)[0]
    matrix = collected(workshop, workshop.scale(1 / share, matrix))
    right = collected(workshop, workshop.scale(-1 / share, rest))
    _, scalars, core = workshop.parts(matrix)
    if core is None or core.op == "eye":
        factor = workshop.scale_by(matrix) if core is None else workshop.assemble(Fraction(1), scalars, None)
        solution = workshop.scale_by(workshop.power(factor, Fraction(-1)), right)
        left, rule = workshop.scale_by(factor, unknown), "dividing"
    else:
        solution = workshop.chain([workshop.inverse(matrix), right])
        left, rule = workshop.chain([matrix, unknown]), "solving, where the matrix is invertible"
    givens.letters.keep(())
    givens.fix_labels()
    equation = chained(showing.whole(left), [(ZERO_TURNED if is_row else ZERO, showing.whole(right))])
    answer = chained(asked, [(rule, showing.whole(solution))])
    dims = tuple(size for size in unknown.dims if size != 1)
    forward = givens.forward(str(asked.data), (), dims)
    code = givens.numpy().code(solution)
    return Solution(asked, (*found.derivations, equation, answer), answer.answer, code, forward, goal.notation)


def expanded(workshop: Workshop, node: Node) -> Node:
    """Products of sums multiplied out."""
    args = [expanded(workshop, arg) for arg in node.args]
    node = workshop.remake(node, args) if node.op in ("add", "mul", "chain", "transpose") else node
    if node.op == "add":
        return node
    place = next((k for k, arg in enumerate(node.args) if arg.op == "add"), None)
    if place is None or node.op not in ("mul", "chain", "transpose"):
        return node
    terms = [[*node.args[:place], term, *node.args[place + 1 :]] for term in node.args[place].args]
    return workshop.add(expanded(workshop, workshop.remake(node, term)) for term in terms)


def affine(workshop: Workshop, form: Node, unknown: Node) -> Affine:
    """M and c with form = M w + c, of a form that is multiplied out."""
    size = unknown.dims[0]
    matrices: list[Node] = []
    rest: list[Node] = []
    for term in form.args if form.op == "add" else (form,):
        if unknown.data not in term.names:
            rest.append(term)
            continue
        number, scalars, core = workshop.parts(term)
        varying = [base for base in scalars if unknown.data in base.names]
        fixed = {base: power for base, power in scalars.items() if base not in varying}
        scale = workshop.assemble(number, fixed, None)
        if not varying and core is not None:
            matrices.append(workshop.scale_by(scale, _before(workshop, core, unknown)))
        elif len(varying) == 1 and scalars[varying[0]] == 1 and (core is None or unknown.data not in core.names):
            row = _before(workshop, varying[0], unknown)
            matrices.append(workshop.scale_by(scale, row if core is None else workshop.chain([core, row])))
        else:
            raise Stuck(str(unknown.data), "the gradient is not linear in it; what is solved here is M w = c")
    if not matrices:
        raise Stuck(str(unknown.data), "the gradient does not depend on it")
    return workshop.add(matrices), workshop.add(rest) if rest else workshop.zeros((size, 1))


def _before(workshop: Workshop, node: Node, unknown: Node) -> Node:
    """L where the node is L w."""
    if node is unknown:
        return workshop.eye(unknown.dims[0])
    if node.op == "chain" and node.args[0] is unknown and node.args[1].dims[0] == 1:  # w times a scalar
        return workshop.scale_by(workshop.chain(node.args[1:]), workshop.eye(unknown.dims[0]))
    if node.op == "chain" and node.is_scalar and node.args[-1] is not unknown:
        node = workshop.make("chain", tuple(workshop.transpose(arg) for arg in reversed(node.args)), None, node.dims)
    if node.op != "chain" or node.args[-1] is not unknown or any(unknown.data in arg.names for arg in node.args[:-1]):
        raise Stuck(str(unknown.data), "the gradient is not linear in it; what is solved here is M w = c")
    return workshop.chain(node.args[:-1])
