"""Where each value of a TOML file stands: the key path of every table, key and array entry, with its place in the text.

``tomllib`` gives values without places, and so does tomlkit; so a text that ``tomllib`` has accepted is scanned once
more.  Since it is known to be valid, the scan has only to find where things begin and end.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_OTHER = re.compile(r"[^,\]}#\n]*")
_STRINGS = (  # the longer quotation marks first; up to two more quotes may stand before the closing three
    ("'''", re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)),
    ('"""', re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL)),
    ("'", re.compile(r"'[^'\n]*'")),
    ('"', re.compile(r'"(?:[^"\\\n]|\\.)*"')),
)
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[ \t]*\n[ \t\n]*|.)")


class Extent(NamedTuple):
    """Where something begins (its key, its header, or itself in an array), and its value from ``start`` to ``stop``."""

    begin: int
    start: int
    stop: int


@dataclass(frozen=True)
class Places:
    r"""The text of a file with the extents of all that stands in it.

    >>> found = places("title = 'H'\n[[part]]\nname = 'a'\n[[part]]\nname = 'b'")
    >>> found.position(("part", 1, "name"))
    (5, 8)
    """

    text: str
    extents: dict[Path, Extent] = field(default_factory=dict)
    ends: dict[Extent, list[int]] = field(default_factory=dict)  # of the letters of a string, where they were asked for

    def position(self, path: Path, offset: int | None = None, of_key: bool = False) -> tuple[int, int] | None:
        """The line and the column, from 1, of a value, of a letter within a string, or of a key.

        What does not stand in the file has the place of the table that it would stand in; None where there is none.
        """
        extent = self.extents.get(path)
        if extent is None:
            return self.position(path[:-1], None, True) if path else None
        at = extent.begin if of_key else extent.start if offset is None else self._within(extent, offset)
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    def source(self, path: Path) -> str:
        """The value as it is written."""
        extent = self.extents[path]
        return self.text[extent.start : extent.stop]

    def _within(self, extent: Extent, offset: int) -> int:
        """The place of a letter of a string's value."""
        mark = next((mark for mark, _ in _STRINGS if self.text.startswith(mark, extent.start)), "")
        at = extent.start + len(mark)
        if len(mark) == 3 and self.text.startswith("\n", at):
            at += 1
        if not mark.startswith('"'):
            return min(at + offset, extent.stop)
        ends = self.ends.get(extent)
        if ends is None:
            ends = self.ends[extent] = [*self._ends(at, extent.stop)]
        return ends[min(offset, len(ends) - 1)]

    def _ends(self, at: int, stop: int) -> Iterator[int]:
        """Where each letter of a string's value ends, and before them where the first begins."""
        yield at
        while at < stop:
            escape = _ESCAPE.match(self.text, at)
            at = escape.end() if escape else at + 1
            if escape is None or not escape[0][1:].lstrip(" \t").startswith("\n"):
                yield at


def places(text: str) -> Places:
    """The places in a text that ``tomllib`` accepts."""
    text = text.replace("\r\n", "\n")
    scan = _Scan(text)
    scan.document()
    return Places(text, scan.extents)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.extents: dict[Path, Extent] = {}
        self.counts: dict[Path, int] = {}

    def skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def document(self) -> None:
        table: Path = ()
        self.extents[()] = Extent(0, 0, len(self.text))
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)

    def header(self) -> Path:
        begin, is_many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if is_many else 1
        *above, last = self.key()
        self.at = self.text.index("]", self.at) + (2 if is_many else 1)
        path: Path = (*self.resolved(above), last)
        if is_many:
            self.extents.setdefault(path, Extent(begin, begin, self.at))
            self.counts[path] = self.counts.get(path, 0) + 1
            path = (*path, self.counts[path] - 1)
        self.extents[path] = Extent(begin, begin, self.at)
        return path

    def resolved(self, keys: list[str]) -> Path:
        """The path of a table's keys: an array of tables stands for its last table."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self.extents.setdefault(path, Extent(self.at, self.at, self.at))
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def pair(self, table: Path) -> None:
        begin = self.at
        keys = self.key()
        self.at = self.text.index("=", self.at) + 1
        self.skip(_SPACE)
        for length in range(1, len(keys)):
            self.extents.setdefault((*table, *keys[:length]), Extent(begin, begin, self.at))
        self.value((*table, *keys), begin)

    def key(self) -> list[str]:
        """The parts of a dotted key."""
        parts: list[str] = []
        while True:
            self.skip(_SPACE)
            bare = _BARE_KEY.match(self.text, self.at)
            if bare:
                parts.append(bare[0])
                self.at = bare.end()
            else:
                begin = self.at
                self.string()
                parts.append(tomllib.loads(f"key = {self.text[begin : self.at]}")["key"])
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def string(self) -> bool:
        """Whether a string stood here; then it is passed."""
        for mark, pattern in _STRINGS:
            if self.text.startswith(mark, self.at):
                self.skip(pattern)
                return True
        return False

    def value(self, path: Path, begin: int) -> None:
        start = self.at
        if self.text.startswith("[", start):
            self.array(path)
        elif self.text.startswith("{", start):
            self.inline(path)
        elif not self.string():
            self.skip(_OTHER)
            self.at = start + len(self.text[start : self.at].rstrip())
        self.extents[path] = Extent(begin, start, self.at)

    def array(self, path: Path) -> None:
        count = 0
        while self.more("]"):
            self.value((*path, count), self.at)
            count += 1

    def inline(self, path: Path) -> None:
        while self.more("}"):
            self.pair(path)

    def more(self, end: str) -> bool:
        """Whether another entry stands before the end of the array or inline table."""
        if self.text[self.at] in "[{,":
            self.at += 1
        self.skip(_BLANK)
        if self.text[self.at] == ",":
            return self.more(end)
        if self.text[self.at] != end:
            return True
        self.at += 1
        return False
