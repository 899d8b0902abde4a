"""What is made of derivatives, such as one step of gradient descent: each is derived, then put in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.gradients import differentiated
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.variables import asked_variables, bare
from truestep.derivations.language.expression import Expression, free_indices, grouped, symbol
from truestep.derivations.language.notation import Name
from truestep.derivations.language.shapes import Declared
from truestep.derivations.numpy.code import python_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Derivation

DERIVATIVES = ("derivative", "gradient")


def made_of_derivatives(goal: Goal) -> Expression | None:
    """What is asked as an expression in which derivatives stand; None where it is none, or one itself."""
    asked = bare(goal.asked)
    own = [one.body for one in goal.equations if asked.head == "symbol" and one.name == asked.data]
    body = own[0] if own else asked
    is_more = bool(own) or bare(body).head not in DERIVATIVES
    return body if is_more and body.has(*DERIVATIVES) else None


def with_gradients(goal: Goal) -> tuple[Goal, list[Derivation]]:
    """The goal with derivatives carried out that are givens and are made use of, and their derivations."""
    rows: list[Derivation] = []
    names, asked = _needed(goal), bare(goal.asked)
    made = [one for one in goal.equations if one.body.has(*DERIVATIVES) and asked != symbol(one.name)]
    equations = [one for one in goal.equations if one not in made or one.name in names]
    for place, one in enumerate(equations):
        if one in made:
            found = updated(replace(goal, asked=symbol(one.name), equations=tuple(equations)), one.body)
            equations[place] = replace(one, body=found.answer)
            rows += found.derivations
    return (replace(goal, equations=tuple(equations)) if made else goal), rows


def _needed(goal: Goal) -> set[str]:
    """The names in what is asked, and in the definitions of those."""
    bodies = {one.name: one.body for one in goal.equations}
    names, todo = set[str](), [goal.asked]
    while todo:
        new = {str(node.data) for node in todo.pop().walk() if node.head == "symbol"} - names
        names |= new
        todo += [bodies[name] for name in sorted(new & bodies.keys())]
    return names


def updated(goal: Goal, body: Expression) -> Solution:
    """The derivatives one after the other, then what is made of them; raises Stuck."""
    plain = [one for one in goal.equations if not one.body.has(*DERIVATIVES)]
    found: dict[Expression, Solution] = {}
    for node in body.walk():
        if node.head in DERIVATIVES and node not in found:
            found[node] = differentiated(replace(goal, asked=node, equations=tuple(plain), only=frozenset(), route=""))
    asked = bare(goal.asked)

    def put(node: Expression) -> Expression:
        if node in found:
            answer = found[node].answer
            return grouped(answer) if answer.head in ("add", "negative", "cases") else answer
        if node.head != "product":
            return node
        factors = [arg.args if arg.head == "product" and set(arg.data) == {""} else (arg,) for arg in node.args]
        signs = [sign for sign, arg in zip(node.data, factors, strict=True) for sign in (sign, *[""] * (len(arg) - 1))]
        return Expression("product", tuple(one for each in factors for one in each), tuple(signs))

    lines = [("definition", body)] if body != asked else []
    lines.append(("putting in the gradient" if len(found) == 1 else "putting in the gradients", body.map(put)))
    rows = [row for one in found.values() for row in one.derivations]
    derivation = chained(asked, lines)
    code, sizes = _code(replace(goal, equations=tuple(plain)), body, found)
    name = str(asked.data) if asked.head == "symbol" else "value"
    forward = Givens(replace(goal, equations=tuple(plain))).forward(name, (), tuple(sizes))
    return Solution(asked, (*rows, derivation), derivation.answer, code, forward, goal.notation)


def _code(goal: Goal, body: Expression, found: dict[Expression, Solution]) -> tuple[str, Sequence[str | int]]:
    """The code of the whole, with names for the derivatives until their own code is put in."""
    names = dict(goal.notation.names)
    spelled: dict[Expression, Expression] = {}
    for place, node in enumerate(found):
        of, by = asked_variables(replace(goal, asked=node))
        if of.dims != (1, 1):
            raise Stuck("what is asked", "only derivatives of a scalar are put into an expression")
        name = f"slope{place}"
        names[name, None, None] = Name(name, name, None, None, Declared("array", by.dims))
        indices = tuple(Expression("index", (), letter) for letter in by.letters)
        spelled[node] = Expression("entry", (symbol(name), *indices)) if indices else symbol(name)
    givens = Givens(replace(goal, notation=replace(goal.notation, names=names)))
    whole, sizes = _node(givens, body.map(lambda child: spelled.get(child, child)))
    code = givens.numpy().code(whole)
    for place, one in enumerate(found.values()):
        code = code.replace(python_name(f"slope{place}"), f"({one.numpy})")
    return code, sizes


def _node(givens: Givens, body: Expression) -> tuple[Node, Sequence[str | int]]:
    """The body as a node; with free letters the array of all its entries."""
    letters = sorted(free_indices(body))
    if not letters:
        node = givens.lifting.node(body)
        givens.fix_labels()
        return node, [size for size in node.dims if size != 1]
    sizes: dict[str, str | int] = {}
    for child in body.walk():
        declared = givens.goal.notation.declared(str(child.args[0].data)) if child.head == "entry" else None
        for index, size in zip(child.args[1:], declared.dims if declared else (), strict=False):
            if index.head == "index" and index.data in letters:
                sizes.setdefault(str(index.data), size)
    node = givens.lifting.definition(body, sizes)
    givens.fix_labels()
    return node, [size for size in node.dims if size != 1]
