"""The table in a TOML or JSON file."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from derivations.faults import StatementFault

if TYPE_CHECKING:
    from pathlib import Path


def read_table(path: Path, what: str, most_bytes: int) -> Any:
    """What stands in a file, JSON by its suffix and else TOML; ``what`` is the word for it, such as ``statement``.

    Raises StatementFault where it cannot be opened, is too large, or is neither UTF-8 nor of its format.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise StatementFault(f"{path}: this {what} cannot be opened ({fault.strerror})") from None
    if len(data) > most_bytes:
        raise StatementFault(f"{path}: a {what} is at most {most_bytes // 1024} KiB")
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except UnicodeDecodeError as fault:
        raise StatementFault(f"{path}: byte {fault.start} is not UTF-8; save the {what} as UTF-8") from None
    except (ValueError, RecursionError) as fault:
        raise StatementFault(f"{path}: {fault}") from None
