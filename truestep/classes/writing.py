"""Files that are written whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive can tell


def zipped(members: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip archive of members by their names, some of which are run: the same bytes for the same members.

    >>> zipped({"b": b"1", "a": b"2"}) == zipped({"a": b"2", "b": b"1"})
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            told = zipfile.ZipInfo(name, FIRST_DAY)
            told.compress_type, told.create_system = zipfile.ZIP_DEFLATED, 3
            told.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(told, members[name])
    return made.getvalue()


BESIDE = ".truestep-*"  # files that are being written; what an end left of them is nobody's


def write_whole(path: Path, made: bytes, waits: bool = True) -> None:
    """Writes beside the place, and moves it there; what is no regular file (a pipe, /dev/stdout) is written to.

    ``waits`` for the disk: left out where the content is checked when it is read.

    Raises OSError; then nothing half written is left under the name.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(made)
        return
    beside = path.with_name(BESIDE.replace("*", f"{os.getpid()}-{path.name[:80]}"))
    try:
        with beside.open("wb") as file:
            file.write(made)
            file.flush()
            if waits:
                os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
