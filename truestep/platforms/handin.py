"""One hand-in graded by itself: all files of a folder together, in a store that is gone afterwards."""

from __future__ import annotations

import io
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from truestep.checkers.handins.layouts import METADATA, STAMP, Who
from truestep.checkers.handins.sources import given, is_of_the_system
from truestep.checkers.workers import Limits
from truestep.classes.grading import Grading, texts_of
from truestep.classes.handing_back import reports
from truestep.classes.roster import Person, Roster
from truestep.classes.store import FileRow, Store
from truestep.output.shown_formulas import prose
from truestep.reports.terminal import show_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truestep.classes.totals import Row
    from truestep.problems.homework.homework import Homework
    from truestep.reports.model import Part

UNIT, STUDENT = "hand-in", "student"
WIDTH = 80


@dataclass(frozen=True)
class Outcome:
    """What a hand-in earned, by question what is said of it and what the question is called, and what else is told."""

    row: Row
    texts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()


def graded(homework: Homework, folder: Path, at: str = "", reveal: str = "none", seconds: float = 2.0) -> Outcome:
    """The outcome of the files in a folder, handed in together ``at`` a time; a file that is not there is told.

    Raises StoreFault where there is no room to work in.
    """
    with tempfile.TemporaryDirectory() as place, Store(Path(place)) as store:
        os.environ["TRUESTEP_SALT"] = store.get("salt")
        store.add_files(list(_files(store, folder, at)))
        roster = Roster([Person(STUDENT)])
        _, (row,) = Grading(store, homework, roster, 1, Limits(seconds)).run()
        texts = {
            part.name: _text(part)
            for _, report in reports(store, homework, [row], texts_of(store), reveal)
            for part in report.parts
        }
        told = {one: None for file in store.files() if file.form == "passed over" for one in _told(file)}
    titles = {question.id: prose(question.title) for question in homework.questions}
    return Outcome(row, texts, titles, tuple({**dict.fromkeys(row.said), **told}))


def _files(store: Store, folder: Path, at: str) -> Iterator[FileRow]:
    """The files as the store keeps them: none of them says by its name who handed in, or when."""
    who = json.dumps(Who(UNIT, "autograder", STUDENT))
    for one in given([str(folder)]) if folder.is_dir() else ():
        name = "/".join(one.path)
        if name and one.path[-1] not in (*METADATA, STAMP) and not is_of_the_system(one.path):
            yield FileRow(name, "" if one.fault else store.keep(one.data), one.at, who, one.fault, 1)
    if at:
        yield FileRow(f"{UNIT}/{STAMP}", store.keep(at[:100].encode()), "", who, "", 1)


def _told(row: FileRow) -> Iterator[str]:
    yield from (f"{row.name}: {one}" for one in json.loads(row.told)["said"])


def _text(part: Part) -> str:
    made = io.StringIO()
    show_part(part, made, WIDTH)
    return made.getvalue().strip("\n")
