"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, made: bytes, waits: bool = True) -> None:
    """Writes beside the place, and moves it there; what is no regular file (a pipe, /dev/stdout) is written to.

    ``waits`` for the disk: left out where the content is checked when it is read.

    Raises OSError; then nothing half written is left under the name.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(made)
        return
    beside = path.with_name(f".{path.name[:80]}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(made)
            file.flush()
            if waits:
                os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
