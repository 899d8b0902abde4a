"""Builds the packages as setup.cfg says; in a wheel the pages of the book are packed, a quarter of their size."""

from __future__ import annotations

import gzip
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class Packed(build_py):
    """The modules and their data, with each page of the book as ``softmax.toml.gz``."""

    def run(self) -> None:
        """Builds, and packs what was built; a checkout keeps its files."""
        super().run()
        book = Path(self.build_lib) / "truestep" / "problems" / "book"
        for page in () if self.editable_mode else book.glob("*.toml"):
            page.with_name(f"{page.name}.gz").write_bytes(gzip.compress(page.read_bytes(), mtime=0))
            page.unlink()


setup(cmdclass={"build_py": Packed})
