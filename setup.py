"""Builds the packages as setup.cfg says; in a wheel the texts of a folder are packed to a quarter of their size."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PACK = "packed.json.gz"
PACKED = (
    ("problems/book", ".toml"),
    ("problems/homework", ".toml"),
    ("problems/homeworks", ".toml"),
    ("problems/lint", ".toml"),
    ("problems/templates", ".css", ".html", ".md", ".tex"),
    ("derivations/language/phrases", ".toml"),
    ("checkers/mistakes", ".toml"),
    ("page/templates", ".html"),
    ("reports", ".css", ".html"),
)


class Packed(build_py):
    """The modules and their data, with the texts that are read packed as one file for each folder."""

    def run(self) -> None:
        """Builds, and packs what was built; a checkout keeps its files."""
        super().run()
        built = Path(self.build_lib) / "truestep"
        for folder, *endings in () if self.editable_mode else PACKED:
            files = sorted(path for path in (built / folder).iterdir() if path.suffix in endings)
            texts = json.dumps({path.name: path.read_text("utf-8") for path in files}, ensure_ascii=False)
            (built / folder / PACK).write_bytes(gzip.compress(texts.encode("utf-8"), mtime=0))
            for path in files:
                path.unlink()


setup(cmdclass={"build_py": Packed})
