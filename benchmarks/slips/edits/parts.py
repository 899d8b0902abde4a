"""What the edits are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from truestep.derivations.language.expression import Expression, negative, number

Changed = Iterable[tuple[Expression, str]]

ONE, TWO = number(1), number(2)


def quotient(above: Expression, below: Expression) -> Expression:
    """A fraction."""
    return Expression("quotient", (above, below), "frac")


def transposed(node: Expression) -> Expression:
    """The transpose; of a transpose what it is the transpose of."""
    return node.args[0] if node.head == "transpose" else Expression("transpose", (node,))


def toggled(term: Expression) -> Expression:
    """The term with the other sign."""
    return term.args[0] if term.head == "negative" else negative(term)


def is_number(node: Expression, value: int) -> bool:
    """Whether a node is this number."""
    return node.head == "number" and node.data[0] == value


def one_minus(node: Expression) -> Expression | None:
    """The ``a`` of ``1 - a``."""
    if node.head == "add" and len(node.args) == 2 and is_number(node.args[0], 1) and node.args[1].head == "negative":
        return node.args[1].args[0]
    return None


def name_in(node: Expression) -> str | None:
    """The name of a symbol, or of what an entry is of."""
    while node.head == "entry":
        node = node.args[0]
    return str(node.data) if node.head == "symbol" else None


def with_symbol(node: Expression, old: str, new: str) -> Expression:
    """The node with one name for another."""

    def change(one: Expression) -> Expression:
        return replace(one, data=new) if one.head == "symbol" and one.data == old else one

    return node.map(change)
