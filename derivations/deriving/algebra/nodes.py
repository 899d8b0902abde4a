r"""Nodes: folded matrix expressions with a shape; the smart constructors keep them in a small normal form.

Equal nodes of one workshop are one object.  A vector is a column of dims (n, 1), a scalar has dims (1, 1).

==============  =======================================================  ==========================
op              arguments                                                data
==============  =======================================================  ==========================
``symbol``                                                               declared name
``number``                                                               Fraction
``size``                                                                 name of a size
``constant``                                                             ``\pi``
``ones``        all entries 1                                            dims
``eye``         the identity                                             size
``unit``        1 at one place, 0 elsewhere                              the place
``lower``       1 at and below the diagonal                              size
``partial``     an upstream gradient that stays folded                   (of, by)
``add``         terms; a scalar beside an array is added to each entry
``mul``         scalar factors, then at most one array                   coefficient
``chain``       a matrix product                                         dims
``entrywise``   a Hadamard product
``power``       each entry raised                                        exponent
``transpose``   base
``inverse``     base
``det``         base; also ``trace``
``root``        base, which is symmetric                                 1/2 or -1/2
``norm``        base: Euclidean or Frobenius
``function``    each entry's value                                       (name, primes)
``softmax``     base                                                     ``all`` or ``rows``
``jacobian``    s: entries s_k (delta_kl - s_l)
``diag``        vector
``diagonal``    matrix
``cases``       values, then what is compared with 0                     relations of each
``product``     all entries multiplied
``differential``  what varies: d of it
``maximum``     the largest entry
==============  =======================================================  ==========================
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.shapes import SCALAR

if TYPE_CHECKING:
    from truestep.derivations.language.shapes import Dims

ONE = Fraction(1)
Scalars = dict["Node", Fraction]


class Node:
    """One folded expression; made by a workshop only, compared by identity."""

    __slots__ = ("args", "data", "dims", "names", "number", "op", "weight")

    def __init__(self, number: int, op: str, args: tuple[Node, ...], data: Any, dims: Dims) -> None:
        self.number, self.op, self.args, self.data, self.dims = number, op, args, data, dims
        self.names: frozenset[str] = frozenset((data,)) if op == "symbol" else frozenset()
        self.weight = 1 if op != "mul" or data in (1, -1) else 2
        for arg in args:
            self.names |= arg.names
            self.weight += arg.weight

    @property
    def is_scalar(self) -> bool:
        """Whether there is one entry only."""
        return self.dims == SCALAR

    @property
    def is_column(self) -> bool:
        """Whether it is a column of more than one entry."""
        return self.dims[1] == 1 and self.dims[0] != 1

    def __repr__(self) -> str:
        return f"{self.op}:{self.data}{list(self.args)}"


def outermost(node: Node, op: str) -> list[Node]:
    """The nodes of an operation in a node, each once, as they are met; none that stands in another of them."""
    found: dict[Node, None] = {}
    todo = [node]
    while todo:
        one = todo.pop()
        if one.op == op:
            found[one] = None
        else:
            todo += reversed(one.args)
    return list(found)


def multiplied(one: Fraction, other: Fraction) -> Fraction:
    """The product of two coefficients, one of which mostly is 1."""
    return other if one is ONE else one if other is ONE else one * other
