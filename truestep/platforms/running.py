"""A hand-in graded on a platform's machine: whatever happens, a valid file of results is there afterwards."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from truestep.classes.writing import write_whole
from truestep.platforms.forms import PLATFORMS, Results, for_the_course

MOST_METADATA = 1024 * 1024


def run(platform: str, root: Path, homework: Path, reveal: str, visibility: str, seconds: float) -> None:
    """Grades what was handed in below a root by the homework in a folder, and writes ``results/results.json``.

    What a person decides and what fails is printed, which students do not see.

    Raises OSError where nothing can be written.
    """
    try:
        made = _graded(platform, root, homework, reveal, visibility, seconds)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        made = as_bytes(PLATFORMS[platform].failed)
    results = root / "results"
    results.mkdir(parents=True, exist_ok=True)
    write_whole(results / "results.json", made)


def _graded(platform: str, root: Path, folder: Path, reveal: str, visibility: str, seconds: float) -> bytes:
    from truestep.platforms.handin import graded
    from truestep.problems.homework.homework_file import load_homework

    form = PLATFORMS[platform]
    homework = load_homework(str(next(iter(sorted(folder.glob("homework.*"))))))
    at = handed_in(root / form.metadata) if form.metadata else ""
    outcome = graded(homework, root / form.submission, at, reveal, seconds)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in for_the_course(outcome)).encode("utf-8", "replace"))
    return as_bytes(form.results(outcome, visibility))


def handed_in(metadata: Path) -> str:
    """When a hand-in came in, as Gradescope's file of metadata says; empty where it does not."""
    try:
        with metadata.open("rb") as file:
            told = json.loads(file.read(MOST_METADATA))
        return str(told.get("created_at", ""))
    except (OSError, ValueError, RecursionError, AttributeError):
        return ""


def as_bytes(results: Results) -> bytes:
    """Results as JSON in UTF-8.

    >>> as_bytes({"output": "a\\ud800"})
    b'{"output": "a?"}\\n'
    """
    return json.dumps(results, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"
