"""What a sheet is written in: one interface, which LaTeX and HTML each fill in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from truestep.problems.sheets.typeset.mathematics import in_line
from truestep.problems.sheets.typeset.prose import line, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.problems.sheets.typeset.drawing import Picture
    from truestep.problems.sheets.typeset.prose import Piece


LISTS = ("list", "numbers")
INLINE = ("emphasis", "strong", "link", "cell")


class Shown(NamedTuple):
    """One row of a derivation: plain mathematics, a condition, and the rule in words."""

    left: str
    right: str
    condition: str = ""
    rule: str = ""


class Writer(ABC):
    """Turns texts, formulas and pictures into one language; what it returns is safe to stand in a sheet."""

    @abstractmethod
    def words(self, text: str) -> str:
        """A text, printed letter by letter."""

    @abstractmethod
    def math(self, latex: str) -> str:
        """A formula in a line of text."""

    @abstractmethod
    def display(self, latex: str, room: float = 1.0) -> str:
        """A formula on its own, within a share of the width."""

    @abstractmethod
    def derivation(self, rows_: tuple[Shown, ...], depth: int = 0, condition: str = "") -> str:
        """Rows one below the other, each with its rule beside it; before them the condition that all are under."""

    @abstractmethod
    def boxed(self, left: str, right: str) -> str:
        """An answer in a frame."""

    @abstractmethod
    def blank(self) -> str:
        """A line to write an answer on."""

    @abstractmethod
    def tick(self) -> str:
        """A box to tick."""

    @abstractmethod
    def picture(self, picture: Picture) -> str:
        """A drawing."""

    @abstractmethod
    def part(self, piece: Piece, inner: str, depth: int) -> str:
        """A part of a text (a paragraph, a list, an item, ...) around what is inside it."""

    @abstractmethod
    def safe(self, text: str) -> str:
        """The text, marked as written by this writer."""

    def prose(self, text: str) -> str:
        """A text with its formulas."""
        return self.safe(self._run(iter(pieces(text)), 0, False))

    def line(self, text: str) -> str:
        """A title with its formulas."""
        return self.safe(self._run(iter(line(text)), 0, True))

    def _run(self, rest: Iterator[Piece], depth: int, is_inline: bool) -> str:
        """What stands up to the end of the part that is open; inside a line there are no displays."""
        out: list[str] = []
        for piece in rest:
            if piece.kind == "end":
                break
            out.append(self._piece(piece, rest, depth, is_inline))
        return "".join(out)

    def _piece(self, piece: Piece, rest: Iterator[Piece], depth: int, is_inline: bool) -> str:
        if piece.kind == "text":
            return self.words(piece.text)
        if piece.kind == "display" and not is_inline:
            return self.display(piece.text, 1.0 - 0.08 * depth)
        if piece.kind in ("math", "display"):
            return self.math(in_line(piece.text))
        if piece.kind in ("code", "listing", "break"):
            return self.part(piece, self.words(piece.text), depth)
        inner = self._run(rest, depth + (piece.kind in LISTS), is_inline or piece.kind in INLINE)
        return self.part(piece, inner, depth)
