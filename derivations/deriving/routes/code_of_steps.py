r"""Answers about a recurrence as code without loops: the arrays of all steps, and the same arrays one step on.

``h_{t-1}`` is ``np.vstack((h_0, h_t[:-1]))``; behind the last step a signal is 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from truestep.derivations.deriving.algebra.monomials import Entries
from truestep.derivations.deriving.algebra.workshop import Workshop
from truestep.derivations.deriving.lifting import lifting_for
from truestep.derivations.deriving.steps import Forward, Stuck
from truestep.derivations.language.expression import Expression, grouped, symbol
from truestep.derivations.language.notation import Family, Name
from truestep.derivations.language.shapes import SCALAR, Declared
from truestep.derivations.numpy.code import NumPy, python_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.deriving.routes.steps_of_time import Stepped, Steps
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Dims

ALL, FIRST = "at all steps", "at the first step"


@dataclass
class StepCode:
    """Writes answers of one loss as code; ``signals`` are what the names of error signals stand for at step t."""

    goal: Goal
    steps: Steps
    loss: str
    signals: Mapping[str, Expression]
    arrays: dict[str, tuple[str, Dims, bool]] = field(
        default_factory=dict
    )  # code, shape at a step, whether of one alone

    def code(self, answer: Expression, at: str = ALL) -> str:
        """The code of an answer: of a sum over the steps, of what is so at each step, of what the first passes on."""
        steps = self.steps
        body = self._in_arrays(answer, at)
        workshop = Workshop(self.goal.symmetric)
        lifting = lifting_for(Entries(workshop), replace(self.goal, notation=self._notation()))
        is_whole = at == FIRST or any(child.head == "sum" and steps.letter in child.data for child in body.walk())
        node = lifting.node(body) if is_whole else lifting.definition(body, {steps.letter: steps.size})
        return NumPy(workshop, spelled={name: code for name, (code, *_) in self.arrays.items()}).code(node)

    def forward(self, code: str, by: str, dims: Dims) -> Forward:
        """The arrays that some code takes."""
        notation = self.goal.notation
        declared = [(one.full, one.declared.dims) for one in notation.names.values()]
        families = notation.families.values()
        declared += [(one.name, (one.index.dims[0], *one.member.dims)) for one in families]
        named = {*re.findall(r"[A-Za-z_]\w*", code)}
        inputs = {python_name(name): shape for name, shape in declared if python_name(name) in named}
        return Forward(tuple(inputs.items()), (), python_name(self.loss), (python_name(by),), dims)

    def _in_arrays(self, node: Expression, at: str) -> Expression:
        """An expression of what stands for the quantities at a step, and for the partial derivatives by them."""
        if node.head == "underbrace":
            return self._in_arrays(node.args[0], at)
        is_partial = node.head == "derivative" and len(node.args) == 2 and node.args[0] == symbol(self.loss)
        inner = node.args[1] if is_partial else node
        signal = self.signals.get(str(inner.data)) if inner.head == "symbol" else None
        if signal is not None:
            return grouped(self._in_arrays(signal, at))
        one, is_last = self._at_a_step(inner)
        if one is None:
            return node.of(tuple(self._in_arrays(child, at) for child in node.args))
        array = f"{self._whole(one, is_partial)}[-1]" if is_last else self._array(one, is_partial, at)
        name = f"{array} {inner.data}"
        is_one = is_last or at == FIRST
        self.arrays[name] = array, one.dims, is_one
        if is_one:
            return symbol(name)
        index = Expression("index", (), self.steps.letter)
        if one.dims == SCALAR:
            return Expression("entry", (symbol(name), index))
        return Expression("member", (index,), (name, "_"))

    def _at_a_step(self, node: Expression) -> tuple[Stepped | None, bool]:
        """The quantity at a step that a name stands for, and whether it is that of the last step."""
        if node.head != "symbol":
            return None, False
        known = self.steps.known
        last = (
            one
            for one in known.values()
            if not one.name and self.steps.label(one.node, str(self.steps.size)) == node.data
        )
        found = known.get(str(node.data))
        return (found, False) if found is not None else (next(last, None), True)

    def _array(self, one: Stepped, is_partial: bool, at: str) -> str:
        """The code of the array of a quantity at all steps, each so many steps from t."""
        signals = ((key, self.steps.known[key]) for key in self.signals)
        signal = next((key for key, known in signals if (known.name, known.offset) == (one.name, 0)), "")
        whole = self.code(self.signals[signal]) if one.name and signal else self._whole(one, is_partial)
        whole = whole if whole.isidentifier() else f"({whole})"
        if one.offset == 0:
            return whole
        if one.offset == 1 and at == FIRST:
            return f"{whole}[0]"
        first, is_number = self.steps.first(one), one.dims == SCALAR
        stacked = "np.hstack" if is_number else "np.vstack"
        if one.offset == 1 and (is_partial or one.name):
            size = next((size for size in one.dims if size != 1), 1)
            return f"{stacked}(({whole}[1:], np.zeros({python_name(size) if isinstance(size, str) else size})))"
        if one.offset == -1 and first is not None:
            return f"{stacked}(({python_name(str(first.data))}, {whole}[:-1]))"
        raise Stuck(whole, "what is beyond the steps has no code")

    def _whole(self, one: Stepped, is_partial: bool) -> str:
        """The name in code of a quantity at all steps, or of the derivatives by it."""
        node = one.node
        full = self.goal.notation.families[node.data].name if node.head == "member" else str(node.args[0].data)
        return f"d{python_name(self.loss)}_d{python_name(full)}" if is_partial else python_name(full)

    def _notation(self) -> Notation:
        """The notation in which the arrays are families and vectors."""
        notation, size = self.goal.notation, self.steps.size
        names, families = dict(notation.names), dict(notation.families)
        for name, (_, dims, is_one) in self.arrays.items():
            if dims == SCALAR or is_one:
                whole = dims if is_one else (size, 1)
                names[name, None, None] = Name(name, name, None, None, Declared("array", whole))
            else:
                families[name, "_"] = Family(name, name, "_", Declared("index", (size,)), Declared("array", dims))
        return replace(notation, names=names, families=families)
