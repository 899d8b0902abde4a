"""What is derived and what it is derived by: named quantities, with letters where one entry is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truestep.derivations.deriving.steps import Stuck
from truestep.derivations.language.expression import Expression, free_indices, symbol
from truestep.derivations.meaning.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truestep.derivations.deriving.algebra.monomials import Place
    from truestep.derivations.deriving.givens import Givens
    from truestep.derivations.deriving.goal import Goal
    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Dims, Size

HIGHEST_ORDER = 2


@dataclass(frozen=True, slots=True)
class Variable:
    """A named quantity, with letters where one entry is asked for; or an expression in ``body``."""

    name: str
    dims: Dims
    letters: tuple[str, ...] = ()
    body: Expression | None = None

    def body_or_stuck(self) -> Expression:
        """The expression; raises Stuck where there is none."""
        if self.body is None:
            raise Stuck("what is asked", "it has no expression")
        return self.body


@dataclass(frozen=True, slots=True)
class Placed:
    """A quantity at the place of one entry."""

    variable: Variable
    row: Place
    column: Place

    @property
    def axes(self) -> list[Axis]:
        """The axes of the entry."""
        return [place for place in (self.row, self.column) if isinstance(place, Axis)]


def asked_variables(goal: Goal) -> list[Variable]:
    """What is derived, then what it is derived by; Stuck for anything else than a derivative of a name by names."""
    node = bare(goal.asked)
    if node.head == "apply" and node.data[1] == 1 and len(node.args) == 1:  # f'(x)
        node = Expression("derivative", (Expression("apply", node.args, (node.data[0], 0, None)), *node.args), "prime")
    top, *bottoms = node.args
    if node.head == "gradient" and not bottoms:
        raise Stuck("what is asked", "the gradient does not say by what it is taken")
    if len(bottoms) > HIGHEST_ORDER:
        raise Stuck("what is asked", f"derivatives of order above {HIGHEST_ORDER} are not derived")
    below = [_variable(arg.args[0] if arg.head == "transpose" else arg, goal.notation) for arg in bottoms]
    return [_top(bare(top), goal.notation), *below]


def is_turned(goal: Goal) -> bool:
    """Whether what is asked stands transposed in the layout of the course: dz/dx^T, with a row for each entry of z."""
    node = bare(goal.asked)
    return node.head == "derivative" and [arg.head for arg in node.args[1:]] == ["transpose"] and not goal.numerator


def _top(node: Expression, notation: Notation) -> Variable:
    """What is derived: a name, or any scalar expression."""
    try:
        return _variable(node, notation)
    except Stuck:
        sizes = _sizes_of(node, notation)
        return Variable("", tuple(sizes.values()), tuple(sizes), node)


def _sizes_of(node: Expression, notation: Notation) -> dict[str, Size]:
    """The free indices of an expression, each with the size at the first place where it stands."""
    free = free_indices(node)
    sizes: dict[str, Size] = {}
    for child in node.walk():
        declared = notation.declared(str(child.args[0].data)) if child.head == "entry" else None
        if declared is not None:
            open_sizes = [size for size in declared.dims if size != 1]
            pairs = zip(child.args[1:], open_sizes, strict=False)
            sizes |= {str(index.data): size for index, size in pairs if index.data in free and index.data not in sizes}
    return sizes


def bare(node: Expression) -> Expression:
    """The expression without brackets around it."""
    while node.head == "group":
        node = node.args[0]
    return node


def _variable(node: Expression, notation: Notation) -> Variable:
    node = bare(node)
    if node.head == "symbol":
        declared = notation.declared(str(node.data))
        if declared is not None and declared.kind == "array" and len(declared.dims) == 2:
            return Variable(str(node.data), declared.dims)
    if node.head == "entry" and all(arg.head == "index" for arg in node.args[1:]):
        base = _variable(node.args[0], notation)
        letters = tuple(str(arg.data) for arg in node.args[1:])
        if len(letters) == sum(size != 1 for size in base.dims):
            return Variable(base.name, base.dims, letters)
    if node.head == "member" and node.args[0].head in ("index", "number"):
        family = notation.families[node.data]
        dims = family.member.dims
        if family.member.kind == "array" and dims[1] == 1:
            place = node.args[0]
            label = str(place.data if place.head == "index" else place.data[0])
            letters = (label, *("" for _ in range(int(dims[0] != 1))))
            return Variable(family.name, (family.index.dims[0], dims[0]), letters)
    raise Stuck("what is asked", "this is neither a name nor an entry of one")


def place_all(givens: Givens, variables: Sequence[Variable]) -> list[Placed]:
    """Each variable at its entry; equal letters are one index."""
    by_letter: dict[str, Axis] = dict(givens.lifting.labels)
    asked = list(by_letter)
    asked += [letter for variable in variables for letter in variable.letters]
    out: list[Placed] = []
    for number, variable in enumerate(variables):
        choice = _choice(givens, variable, number, asked) if "" in (variable.letters or ("",)) else []
        letters = [letter or choice[k] for k, letter in enumerate(variable.letters)] or choice
        places: list[Place] = []
        for size in variable.dims:
            if size == 1:
                places.append(1)
                continue
            if letters[0].isdigit():  # u_1
                places.append(int(letters.pop(0)))
                continue
            letter = givens.goal.same(letters.pop(0), by_letter)
            if letter not in by_letter:
                by_letter[letter] = givens.entries.axis(size)
                givens.letters.fix(by_letter[letter], letter)
            places.append(by_letter[letter])
            asked.append(letter)
        row, column = (*places, 1, 1)[:2]
        out.append(Placed(variable, row, column))
    return out


def _choice(givens: Givens, variable: Variable, number: int, asked: Sequence[str]) -> list[str]:
    """Letters that nobody uses yet: i for what is derived, j for what it is derived by, i and j for a matrix."""
    sizes = [size for size in variable.dims if size != 1]
    wanted = givens.wanted.get(variable.name) or ("j p i q" if number == 1 and len(sizes) == 1 else "i j p q").split()
    letters, out = givens.letters, list[str]()
    for size in sizes:
        out.append(
            next(
                letter
                for letter in (*wanted, *letters.free)
                if letter in letters.free and letter not in (*asked, *out) and letters.fits(letter, size)
            )
        )
    return out


def entry_of(givens: Givens, placed: Placed) -> Expression:
    """The entry as written."""
    if placed.variable.body is not None:
        return placed.variable.body
    if placed.variable.name in givens.showing.families:
        node = givens.workshop.symbol(placed.variable.name, placed.variable.dims)
        return givens.showing.at(node, placed.row, placed.column)
    indices = [givens.showing.index(axis) for axis in placed.axes]
    whole = symbol(placed.variable.name)
    return Expression("entry", (whole, *indices)) if indices else whole
