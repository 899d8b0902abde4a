"""Which program this is: what was judged by another one is judged again."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from truestep.classes.store import digest_of
from truestep.version import __version__

SUFFIXES = (".py", ".toml")


@lru_cache(maxsize=1)
def program() -> str:
    """The version with a digest of the modules and tables that it consists of."""
    root = Path(__file__).resolve().parent.parent
    found = [
        os.path.join(folder, name)
        for folder, _, names in sorted(os.walk(root, followlinks=True))
        for name in sorted(names)
        if name.endswith(SUFFIXES)
    ]
    parts = [part for path in found for part in (os.path.relpath(path, root), Path(path).read_bytes())]
    return f"{__version__}/{digest_of(*parts)[:12]}"
