"""The layouts in which platforms give out hand-ins: whose a file is, by its path alone."""

from __future__ import annotations

import datetime
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
STAMP, SECRET = "timestamp.txt", "submission_secret.txt"  # what nbgrader lays beside the notebooks of a hand-in


class Who(NamedTuple):
    """Whose a file is, as far as its path tells: files of one ``unit`` are one hand-in."""

    unit: str = ""
    platform: str = ""
    id: str = ""
    name: str = ""
    is_late: bool = False


# export/submission_123/hw.tex, with a file of metadata beside the folders
_GRADESCOPE = re.compile(r"submission_(\d+)")
# doejane_LATE_1234_5678_hw.tex: the student's id, the upload's id
_CANVAS = re.compile(r"(?P<name>[^\W\d_][^_]{0,200})_(?P<late>LATE_)?(?P<id>\d+)_\d+_.+", re.DOTALL)
# Jane Doe_1234_assignsubmission_file_hw.tex, or a folder of that name without the last part
_MOODLE = re.compile(r"(?P<name>.{1,200}?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL)
_NBGRADER = "submitted"


def _gradescope(root: str, path: Sequence[str]) -> Who | None:
    for place, part in enumerate(path[:-1]):
        if _GRADESCOPE.fullmatch(part):
            return Who("/".join((root, *path[: place + 1])), "gradescope")
    return None


def _canvas(root: str, path: Sequence[str]) -> Who | None:
    for place, part in enumerate(path):
        if found := _CANVAS.fullmatch(part):
            folder = "/".join((root, *path[:place]))
            return Who(f"{folder}/{found['id']}", "canvas", found["id"], found["name"], bool(found["late"]))
    return None


def _moodle(root: str, path: Sequence[str]) -> Who | None:
    for place, part in enumerate(path):
        if found := _MOODLE.fullmatch(part):
            return Who("/".join((root, *path[:place], found["id"])), "moodle", found["id"], found["name"])
    return None


def _nbgrader(root: str, path: Sequence[str]) -> Who | None:
    parts = (*PurePath(root).parts, *path)
    for place in range(len(parts) - 3):
        if parts[place] == _NBGRADER:
            return Who("/".join(parts[: place + 3]), "nbgrader", parts[place + 1])
    return None


LAYOUTS: tuple[Callable[[str, Sequence[str]], Who | None], ...] = (_gradescope, _canvas, _moodle, _nbgrader)


def whose(root: str, path: Sequence[str]) -> Who:
    """Whose a file is that lies at a path below what was given; a folder for each student is what no platform made.

    >>> whose("export.zip", ("doejane_LATE_12_34_hw.tex",))
    Who(unit='export.zip/12', platform='canvas', id='12', name='doejane', is_late=True)
    >>> whose("all", ("Jane Doe_7_assignsubmission_file", "hw.tex")).name, whose("all", ("ann", "hw.tex")).id
    ('Jane Doe', 'ann')
    """
    for layout in LAYOUTS:
        if (found := layout(root, path)) is not None:
            return found
    inner = path[1:] if len(path) > 1 and path[0] == PurePath(root).stem else path
    if len(inner) > 1:
        return Who("/".join((root, *path[: len(path) - len(inner) + 1])), "folder", inner[0])
    return Who("/".join((root, *path)))


def moodle_folder(name: str) -> str:
    """The folder of a student in Moodle's download, by which it takes feedback back; empty where there is none.

    >>> moodle_folder("all.zip/Jane Doe_7_assignsubmission_file/hw.tex"), moodle_folder("hw.tex")
    ('Jane Doe_7_assignsubmission_file', '')
    >>> moodle_folder("Jane Doe_7_assignsubmission_file_hw.tex")
    'Jane Doe_7_assignsubmission_file'
    """
    found = next((found for part in name.split("/") if (found := _MOODLE.fullmatch(part))), None)
    return f"{found['name']}_{found['id']}_assignsubmission_file" if found is not None else ""


def gradescope_submitters(text: str) -> dict[str, tuple[list[dict[str, str]], str]]:
    """By the folder of a submission who handed it in, and when, as Gradescope's file of metadata says.

    Raises ValueError where the text is no such file.
    """
    import yaml

    try:
        table = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as fault:
        raise ValueError(f"no YAML ({str(fault).splitlines()[0][:80]})") from None
    if not isinstance(table, dict):
        raise ValueError("no table of submissions")
    out: dict[str, tuple[list[dict[str, str]], str]] = {}
    for folder, row in table.items():
        row = row if isinstance(row, dict) else {}
        people = row.get(":submitters") or ()
        found = [
            {key.lstrip(":"): str(value) for key, value in person.items() if isinstance(key, str) and value is not None}
            for person in people
            if isinstance(person, dict)
        ]
        made = row.get(":created_at", "")
        out[str(folder)] = found, made.isoformat() if isinstance(made, datetime.date) else str(made)
    return out
