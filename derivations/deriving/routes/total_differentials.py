r"""The total differential of a quantity: d of each quantity on the way by itself, then all in d of what is given.

``f = u^2 v, u = x y``: first ``du = y dx + x dy``, then ``df = 2 u v du + u^2 dv``, with du and dv put in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.collecting import collected
from truestep.derivations.deriving.algebra.contracting import NoMatrixForm, matrix_form
from truestep.derivations.deriving.algebra.nodes import outermost
from truestep.derivations.deriving.algebra.tidying import Tidying
from truestep.derivations.deriving.displays.phrasing import differential_of
from truestep.derivations.deriving.displays.proofs import chained
from truestep.derivations.deriving.givens import Givens
from truestep.derivations.deriving.routes.differentials import Displays
from truestep.derivations.deriving.routes.linear_forms import gradient_of, inner_product
from truestep.derivations.deriving.routes.signals import Substitution
from truestep.derivations.deriving.rule_names import COLLECTING
from truestep.derivations.deriving.steps import Solution, Stuck
from truestep.derivations.deriving.variables import bare
from truestep.derivations.language.expression import symbol
from truestep.derivations.numpy.code import python_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.steps import Forward
    from truestep.derivations.language.expression import Expression


def is_differential(goal: Goal) -> bool:
    """Whether a differential is asked."""
    return bare(goal.asked).head == "differential"


def each_once(solutions: Sequence[Solution]) -> list[Solution]:
    """Total differentials without those that were shown for one before."""
    shown: set[Expression] = set()
    out: list[Solution] = []
    for one in solutions:
        *rest, last = one.derivations
        out.append(replace(one, derivations=(*(each for each in rest if each.goal not in shown), last)))
        shown |= {each.goal for each in one.derivations}
    return out


def total_differential(goal: Goal) -> Solution:
    """The solution of a goal that asks for the differential of a defined quantity; raises Stuck."""
    return _Total(goal).solution()


class _Total(Displays):
    def __init__(self, goal: Goal) -> None:
        of = bare(bare(goal.asked).args[0])
        self.name = str(of.data)
        givens = Givens(goal, self.name)
        if of.head != "symbol" or self.name not in givens.definitions:
            raise Stuck("what is asked", "it is the differential of something that the givens do not define")
        if self.name in givens.showing.families or goal.notation.families.keys() & _members(goal):
            raise Stuck("what is asked", "differentials of members of a family are not derived; declare one array")
        self.leaves = _leaves(givens, self.name)
        reaching = frozenset[str]().union(*map(givens.reaching, self.leaves))
        super().__init__(goal, givens, reaching, self.leaves)

    def solution(self) -> Solution:
        """d of what is asked, after those of the quantities on the way."""
        workshop, top = self.workshop, self.givens.symbol(self.name)
        self.start = top
        form, lines = self.differential(top)
        if top.is_scalar:
            each = [self.d_of(self.givens.symbol(name)) for name in self.leaves]
            gradients = [self._shortest(gradient_of(workshop, form, dx)) for dx in each]
            form = workshop.add(inner_product(workshop, one, dx) for one, dx in zip(gradients, each, strict=True))
            lines.append((COLLECTING, self.shown(form)))
        asked = differential_of(symbol(self.name))
        self.rows.append(chained(asked, lines))
        return Solution(asked, tuple(self.rows), lines[-1][1], *self._code(form), self.goal.notation)

    def _shortest(self, node: Node) -> Node:
        """What stands before a differential, collected; multiplied out where that is shorter."""
        entries, workshop = self.givens.entries, self.workshop
        whole = collected(workshop, self.normalised(node))
        free = [entries.axis(size) for size in node.dims if size != 1]
        terms = [entries.entry_at(one, free) for one in (whole.args if whole.op == "add" else (whole,))]
        apart = Tidying(entries, self.givens.definitions, self.goal.simplex).expanded(terms)
        try:
            other = whole if apart is terms else collected(workshop, matrix_form(workshop, apart, free))
        except NoMatrixForm:
            return whole
        return other if other.dims == node.dims and other.weight < whole.weight else whole

    def _code(self, form: Node) -> tuple[str, Forward]:
        """The differential as code, and what comes in: the differentials of what is given, too."""
        symbols = [self.givens.symbol(name) for name in self.leaves]
        named = {one: self.workshop.symbol(f"d{one.data}", one.dims) for one in symbols}
        inner = {self.d_of(one): name for one, name in named.items()}
        code = self.givens.numpy().code(Substitution(self.workshop, inner).made(form))
        sizes = tuple(size for size in self.givens.symbol(self.name).dims if size != 1)
        forward = self.givens.forward(f"d{self.name}", (), sizes)
        more = tuple((python_name(str(name.data)), name.dims) for name in named.values())
        own = (python_name(f"d{self.name}"), code)
        return code, replace(forward, inputs=(*forward.inputs, *more), assignments=(*forward.assignments, own))


def _members(goal: Goal) -> set[tuple[str, str]]:
    return {node.data for one in goal.equations for node in one.body.walk() if node.head == "member"}


def _leaves(givens: Givens, name: str) -> list[str]:
    """What a quantity is made of in the end, in the order in which it is met."""
    found: dict[str, None] = {}
    todo, met = [name], set[str]()
    while todo:
        one = todo.pop()
        if one in met:
            continue
        met.add(one)
        if one not in givens.definitions:
            if one in givens.goal.dependencies:
                raise Stuck(one, "its differential needs a definition")
            found[one] = None
            continue
        todo += reversed([str(name.data) for name in outermost(givens.definitions[one], "symbol")])
    return list(found)
