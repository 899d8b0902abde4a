"""The table in a TOML or JSON file."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from truestep.derivations.language.faults import StatementFault

if TYPE_CHECKING:
    from pathlib import Path


def read_table(path: Path, what: str, most_bytes: int) -> Any:
    """What stands in a file, JSON by its suffix and else TOML; ``what`` is the word for it, such as ``statement``.

    Raises StatementFault where it cannot be opened, is too large, or is neither UTF-8 nor of its format.
    """
    try:
        return table_in(read_text(path, what, most_bytes), path.suffix)
    except (ValueError, RecursionError) as fault:
        raise StatementFault(f"{path}: {fault}") from None


def table_in(text: str, suffix: str) -> Any:
    """What a text states, JSON or TOML.

    Raises ValueError and RecursionError where it is not of its format.

    >>> table_in("x = 1", ".toml")
    {'x': 1}
    """
    return json.loads(text) if suffix == ".json" else tomllib.loads(text)


def read_text(path: Path, what: str, most_bytes: int) -> str:
    """The text of a file.

    Raises StatementFault where it cannot be opened, is too large, or is not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise StatementFault(f"{path}: a {what} is a regular file")
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except OSError as fault:
        raise StatementFault(f"{path}: this {what} cannot be opened ({fault.strerror})") from None
    if len(data) > most_bytes:
        raise StatementFault(f"{path}: a {what} is at most {most_bytes // 1024} KiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise StatementFault(f"{path}: byte {fault.start} is not UTF-8; save the {what} as UTF-8") from None
