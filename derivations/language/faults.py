"""Faults, by who must act: the student, the author of the problem, or us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[int, int]


def quoted(text: object) -> str:
    r"""A text as it stands in a file, in quotation marks; what cannot be printed is escaped.

    >>> print(quoted(r"z = \alpha x"))
    'z = \alpha x'
    """
    return repr(text).replace("\\\\", "\\")


class Fault(Exception):
    """Something that a person must mend; the message is written to that person."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class ReadingFault(Fault):
    """To the student: this text cannot be read, and where."""


class NameFault(Fault):
    """To the student: this name is neither declared nor introduced."""


class ShapeFault(Fault):
    """To the student: these shapes do not fit, and where."""


class RangeFault(ShapeFault):
    """To the student: this index, ``letter``, runs over another range than here."""

    def __init__(self, message: str, span: Span | None, letter: str) -> None:
        super().__init__(message, span)
        self.letter = letter


class BroadcastFault(ShapeFault):
    """To the student: these shapes are not the same, and only array code would make one of them."""


class MeaningFault(Fault):
    """To the student: what was read has no meaning that can be decided here."""


class IdleFault(MeaningFault):
    """To the student: nothing says over what a letter runs, which a sum binds and does not hold."""

    def __init__(self, letter: str, span: Span | None) -> None:
        super().__init__(f"nothing says over what {letter} runs", span)
        self.letter = letter


class StatementFault(Fault):
    """To the author of the problem: the statement contradicts itself or cannot be read; ``code`` names the way.

    What is ``said`` is said of a ``key``, of a ``name`` in its table, or of an ``entry`` of its list, by its place or
    its text; ``place`` says the key in words where it is one of several.  ``close`` proposes what was probably meant.

    >>> print(StatementFault("this is no name", key="symbols", name="2 x"))
    symbols: 2 x: this is no name
    """

    def __init__(
        self,
        said: str,
        code: str = "refused",
        *,
        key: str = "",
        name: str = "",
        entry: int | str | None = None,
        place: str = "",
        close: str = "",
    ) -> None:
        self.said, self.code, self.key, self.name, self.entry, self.close = said + close, code, key, name, entry, close
        super().__init__(": ".join(part for part in (place or key, name, self.said) if part))


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """A half sentence that proposes the nearest known names, or nothing.

    >>> nearest("hat y", ["\\\\hat{y}", "W"])
    '; did you mean \\\\hat{y}?'
    >>> nearest("q", ["W"])
    ''
    """
    from difflib import get_close_matches

    bare = {_bare(candidate): candidate for candidate in known}
    found = [bare[match] for match in get_close_matches(_bare(name), list(bare), n=most, cutoff=0.5)]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
