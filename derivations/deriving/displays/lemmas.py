"""Which small derivation belongs to a rule that was used: what is proved of a function at the argument that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truestep.derivations.deriving.displays import proofs
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from truestep.derivations.deriving.algebra.monomials import Entry
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.deriving.steps import Derivation

PROVED = {("sigmoid", 0): proofs.sigmoid, ("tanh", 0): proofs.tanh, ("softplus", 0): proofs.softplus}


def is_proved(node: Node) -> bool:
    """Whether there is a small derivation of the derivative of a node by its argument, and the argument has a name."""
    if not node.args or node.args[0].op != "symbol":
        return False
    return node.data in PROVED if node.op == "function" else node.op == "softmax" and node.is_column


def lemma(givens: Givens, entry: Entry, second: Axis | None = None, cases: bool = False) -> tuple[Derivation, ...]:
    """The small derivations for one entry of a function or of a softmax; ``second`` is the index of the logit."""
    node, i, j = entry
    if not is_proved(node):
        return ()
    showing, letters = givens.showing, givens.letters
    letters.keep([*letters.names, *(place for place in (i, j) if isinstance(place, Axis))])
    value, argument = givens.workshop.named.get(node, node), node.args[0]
    if node.op == "function":
        return (PROVED[node.data](showing.at(value, i, j), showing.at(argument, i, j)),)
    size = node.dims[0]
    other = second if second is not None else givens.entries.axis(size)
    bound = givens.entries.axis(size)
    letters.keep([*letters.names, other, bound])
    values = (showing.at(value, i, 1), showing.at(value, other, 1))
    logits = (showing.at(argument, i, 1), showing.at(argument, other, 1), showing.at(argument, bound, 1))
    if cases:
        return proofs.softmax_cases(values, logits, letters.names[bound])
    return (proofs.softmax(values, logits, letters.names[bound]),)
