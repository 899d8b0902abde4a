"""Builds the packages as setup.cfg says; in a wheel its larger tables are packed, a third of their size."""

from __future__ import annotations

import gzip
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PACKED = (
    "problems/book",
    "problems/homework",
    "problems/homeworks",
    "problems/lint",
    "derivations/language/phrases",
    "checkers/mistakes",
)


class Packed(build_py):
    """The modules and their data, with the tables that are read packed as ``softmax.toml.gz``."""

    def run(self) -> None:
        """Builds, and packs what was built; a checkout keeps its files."""
        super().run()
        built = Path(self.build_lib) / "truestep"
        tables = [path for folder in PACKED for path in (built / folder).glob("*.toml")]
        for table in () if self.editable_mode else tables:
            table.with_name(f"{table.name}.gz").write_bytes(gzip.compress(table.read_bytes(), mtime=0))
            table.unlink()


setup(cmdclass={"build_py": Packed})
