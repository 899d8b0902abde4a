r"""Terms: what an expression denotes, in index notation.

Every term is a scalar that may depend on axes: a K x M matrix is a term with two axes, the product of matrices is a
total over an axis, a gradient is a term with the axes of what it is taken by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from truestep.derivations.language.shapes import Size

INVERSES = ("inverse", "inverse root")  # entries of A^-1 and A^(-1/2)
PROJECTORS = ("projector", "resolvent")  # of A symmetric: v v^T and (s I - A)^+ of its largest value s, which is simple
WITH_ENTRIES = (*INVERSES, *PROJECTORS)
OF_MATRICES = (*WITH_ENTRIES, "determinant", "trace of root", "largest root")

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Axis(NamedTuple):
    """One index with its range; two axes with the same number are the same index."""

    number: int
    size: Size
    low: int | str = 1  # or the negative of a size: -m


class Pair(NamedTuple):
    """The index of a Kronecker product: one for each factor."""

    first: Index
    second: Index


Index = Axis | int | Pair


class Reach(NamedTuple):
    """A number at an index of a quantity, which needs so many entries, or beside an index or a size.

    Where ``least`` is a size, it is the rank that a product needs to have an inverse: X^T X over m >= n.
    """

    size: Size
    least: Size
    needed: bool


class Term:
    """A node of the term graph; made by an arena only, compared by identity."""

    __slots__ = (
        *("args", "axes", "data", "degree", "depth", "is_plain", "is_range", "kinks", "number", "op", "partial"),
        *("reach", "unusual", "_named"),
    )

    degree: int
    kinks: frozenset[str]
    reach: frozenset[Reach]
    depth: tuple[int, int]
    partial: bool
    unusual: bool
    is_plain: bool  # whether it has none of these but a degree

    def __init__(self, number: int, op: str, data: Any, args: tuple[Term, ...], axes: tuple[Axis, ...]) -> None:
        self.number, self.op, self.data, self.args, self.axes = number, op, data, args, axes
        self.is_range = op in ("below", "delta")  # says of indices alone whether they are within a range
        self._named: frozenset[str] | None = None

    @property
    def named(self) -> frozenset[str]:
        """The names of the quantities that occur in it."""
        found = self._named
        if found is None:
            found = frozenset([node.data[0] for node in walk_terms((self,)) if node.op == "quantity"])
            self._named = found
        return found


@dataclass
class Definition:
    """A quantity defined by a term over its own axes."""

    axes: tuple[Axis, ...]
    body: Term


@dataclass
class Recurring:
    """A quantity one step before: along its first axis what a term is there, after what stands at the first step."""

    axes: tuple[Axis, ...]
    body: Term
    first: Term


class Told(NamedTuple):
    """The derivative of a quantity by another one, taken as told: a term over the axes of both."""

    by: str
    above: tuple[Axis, ...]
    below: tuple[Axis, ...]
    body: Term


LARGE = 9_999
HIGH = 60


def weigh(term: Term) -> None:
    """Degree, and whether large numbers or high degrees are inside: then a second look is due."""
    op, args = term.op, term.args
    if not args:
        term.degree = int(op == "quantity")
        if op in ("constant", "decimal"):
            value = term.data if op == "constant" else term.data[0]
            term.unusual = abs(value.numerator) > LARGE or value.denominator > LARGE
        return
    if op == "multiply":
        term.degree = sum([arg.degree for arg in args])
    elif op == "power":
        term.degree = args[0].degree * abs(term.data)
    elif len(args) == 1:
        term.degree = args[0].degree
    else:
        term.degree = max([arg.degree for arg in args])
    term.unusual = term.unusual or term.degree > HIGH


def united(terms: Sequence[Term]) -> tuple[Axis, ...]:
    """The axes of some terms, in order."""
    axes: tuple[Axis, ...] = ()
    for term in terms:
        own = term.axes
        if own and own is not axes and own != axes:
            if axes:
                return tuple(sorted({axis for one in terms for axis in one.axes}))
            axes = own
    return axes


def walk_terms(terms: Iterable[Term], definitions: Mapping[str, Definition] | None = None) -> list[Term]:
    """All terms below some terms, each once; through the ``definitions`` that are given."""
    out: list[Term] = []
    todo, done = list(terms), set()
    while todo:
        node = todo.pop()
        if node.number in done:
            continue
        done.add(node.number)
        out.append(node)
        if node.args:
            todo += node.args
        elif definitions and node.op == "quantity" and node.data[0] in definitions:
            todo.append(definitions[node.data[0]].body)
    return out


class Constraint(NamedTuple):
    """What is assumed of values: a term over its axes that is zero, or what is drawn under the name ``slack``.

    Holds for values of ``unknown`` at ``below``: its axes, and 1 where an entry alone is moved.
    """

    text: str
    relation: str
    gap: Term
    slack: str
    unknown: str
    below: tuple[Index, ...]


class System(NamedTuple):
    """Constraints that are met together, and the derivatives of each gap by each unknown."""

    constraints: tuple[Constraint, ...]
    slopes: tuple[tuple[Term, ...], ...]
