"""Tables beside the modules that read them: as TOML in a checkout, packed to a third of that in a wheel."""

from __future__ import annotations

import tomllib
import zlib
from pathlib import Path
from typing import Any

ENDING = ".toml"
GZIP = 16 + zlib.MAX_WBITS  # zlib reads the format of gzip


def packed_text(module: str, name: str) -> str:
    """The text of the table of this name beside the file of a module.  Raises FileNotFoundError.

    >>> from truestep.derivations.language.phrases import table
    >>> packed_text(table.__file__, "cases").splitlines()[0]
    '[if]'
    """
    path = Path(module).with_name(f"{name}{ENDING}")
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return zlib.decompress(path.with_name(f"{path.name}.gz").read_bytes(), GZIP).decode("utf-8")


def packed_names(module: str) -> tuple[str, ...]:
    """The names of the tables beside the file of a module, in order.

    >>> from truestep.problems import homeworks
    >>> packed_names(homeworks.__file__)[-1]
    'nyu-dsga1008-hw1'
    """
    return tuple(sorted(path.name.partition(ENDING)[0] for path in Path(module).parent.glob(f"*{ENDING}*")))


def packed_table(module: str, name: str) -> dict[str, Any]:
    """The table of this name beside the file of a module.  Raises FileNotFoundError."""
    return tomllib.loads(packed_text(module, name))
