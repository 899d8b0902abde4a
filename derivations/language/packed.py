"""Texts beside the modules that read them: as files in a checkout, those of a folder packed as one in a wheel."""

from __future__ import annotations

import json
import tomllib
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

ENDING = ".toml"
PACK = "packed.json.gz"
GZIP = 16 + zlib.MAX_WBITS  # zlib reads the format of gzip


def packed_text(module: str, name: str) -> str:
    """The text of the table of this name beside the file of a module.  Raises FileNotFoundError.

    >>> from truestep.derivations.language.phrases import table
    >>> packed_text(table.__file__, "cases").splitlines()[0]
    '[if]'
    """
    path = Path(module).with_name(f"{name}{ENDING}")
    packed = None if path.is_file() else _packed(path.parent).get(path.name)
    return path.read_text(encoding="utf-8") if packed is None else packed


def packed_names(module: str) -> tuple[str, ...]:
    """The names of the tables beside the file of a module, in order.

    >>> from truestep.problems import homeworks
    >>> packed_names(homeworks.__file__)[-1]
    'nyu-dsga1008-hw1'
    """
    return tuple(name.removesuffix(ENDING) for name in packed_texts(Path(module).parent, ENDING))


def packed_texts(folder: Path, *endings: str) -> dict[str, str]:
    """The texts of a folder by the names of their files, in order: those with one of some endings.

    >>> sorted(packed_texts(Path(__file__).parent / "phrases", ".toml"))[0]
    'altering.toml'
    """
    found = _packed(folder) or {
        path.name: path.read_text("utf-8") for path in folder.iterdir() if path.suffix in endings
    }
    return {name: text for name, text in sorted(found.items()) if name.endswith(endings)}


@lru_cache(maxsize=16)
def _packed(folder: Path) -> dict[str, str]:
    path = folder / PACK
    found: dict[str, str] = json.loads(zlib.decompress(path.read_bytes(), GZIP)) if path.is_file() else {}
    return found


def packed_table(module: str, name: str) -> dict[str, Any]:
    """The table of this name beside the file of a module.  Raises FileNotFoundError."""
    return tomllib.loads(packed_text(module, name))
