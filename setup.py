"""Builds the packages as setup.cfg says; a wheel is small.

The texts of a folder are packed to a quarter of their size; what modules, private names and the functions of the rooms
within say of themselves stays in the source.
"""

from __future__ import annotations

import ast
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


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WITHIN = ("checkers", "derivations", "problems")  # rooms whose functions are called by other rooms alone


def undescribed(source: str, is_within: bool = False) -> str:
    """A module without its docstring and those of its private functions and classes; each line keeps its number.

    Where it ``is_within`` so are all its functions; classes are described, as those of a schema are.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Module, *FUNCTIONS, ast.ClassDef)) or not node.body:
            continue
        name = "" if isinstance(node, ast.Module) else node.name
        is_private = name.startswith("_") and not name.endswith("__")
        if not (is_private or not name or (is_within and isinstance(node, FUNCTIONS))):
            continue
        first, *rest = node.body
        if rest and ast.get_docstring(node, clean=False) is not None and first.end_lineno is not None:
            for place in range(first.lineno - 1, first.end_lineno):
                lines[place] = "\n"
    return "".join(lines)


class Packed(build_py):
    """The modules, briefly described, and their data, the texts that are read packed as one file for each folder."""

    def run(self) -> None:
        """Builds, and packs what was built; a checkout keeps its files."""
        super().run()
        built = Path(self.build_lib) / "truestep"
        for module in () if self.editable_mode else built.rglob("*.py"):
            is_within = module.relative_to(built).parts[0] in WITHIN
            module.write_text(undescribed(module.read_text("utf-8"), is_within), "utf-8")
        for folder, *endings in () if self.editable_mode else PACKED:
            files = sorted(path for path in (built / folder).iterdir() if path.suffix in endings)
            texts = json.dumps({path.name: path.read_text("utf-8") for path in files}, ensure_ascii=False)
            (built / folder / PACK).write_bytes(gzip.compress(texts.encode("utf-8"), mtime=0))
            for path in files:
                path.unlink()


setup(cmdclass={"build_py": Packed})
