"""What hostile input is made of: the book, the homeworks, and every file of the examples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SUFFIXES = (".tex", ".md", ".ipynb", ".txt")


@dataclass(frozen=True)
class Sources:
    """Problems with lines that answer them, statements as tables, and files."""

    problems: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]  # the id of a problem, and a line for it
    statements: tuple[dict[str, Any], ...]
    files: tuple[tuple[str, str], ...]  # a suffix, and a text
    homeworks: tuple[str, ...]
    handouts: tuple[tuple[str, str], ...]  # the id of a homework, and a text


def sources() -> Sources:
    """All of them, in an order that is the same everywhere."""
    from truestep.problems.book import find_problem, identifiers
    from truestep.problems.homework.homework_file import load_homework
    from truestep.problems.homeworks import homework_text, homeworks
    from truestep.problems.statements.statement import statement_of

    book = {identifier: find_problem(identifier) for identifier in identifiers()}
    asked = [question.problem for name in homeworks() for question in load_homework(name).questions]
    lines = [
        (name, text)
        for name, problem in book.items()
        for text in (*problem.answer, *problem.also, *problem.wrong, *problem.given, *problem.must_show)
    ]
    files = [
        (path.suffix, path.read_text(encoding="utf-8"))
        for path in sorted(EXAMPLES.rglob("*"))
        if path.suffix in SUFFIXES and "handouts" not in path.parts
    ]
    files += [(".ipynb", notebook(text)) for suffix, text in files[:20] if suffix == ".md"]
    handouts = [
        (path.parent.name, path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.rglob("handouts/*/*.tex"))
    ]
    stated = [statement_of(problem) for problem in (*book.values(), *asked) if problem is not None]
    texts = tuple(homework_text(name) for name in homeworks())
    return Sources(tuple(book), tuple(lines), tuple(stated), tuple(files), texts, tuple(handouts))


def notebook(text: str) -> str:
    """A notebook whose cells are the paragraphs of a text."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": part} for part in text.split("\n\n")]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
