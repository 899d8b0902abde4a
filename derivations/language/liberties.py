"""Liberties: what people write loosely, one row each; and a reading, which says where they are taken.

Reading is strict first.  Where the reader or the meaning of an expression meets a place that may be taken in another
way, it asks ``takes`` and notes a ``Choice``: the node with alternatives stands at that place.  Choices combine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Liberty(NamedTuple):
    """A code, the slip that is reported where it was needed, with the case of it, and what it cannot stand beside.

    ``in_meaning``: the same expression is given another value, else another expression is read.  ``meant`` is said of
    one that looks like a mistake: it is granted only on evidence in the work; ``is_habit`` one that is a mistake unless
    the whole work is written so.  ``of_shape``: only where the usual reading does not fit in shape, or a row
    before needed it.  ``mends``: a row that cannot be read without; one that is not right with it stays unread.
    """

    code: str
    slip: str = ""
    case: str = ""
    excludes: str = ""
    in_meaning: bool = False
    meant: str = ""
    is_habit: bool = False
    of_shape: bool = False
    mends: bool = False


_SUMMED = "a sum over each index that occurs twice"

# the cheapest first; a liberty without a slip says of itself what it did
LIBERTIES = (
    Liberty("factor"),
    Liberty("value"),
    Liberty("joining-letter"),
    Liberty("said-sum"),
    Liberty("margin", meant="a number or a shape noted behind the row"),
    Liberty("sum-short", "sum-scope", "short", excludes="sum-long"),
    Liberty("sum-long", "sum-scope", excludes="sum-short"),
    Liberty("index-slip", in_meaning=True),
    Liberty("operator-scope", "operator-scope", excludes="operator-short"),
    Liberty("operator-short", "operator-scope", "short", excludes="operator-scope"),
    Liberty("function-scope", "function-scope"),
    Liberty("missing-partial", "missing-partial"),
    Liberty("row-entry", "row-entry", in_meaning=True),
    Liberty("dot-product", "dot-product", in_meaning=True),
    Liberty("star", "star", in_meaning=True),
    Liberty("fixed-others", "fixed-others", in_meaning=True),
    Liberty("unit-vector", in_meaning=True, mends=True),
    Liberty("stray-sign", "stray-sign"),
    Liberty("missing-order", "missing-order"),
    Liberty("open-bracket", "open-bracket", mends=True),
    Liberty("decimal-comma", "decimal-comma"),
    Liberty("slash-scope", "slash-scope"),
    Liberty("dagger", "dagger"),
    Liberty("prime-transpose", "prime-transpose", in_meaning=True),
    Liberty("square", "square", in_meaning=True, of_shape=True),
    Liberty("ones", "ones", in_meaning=True, of_shape=True),
    Liberty("ones-identity", "ones-identity", in_meaning=True, of_shape=True),
    Liberty("broadcast", "broadcast", in_meaning=True, of_shape=True),
    Liberty("prime-row", "prime-row", in_meaning=True, of_shape=True),
    Liberty("row-vector", "row-vector", in_meaning=True, of_shape=True),
    Liberty("scalar-prime", "inner-prime", in_meaning=True, of_shape=True),
    Liberty("inner-prime", "inner-prime", in_meaning=True, meant="the derivative by what stands inside the function"),
    Liberty("direct", "fixed-others", in_meaning=True, meant="the derivative with other quantities held fixed"),
    Liberty("held-steps", "fixed-others", in_meaning=True, meant="the derivative with the steps before held fixed"),
    Liberty("missing-index", in_meaning=True, of_shape=True),
    Liberty("power-of-ten", "power-of-ten", meant="a power of ten"),
    Liberty("operator-long", "operator-scope", meant="the derivative of all that follows"),
    Liberty("inner-left-out", "square", in_meaning=True, meant="the inner product"),
    Liberty("scalar-for-matrix", "scalar-for-matrix", in_meaning=True, meant="a multiple of the identity"),
    Liberty("diag-left-out", "diag-left-out", in_meaning=True, meant="the diagonal matrix of the vector"),
    Liberty("trace-left-out", "trace-left-out", in_meaning=True, meant="the trace"),
    Liberty("differential-sum", "implied-sum", in_meaning=True),
    Liberty("delta-sum", "implied-sum", in_meaning=True, meant="a sum over the index of the Kronecker delta"),
    Liberty("implied-sum", "implied-sum", in_meaning=True, meant=_SUMMED, is_habit=True),
)
LIBERTY = {liberty.code: liberty for liberty in LIBERTIES}
DOUBTFUL = frozenset(liberty.code for liberty in LIBERTIES if liberty.meant)


class Choice(NamedTuple):
    """An alternative that is taken: the code of its liberty and its place in the row; everywhere without a place."""

    code: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Convention:
    """What holds for a whole work.

    ``layout``: how derivatives are laid out: ``denominator``, ``numerator``, or ``mixed`` (``shaped_terms.arranged``).
    ``implied_sums``: an index that occurs twice is summed.  ``any_order``: the factors of a chain stand in any order.
    ``units``: e with an index is a unit vector, as the statement writes it or words of the work say.
    ``commas``: a comma that touches digits is the decimal point.
    """

    layout: str = "denominator"
    implied_sums: bool = False
    any_order: bool = False
    units: bool = False
    commas: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a row is read: under which convention, and with which alternatives to the usual ones."""

    convention: Convention = Convention()
    taken: frozenset[Choice] = frozenset()

    @property
    def layout(self) -> str:
        """How derivatives are laid out."""
        return self.convention.layout

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the liberties that are taken, the cheapest first."""
        taken = {choice.code for choice in self.taken}
        return tuple(code for code in LIBERTY if code in taken)

    def takes(self, code: str, place: int) -> bool:
        """Whether the alternative of a liberty is taken at a place.

        >>> Reading().taking("sum-long", 4).takes("sum-long", 4), Reading().taking("sum-long", 4).takes("sum-long", 9)
        (True, False)
        """
        if self.convention.commas and code == "decimal-comma":
            return True
        return bool(self.taken) and (Choice(code) in self.taken or Choice(code, place) in self.taken)

    def taking(self, code: str, place: int | None = None) -> Reading:
        """The same with one more alternative."""
        return replace(self, taken=self.taken | {Choice(code, place)})

    def without(self, code: str) -> Reading:
        """The same without the alternatives of one liberty."""
        return replace(self, taken=frozenset(choice for choice in self.taken if choice.code != code))

    def laid_out(self, layout: str) -> Reading:
        """The same in another layout."""
        return replace(self, convention=replace(self.convention, layout=layout))


def with_convention(reading: Reading, offered: Iterable[Choice]) -> Reading:
    """A reading with what its convention takes of what a row offers."""
    takes = reading.convention.commas and any(code == "decimal-comma" for code, _ in offered)
    return reading.taking("decimal-comma") if takes else reading
