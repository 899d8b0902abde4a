"""What a rule is: a name, its source, an example, and what it makes of one entry that is to be differentiated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from truestep.derivations.deriving.algebra.monomials import Entries, Monomial
from truestep.derivations.deriving.algebra.tidying import picked

if TYPE_CHECKING:
    from collections.abc import Callable

    from truestep.derivations.deriving.algebra.monomials import Place, Polynomial
    from truestep.derivations.deriving.algebra.nodes import Node
    from truestep.derivations.deriving.algebra.workshop import Workshop
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Axis


class Example(NamedTuple):
    """A problem that a rule solves: symbols, givens, what is derived by, and what is derived."""

    symbols: Mapping[str, str]
    given: tuple[str, ...]
    by: str
    of: str = "f"
    assume: tuple[str, ...] = ()

    @property
    def find(self) -> str:
        """What is asked.

        >>> Example({}, (), "x").find
        '\\\\frac{\\\\partial f}{\\\\partial x}'
        """
        return rf"\frac{{\partial {self.of}}}{{\partial {self.by}}}"


@dataclass(frozen=True, slots=True)
class Target:
    """What is differentiated by: a named quantity at a place."""

    name: str
    row: Place
    column: Place


@dataclass(frozen=True)
class Bench:
    """What a rule works with: the workshop, what is differentiated by, and what the givens say.

    ``around`` tells what is held fixed in the derivative of an unspecified quantity by one that leads to it in another
    way, too.
    """

    workshop: Workshop
    entries: Entries
    target: Target
    definitions: Mapping[str, Node]
    dependencies: Mapping[str, tuple[Node, ...]]
    reaching: frozenset[str] = field(default_factory=frozenset)
    partials: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    around: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def value(self, node: Node) -> Node:
        """The name that the givens have for a node, or the node."""
        return self.workshop.named.get(node, node)

    def depends(self, node: Node) -> bool:
        """Whether a node depends on what is differentiated by."""
        return not self.reaching.isdisjoint(node.names)

    def pending(self, node: Node, i: Place, j: Place) -> Polynomial:
        """An entry that is still to be differentiated; nothing where it is constant."""
        if not self.depends(node):
            return []
        found = picked(node)
        if found is not None:  # e_c^T v is v_c
            node, i, j = found[0], found[1], 1
        return [Monomial(pending=(node, 1 if node.dims[0] == 1 else i, 1 if node.dims[1] == 1 else j))]

    def entry(self, node: Node, i: Place, j: Place, exponent: int = 1) -> Polynomial:
        """An entry as a polynomial."""
        return [self.entries.entry(node, i, j, Fraction(exponent))]

    def axis(self, size: Size) -> Place:
        """A fresh bound index, or 1 at a place of size 1."""
        return 1 if size == 1 else self.entries.axis(size)


@dataclass(frozen=True, slots=True)
class Rule:
    """One textbook rule.

    ``apply`` gives the derivative of the entry (node, i, j) as a polynomial in which smaller entries are pending.
    """

    name: str
    source: str
    ops: tuple[str, ...]
    apply: Callable[[Bench, Node, Place, Place], Polynomial]
    example: Example
    trivial: bool = False


def summed(polynomial: Polynomial, *axes: Place | Axis) -> Polynomial:
    """The polynomial summed over the axes among some places."""
    bound = tuple(axis for axis in axes if not isinstance(axis, int))
    if not bound:
        return polynomial
    return [Monomial(m.coefficient, m.entries, m.deltas, (*m.bound, *bound), m.pending) for m in polynomial]
