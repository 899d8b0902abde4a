"""Archives that are damaged, lie, lead out or are bombs: the bytes of each kind, by a name that a student gives it."""

from __future__ import annotations

import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence

GOOD = b"$$x = 1$$"
MEBIBYTE = 1024 * 1024


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of two members of one name
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def moded(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def patched(data: bytes, at: int, central: int, value: bytes) -> bytes:
    """A zip with another value in the local header and in the central directory of its first member."""
    place = data.index(b"PK\x01\x02")
    out = bytearray(data)
    out[at : at + len(value)] = value
    out[place + central : place + central + len(value)] = value
    return bytes(out)


def tarred(*members: tuple[str, bytes, bytes], form: int = tarfile.PAX_FORMAT, mtime: float = 0) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.mtime = kind, mtime
            info.size = len(data) if kind == tarfile.REGTYPE else 0
            info.linkname = "../../../etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def _twice_listed() -> bytes:
    """Two entries of the directory for one member, as bombs that overlap have."""
    data = zipped(("a.tex", GOOD))
    place, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[place:end]
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<HHI", 2, 2, 2 * len(entry))
    return data[:place] + entry + entry.replace(b"a.tex", b"b.tex") + bytes(tail)


def _huge_header() -> bytes:
    """A tar whose header says that 8 GiB follow."""
    data = bytearray(tarred(("huge.tex", tarfile.REGTYPE, GOOD), form=tarfile.USTAR_FORMAT))
    data[124:136] = b"77777777777\0"
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def archives() -> Iterator[tuple[str, bytes]]:
    """Each kind of archive that means harm or is broken."""
    whole = zipped(("a.tex", GOOD * 99), ("b.tex", GOOD))
    yield "leads-out.zip", zipped(("../out.tex", GOOD), ("a/../../out.tex", GOOD))
    yield "absolute.zip", zipped(("/tmp/truestep-out.tex", GOOD))
    yield "drive.zip", zipped(("C:\\out.tex", GOOD))
    yield "backslashes.zip", zipped(("..\\..\\out.tex", GOOD))
    yield "link.zip", zipped((moded("link.tex", stat.S_IFLNK | 0o777), b"../../good.tex"))
    yield "device.zip", zipped((moded("null.tex", stat.S_IFCHR | 0o666), b""))
    yield "encrypted.zip", patched(whole, 6, 8, b"\x01\x00")
    yield "bomb.zip", zipped(("bomb.tex", b"\0" * (40 * MEBIBYTE)))
    yield "many.zip", zipped(*((f"{number}.tex", b"") for number in range(201)))
    yield "nested.zip", zipped(("inner.zip", zipped(("inner.zip", zipped(("a.tex", GOOD))))))
    yield "twins.zip", zipped(("a.tex", GOOD), ("a.tex", b"y"))
    yield "truncated.zip", whole[:-40]
    yield "checksum.zip", patched(whole, 14, 16, b"\0\0\0\0")
    yield "size.zip", patched(whole, 22, 24, b"\x05\0\0\0")
    yield "control.zip", zipped(("new\nline\x1b[31m\x00.tex", GOOD))
    yield "long.zip", zipped(("x" * 2000 + ".tex", GOOD))
    yield "letters.zip", whole.replace(b"a.tex", b"\xff\xfetex")
    yield "folders.zip", zipped(("a/", b""), ("a/b/", b""))
    yield "nothing.zip", zipped()
    yield "office.zip", zipped(("[Content_Types].xml", b""), ("word/document.xml", b""))
    yield "method.zip", patched(whole, 8, 10, b"\x63\x00")
    yield "overlapping.zip", _twice_listed()
    for name, kind in {"link": tarfile.SYMTYPE, "hard-link": tarfile.LNKTYPE, "pipe": tarfile.FIFOTYPE}.items():
        yield f"{name}.tar", tarred(("x.tex", kind, b""))
    yield "device.tar", tarred(("x.tex", tarfile.CHRTYPE, b""))
    yield "leads-out.tar", tarred(("../../out.tex", tarfile.REGTYPE, GOOD), ("/tmp/out.tex", tarfile.REGTYPE, GOOD))
    yield "bomb.tar.gz", gzip.compress(tarred(("bomb.tex", tarfile.REGTYPE, b"\0" * (40 * MEBIBYTE))), 6)
    yield (
        "bombs.tar.xz",
        lzma.compress(
            tarred(*((f"{number}.tex", tarfile.REGTYPE, b"\0" * MEBIBYTE) for number in range(40))), preset=0
        ),
    )
    yield "truncated.tgz", gzip.compress(tarred(("a.tex", tarfile.REGTYPE, GOOD * 999)))[:-30]
    yield "no.tar.xz", b"\xfd7zXZ\x00" + bytes(range(200))
    yield "huge.tar", _huge_header()
    yield "before-time.tar", tarred(("../a.tex", tarfile.REGTYPE, GOOD), mtime=-1e12)
    yield "path.tar", tarred(("x/" * 3000 + "a.tex", tarfile.REGTYPE, GOOD))


def mutated(seed: int, count: int, several: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Archives of some with a few bytes changed, taken out, cut off or put in twice."""
    drawn = random.Random(seed)
    small = [(name, data) for name, data in several if len(data) < MEBIBYTE]
    for _ in range(count):
        name, data = drawn.choice(small)
        out = bytearray(data)
        for _ in range(drawn.randint(1, 6)):
            place = drawn.randrange(len(out)) if out else 0
            how = drawn.randrange(4)
            if how == 0 and out:
                out[place] ^= 1 << drawn.randrange(8)
            elif how == 1:
                del out[place : place + drawn.randint(1, 40)]
            elif how == 2:
                out[place:place] = out[place : place + drawn.randint(1, 40)]
            elif out:
                out[place : place + 4] = drawn.randbytes(4)
        yield name, bytes(out[: drawn.randrange(len(out) + 1)] if drawn.random() < 0.1 else out)
