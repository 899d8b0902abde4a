"""Archives, read member by member within bounds: nothing is unpacked to a place, and no link is followed.

Each member has its bytes, or what is at fault with it; what is at fault with the archive itself is a member too.
"""

from __future__ import annotations

import io
import stat
import tarfile
import time
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

MEBIBYTE = 1024 * 1024
LARGEST_HANDIN = 64 * MEBIBYTE
CHUNK = MEBIBYTE
SMALL = MEBIBYTE  # what may be packed as tightly as it likes
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
OFFICE = "[Content_Types].xml"


@dataclass(frozen=True)
class Bounds:
    """What an archive may hold: bytes and members in all, and how tightly they may be packed."""

    size: int
    members: int
    ratio: int = 200


CLASS = Bounds(2048 * MEBIBYTE, 20_000)
HANDIN = Bounds(LARGEST_HANDIN, 200)


class Member(NamedTuple):
    """A member of an archive: its name, its bytes or what is at fault, and when it was last changed."""

    name: str
    data: bytes = b""
    fault: str = ""
    at: str = ""


class _Full(Exception):
    """The archive holds more than it may."""


def kind_of(name: str, data: bytes) -> str:
    """``zip`` or ``tar`` of an archive by its first bytes and its name, else nothing.

    >>> kind_of("a.zip", b"PK\\x03\\x04"), kind_of("a.tgz", b"\\x1f\\x8b"), kind_of("a.tex", b"x")
    ('zip', 'tar', '')
    """
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not name.lower().endswith((".docx", ".odt", ".pptx", ".xlsx")):
        return "zip"
    is_tar = data[257:262] == b"ustar" or name.lower().endswith(TAR_SUFFIXES)
    return "tar" if is_tar else ""


def members(kind: str, source: BinaryIO, bounds: Bounds) -> Iterator[Member]:
    """The members of an archive in the order in which it holds them."""
    try:
        yield from _zipped(source, bounds) if kind == "zip" else _tarred(source, bounds)
    except _Full as fault:
        yield Member("", fault=str(fault))
    except Exception as fault:  # what the libraries raise for damaged bytes is of many kinds
        yield Member("", fault=f"the archive is damaged ({_said(fault)})")


def _said(fault: BaseException) -> str:
    return str(fault)[:100] or type(fault).__name__


def refused(name: str) -> str:
    """Why a member's name is not taken, or nothing.

    >>> refused("../a") and refused("/a") and refused("C:\\\\a"), refused("a/b.tex")
    ('its path leads out of the archive', '')
    """
    parts = name.replace("\\", "/").split("/")
    leads_out = name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":")
    if leads_out:
        return "its path leads out of the archive"
    return "its name is too long" if len(name) > 1000 or "\0" in name else ""


class _Budget:
    """What is left of the bounds of an archive."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.size, self.count = bounds, 0, 0
        self.names: set[str] = set()

    def fault(self, name: str) -> str:
        """What is at fault with the name of the next member.  Raises _Full."""
        self.count += 1
        if self.count > self.bounds.members:
            raise _Full(f"the archive holds more than {self.bounds.members} members; the rest was not read")
        is_twin = name in self.names
        self.names.add(name)
        return refused(name) or ("another member has the same name" if is_twin else "")

    @property
    def bomb(self) -> str:
        """What is said of what is packed too tightly."""
        return f"packed more than {self.bounds.ratio} times, as bombs are"

    def read(self, source: BinaryIO, packed: Callable[[], int], before: int = 0) -> bytes | str:
        """The bytes of a member, or what is at fault with them; so many are ``packed`` with those ``before`` it.

        Raises _Full.
        """
        parts: list[bytes] = []
        size = 0
        while part := source.read(CHUNK):
            size, self.size = size + len(part), self.size + len(part)
            if self.size > self.bounds.size:
                raise _Full(f"the archive holds more than {self.bounds.size // MEBIBYTE} MiB; the rest was not read")
            if size > LARGEST_HANDIN:
                return f"larger than {LARGEST_HANDIN // MEBIBYTE} MiB"
            if before + size > max(SMALL, packed() * self.bounds.ratio):
                return self.bomb
            parts.append(part)
        return b"".join(parts)


def _member(name: str, found: bytes | str, at: str) -> Member:
    return Member(name, fault=found, at=at) if isinstance(found, str) else Member(name, found, at=at)


def _zipped(source: BinaryIO, bounds: Bounds) -> Iterator[Member]:
    budget = _Budget(bounds)
    with zipfile.ZipFile(source) as archive:
        if OFFICE in archive.namelist():
            yield Member("", fault="a Word or Office file: hand in the .tex, .md, .ipynb or text file itself")
            return
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = _name(info)
            fault = budget.fault(name)
            mode = info.external_attr >> 16
            if not fault and mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
                fault = "a link or a device: it is not followed"
            if not fault and info.flag_bits & 1:
                fault = "encrypted"
            at = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*info.date_time)
            if fault:
                yield Member(name, fault=fault, at=at)
                continue
            try:
                with archive.open(info) as member:
                    found = budget.read(member, partial(int, info.compress_size))  # type: ignore[arg-type]
            except _Full:
                raise
            except Exception as broken:
                found = f"damaged in the archive ({_said(broken)})"
            yield _member(name, found, at)


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; one that is UTF-8 without saying so is read as that."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.orig_filename


def _tarred(source: BinaryIO, bounds: Bounds) -> Iterator[Member]:
    budget = _Budget(bounds)
    packed = _Bounded(source, bounds)
    with tarfile.open(fileobj=packed, mode="r|*") as archive:
        for info in archive:
            if info.isdir():
                continue
            name = info.name
            fault = budget.fault(name)
            at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(min(max(info.mtime, 0), 4e9)))
            if not fault and not info.isfile():
                fault = "a link or a device: it is not followed"
            member = archive.extractfile(info) if not fault else None
            if member is None:
                budget.size += info.size  # it is passed over all the same to come to the next one
                if budget.size > bounds.size:
                    raise _Full(f"the archive holds more than {bounds.size // MEBIBYTE} MiB; the rest was not read")
                yield Member(name, fault=fault or "no regular file", at=at)
                continue
            found = budget.read(member, lambda: bounds.size - packed.left, budget.size)  # type: ignore[arg-type]
            if found == budget.bomb:
                raise _Full(f"{found}; the rest was not read")
            yield _member(name, found, at)


class _Bounded(io.RawIOBase):
    """The packed bytes of a tar, of which no more are taken than the archive may hold."""

    def __init__(self, source: BinaryIO, bounds: Bounds) -> None:
        self.source, self.left = source, bounds.size

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.source.read(min(size if size >= 0 else CHUNK, max(self.left, 0)))
        self.left -= len(data)
        return data
