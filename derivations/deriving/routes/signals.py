r"""Error signals: the derivative of the loss by each quantity on the way, derived once and used by its name.

Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors* (1986); Goodfellow, Bengio and
Courville, *Deep Learning* (2016), section 6.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from truestep.derivations.deriving.routes.graph import INNER
from truestep.derivations.language.expression import Expression, symbol

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.deriving.goal import Goal

LETTERS = (r"\delta", "g", r"\gamma", "e")
PLAIN = ("symbol", "number", "size", "partial", "constant", "ones", "zeros")


@dataclass
class Signals:
    """What is known of each error signal: how it is used (a name, or a value too short for one), and what it is."""

    goal: Goal
    loss: str
    workshop: Workshop
    used: dict[str, Node] = field(default_factory=dict)
    full: dict[Node, Node] = field(default_factory=dict)

    def known(self, name: str) -> Node | None:
        """The signal of a quantity, 1 for the loss itself; None where it is not derived yet."""
        return self.keep(name, self.workshop.one, False) if name == self.loss else self.used.get(name)

    def named(self, name: str, node: Node) -> Node:
        """The name of a signal as a node with the shape of the quantity: in numerator layout that of its transpose."""
        rows, columns = node.dims
        if self.goal.numerator:
            return self.workshop.transpose(self.workshop.symbol(self.spelled(name), (columns, rows)))
        return self.workshop.symbol(self.spelled(name), (rows, columns))

    def spelled(self, name: str) -> str:
        r"""\delta_z for z; where the statement has a name for it that one; a tilde where it is what enters z."""
        known = self.goal.signals.get((self.loss, name))
        if known is not None:
            return known
        letter = self.letter()
        if name.startswith(INNER):
            return rf"\tilde{{{letter}}}_{{{name.removeprefix(INNER)}}}"
        below = rf"\text{{{name}}}" if name.isalpha() and len(name) > 1 else name  # \delta_{yx} is a Kronecker delta
        return f"{letter}_{{{below}}}"

    def letter(self) -> str:
        """The first letter that means nothing else."""
        return next((one for one in LETTERS if self._is_free(one)), r"\zeta")

    def _is_free(self, letter: str) -> bool:
        notation = self.goal.notation
        return letter not in {*notation.bases, *notation.sizes, *notation.indices, *self.goal.reserved}

    def keep(self, name: str, value: Node, is_named: bool) -> Node:
        """Remembers a signal; what is shorter than a name stands for itself."""
        node = self.named(name, value) if is_named and value.op not in PLAIN else value
        self.used[name] = node
        if node is not value:
            bare = node.args[0] if node.op == "transpose" else node
            whole = self.whole(value)
            self.full[bare] = self.workshop.transpose(whole) if node.op == "transpose" else whole
        return node

    def whole(self, node: Node) -> Node:
        """The node with every signal put in."""
        return substituted(self.workshop, node, self.full)

    def written(self, name: str) -> Expression:
        """The name as written."""
        return symbol(self.spelled(name))


def substituted(workshop: Workshop, node: Node, known: dict[Node, Node]) -> Node:
    """The node with others in place of some of its parts."""
    if not any(one in node.names for one in (str(key.data) for key in known)):
        return node
    return Substitution(workshop, known).made(node)


class Substitution:
    """Puts nodes in place of others."""

    def __init__(self, workshop: Workshop, known: dict[Node, Node]) -> None:
        self.workshop, self.known = workshop, dict(known)

    def made(self, node: Node) -> Node:
        """The node with the others put in."""
        found = self.known.get(node)
        if found is None:
            args = [self.made(arg) for arg in node.args]
            changed = any(new is not old for new, old in zip(args, node.args, strict=True))
            found = self.known[node] = self.workshop.remake(node, args) if changed else node
        return found


def is_one(node: Node) -> bool:
    """Whether it is the number one."""
    return bool(node.op == "number" and node.data == Fraction(1))
