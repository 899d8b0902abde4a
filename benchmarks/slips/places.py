"""Where a slip or a rewriting is put into a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from benchmarks.slips.trees import Site, dims_of, put, sites
from benchmarks.slips.works import Row, Work
from truestep.checkers.mistakes.patterns import Site as Spot
from truestep.checkers.mistakes.places import Place, places
from truestep.checkers.mistakes.slipping import at
from truestep.derivations.language.expression import Expression
from truestep.derivations.language.notation import Notation
from truestep.derivations.language.shapes import SCALAR, Dims, Size

LETTERS = "klmnpqrstuvh"


@dataclass(frozen=True)
class Edit:
    """A line's right side, changed, and what was done to it.

    ``text`` stands for the line where more than its right side is changed; ``before`` it where a line is put in.
    """

    right: Expression
    done: str
    text: str = ""
    before: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a work."""

    work: Work
    place: int

    @property
    def row(self) -> Row:
        """The line itself."""
        return self.work.rows[self.place]

    @property
    def notation(self) -> Notation:
        """The names in force."""
        return self.work.setting.notation

    @cached_property
    def sizes(self) -> dict[str, Size]:
        """What the indices run over."""
        return dict(self.work.sizes(self.row))

    @cached_property
    def spots(self) -> list[tuple[Place, Spot]]:
        """The places of its right side with what the conditions of a row of a card may ask of them."""
        row = self.row
        counts = {size for size in (*self.sizes.values(), *self.dims(row.left)) if isinstance(size, str)}
        whole = Spot(self.dims, frozenset(row.free), row.free, "", row.rule, self.sizes, tuple(sorted(counts)[:2]))
        return [(place, at(whole, place, row.rule)) for place in places(row.right)]

    def dims(self, node: Expression) -> Dims:
        """The shape of a node; a scalar where the names do not say it."""
        return dims_of(node, self.notation) or SCALAR

    def is_scalar(self, node: Expression) -> bool:
        """Whether the names say that this is a scalar."""
        return dims_of(node, self.notation) == SCALAR

    def unused_letter(self) -> str:
        """A letter for an index that stands nowhere in the problem."""
        used = {str(node.data) for side in (self.row.left, self.row.right) for node in side.walk()}
        used |= {name for node in self.row.right.walk() if node.head == "sum" for name in node.data}
        used |= {name[0].lstrip("\\") for name in self.notation.all_names} | set(self.sizes)
        used |= set(self.work.problem.names)
        used |= {size.lower() for size in self.notation.sizes} | set(self.notation.sizes)
        return next(letter for letter in LETTERS if letter not in used)


Local = Callable[[Site, Line], Iterable[tuple[Expression, str]]]
Change = Callable[[Line], Iterator[Edit]]


def everywhere(change: Local) -> Change:
    """The change at each place where it fits."""

    def changed(line: Line) -> Iterator[Edit]:
        for site in sites(line.row.right):
            for new, done in change(site, line):
                yield Edit(put(line.row.right, site.path, new), done)

    return changed


def at_the_root(change: Callable[[Expression, Line], Iterable[tuple[Expression, str]]]) -> Change:
    """The change of the whole right side."""

    def changed(line: Line) -> Iterator[Edit]:
        for new, done in change(line.row.right, line):
            yield Edit(new, done)

    return changed
