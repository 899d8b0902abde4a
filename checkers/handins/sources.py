"""Everything that is given on the command line, file by file: folders, archives, and what lies in them.

Each file has its bytes or what is at fault with it; no link is followed, no pipe or device opened.
"""

from __future__ import annotations

import io
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from truestep.checkers.handins import archives

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truestep.checkers.handins.archives import Bounds, Member

DEEPEST = 40
MOST_FILES = 100_000
SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".git", ".ipynb_checkpoints")


class Given(NamedTuple):
    """A file that was given: its name below what was named on the command line, which begins it, and its bytes."""

    root: str
    path: tuple[str, ...]
    data: bytes = b""
    fault: str = ""
    at: str = ""

    @property
    def name(self) -> str:
        """How it is called in all that is said of it."""
        return "/".join((self.root, *self.path))


def given(names: Sequence[str]) -> Iterator[Given]:
    """All files that are given, in the order of their names."""
    for name in sorted(dict.fromkeys(names)):
        root = _text(name.rstrip("/") or name)
        yield from _within(Path(name), root, (), archives.CLASS)


def _text(name: str) -> str:
    """A name as a text: bytes that are none are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _within(path: Path, root: str, below: tuple[str, ...], bounds: Bounds) -> Iterator[Given]:
    try:
        found = path.lstat() if below else path.stat()
        if stat.S_ISDIR(found.st_mode):
            yield from _folder(path, root, below)
            return
        fault = _unread(found)
        if fault:
            yield Given(root, below, fault=fault)
            return
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(found.st_mtime))
        with path.open("rb") as file:
            kind = archives.kind_of(path.name, file.read(512))
            file.seek(0)
            if kind:
                yield from _members(archives.members(kind, file, bounds), root, below, bounds)
                return
            data = file.read(archives.LARGEST_HANDIN + 1)
        if len(data) > archives.LARGEST_HANDIN:
            yield Given(root, below, fault=f"larger than {archives.LARGEST_HANDIN // archives.MEBIBYTE} MiB", at=at)
        else:
            yield Given(root, below, data, at=at)
    except OSError as fault:
        yield Given(root, below, fault=f"cannot be read ({fault.strerror or fault})")


def _unread(found: os.stat_result) -> str:
    if stat.S_ISLNK(found.st_mode):
        return "a link: it is not followed"
    return "" if stat.S_ISREG(found.st_mode) else "a pipe, a socket or a device: it is not opened"


def _folder(path: Path, root: str, below: tuple[str, ...]) -> Iterator[Given]:
    if len(below) >= DEEPEST:
        yield Given(root, below, fault=f"more than {DEEPEST} folders deep: not read")
        return
    names = sorted(os.listdir(path))
    if not names and below:
        yield Given(root, below, fault="the folder is empty")
    for number, name in enumerate(names):
        if number >= MOST_FILES:
            yield Given(root, below, fault=f"more than {MOST_FILES} files in one folder: the rest was not read")
            return
        yield from _within(path / name, root, (*below, _text(name)), archives.HANDIN)


def _members(found: Iterator[Member], root: str, below: tuple[str, ...], bounds: Bounds) -> Iterator[Given]:
    seen = False
    for member in found:
        seen = True
        parts = tuple(part for part in member.name.replace("\\", "/").split("/") if part not in ("", "."))
        kind = "" if member.fault else archives.kind_of(member.name, member.data)
        path = (*below, *parts)
        if not kind:
            yield Given(root, path, member.data, member.fault, member.at)
        elif bounds is archives.CLASS:
            inner = archives.members(kind, io.BytesIO(member.data), archives.HANDIN)
            yield from _members(inner, root, path, archives.HANDIN)
        else:
            yield Given(root, path, fault="an archive within the archive of a hand-in: not read", at=member.at)
    if not seen:
        yield Given(root, below, fault="the archive is empty")


def is_of_the_system(path: Sequence[str]) -> bool:
    """Whether a file was left by an operating system or a tool, and is nobody's hand-in.

    >>> is_of_the_system(("__MACOSX", "._hw.tex")), is_of_the_system(("hw.tex",))
    (True, False)
    """
    return any(part in SYSTEM or part.startswith("._") for part in path)
