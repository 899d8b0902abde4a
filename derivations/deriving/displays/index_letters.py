"""A letter for each index: first those that the problem itself uses for a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from truestep.derivations.language.notation import Notation
    from truestep.derivations.language.shapes import Size
    from truestep.derivations.meaning.terms import Axis

LETTERS = "i j k l r s t u v q p a b c g h".split()


class Letters:
    """A letter for each index: first those that the problem itself uses for a size."""

    def __init__(
        self, notation: Notation, usual: Mapping[Size, Sequence[str]], reserved: frozenset[str] = frozenset()
    ) -> None:
        self.usual = usual
        taken = set(notation.bases) | set(notation.sizes) | reserved
        self.free = [letter for letter in LETTERS if letter not in taken or letter in notation.indices]
        self.indices = notation.indices
        self.names: dict[Axis, str] = {}
        self.labels: dict[Axis, str] = {}  # those that the statement names, which are kept

    def fix(self, axis: Axis, letter: str) -> None:
        """Gives an axis a letter for good."""
        self.names[axis] = letter

    def keep(self, axes: Iterable[Axis]) -> None:
        """Only these axes and labels keep their letters; each new one gets a letter that no other has."""
        axes = list(axes)
        self.names = self.labels | {axis: letter for axis, letter in self.names.items() if axis in axes}
        for axis in axes:
            if axis not in self.names:
                self.names[axis] = self._next(axis.size)

    def _next(self, size: Size) -> str:
        used = set(self.names.values())
        for letter in (*self.usual.get(size, ()), *self.free):
            if letter not in used and self.fits(letter, size):
                return letter
        return next(f"{letter}'" for letter in self.free if f"{letter}'" not in used)

    def fits(self, letter: str, size: Size) -> bool:
        """Whether a letter may run over a size."""
        declared = self.indices.get(letter)
        return declared is None or declared.dims[0] == size
