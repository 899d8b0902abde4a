"""What is derived and what it is derived by: named quantities, with letters where one entry is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivations.expression import Expression, symbol
from derivations.steps import Stuck
from derivations.terms import Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from derivations.givens import Givens
    from derivations.goal import Goal
    from derivations.monomials import Place
    from derivations.notation import Notation
    from derivations.shapes import Dims

HIGHEST_ORDER = 2


@dataclass(frozen=True, slots=True)
class Variable:
    """A named quantity, with letters where one entry is asked for."""

    name: str
    dims: Dims
    letters: tuple[str, ...] = ()


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
    top, *bottoms = node.args
    if node.head == "gradient" and not bottoms:
        raise Stuck("what is asked", "the gradient does not say by what it is taken")
    if len(bottoms) > HIGHEST_ORDER:
        raise Stuck("what is asked", f"derivatives of order above {HIGHEST_ORDER} are not derived")
    return [_variable(arg.args[0] if arg.head == "transpose" else arg, goal.notation) for arg in (top, *bottoms)]


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
    raise Stuck("what is asked", "this is neither a name nor an entry of one")


def place_all(givens: Givens, variables: Sequence[Variable]) -> list[Placed]:
    """Each variable at its entry; equal letters are one index."""
    by_letter: dict[str, Axis] = {}
    asked = [letter for variable in variables for letter in variable.letters]
    out: list[Placed] = []
    for number, variable in enumerate(variables):
        letters = list(variable.letters) or _choice(givens, variable, number, asked)
        places: list[Place] = []
        for size in variable.dims:
            if size == 1:
                places.append(1)
                continue
            letter = letters.pop(0)
            if letter not in by_letter:
                by_letter[letter] = givens.entries.axis(size)
                givens.letters.fix(by_letter[letter], letter)
            places.append(by_letter[letter])
            asked.append(letter)
        out.append(Placed(variable, *places))
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
    indices = [givens.showing.index(axis) for axis in placed.axes]
    whole = symbol(placed.variable.name)
    return Expression("entry", (whole, *indices)) if indices else whole
