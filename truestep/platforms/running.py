"""A hand-in graded on a platform's machine: whatever happens, a valid file of results is there afterwards."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from truestep.classes.writing import write_whole
from truestep.platforms.forms import PLATFORMS, Results, for_the_course
from truestep.problems.homework.lateness import moment

if TYPE_CHECKING:
    from truestep.problems.homework.homework import Homework

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
    told = told_by(root / form.metadata) if form.metadata else Told()
    outcome = graded(extended(homework, told.due), root / form.submission, told.at, reveal, seconds)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in for_the_course(outcome)).encode("utf-8", "replace"))
    return as_bytes(form.results(outcome, visibility))


class Told(NamedTuple):
    """When a hand-in came in, and when it was due for who handed it in."""

    at: str = ""
    due: str = ""


def told_by(metadata: Path) -> Told:
    """What Gradescope's file of metadata says; nothing where it is none."""
    try:
        with metadata.open("rb") as file:
            told = json.loads(file.read(MOST_METADATA))
        dues = [one["assignment"].get("due_date") for one in (told, *told.get("users", ())) if "assignment" in one]
        return Told(str(told.get("created_at") or ""), max((str(due) for due in dues if due), default=""))
    except (OSError, ValueError, RecursionError, AttributeError, TypeError):
        return Told()


def extended(homework: Homework, due: str) -> Homework:
    """The homework, due later for who has more time on the platform; never earlier than it says itself."""
    late = homework.marking.late
    own, other = moment(late.due) if late is not None else None, moment(due)
    if late is None or own is None or other is None:
        return homework
    own = own if own.tzinfo is not None else own.replace(tzinfo=other.tzinfo)
    other = other if other.tzinfo is not None else other.replace(tzinfo=own.tzinfo)
    if other <= own:
        return homework
    return structs.replace(homework, marking=structs.replace(homework.marking, late=structs.replace(late, due=due)))


def as_bytes(results: Results) -> bytes:
    """Results as JSON in UTF-8.

    >>> as_bytes({"output": "a\\ud800"})
    b'{"output": "a?"}\\n'
    """
    return json.dumps(results, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"
